//! The rows of a piece by columns: numbers per measure, names and kept texts.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use value_model::scale::Cell;
use value_model::scorecard::Scorer;
use value_model_arrow::Mapping;

use crate::input::texts::Texts;

/// Rows being gathered.
pub(super) struct Gathered {
    schema: SchemaRef,
    /// Where each record starts in its piece.
    pub(super) starts: Vec<usize>,
    /// The account's name, then the kept texts.
    pub(super) texts: Vec<Texts>,
    /// Per measure that has a column; NaN where there is no answer.
    numbers: Vec<Vec<f64>>,
    /// The numbers of the row being read.
    pub(super) row: Vec<f64>,
    /// Rows of which a kept text is not UTF-8.
    pub(super) unreadable: Vec<usize>,
}

impl Gathered {
    /// No rows yet of a table in which so many measures have a column, with so many kept texts.
    pub(super) fn new(schema: &SchemaRef, kept: usize) -> Self {
        let measures = schema.fields().len();
        Self {
            schema: Arc::clone(schema),
            starts: Vec::new(),
            texts: vec![Texts::new(); 1 + kept],
            numbers: vec![Vec::new(); measures],
            row: Vec::with_capacity(measures),
            unreadable: Vec::new(),
        }
    }

    /// No rows are left.
    pub(super) fn clear(&mut self) {
        self.starts.clear();
        self.unreadable.clear();
        self.texts.iter_mut().for_each(Texts::clear);
        self.numbers.iter_mut().for_each(Vec::clear);
    }

    /// Adds the row whose numbers have been read, with its name and kept texts.
    #[inline]
    pub(super) fn push<'t>(&mut self, start: usize, name: &[u8], kept: impl Iterator<Item = &'t [u8]>) {
        let mut texts = self.texts.iter_mut();
        if let Some(names) = texts.next() {
            names.push(name);
        }
        let mut readable = true;
        for (texts, text) in texts.zip(kept) {
            let utf8 = std::str::from_utf8(text).is_ok();
            texts.push(if utf8 { text } else { b"" });
            readable &= utf8;
        }
        if !readable {
            self.unreadable.push(self.starts.len());
        }
        self.starts.push(start);
        for (numbers, number) in self.numbers.iter_mut().zip(&self.row) {
            numbers.push(*number);
        }
    }

    /// The numbers as a table; none are left.
    pub(super) fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        let rows = self.starts.len();
        let column = |numbers: &mut Vec<f64>| -> ArrayRef {
            // The next piece will have about as many rows.
            let numbers = std::mem::replace(numbers, Vec::with_capacity(rows + rows / 8));
            let valid =
                BooleanBuffer::collect_bool(rows, |row| numbers.get(row).is_some_and(|x| !x.is_nan()));
            Arc::new(Float64Array::new(numbers.into(), Some(NullBuffer::new(valid))))
        };
        RecordBatch::try_new(Arc::clone(&self.schema), self.numbers.iter_mut().map(column).collect())
    }
}

/// A cell as a number that the scale reads the same; NaN for none, nothing for other cells.
#[inline]
pub(crate) fn number(cell: Cell) -> Option<f64> {
    match cell {
        Cell::Number(number) => Some(number),
        Cell::Missing(value_model::answer::Missing::NoData) => Some(f64::NAN),
        Cell::YesNo(yes) => Some(f64::from(u8::from(yes))),
        _ => None,
    }
}

/// The table of these measures, each a column of numbers, and which column is whose.
pub(super) fn table(scorer: &Scorer, measures: impl Iterator<Item = usize>) -> (SchemaRef, Mapping) {
    let (mut fields, mut mapping) = (Vec::new(), Mapping::default());
    for measure in measures {
        if let Some(measure) = scorer.measures().get(measure) {
            // No column of a model is called so: it is matched by the mapping alone.
            let name = format!("\0{}", measure.id);
            mapping.measures.push((measure.id.to_string(), name.clone()));
            fields.push(Field::new(name, DataType::Float64, true));
        }
    }
    (Arc::new(Schema::new(fields)), mapping)
}
