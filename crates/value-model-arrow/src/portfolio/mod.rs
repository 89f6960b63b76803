//! Portfolio over columns: accounts rolled up by the values of key columns.

mod columns;
mod threads;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use value_model::Error;
use value_model::compare::portfolio::PortfolioReport;
use value_model::compare::rollup::{Known, Rollup};
use value_model::scorecard::Scorer;

use crate::dispatch::Path;
use crate::keys::Keys;
use crate::scorer::Refused;
use crate::stop::{KeepOn, finished};
use crate::tables::{must, same_names};
use columns::Columns;

/// Rows of a piece: many enough that starting one costs nothing, few enough for the caches and for busy threads.
const PIECE: usize = 1 << 13;

/// What to roll up by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortfolioSettings {
    /// The key columns; none gives the total alone.
    pub by: Vec<String>,
    /// The column that holds revenue.
    pub revenue: Option<String>,
}

/// A portfolio being added up from tables of results, in any order and any pieces: the bits of
/// [`compare::portfolio`](value_model::compare::portfolio) over the same accounts.
///
/// A table has a column `score` and, if they are to be rolled up, `lower`, `upper`, `coverage` and `outcome`, as
/// [`ColumnScorer`](crate::ColumnScorer) names them. Key columns hold texts (plain, views or by dictionary), whole and
/// other numbers, yes and no, or dates; null is a key of its own. Where `outcome` is null (without that column: where
/// `score` and `lower` are), the row was refused when it was scored and is left out.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
/// use value_model_arrow::{ColumnPortfolio, PortfolioSettings};
/// let scorer = value_model::presets::scorecard("value-realization")?.compile()?;
/// let column = |values: &[f64]| Arc::new(Float64Array::from(values.to_vec())) as ArrayRef;
/// let batch = RecordBatch::try_from_iter([
///     ("csm", Arc::new(StringArray::from(vec![Some("ann"), None, Some("ann")])) as ArrayRef),
///     ("score", column(&[80.0, 40.0, 65.0])),
///     ("arr", column(&[120e3, 30e3, 50e3])),
/// ]).expect("columns of one length");
/// let settings = PortfolioSettings { by: vec!["csm".into()], revenue: Some("arr".into()) };
/// let mut portfolio = ColumnPortfolio::new(&scorer, &batch.schema(), &settings)?;
/// assert!(portfolio.add(&batch)?.is_empty());
/// let report = portfolio.report();
/// assert_eq!(report.total.revenue_weighted_mean, Some(70.25));
/// assert_eq!((report.rows[0].key[0].as_deref(), report.rows[1].key[0].as_deref()), (None, Some("ann")));
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ColumnPortfolio {
    path: Path,
    names: Vec<String>,
    /// The places of the columns that are read, rising; what follows counts these alone.
    reads: Vec<usize>,
    columns: Columns,
    by: Vec<usize>,
    keys: Keys,
    sums: Rollup,
    /// The key of each row of a batch.
    rows: Vec<u32>,
}

impl ColumnPortfolio {
    /// Finds the columns of a table.
    ///
    /// # Errors
    /// [`Error::UnknownId`] for a column that the table does not have, [`Error::Duplicate`] for one that it has twice,
    /// [`Error::Invalid`] for one of a type that cannot be a key or a number, and as for [`Path::best`].
    pub fn new(scorer: &Scorer, table: &Schema, settings: &PortfolioSettings) -> Result<Self, Error> {
        let mut by = Vec::with_capacity(settings.by.len());
        for name in &settings.by {
            let place = must(table, "by", name)?;
            let kind = table.field(place).data_type();
            if !Keys::takes(kind) {
                return Err(Error::Invalid {
                    field: name.clone().into(),
                    reason: format!("holds {kind}; a key is a text, a number, yes or no, or a date"),
                });
            }
            by.push(place);
        }
        let columns = Columns::find(table, settings.revenue.as_deref())?;
        let mut reads: Vec<usize> = by.iter().copied().chain(columns.places()).collect();
        reads.sort_unstable();
        reads.dedup();
        let within = |place: usize| reads.binary_search(&place).unwrap_or(usize::MAX);
        Ok(Self {
            path: Path::best()?,
            names: table.fields().iter().map(|field| field.name().clone()).collect(),
            columns: columns.map(within),
            keys: Keys::new(by.len()),
            by: by.into_iter().map(within).collect(),
            reads,
            sums: Rollup::new(scorer),
            rows: Vec::new(),
        })
    }

    /// Forces the instructions that add accounts up; without it the fastest of this processor do. The bits are the same.
    #[must_use]
    pub fn with_path(self, path: Path) -> Self {
        Self { path, ..self }
    }

    /// The places of the columns that are read, rising.
    pub fn reads(&self) -> Vec<usize> {
        self.reads.clone()
    }

    /// Adds the accounts of a batch.
    ///
    /// Refused rows are not counted and are no error: a score outside 0..100, NaN, revenue below 0 or above 10^13.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a batch of other columns, [`Error::Limit`] beyond
    /// [`MAX_KEYS`](crate::MAX_KEYS) rows of the portfolio; a key that is no date is [`Error::InvalidDate`].
    pub fn add(&mut self, batch: &RecordBatch) -> Result<Vec<Refused>, Error> {
        let batch = self.read(batch)?;
        finished(self.add_pieces(&batch, &|| true)?)
    }

    /// As [`ColumnPortfolio::add`], as long as `keep_on` says so; it is asked every few thousand rows.
    ///
    /// Once it has said no, nothing of the batch has been added: the portfolio is what it was before.
    ///
    /// # Errors
    /// As [`ColumnPortfolio::add`].
    pub fn add_while(
        &mut self,
        batch: &RecordBatch,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Vec<Refused>>, Error> {
        let (mut apart, batch) = (self.empty(), self.read(batch)?);
        let Some(refused) = apart.add_pieces(&batch, keep_on)? else { return Ok(None) };
        self.merge(&apart)?;
        Ok(Some(refused))
    }

    /// The columns of a batch that are read.
    fn read(&self, batch: &RecordBatch) -> Result<RecordBatch, Error> {
        same_names(batch, &self.names, "are not those that the portfolio was made for")?;
        let none = |error: ArrowError| Error::Invalid { field: "columns".into(), reason: error.to_string() };
        batch.project(&self.reads).map_err(none)
    }

    /// Adds the pieces of what was [read](Self::read) of a batch, until told to stop.
    fn add_pieces(
        &mut self,
        batch: &RecordBatch,
        keep_on: KeepOn<'_>,
    ) -> Result<Option<Vec<Refused>>, Error> {
        let mut refused = Vec::new();
        // In pieces, so that the keys of one are still in the cache when its numbers are added.
        for start in (0..batch.num_rows()).step_by(PIECE) {
            if !keep_on() {
                return Ok(None);
            }
            let piece = batch.slice(start, PIECE.min(batch.num_rows() - start));
            let before = refused.len();
            self.add_piece(&piece, &mut refused)?;
            for one in refused.iter_mut().skip(before) {
                one.row += start;
            }
        }
        Ok(Some(refused))
    }

    fn add_piece(&mut self, piece: &RecordBatch, refused: &mut Vec<Refused>) -> Result<(), Error> {
        let arrays: Vec<_> = self.by.iter().map(|place| piece.column(*place).clone()).collect();
        if arrays.is_empty() {
            self.rows.clear();
            self.rows.resize(piece.num_rows(), 0);
        } else {
            self.keys.number(&arrays, &mut self.rows)?;
        }
        self.columns.add(self.path, piece, &self.rows, &mut self.sums, refused)
    }

    /// Adds all accounts of another portfolio over the same columns.
    ///
    /// # Errors
    /// [`Error::Limit`] beyond [`MAX_KEYS`](crate::MAX_KEYS) rows.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        let joined = self.keys.join(&other.keys)?;
        for (from, row) in joined.iter().enumerate().take(other.sums.rows()) {
            self.sums.merge_row(crate::keys::index(*row), &other.sums, from);
        }
        Ok(())
    }

    /// The portfolio over the same columns without any account.
    #[must_use]
    pub fn empty(&self) -> Self {
        Self { keys: Keys::new(self.by.len()), sums: self.sums.empty(), rows: Vec::new(), ..self.clone() }
    }

    /// The total and a row for each key so far, in their order; accounts without come first.
    ///
    /// `lower`, `upper` and `coverage` are none where the table has no such column.
    pub fn report(&self) -> PortfolioReport {
        self.sums.report(self.keys.all(), self.known())
    }

    fn known(&self) -> Known {
        self.columns.known()
    }
}
