//! The answers of one measure in a column of a table, block by block.

use value_model::answer::{Missing, Value};
use value_model::block::{Bits, NONE, ROWS};
use value_model::scale::Cell;
use value_model::scorecard::Scorer;
use value_model::{Date, Error};

use super::Kernel;
use super::options::Nan;
use crate::packed::{Packed, Step};

/// Where the answers to a measure come from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The table has no such column.
    None,
    /// Numbers, by their place among the columns of numbers.
    Numbers(usize),
    /// Everything else, by its place among the columns of values.
    Values(usize),
}

/// A column of values of any kind, as it was packed.
pub(super) type ValueColumn = Vec<Entry>;

/// One value of a table: its text, number or flag.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    Nothing,
    Value(Value),
    /// What cannot be a value of a table, and why.
    Bad(Error),
}

/// Reads a packed list as a column of a table.
pub(super) fn values(mut packed: Packed<'_>, rows: usize) -> ValueColumn {
    let Step::List(count) = packed.step() else { return vec![Entry::Nothing; rows] };
    let mut column = Vec::with_capacity(count.min(rows));
    for _ in 0..count.min(rows) {
        let before = packed;
        column.push(match packed.step() {
            Step::Null => Entry::Nothing,
            Step::Bool(flag) => Entry::Value(Value::YesNo(flag)),
            Step::Number(number) => Entry::Value(Value::Number(number)),
            Step::Text(text) => Entry::Value(Value::Text(text.to_owned())),
            Step::List(_) | Step::Record(_) | Step::Bad(_) => {
                packed = before;
                match packed.tree() {
                    Err(error) => Entry::Bad(error),
                    Ok(_) => Entry::Bad(Error::Invalid {
                        field: "".into(),
                        reason: "expected a number, true or false, or a text, found a list or an object"
                            .into(),
                    }),
                }
            }
        });
    }
    column
}

/// One value as an answer, as a cell of a table is read: an empty text is none.
pub(super) fn cell(scorer: &Scorer, measure: usize, entry: &Entry, nan: Nan) -> Result<Cell, Error> {
    match entry {
        Entry::Nothing => Ok(Cell::Missing(Missing::NoData)),
        Entry::Value(Value::Text(text)) => scorer.read_text(measure, text),
        Entry::Value(Value::Number(number)) => number_cell(scorer, measure, *number, nan),
        Entry::Value(value @ Value::YesNo(_)) => scorer.read(measure, value),
        Entry::Bad(error) => Err(error.clone()),
    }
}

/// One number as an answer.
pub(super) fn number_cell(scorer: &Scorer, measure: usize, number: f64, nan: Nan) -> Result<Cell, Error> {
    if number.is_nan() && nan == Nan::Missing {
        return Ok(Cell::Missing(Missing::NoData));
    }
    if !number.is_finite() {
        return Err(Error::NotFinite { field: "".into(), value: number });
    }
    scorer.read(measure, &Value::Number(number))
}

/// The day of a row's answers.
pub(super) fn day(entry: &Entry) -> Result<Option<Date>, Error> {
    let text = match entry {
        Entry::Nothing => return Ok(None),
        Entry::Value(Value::Text(text)) if text.is_empty() => return Ok(None),
        Entry::Value(Value::Text(text)) => text.clone(),
        Entry::Value(Value::Number(number)) => number.to_string(),
        Entry::Value(Value::YesNo(flag)) => flag.to_string(),
        Entry::Bad(error) => return Err(error.clone()),
    };
    Date::parse(&text)
        .map(Some)
        .ok_or_else(|| Error::InvalidDate { field: "".into(), value: value_model::error::excerpt(&text) })
}

/// Where a block stands, and how its answers are read.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) rows: usize,
    pub(super) nan: Nan,
}

/// Who answers with numbers that are read as they stand.
pub(super) fn present(kernel: &impl Kernel, values: &[f64], nan: Nan) -> Bits {
    if nan == Nan::Missing { kernel.present(values) } else { first(values.len()) }
}

/// The lowest bits.
fn first(rows: usize) -> Bits {
    let mut out = NONE;
    for (index, word) in out.iter_mut().enumerate() {
        let left = rows.min(ROWS).saturating_sub(index * 64);
        *word = if left >= 64 { u64::MAX } else { (1 << left) - 1 };
    }
    out
}
