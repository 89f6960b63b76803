//! Parquet and Arrow files, in and out.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic, and counts are small"
)]

mod common;

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt8Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::{FileReader, StreamReader};
use common::{AS_OF, Desk, SMALL, column};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("small.toml", SMALL);
    desk
}

fn score(desk: &Desk, more: &[&str]) -> String {
    desk.run(&[&["score"], more, &AS_OF[..]].concat()).ok()
}

/// The batches of a file, by its extension.
fn batches(path: &Path) -> Vec<RecordBatch> {
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
    array.as_string::<i32>().value(row).to_owned()
}

/// The batches as CSV.
fn csv(batches: &[RecordBatch]) -> String {
    let schema = batches[0].schema();
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

const WIDE: &str = "account,csat,plan,csm\nacme,8,plus,ann\nzoo,,pro,\nnone,,,bob\n";

#[test]
fn columnar_outputs_hold_what_csv_holds() {
    let desk = desk();
    desk.write("a.csv", WIDE);
    for more in [&[][..], &["--keep", "csm"], &["--contributions"]] {
        let expected = score(&desk, &[&["a.csv"], more].concat());
        for name in ["out.parquet", "out.arrow", "out.feather", "out.arrows"] {
            score(&desk, &[&["a.csv", "-o", name], more].concat());
            assert_eq!(csv(&batches(&desk.path(name))), expected, "{name} {more:?}");
        }
    }
    assert_eq!(column(&score(&desk, &["a.csv"]), "outcome"), ["scored", "scored", "insufficient"]);
}

#[test]
fn the_metadata_names_the_model_and_the_day() {
    let desk = desk();
    desk.write("a.csv", WIDE);
    for name in ["out.arrow", "out.arrows"] {
        score(&desk, &["a.csv", "-o", name]);
        let batch = &batches(&desk.path(name))[0];
        let schema = batch.schema();
        let about = |key: &str| schema.metadata()[&format!("value-model.{key}")].clone();
        assert_eq!(
            [about("model"), about("version"), about("as_of")],
            ["small", "1", "2026-11-01"],
            "{name}"
        );
    }
    score(&desk, &["a.csv", "-o", "out.parquet"]);
    let file = File::open(desk.path("out.parquet")).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap().clone();
    assert!(
        pairs.iter().any(|pair| pair.key == "value-model.model" && pair.value.as_deref() == Some("small"))
    );
}

#[test]
fn the_extension_or_the_flag_tells_the_form() {
    let desk = desk();
    desk.write("a.csv", WIDE);
    score(&desk, &["a.csv", "-o", "out.bin", "--format", "parquet"]);
    assert!(std::fs::read(desk.path("out.bin")).unwrap().starts_with(b"PAR1"));
    let refused = desk.run(&[&["robustness", "a.csv", "-o", "out.parquet"], &AS_OF[..]].concat());
    refused.refused("usage");
}
