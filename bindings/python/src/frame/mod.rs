//! Data frames: tables of Arrow in, tables of Arrow out, nothing copied at the border.

mod capsule;
mod long;
mod options;
mod run;
mod set;
mod stream;
mod table;
mod wide;

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{Schema, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use value_model::set::SetScorer;
use value_model::{Error, scorecard, suggest};

pub(crate) use self::options::Model;
pub(crate) use self::stream::Stream;
pub(crate) use self::table::Table;

use self::options::{Layout, Options};
use self::wide::Wide;
use crate::convert::{guarded, options, raise, refused};

/// Scores a table that is in memory.
pub(crate) fn score(
    scorer: &scorecard::Scorer,
    frame: &Bound<'_, PyAny>,
    given: Option<&Bound<'_, PyDict>>,
) -> PyResult<Table> {
    whole(frame, given, |options, schema, batches| match options.layout {
        Layout::Wide => wide::score(frame.py(), scorer, &options, schema, batches),
        Layout::Long => long::score(frame.py(), scorer, options, schema, batches),
    })
}

/// Scores a table that is in memory under a set.
pub(crate) fn score_set(
    set: &SetScorer,
    frame: &Bound<'_, PyAny>,
    given: Option<&Bound<'_, PyDict>>,
) -> PyResult<Table> {
    whole(frame, given, |options, schema, batches| set::score(frame.py(), set, options, schema, batches))
}

/// The parents of the accounts of a table.
pub(crate) fn parents(
    set: &SetScorer,
    frame: &Bound<'_, PyAny>,
    given: Option<&Bound<'_, PyDict>>,
) -> PyResult<Table> {
    whole(frame, given, |options, schema, batches| set::parents(frame.py(), set, options, schema, batches))
}

/// Does something with options and a table that is in memory.
fn whole(
    frame: &Bound<'_, PyAny>,
    given: Option<&Bound<'_, PyDict>>,
    work: impl FnOnce(Options, &SchemaRef, &[RecordBatch]) -> PyResult<Table>,
) -> PyResult<Table> {
    guarded(|| {
        let options = options(given)?;
        let (schema, batches) = read(frame)?;
        work(options, &schema, &batches)
    })
}

/// Scores a table under a set batch by batch, as somebody asks for them.
pub(crate) fn stream_set(
    set: &SetScorer,
    frame: &Bound<'_, PyAny>,
    given: Option<&Bound<'_, PyDict>>,
) -> PyResult<Stream> {
    guarded(|| Stream::set(frame.py(), set, options(given)?, capsule::import(frame)?))
}

/// A table that is in memory.
fn read(frame: &Bound<'_, PyAny>) -> PyResult<(SchemaRef, Vec<RecordBatch>)> {
    let mut reader = capsule::import(frame)?;
    let schema = reader.schema();
    let mut batches = Vec::new();
    while let Some(batch) = next(frame.py(), &mut reader)? {
        batches.push(batch);
    }
    Ok((schema, batches))
}

/// The first column of a table, batch by batch.
pub(crate) fn columns_of(frame: &Bound<'_, PyAny>) -> PyResult<Vec<arrow_array::ArrayRef>> {
    let mut reader = capsule::import(frame)?;
    let mut arrays = Vec::new();
    while let Some(batch) = next(frame.py(), &mut reader)? {
        arrays.extend(batch.columns().first().cloned());
    }
    Ok(arrays)
}

/// Scores a table batch by batch, as somebody asks for them.
pub(crate) fn stream(
    scorer: &scorecard::Scorer,
    frame: &Bound<'_, PyAny>,
    given: Option<&Bound<'_, PyDict>>,
) -> PyResult<Stream> {
    guarded(|| {
        let options: Options = options(given)?;
        let reader = capsule::import(frame)?;
        match options.layout {
            Layout::Wide => Stream::wide(frame.py(), scorer, &options, reader),
            Layout::Long => Stream::long(frame.py(), scorer, options, reader),
        }
    })
}

/// Which of these columns scoring reads or keeps, in their order; a name may stand twice if it does here.
///
/// A name that is meant and does not exist is refused here, where every name is known.
pub(crate) fn needs(
    py: Python<'_>,
    model: &Model<'_>,
    columns: &[String],
    given: Option<&Bound<'_, PyDict>>,
) -> PyResult<Vec<String>> {
    let options: Options = options(given)?;
    let known = |name: &str| columns.iter().any(|column| column == name);
    let keep = options.keep(&known);
    let names = options.names(model).map_err(raise)?;
    let meant = options.meant(model, &keep).map_err(raise)?;
    if let Some((field, name)) = meant.iter().find(|(_, name)| !known(name)) {
        let suggestion = suggest::nearest(name, columns.iter().map(String::as_str));
        let id = value_model::error::excerpt(name);
        return Err(raise(Error::UnknownId { field: (*field).into(), id, suggestion }));
    }
    wide::warn(py, model, &options, &|| columns.iter().map(String::as_str))?;
    Ok(columns.iter().filter(|name| keep.contains(name) || names.contains(name.as_str())).cloned().collect())
}

/// The next batch of a reader, which may run programs of others without the interpreter.
fn next(py: Python<'_>, reader: &mut capsule::Reader) -> PyResult<Option<RecordBatch>> {
    py.check_signals()?;
    match py.detach(|| reader.next()).transpose() {
        Ok(batch) => Ok(batch),
        Err(error) => match PyErr::take(py) {
            Some(raised) => Err(raised),
            None => Err(refused("", format!("the table cannot be read: {error}"))),
        },
    }
}

/// A table without rows: what its results look like.
fn empty(schema: &SchemaRef) -> RecordBatch {
    RecordBatch::new_empty(Arc::clone(schema))
}

/// Names of columns.
fn names(schema: &Schema) -> impl Iterator<Item = &str> {
    schema.fields().iter().map(|field| field.name().as_str())
}
