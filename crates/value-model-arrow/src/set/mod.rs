//! A set of models over columns: each row under the models that the set chooses for it.

mod gather;
mod known;
mod matched;
mod parents;
mod rows;
mod score;
mod table;

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::UInt64Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, Schema};
use value_model::Error;
use value_model::scorecard::Context;
use value_model::set::{SetColumn, SetScorer};

pub use parents::parents_table;

use self::matched::Matched;
use self::table::Names;
use crate::scorer::{Mapping, Refused};
use crate::tables::must;

/// How a set is scored over columns.
#[derive(Clone, Debug)]
pub struct SetSettings {
    /// The date of scoring, and what holds for answers that do not say it themselves.
    pub context: Context,
    /// The columns of results, in this order: [`Selection::of_set`](value_model::block::Selection::of_set).
    pub columns: Vec<SetColumn>,
    /// The column that names accounts; it is read where the set has parents.
    pub account: String,
}

/// The results of a batch under a set.
#[derive(Clone, Debug)]
pub struct SetScored {
    /// `row` (of the batch, from 0), `case` and `model`, then the columns that were asked for; what a model does not have
    /// is null. An account has a row for each of its models, the headline first, and none if it is the roll-up of its
    /// children. A refused one has one row in which all but `row` is null.
    pub results: RecordBatch,
    /// Refused rows of the batch, in order.
    pub refused: Vec<Refused>,
}

/// A set of models matched to the columns of a table: immutable, shared between threads.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
/// use value_model::block::Selection;
/// use value_model::compare::ModelRef;
/// use value_model::scorecard::Context;
/// use value_model::set::{Case, Condition, ModelSet, RollUp};
/// use value_model_arrow::{ColumnSetScorer, Mapping, SetSettings};
/// let set = ModelSet::new("ours", "1", ["standard"])
///     .model("standard", ModelRef::Preset("value-realization".into()))
///     .model("strategic", ModelRef::Preset("perceived-value".into()))
///     .case(Case::new("large", ["strategic", "standard"]).when(Condition::from("arr", 100e3)))
///     .compile()?;
/// let column = |values: &[f64]| Arc::new(Float64Array::from(values.to_vec())) as ArrayRef;
/// let batch = RecordBatch::try_from_iter([
///     ("account", Arc::new(StringArray::from(vec!["acme", "tiny"])) as ArrayRef),
///     ("arr", column(&[250e3, 10e3])),
///     ("full_usage", column(&[0.8, 0.3])),
/// ]).expect("columns of one length");
/// let columns = Selection::default().of_set(&set)?;
/// let context = Context::new("2026-11-01".parse()?);
/// let settings = SetSettings { context, columns, account: "account".into() };
/// let matched = ColumnSetScorer::new(&set, &batch.schema(), &Mapping::default(), settings)?;
/// let scored = matched.score(&batch, &mut RollUp::new(&set))?;
/// // The first account has two models, the second one.
/// assert_eq!(scored.results.num_rows(), 3);
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ColumnSetScorer {
    set: SetScorer,
    table: Schema,
    columns: Vec<SetColumn>,
    models: Vec<Matched>,
    /// Per attribute: the place of its column.
    attributes: Vec<usize>,
    /// The place of the names of accounts, where they are read.
    account: Option<usize>,
    names: Names,
    schema: Arc<Schema>,
}

impl ColumnSetScorer {
    /// Matches a set to the columns of a table. An attribute stands in the column of its name.
    ///
    /// A measure without a column counts as `no_data`.
    ///
    /// # Errors
    /// Those of [`ColumnScorer::new`](crate::ColumnScorer::new), where a mapping may name a measure of any model;
    /// [`Error::UnknownId`] for an attribute that has no column, [`Error::Invalid`] for one that cannot be read,
    /// [`Error::Missing`] when no measure of any model has a column.
    pub fn new(
        set: &SetScorer,
        table: &Schema,
        mapping: &Mapping,
        settings: SetSettings,
    ) -> Result<Self, Error> {
        let place = |name: &str| {
            let place = must(table, "columns", name)?;
            known::check_kind(name, table.field(place).data_type()).map(|()| place)
        };
        let attributes = set.attributes().iter().map(|name| place(name)).collect::<Result<_, _>>()?;
        let account = set.set().parents.as_ref().map(|_| place(&settings.account)).transpose()?;
        let models = matched::models(set, table, mapping, &settings)?;
        let SetSettings { columns, .. } = settings;
        let schema = Arc::new(self::table::schema(&columns));
        let (set, table, names) = (set.clone(), table.clone(), Names::new(set));
        Ok(Self { set, table, columns, models, attributes, account, names, schema })
    }

    /// The set.
    pub const fn set(&self) -> &SetScorer {
        &self.set
    }

    /// The names and types of the columns of results.
    pub const fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The places of the columns that are read, rising: all that a file needs to give.
    pub fn reads(&self) -> Vec<usize> {
        let of_models = self.models.iter().flat_map(|model| model.reads.iter().copied());
        let mut places: Vec<usize> =
            of_models.chain(self.attributes.iter().copied()).chain(self.account).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

impl SetScored {
    /// The row of the batch that each row of the results is about.
    fn rows(&self) -> impl Iterator<Item = usize> {
        let rows = self.results.columns().first().and_then(|rows| rows.as_primitive_opt::<UInt64Type>());
        let rows = rows.map_or(&[][..], |rows| rows.values());
        rows.iter().map(|row| usize::try_from(*row).unwrap_or(usize::MAX))
    }

    /// A column of the batch, carried along: for each row of the results what its account has.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a column of another batch, shorter than this one.
    pub fn carry(&self, column: &ArrayRef) -> Result<ArrayRef, Error> {
        let rows: Vec<usize> = self.rows().collect();
        if rows.last().is_some_and(|last| *last >= column.len()) {
            let reason = "are not those of the batch that was scored".into();
            return Err(Error::Conflict { field: "columns".into(), reason });
        }
        if rows.len() == column.len() && rows.iter().enumerate().all(|(place, row)| place == *row) {
            return Ok(Arc::clone(column));
        }
        gather::gather(column, &rows)
    }

    /// The code of each refused row of the results, null where the account was scored.
    pub fn codes(&self) -> ArrayRef {
        let mut codes = StringBuilder::new();
        let mut next = self.refused.iter().peekable();
        for row in self.rows() {
            while next.next_if(|refused| refused.row < row).is_some() {}
            codes.append_option(
                next.peek().filter(|refused| refused.row == row).map(|refused| refused.error.code()),
            );
        }
        Arc::new(codes.finish())
    }
}

/// Columns that do not fit together.
fn broken(error: &ArrowError) -> Error {
    Error::Invalid { field: "columns".into(), reason: error.to_string() }
}
