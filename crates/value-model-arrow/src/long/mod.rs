//! Tables with one row per answer, pivoted into the engine in one pass.

mod accounts;
mod answers;
mod columns;
mod labels;
mod results;
mod threads;
mod wide;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use value_model::Error;
use value_model::block::{Column, ROWS};
use value_model::scorecard::{Context, Gathering, Pivot, Scorer};

use crate::keys::KeyColumn;
use crate::scorer::Refused;
use crate::stop::{finished, not_spent};
use crate::tables::same_names;
use answers::Answers;
use columns::Places;
use labels::Labels;
use results::Results;
use wide::Wide;

/// The most entries that are kept at once for a table whose accounts stand in no order: about a gigabyte.
pub const MAX_ENTRIES: usize = 1 << 24;

/// Rows of a piece: few enough that what is looked up for one is still in the cache when its answers are added.
const PIECE: usize = 1 << 13;

/// Which column of a long table holds what. The last five may be absent from the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LongMapping {
    /// The account: a text, whole number or dictionary.
    pub account: String,
    /// The id of the measure.
    pub measure: String,
    /// The value: numbers, yes and no, dates, or texts.
    pub value: String,
    /// Who stands behind the answer.
    pub source: String,
    /// The role that answered.
    pub persona: String,
    /// The day it was given.
    pub on: String,
    /// The value one period earlier, for measures of growth.
    pub before: String,
    /// Why there is no value.
    pub missing: String,
}

impl Default for LongMapping {
    fn default() -> Self {
        Self {
            account: "account".into(),
            measure: "measure".into(),
            value: "value".into(),
            source: "source".into(),
            persona: "persona".into(),
            on: "on".into(),
            before: "before".into(),
            missing: "missing".into(),
        }
    }
}

/// In which order the accounts of a table stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// In byte order; memory stays flat, and a row out of order is an error.
    #[default]
    Sorted,
    /// The rows of an account stand together; memory stays flat. An account that comes again is scored again.
    Grouped,
    /// In no order: what every account answered is kept until the end, up to [`LongSettings::most_entries`].
    Any,
}

/// How a long table is scored.
#[derive(Clone, Debug)]
pub struct LongSettings {
    /// The date of scoring, and the source and day of answers that do not say them.
    pub context: Context,
    /// The persona of answers that do not say one.
    pub persona: Option<String>,
    /// The columns of results, in this order.
    pub columns: Vec<Column>,
    /// In which order the accounts stand.
    pub order: Order,
    /// For [`Order::Any`]: the most distinct combinations of account, measure and persona. [`MAX_ENTRIES`] by default.
    pub most_entries: usize,
}

impl LongSettings {
    /// Sorted accounts, answers without source or date, scored on this day.
    pub const fn new(context: Context, columns: Vec<Column>) -> Self {
        Self { context, persona: None, columns, order: Order::Sorted, most_entries: MAX_ENTRIES }
    }
}

/// Accounts whose answers are complete, and the answers that were refused.
#[derive(Clone, Debug)]
pub struct LongScored {
    /// One row per account in the order in which they came: `account`, the columns that were asked for, and `code`,
    /// which is null for an account with a result. An account with a refused answer has none: half of its answers would
    /// be another score.
    pub results: RecordBatch,
    /// Refused answers by row, counted from 0 at the start of the first batch.
    pub refused: Vec<Refused>,
}

/// Scores accounts from one row per answer, batch after batch: the bits of [`Scorer::assess`] for a record with the same
/// answers in the same order.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, cast::AsArray, types::Float64Type};
/// use value_model::block::Column;
/// use value_model::scorecard::Context;
/// use value_model_arrow::{LongMapping, LongScorer, LongSettings};
/// let scorer = value_model::presets::scorecard("value-realization")?.compile()?;
/// let texts = |values: [&str; 3]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
/// let batch = RecordBatch::try_from_iter([
///     ("account", texts(["acme", "acme", "zeta"])),
///     ("measure", texts(["full_usage", "metrics_documented", "ful_usage"])),
///     ("value", Arc::new(Float64Array::from(vec![0.5, 1.0, 0.5])) as ArrayRef),
/// ]).expect("columns of one length");
/// let context = Context::new("2026-11-01".parse()?);
/// let settings = LongSettings::new(context, vec![Column::Lower]);
/// let mut long = LongScorer::new(&scorer, &batch.schema(), &LongMapping::default(), settings)?;
/// let scored = long.push(&batch)?;
/// assert_eq!(scored.results.num_rows(), 1); // more answers of zeta may follow
/// assert!(scored.refused[0].error.to_string().contains("did you mean `full_usage`"));
/// let last = long.finish()?;
/// assert_eq!(last.results.column_by_name("code").map(|code| code.as_string::<i32>().value(0)), Some("unknown_id"));
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Debug)]
pub struct LongScorer {
    places: Places,
    names: Vec<String>,
    settings: LongSettings,
    pivot: Pivot,
    answers: Answers,
    results: Results,
    /// Rows before the current batch.
    rows: usize,
    /// Where accounts stand together: the one that the last row belongs to, unless it has been laid out.
    current: Option<Account>,
    /// The name of the account before, while accounts stand together.
    last: String,
    wide: Wide,
    /// For the next account; kept so that none is allocated.
    spare: Gathering,
    /// Where accounts stand in no order: all of them, by their number.
    all: Vec<Account>,
    numbers: KeyColumn,
    entries: usize,
    room: Vec<u32>,
    labels: Labels,
    /// Whether somebody stopped it halfway through a batch.
    spent: bool,
}

/// An account being gathered.
#[derive(Debug, Default)]
struct Account {
    name: String,
    first_row: usize,
    answers: Gathering,
    refused: Option<&'static str>,
    /// Whether the name is none: its rows belong to no account.
    no_name: bool,
}

impl LongScorer {
    /// Matches a model to a long table.
    ///
    /// # Errors
    /// [`Error::UnknownId`] for a column that the table does not have, [`Error::Duplicate`] for one that it has twice,
    /// [`Error::Invalid`] for one of a type that cannot hold what it should, [`Error::AfterAsOf`] (`default_on`).
    pub fn new(
        scorer: &Scorer,
        table: &Schema,
        mapping: &LongMapping,
        settings: LongSettings,
    ) -> Result<Self, Error> {
        let names = table.fields().iter().map(|field| field.name().clone()).collect();
        Self::with_places(scorer, Places::find(table, mapping)?, names, settings)
    }

    fn with_places(
        scorer: &Scorer,
        places: Places,
        names: Vec<String>,
        settings: LongSettings,
    ) -> Result<Self, Error> {
        let pivot = Pivot::new(scorer, settings.context, settings.persona.as_deref())?;
        Ok(Self {
            places,
            names,
            results: Results::new(scorer, &settings.columns),
            wide: Wide::new(&pivot, settings.context, &settings.columns)?,
            last: String::new(),
            numbers: KeyColumn::with_limit(settings.most_entries),
            settings,
            pivot,
            answers: Answers::default(),
            rows: 0,
            current: None,
            spare: Gathering::default(),
            all: Vec::new(),
            entries: 0,
            room: Vec::new(),
            labels: Labels::default(),
            spent: false,
        })
    }

    /// The places of the columns that are read, rising.
    pub fn reads(&self) -> Vec<usize> {
        self.places.all()
    }

    /// Adds the answers of a batch and gives the accounts that are complete.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a batch of other columns and for an account out of [order](Order::Sorted);
    /// [`Error::Limit`] beyond [`LongSettings::most_entries`]. A row that cannot be read is no error.
    pub fn push(&mut self, batch: &RecordBatch) -> Result<LongScored, Error> {
        finished(self.push_while(batch, &|| true)?)
    }

    /// As [`LongScorer::push`], as long as `keep_on` says so; it is asked every few thousand rows.
    ///
    /// Once it has said no there is no result and the scorer is spent: it holds a part of the batch.
    ///
    /// # Errors
    /// As [`LongScorer::push`]; [`Error::Conflict`] (`rows`) once the scorer is spent.
    pub fn push_while(
        &mut self,
        batch: &RecordBatch,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<LongScored>, Error> {
        not_spent(self.spent)?;
        same_names(batch, &self.names, "are not those that the model was matched to")?;
        let mut refused = Vec::new();
        for start in (0..batch.num_rows()).step_by(PIECE) {
            if !keep_on() {
                self.spent = true;
                return Ok(None);
            }
            let piece = batch.slice(start, PIECE.min(batch.num_rows() - start));
            self.answers.read(&piece, &self.places, &mut self.pivot)?;
            if self.settings.order == Order::Any {
                self.gather(&piece, &mut refused)?;
            } else {
                self.walk(&piece, &mut refused)?;
                if start == 0 {
                    // As many accounts as in the first piece, and some more, in each that follows.
                    let accounts = self.room.len() * batch.num_rows().div_ceil(PIECE);
                    self.results.reserve(accounts + accounts / 16 + ROWS);
                }
            }
            self.rows += piece.num_rows();
        }
        self.hand_over(refused).map(Some)
    }

    /// The accounts that are left once all batches have been given.
    ///
    /// # Errors
    /// [`Error::Conflict`] (`rows`) after a stop; else none is expected, [`Error::Invalid`] if the results do not form
    /// a table.
    pub fn finish(self) -> Result<LongScored, Error> {
        finished(self.finish_while(&|| true)?)
    }

    /// As [`LongScorer::finish`], as long as `keep_on` says so; it is asked every few hundred accounts. Once it has said
    /// no there is no result.
    ///
    /// # Errors
    /// As [`LongScorer::finish`].
    pub fn finish_while(mut self, keep_on: &(dyn Fn() -> bool + Sync)) -> Result<Option<LongScored>, Error> {
        not_spent(self.spent)?;
        let mut refused = Vec::new();
        let left: Vec<Account> =
            self.current.take().into_iter().chain(std::mem::take(&mut self.all)).collect();
        for (place, mut account) in left.into_iter().filter(|account| !account.no_name).enumerate() {
            if place.is_multiple_of(ROWS) && !keep_on() {
                return Ok(None);
            }
            self.score(&mut account, &mut refused);
        }
        self.hand_over(refused).map(Some)
    }

    /// What is complete so far.
    fn hand_over(&mut self, mut refused: Vec<Refused>) -> Result<LongScored, Error> {
        self.wide.flush(&mut self.pivot, &mut self.results, &mut refused);
        refused.sort_by_key(|one| one.row);
        Ok(LongScored { results: self.results.take()?, refused })
    }

    /// Scores an account by itself and forgets its answers.
    fn score(&mut self, account: &mut Account, refused: &mut Vec<Refused>) {
        self.results.name(&account.name);
        let result = match account.refused {
            Some(code) => {
                account.answers.clear();
                Err(code)
            }
            None => match self.pivot.score(&mut account.answers) {
                Ok(score) => Ok(self.pivot.values(&self.settings.columns, &score)),
                Err(error) => {
                    let code = error.code();
                    refused.push(Refused { row: account.first_row, error });
                    Err(code)
                }
            },
        };
        self.wide.stand_alone(result);
        self.count(refused);
    }

    /// Counts an account, and scores the block once it is full.
    fn count(&mut self, refused: &mut Vec<Refused>) {
        if self.wide.next() {
            self.wide.flush(&mut self.pivot, &mut self.results, refused);
        }
    }
}

impl Account {
    /// Adds the answer of a row, or refuses it and with it the account. Returns the entries it takes.
    #[inline]
    fn add(&mut self, answers: &Answers, pivot: &Pivot, row: usize) -> Result<usize, Error> {
        let added = answers.add(row, pivot, &mut self.answers);
        if let Err(error) = &added {
            self.refused = self.refused.or(Some(error.code()));
        }
        added
    }
}
