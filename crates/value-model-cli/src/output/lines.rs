//! Batches of scored accounts as lines of CSV.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt8Type};
use arrow_array::{Array, Float64Array, RecordBatch, StringArray, UInt8Array};
use arrow_schema::Schema;

use super::cell::Style;
use super::numbers::Numbers;
use crate::input::plain;
use crate::message::Failure;

/// Writes lines in one style.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines {
    /// How cells are written.
    pub style: Style,
}

/// A column of a batch, told once for all its rows.
enum Cells<'b> {
    Numbers(&'b Float64Array),
    Texts(&'b StringArray),
    Words(&'b UInt8Array, &'b StringArray),
    Other(&'b dyn Array),
}

/// Checks that every column can be shown in a cell.
///
/// # Errors
/// `invalid_input` with the column and its type.
pub(crate) fn check(schema: &Schema) -> Result<(), Failure> {
    match schema.fields().iter().find(|field| !plain::is_plain(field.data_type())) {
        None => Ok(()),
        Some(field) => Err(Failure::new(
            "invalid_input",
            format!("column `{}` holds {}, which no cell of a CSV can hold", field.name(), field.data_type()),
        )
        .help("leave it out of `--keep`, or write Parquet or Arrow")),
    }
}

impl Lines {
    /// Appends one line per row.
    pub(crate) fn append(self, out: &mut Vec<u8>, batch: &RecordBatch) {
        let mut written = Numbers::new();
        let columns: Vec<Cells<'_>> = batch.columns().iter().map(|column| cells(column.as_ref())).collect();
        for row in 0..batch.num_rows() {
            for (place, column) in columns.iter().enumerate() {
                if place > 0 {
                    out.push(self.style.delimiter);
                }
                self.cell(out, column, row, &mut written);
            }
            out.push(b'\n');
        }
    }

    #[inline]
    fn cell(self, out: &mut Vec<u8>, column: &Cells<'_>, row: usize, written: &mut Numbers) {
        match column {
            Cells::Numbers(numbers) => {
                if numbers.is_valid(row) {
                    written.write(out, numbers.value(row));
                }
            }
            Cells::Texts(texts) => {
                if texts.is_valid(row) {
                    self.style.text(out, texts.value(row).as_bytes());
                }
            }
            Cells::Words(codes, names) => {
                if codes.is_valid(row) {
                    self.style.text(out, names.value(codes.value(row).into()).as_bytes());
                }
            }
            Cells::Other(column) => {
                if let Some(text) = plain::text(*column, row) {
                    self.style.text(out, text.as_bytes());
                }
            }
        }
    }
}

fn cells(column: &dyn Array) -> Cells<'_> {
    if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
        return Cells::Numbers(numbers);
    }
    if let Some(texts) = column.as_string_opt::<i32>() {
        return Cells::Texts(texts);
    }
    if let Some(words) = column.as_dictionary_opt::<UInt8Type>()
        && let Some(names) = words.values().as_string_opt::<i32>()
    {
        return Cells::Words(words.keys(), names);
    }
    Cells::Other(column)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, BooleanArray, DictionaryArray, Float64Array, RecordBatch, StringArray};

    use super::{Lines, Style, check};

    #[test]
    fn cells_are_written_as_one_at_a_time() {
        let words: DictionaryArray<arrow_array::types::UInt8Type> =
            vec![Some("low"), None].into_iter().collect();
        let columns: [(&str, ArrayRef); 4] = [
            ("account", Arc::new(StringArray::from(vec!["=1+2", "a,b"]))),
            ("score", Arc::new(Float64Array::from(vec![Some(0.1), None]))),
            ("band", Arc::new(words)),
            ("kept", Arc::new(BooleanArray::from(vec![None, Some(true)]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        check(batch.schema_ref()).unwrap();
        let mut text = Vec::new();
        Lines { style: Style { delimiter: b',', raw: false } }.append(&mut text, &batch);
        assert_eq!(String::from_utf8(text).unwrap(), "'=1+2,0.1,low,\n\"a,b\",,,true\n");
    }
}
