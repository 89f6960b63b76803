//! A compiled scorecard: immutable, shared between threads, and the fast path through it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bands::CompiledBands;
use super::compile::{Codes, CompiledGroup, CompiledMeasure, CompiledRule, Id};
use super::document::{MissingRule, Polarity, Scorecard};
use super::evaluate::{Leaf, Workspace};
use crate::answer::{Missing, Source, Value, age_days};
use crate::scale::{Cell, Reading};
use crate::suggest::{Suggestion, nearest};
use crate::{Date, Error};

/// A scorecard that has been checked: scores one account at a time, from any number of threads.
///
/// Cloning it shares the compiled model.
#[derive(Clone, Debug)]
pub struct Scorer(pub(crate) Arc<Plan>);

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) card: Scorecard,
    pub(crate) model: Id,
    pub(crate) version: Id,
    pub(crate) missing_codes: Codes,
    pub(crate) measures: Vec<CompiledMeasure>,
    pub(crate) groups: Vec<CompiledGroup>,
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) bands: CompiledBands,
    pub(crate) by_id: BTreeMap<Id, usize>,
}

/// What holds for every answer of an account on the fast path.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The date of scoring.
    pub as_of: Date,
    /// Who stands behind the answers.
    pub default_source: Option<Source>,
    /// The day of the answers.
    pub default_on: Option<Date>,
}

impl Context {
    /// Answers without source or date, scored on this day.
    pub const fn new(as_of: Date) -> Self {
        Self { as_of, default_source: None, default_on: None }
    }
}

/// Whether there is a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// There is a score.
    Scored,
    /// Too little is known for a score; the bounds still hold.
    Insufficient,
    /// Nothing of it applies to the account.
    NotApplicable,
}

impl Outcome {
    /// The word for it in every result.
    ///
    /// # Examples
    /// ```
    /// use value_model::scorecard::Outcome;
    ///
    /// assert_eq!(Outcome::NotApplicable.name(), "not_applicable");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scored => "scored",
            Self::Insufficient => "insufficient",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// The score of one account, without explanation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Whether there is a score.
    pub outcome: Outcome,
    /// The score after rules, 0..100.
    pub score: Option<f64>,
    /// The score before rules, 0..100.
    pub raw: Option<f64>,
    /// The band of the score, by its place from the lowest.
    pub band: Option<u32>,
    /// The band of `lower`.
    pub lower_band: u32,
    /// The least the score can be once everything is answered, 0..100.
    pub lower: f64,
    /// The most it can be, 0..100.
    pub upper: f64,
    /// The share of the weight that is answered, 0..1.
    pub coverage: f64,
    /// The share backed by the customer or a measurement, 0..1.
    pub validated_share: f64,
    /// The share that is fresh, 0..1.
    pub fresh_share: f64,
}

impl Outcome {
    /// As a number: 0 scored, 1 insufficient, 2 not applicable.
    pub const fn code(self) -> u8 {
        match self {
            Self::Scored => 0,
            Self::Insufficient => 1,
            Self::NotApplicable => 2,
        }
    }
}

impl Scorer {
    /// The model's id.
    pub fn model(&self) -> &Id {
        &self.0.model
    }

    /// The model's version.
    pub fn version(&self) -> &Id {
        &self.0.version
    }

    /// The document this was compiled from.
    pub fn scorecard(&self) -> &Scorecard {
        &self.0.card
    }

    /// The measures, in the order of the tree.
    pub fn measures(&self) -> &[CompiledMeasure] {
        &self.0.measures
    }

    /// The groups, each before its children; the root is first.
    pub fn groups(&self) -> &[CompiledGroup] {
        &self.0.groups
    }

    /// The names of the bands, from the lowest up.
    pub fn band_names(&self) -> &[Id] {
        &self.0.bands.names
    }

    /// The name of a band by its place, as [`Score`] gives it.
    pub fn band_name(&self, index: u32) -> Id {
        self.0.bands.name(index)
    }

    /// The band of a score, by its place from the lowest.
    pub fn band_of(&self, score: f64) -> u32 {
        self.0.bands.index(score)
    }

    /// Whether some raw values mean "missing".
    pub fn has_missing_codes(&self) -> bool {
        !self.0.missing_codes.is_empty()
    }

    /// Where a measure stands among [`Scorer::measures`].
    ///
    /// # Errors
    /// [`Error::UnknownId`] with the nearest measure.
    pub fn measure_index(&self, id: &str) -> Result<usize, Error> {
        self.0.by_id.get(id).copied().ok_or_else(|| Error::UnknownId {
            field: "answers".into(),
            id: crate::error::excerpt(id),
            suggestion: nearest(id, self.0.measures.iter().map(|measure| &*measure.id)),
        })
    }

    /// The measure at a place.
    pub(super) fn compiled(&self, measure: usize) -> Result<&CompiledMeasure, Error> {
        self.0.measures.get(measure).ok_or_else(|| no_such_measure(measure))
    }

    /// Room for the intermediate results of one account; reuse it for the next.
    pub fn workspace(&self) -> Workspace {
        self.0.workspace()
    }

    /// Reads a typed value as an answer to a measure: missing codes, levels, dates, numbers.
    ///
    /// # Errors
    /// As [`CompiledScale::read`](crate::scale::CompiledScale::read), with the measure named.
    pub fn read(&self, measure: usize, value: &Value) -> Result<Cell, Error> {
        let Some(found) = self.0.measures.get(measure) else { return Err(no_such_measure(measure)) };
        found.read(&self.0.missing_codes, value)
    }

    /// Reads the text of a table's cell as an answer to a measure; an empty text is `no_data`.
    ///
    /// # Errors
    /// As [`CompiledScale::read_text`](crate::scale::CompiledScale::read_text), with the measure named.
    #[inline]
    pub fn read_text(&self, measure: usize, text: &str) -> Result<Cell, Error> {
        let Some(found) = self.0.measures.get(measure) else { return Err(no_such_measure(measure)) };
        if let Some((_, reason)) = self.0.missing_codes.iter().find(|(code, _)| **code == *text) {
            return Ok(Cell::Missing(*reason));
        }
        found.scale.read_text(text).map_err(|error| error.at(answer_path(&found.id)))
    }

    /// Scores one account from one cell per measure, in the order of [`Scorer::measures`]. Allocates nothing.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the number of cells differs from the number of measures, [`Error::OutsideScale`],
    /// [`Error::NotFinite`] and [`Error::AfterAsOf`] for a cell, [`Error::Missing`] under the missing rule `fail`.
    ///
    /// # Examples
    /// ```
    /// use value_model::scale::{Cell, Scale};
    /// use value_model::scorecard::{Context, Group, Measure, Scorecard};
    /// let tree = Group::new("health")
    ///     .child(Measure::new("csat", Scale::Likert { min: 1, max: 5 }))
    ///     .child(Measure::new("goals", Scale::YesNo));
    /// let scorer = Scorecard::new("mine", "1", tree).compile()?;
    /// let mut workspace = scorer.workspace();
    /// let context = Context::new("2026-11-01".parse()?);
    /// let score = scorer.score(&[Cell::Number(4.0), Cell::YesNo(true)], &context, &mut workspace)?;
    /// assert_eq!(score.score, Some(87.5));
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn score(
        &self,
        cells: &[Cell],
        context: &Context,
        workspace: &mut Workspace,
    ) -> Result<Score, Error> {
        let plan = &*self.0;
        if cells.len() != plan.measures.len() || !workspace.fits(plan.measures.len(), plan.groups.len()) {
            return Err(Error::Conflict {
                field: "cells".into(),
                reason: format!(
                    "must hold {} cells, one per measure, beside a workspace of this scorer",
                    plan.measures.len()
                )
                .into(),
            });
        }
        let age = match context.default_on {
            Some(on) => Some(age_days(on, context.as_of).map_err(|error| error.at("default_on"))?),
            None => None,
        };
        for ((measure, cell), leaf) in plan.measures.iter().zip(cells).zip(workspace.leaves_mut()) {
            *leaf = measure.leaf(*cell, context, age)?;
        }
        plan.evaluate(workspace)?;
        Ok(plan.finish(workspace))
    }
}

impl Plan {
    pub(crate) fn workspace(&self) -> Workspace {
        Workspace::new(self.measures.len(), self.groups.len())
    }
}

#[cold]
fn no_such_measure(measure: usize) -> Error {
    Error::UnknownId { field: "answers".into(), id: format!("#{measure}"), suggestion: Suggestion(None) }
}

/// `answers.csat`: how errors name an answer.
pub(crate) fn answer_path(measure: &str) -> String {
    format!("answers.{measure}")
}

/// The reason for which a raw value means "missing".
fn missing_code(codes: &Codes, value: &Value) -> Option<Missing> {
    if codes.is_empty() {
        return None;
    }
    let text = match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::YesNo(_) => return None,
    };
    codes.iter().find(|(code, _)| **code == *text).map(|(_, reason)| *reason)
}

impl CompiledMeasure {
    /// Reads a typed value as an answer: missing codes, levels, dates, numbers.
    #[inline]
    pub(super) fn read(&self, codes: &Codes, value: &Value) -> Result<Cell, Error> {
        if let Some(reason) = missing_code(codes, value) {
            return Ok(Cell::Missing(reason));
        }
        self.scale.read(value).map_err(|error| error.at(answer_path(&self.id)))
    }

    /// The unit of a cell, turned where the measure says so.
    #[inline]
    pub(crate) fn unit(&self, cell: Cell, as_of: Date) -> Result<Reading, Error> {
        match self.scale.unit(cell, as_of) {
            Ok(Reading::Unit(unit)) => Ok(Reading::Unit(if self.reverse { 1.0 - unit } else { unit })),
            Ok(missing) => Ok(missing),
            Err(error) => Err(error.within(&answer_path(&self.id))),
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "called from one place for one account, a dozen times")]
    pub(crate) fn leaf(&self, cell: Cell, context: &Context, age: Option<u32>) -> Result<Leaf, Error> {
        let unit = match (self.scale.quick(cell, context.as_of), cell) {
            (Some(unit), _) if self.reverse => 1.0 - unit,
            (Some(unit), _) => unit,
            (None, Cell::Missing(Missing::NotApplicable)) => return Ok(Leaf::NOT_APPLICABLE),
            (None, Cell::Missing(_)) => return Ok(Leaf::MISSING),
            (None, cell) => match self.unit(cell, context.as_of)? {
                Reading::Missing(Missing::NotApplicable) => return Ok(Leaf::NOT_APPLICABLE),
                Reading::Missing(_) => return Ok(Leaf::MISSING),
                Reading::Unit(unit) => unit,
            },
        };
        let factor = if self.plain {
            1.0
        } else {
            let recency = age.map_or(1.0, |age| self.recency.factor(age));
            self.evidence.factor(context.default_source) * recency
        };
        if factor <= 0.0 {
            return Ok(Leaf::MISSING);
        }
        let backed = context.default_source.is_some_and(Source::is_customer_backed);
        let fresh = age.is_some_and(|age| age <= self.recency.fresh_days());
        let undated = age.is_none() && self.recency.ages();
        Ok(Leaf::present(unit, factor, backed, fresh).flagged(undated, self.scale.regressed(cell)))
    }
}

impl CompiledGroup {
    /// What a score of this group is when it is reported as a cost: 100 - score; none for groups of value.
    pub fn cost_score(&self, score: Option<f64>) -> Option<f64> {
        score.filter(|_| self.polarity == Polarity::Cost).map(|score| 100.0 - score)
    }

    /// The weight of all children, added in the order of the model.
    pub(crate) fn weight(&self) -> f64 {
        self.children.iter().fold(0.0, |all, slot| all + slot.weight)
    }

    /// Whether a missing child of this group is an error.
    pub(crate) const fn fails(&self) -> bool {
        matches!(self.rule, MissingRule::Fail)
    }
}
