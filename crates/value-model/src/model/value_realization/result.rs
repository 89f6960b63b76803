//! What the model says about one customer.

use super::goals::GoalResult;
use crate::model::{NoScore, Part};
use crate::scorecard::MeasureResult;

/// Result of [`value_realization`](super::value_realization).
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ValueRealization {
    /// The final score, 0..100; 50 is break-even. None without both sides.
    pub score: Option<f64>,
    /// Why there is no score, nor any of its variants.
    pub reason: Option<NoScore>,
    /// The least the score can be once everything is answered: least value against most costs.
    pub lower: f64,
    /// The most it can be once everything is answered.
    pub upper: f64,
    /// The share of the model's weight that is answered, 0..1.
    pub coverage: f64,
    /// Perceived Value Score, 0..100.
    pub pvs: Part,
    /// Perceived Costs Score, 0..100; higher is worse. Its points are those of the costs that are not there.
    pub pcs: Part,
    /// PVS less PCS, -100..100.
    pub difference: Option<f64>,
    /// PVS per PCS.
    pub ratio: Option<f64>,
    /// Why there is no `ratio`.
    pub ratio_reason: Option<NoRatio>,
    /// The share of PVS in both, 0..100.
    pub share: Option<f64>,
    /// Why there is no `share`.
    pub share_reason: Option<NoRatio>,
    /// The score of the next best alternative.
    pub alternative_score: Option<f64>,
    /// The score less that of the next best alternative, -100..100.
    pub relative: Option<f64>,
    /// Every goal, in byte order of the ids.
    pub goals: Vec<GoalResult>,
    /// Every indicator and cost, with its contribution and what there is to win.
    pub measures: Vec<MeasureResult>,
}

/// Why two scores have no ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoRatio {
    /// One of the sides has no score.
    SideMissing,
    /// There is nothing to divide by.
    DivisionByZero,
}
