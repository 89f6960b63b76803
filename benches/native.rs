//! The library as C sees it: a Python process times the core on the very buffers that its peers read.
//!
//! Functions return 0, or 1 after an error whose words [`vm_error`] gives. A null bitmap means that every row has a value.

#![allow(unsafe_code, reason = "C hands over pointers")]

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char};

use crate::data::{Filling, fill};
use crate::traffic::{Streams, traffic};

thread_local! {
    static ERROR: RefCell<CString> = RefCell::default();
}

/// Runs a piece of work; an error or a panic becomes words and a 1.
pub(crate) fn guarded(work: impl FnOnce() -> Result<(), String>) -> i32 {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    let error = match outcome {
        Ok(Ok(())) => return 0,
        Ok(Err(error)) => error,
        Err(_) => "the library panicked; its message is on standard error".to_owned(),
    };
    ERROR.with_borrow_mut(|place| *place = CString::new(error).unwrap_or_default());
    1
}

/// A list that C hands over as a pointer and a length; an empty one may be null.
///
/// # Safety
/// `first` points at `count` values that stay in place for the call.
pub(crate) unsafe fn list<'a, T>(first: *const T, count: usize) -> &'a [T] {
    if first.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(first, count) }
}

/// The words of this thread's last error, until its next call.
#[unsafe(no_mangle)]
pub extern "C" fn vm_error() -> *const c_char {
    ERROR.with_borrow(|error| error.as_ptr())
}

/// Fills a column and its bitmap from a seed; see [`fill`].
///
/// # Safety
/// `values` has room for `rows` numbers, `validity` for so many bits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_fill(
    values: *mut f64,
    validity: *mut u8,
    rows: usize,
    seed: u64,
    column: u64,
    null_share: f64,
    steps: u32,
    divisor: f64,
    garbage: bool,
) {
    // SAFETY: the caller's promise.
    let (values, validity) = unsafe {
        (
            std::slice::from_raw_parts_mut(values, rows),
            std::slice::from_raw_parts_mut(validity, rows.div_ceil(8)),
        )
    };
    fill(values, validity, Filling { seed: (seed, column), null_share, steps, divisor, garbage });
}

/// Reads and writes the given columns once, as fast as the machine can; see [`traffic`].
///
/// # Safety
/// There are `inputs` columns and bitmaps and `outputs` outputs with at least `rows` rows; `band` may be null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_traffic(
    values: *const *const f64,
    validity: *const *const u8,
    inputs: usize,
    outputs: *const *mut f64,
    output_count: usize,
    band: *mut u8,
    rows: usize,
    threads: usize,
    streaming: bool,
) -> i32 {
    guarded(|| {
        // SAFETY: the caller's promise.
        unsafe {
            let streams = Streams {
                values: list(values, inputs),
                validity: list(validity, inputs),
                outputs: list(outputs, output_count),
                band,
                rows,
            };
            traffic(&streams, threads, streaming);
        }
        Ok(())
    })
}

/// Text that C hands over.
///
/// # Safety
/// `text` ends with a zero.
pub(crate) unsafe fn text<'a>(text: *const c_char) -> Result<&'a str, String> {
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(text) }.to_str().map_err(|error| error.to_string())
}
