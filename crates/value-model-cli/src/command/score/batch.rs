//! One batch of a columnar file: matched once, scored on any thread.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow_schema::{DataType, Schema};
use arrow_select::filter::filter_record_batch;
use value_model::scorecard::{Context, Scorer};
use value_model::{Date, Error, check};
use value_model_arrow::{ColumnScorer, Mapping, Settings};

use crate::input::{Plan, plain};
use crate::message::{Failure, Refused};
use crate::output::scored::{Layout, Scored};

/// A model matched to the columns of a file.
pub(super) struct Matched<'a> {
    scorer: ColumnScorer,
    layout: &'a Layout,
    /// The columns that are read, rising, by their place in the file.
    pub(super) reads: Vec<usize>,
    /// Places among the columns that are read.
    account: usize,
    kept: Vec<usize>,
    account_column: &'a str,
}

impl<'a> Matched<'a> {
    /// Matches the columns; that they exist has been checked.
    ///
    /// # Errors
    /// `invalid_input` for a column whose type cannot hold what it is read for, with what is allowed.
    pub(super) fn new(
        plan: &Plan<'a>,
        as_of: Date,
        schema: &Schema,
        keep: &[String],
        layout: &'a Layout,
    ) -> Result<Self, Failure> {
        let args = plan.args;
        let place =
            |name: &str| schema.index_of(name).map_err(|error| Failure::new("unknown_id", error.to_string()));
        let mut reads = measures(plan.scorer, &args.map, schema);
        let account = place(&args.account_column)?;
        let kept = keep.iter().map(|name| place(name)).collect::<Result<Vec<_>, _>>()?;
        reads.extend(args.on.iter().map(|on| place(on)).collect::<Result<Vec<_>, _>>()?);
        reads.push(account);
        reads.extend(&kept);
        reads.sort_unstable();
        reads.dedup();
        let read =
            schema.project(&reads).map_err(|error| Failure::new("invalid_input", error.to_string()))?;
        names_accounts(&read, &args.account_column)?;
        if let Some(on) = &args.on {
            holds_days(&read, on)?;
        }
        let context = Context { as_of, default_source: args.default_source, default_on: args.default_on };
        let settings = Settings { context, columns: layout.columns().to_vec() };
        let mapping = Mapping { measures: args.map.clone(), on: args.on.clone() };
        let scorer = ColumnScorer::new(plan.scorer, &read, &mapping, settings)?;
        let among = |place: usize| reads.binary_search(&place).unwrap_or_default();
        let (account, kept) = (among(account), kept.into_iter().map(among).collect());
        Ok(Self { scorer, layout, account, kept, reads, account_column: &args.account_column })
    }

    /// Scores a batch whose first row has this number, from 0.
    ///
    /// # Errors
    /// `conflict` when the batch does not have the columns of the file.
    pub(super) fn score(&self, first: u64, batch: &RecordBatch) -> Result<Scored, Failure> {
        let scored = self.scorer.score(batch)?;
        let accounts = batch.column(self.account);
        let mut errors: BTreeMap<usize, Error> =
            scored.refused.into_iter().map(|refused| (refused.row, refused.error)).collect();
        let names = self.names(accounts, &mut errors);
        let kept = self.kept.iter().map(|place| texts(batch.column(*place))).collect();
        let all = self.layout.batch(names, scored.results.columns(), kept)?;
        if errors.is_empty() {
            return Ok(Scored { accounts: all, refused: Vec::new() });
        }
        let good: BooleanArray = (0..all.num_rows()).map(|row| Some(!errors.contains_key(&row))).collect();
        let accounts_left = filter_record_batch(&all, &good).map_err(|error| wrong(&error))?;
        let refused = errors.into_iter().map(|(row, error)| {
            let name = plain::text(accounts.as_ref(), row).unwrap_or_default();
            Refused::by(&error, first + row as u64 + 1, &name)
        });
        Ok(Scored { accounts: accounts_left, refused: refused.collect() })
    }

    /// The names of the accounts; a row without a proper one is refused, which comes before anything else about it.
    fn names(&self, accounts: &ArrayRef, errors: &mut BTreeMap<usize, Error>) -> ArrayRef {
        let texts = texts(accounts);
        let shown = || (0..accounts.len()).map(|row| plain::text(accounts.as_ref(), row)).collect();
        let names: StringArray = texts.as_string_opt().cloned().unwrap_or_else(shown);
        let column = || self.account_column.to_owned();
        for row in 0..names.len() {
            let name = if names.is_null(row) { "" } else { names.value(row) };
            let plain = !name.is_empty() && name.bytes().all(|byte| (b' '..0x7F).contains(&byte));
            if plain {
                continue;
            }
            if name.is_empty() {
                errors.insert(row, Error::Missing { field: column().into() });
            } else if let Err(error) = check::name("account", name) {
                errors.insert(row, error.at(column()));
            }
        }
        if names.null_count() == 0 {
            return Arc::new(names);
        }
        Arc::new(names.iter().map(|name| Some(name.unwrap_or_default())).collect::<StringArray>())
    }
}

/// The columns that hold measures: by `--map`, else as the model says.
pub(crate) fn measures(scorer: &Scorer, map: &[(String, String)], schema: &Schema) -> Vec<usize> {
    let mapped =
        |id: &str| map.iter().rev().find(|(measure, _)| measure == id).map(|(_, column)| column.as_str());
    let names = scorer.measures().iter().map(|measure| mapped(&measure.id).unwrap_or(&measure.column));
    names.filter_map(|name| schema.index_of(name).ok()).collect()
}

/// Names are texts or whole numbers.
pub(crate) fn names_accounts(schema: &Schema, column: &str) -> Result<(), Failure> {
    holds(schema, column, "texts or whole numbers", |kind| is_text(kind) || kind.is_integer())
}

/// Days are dates, or texts that say one.
pub(crate) fn holds_days(schema: &Schema, column: &str) -> Result<(), Failure> {
    holds(schema, column, "dates or texts such as 2026-11-01", |kind| {
        is_text(kind) || matches!(kind, DataType::Date32 | DataType::Date64)
    })
}

fn holds(
    schema: &Schema,
    column: &str,
    allowed: &str,
    is: impl Fn(&DataType) -> bool,
) -> Result<(), Failure> {
    match schema.field_with_name(column) {
        Ok(field) if !is(field.data_type()) && *field.data_type() != DataType::Null => Err(Failure::new(
            "invalid_input",
            format!("column `{column}` holds {}; {allowed} are expected", field.data_type()),
        )),
        _ => Ok(()),
    }
}

/// Texts however they are stored, plain or by dictionary.
fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => plain::is_text(values),
        other => plain::is_text(other),
    }
}

/// A column of texts as plain ones, however it is stored; any other column as it is.
fn texts(column: &ArrayRef) -> ArrayRef {
    if *column.data_type() == DataType::Utf8 || !is_text(column.data_type()) {
        return Arc::clone(column);
    }
    let rows = 0..column.len();
    Arc::new(rows.map(|row| plain::str(column.as_ref(), row)).collect::<StringArray>())
}

/// Columns that do not fit together.
fn wrong(error: &arrow_schema::ArrowError) -> Failure {
    Failure::new("invalid_input", error.to_string())
}
