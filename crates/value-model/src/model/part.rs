//! One score inside a model's result.

use crate::answer::Missing;
use crate::scorecard::{GroupResult, GroupScore, InsufficientReason, MeasureResult, Outcome};

/// A score with what is known about it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Part {
    /// The score, 0..100; none when too little is known.
    pub score: Option<f64>,
    /// Why there is no score.
    pub reason: Option<NoScore>,
    /// The least it can be once everything is known, 0..100.
    pub lower: f64,
    /// The most it can be once everything is known, 0..100.
    pub upper: f64,
    /// The share of its weight that is known, 0..1.
    pub coverage: f64,
    /// What it contributes to the model's score, in points; 0 while the model has no score.
    pub points: f64,
}

/// Why there is no score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoScore {
    /// Nobody answered.
    NoData,
    /// No answer stands on the evidence that the model asks for.
    Unvalidated,
    /// Every answer is older than the model's window.
    Stale,
    /// The question does not apply.
    NotApplicable,
    /// Less is known than the model asks for.
    LowCoverage,
    /// A part without which there is no score has none.
    RequiredMissing,
}

impl Part {
    /// What is known when nothing is.
    pub(super) const UNKNOWN: Self = Self {
        score: None,
        reason: Some(NoScore::NoData),
        lower: 0.0,
        upper: 100.0,
        coverage: 0.0,
        points: 0.0,
    };
}

impl Part {
    /// A group by its score, why it has none, and its points in the model's score.
    pub(super) fn of_group(score: &GroupScore, reason: Option<InsufficientReason>, points: f64) -> Self {
        let reason = match (score.outcome, reason) {
            (Outcome::Scored, _) => None,
            (Outcome::NotApplicable, _) => Some(NoScore::NotApplicable),
            (Outcome::Insufficient, Some(InsufficientReason::RequiredMissing)) => {
                Some(NoScore::RequiredMissing)
            }
            (Outcome::Insufficient, Some(InsufficientReason::LowCoverage)) => Some(NoScore::LowCoverage),
            (Outcome::Insufficient, _) => Some(NoScore::NoData),
        };
        let GroupScore { score, lower, upper, coverage, .. } = *score;
        Self { score, reason, lower, upper, coverage, points }
    }

    /// A measure by its unit, how much of it counts, why there is no unit, and its points in the model's score.
    pub(super) fn of_measure(unit: Option<f64>, factor: f64, missing: Option<Missing>, points: f64) -> Self {
        let known = factor * unit.unwrap_or(0.0);
        Self {
            score: unit.map(|unit| 100.0 * unit),
            reason: missing.map(NoScore::from),
            lower: 100.0 * known,
            upper: 100.0 * (known + (1.0 - factor)),
            coverage: factor,
            points,
        }
    }
}

impl From<&GroupResult> for Part {
    fn from(group: &GroupResult) -> Self {
        Self::of_group(&group.score(), group.reason, group.contribution)
    }
}

impl From<&MeasureResult> for Part {
    fn from(measure: &MeasureResult) -> Self {
        Self::of_measure(measure.unit, measure.factor, measure.missing, measure.contribution)
    }
}

impl From<Missing> for NoScore {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::NotApplicable => Self::NotApplicable,
            Missing::NoData => Self::NoData,
            Missing::Unvalidated => Self::Unvalidated,
            Missing::Stale => Self::Stale,
        }
    }
}
