//! Rows in any form: those of a [`Sheet`], and Parquet or Arrow with the same columns.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, StringBuilder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field as Column, Schema, SchemaRef};

use super::Format;
use super::sheet::{Field, Sheet};
use super::sink::{Encoder, Sink};
use crate::args::OutputArgs;
use crate::message::Failure;

/// Rows that become one piece of a columnar file.
const ROWS: usize = 64 * 1024;

/// Rows being written.
pub(crate) enum Grid {
    /// As text.
    Text(Sheet),
    /// By columns.
    Columns(Columns),
}

/// A columnar file being written, with rows that are not in it yet.
pub(crate) struct Columns {
    sink: Sink,
    encoder: Encoder,
    schema: SchemaRef,
    rows: Vec<Vec<Field>>,
}

impl Grid {
    /// Starts rows of columns with these names, each of the kind of its example; the first `texts` are texts.
    ///
    /// # Errors
    /// `io`, `usage`.
    pub(crate) fn open(
        args: &OutputArgs,
        columns: &[(String, Field)],
        texts: usize,
    ) -> Result<Self, Failure> {
        let format = Format::of(args.format, args.output.as_deref());
        if !format.is_columnar() {
            let header = columns.iter().map(|(name, _)| name.clone()).collect();
            return Sheet::with_header(args, header, texts).map(Self::Text);
        }
        let fields: Vec<Column> =
            columns.iter().map(|(name, example)| Column::new(name, kind(example), true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let (sink, encoder) = Sink::open(format, &schema, args.output.as_deref())?;
        Ok(Self::Columns(Columns { sink, encoder, schema, rows: Vec::new() }))
    }

    /// Writes one row; JSON forms write `whole`, which may say more than the row.
    pub(crate) fn row<T: serde::Serialize>(&mut self, fields: Vec<Field>, whole: &T) -> Result<(), Failure> {
        match self {
            Self::Text(sheet) => sheet.row(&fields, whole),
            Self::Columns(columns) => {
                columns.rows.push(fields);
                if columns.rows.len() >= ROWS { columns.spill() } else { Ok(()) }
            }
        }
    }

    /// Keeps a sentence to stand below a table.
    pub(crate) fn below(&mut self, sentence: &str) {
        if let Self::Text(sheet) = self {
            sheet.below(sentence);
        }
    }

    /// Writes what is left.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Text(sheet) => sheet.finish(),
            Self::Columns(mut columns) => {
                columns.spill()?;
                columns.sink.finish()
            }
        }
    }
}

impl Columns {
    fn spill(&mut self) -> Result<(), Failure> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.rows);
        let arrays = self.schema.fields().iter().enumerate();
        let arrays =
            arrays.map(|(place, field)| array(field.data_type(), rows.iter().map(|row| row.get(place))));
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect())
            .map_err(|error| Failure::new("invalid_input", error.to_string()))?;
        self.sink.put(self.encoder.encode(vec![batch])?)
    }
}

const fn kind(example: &Field) -> DataType {
    match example {
        Field::Text(_) => DataType::Utf8,
        Field::Number(_) | Field::Share(_) => DataType::Float64,
        Field::Count(_) => DataType::UInt64,
        Field::Flag(_) => DataType::Boolean,
    }
}

/// A column; a cell of another kind, or an empty text, is null.
fn array<'a>(kind: &DataType, cells: impl Iterator<Item = Option<&'a Field>>) -> ArrayRef {
    match kind {
        DataType::Utf8 => {
            let mut built = StringBuilder::new();
            cells.for_each(|cell| match cell {
                Some(Field::Text(text)) if !text.is_empty() => built.append_value(text),
                _ => built.append_null(),
            });
            Arc::new(built.finish())
        }
        DataType::UInt64 => {
            let mut built = UInt64Builder::new();
            cells.for_each(|cell| match cell {
                Some(Field::Count(count)) => built.append_value(*count),
                _ => built.append_null(),
            });
            Arc::new(built.finish())
        }
        DataType::Boolean => {
            let mut built = BooleanBuilder::new();
            cells.for_each(|cell| match cell {
                Some(Field::Flag(flag)) => built.append_value(*flag),
                _ => built.append_null(),
            });
            Arc::new(built.finish())
        }
        _ => {
            let mut built = Float64Builder::new();
            cells.for_each(|cell| match cell {
                Some(Field::Number(number) | Field::Share(number)) => built.append_option(*number),
                _ => built.append_null(),
            });
            Arc::new(built.finish())
        }
    }
}
