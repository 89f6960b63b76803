//! One row per account.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, SchemaRef};
use pyo3::prelude::*;
use rayon::prelude::*;
use value_model::scorecard::Scorer;
use value_model::{Error, suggest};
use value_model_arrow::{ColumnScorer, Refused, Scored, nan_as_null, tidy};

use super::options::{Errors, Layout, Model, Nan, Options};
use super::run::{SMALL, run};
use super::{Table, columns, empty, names};
use crate::convert::raise;

/// A model matched to a wide table.
pub(super) struct Wide {
    scorer: Scorer,
    options: Options,
    names: BTreeSet<String>,
    /// The columns that are carried along, by place.
    keep: Vec<usize>,
}

/// Scores the batches of a table.
pub(super) fn score(
    py: Python<'_>,
    scorer: &Scorer,
    options: Options,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> PyResult<Table> {
    let wide = Wide::new(scorer, options, schema).map_err(raise)?;
    warn(py, &Model::One(scorer), &wide.options, &|| names(schema))?;
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
    let place = |name: &String| {
        let mut found = names(schema).enumerate().filter(|(_, known)| known == name);
        match (found.next(), found.next()) {
            (Some((place, _)), None) => Ok(place),
            (Some(_), Some(_)) => Err(Error::Duplicate { field: "columns".into(), id: name.clone() }),
            (None, _) => Err(Error::UnknownId {
                field: "keep".into(),
                id: value_model::error::excerpt(name),
                suggestion: suggest::nearest(name, names(schema)),
            }),
        }
    };
    let keep = options.keep(&|name| names(schema).any(|known| known == name));
    keep.iter().map(place).collect()
}

impl Wide {
    pub(super) fn new(scorer: &Scorer, options: Options, schema: &SchemaRef) -> Result<Self, Error> {
        let keep = kept(&options, schema)?;
        let names = options.names(&Model::One(scorer))?;
        Ok(Self { scorer: scorer.clone(), options, names, keep })
    }

    /// The results of a batch, whose first row is this one of the table.
    pub(super) fn batch(
        &self,
        batch: &RecordBatch,
        start: usize,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<RecordBatch, Error> {
        let wanted = |name: &str| self.names.contains(name);
        let tidied = tidy(batch, &wanted)?;
        let mut scored = self.scored(&tidied, keep_on)?;
        let nan =
            |refused: &Refused| matches!(&refused.error, Error::NotFinite { value, .. } if value.is_nan());
        if self.options.nan == Nan::Missing && scored.refused.iter().any(nan) {
            scored = self.scored(&nan_as_null(&tidied, &wanted)?, keep_on)?;
        }
        if self.options.errors == Errors::Raise
            && let Some(first) = scored.refused.first()
        {
            return Err(in_row(first, start));
        }
        let results = columns::named(&self.scorer, &scored.results)?;
        let (mut fields, mut arrays) = (Vec::new(), Vec::new());
        for place in &self.keep {
            if let (Some(field), Some(array)) =
                (batch.schema().fields().get(*place), batch.columns().get(*place))
            {
                fields.push(Arc::clone(field));
                arrays.push(Arc::clone(array));
            }
        }
        fields.extend(results.schema().fields().iter().cloned());
        arrays.extend(results.columns().iter().cloned());
        fields.push(Arc::new(Field::new("code", DataType::Utf8, true)));
        arrays.push(scored.codes());
        columns::batch(fields, arrays, batch.num_rows())
    }

    fn scored(&self, batch: &RecordBatch, keep_on: &(dyn Fn() -> bool + Sync)) -> Result<Scored, Error> {
        let settings = self.options.settings(&self.scorer)?;
        let matched = ColumnScorer::new(&self.scorer, &batch.schema(), &self.options.mapping(), settings)?;
        let done = matched.score_new_while(batch, keep_on)?;
        // Stopped: whoever stopped it raises something better.
        done.ok_or_else(|| Error::Invalid { field: "".into(), reason: "scoring was stopped".into() })
    }
}

/// The refusal of a row with its number, counted from 0 as data frames count.
pub(super) fn in_row(refused: &Refused, start: usize) -> Error {
    let row = start + refused.row;
    refused.error.clone().within(&format!("[{row}]"))
}
