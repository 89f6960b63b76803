//! The customer value formula over columns: one row per customer, one column for each kind of amount.

mod drive;

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow_schema::{DataType, Field, Schema};
use value_model::Error;
use value_model::model::customer_value::columns::{Column, Target};
use value_model::model::customer_value::{Alternative, Kind};

use crate::dispatch::Path;
use crate::scorer::{Refused, Scored};
use crate::tables::{is_number, must, place_of};
use drive::Drive;

/// How amounts are scored, and where they stand.
#[derive(Clone, Debug)]
pub struct ValueSettings {
    /// Pairs of kind and column, where a column does not have the name of what the formula calls it:
    /// `tangible_benefits`, `perceived_benefits`, `tangible_costs`, `perceived_costs`, `alternative_benefits`,
    /// `alternative_costs`.
    pub kinds: Vec<(Kind, String)>,
    /// How the alternative counts.
    pub alternative: Alternative,
    /// The columns of results, in this order.
    pub columns: Vec<Column>,
}

impl Default for ValueSettings {
    fn default() -> Self {
        let columns = vec![Column::Gross, Column::Net, Column::BenefitCostRatio];
        Self { kinds: Vec::new(), alternative: Alternative::default(), columns }
    }
}

/// The customer value formula matched to the columns of a table: the bits of
/// [`customer_value`](value_model::model::customer_value::customer_value) for each row.
///
/// A row is one customer whose amounts count in full, in one currency and period: a line for each kind that is not
/// null. (Lines that count by their evidence, or must be converted, are for [`MoneyLines`](crate::MoneyLines).) A kind
/// that is null, or has no column, is unknown, as for one customer: without a known benefit or cost there is no value,
/// and a row without any amount is refused as `empty`. So are amounts below 0, NaN, infinite, or too large to compute
/// with; all other rows are scored.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use arrow_array::{ArrayRef, Float64Array, RecordBatch, cast::AsArray, types::Float64Type};
/// use value_model_arrow::{ValueScorer, ValueSettings};
/// let column = |values: [f64; 2]| Arc::new(Float64Array::from(values.to_vec())) as ArrayRef;
/// let batch = RecordBatch::try_from_iter([
///     ("tangible_benefits", column([120e3, 10e3])),
///     ("perceived_benefits", column([30e3, 0.0])),
///     ("tangible_costs", column([60e3, -1.0])),
///     ("perceived_costs", column([15e3, 0.0])),
///     ("alternative_benefits", column([40e3, 0.0])),
/// ]).expect("columns of one length");
/// let scorer = ValueScorer::new(&batch.schema(), &ValueSettings::default())?;
/// let scored = scorer.score(&batch)?;
/// let numbers = |name| scored.results.column_by_name(name).map(|c| c.as_primitive::<Float64Type>().value(0));
/// assert_eq!((numbers("gross"), numbers("net")), (Some(75e3), Some(35e3)));
/// assert_eq!((scored.refused[0].row, scored.refused[0].error.field()), (1, "tangible_costs"));
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ValueScorer {
    settings: ValueSettings,
    /// By kind, in the order of [`Kind::ALL`]: the place of its column, if the table has it.
    kinds: [Option<usize>; 6],
    table: Schema,
    schema: Arc<Schema>,
    path: Option<Path>,
}

/// What the formula calls the sum of a kind.
const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::TangibleBenefit => "tangible_benefits",
        Kind::PerceivedBenefit => "perceived_benefits",
        Kind::TangibleCost => "tangible_costs",
        Kind::PerceivedCost => "perceived_costs",
        Kind::AlternativeBenefit => "alternative_benefits",
        Kind::AlternativeCost => "alternative_costs",
    }
}

impl ValueScorer {
    /// Finds the columns of a table.
    ///
    /// # Errors
    /// [`Error::UnknownId`] for a column that the table does not have, [`Error::Duplicate`] for one that it has twice, a
    /// kind that is mapped twice or a result that is asked for twice, [`Error::Invalid`] for a column that does not hold
    /// numbers, [`Error::Missing`] when no kind has a column.
    pub fn new(table: &Schema, settings: &ValueSettings) -> Result<Self, Error> {
        let mut kinds = [None; 6];
        for (place, kind) in kinds.iter_mut().zip(Kind::ALL) {
            let mut mapped = settings.kinds.iter().filter(|(mapped, _)| *mapped == kind);
            *place = match (mapped.next(), mapped.next()) {
                (_, Some(_)) => {
                    return Err(Error::Duplicate { field: "kinds".into(), id: name(kind).to_owned() });
                }
                (Some((_, column)), None) => Some(must(table, "columns", column)?),
                (None, None) => place_of(table, name(kind))?,
            };
            let field = place.map(|place| table.field(place));
            if let Some(field) = field.filter(|field| !is_number(field.data_type())) {
                return Err(Error::Invalid {
                    field: field.name().clone().into(),
                    reason: format!("holds {}; numbers are expected", field.data_type()),
                });
            }
        }
        if kinds.iter().all(Option::is_none) {
            return Err(Error::Missing { field: "columns".into() });
        }
        for (place, column) in settings.columns.iter().enumerate() {
            if settings.columns.iter().take(place).any(|before| before == column) {
                return Err(Error::Duplicate { field: "columns".into(), id: column.name().to_owned() });
            }
        }
        let field = |column: &Column| Field::new(column.name(), DataType::Float64, true);
        let schema = Arc::new(Schema::new(settings.columns.iter().map(field).collect::<Vec<_>>()));
        Ok(Self { settings: settings.clone(), kinds, table: table.clone(), schema, path: None })
    }

    /// The names and types of the columns of results.
    pub const fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The kinds that have no column, and so are unknown for everybody.
    pub fn unmatched(&self) -> Vec<Kind> {
        let kinds = Kind::ALL.into_iter().zip(&self.kinds);
        kinds.filter(|(_, place)| place.is_none()).map(|(kind, _)| kind).collect()
    }

    /// The places of the columns that are read, rising: all that a file needs to give.
    pub fn reads(&self) -> Vec<usize> {
        let mut places: Vec<usize> = self.kinds.iter().flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Scores a batch into fresh arrays.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the batch does not have the columns this was made for. A row that cannot be scored is no
    /// error: it stands in [`Scored::refused`].
    pub fn score(&self, batch: &RecordBatch) -> Result<Scored, Error> {
        let rows = batch.num_rows();
        let wanted = &self.settings.columns;
        let mut numbers: Vec<Vec<f64>> = wanted.iter().map(|_| vec![0.0; rows]).collect();
        let mut valid: Vec<Vec<u8>> = wanted.iter().map(|_| vec![0; rows.div_ceil(8)]).collect();
        let places = numbers.iter_mut().zip(&mut valid).zip(wanted);
        let targets = places.map(|((values, valid), &column)| Target { column, values, valid });
        let refused = self.score_into(batch, targets.collect())?;
        let array = |(numbers, valid): (Vec<f64>, Vec<u8>)| -> ArrayRef {
            let bits = BooleanBuffer::new(Buffer::from_vec(valid), 0, rows);
            let nulls = Some(NullBuffer::new(bits)).filter(|nulls| nulls.null_count() > 0);
            Arc::new(Float64Array::new(numbers.into(), nulls))
        };
        let arrays = numbers.into_iter().zip(valid).map(array).collect();
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
        let results = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(|error| Error::Invalid { field: "columns".into(), reason: error.to_string() })?;
        Ok(Scored { results, refused })
    }

    /// Scores a batch into memory that the caller owns.
    ///
    /// # Errors
    /// As [`ValueScorer::score`]; [`Error::Conflict`] for a target that was not asked for, has no room for the rows,
    /// or stands there twice.
    pub fn score_into(&self, batch: &RecordBatch, targets: Vec<Target<'_>>) -> Result<Vec<Refused>, Error> {
        self.score_while(batch, targets, &|| true).map(Option::unwrap_or_default)
    }

    /// As [`ValueScorer::score_into`], as long as `keep_on` says so; it is asked every few thousand rows, by every
    /// thread. Once it has said no there is no result, and what the targets hold has no meaning.
    ///
    /// # Errors
    /// As [`ValueScorer::score_into`].
    pub fn score_while(
        &self,
        batch: &RecordBatch,
        targets: Vec<Target<'_>>,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Vec<Refused>>, Error> {
        let conflict = |field: &'static str, reason| Err(Error::Conflict { field: field.into(), reason });
        let schema = batch.schema();
        let found = schema.fields().iter().map(|field| (field.name(), field.data_type()));
        if !found.eq(self.table.fields().iter().map(|field| (field.name(), field.data_type()))) {
            return conflict("columns", "are not those that the formula was matched to".into());
        }
        for (place, target) in targets.iter().enumerate() {
            let (column, rows) = (target.column.name(), batch.num_rows());
            if targets.iter().take(place).any(|before| before.column == target.column) {
                return conflict("targets", format!("hold `{column}` twice").into());
            }
            if !self.settings.columns.contains(&target.column) {
                return conflict("targets", format!("hold `{column}`, which was not asked for").into());
            }
            if target.values.len() < rows || target.valid.len() * 8 < rows {
                return conflict("targets", format!("have no room for {rows} rows of `{column}`").into());
            }
        }
        let path = self.path.map_or_else(Path::best, Ok)?;
        Ok(Drive::new(self, batch, path, targets.len()).run(targets, keep_on))
    }

    /// The same, with the instructions forced: for tests and measurements.
    #[must_use]
    pub const fn with_path(mut self, path: Path) -> Self {
        self.path = Some(path);
        self
    }
}
