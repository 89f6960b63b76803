//! A model of the manifest matched to columns `m0`, `m1`, ... in memory, and the results that a job asks for.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};
use value_model::Error;
use value_model::block::{Column, Target};
use value_model::scorecard::{Context, Scorer};
use value_model_arrow::{ColumnScorer, Mapping, Settings};

use crate::model::Shape;

/// A model and the names of its columns of answers.
#[derive(Debug)]
pub struct Table {
    scorer: ColumnScorer,
    answers: Arc<Schema>,
    columns: Vec<Column>,
}

impl Table {
    /// Compiles a model and matches it; `wanted` names results as [`column()`] does.
    ///
    /// # Errors
    /// As [`ColumnScorer::new`]; `unknown_id` for a result that does not exist.
    pub fn new(shape: &Shape, wanted: &[String]) -> Result<Self, Error> {
        let scorer = shape.scorecard().compile()?;
        let names = scorer.measures().iter().map(|measure| Field::new(&*measure.id, DataType::Float64, true));
        let answers = Arc::new(Schema::new(names.collect::<Vec<_>>()));
        let columns = wanted.iter().map(|name| column(name)).collect::<Result<Vec<_>, _>>()?;
        let settings = Settings { context: Context::new(crate::as_of()?), columns: columns.clone() };
        let scorer = ColumnScorer::new(&scorer, &answers, &Mapping::default(), settings)?;
        Ok(Self { scorer, answers, columns })
    }

    /// The model.
    pub const fn scorer(&self) -> &Scorer {
        self.scorer.scorer()
    }

    /// The names of the columns of answers.
    pub const fn answers(&self) -> &Arc<Schema> {
        &self.answers
    }

    /// The columns of results, in the order in which they were asked for.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Scores a batch into the caller's memory.
    ///
    /// # Errors
    /// As [`ColumnScorer::score_into`]; the first refused row, because the data of a bench has none.
    pub fn score(&self, batch: &RecordBatch, targets: Vec<Target<'_>>) -> Result<(), Error> {
        let refused = self.scorer.score_into(batch, targets)?;
        refused.into_iter().next().map_or(Ok(()), |row| Err(row.error))
    }

    /// Scores a batch into fresh arrays and forgets them.
    ///
    /// # Errors
    /// As [`Table::score`].
    pub fn score_fresh(&self, batch: &RecordBatch) -> Result<(), Error> {
        let scored = std::hint::black_box(self.scorer.score(batch)?);
        scored.refused.into_iter().next().map_or(Ok(()), |row| Err(row.error))
    }
}

/// A result by name: `score`, `coverage`, `lower`, `upper`, `band`, `g1` for a group, `c1` for what a measure contributes.
///
/// # Errors
/// `unknown_id` for any other name.
pub fn column(name: &str) -> Result<Column, Error> {
    let place = |prefix: char| name.strip_prefix(prefix).and_then(|place| place.parse().ok());
    Ok(match name {
        "score" => Column::Score,
        "coverage" => Column::Coverage,
        "lower" => Column::Lower,
        "upper" => Column::Upper,
        "band" => Column::Band,
        _ => match (place('g'), place('c')) {
            (Some(group), _) => Column::Group(group),
            (_, Some(measure)) => Column::Contribution(measure),
            _ => {
                return Err(Error::Invalid {
                    field: "outputs".into(),
                    reason: format!("`{name}` is no result"),
                });
            }
        },
    })
}
