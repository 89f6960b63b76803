//! A model matched to the columns of a table.

use serde::{Deserialize, Serialize};
use value_model::block::Column;
use value_model::scorecard::{Context, Scorer};
use value_model::{Error, check, suggest};
use value_model_bridge::Refusal;

use super::drive::Refused;
use super::options::{Errors, Nan, Options};
use super::source::{Source, ValueColumn, values};
use crate::packed::Packed;
use crate::reply::{Reply, done, refused};

/// The most bands of a model whose bands are written as codes: one code says that there is none.
pub const MAX_BANDS: usize = 255;

/// The code that says that there is none.
pub const NO_CODE: u8 = 255;

/// A model matched to the columns of a table.
#[derive(Debug)]
pub struct Sheet {
    pub(super) scorer: Scorer,
    pub(super) context: Context,
    pub(super) nan: Nan,
    pub(super) results: Vec<Column>,
    /// Per measure: where its answers come from.
    pub(super) sources: Vec<Source>,
    /// Per measure: the name of its column.
    pub(super) names: Vec<String>,
    /// Columns of values, filled one by one.
    pub(super) values: Vec<ValueColumn>,
    /// The place of the column of days among those of values, and its name.
    pub(super) on: Option<(usize, String)>,
    errors: Errors,
    rows: usize,
    numbers: Vec<String>,
    lists: Vec<String>,
}

#[derive(Serialize)]
struct About<'a> {
    /// The columns to give as numbers, in this order.
    numbers: &'a [String],
    /// The columns to give as values, in this order.
    values: &'a [String],
    /// The columns of results: their names, whether they hold codes, and whether these are yes and no.
    results: Vec<(String, bool, bool)>,
}

/// What is given beside the options: the columns of the table, which of them hold numbers, and how many rows there are.
#[derive(Deserialize)]
struct Shape {
    names: Vec<String>,
    numeric: Vec<bool>,
    rows: f64,
}

impl Sheet {
    /// Matches a model to a table: packed are the options and the table's shape.
    ///
    /// # Errors
    /// For options and columns that do not fit the model.
    pub fn new(scorer: &Scorer, mut given: Packed<'_>) -> Result<Self, String> {
        let options = Options::read(&mut given)?;
        let shape = given.tree().map_err(refused)?;
        let shape = Shape::deserialize(shape).map_err(|problem| refused(Refusal::from(problem)))?;
        Self::matched(scorer, &options, &shape).map_err(refused)
    }

    fn matched(scorer: &Scorer, options: &Options, shape: &Shape) -> Result<Self, Error> {
        let known = |name: &str| shape.names.iter().position(|column| column == name);
        let mut names: Vec<String> =
            scorer.measures().iter().map(|measure| measure.column.to_string()).collect();
        let mut meant = vec![false; names.len()];
        for (measure, column) in &options.columns {
            let index = scorer.measure_index(measure).map_err(|error| error.at("measures"))?;
            if let (Some(name), Some(meant)) = (names.get_mut(index), meant.get_mut(index)) {
                (*name, *meant) = (column.clone(), true);
            }
        }
        let unknown = |name: &str| Error::UnknownId {
            field: "columns".into(),
            id: value_model::error::excerpt(name),
            suggestion: suggest::nearest(name, shape.names.iter().map(String::as_str)),
        };
        let mut reads = Reads { shape, numbers: Vec::new(), lists: Vec::new() };
        let mut sources = Vec::with_capacity(names.len());
        for (name, meant) in names.iter().zip(meant) {
            sources.push(match known(name) {
                Some(place) => reads.source(place),
                None if meant => return Err(unknown(name)),
                None => Source::None,
            });
        }
        if sources.iter().all(|source| matches!(source, Source::None)) {
            return Err(Error::Missing { field: "measures".into() });
        }
        let on = match &options.on {
            Some(name) => {
                known(name).ok_or_else(|| unknown(name))?;
                Some((reads.list(name), name.clone()))
            }
            None => None,
        };
        let results = options.results(scorer)?;
        let bands = scorer.band_names().len();
        if bands > MAX_BANDS && results.iter().any(|column| column.is_code() && !column.is_flag()) {
            let (found, limit) = (bands as u64, MAX_BANDS as u64);
            return Err(Error::Limit { field: "bands".into(), what: "bands", found, limit });
        }
        let context = options.context();
        if let Some(day) = context.default_on {
            check::not_after("default_on", day, context.as_of)?;
        }
        let Reads { numbers, lists, .. } = reads;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the length of an array")]
        let rows = shape.rows as usize;
        Ok(Self {
            scorer: scorer.clone(),
            context,
            nan: options.nan,
            results,
            sources,
            names,
            values: lists.iter().map(|_| Vec::new()).collect(),
            on,
            errors: options.errors,
            rows,
            numbers,
            lists,
        })
    }

    /// What to give, and what comes back.
    ///
    /// # Errors
    /// None is expected.
    pub fn about(&self) -> Reply {
        let about = |column: &Column| (column.name(&self.scorer), column.is_code(), column.is_flag());
        let results = self.results.iter().map(about);
        done(&About { numbers: &self.numbers, values: &self.lists, results: results.collect() })
    }

    /// The columns of results.
    pub fn results(&self) -> &[Column] {
        &self.results
    }

    /// The rows of the table.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns of numbers are read.
    pub const fn numbers(&self) -> usize {
        self.numbers.len()
    }

    /// Takes a column of values, packed as a list.
    pub fn give(&mut self, place: usize, list: Packed<'_>) {
        if let Some(column) = self.values.get_mut(place) {
            *column = values(list, self.rows);
        }
    }

    /// The refused rows as JSON.
    ///
    /// # Errors
    /// The first of them, where the options say so.
    pub fn refusals(&self, rows: &[Refused]) -> Reply {
        if let (Errors::Raise, Some(first)) = (self.errors, rows.first()) {
            return Err(refused(first.error.clone().within(&format!("[{}]", first.row))));
        }
        done(&rows.iter().map(Shown::of).collect::<Vec<_>>())
    }
}

/// A refused row, as it is shown.
#[derive(Serialize)]
struct Shown {
    row: usize,
    code: &'static str,
    field: String,
    message: String,
}

impl Shown {
    fn of(refused: &Refused) -> Self {
        let Refusal { code, field, message, .. } = refused.error.clone().into();
        Self { row: refused.row, code, field, message }
    }
}

/// The columns that are read.
struct Reads<'a> {
    shape: &'a Shape,
    numbers: Vec<String>,
    lists: Vec<String>,
}

impl Reads<'_> {
    fn source(&mut self, place: usize) -> Source {
        let Some(name) = self.shape.names.get(place) else { return Source::None };
        if self.shape.numeric.get(place) == Some(&true) {
            Source::Numbers(add(&mut self.numbers, name))
        } else {
            Source::Values(add(&mut self.lists, name))
        }
    }

    fn list(&mut self, name: &str) -> usize {
        add(&mut self.lists, name)
    }
}

/// The place of a name, which is added where it is missing.
fn add(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}
