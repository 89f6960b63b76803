//! Columns of results: from the memory that is written to the arrays that are given.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, RecordBatchOptions, UInt8Array};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow_schema::{DataType, Field, Schema};
use value_model::Error;
use value_model::block::{Column, Target, Values};
use value_model::scorecard::Scorer;

/// The name and type of a column: numbers, codes, or yes and no.
pub(crate) fn field(scorer: &Scorer, column: Column) -> Field {
    let kind = if column.is_flag() {
        DataType::Boolean
    } else if column.is_code() {
        DataType::UInt8
    } else {
        DataType::Float64
    };
    Field::new(column.name(scorer), kind, true)
}

/// The memory of one column while it is written.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) column: Column,
    pub(crate) numbers: Vec<f64>,
    pub(crate) codes: Vec<u8>,
    pub(crate) valid: Vec<u8>,
}

impl Store {
    /// Room for so many rows.
    pub(crate) fn new(column: Column, rows: usize) -> Self {
        let mut store = Self { column, numbers: Vec::new(), codes: Vec::new(), valid: Vec::new() };
        store.resize(rows);
        store
    }

    /// Makes room for so many rows in all.
    pub(crate) fn resize(&mut self, rows: usize) {
        if self.column.is_code() {
            self.codes.resize(rows, 0);
        } else {
            self.numbers.resize(rows, 0.0);
        }
        self.valid.resize(rows.div_ceil(8), 0);
    }

    /// Takes memory for so many rows in all.
    pub(crate) fn reserve(&mut self, rows: usize) {
        if self.column.is_code() {
            self.codes.reserve(rows.saturating_sub(self.codes.len()));
        } else {
            self.numbers.reserve(rows.saturating_sub(self.numbers.len()));
        }
    }

    /// Lends the memory to the kernel.
    pub(crate) fn target(&mut self) -> Target<'_> {
        let Self { column, numbers, codes, valid } = self;
        let values = if column.is_code() { Values::Codes(codes) } else { Values::Numbers(numbers) };
        Target { column: *column, values, valid }
    }

    /// What was written, as an array; no room is left.
    pub(crate) fn take(&mut self, rows: usize) -> ArrayRef {
        let bits = BooleanBuffer::new(Buffer::from_vec(std::mem::take(&mut self.valid)), 0, rows);
        let nulls = Some(NullBuffer::new(bits)).filter(|nulls| nulls.null_count() > 0);
        let codes = std::mem::take(&mut self.codes);
        if self.column.is_flag() {
            Arc::new(BooleanArray::new(codes.into_iter().map(|code| code != 0).collect(), nulls))
        } else if self.column.is_code() {
            Arc::new(UInt8Array::new(codes.into(), nulls))
        } else {
            Arc::new(Float64Array::new(std::mem::take(&mut self.numbers).into(), nulls))
        }
    }
}

/// Columns that were written, as a table.
pub(crate) fn table(schema: &Arc<Schema>, mut stores: Vec<Store>, rows: usize) -> Result<RecordBatch, Error> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let arrays = stores.iter_mut().map(|store| store.take(rows)).collect();
    RecordBatch::try_new_with_options(Arc::clone(schema), arrays, &options)
        .map_err(|error| Error::Invalid { field: "columns".into(), reason: error.to_string() })
}
