//! Tables of Arrow in memory: read where they are, whichever form they have.
#![cfg(feature = "ipc")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, RecordBatch, StringArray};
use arrow_buffer::Buffer;
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use value_model_arrow::ipc::{Batches, Problem};

fn batch() -> RecordBatch {
    let rows = 0..300_i32;
    let words: DictionaryArray<Int8Type> = rows.clone().map(|row| (row % 3 == 0).then_some("ann")).collect();
    let columns: [(&str, ArrayRef); 3] = [
        (
            "account",
            Arc::new(rows.clone().map(|row| Some(format!("account {row}"))).collect::<StringArray>()),
        ),
        (
            "number",
            Arc::new(rows.map(|row| (row % 9 != 0).then_some(f64::from(row))).collect::<Float64Array>()),
        ),
        ("word", Arc::new(words)),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn written(file: bool, compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    let (batch, mut bytes) = (batch(), Vec::new());
    if file {
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

fn read(bytes: Vec<u8>, columns: &[usize]) -> Result<Vec<RecordBatch>, Problem> {
    let mut batches = Batches::memory(Buffer::from_vec(bytes))?.only(columns);
    let mut all = Vec::new();
    while let Some(batch) = batches.next_batch()? {
        all.push(batch);
    }
    assert!(batches.next_batch()?.is_none(), "whoever asks again is told the same");
    Ok(all)
}

#[test]
fn files_and_streams_in_memory_are_read_without_being_copied() {
    for (file, compression) in [(true, None), (false, None), (false, Some(CompressionType::LZ4_FRAME))] {
        let bytes = written(file, compression);
        let rows = Batches::memory(Buffer::from_vec(bytes.clone())).and_then(Batches::count);
        assert_eq!(rows.unwrap(), 300);
        let parts: Vec<RecordBatch> = (0..3).map(|part| batch().slice(part * 100, 100)).collect();
        assert_eq!(read(bytes.clone(), &[0, 1, 2]).unwrap(), parts);
        let two: Vec<RecordBatch> = parts.iter().map(|part| part.project(&[1, 2]).unwrap()).collect();
        assert_eq!(read(bytes.clone(), &[1, 2]).unwrap(), two);
        let whole = Buffer::from_vec(bytes);
        let memory = whole.as_ptr_range();
        let first = Batches::memory(whole).unwrap().next_batch().unwrap().unwrap();
        let number = first.column(1).to_data().buffers().first().map(Buffer::as_ptr);
        assert_eq!(memory.contains(&number.unwrap()), compression.is_none());
    }
}

#[test]
fn what_is_no_table_of_arrow_says_what_it_is() {
    let said = |bytes: &[u8]| Batches::memory(Buffer::from(bytes)).unwrap_err().to_string();
    for bytes in [&b""[..], b"account,full_usage\n", b"PAR1", b"\xFF\xFF\xFF"] {
        assert!(said(bytes).contains("neither a file nor a stream of Arrow"), "{}", said(bytes));
    }
    assert!(said(b"FEA1\0\0\0\0").contains("Feather 2"));
    assert!(said(b"\xFF\xFF\xFF\xFF").contains("cut"));
    assert!(said(b"ARROW1\0\0").contains("`ARROW1`"));
}
