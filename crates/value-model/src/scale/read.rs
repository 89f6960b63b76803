//! From a written value to a cell: texts become levels, dates, numbers, yes or no.

use super::Level;
use super::compiled::{Cell, CompiledScale, Kind};
use crate::answer::{Missing, Value};
use crate::error::excerpt;
use crate::{Date, Error};

impl CompiledScale {
    /// Reads a typed value. Errors carry an empty field; the caller names the measure.
    ///
    /// # Errors
    /// [`Error::OutsideScale`] for a value of another type or a level that does not exist, [`Error::InvalidDate`].
    pub fn read(&self, value: &Value) -> Result<Cell, Error> {
        match (&self.0, value) {
            (Kind::Levels(_), Value::Text(text)) => self.read_level(text),
            (Kind::Levels(_), Value::Number(number)) => self.read_level(&number.to_string()),
            (Kind::Levels(_), Value::YesNo(yes)) => self.read_level(if *yes { "true" } else { "false" }),
            (Kind::Within { .. }, Value::Text(text)) => read_date(text),
            (Kind::YesNo, Value::Text(text)) => {
                yes_no(text).map(Cell::YesNo).ok_or_else(|| self.outside(&format!("`{text}`")))
            }
            (Kind::YesNo, Value::YesNo(yes)) => Ok(Cell::YesNo(*yes)),
            (Kind::Within { .. }, _) | (_, Value::YesNo(_)) => Err(self.outside(&value.to_string())),
            (_, Value::Number(number)) => Ok(Cell::Number(*number)),
            (_, Value::Text(text)) => Err(self.outside(&format!("the text `{}`", excerpt(text)))),
        }
    }

    /// Reads the text of a table's cell: an empty one is `no_data`.
    ///
    /// # Errors
    /// As [`CompiledScale::read`]; a text that is not a number is [`Error::OutsideScale`], NaN and infinity
    /// [`Error::NotFinite`].
    pub fn read_text(&self, text: &str) -> Result<Cell, Error> {
        if text.is_empty() {
            return Ok(Cell::Missing(Missing::NoData));
        }
        match &self.0 {
            Kind::Levels(_) => self.read_level(text),
            Kind::Within { .. } => read_date(text),
            Kind::YesNo => yes_no(text)
                .map(Cell::YesNo)
                .or_else(|| text.parse().ok().map(Cell::Number))
                .ok_or_else(|| self.outside(&format!("`{text}`"))),
            _ => self.read_number(text),
        }
    }

    fn read_number(&self, text: &str) -> Result<Cell, Error> {
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Cell::Number(number)),
            Ok(value) => Err(Error::NotFinite { field: "".into(), value }),
            Err(_) => Err(self.outside(&format!("`{}`", excerpt(text)))),
        }
    }

    fn read_level(&self, text: &str) -> Result<Cell, Error> {
        let Kind::Levels(levels) = &self.0 else { return Err(self.outside(text)) };
        let index = levels.binary_search_by(|(name, _)| (**name).cmp(text));
        match index.ok().and_then(|index| u32::try_from(index).ok()) {
            Some(index) => Ok(Cell::Level(index)),
            None => Err(self.outside(&format!("`{}`", excerpt(text)))),
        }
    }

    /// The names of a `levels` scale in byte order, with their meaning; empty for other scales.
    pub fn levels(&self) -> impl Iterator<Item = (&str, Level)> {
        let levels = if let Kind::Levels(levels) = &self.0 { levels.as_slice() } else { &[] };
        levels.iter().map(|(name, level)| (&**name, *level))
    }
}

fn read_date(text: &str) -> Result<Cell, Error> {
    Date::parse(text)
        .map(Cell::Date)
        .ok_or_else(|| Error::InvalidDate { field: "".into(), value: excerpt(text) })
}

/// The spellings of yes and no that tables use, in any case.
fn yes_no(text: &str) -> Option<bool> {
    ["yes", "true"]
        .iter()
        .any(|yes| text.eq_ignore_ascii_case(yes))
        .then_some(true)
        .or_else(|| ["no", "false"].iter().any(|no| text.eq_ignore_ascii_case(no)).then_some(false))
}
