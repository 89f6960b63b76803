//! Accounts of a long table scored together; those that the engine refuses are looked at one by one.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{ArrowError, Schema};
use arrow_select::concat::concat_batches;
use arrow_select::interleave::interleave_record_batch;
use value_model::check;
use value_model::scorecard::{Assessment, Context};
use value_model_arrow::{LongScorer, LongSettings, Order};

use super::answers::{Answers, Shape, is_filled, numbered};
use crate::command::score::Tally;
use crate::command::score::full::{Run, kept};
use crate::input::Plan;
use crate::input::cells::{self, Cells};
use crate::input::long::Gathered;
use crate::message::{Failure, Refused};
use crate::output::rows::Rows;
use crate::output::scored::Layout;

/// A model matched to a long table.
pub(super) struct Matched<'a> {
    pub(super) plan: Plan<'a>,
    pub(super) shape: &'a Shape,
    as_of: value_model::Date,
    keep: &'a [String],
    layout: &'a Layout,
    settings: LongSettings,
}

/// What became of accounts, in their order.
#[derive(Default)]
pub(super) struct Found {
    pub(super) accounts: Vec<RecordBatch>,
    pub(super) refused: Vec<Refused>,
    pub(super) tally: Tally,
}

/// Accounts that were assessed one by one, or why not.
type Alone = Result<(Assessment, Vec<String>), Refused>;

impl<'a> Matched<'a> {
    /// Matches the columns; none where only one account at a time can be read.
    pub(super) fn new<'r: 'a>(run: &Run<'r>, shape: &'a Shape, layout: &'a Layout) -> Option<Self> {
        let (plan, as_of) = (run.plan, run.as_of);
        let args = plan.args;
        let context = Context { as_of, default_source: args.default_source, default_on: args.default_on };
        let persona = args.default_persona.clone();
        let columns = layout.columns().to_vec();
        let settings = LongSettings { persona, order: Order::Grouped, ..LongSettings::new(context, columns) };
        let matched = Self { plan, shape, as_of, keep: run.keep, layout, settings };
        matched.scorer(&numbered(&shape.schema)).is_ok().then_some(matched)
    }

    fn scorer(&self, table: &Schema) -> Result<LongScorer, value_model::Error> {
        LongScorer::new(self.plan.scorer, table, &Shape::mapping(), self.settings.clone())
    }

    /// An account that begins in this row, or goes on in it.
    pub(super) fn gather(
        &self,
        answers: &Answers,
        run: usize,
        gathered: Option<Gathered>,
        cells: &mut Cells,
    ) -> Option<Gathered> {
        let columns = &self.shape.columns;
        let mut gathered = gathered;
        for row in answers.rows(run) {
            let row = answers.row(run, row, self.shape);
            let account = gathered.get_or_insert_with(|| columns.begin(&row, &self.plan));
            columns.add(account, &row, &self.plan, cells);
        }
        gathered
    }

    /// Assesses an account by itself.
    pub(super) fn assess(&self, account: Gathered) -> Alone {
        let record = account.record?;
        let found = self.plan.scorer.assess(&record, self.as_of);
        let found = found.map_err(|error| Refused::by(&error, account.line, &record.account))?;
        Ok((found, kept(&record, self.keep)))
    }

    /// Adds accounts that were assessed by themselves.
    ///
    /// # Errors
    /// `invalid_input` for kept columns of another type than the output's.
    pub(super) fn add_alone(&self, accounts: Vec<Alone>, found: &mut Found) -> Result<(), Failure> {
        let mut rows = Rows::new(self.layout, self.plan.scorer);
        for account in accounts {
            match account {
                Ok((result, keep)) => {
                    found.tally.count(result.score);
                    rows.assessment(&result, keep.iter().map(String::as_str));
                }
                Err(refused) => found.refused.push(refused),
            }
        }
        if rows.len() > 0 {
            found.accounts.push(rows.take()?);
        }
        Ok(())
    }

    /// Scores accounts whose rows are all here.
    ///
    /// # Errors
    /// As [`Matched::add_alone`].
    pub(super) fn score(
        &self,
        answers: &Answers,
        runs: Range<usize>,
        found: &mut Found,
    ) -> Result<(), Failure> {
        if runs.is_empty() {
            return Ok(());
        }
        let results = self.results(answers, runs.clone())?;
        let all = self.layout.batch(
            names(answers, runs.clone()),
            results.columns().get(1..=self.layout.columns().len()).unwrap_or_default(),
            self.kept(answers, runs.clone()),
        )?;
        let codes = results.column(results.num_columns() - 1);
        let mut cells = Cells::new(self.plan.args.decimal);
        let mut alone: Vec<(usize, Alone)> = Vec::new();
        for (place, run) in runs.enumerate() {
            if codes.is_valid(place) || self.is_odd(answers, run) {
                let account = self.gather(answers, run, None, &mut cells);
                alone.extend(account.map(|account| (place, self.assess(account))));
            }
        }
        self.put(all, alone, found)
    }

    /// What the engine says of the accounts, one row each.
    fn results(&self, answers: &Answers, runs: Range<usize>) -> Result<RecordBatch, Failure> {
        let (first, last) = (answers.rows(runs.start).start, answers.rows(runs.end - 1).end);
        let schema = numbered(answers.table.schema_ref());
        let mut numbers = Vec::with_capacity(last - first);
        for (number, run) in (0_u32..).zip(runs) {
            numbers.resize(numbers.len() + answers.rows(run).len(), number);
        }
        let mut columns: Vec<ArrayRef> = vec![Arc::new(UInt32Array::from(numbers))];
        columns.extend(answers.table.slice(first, last - first).columns().iter().cloned());
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).map_err(|error| unfit(&error))?;
        let mut scorer = self.scorer(&schema)?;
        let scored = [scorer.push(&batch)?.results, scorer.finish()?.results];
        concat_batches(scored[0].schema_ref(), &scored).map_err(|error| unfit(&error))
    }

    /// Whether an account has a row that columns cannot hold, or a name that is none.
    fn is_odd(&self, answers: &Answers, run: usize) -> bool {
        let rows = answers.rows(run);
        let name = std::str::from_utf8(answers.names.get(run));
        if !name.is_ok_and(|name| check::name("account", name).is_ok())
            || answers.odd.range(rows.clone()).next().is_some()
        {
            return true;
        }
        let column = |place: Option<usize>| place.and_then(|place| answers.table.columns().get(place));
        let before = column(self.shape.before);
        let missing = column(self.shape.missing).zip(answers.table.columns().get(1));
        let mut rows = rows;
        rows.any(|row| {
            before.is_some_and(|before| is_filled(before, row))
                || missing.is_some_and(|(missing, value)| is_filled(missing, row) && is_filled(value, row))
        })
    }

    /// The first text that each account has for each column that is kept.
    fn kept(&self, answers: &Answers, runs: Range<usize>) -> Vec<ArrayRef> {
        let columns = answers.table.columns().get(self.shape.kept.clone()).unwrap_or_default();
        let column = |column: &ArrayRef| -> ArrayRef {
            let text = |run: usize| {
                let mut texts =
                    answers.rows(run).filter_map(|row| crate::input::plain::str(column.as_ref(), row));
                let first = texts.find(|text| !text.is_empty())?;
                Some(crate::command::score::full::full_text(&cells::attribute(first)))
            };
            Arc::new(runs.clone().map(text).collect::<StringArray>())
        };
        columns.iter().map(column).collect()
    }

    /// Puts the accounts that were looked at one by one where they belong.
    fn put(&self, all: RecordBatch, alone: Vec<(usize, Alone)>, found: &mut Found) -> Result<(), Failure> {
        let mut left = all;
        if !alone.is_empty() {
            let mut others = Found::default();
            let (mut places, mut next, mut read) = (Vec::new(), 0, 0);
            for (place, account) in &alone {
                places.extend((next..*place).map(|row| (0, row)));
                if account.is_ok() {
                    places.push((1, read));
                    read += 1;
                }
                next = place + 1;
            }
            places.extend((next..left.num_rows()).map(|row| (0, row)));
            self.add_alone(alone.into_iter().map(|(_, account)| account).collect(), &mut others)?;
            found.refused.append(&mut others.refused);
            let mut from = vec![&left];
            from.extend(others.accounts.first());
            left = interleave_record_batch(&from, &places).map_err(|error| unfit(&error))?;
        }
        let without = left.columns().get(1).map_or(0, Array::null_count) as u64;
        found.tally.add(Tally { scored: left.num_rows() as u64 - without, without });
        if left.num_rows() > 0 {
            found.accounts.push(left);
        }
        Ok(())
    }
}

/// The names of accounts, of which those that are none have been refused.
fn names(answers: &Answers, runs: Range<usize>) -> ArrayRef {
    let name = |run| Some(std::str::from_utf8(answers.names.get(run)).unwrap_or_default());
    Arc::new(runs.map(name).collect::<StringArray>())
}

/// Columns that do not fit together.
fn unfit(error: &ArrowError) -> Failure {
    Failure::new("invalid_input", error.to_string())
}
