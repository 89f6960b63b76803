//! A model matched to the columns of a table.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::Schema;
use value_model::block::{Column, Target, Values};
use value_model::scorecard::{Context, Scorer};
use value_model::{Error, check};

use crate::dispatch::Path;
use crate::drive::Drive;
use crate::made::Store;
use crate::stop::finished;
use crate::tables::place_of;
use crate::{kinds, made};

/// The most bands of a model whose bands are written as codes.
const MAX_BANDS: usize = 256;

/// Which column of a table holds what.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// Pairs of measure and column, where the column is not the one that the model names.
    pub measures: Vec<(String, String)>,
    /// The column that holds the day of each row's answers: dates, texts of dates, or moments without a time zone, of which
    /// those at midnight are days and any other is refused in its row.
    pub on: Option<String>,
}

/// How columns are scored.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The date of scoring, and what holds for answers that do not say it themselves.
    pub context: Context,
    /// The columns of results, in this order.
    pub columns: Vec<Column>,
}

/// Why a row has no result.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The row, from 0 at the start of the batch.
    pub row: usize,
    /// What is wrong with it.
    pub error: Error,
}

impl Refused {
    /// The refusal with its number in a table in which the batch begins at the row `start`, counted from 0.
    pub fn in_row(&self, start: usize) -> Error {
        self.error.clone().within(&format!("[{}]", start + self.row))
    }
}

/// The results of a batch: one row per account, in the same order.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The columns that were asked for. In a refused row all of them are null.
    pub results: RecordBatch,
    /// Refused rows, in order.
    pub refused: Vec<Refused>,
}

/// A model matched to the columns of a table: immutable, shared between threads.
#[derive(Clone, Debug)]
pub struct ColumnScorer {
    scorer: Scorer,
    settings: Settings,
    /// Per measure: the place of its column, if the table has it.
    measures: Vec<Option<usize>>,
    on: Option<usize>,
    table: Schema,
    schema: Arc<Schema>,
    path: Option<Path>,
}

impl ColumnScorer {
    /// Matches a model to the columns of a table.
    ///
    /// Columns hold numbers of any type, decimals (each read as the nearest number), booleans, dates, moments without a time
    /// zone (days, if at midnight), or texts, plain or by dictionary. A measure without a column counts as `no_data`;
    /// [`ColumnScorer::unmatched`] lists them.
    ///
    /// # Errors
    /// [`Error::UnknownId`] for a mapping of a measure or column that does not exist, [`Error::Duplicate`] for a column
    /// that the table holds twice, [`Error::Invalid`] for a column whose type cannot hold answers or days,
    /// [`Error::Missing`] when no measure has a column, [`Error::Limit`] for more than 256 bands, [`Error::AfterAsOf`] for answers from the future.
    pub fn new(
        scorer: &Scorer,
        table: &Schema,
        mapping: &Mapping,
        settings: Settings,
    ) -> Result<Self, Error> {
        let matched = Self::matched(scorer, table, mapping, settings)?;
        if matched.measures.iter().all(Option::is_none) {
            return Err(Error::Missing { field: "measures".into() });
        }
        Ok(matched)
    }

    /// As [`ColumnScorer::new`], even where no measure has a column: another model of a set may read them all.
    pub(crate) fn matched(
        scorer: &Scorer,
        table: &Schema,
        mapping: &Mapping,
        settings: Settings,
    ) -> Result<Self, Error> {
        let find = |name: &str| place_of(table, name);
        let mut measures = Vec::with_capacity(scorer.measures().len());
        for measure in scorer.measures() {
            measures.push(find(&measure.column)?);
        }
        let must = |name: &str| {
            let known = table.fields().iter().map(|field| field.name().as_str());
            find(name)?.ok_or_else(|| kinds::no_such_column(name, known))
        };
        for (measure, column) in &mapping.measures {
            let index = kinds::measure_index(scorer, measure)?;
            let place = must(column)?;
            if let Some(slot) = measures.get_mut(index) {
                *slot = Some(place);
            }
        }
        for (measure, place) in scorer.measures().iter().zip(&measures) {
            if let Some(field) = place.and_then(|place| table.fields().get(place)) {
                kinds::check(measure, field.name(), field.data_type())?;
            }
        }
        let on = mapping.on.as_deref().map(must).transpose()?;
        if let Some(field) = on.and_then(|place| table.fields().get(place)) {
            kinds::check_days(field.name(), field.data_type())?;
        }
        let bands = scorer.band_names().len();
        if bands > MAX_BANDS && settings.columns.iter().any(|column| column.is_code() && !column.is_flag()) {
            let (found, limit) = (bands as u64, MAX_BANDS as u64);
            return Err(Error::Limit { field: "bands".into(), what: "bands", found, limit });
        }
        if let Some(day) = settings.context.default_on {
            check::not_after("default_on", day, settings.context.as_of)?;
        }
        let fields = settings.columns.iter().map(|column| made::field(scorer, *column));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        Ok(Self { scorer: scorer.clone(), settings, measures, on, table: table.clone(), schema, path: None })
    }

    /// The model.
    pub const fn scorer(&self) -> &Scorer {
        &self.scorer
    }

    /// The names and types of the columns of results.
    pub const fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The measures that have no column, by their place among [`Scorer::measures`].
    pub fn unmatched(&self) -> Vec<usize> {
        let places = self.measures.iter().enumerate();
        places.filter_map(|(measure, place)| place.is_none().then_some(measure)).collect()
    }

    /// The places of the columns that are read, rising: all that a file needs to give.
    pub fn reads(&self) -> Vec<usize> {
        let mut places: Vec<usize> = self.measures.iter().flatten().copied().chain(self.on).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Scores a batch into fresh arrays.
    ///
    /// The results of millions of rows are memory that most systems hand out page by page, which takes longer than scoring
    /// them. [`ColumnScorer::score_into`] writes into memory that is kept, [`ColumnScorer::score_chunks`] needs little of it
    /// at a time, and an allocator that keeps what was freed (`mimalloc`, `jemalloc`) helps from the second batch on.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the batch does not have the columns this was made for. A row that cannot be scored is
    /// no error: it stands in [`Scored::refused`].
    pub fn score(&self, batch: &RecordBatch) -> Result<Scored, Error> {
        finished(self.score_new_while(batch, &|| true)?)
    }

    /// As [`ColumnScorer::score`], as long as `keep_on` says so; see [`ColumnScorer::score_while`].
    ///
    /// # Errors
    /// As [`ColumnScorer::score`].
    pub fn score_new_while(
        &self,
        batch: &RecordBatch,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Scored>, Error> {
        let rows = batch.num_rows();
        let wanted = self.settings.columns.iter();
        let mut stores: Vec<Store> = wanted.map(|column| Store::new(*column, rows)).collect();
        let targets = stores.iter_mut().map(Store::target).collect();
        let Some(refused) = self.score_while(batch, targets, keep_on)? else { return Ok(None) };
        let results = made::table(&self.schema, stores, rows)?;
        Ok(Some(Scored { results, refused }))
    }

    /// Scores a batch into memory that the caller owns.
    ///
    /// # Errors
    /// As [`ColumnScorer::score`]; [`Error::Conflict`] for a target without room for the rows, or of another kind than
    /// its column.
    pub fn score_into(&self, batch: &RecordBatch, targets: Vec<Target<'_>>) -> Result<Vec<Refused>, Error> {
        self.score_while(batch, targets, &|| true).map(Option::unwrap_or_default)
    }

    /// As [`ColumnScorer::score_into`], as long as `keep_on` says so; it is asked every few hundred rows, by every
    /// thread. Once it has said no there is no result, and what the targets hold has no meaning.
    ///
    /// # Errors
    /// As [`ColumnScorer::score_into`].
    pub fn score_while(
        &self,
        batch: &RecordBatch,
        targets: Vec<Target<'_>>,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Vec<Refused>>, Error> {
        let path = self.checked(batch)?;
        for target in &targets {
            check_target(target, batch.num_rows(), &self.settings.columns)?;
        }
        Ok(Drive::new(self, batch, path).run(targets, keep_on))
    }

    /// The same, with the instructions forced: for tests and measurements.
    #[must_use]
    pub const fn with_path(mut self, path: Path) -> Self {
        self.path = Some(path);
        self
    }

    /// The instructions for a batch that has the columns this was made for.
    pub(crate) fn checked(&self, batch: &RecordBatch) -> Result<Path, Error> {
        let schema = batch.schema();
        let found = schema.fields().iter().map(|field| (field.name(), field.data_type()));
        if found.eq(self.table.fields().iter().map(|field| (field.name(), field.data_type()))) {
            return self.path.map_or_else(Path::best, Ok);
        }
        Err(Error::Conflict {
            field: "columns".into(),
            reason: "are not those that the model was matched to".into(),
        })
    }

    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The place of a measure's column.
    pub(crate) fn measure_column(&self, measure: usize) -> Option<usize> {
        self.measures.get(measure).copied().flatten()
    }

    /// The place of the column of days.
    pub(crate) const fn on(&self) -> Option<usize> {
        self.on
    }

    /// The name of a column of the table.
    pub(crate) fn name(&self, place: usize) -> &str {
        self.table.fields().get(place).map_or("", |field| field.name())
    }
}

/// Checks that a target has room for the rows and holds what its column is.
fn check_target(target: &Target<'_>, rows: usize, asked: &[Column]) -> Result<(), Error> {
    let wrong = |reason: String| Error::Conflict { field: "targets".into(), reason: reason.into() };
    if !asked.contains(&target.column) {
        return Err(wrong(format!("hold {:?}, which was not asked for", target.column)));
    }
    if matches!(target.values, Values::Codes(_)) != target.column.is_code() {
        return Err(wrong(format!("hold {:?} as the wrong kind of values", target.column)));
    }
    if target.values.len() < rows || target.valid.len() * 8 < rows {
        return Err(wrong(format!("have no room for {rows} rows of {:?}", target.column)));
    }
    Ok(())
}

impl Scored {
    /// The code of each refused row, null where the row was scored.
    pub fn codes(&self) -> ArrayRef {
        self.codes_from(0)
    }

    /// The same, where the first row of the results is this one of those that refused rows are counted among.
    pub(crate) fn codes_from(&self, start: usize) -> ArrayRef {
        let rows = self.results.num_rows();
        if self.refused.is_empty() {
            return Arc::new(StringArray::new_null(rows));
        }
        let mut codes = StringBuilder::with_capacity(rows, self.refused.len() * 16);
        let mut next = self.refused.iter().peekable();
        for row in start..start + rows {
            codes.append_option(
                next.next_if(|refused| refused.row == row).map(|refused| refused.error.code()),
            );
        }
        Arc::new(codes.finish())
    }
}
