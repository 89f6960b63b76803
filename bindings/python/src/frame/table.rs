//! Results that are in memory, offered to whoever speaks Arrow.

use std::sync::Arc;

use arrow_array::{Array, RecordBatch, RecordBatchIterator};
use arrow_schema::{ArrowError, DataType, Schema};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::capsule;
use crate::convert::refused;

/// A table of results. `polars.DataFrame(table)`, `pyarrow.table(table)` and others take it without copying.
#[pyclass(frozen, module = "value_model._native")]
pub(crate) struct Table {
    schema: Arc<Schema>,
    batches: Vec<RecordBatch>,
}

impl Table {
    pub(super) const fn new(schema: Arc<Schema>, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }

    /// Whether the column of this place holds texts, and none.
    fn empty_text(&self, place: usize) -> bool {
        let text = self.schema.fields().get(place).is_some_and(|field| field.data_type() == &DataType::Utf8);
        let empty = |batch: &RecordBatch| {
            batch.columns().get(place).is_some_and(|texts| texts.null_count() == texts.len())
        };
        text && self.batches.iter().all(empty)
    }
}

#[pymethods]
impl Table {
    /// The table without its columns of texts that hold no text, and their names: polars makes such a column in no
    /// time, but takes a third of the time of scoring to take one over.
    fn _without_empty_texts(&self) -> PyResult<(Self, Vec<String>)> {
        let fields = self.schema.fields();
        let filled: Vec<usize> = (0..fields.len()).filter(|place| !self.empty_text(*place)).collect();
        // A table without columns would not know how many rows it has.
        if filled.is_empty() || filled.len() == fields.len() {
            return Ok((Self::new(Arc::clone(&self.schema), self.batches.clone()), Vec::new()));
        }
        let project = |error: ArrowError| refused("", error.to_string());
        let schema = self.schema.project(&filled).map_err(project)?;
        let batches = self.batches.iter().map(|batch| batch.project(&filled));
        let batches = batches.collect::<Result<_, _>>().map_err(project)?;
        let left = (0..fields.len()).filter(|place| !filled.contains(place));
        let left = left.filter_map(|place| Some(fields.get(place)?.name().clone()));
        Ok((Self::new(Arc::new(schema), batches), left.collect()))
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        super::names(&self.schema).collect()
    }

    /// How many rows there are.
    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A wish that need not be granted, says the interface.
        let _ = requested_schema;
        let batches = self.batches.clone().into_iter().map(Ok);
        capsule::export(py, Box::new(RecordBatchIterator::new(batches, Arc::clone(&self.schema))))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule::export_schema(py, &self.schema)
    }

    fn __repr__(&self) -> String {
        format!("<Table of {} rows: {}>", self.__len__(), self.column_names().join(", "))
    }
}
