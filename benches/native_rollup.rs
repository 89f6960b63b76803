//! Rolling up columns, as C sees it.

#![allow(unsafe_code, reason = "C hands over pointers")]

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, UInt8Array, UInt32Array};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use value_model::compare::portfolio::PortfolioRow;
use value_model_arrow::{ColumnPortfolio, PortfolioSettings};

use crate::native::guarded;
use crate::native_table::wrap;

/// Numbers for each key: accounts, sum of revenue, mean score, accounts in each of three bands.
const NUMBERS: usize = 6;

/// The columns of a table of results, as the caller holds them.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Results {
    key: *const u32,
    revenue: *const f64,
    score: *const f64,
    score_validity: *const u8,
    outcome: *const u8,
    rows: usize,
}

/// Rolls accounts up by key, on as many threads as rayon was told; key `k` gets `out[6 k..6 k + 6]`.
///
/// # Safety
/// Every column has so many rows, `out` has room for six numbers for each key below `keys`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_rollup(results: *const Results, keys: usize, out: *mut f64) -> i32 {
    guarded(|| {
        // SAFETY: the caller's promise.
        let results = unsafe { results.as_ref() }.ok_or("no columns")?;
        // SAFETY: as above.
        let out = unsafe { std::slice::from_raw_parts_mut(out, keys * NUMBERS) };
        // SAFETY: as above; the caller keeps the memory for longer than the batch lives.
        let batch = unsafe { batch(results) }?;
        let rows = rollup(&batch).map_err(|error| error.to_string())?;
        for row in &rows {
            let key = row.key.first().cloned().flatten().and_then(|key| key.parse::<usize>().ok());
            let start = key.ok_or("a key is no whole number")? * NUMBERS;
            let place = out.get_mut(start..start + NUMBERS).ok_or("a key is too large")?;
            place.copy_from_slice(&numbers(row));
        }
        Ok(())
    })
}

fn rollup(batch: &RecordBatch) -> Result<Vec<PortfolioRow>, value_model::Error> {
    let settings = PortfolioSettings { by: vec!["key".into()], revenue: Some("revenue".into()) };
    let mut portfolio = ColumnPortfolio::new(&crate::scorer()?, &batch.schema(), &settings)?;
    portfolio.add_all(std::slice::from_ref(batch))?;
    Ok(portfolio.report().rows)
}

fn numbers(row: &PortfolioRow) -> [f64; NUMBERS] {
    let mut bands = row.bands.iter().map(|band| f64::from(band.accounts));
    let mut next = || bands.next().unwrap_or_default();
    [f64::from(row.accounts), row.revenue, row.mean.unwrap_or(f64::NAN), next(), next(), next()]
}

/// The caller's columns as Arrow sees them, without a copy.
unsafe fn batch(results: &Results) -> Result<RecordBatch, String> {
    let rows = results.rows;
    // SAFETY: the caller's promise.
    let (key, revenue, score, bits, outcome) = unsafe {
        (
            wrap(results.key.cast(), rows * size_of::<u32>())?,
            wrap(results.revenue.cast(), rows * size_of::<f64>())?,
            wrap(results.score.cast(), rows * size_of::<f64>())?,
            wrap(results.score_validity, rows.div_ceil(8))?,
            wrap(results.outcome, rows)?,
        )
    };
    let known = NullBuffer::new(BooleanBuffer::new(bits, 0, rows));
    let columns: [(&str, ArrayRef); 4] = [
        ("key", Arc::new(UInt32Array::new(ScalarBuffer::new(key, 0, rows), None))),
        ("revenue", Arc::new(Float64Array::new(ScalarBuffer::new(revenue, 0, rows), None))),
        ("score", Arc::new(Float64Array::new(ScalarBuffer::new(score, 0, rows), Some(known)))),
        ("outcome", Arc::new(UInt8Array::new(ScalarBuffer::new(outcome, 0, rows), None))),
    ];
    RecordBatch::try_from_iter(columns).map_err(|error| error.to_string())
}
