//! Scoring a batch under a set.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt8Type};
use arrow_array::{Array, RecordBatch};
use value_model::Error;
use value_model::scorecard::Outcome;
use value_model::set::{Headline, RollUp};

use super::known::Known;
use super::matched::HEADLINE;
use super::rows::Rows;
use super::{ColumnSetScorer, SetScored, table};
use crate::scorer::Refused;
use crate::stop::finished;

impl ColumnSetScorer {
    /// Scores a batch, and adds its accounts to a roll-up of the same set, from which parents are made in the end.
    ///
    /// A row is refused as [`SetScorer::assess`](value_model::set::SetScorer::assess) and [`RollUp::add`] refuse its
    /// account: under all of its models, if one of them refuses it.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the batch does not have the columns this was made for. A row that cannot be scored is
    /// no error: it stands in [`SetScored::refused`].
    pub fn score(&self, batch: &RecordBatch, roll_up: &mut RollUp) -> Result<SetScored, Error> {
        finished(self.score_while(batch, roll_up, &|| true)?)
    }

    /// As [`ColumnSetScorer::score`], as long as `keep_on` says so. Once it has said no there is no result, and nothing
    /// has been added to the roll-up.
    ///
    /// # Errors
    /// As [`ColumnSetScorer::score`].
    pub fn score_while(
        &self,
        batch: &RecordBatch,
        roll_up: &mut RollUp,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<SetScored>, Error> {
        self.fits(batch)?;
        let columns = self.attributes.iter().map(|place| Known::new(batch.column(*place)));
        let known = columns.collect::<Result<Vec<_>, _>>()?;
        let accounts = self.account.map(|place| Known::new(batch.column(place))).transpose()?;
        let mut rows = Rows::choose(&self.set, &known, batch.num_rows());
        let names = accounts.map(|accounts| names(&accounts, &mut rows));
        let scored = rows.of_models(self.models.len());
        let (mut results, mut refused) = (Vec::with_capacity(self.models.len()), Vec::new());
        for (number, (model, of_model)) in self.models.iter().zip(&scored).enumerate() {
            let narrow = model.batch(batch, of_model)?;
            let Some(done) = model.scorer.score_new_while(&narrow, keep_on)? else { return Ok(None) };
            results.push(done.results);
            let row = |place: usize| of_model.get(place).copied().unwrap_or_default();
            refused.extend(done.refused.into_iter().map(|one| (row(one.row), number, one.error)));
        }
        rows.refuse_all(refused.into_iter());
        if let Some(names) = names {
            self.roll_up(&mut rows, &known, (&names, &scored, &results), roll_up);
        }
        let layout = rows.layout(&scored);
        let place = |model: usize, column| self.models.get(model)?.place(column);
        let made = table::table((&self.schema, &self.columns, &self.names), &layout, &results, &place)?;
        let refused = rows.errors.into_iter().map(|(row, error)| Refused { row, error });
        Ok(Some(SetScored { results: made, refused: refused.collect() }))
    }

    /// Adds the accounts of a batch to what parents are made of; one that cannot be added is refused.
    fn roll_up(
        &self,
        rows: &mut Rows,
        known: &[Known<'_>],
        (names, scored, results): (&[Cow<'_, str>], &[Vec<usize>], &[RecordBatch]),
        roll_up: &mut RollUp,
    ) {
        let headlines: Vec<Headlines<'_>> = self
            .models
            .iter()
            .zip(results)
            .map(|(model, results)| Headlines {
                columns: HEADLINE
                    .map(|column| model.place(column).map(|place| results.column(place).as_ref())),
            })
            .collect();
        for (row, account) in names.iter().enumerate() {
            if rows.errors.contains_key(&row) {
                continue;
            }
            let own = rows.models(row).first().and_then(|model| {
                let at = scored.get(*model)?.binary_search(&row).ok()?;
                headlines.get(*model)?.get(at)
            });
            if let Err(error) = roll_up.add_by(account, |place| known.get(place)?.get(row), own) {
                rows.refuse(row, error);
            }
        }
    }

    fn fits(&self, batch: &RecordBatch) -> Result<(), Error> {
        let schema = batch.schema();
        let found = schema.fields().iter().map(|field| (field.name(), field.data_type()));
        if found.eq(self.table.fields().iter().map(|field| (field.name(), field.data_type()))) {
            return Ok(());
        }
        let reason = "are not those that the set was matched to".into();
        Err(Error::Conflict { field: "columns".into(), reason })
    }
}

/// The names of accounts; a row without a proper one is refused.
fn names<'a>(accounts: &Known<'a>, rows: &mut Rows) -> Vec<Cow<'a, str>> {
    let mut names = Vec::with_capacity(rows.len());
    for row in 0..rows.len() {
        names.push(accounts.name(row).unwrap_or_else(|error| {
            rows.refuse(row, error);
            Cow::Borrowed("")
        }));
    }
    names
}

/// What one model says, where it is the headline.
struct Headlines<'a> {
    columns: [Option<&'a dyn Array>; 5],
}

impl Headlines<'_> {
    fn get(&self, row: usize) -> Option<Headline> {
        let [outcome, score, lower, upper, coverage] = self.columns;
        let number = |column: Option<&dyn Array>| {
            let values = column?.as_primitive_opt::<Float64Type>()?;
            values.is_valid(row).then(|| values.value(row))
        };
        let outcome = match outcome?.as_primitive_opt::<UInt8Type>()?.value(row) {
            0 => Outcome::Scored,
            1 => Outcome::Insufficient,
            _ => Outcome::NotApplicable,
        };
        let (lower, upper, coverage) = (number(lower)?, number(upper)?, number(coverage)?);
        Some(Headline { outcome, score: number(score), lower, upper, coverage })
    }
}
