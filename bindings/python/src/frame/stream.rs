//! Results batch by batch, for tables larger than memory.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, Schema, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use value_model::Error;
use value_model::scorecard::Scorer;
use value_model::set::{RollUp, SetScorer};

use super::capsule::{self, Reader};
use super::long::Long;
use super::options::Options;
use super::run::{installed, run};
use super::set::Sets;
use super::{Wide, empty};
use crate::convert::{raise, refused};

/// A table of results that is computed while it is read; it can be read once.
#[pyclass(frozen, module = "value_model._native")]
pub(crate) struct Stream {
    schema: Arc<Schema>,
    results: Mutex<Option<Results>>,
}

/// Batches being scored.
struct Results {
    schema: Arc<Schema>,
    reader: Reader,
    layout: Layout,
    ready: VecDeque<RecordBatch>,
}

enum Layout {
    Wide { wide: Wide, rows: usize },
    Long(Option<Box<Long>>),
    Set { sets: Sets, roll_up: RollUp, rows: usize },
}

impl Stream {
    pub(super) fn wide(py: Python<'_>, scorer: &Scorer, options: &Options, reader: Reader) -> PyResult<Self> {
        let wide = Wide::new(scorer, options, &reader.schema()).map_err(raise)?;
        let none = empty(&reader.schema());
        let shape = run(py, 0, |_| wide.batch(&none, 0, &|| true))?;
        Ok(Self::new(shape.schema(), reader, Layout::Wide { wide, rows: 0 }))
    }

    pub(super) fn long(py: Python<'_>, scorer: &Scorer, options: Options, reader: Reader) -> PyResult<Self> {
        let mut long = Long::new(scorer, options, &reader.schema()).map_err(raise)?;
        let none = empty(&reader.schema());
        let shape = run(py, 0, |_| long.push(&none, &|| true))?;
        let schema = shape.first().map(RecordBatch::schema);
        let schema = schema.ok_or_else(|| raise(Error::Empty { field: "columns".into() }))?;
        Ok(Self::new(schema, reader, Layout::Long(Some(Box::new(long)))))
    }

    pub(super) fn set(py: Python<'_>, set: &SetScorer, options: Options, reader: Reader) -> PyResult<Self> {
        let sets = Sets::new(set, options, &reader.schema()).map_err(raise)?;
        let none = empty(&reader.schema());
        let shape = run(py, 0, |_| sets.batch(&none, 0, &mut sets.roll_up(), &|| true))?;
        let roll_up = sets.roll_up();
        Ok(Self::new(shape.schema(), reader, Layout::Set { sets, roll_up, rows: 0 }))
    }

    fn new(schema: SchemaRef, reader: Reader, layout: Layout) -> Self {
        let results = Results { schema: Arc::clone(&schema), reader, layout, ready: VecDeque::new() };
        Self { schema, results: Mutex::new(Some(results)) }
    }
}

#[pymethods]
impl Stream {
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let results = self.results.lock().unwrap_or_else(PoisonError::into_inner).take();
        match results {
            Some(results) => capsule::export(py, Box::new(results)),
            None => Err(refused("", "these results have been read; score again for more")),
        }
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule::export_schema(py, &self.schema)
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        super::names(&self.schema).collect()
    }
}

impl Results {
    /// What one more batch gives; nothing when there is none.
    fn more(&mut self) -> Result<Option<()>, ArrowError> {
        let refuse = |error: Error| ArrowError::ExternalError(Box::new(error));
        let batch = self.reader.next().transpose()?;
        match (&mut self.layout, batch) {
            (Layout::Wide { wide, rows }, Some(batch)) => {
                self.ready.push_back(installed(|| wide.batch(&batch, *rows, &|| true)).map_err(refuse)?);
                *rows += batch.num_rows();
            }
            (Layout::Set { sets, roll_up, rows }, Some(batch)) => {
                let done = installed(|| sets.batch(&batch, *rows, roll_up, &|| true));
                self.ready.push_back(done.map_err(refuse)?);
                *rows += batch.num_rows();
            }
            (Layout::Long(Some(long)), Some(batch)) => {
                self.ready.extend(installed(|| long.push(&batch, &|| true)).map_err(refuse)?);
            }
            (Layout::Long(long), None) => match long.take() {
                Some(long) => self.ready.extend(installed(|| long.finish(&|| true)).map_err(refuse)?),
                None => return Ok(None),
            },
            (Layout::Wide { .. } | Layout::Set { .. }, None) | (Layout::Long(None), Some(_)) => {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }
}

impl Iterator for Results {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            // A batch of long answers may complete no account.
            while let Some(batch) = self.ready.pop_front() {
                if batch.num_rows() > 0 {
                    return Some(Ok(batch));
                }
            }
            // Whoever reads is written in C: a panic must not reach it.
            let more = catch_unwind(AssertUnwindSafe(|| self.more()));
            match more.unwrap_or_else(|_| Err(ArrowError::ExternalError(Box::new(mistake())))) {
                Ok(Some(())) => {}
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

fn mistake() -> Error {
    Error::Invalid { field: "".into(), reason: "this is a mistake in value-model, please report it".into() }
}

impl RecordBatchReader for Results {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
