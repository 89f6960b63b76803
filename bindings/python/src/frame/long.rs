//! One row per answer.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use pyo3::prelude::*;
use value_model::Error;
use value_model::scorecard::Scorer;
use value_model_arrow::{LongScored, LongScorer, nan_as_null, tidy};

use super::options::{Errors, Model, Nan, Options};
use super::run::{run, stopped};
use super::{Table, empty};
use crate::convert::raise;

/// Rows that are tidied at a time: enough for every thread, and a copy of them is no burden.
const PIECE: usize = 1 << 20;

/// A model matched to a long table, with the accounts that are not complete yet.
pub(super) struct Long {
    scorer: Scorer,
    options: Options,
    names: std::collections::BTreeSet<String>,
    inner: LongScorer,
}

/// Scores the batches of a table.
pub(super) fn score(
    py: Python<'_>,
    scorer: &Scorer,
    options: Options,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> PyResult<Table> {
    let mut long = Long::new(scorer, options, schema).map_err(raise)?;
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    let done = run(py, rows, |stop| {
        let keep_on = || !stop.wanted();
        let mut done = Vec::new();
        for batch in batches {
            for start in (0..batch.num_rows()).step_by(PIECE) {
                let piece = batch.slice(start, PIECE.min(batch.num_rows() - start));
                done.extend(long.push(&piece, &keep_on)?);
            }
        }
        done.extend(long.finish(&keep_on)?);
        Ok(done)
    })?;
    let schema = done.first().map(RecordBatch::schema);
    let schema = schema.ok_or_else(|| raise(Error::Empty { field: "columns".into() }))?;
    Ok(Table::new(schema, done.into_iter().filter(|batch| batch.num_rows() > 0).collect()))
}

impl Long {
    pub(super) fn new(scorer: &Scorer, options: Options, schema: &SchemaRef) -> Result<Self, Error> {
        let names = options.names(&Model::One(scorer))?;
        let inner = matched(scorer, &options, &names, schema)?;
        Ok(Self { scorer: scorer.clone(), options, names, inner })
    }

    /// The accounts that a batch completes.
    pub(super) fn push(
        &mut self,
        batch: &RecordBatch,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<RecordBatch>, Error> {
        let wanted = |name: &str| self.names.contains(name);
        let mut batch = tidy(batch, &wanted)?;
        if self.options.nan == Nan::Missing {
            batch = nan_as_null(&batch, &wanted)?;
        }
        let done = self.inner.push_parallel_while(&batch, keep_on)?.ok_or_else(stopped)?;
        done.into_iter().map(|scored| self.named(&scored)).collect()
    }

    /// The accounts that are left.
    pub(super) fn finish(self, keep_on: &(dyn Fn() -> bool + Sync)) -> Result<Option<RecordBatch>, Error> {
        let Self { scorer, options, inner, .. } = self;
        let scored = inner.finish_while(keep_on)?.ok_or_else(stopped)?;
        named(&scorer, &options, &scored).map(Some)
    }

    fn named(&self, scored: &LongScored) -> Result<RecordBatch, Error> {
        named(&self.scorer, &self.options, scored)
    }
}

fn named(scorer: &Scorer, options: &Options, scored: &LongScored) -> Result<RecordBatch, Error> {
    if options.errors == Errors::Raise
        && let Some(first) = scored.refused.first()
    {
        return Err(first.in_row(0));
    }
    value_model_arrow::named(scorer, &scored.results)
}

fn matched(
    scorer: &Scorer,
    options: &Options,
    names: &std::collections::BTreeSet<String>,
    schema: &SchemaRef,
) -> Result<LongScorer, Error> {
    let tidied = tidy(&empty(schema), &|name| names.contains(name))?;
    LongScorer::new(scorer, &tidied.schema(), &options.long_mapping()?, options.long_settings(scorer)?)
}
