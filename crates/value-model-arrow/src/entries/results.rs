//! The results of accounts, one row each, of several types.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, StringBuilder, UInt32Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use value_model::Error;

/// The type of a column of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Numbers, as `f64`.
    Number,
    /// Counts, as `u32`.
    Count,
    /// Yes or no.
    Flag,
    /// Words, as the wire spells them.
    Word,
}

/// One value of a result; none is null.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(Option<f64>),
    /// A count.
    Count(u32),
    /// Yes or no.
    Flag(Option<bool>),
    /// A word.
    Word(Option<String>),
}

/// The word that the wire has for a reason or an outcome: its name in snake case.
pub(super) fn word(name: &impl std::fmt::Debug) -> String {
    let mut word = String::new();
    for letter in format!("{name:?}").chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

/// Results being written.
#[derive(Debug)]
pub(super) struct Results {
    accounts: StringBuilder,
    columns: Vec<Column>,
    codes: StringBuilder,
    schema: Arc<Schema>,
}

#[derive(Debug)]
enum Column {
    Number(Float64Builder),
    Count(UInt32Builder),
    Flag(BooleanBuilder),
    Word(StringBuilder),
}

impl Results {
    pub(super) fn new(columns: &[(&'static str, Kind)]) -> Self {
        let mut fields = vec![Field::new("account", DataType::Utf8, false)];
        let mut builders = Vec::new();
        for (name, kind) in columns {
            let (builder, found) = match kind {
                Kind::Number => (Column::Number(Float64Builder::new()), DataType::Float64),
                Kind::Count => (Column::Count(UInt32Builder::new()), DataType::UInt32),
                Kind::Flag => (Column::Flag(BooleanBuilder::new()), DataType::Boolean),
                Kind::Word => (Column::Word(StringBuilder::new()), DataType::Utf8),
            };
            builders.push(builder);
            fields.push(Field::new(*name, found, true));
        }
        fields.push(Field::new("code", DataType::Utf8, true));
        Self {
            accounts: StringBuilder::new(),
            columns: builders,
            codes: StringBuilder::new(),
            schema: Arc::new(Schema::new(fields)),
        }
    }

    pub(super) fn add(&mut self, account: &str, values: &[Value]) {
        self.accounts.append_value(account);
        self.codes.append_null();
        let mut values = values.iter();
        for column in &mut self.columns {
            column.append(values.next());
        }
    }

    pub(super) fn refuse(&mut self, account: &str, code: &str) {
        self.accounts.append_value(account);
        self.codes.append_value(code);
        for column in &mut self.columns {
            column.append(None);
        }
    }

    /// The rows so far as a table, and none from here on.
    pub(super) fn take(&mut self) -> Result<RecordBatch, Error> {
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(self.accounts.finish())];
        arrays.extend(self.columns.iter_mut().map(Column::finish));
        arrays.push(Arc::new(self.codes.finish()));
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| Error::Invalid { field: "columns".into(), reason: error.to_string() })
    }
}

impl Column {
    /// A value of the column's type; another, or none, is null.
    fn append(&mut self, value: Option<&Value>) {
        match (self, value) {
            (Self::Number(column), Some(Value::Number(number))) => column.append_option(*number),
            (Self::Number(column), _) => column.append_null(),
            (Self::Count(column), Some(Value::Count(count))) => column.append_value(*count),
            (Self::Count(column), _) => column.append_null(),
            (Self::Flag(column), Some(Value::Flag(flag))) => column.append_option(*flag),
            (Self::Flag(column), _) => column.append_null(),
            (Self::Word(column), Some(Value::Word(word))) => column.append_option(word.as_deref()),
            (Self::Word(column), _) => column.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Number(column) => Arc::new(column.finish()),
            Self::Count(column) => Arc::new(column.finish()),
            Self::Flag(column) => Arc::new(column.finish()),
            Self::Word(column) => Arc::new(column.finish()),
        }
    }
}
