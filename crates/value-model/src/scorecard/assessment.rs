//! The full result of one account: the score, and everything needed to explain it.

use std::collections::BTreeMap;

use super::compile::Id;
use super::evaluate::GroupScore;
use super::scorer::Outcome;
use crate::Date;
use crate::answer::Missing;

/// The score of one account with its explanation.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Assessment {
    /// The model's id.
    pub model: Id,
    /// The model's version.
    pub version: Id,
    /// The account's id.
    pub account: String,
    /// The date of scoring.
    pub as_of: Date,
    /// Whether there is a score.
    pub outcome: Outcome,
    /// The score after rules and override, 0..100.
    pub score: Option<f64>,
    /// The score before rules and override, 0..100.
    pub raw: Option<f64>,
    /// The band of the score.
    pub band: Option<Id>,
    /// The band of `lower`: what alerts read, because losing an answer never raises it.
    pub lower_band: Id,
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
    /// Every group, each before its children; the root is first.
    pub groups: Vec<GroupResult>,
    /// Every measure, in the order of the tree.
    pub measures: Vec<MeasureResult>,
    /// What makes up the score. The points sum to it.
    pub contributions: Vec<Contribution>,
    /// The rules that fired, in order.
    pub rules: Vec<FiredRule>,
    /// The override of the record, whether it holds or has expired.
    #[serde(rename = "override")]
    pub override_: Option<AppliedOverride>,
}

/// The result of one group.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct GroupResult {
    /// The group's id.
    pub id: Id,
    /// The group's title.
    pub title: Id,
    /// 0 for the root.
    pub depth: u32,
    /// Whether there is a score.
    pub outcome: Outcome,
    /// Why there is none.
    pub reason: Option<InsufficientReason>,
    /// The score, 0..100.
    pub score: Option<f64>,
    /// 100 - score, for groups that are reported as a cost: higher is worse.
    pub cost_score: Option<f64>,
    /// The least the score can be, 0..100.
    pub lower: f64,
    /// The most it can be, 0..100.
    pub upper: f64,
    /// The share of the weight that is answered, 0..1.
    pub coverage: f64,
    /// The share backed by the customer or a measurement, 0..1.
    pub validated_share: f64,
    /// The share that is fresh, 0..1.
    pub fresh_share: f64,
    /// Points of the raw score that come from this group.
    pub contribution: f64,
}

impl GroupResult {
    /// The score without names and points.
    pub(crate) const fn score(&self) -> GroupScore {
        GroupScore {
            outcome: self.outcome,
            score: self.score,
            lower: self.lower,
            upper: self.upper,
            coverage: self.coverage,
            validated_share: self.validated_share,
            fresh_share: self.fresh_share,
        }
    }
}

/// Why a group has no score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InsufficientReason {
    /// A child without whose score there is none has none.
    RequiredMissing,
    /// Less is answered than the least coverage.
    LowCoverage,
    /// Nothing that counts is answered.
    NothingAnswered,
}

/// The result of one measure.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MeasureResult {
    /// The measure's id.
    pub id: Id,
    /// The measure's title.
    pub title: Id,
    /// The unit, 0..1.
    pub unit: Option<f64>,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// What the answer counts, 0..1: less than 1 as it ages, or by its source.
    pub factor: f64,
    /// Points of the raw score that come from this measure.
    pub contribution: f64,
    /// The score if this measure were at its best, less the score.
    /// Negative when the answer brings back a group that had too little coverage and is worse than the rest.
    pub headroom: Option<f64>,
    /// Each persona's mean unit.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub personas: BTreeMap<String, f64>,
    /// The largest less the smallest persona mean.
    pub disagreement: Option<f64>,
    /// Whether the customer or a measurement stands behind it.
    pub backed: bool,
    /// Whether it is fresh.
    pub fresh: bool,
    /// What a reader should know beside the number.
    pub flags: Vec<Flag>,
}

/// A remark on a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// An answer without a date was kept although age matters.
    Undated,
    /// The value moved away from its target.
    Regressed,
}

/// One part of the score.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Contribution {
    /// The measure, group or rule.
    pub id: Id,
    /// What it is.
    pub kind: ContributionKind,
    /// Points of the score.
    pub points: f64,
}

/// What contributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContributionKind {
    /// A measure.
    Measure,
    /// A missing group that counts with a fixed unit.
    Group,
    /// A rule that fired.
    Rule,
    /// The override.
    Override,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FiredRule {
    /// The rule's id.
    pub id: Id,
    /// The rule's title.
    pub title: Id,
    /// The score before it.
    pub before: f64,
    /// The score after it.
    pub after: f64,
}

/// The override of a record.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AppliedOverride {
    /// The score it sets.
    pub score: f64,
    /// Why.
    pub reason: String,
    /// Who.
    pub author: String,
    /// The day it was made.
    pub made_on: Date,
    /// The last day on which it holds.
    pub expires_on: Date,
    /// Whether it holds on the date of scoring.
    pub active: bool,
}

impl Assessment {
    /// The result of the group with this id.
    pub fn group(&self, id: &str) -> Option<&GroupResult> {
        self.groups.iter().find(|group| *group.id == *id)
    }

    /// The result of the measure with this id.
    pub fn measure(&self, id: &str) -> Option<&MeasureResult> {
        self.measures.iter().find(|measure| *measure.id == *id)
    }
}
