//! Columnar files, written and read by the formats' own crates.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt8Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;

/// A batch of these columns.
pub(crate) fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .unwrap()
}

/// Writes batches, in the form that the extension tells; Parquet with this many rows per row group.
pub(crate) fn write(path: &Path, batches: &[RecordBatch], group: usize) {
    let (file, schema) = (File::create(path).unwrap(), batches[0].schema());
    match path.extension().unwrap().to_str().unwrap() {
        "parquet" => {
            let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
            let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).unwrap();
            for batch in batches {
                writer.write(batch).unwrap();
            }
            writer.close().unwrap();
        }
        "arrows" => {
            let mut writer = StreamWriter::try_new(file, &schema).unwrap();
            for batch in batches {
                writer.write(batch).unwrap();
            }
            writer.finish().unwrap();
        }
        _ => {
            let mut writer = FileWriter::try_new(file, &schema).unwrap();
            for batch in batches {
                writer.write(batch).unwrap();
            }
            writer.finish().unwrap();
        }
    }
}

/// The batches of a file, by its extension.
pub(crate) fn batches(path: &Path) -> Vec<RecordBatch> {
    let file = File::open(path).unwrap();
    match path.extension().unwrap().to_str().unwrap() {
        "parquet" => {
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
            reader.map(Result::unwrap).collect()
        }
        "arrows" => StreamReader::try_new(file, None).unwrap().map(Result::unwrap).collect(),
        _ => FileReader::try_new(file, None).unwrap().map(Result::unwrap).collect(),
    }
}

/// A cell as CSV shows it.
fn cell(array: &dyn Array, row: usize) -> String {
    if array.is_null(row) {
        return String::new();
    }
    if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
        return format!("{:?}", numbers.value(row));
    }
    if let Some(words) = array.as_dictionary_opt::<UInt8Type>() {
        return cell(words.values(), usize::from(words.keys().value(row)));
    }
    if let Some(flags) = array.as_boolean_opt() {
        return flags.value(row).to_string();
    }
    array.as_string::<i32>().value(row).to_owned()
}

/// The batches as CSV.
pub(crate) fn csv(batches: &[RecordBatch]) -> String {
    let Some(first) = batches.first() else { return String::new() };
    let schema = first.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let mut text = names.join(",") + "\n";
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cells: Vec<String> = batch.columns().iter().map(|array| cell(array, row)).collect();
            text += &(cells.join(",") + "\n");
        }
    }
    text
}
