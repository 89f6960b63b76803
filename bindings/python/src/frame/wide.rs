//! One row per account.

use std::collections::BTreeSet;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use pyo3::prelude::*;
use rayon::prelude::*;
use value_model::scorecard::Scorer;
use value_model::{Error, suggest};
use value_model_arrow::{Frame, FrameSettings};

use super::options::{Errors, Layout, Model, Nan, Options};
use super::run::{SMALL, run};
use super::{Table, empty, names};
use crate::convert::raise;

/// A model matched to a wide table.
pub(super) struct Wide(Frame);

/// Scores the batches of a table.
pub(super) fn score(
    py: Python<'_>,
    scorer: &Scorer,
    options: &Options,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> PyResult<Table> {
    let wide = Wide::new(scorer, options, schema).map_err(raise)?;
    warn(py, &Model::One(scorer), options, &|| names(schema))?;
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    // Before the rows: a table that does not fit is one error, not one per batch.
    let shape = run(py, 0, |_| wide.batch(&empty(schema), 0, &|| true))?;
    let done: Vec<RecordBatch> = run(py, rows, |stop| {
        let keep_on = || !stop.wanted();
        let starts = batches.iter().scan(0, |start, batch| {
            let here = *start;
            *start += batch.num_rows();
            Some(here)
        });
        let work: Vec<(usize, &RecordBatch)> = starts.zip(batches).collect();
        // Many small batches are scored side by side, one large one by pieces.
        if rows <= SMALL || work.len() < 2 {
            work.into_iter().map(|(start, batch)| wide.batch(batch, start, &keep_on)).collect()
        } else {
            work.into_par_iter().map(|(start, batch)| wide.batch(batch, start, &keep_on)).collect()
        }
    })?;
    Ok(Table::new(shape.schema(), done))
}

/// Warns of a measure without a column where a column is nearly called like it.
pub(super) fn warn<'a, I: Iterator<Item = &'a str>>(
    py: Python<'_>,
    model: &Model<'_>,
    options: &Options,
    columns: &dyn Fn() -> I,
) -> PyResult<()> {
    if options.layout == Layout::Long {
        return Ok(());
    }
    let (mapping, read) = (options.mapping(), options.names(model).map_err(raise)?);
    let mut seen = BTreeSet::new();
    for measure in model.scorers().into_iter().flat_map(Scorer::measures) {
        let id = &*measure.id;
        let given = mapping.measures.iter().any(|(known, _)| known == id);
        // Two models of a set may ask the same.
        if given || !seen.insert(id) || columns().any(|name| *name == *measure.column) {
            continue;
        }
        if let Some(near) =
            suggest::nearest(&measure.column, columns().filter(|name| !read.contains(*name))).0
        {
            let text = format!(
                "no column holds `{id}`, so nobody answered it; did you mean the column `{near}`? \
                 Then say columns={{{id:?}: {near:?}}}"
            );
            // A name with a zero byte in it is not worth a warning.
            let text = std::ffi::CString::new(text).unwrap_or_default();
            PyErr::warn(py, &py.get_type::<pyo3::exceptions::PyUserWarning>(), &text, 4)?;
        }
    }
    Ok(())
}

/// The columns that are carried along, by place.
pub(super) fn kept(options: &Options, schema: &SchemaRef) -> Result<Vec<usize>, Error> {
    value_model_arrow::kept(schema, &options.keep(&|name| names(schema).any(|known| known == name)))
}

impl Wide {
    pub(super) fn new(scorer: &Scorer, options: &Options, schema: &SchemaRef) -> Result<Self, Error> {
        let how = FrameSettings {
            settings: options.settings(scorer)?,
            mapping: options.mapping(),
            keep: options.keep(&|name| names(schema).any(|known| known == name)),
            refuse_nan: options.nan == Nan::Refused,
            raise: options.errors == Errors::Raise,
        };
        Frame::new(scorer, schema, how).map(Self)
    }

    /// The results of a batch, whose first row is this one of the table.
    pub(super) fn batch(
        &self,
        batch: &RecordBatch,
        start: usize,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<RecordBatch, Error> {
        self.0.score(batch, start, keep_on)
    }
}
