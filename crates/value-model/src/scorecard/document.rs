//! The scorecard as a document: what a company writes, versions and keeps.

use std::collections::BTreeMap;

use crate::answer::{EvidenceRule, Missing, RecencyRule};
use crate::scale::Scale;

/// The schema this release writes, and the newest it reads.
pub const SCHEMA: &str = "value-model/1";

/// A scorecard: a tree of measures, with the rules and bands that turn its result into a score.
///
/// The same type is read from JSON and TOML, embedded as presets and built in code.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scorecard {
    /// The document format; always `value-model/1`.
    pub schema: String,
    /// The model's name, such as `value-realization`.
    pub id: String,
    /// The model's own version; raise it whenever a score can change.
    pub version: String,
    /// A short name for people.
    pub title: String,
    /// What the model answers, and where it comes from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Which answers count, by source. Measures may differ.
    #[serde(default, skip_serializing_if = "is_default")]
    pub evidence: EvidenceRule,
    /// What age does to answers. Measures may differ.
    #[serde(default, skip_serializing_if = "is_default")]
    pub recency: RecencyRule,
    /// Weights of personas where several answered; a persona that is not listed weighs 1.
    #[serde(default, deserialize_with = "crate::answer::unique", skip_serializing_if = "BTreeMap::is_empty")]
    pub persona_weights: BTreeMap<String, f64>,
    /// Raw values that mean "missing", such as `-99` or `N/A`, with their reason.
    #[serde(default, deserialize_with = "crate::answer::unique", skip_serializing_if = "BTreeMap::is_empty")]
    pub missing_codes: BTreeMap<String, Missing>,
    /// The root group.
    pub tree: Group,
    /// Adjustments of the final score, applied in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Cut points with names.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bands: Bands,
}

/// A branch of the tree.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Unique in the tree.
    pub id: String,
    /// A short name for people; without it the id is shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Its weight in its parent, 0 or more.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
    /// How the children's units become the group's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub aggregator: Aggregator,
    /// What a missing child does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub missing: MissingRule,
    /// The coverage below which the group has no score, 0..1.
    #[serde(default = "half", skip_serializing_if = "is_half")]
    pub min_coverage: f64,
    /// Children without whose score the group has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub require: Vec<String>,
    /// Whether the group is reported as a value or as a cost.
    #[serde(default, skip_serializing_if = "is_default")]
    pub polarity: Polarity,
    /// Measures and groups, in the order in which they are added up.
    pub children: Vec<Node>,
}

/// A leaf of the tree: one question with its scale.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Unique in the tree; answers name it.
    pub id: String,
    /// A short name for people; without it the id is shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The question as it is asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// Its weight in its group, 0 or more.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
    /// How raw values become units.
    pub scale: Scale,
    /// Turns the unit: the highest raw value becomes the worst.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reverse: bool,
    /// The column of a table that holds the answers; without it the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Which answers count, where it differs from the model's rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceRule>,
    /// What age does, where it differs from the model's rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recency: Option<RecencyRule>,
    /// The area of impact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Area>,
    /// What it costs to improve it, in any one unit; ranks the next best value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<f64>,
}

/// A child of a group. On the wire it is told apart by its fields: a group has `children`, a measure a `scale`.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A branch.
    Group(Group),
    /// A leaf.
    Measure(Measure),
}

/// How the units of children become the unit of their group.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Aggregator {
    /// Weighted arithmetic mean.
    #[default]
    Mean,
    /// Weighted geometric mean; any 0 gives 0.
    Geometric,
    /// Weighted harmonic mean; any 0 gives 0.
    Harmonic,
    /// The worst child.
    Min,
    /// The best child.
    Max,
    /// The mean `B` of the base children, and what uplift children add in the room above it: `B + (1 - B) * sum b_k u_k`.
    Headroom {
        /// Ids of the uplift children, whose weights are their `b_k` and sum to at most 1. All others are the base.
        uplift: Vec<String>,
    },
}

/// What a missing child does to its group.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MissingRule {
    /// The others carry the whole weight.
    #[default]
    Renormalise,
    /// Missing counts as 0.
    Zero,
    /// Missing counts as this unit.
    Neutral(f64),
    /// Missing is an error.
    Fail,
}

/// Whether a group is reported as a value or as a cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// Higher is better.
    #[default]
    Value,
    /// Reported as `cost_score` = 100 - score beside the score: higher is worse.
    Cost,
}

/// The area of impact on the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// The product.
    Product,
    /// Sales, marketing and customer functions.
    GoToMarket,
    /// How the vendor interacts with the customer.
    Operations,
    /// The vendor's people.
    People,
    /// The competition.
    Competition,
    /// Customers among each other.
    Community,
}

/// An adjustment of the final score.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Unique among the rules; results name it.
    pub id: String,
    /// A sentence for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// When it fires.
    pub when: Predicate,
    /// What it does.
    pub then: Action,
}

/// A condition on the unit of one measure. Units are compared at 9 decimals of the score.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Predicate {
    /// The measure's unit is below this unit.
    Below {
        /// The measure's id.
        measure: String,
        /// The unit to compare with, 0..1.
        unit: f64,
    },
    /// The measure's unit is above this unit.
    Above {
        /// The measure's id.
        measure: String,
        /// The unit to compare with, 0..1.
        unit: f64,
    },
    /// The measure's unit is this unit.
    Equals {
        /// The measure's id.
        measure: String,
        /// The unit to compare with, 0..1.
        unit: f64,
    },
    /// The measure is missing for any reason but `not_applicable`.
    Missing {
        /// The measure's id.
        measure: String,
    },
}

/// What a rule does to the root's unit.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// At most this unit.
    Cap(f64),
    /// At least this unit.
    Floor(f64),
    /// Exactly this unit.
    Set(f64),
}

/// Cut points in score, with a name for each band from the lowest up.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// Scores that part the bands, strictly rising.
    pub cuts: Vec<f64>,
    /// Names, one more than cuts.
    pub names: Vec<String>,
    /// To which band a score on a cut point belongs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub edge: Edge,
}

/// To which band a score that equals a cut point belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// To the band above.
    #[default]
    Above,
    /// To the band below; the first band is closed on both sides.
    Gainsight,
    /// The top of a band is included in it.
    Churnzero,
}

impl Default for Bands {
    fn default() -> Self {
        Self {
            cuts: vec![50.0, 75.0],
            names: ["at_risk", "watch", "healthy"].map(str::to_owned).to_vec(),
            edge: Edge::Above,
        }
    }
}

const fn one() -> f64 {
    1.0
}

const fn half() -> f64 {
    0.5
}

#[expect(
    clippy::float_cmp,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference; exactly the default is left out"
)]
fn is_one(weight: &f64) -> bool {
    *weight == one()
}

#[expect(
    clippy::float_cmp,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference; exactly the default is left out"
)]
fn is_half(coverage: &f64) -> bool {
    *coverage == half()
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
