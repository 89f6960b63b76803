//! Tables as data frames hold them: whatever types their columns have, scored batch by batch into tables of results.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};
use value_model::scorecard::Scorer;
use value_model::{Error, suggest};

use crate::named::{named, table};
use crate::scorer::{ColumnScorer, Mapping, Refused, Scored, Settings};
use crate::stop::finished;
use crate::tables::place_of;
use crate::tidy::{nan_as_null, tidy};

/// How a data frame is scored.
#[derive(Clone, Debug)]
pub struct FrameSettings {
    /// The date of scoring, and the columns of results.
    pub settings: Settings,
    /// Which column holds what.
    pub mapping: Mapping,
    /// Columns that the results carry along.
    pub keep: Vec<String>,
    /// Whether NaN is a mistake, instead of no answer.
    pub refuse_nan: bool,
    /// Whether a row that cannot be scored is an error, instead of a code in its row.
    pub raise: bool,
}

/// A model matched to a data frame with one row per account.
#[derive(Clone, Debug)]
pub struct Frame {
    scorer: Scorer,
    how: FrameSettings,
    /// The columns that scoring may read.
    names: BTreeSet<String>,
    /// The columns that are carried along, by place.
    keep: Vec<usize>,
}

impl Frame {
    /// Matches a model to the columns of a table. Whether they can hold answers is seen with the first batch.
    ///
    /// # Errors
    /// As [`kept`].
    pub fn new(scorer: &Scorer, schema: &Schema, how: FrameSettings) -> Result<Self, Error> {
        let keep = kept(schema, &how.keep)?;
        let own = scorer.measures().iter().map(|measure| measure.column.to_string());
        let mapped = how.mapping.measures.iter().map(|(_, column)| column.clone());
        let names = own.chain(mapped).chain(how.mapping.on.clone()).collect();
        Ok(Self { scorer: scorer.clone(), how, names, keep })
    }

    /// The places of the columns that are read or kept, rising: all that a file needs to give.
    pub fn reads(&self, schema: &Schema) -> Vec<usize> {
        let fields = schema.fields().iter().enumerate();
        let read = |(place, name): (usize, &String)| {
            (self.names.contains(name) || self.keep.contains(&place)).then_some(place)
        };
        fields.filter_map(|(place, field)| read((place, field.name()))).collect()
    }

    /// The results of a batch whose first row is this one of the table: columns that are kept, results with names for
    /// codes, and the code of each refusal, as long as `keep_on` says so.
    ///
    /// # Errors
    /// For columns that do not fit the model, for the first row that cannot be scored where that is asked for, and when
    /// scoring was stopped: whoever stopped it knows something better to say.
    pub fn score(
        &self,
        batch: &RecordBatch,
        start: usize,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<RecordBatch, Error> {
        let wanted = |name: &str| self.names.contains(name);
        let tidied = tidy(batch, &wanted)?;
        let mut scored = self.scored(&tidied, keep_on)?;
        let nan =
            |refused: &Refused| matches!(&refused.error, Error::NotFinite { value, .. } if value.is_nan());
        if !self.how.refuse_nan && scored.refused.iter().any(nan) {
            scored = self.scored(&nan_as_null(&tidied, &wanted)?, keep_on)?;
        }
        if self.how.raise
            && let Some(first) = scored.refused.first()
        {
            return Err(first.in_row(start));
        }
        let results = named(&self.scorer, &scored.results)?;
        let (mut fields, mut arrays) = (Vec::new(), Vec::new());
        for place in &self.keep {
            if let (Some(field), Some(array)) =
                (batch.schema().fields().get(*place), batch.columns().get(*place))
            {
                fields.push(Arc::clone(field));
                arrays.push(Arc::clone(array));
            }
        }
        fields.extend(results.schema().fields().iter().cloned());
        arrays.extend(results.columns().iter().cloned());
        fields.push(Arc::new(Field::new("code", DataType::Utf8, true)));
        arrays.push(scored.codes());
        table(fields, arrays, batch.num_rows())
    }

    fn scored(&self, batch: &RecordBatch, keep_on: &(dyn Fn() -> bool + Sync)) -> Result<Scored, Error> {
        let settings = self.how.settings.clone();
        let matched = ColumnScorer::new(&self.scorer, &batch.schema(), &self.how.mapping, settings)?;
        finished(matched.score_new_while(batch, keep_on)?)
    }
}

/// The places of columns that results carry along.
///
/// # Errors
/// [`Error::UnknownId`] for one that does not exist, [`Error::Duplicate`] for one that exists twice.
pub fn kept(schema: &Schema, keep: &[String]) -> Result<Vec<usize>, Error> {
    let names = || schema.fields().iter().map(|field| field.name().as_str());
    let place = |name: &String| {
        place_of(schema, name)?.ok_or_else(|| Error::UnknownId {
            field: "keep".into(),
            id: value_model::error::excerpt(name),
            suggestion: suggest::nearest(name, names()),
        })
    };
    keep.iter().map(place).collect()
}
