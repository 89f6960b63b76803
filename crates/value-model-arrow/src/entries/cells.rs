//! The cells of one row, by the name of their column.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field};
use serde::de::DeserializeOwned;
use serde::de::value::{Error as WordError, StrDeserializer};
use value_model::error::excerpt;
use value_model::{Date, Error, check};

use crate::tables::{is_number, is_text, numbers, text};
use crate::{moments, read};

/// One row of a table. Null and an empty text are no value.
#[derive(Debug)]
pub struct Cells<'a> {
    columns: Vec<(&'static str, Option<&'a ArrayRef>)>,
    pub(super) row: usize,
}

/// Whether a column of this type can be read.
pub(super) fn reads(kind: &DataType) -> bool {
    is_text(kind)
        || is_number(kind)
        || moments::are_days(kind)
        || matches!(kind, DataType::Boolean | DataType::Date32 | DataType::Date64 | DataType::Null)
}

pub(super) fn wrong_type(field: &Field) -> Error {
    moments::zoned(field.name(), field.data_type()).unwrap_or_else(|| Error::Invalid {
        field: field.name().clone().into(),
        reason: format!("holds {}; texts, numbers, booleans or dates are expected", field.data_type()),
    })
}

impl<'a> Cells<'a> {
    pub(super) fn new(
        columns: &'static [(&'static str, bool)],
        places: &[Option<usize>],
        batch: &'a RecordBatch,
    ) -> Self {
        let column = |place: &Option<usize>| place.map(|place| batch.column(place));
        Self {
            columns: columns.iter().map(|(name, _)| *name).zip(places.iter().map(column)).collect(),
            row: 0,
        }
    }

    fn column(&self, name: &str) -> Option<&'a ArrayRef> {
        let found = self.columns.iter().find(|(known, _)| *known == name)?.1?;
        (!matches!(found.data_type(), DataType::Null) && found.is_valid(self.row)).then_some(found)
    }

    /// The text of a cell; whole numbers are ids too.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cell of another type.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, Error> {
        let Some(column) = self.column(name) else { return Ok(None) };
        if is_text(column.data_type()) {
            return Ok(text(column, self.row).filter(|text| !text.is_empty()).map(str::to_owned));
        }
        if column.data_type().is_integer() {
            return Ok(crate::keys::key_text(column, self.row)?.map(std::borrow::Cow::into_owned));
        }
        Err(self.wrong(name, "a text", column))
    }

    /// The number in a cell.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cell that holds none, [`Error::NotFinite`].
    pub fn number(&self, name: &'static str) -> Result<Option<f64>, Error> {
        let Some(column) = self.column(name) else { return Ok(None) };
        let number = if let Some(values) = column.as_primitive_opt::<Float64Type>() {
            values.values().get(self.row).copied()
        } else if is_number(column.data_type()) {
            numbers(&column.slice(self.row, 1))?.first().copied()
        } else if is_text(column.data_type()) {
            match text(column, self.row).filter(|text| !text.is_empty()) {
                None => return Ok(None),
                Some(text) => text.parse().ok(),
            }
        } else {
            None
        };
        let number = number.ok_or_else(|| self.wrong(name, "a number", column))?;
        check::finite(name, number).map(Some)
    }

    /// The number in a cell that must hold one.
    ///
    /// # Errors
    /// [`Error::Missing`], and those of [`Cells::number`].
    pub fn must_number(&self, name: &'static str) -> Result<f64, Error> {
        self.number(name)?.ok_or(Error::Missing { field: name.into() })
    }

    /// The text of a cell that must hold one.
    ///
    /// # Errors
    /// [`Error::Missing`], and those of [`Cells::text`].
    pub fn must_text(&self, name: &'static str) -> Result<String, Error> {
        self.text(name)?.ok_or(Error::Missing { field: name.into() })
    }

    /// The day in a cell.
    ///
    /// # Errors
    /// [`Error::InvalidDate`], [`Error::Invalid`].
    pub fn day(&self, name: &'static str) -> Result<Option<Date>, Error> {
        let Some(column) = self.column(name) else { return Ok(None) };
        if let Some(day) = read::day(column, self.row) {
            return day.map(Some).map_err(|error| error.at(name));
        }
        if !is_text(column.data_type()) {
            return Err(self.wrong(name, "a date", column));
        }
        match text(column, self.row).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => Date::parse(text)
                .map(Some)
                .ok_or_else(|| Error::InvalidDate { field: name.into(), value: excerpt(text) }),
        }
    }

    /// Yes or no: a boolean, 0 or 1, or a word.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn flag(&self, name: &'static str) -> Result<Option<bool>, Error> {
        let Some(column) = self.column(name) else { return Ok(None) };
        if let Some(flags) = column.as_boolean_opt() {
            return Ok(Some(flags.value(self.row)));
        }
        let shown = match self.text(name) {
            Ok(None) => return Ok(None),
            Ok(Some(text)) => text,
            Err(_) => self.number(name)?.map(|number| number.to_string()).unwrap_or_default(),
        };
        match shown.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(Some(true)),
            "false" | "no" | "0" => Ok(Some(false)),
            _ => Err(self.wrong(name, "yes or no", column)),
        }
    }

    /// A word that stands for something, as the wire spells it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a word that stands for nothing, with those that do.
    pub fn word<T: DeserializeOwned>(&self, name: &'static str) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let read = T::deserialize(StrDeserializer::<WordError>::new(&text));
        let invalid = |error: WordError| Error::Invalid { field: name.into(), reason: error.to_string() };
        read.map(Some).map_err(invalid)
    }

    /// A word that must be there.
    ///
    /// # Errors
    /// [`Error::Missing`], and those of [`Cells::word`].
    pub fn must_word<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, Error> {
        self.word(name)?.ok_or(Error::Missing { field: name.into() })
    }

    fn wrong(&self, name: &'static str, expected: &str, column: &ArrayRef) -> Error {
        let found = match text(column, self.row) {
            Some(text) => format!("`{}`", excerpt(text)),
            None => column.data_type().to_string(),
        };
        Error::Invalid { field: name.into(), reason: format!("must be {expected}, got {found}") }
    }
}
