//! One row per account, scored under a set of models: a row of results for each of its models.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, SchemaRef};
use pyo3::prelude::*;
use value_model::Error;
use value_model::set::{RollUp, SetColumn, SetScorer};
use value_model_arrow::{ColumnSetScorer, SetScored, SetSettings, nan_as_null, parents_table, tidy};

use super::options::{Errors, Model, Nan, Options};
use super::run::{run, stopped};
use super::{Table, empty, names, wide};
use crate::convert::raise;

/// A set matched to a wide table.
pub(super) struct Sets {
    set: SetScorer,
    options: Options,
    names: BTreeSet<String>,
    columns: Vec<SetColumn>,
    /// The columns that are carried along, by place.
    keep: Vec<usize>,
}

/// Scores the batches of a table.
pub(super) fn score(
    py: Python<'_>,
    set: &SetScorer,
    options: Options,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> PyResult<Table> {
    let sets = Sets::new(set, options, schema).map_err(raise)?;
    wide::warn(py, &Model::Set(set), &sets.options, &|| names(schema))?;
    let (shape, done, _) = sets.all(py, schema, batches)?;
    Ok(Table::new(shape.schema(), done))
}

/// The parents of the accounts in the batches of a table.
pub(super) fn parents(
    py: Python<'_>,
    set: &SetScorer,
    options: Options,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> PyResult<Table> {
    let as_of = options.as_of;
    let sets = Sets { columns: Vec::new(), ..Sets::new(set, options, schema).map_err(raise)? };
    wide::warn(py, &Model::Set(set), &sets.options, &|| names(schema))?;
    let (_, _, roll_up) = sets.all(py, schema, batches)?;
    let found = py.detach(|| roll_up.finish(as_of).and_then(|parents| parents_table(&parents)));
    let found = found.map_err(raise)?;
    Ok(Table::new(found.schema(), vec![found]))
}

impl Sets {
    pub(super) fn new(set: &SetScorer, options: Options, schema: &SchemaRef) -> Result<Self, Error> {
        let keep = wide::kept(&options, schema)?;
        let names = options.names(&Model::Set(set))?;
        let columns = options.selection().of_set(set)?;
        Ok(Self { set: set.clone(), options, names, columns, keep })
    }

    /// Nothing rolled up yet.
    pub(super) fn roll_up(&self) -> RollUp {
        RollUp::new(&self.set)
    }

    /// The results of all batches, behind what they look like, and what parents are made of.
    fn all(
        &self,
        py: Python<'_>,
        schema: &SchemaRef,
        batches: &[RecordBatch],
    ) -> PyResult<(RecordBatch, Vec<RecordBatch>, RollUp)> {
        // Before the rows: a table that does not fit is one error, not one per batch.
        let shape = run(py, 0, |_| self.batch(&empty(schema), 0, &mut self.roll_up(), &|| true))?;
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        let (done, roll_up) = run(py, rows, |stop| {
            let (mut done, mut roll_up, mut start) = (Vec::new(), self.roll_up(), 0);
            for batch in batches {
                done.push(self.batch(batch, start, &mut roll_up, &|| !stop.wanted())?);
                start += batch.num_rows();
            }
            Ok((done, roll_up))
        })?;
        Ok((shape, done, roll_up))
    }

    /// The results of a batch, whose first row is this one of the table.
    pub(super) fn batch(
        &self,
        batch: &RecordBatch,
        start: usize,
        roll_up: &mut RollUp,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<RecordBatch, Error> {
        let wanted = |name: &str| self.names.contains(name);
        let mut tidied = tidy(batch, &wanted)?;
        if self.options.nan == Nan::Missing {
            tidied = nan_as_null(&tidied, &wanted)?;
        }
        let scored = self.scored(&tidied, roll_up, keep_on)?;
        if self.options.errors == Errors::Raise
            && let Some(first) = scored.refused.first()
        {
            return Err(first.in_row(start));
        }
        let (mut fields, mut arrays) = (Vec::new(), Vec::new());
        for place in &self.keep {
            if let (Some(field), Some(array)) =
                (batch.schema().fields().get(*place), batch.columns().get(*place))
            {
                fields.push(Arc::clone(field));
                arrays.push(scored.carry(array)?);
            }
        }
        // The number of the row within its batch says nothing to those who see the whole table.
        fields.extend(scored.results.schema().fields().iter().skip(1).cloned());
        arrays.extend(scored.results.columns().iter().skip(1).cloned());
        fields.push(Arc::new(Field::new("code", DataType::Utf8, true)));
        arrays.push(scored.codes());
        value_model_arrow::table(fields, arrays, scored.results.num_rows())
    }

    fn scored(
        &self,
        batch: &RecordBatch,
        roll_up: &mut RollUp,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<SetScored, Error> {
        let settings = SetSettings {
            context: self.options.context(),
            columns: self.columns.clone(),
            account: self.options.account().to_owned(),
        };
        let matched = ColumnSetScorer::new(&self.set, &batch.schema(), &self.options.mapping(), settings)?;
        let done = matched.score_while(batch, roll_up, keep_on)?;
        done.ok_or_else(stopped)
    }
}
