//! What the model says about one customer.

use std::collections::BTreeMap;

use crate::model::{NoScore, Part};
use crate::scorecard::Area;

/// Result of [`perceived_value`](super::perceived_value). All scores are 0..100, higher is better.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PerceivedValue {
    /// Value Realized; none without realized outcomes or perceived value.
    pub score: Option<f64>,
    /// Why there is no score.
    pub reason: Option<NoScore>,
    /// The least the score can be once everything is known and proven.
    pub lower: f64,
    /// The most it can be once everything is known and proven.
    pub upper: f64,
    /// The share of the model's weight that is known, 0..1.
    pub coverage: f64,
    /// Realized Business Outcomes. What is not proven counts as not realised; `upper` says what it could still add.
    pub rbo: Part,
    /// Value Perceived.
    pub vp: Part,
    /// Value Expansion.
    pub ve: Part,
    /// Value Unknown.
    pub vu: Part,
    /// VP less RBO, -100..100: above 0 goodwill is ahead of proof, below 0 value is delivered but not told.
    pub gap: Option<f64>,
    /// Every outcome, in byte order of the ids.
    pub outcomes: Vec<OutcomeResult>,
    /// Every intended value, in byte order of the ids.
    pub values: Vec<ValueResult>,
    /// Each persona's Value Perceived over the values it answered, 0..1.
    pub personas: BTreeMap<String, f64>,
    /// The largest less the smallest persona mean of Value Perceived; none below two personas.
    pub disagreement: Option<f64>,
    /// Each persona's Value Expansion, 0..1.
    pub expansion_personas: BTreeMap<String, f64>,
    /// The largest less the smallest persona mean of Value Expansion; none below two personas.
    pub expansion_disagreement: Option<f64>,
    /// Every value area: the planned ones, then the new ones, each in byte order of the ids.
    pub areas: Vec<AreaResult>,
    /// The share that new areas have in the value of all areas, 0..100. It never feeds the score.
    pub unplanned_share: Option<f64>,
    /// Why there is no `unplanned_share`.
    pub unplanned_reason: Option<UnplannedReason>,
}

/// One outcome, judged.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OutcomeResult {
    /// The outcome's id.
    pub id: String,
    /// Progress from baseline to target, 0..1; none without a current value.
    pub progress: Option<f64>,
    /// Progress before it is limited to 0..1.
    pub raw: Option<f64>,
    /// Whether it moved away from its target.
    pub regressed: bool,
    /// Whether it counts as realised as far as it progressed.
    pub counted: bool,
    /// Why it does not count.
    pub reason: Option<OutcomeReason>,
}

/// Why an outcome counts as not realised. Where several hold, the first of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OutcomeReason {
    /// Nobody knows the current value.
    NoData,
    /// The evidence behind it does not count.
    Unvalidated,
    /// The customer cannot point at it.
    NotTangible,
    /// The customer cannot say how it came about.
    NotExplainable,
}

/// One intended value, answered.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ValueResult {
    /// The value's id.
    pub id: String,
    /// How far it is met: the mean of the persona means, 0..1.
    pub unit: Option<f64>,
    /// Why there is no unit.
    pub reason: Option<NoScore>,
    /// Each persona's mean, 0..1.
    pub personas: BTreeMap<String, f64>,
    /// The largest less the smallest persona mean; none below two personas.
    pub disagreement: Option<f64>,
    /// Whether an answer that counts has no day.
    pub undated: bool,
}

/// One value area, judged.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AreaResult {
    /// The area's id.
    pub id: String,
    /// Whether it was planned for.
    pub planned: bool,
    /// How much value there is, 0..1.
    pub value: f64,
    /// The area of impact.
    pub area: Option<Area>,
    /// Whether its evidence counts.
    pub counted: bool,
}

/// Why there is no share of unplanned value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnplannedReason {
    /// Nobody asked about planned areas, about new ones, or about either.
    NotAsked,
    /// No area whose evidence counts holds any value.
    NoValue,
}
