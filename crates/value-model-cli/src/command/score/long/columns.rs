//! Pieces of a long table in columns, made ready for the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Schema};
use value_model::scorecard::Scorer;

use super::answers::{Answers, Shape};
use super::words::Words;
use crate::input::cells::Cells;
use crate::input::long::Columns;
use crate::input::plain;
use crate::input::texts::Texts;
use crate::message::Failure;

/// Where the value stands among the columns that are held.
const VALUE: usize = 1;

/// How a long table in columns is read, the same for every piece.
pub(super) struct Reading {
    shape: Shape,
    /// The columns of the file that are read, rising.
    pub(super) reads: Vec<usize>,
    decimal: char,
}

impl Reading {
    /// How a file with these columns is read; none for one that must be read as texts.
    pub(super) fn new(
        scorer: &Scorer,
        columns: &Columns,
        file: &Schema,
        (decimal, sorted): (char, bool),
    ) -> Option<Self> {
        let kind = |place: usize| file.fields().get(place).map_or(&DataType::Null, |field| field.data_type());
        let value = value_kind(kind(columns.value), decimal);
        // A code such as `-99` is a number in a column, but not the text `-99.0`.
        if scorer.has_missing_codes() && value.is_floating() {
            return None;
        }
        // What waits for the rest of a table is held with each word once.
        let other = |place: usize| match kind(place) {
            kind if plain::is_text(kind) && !sorted => Words::kind(),
            kind if is_word(kind) => kind.clone(),
            _ => DataType::Utf8,
        };
        let day = |place: usize| {
            let day = matches!(kind(place), DataType::Date32) && columns.on == Some(place);
            if day { DataType::Date32 } else { other(place) }
        };
        let shape = Shape::new(columns, (other(columns.measure), value), &day);
        let mut reads: Vec<usize> = shape.places.iter().copied().chain([columns.account]).collect();
        reads.sort_unstable();
        reads.dedup();
        let plain = |place: &usize| plain::is_plain(kind(*place));
        reads.iter().all(plain).then_some(Self { shape, reads, decimal })
    }

    /// The columns that rows are read into.
    pub(super) const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Reads the rows of a piece.
    ///
    /// # Errors
    /// `invalid_input` when the columns are not those of the file.
    pub(super) fn read(&self, first: u64, batch: &RecordBatch) -> Result<Answers, Failure> {
        let column = |place: usize| {
            let found = self.reads.binary_search(&place).ok().and_then(|read| batch.columns().get(read));
            found.ok_or_else(|| Failure::new("invalid_input", "a column is not that of the file"))
        };
        let mut made = Vec::new();
        for (number, (place, field)) in self.shape.places.iter().zip(self.shape.schema.fields()).enumerate() {
            let decimal = if number == VALUE { self.decimal } else { '.' };
            let column = held(column(*place)?, field.data_type(), decimal);
            made.push(column.map_err(|error| unfit(&error))?);
        }
        let table =
            RecordBatch::try_new(Arc::clone(&self.shape.schema), made).map_err(|error| unfit(&error))?;
        let (mut starts, mut names, accounts) =
            (Vec::new(), Texts::new(), column(self.shape.columns.account)?);
        for row in 0..batch.num_rows() {
            let name = plain::text(accounts.as_ref(), row).unwrap_or_default();
            if starts.is_empty() || names.get(starts.len() - 1) != name.as_bytes() {
                starts.push(row);
                names.push(name.as_bytes());
            }
        }
        let lines = (first + 1..).take(batch.num_rows()).collect();
        Ok(Answers { table, lines, odd: BTreeMap::new(), starts, names })
    }
}

/// A column in the type in which it is held.
fn held(column: &ArrayRef, kind: &DataType, decimal: char) -> Result<ArrayRef, ArrowError> {
    if *kind == Words::kind() && plain::is_text(column.data_type()) {
        let mut words = Words::default();
        for row in 0..column.len() {
            words.push(plain::str(column.as_ref(), row).unwrap_or_default());
        }
        return words.finish();
    }
    if *kind != DataType::Utf8 || (*column.data_type() == DataType::Utf8 && decimal == '.') {
        return Ok(Arc::clone(column));
    }
    let mut cells = Cells::new(decimal);
    let text = |row| plain::text(column.as_ref(), row).map(|text| cells.with_sign(&text).to_owned());
    Ok(Arc::new((0..column.len()).map(text).collect::<StringArray>()))
}

/// The type in which values are held: numbers as they are, all else as texts.
fn value_kind(kind: &DataType, decimal: char) -> DataType {
    let number = kind.is_integer() || matches!(kind, DataType::Float32 | DataType::Float64);
    if number || (is_word(kind) && decimal == '.') { kind.clone() } else { DataType::Utf8 }
}

/// Whether the engine reads texts of this type as they are.
fn is_word(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => plain::is_text(values),
        other => plain::is_text(other),
    }
}

/// Columns that do not fit together.
fn unfit(error: &ArrowError) -> Failure {
    Failure::new("invalid_input", error.to_string())
}
