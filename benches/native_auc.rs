//! AUC of scores and what happened to their accounts, as C sees it.

#![allow(unsafe_code, reason = "C hands over pointers")]

use value_model::backtest::auc::auc;

use crate::native::{guarded, list};

/// AUC and the two ends of its interval, into `out`.
///
/// # Safety
/// There are `rows` scores and as many outcomes, each 0 (lost) or 1 (kept); `out` has room for three numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_auc(
    scores: *const f64,
    outcomes: *const bool,
    rows: usize,
    out: *mut [f64; 3],
) -> i32 {
    guarded(|| {
        // SAFETY: the caller's promise; 0 and 1 are the two values of a `bool`.
        let (scores, outcomes) = unsafe { (list(scores, rows), list(outcomes, rows)) };
        let found = auc(scores, outcomes).map_err(|error| error.to_string())?;
        let area = found.auc.ok_or("one class only")?;
        let interval = found.interval.ok_or("no interval")?;
        // SAFETY: as above.
        unsafe { out.write([area, interval.low, interval.high]) };
        Ok(())
    })
}
