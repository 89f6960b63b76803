//! Cells of a table: text to the engine's cells, with the advice that only a table needs.

use std::ops::Range;

use value_model::Error;
use value_model::answer::{Answer, Missing, Value};
use value_model::scale::Cell;
use value_model::scorecard::Scorer;

use super::decimal;

/// Reads cells of one table.
#[derive(Clone, Debug)]
pub(crate) struct Cells {
    comma: bool,
    scratch: String,
}

/// Why a cell was refused: a code and a message.
pub(crate) type Reason = (&'static str, String);

impl Cells {
    /// A reader for numbers written with this decimal sign.
    pub(crate) const fn new(decimal: char) -> Self {
        Self { comma: decimal == ',', scratch: String::new() }
    }

    /// Reads a cell as an answer to a measure.
    #[inline]
    pub(crate) fn read(&mut self, scorer: &Scorer, measure: usize, text: &str) -> Result<Cell, Error> {
        let plain = self.with_sign(text);
        scorer.read_text(measure, plain)
    }

    /// Reads a short decimal or an empty cell of a measure for which they are a number and `no_data`.
    #[inline]
    pub(crate) fn quick(&self, bytes: &[u8], range: Range<usize>) -> Option<Cell> {
        let empty = range.is_empty();
        let number = decimal::short(bytes, range, if self.comma { b',' } else { b'.' });
        number.map(Cell::Number).or(empty.then_some(Cell::Missing(Missing::NoData)))
    }

    /// Reads any other cell; nothing for one that is refused.
    pub(crate) fn other(&mut self, scorer: &Scorer, measure: usize, bytes: &[u8]) -> Option<Cell> {
        self.read(scorer, measure, std::str::from_utf8(bytes).ok()?).ok()
    }

    /// Why a cell was refused, in the table's own words and with the advice that only a table needs.
    #[cold]
    pub(crate) fn explain(&self, error: Error, text: &str, column: &str) -> Reason {
        explain(error, text, column, self.comma)
    }

    /// A number in the table's writing as the engine reads it.
    pub(crate) fn with_sign<'a>(&'a mut self, text: &'a str) -> &'a str {
        if self.comma { self.with_point(text) } else { text }
    }

    /// `7,5` as `7.5`; any other text as it is.
    fn with_point<'a>(&'a mut self, text: &'a str) -> &'a str {
        if !is_decimal_comma(text) {
            return text;
        }
        self.scratch.clear();
        self.scratch.extend(text.chars().map(|c| if c == ',' { '.' } else { c }));
        &self.scratch
    }
}

fn explain(error: Error, text: &str, column: &str, comma: bool) -> Reason {
    let code = error.code();
    let mut message = error.at(column.to_owned()).to_string();
    if !comma && is_decimal_comma(text) {
        message.push_str("; if this is a decimal comma, pass `--decimal ,`");
    } else if comma && text.contains('.') && text.contains(',') {
        message.push_str("; write numbers without thousands separators");
    } else if text.trim() != text {
        message.push_str("; the cell has spaces around its text");
    }
    (code, message)
}

/// Digits with exactly one comma between them, perhaps signed, perhaps with an exponent.
fn is_decimal_comma(text: &str) -> bool {
    text.split_once(',').is_some_and(|(whole, rest)| {
        let whole = whole.strip_prefix(['-', '+']).unwrap_or(whole);
        let digits = rest.split(['e', 'E']).next().unwrap_or(rest);
        !whole.is_empty()
            && !digits.is_empty()
            && whole.bytes().all(|byte| byte.is_ascii_digit())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !rest.contains(',')
    })
}

/// A cell as a typed answer, for the paths that explain.
pub(crate) fn answer(scorer: &Scorer, measure: usize, cell: Cell) -> Answer {
    match cell {
        Cell::Missing(reason) => Answer::missing(reason),
        Cell::Number(number) => Answer::new(number),
        Cell::YesNo(flag) => Answer::new(flag),
        Cell::Date(date) => Answer::new(date),
        Cell::Level(level) => {
            let scale = scorer.measures().get(measure).map(|measure| &measure.scale);
            let place = usize::try_from(level).unwrap_or(usize::MAX);
            match scale.and_then(|scale| scale.levels().nth(place)) {
                Some((name, _)) => Answer::new(name),
                None => Answer::missing(Missing::NoData),
            }
        }
        Cell::Change { now, before } => Answer { before: Some(before), ..Answer::new(now) },
    }
}

/// A cell as an attribute of an account: numbers that read back as written are numbers, the rest is text.
pub(crate) fn attribute(text: &str) -> Value {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number.to_string() == text => Value::Number(number),
        _ => Value::Text(text.to_owned()),
    }
}

/// An attribute as a number, written with this decimal sign.
pub(crate) fn number(value: &Value, decimal: char) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => {
            Cells::new(decimal).with_sign(text).parse().ok().filter(|number: &f64| number.is_finite())
        }
        Value::YesNo(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Cells, is_decimal_comma};

    #[test]
    fn a_decimal_comma_is_told_from_a_list() {
        for text in ["7,5", "-0,25", "1,5e3", "1000,0"] {
            assert!(is_decimal_comma(text), "{text}");
        }
        for text in ["7.5", "1,000,000", "a,b", ",5", "5,", "", "1,5x"] {
            assert!(!is_decimal_comma(text), "{text}");
        }
    }

    #[test]
    fn only_numbers_have_their_comma_replaced() {
        let mut cells = Cells::new(',');
        assert_eq!(cells.with_point("7,5"), "7.5");
        assert_eq!(cells.with_point("gold, silver"), "gold, silver");
    }
}
