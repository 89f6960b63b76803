//! Tables with one row per outcome, need or money line, gathered by account and given to a typed model.

mod cells;
mod gather;
mod money;
mod needs;
mod outcomes;
mod results;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use value_model::Error;

use crate::keys::KeyColumn;
use crate::long::{LongScored, Order};
use crate::scorer::Refused;
use crate::stop::{finished, not_spent};
use crate::tables::{must, place_of, same_names};
pub use cells::Cells;
pub use money::MoneyLines;
pub use needs::Needs;
pub use outcomes::Outcomes;
use results::Results;
pub use results::{Kind, Value};

/// The most rows that are kept at once for a table whose accounts stand in no order.
pub const MAX_ROWS: usize = 1 << 22;

/// Rows that are read between two looks at whether to stop.
const PIECE: usize = 1 << 13;

/// A typed model that a table feeds: [`MoneyLines`], [`Needs`] or [`Outcomes`].
pub trait EntryModel: Sync {
    /// What one row says.
    type Entry: Send;

    /// The columns of a row, and whether the table must have them. What else the table has is not read.
    fn columns(&self) -> &'static [(&'static str, bool)];

    /// Reads a row.
    ///
    /// # Errors
    /// An error that names the column.
    fn entry(&self, cells: &Cells<'_>) -> Result<Self::Entry, Error>;

    /// The columns of results.
    fn results(&self) -> &'static [(&'static str, Kind)];

    /// Scores an account: one value for each column of results.
    ///
    /// # Errors
    /// Those of the model's function.
    fn score(&self, account: &str, entries: Vec<Self::Entry>) -> Result<Vec<Value>, Error>;
}

/// Scores accounts from tables with several rows for each, batch after batch: the bits of the typed function for an
/// input with the same entries.
///
/// An account with a row that cannot be read, or that the function refuses, has a `code` and no result; all other
/// accounts have theirs. Accounts are scored on the threads of the current rayon pool.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, cast::AsArray, types::Float64Type};
/// use value_model::model::customer_value::CustomerValueInput;
/// use value_model_arrow::{EntryScorer, MoneyLines, Order};
/// let texts = |values: [&str; 3]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
/// let batch = RecordBatch::try_from_iter([
///     ("account", texts(["acme", "acme", "acme"])),
///     ("id", texts(["hours", "fees", "old_system"])),
///     ("kind", texts(["tangible_benefit", "tangible_cost", "alternative_benefit"])),
///     ("amount", Arc::new(Float64Array::from(vec![120e3, 60e3, 40e3])) as ArrayRef),
///     ("currency", texts(["EUR"; 3])),
///     ("period", texts(["year"; 3])),
///     ("source", texts(["measured"; 3])),
/// ]).expect("columns of one length");
/// let model = MoneyLines(CustomerValueInput::new(vec![]));
/// let mut scorer = EntryScorer::new(model, &batch.schema(), "account", Order::Sorted)?;
/// scorer.push(&batch)?;
/// let results = scorer.finish()?.results;
/// let net = results.column_by_name("net").map(|net| net.as_primitive::<Float64Type>().value(0));
/// assert_eq!(net, Some(20e3));
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Debug)]
pub struct EntryScorer<M: EntryModel> {
    model: M,
    account: usize,
    /// Where each of the model's columns stands.
    places: Vec<Option<usize>>,
    names: Vec<String>,
    order: Order,
    rows: usize,
    current: Option<Account<M::Entry>>,
    all: Vec<Account<M::Entry>>,
    numbers: KeyColumn,
    kept: usize,
    results: Results,
    /// Whether somebody stopped it halfway through a batch.
    spent: bool,
}

/// An account being gathered.
#[derive(Debug)]
struct Account<E> {
    name: String,
    first_row: usize,
    entries: Vec<E>,
    refused: Option<&'static str>,
    /// Whether the name is none: its rows belong to no account.
    no_name: bool,
}

impl<M: EntryModel> EntryScorer<M> {
    /// Finds the columns of a table.
    ///
    /// # Errors
    /// [`Error::UnknownId`] for a column that the table does not have, [`Error::Duplicate`] for one that it has twice,
    /// [`Error::Invalid`] for one of a type that cannot be read.
    pub fn new(model: M, table: &Schema, account: &str, order: Order) -> Result<Self, Error> {
        let found = must(table, "columns", account)?;
        if !KeyColumn::takes(table.field(found).data_type()) {
            return Err(cells::wrong_type(table.field(found)));
        }
        let mut places = Vec::new();
        for (name, required) in model.columns() {
            let place = if *required { Some(must(table, "columns", name)?) } else { place_of(table, name)? };
            if let Some(place) = place.filter(|place| !cells::reads(table.field(*place).data_type())) {
                return Err(cells::wrong_type(table.field(place)));
            }
            places.push(place);
        }
        Ok(Self {
            results: Results::new(model.results()),
            model,
            account: found,
            places,
            names: table.fields().iter().map(|field| field.name().clone()).collect(),
            order,
            rows: 0,
            current: None,
            all: Vec::new(),
            numbers: KeyColumn::with_limit(MAX_ROWS),
            kept: 0,
            spent: false,
        })
    }

    /// The places of the columns that are read, rising.
    pub fn reads(&self) -> Vec<usize> {
        let mut places: Vec<usize> = self.places.iter().flatten().copied().chain([self.account]).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Adds the rows of a batch and gives the accounts that are complete.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a batch of other columns and for an account out of [order](Order::Sorted);
    /// [`Error::Limit`] beyond [`MAX_ROWS`] rows in no order. A row that cannot be read is no error.
    pub fn push(&mut self, batch: &RecordBatch) -> Result<LongScored, Error> {
        finished(self.push_while(batch, &|| true)?)
    }

    /// As [`EntryScorer::push`], as long as `keep_on` says so; it is asked every few thousand rows, and before an
    /// account is scored.
    ///
    /// Once it has said no there is no result and the scorer is spent: it holds a part of the batch.
    ///
    /// # Errors
    /// As [`EntryScorer::push`]; [`Error::Conflict`] (`rows`) once the scorer is spent.
    pub fn push_while(
        &mut self,
        batch: &RecordBatch,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<LongScored>, Error> {
        not_spent(self.spent)?;
        same_names(batch, &self.names, "are not those that the model was matched to")?;
        let (mut done, mut refused) = (Vec::new(), Vec::new());
        for start in (0..batch.num_rows()).step_by(PIECE) {
            if !keep_on() {
                self.spent = true;
                return Ok(None);
            }
            let piece = batch.slice(start, PIECE.min(batch.num_rows() - start));
            if self.order == Order::Any {
                self.gather(&piece, &mut refused)?;
            } else {
                self.walk(&piece, &mut done, &mut refused)?;
            }
            self.rows += piece.num_rows();
        }
        if self.score(done, &mut refused, keep_on).is_none() {
            self.spent = true;
            return Ok(None);
        }
        Ok(Some(LongScored { results: self.results.take()?, refused }))
    }

    /// The accounts that are left once all batches have been given.
    ///
    /// # Errors
    /// [`Error::Conflict`] (`rows`) after a stop; else none is expected, [`Error::Invalid`] if the results do not form
    /// a table.
    pub fn finish(self) -> Result<LongScored, Error> {
        finished(self.finish_while(&|| true)?)
    }

    /// As [`EntryScorer::finish`], as long as `keep_on` says so; it is asked before an account is scored. Once it has
    /// said no there is no result.
    ///
    /// # Errors
    /// As [`EntryScorer::finish`].
    pub fn finish_while(mut self, keep_on: &(dyn Fn() -> bool + Sync)) -> Result<Option<LongScored>, Error> {
        not_spent(self.spent)?;
        let mut refused: Vec<Refused> = Vec::new();
        let left = self.current.take().into_iter().chain(std::mem::take(&mut self.all));
        let left = left.filter(|account| !account.no_name).collect();
        if self.score(left, &mut refused, keep_on).is_none() {
            return Ok(None);
        }
        Ok(Some(LongScored { results: self.results.take()?, refused }))
    }
}
