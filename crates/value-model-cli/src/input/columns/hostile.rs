//! Tests: damaged files give an error of the file or rows, whatever is wrong with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;

use super::{Form, Table, pipe};
use crate::input::plain;
use crate::message::Failure;

fn batch() -> RecordBatch {
    let rows = 0..300_i64;
    let names = rows.clone().map(|row| Some(format!("account {row}"))).collect::<StringArray>();
    let words: DictionaryArray<Int8Type> =
        rows.clone().map(|row| Some(["ann", "bob", "cy"][usize::try_from(row % 3).unwrap()])).collect();
    let columns: [(&str, ArrayRef); 5] = [
        ("account", Arc::new(names.clone())),
        ("number", Arc::new(rows.clone().map(|row| (row % 9 != 0).then_some(0.1)).collect::<Float64Array>())),
        ("word", Arc::new(words)),
        ("whole", Arc::new(Int64Array::from_iter_values(rows))),
        ("text", Arc::new(names)),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn parquet(version: WriterVersion, compression: Compression) -> Vec<u8> {
    let mut properties = WriterProperties::builder()
        .set_writer_version(version)
        .set_compression(compression)
        .set_max_row_group_row_count(Some(120))
        .set_data_page_row_count_limit(50)
        .set_write_batch_size(50);
    if version == WriterVersion::PARQUET_2_0 {
        for (name, encoding) in [
            ("account", Encoding::DELTA_BYTE_ARRAY),
            ("text", Encoding::DELTA_LENGTH_BYTE_ARRAY),
            ("whole", Encoding::DELTA_BINARY_PACKED),
        ] {
            let path = ColumnPath::new(vec![name.to_owned()]);
            properties = properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, encoding);
        }
    }
    let (batch, mut bytes) = (batch(), Vec::new());
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn arrow(form: Form, compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    let (batch, mut bytes) = (batch(), Vec::new());
    if form == Form::Arrow {
        let mut writer = FileWriter::try_new_with_options(&mut bytes, &batch.schema(), options).unwrap();
        (0..3).for_each(|part| writer.write(&batch.slice(part * 100, 100)).unwrap());
        writer.finish().unwrap();
    } else {
        let mut writer = StreamWriter::try_new_with_options(&mut bytes, &batch.schema(), options).unwrap();
        (0..3).for_each(|part| writer.write(&batch.slice(part * 100, 100)).unwrap());
        writer.finish().unwrap();
    }
    bytes
}

/// Reads every cell; gives the number of rows.
fn read(form: Form, bytes: Vec<u8>) -> Result<usize, Failure> {
    let table = Table::open(form, pipe(bytes, std::io::empty()), "t", Arc::default())?;
    let columns: Vec<usize> = (0..table.schema().fields().len()).collect();
    let mut rows = 0;
    table.each(&columns, 64, &mut |_, batch| {
        rows += batch.num_rows();
        assert!(batch.num_rows() <= 64);
        for column in batch.columns() {
            for row in 0..batch.num_rows() {
                let _ = plain::text(column.as_ref(), row);
            }
        }
        Ok(true)
    })?;
    Ok(rows)
}

fn files() -> Vec<(&'static str, Form, Vec<u8>)> {
    let zstd = Compression::ZSTD(parquet::basic::ZstdLevel::default());
    vec![
        ("parquet", Form::Parquet, parquet(WriterVersion::PARQUET_1_0, Compression::SNAPPY)),
        ("parquet, plain", Form::Parquet, parquet(WriterVersion::PARQUET_1_0, Compression::UNCOMPRESSED)),
        ("parquet 2", Form::Parquet, parquet(WriterVersion::PARQUET_2_0, Compression::UNCOMPRESSED)),
        ("parquet 2, zstd", Form::Parquet, parquet(WriterVersion::PARQUET_2_0, zstd)),
        ("arrow", Form::Arrow, arrow(Form::Arrow, None)),
        ("arrow, lz4", Form::Arrow, arrow(Form::Arrow, Some(CompressionType::LZ4_FRAME))),
        ("stream", Form::Arrows, arrow(Form::Arrows, None)),
        ("stream, zstd", Form::Arrows, arrow(Form::Arrows, Some(CompressionType::ZSTD))),
    ]
}

fn typed(name: &str, failure: &Failure) {
    assert!(["format", "limit"].contains(&failure.code.as_ref()), "{name}: {failure}");
    assert_eq!(failure.place, "t", "{name}: {failure}");
}

#[test]
fn whole_files_are_read() {
    for (name, form, bytes) in files() {
        assert_eq!(read(form, bytes).unwrap(), 300, "{name}");
    }
}

#[test]
fn a_file_cut_anywhere_is_an_error_of_the_file() {
    for (name, form, bytes) in files() {
        for cut in (1..bytes.len()).step_by(97).chain(bytes.len() - 12..bytes.len()) {
            match read(form, bytes[..cut].to_vec()) {
                Ok(rows) => panic!("{name} cut at {cut} of {}: {rows} rows", bytes.len()),
                Err(failure) => typed(&format!("{name} cut at {cut}"), &failure),
            }
        }
    }
}

#[test]
fn flipped_bytes_give_an_error_of_the_file_or_other_values() {
    let mut seed = 20_261_101_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let mut ends = BTreeMap::new();
    for (name, form, bytes) in files() {
        for _ in 0..400 {
            let mut bytes = bytes.clone();
            for _ in 0..=next(3) {
                // Half of the flips hit the last part, where the footers are.
                let at = if next(2) == 0 {
                    next(bytes.len())
                } else {
                    bytes.len() - 1 - next(bytes.len().min(1500))
                };
                bytes[at] = [0, 0xFF, 0x7F, 0x80, 1, bytes[at] ^ 1, bytes[at].wrapping_add(1)][next(7)];
            }
            match read(form, bytes) {
                Ok(_) => *ends.entry("read").or_insert(0) += 1,
                Err(failure) => {
                    typed(name, &failure);
                    *ends.entry("refused").or_insert(0) += 1;
                }
            }
        }
    }
    assert!(ends["read"] > 100 && ends["refused"] > 100, "{ends:?}");
}

#[test]
fn an_arrow_file_that_lies_about_its_lengths_is_refused_before_memory_is_given() {
    for (name, form, bytes) in files().into_iter().filter(|(_, form, _)| *form != Form::Parquet) {
        let mut lies = 0;
        // Every number of eight bytes that could be a length becomes a huge one, and a negative one.
        for at in (0..bytes.len() - 8).step_by(8) {
            let word = i64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
            if !(8..10_000).contains(&word) {
                continue;
            }
            for lie in [1_i64 << 40, i64::MAX, -8] {
                let mut bytes = bytes.clone();
                bytes[at..at + 8].copy_from_slice(&lie.to_le_bytes());
                if let Err(failure) = read(form, bytes) {
                    typed(name, &failure);
                    lies += 1;
                }
            }
        }
        assert!(lies > 20, "{name}: {lies}");
    }
}

#[test]
fn codes_outside_of_their_dictionary_are_an_error_of_the_file() {
    let bytes = arrow(Form::Arrow, None);
    let codes: Vec<u8> = (0..60).map(|row| row % 3).collect();
    let at = bytes.windows(60).position(|window| window == codes).unwrap();
    for code in [3_u8, 100, 0xFF] {
        let mut bytes = bytes.clone();
        bytes[at + 7] = code;
        typed("codes", &read(Form::Arrow, bytes).unwrap_err());
    }
}
