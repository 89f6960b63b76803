//! Scoring columns, as C sees it.

#![allow(unsafe_code, reason = "C hands over pointers")]

use std::ffi::c_char;
use std::ptr::NonNull;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use value_model::block::{Target, Values};

use crate::native::{guarded, list, text};
use crate::table::Table;

/// Where one column of results goes: numbers, or bytes for a band, and a bit for each row.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Place {
    values: *mut f64,
    valid: *mut u8,
}

impl Place {
    /// Where its values go.
    pub(crate) const fn values(self) -> *mut f64 {
        self.values
    }

    /// Where its bits go.
    pub(crate) const fn valid(self) -> *mut u8 {
        self.valid
    }
}

/// Compiles a model (JSON of a `model` of the manifest) for the named results (a JSON list); null after an error.
///
/// # Safety
/// Both texts end with a zero. The result is given to [`vm_table_free`] once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_table(model: *const c_char, wanted: *const c_char) -> *mut Table {
    let mut made = std::ptr::null_mut();
    guarded(|| {
        // SAFETY: the caller's promise.
        let (model, wanted) = unsafe { (text(model)?, text(wanted)?) };
        let shape = serde_json::from_str(model).map_err(|error| error.to_string())?;
        let wanted: Vec<String> = serde_json::from_str(wanted).map_err(|error| error.to_string())?;
        let table = Table::new(&shape, &wanted).map_err(|error| error.to_string())?;
        made = Box::into_raw(Box::new(table));
        Ok(())
    });
    made
}

/// Forgets a model.
///
/// # Safety
/// `table` comes from [`vm_table`] and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_table_free(table: *mut Table) {
    if !table.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(table) });
    }
}

/// Rows `offset..offset + rows` of the columns as a table, read where they are; null after an error. Made once, as the
/// tables of all others are.
///
/// # Safety
/// There is a column and a bitmap for each measure of the model with at least `offset + rows` rows, which stay for longer
/// than the table. The result is given to [`vm_batch_free`] once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_batch(
    table: *const Table,
    values: *const *const f64,
    validity: *const *const u8,
    offset: usize,
    rows: usize,
) -> *mut RecordBatch {
    let mut made = std::ptr::null_mut();
    guarded(|| {
        // SAFETY: the caller's promise.
        let table = unsafe { table.as_ref() }.ok_or("no model")?;
        let columns = table.answers().fields().len();
        // SAFETY: as above.
        let arrays = unsafe { floats(list(values, columns), list(validity, columns), offset, rows) }?;
        let batch = RecordBatch::try_new(Arc::clone(table.answers()), arrays);
        made = Box::into_raw(Box::new(batch.map_err(|error| error.to_string())?));
        Ok(())
    });
    made
}

/// Forgets a table.
///
/// # Safety
/// `batch` comes from [`vm_batch`] and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_batch_free(batch: *mut RecordBatch) {
    if !batch.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(batch) });
    }
}

/// Scores a table into the caller's memory, on as many threads as rayon was told.
///
/// # Safety
/// The model and the table come from [`vm_table`] and [`vm_batch`]; there is a place for each result with room for every
/// row, to which nobody else writes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_score_columns(
    table: *const Table,
    batch: *const RecordBatch,
    places: *const Place,
) -> i32 {
    guarded(|| {
        // SAFETY: the caller's promise.
        let (table, batch) =
            unsafe { (table.as_ref().ok_or("no model")?, batch.as_ref().ok_or("no table")?) };
        let rows = batch.num_rows();
        // SAFETY: as above.
        let places = unsafe { list(places, table.columns().len()) };
        let targets = table.columns().iter().zip(places).map(|(&column, place)| {
            // SAFETY: as above.
            unsafe {
                let valid = std::slice::from_raw_parts_mut(place.valid, rows.div_ceil(8));
                let values = if column.is_code() {
                    Values::Codes(std::slice::from_raw_parts_mut(place.values.cast::<u8>(), rows))
                } else {
                    Values::Numbers(std::slice::from_raw_parts_mut(place.values, rows))
                };
                Target { column, values, valid }
            }
        });
        table.score(batch, targets.collect()).map_err(|error| error.to_string())
    })
}

/// Scores a table into fresh arrays, which are given back at once: what a call from another language is measured against
/// that has no memory of its own.
///
/// # Safety
/// The model and the table come from [`vm_table`] and [`vm_batch`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_score_fresh(table: *const Table, batch: *const RecordBatch) -> i32 {
    guarded(|| {
        // SAFETY: the caller's promise.
        let (table, batch) =
            unsafe { (table.as_ref().ok_or("no model")?, batch.as_ref().ok_or("no table")?) };
        table.score_fresh(batch).map_err(|error| error.to_string())
    })
}

/// Writes the document of a model as JSON into memory of the caller, and gives its length; -1 after an error or without room.
///
/// # Safety
/// The model comes from [`vm_table`]; there is room for so many bytes, to which nobody else writes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_document(table: *const Table, out: *mut u8, room: usize) -> isize {
    let mut length = -1;
    guarded(|| {
        // SAFETY: the caller's promise.
        let table = unsafe { table.as_ref() }.ok_or("no model")?;
        let text = serde_json::to_string(table.scorer().scorecard()).map_err(|error| error.to_string())?;
        // SAFETY: as above.
        let out = unsafe { std::slice::from_raw_parts_mut(out, room) };
        out.get_mut(..text.len()).ok_or("no room for the document")?.copy_from_slice(text.as_bytes());
        length = isize::try_from(text.len()).map_err(|error| error.to_string())?;
        Ok(())
    });
    length
}

/// Columns of numbers, rows `offset..offset + rows` of each, read where they are.
///
/// # Safety
/// There is a bitmap for each column, and so many rows of both, which stay for longer than the arrays.
pub(crate) unsafe fn floats(
    values: &[*const f64],
    validity: &[*const u8],
    offset: usize,
    rows: usize,
) -> Result<Vec<ArrayRef>, String> {
    let end = offset + rows;
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(values.len());
    for (&values, &validity) in values.iter().zip(validity) {
        // SAFETY: the caller's promise; the caller keeps the memory for longer than the batch lives.
        let numbers = unsafe { wrap(values.cast(), end * size_of::<f64>()) }?;
        let numbers = ScalarBuffer::<f64>::new(numbers, offset, rows);
        let nulls = if validity.is_null() {
            None
        } else {
            // SAFETY: as above.
            let bits = unsafe { wrap(validity, end.div_ceil(8)) }?;
            Some(NullBuffer::new(BooleanBuffer::new(bits, offset, rows)))
        };
        arrays.push(Arc::new(Float64Array::new(numbers, nulls)));
    }
    Ok(arrays)
}

/// Memory of the caller as a buffer, which nobody frees.
///
/// # Safety
/// There are so many bytes, and they stay for longer than the buffer.
pub(crate) unsafe fn wrap(first: *const u8, bytes: usize) -> Result<Buffer, String> {
    let first = NonNull::new(first.cast_mut()).ok_or("a column is null")?;
    // SAFETY: the caller's promise; nothing is freed, because the owner is empty.
    Ok(unsafe { Buffer::from_custom_allocation(first, bytes, Arc::new(())) })
}
