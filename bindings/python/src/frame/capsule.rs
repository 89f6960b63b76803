//! The Arrow `PyCapsule` interface: the only unsafe code of this package.

#![expect(unsafe_code, reason = "tables cross between languages as pointers")]

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::RecordBatchReader;
use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_schema::Schema;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::convert::refused;

/// Reads the batches of somebody's stream.
pub(super) type Reader = RecordBatchStreamReader;

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";

/// Takes the stream of batches that an object offers.
pub(super) fn import(frame: &Bound<'_, PyAny>) -> PyResult<Reader> {
    let py = frame.py();
    let Some(export) = frame.getattr_opt(pyo3::intern!(py, "__arrow_c_stream__"))? else {
        return Err(refused(
            "",
            format!(
                "`{}` does not speak the Arrow PyCapsule interface; give a frame of polars, pandas, pyarrow or duckdb",
                frame.get_type().name()?
            ),
        ));
    };
    let capsule = export.call0()?;
    let capsule = capsule.cast::<PyCapsule>().map_err(PyErr::from)?;
    let pointer = capsule.pointer_checked(Some(STREAM))?;
    // SAFETY: a capsule of this name holds a valid stream, says the interface; it is taken out, as the interface asks,
    // so that the capsule's own destructor finds nothing to release.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.cast::<FFI_ArrowArrayStream>().as_ptr()) };
    Reader::try_new(stream).map_err(|error| refused("", format!("the table cannot be read: {error}")))
}

/// Offers batches to whoever asks.
pub(super) fn export(
    py: Python<'_>,
    reader: Box<dyn RecordBatchReader + Send>,
) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), STREAM)
}

/// Offers the names and types of columns.
pub(super) fn export_schema<'py>(py: Python<'py>, schema: &Arc<Schema>) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema.as_ref())
        .map_err(|error| refused("", format!("the columns cannot be described: {error}")))?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}
