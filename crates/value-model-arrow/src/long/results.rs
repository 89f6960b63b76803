//! The results of accounts, one row each.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, StringBuilder, UInt8Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use num_traits::AsPrimitive;
use value_model::Error;
use value_model::block::Column;
use value_model::scorecard::{Pivot, Score, Scorer};

/// Results being written.
#[derive(Debug)]
pub(super) struct Results {
    accounts: StringBuilder,
    columns: Vec<(Column, Values)>,
    codes: StringBuilder,
    schema: Arc<Schema>,
}

#[derive(Debug)]
enum Values {
    Numbers(Float64Builder),
    Codes(UInt8Builder),
}

impl Results {
    pub(super) fn new(scorer: &Scorer, columns: &[Column]) -> Self {
        let mut fields = vec![Field::new("account", DataType::Utf8, false)];
        fields.extend(columns.iter().map(|column| {
            let kind = if column.is_code() { DataType::UInt8 } else { DataType::Float64 };
            Field::new(column.name(scorer), kind, true)
        }));
        fields.push(Field::new("code", DataType::Utf8, true));
        let values = |column: &Column| {
            if column.is_code() {
                Values::Codes(UInt8Builder::new())
            } else {
                Values::Numbers(Float64Builder::new())
            }
        };
        Self {
            accounts: StringBuilder::new(),
            columns: columns.iter().map(|column| (*column, values(column))).collect(),
            codes: StringBuilder::new(),
            schema: Arc::new(Schema::new(fields)),
        }
    }

    pub(super) fn add(&mut self, account: &str, score: &Score, pivot: &mut Pivot) {
        self.accounts.append_value(account);
        self.codes.append_null();
        for (column, values) in &mut self.columns {
            values.append(pivot.value(*column, score));
        }
    }

    pub(super) fn refuse(&mut self, account: &str, code: &str) {
        self.accounts.append_value(account);
        self.codes.append_value(code);
        for (_, values) in &mut self.columns {
            values.append(None);
        }
    }

    /// The rows so far as a table, and none from here on.
    pub(super) fn take(&mut self) -> Result<RecordBatch, Error> {
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(self.accounts.finish())];
        arrays.extend(self.columns.iter_mut().map(|(_, values)| values.finish()));
        arrays.push(Arc::new(self.codes.finish()));
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| Error::Invalid { field: "columns".into(), reason: error.to_string() })
    }
}

impl Values {
    fn append(&mut self, value: Option<f64>) {
        match self {
            Self::Numbers(numbers) => numbers.append_option(value),
            Self::Codes(codes) => codes.append_option(value.map(AsPrimitive::as_)),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Numbers(numbers) => Arc::new(numbers.finish()),
            Self::Codes(codes) => Arc::new(codes.finish()),
        }
    }
}
