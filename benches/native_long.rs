//! Scoring tables with one row per answer, as C sees it.

#![allow(unsafe_code, reason = "C hands over pointers")]

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, UInt8Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Float64Array, RecordBatch, StringArray, UInt8Array, UInt32Array,
};
use arrow_buffer::ScalarBuffer;
use value_model::scorecard::{Context, Scorer};
use value_model_arrow::{LongMapping, LongScorer, LongSettings, Order};

use crate::native::guarded;
use crate::native_table::{Place, wrap};
use crate::table::Table;

/// Rows that are handed over at a time, as a file would.
const BATCH: usize = 1 << 21;

/// The rows of answers, as the caller holds them; accounts are 0, 1, 2, ... and stand together.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Answers {
    account: *const u32,
    measure: *const u8,
    value: *const f64,
    rows: usize,
}

/// Scores each account of a long table into the caller's memory, where missing results are not a number, or 255.
///
/// # Safety
/// `table` comes from `vm_table`; every column of `answers` has so many rows, and each of its measures is the place of one in
/// the model; there is a place for each result of `table` with room for `accounts`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_long(
    table: *const Table,
    answers: *const Answers,
    accounts: usize,
    places: *const Place,
) -> i32 {
    guarded(|| {
        // SAFETY: the caller's promise.
        let (table, answers) = unsafe { (table.as_ref(), answers.as_ref()) };
        let (table, answers) = table.zip(answers).ok_or("no model or no answers")?;
        // SAFETY: as above; the caller keeps the memory for longer than the batch lives.
        let batch = unsafe { batch(table.scorer(), answers) }?;
        // SAFETY: as above.
        let places = unsafe { crate::native::list(places, table.columns().len()) };
        let mut done = 0;
        score(table, &batch, &mut |results| {
            // SAFETY: as above; `put` checks that there is room.
            unsafe { put(results, places, &mut done, accounts) }
        })?;
        if done == accounts { Ok(()) } else { Err(format!("{done} accounts and not {accounts}")) }
    })
}

fn score(
    table: &Table,
    batch: &RecordBatch,
    put: &mut dyn FnMut(&RecordBatch) -> Result<(), String>,
) -> Result<(), String> {
    let words = |error: value_model::Error| error.to_string();
    let context = Context::new(crate::as_of().map_err(words)?);
    let mut settings = LongSettings::new(context, table.columns().to_vec());
    // Numbers rise, but their texts do not.
    settings.order = Order::Grouped;
    let mapping = LongMapping::default();
    let mut long = LongScorer::new(table.scorer(), &batch.schema(), &mapping, settings).map_err(words)?;
    for start in (0..batch.num_rows()).step_by(BATCH) {
        let piece = batch.slice(start, BATCH.min(batch.num_rows() - start));
        for scored in long.push_parallel(&piece).map_err(words)? {
            put(&scored.results)?;
        }
    }
    put(&long.finish().map_err(words)?.results)
}

/// Copies results behind those before.
unsafe fn put(results: &RecordBatch, places: &[Place], done: &mut usize, room: usize) -> Result<(), String> {
    let rows = results.num_rows();
    if *done + rows > room {
        return Err("more accounts than there is room for".to_owned());
    }
    let first = results.column(0).as_string::<i32>().iter().flatten().next();
    if first.is_some_and(|name| name.parse() != Ok(*done)) {
        return Err(format!("account {first:?} stands at place {done}"));
    }
    // The first column is the account, the last one why there is no result.
    for (column, place) in results.columns().iter().skip(1).zip(places) {
        if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
            // SAFETY: there is room, as was checked; the caller's promise.
            let target = unsafe { std::slice::from_raw_parts_mut(place.values().add(*done), rows) };
            target.copy_from_slice(numbers.values());
            if numbers.null_count() > 0 {
                for (target, number) in target.iter_mut().zip(numbers) {
                    *target = number.unwrap_or(f64::NAN);
                }
            }
        } else if let Some(codes) = column.as_primitive_opt::<UInt8Type>() {
            // SAFETY: as above.
            let target =
                unsafe { std::slice::from_raw_parts_mut(place.values().cast::<u8>().add(*done), rows) };
            for (target, code) in target.iter_mut().zip(codes) {
                *target = code.unwrap_or(u8::MAX);
            }
        }
    }
    *done += rows;
    Ok(())
}

/// The caller's columns as Arrow sees them, without a copy; measures are a dictionary of the model's ids.
unsafe fn batch(scorer: &Scorer, answers: &Answers) -> Result<RecordBatch, String> {
    let rows = answers.rows;
    // SAFETY: the caller's promise.
    let (account, measure, value) = unsafe {
        (
            wrap(answers.account.cast(), rows * size_of::<u32>())?,
            wrap(answers.measure, rows)?,
            wrap(answers.value.cast(), rows * size_of::<f64>())?,
        )
    };
    let ids: StringArray = scorer.measures().iter().map(|measure| Some(&*measure.id)).collect();
    let keys = UInt8Array::new(ScalarBuffer::new(measure, 0, rows), None);
    // SAFETY: the caller's promise: each measure is a place in the model.
    let measure = unsafe { DictionaryArray::<UInt8Type>::new_unchecked(keys, Arc::new(ids)) };
    let columns: [(&str, ArrayRef); 3] = [
        ("account", Arc::new(UInt32Array::new(ScalarBuffer::new(account, 0, rows), None))),
        ("measure", Arc::new(measure)),
        ("value", Arc::new(Float64Array::new(ScalarBuffer::new(value, 0, rows), None))),
    ];
    RecordBatch::try_from_iter(columns).map_err(|error| error.to_string())
}
