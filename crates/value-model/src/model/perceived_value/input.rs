//! What is asked about one customer: outcomes, intended values, expansion and value areas.

use std::collections::BTreeMap;

use crate::Date;
use crate::answer::{Answers, EvidenceRule, QUARTER_DAYS, RecencyRule, Source};
use crate::scale::Scale;
use crate::scorecard::Area;

/// One customer's outcomes and perceptions, and the rules by which they count.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PerceivedValueInput {
    /// The date of scoring.
    pub as_of: Date,
    /// Agreed business outcomes; ids are unique.
    #[serde(default)]
    pub outcomes: Vec<BusinessOutcome>,
    /// The values intended at purchase, with who said how far they are met; ids are unique.
    #[serde(default)]
    pub intended_values: Vec<IntendedValue>,
    /// Who sees how much more value, and how open they are to buying it.
    #[serde(default)]
    pub expansion: Vec<ExpansionAnswer>,
    /// Value areas that were planned for; absent when nobody asked. Ids are unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_areas: Option<Vec<ValueArea>>,
    /// Value areas that nobody had planned for; absent when nobody asked, empty when none was found. Ids are unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_areas: Option<Vec<ValueArea>>,
    /// The rating scale of responses, potential and openness; 1 to 5 by default.
    #[serde(default)]
    pub rating: Rating,
    /// How potential and openness become one value; the geometric mean by default.
    #[serde(default)]
    pub expansion_rule: ExpansionRule,
    /// How the four scores become one; `headroom` by default.
    #[serde(default)]
    pub combine: Combine,
    /// Which answers count; `customer_backed` by default.
    #[serde(default = "evidence")]
    pub evidence: EvidenceRule,
    /// What age does to responses and expansion answers; a window of 90 days by default. Outcomes and areas do not age.
    #[serde(default = "recency")]
    pub recency: RecencyRule,
    /// Weights of personas, above 0; a persona that is not listed weighs 1.
    #[serde(default, deserialize_with = "crate::answer::unique", skip_serializing_if = "BTreeMap::is_empty")]
    pub persona_weights: BTreeMap<String, f64>,
    /// Who stands behind what does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_source: Option<Source>,
    /// The day of what does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_on: Option<Date>,
}

pub(super) const fn evidence() -> EvidenceRule {
    EvidenceRule::CustomerBacked
}

pub(super) const fn recency() -> RecencyRule {
    RecencyRule::Window { days: QUARTER_DAYS }
}

impl PerceivedValueInput {
    /// A customer about whom nothing is known yet, scored by the default rules.
    pub fn new(as_of: Date) -> Self {
        Self {
            as_of,
            outcomes: Vec::new(),
            intended_values: Vec::new(),
            expansion: Vec::new(),
            planned_areas: None,
            new_areas: None,
            rating: Rating::default(),
            expansion_rule: ExpansionRule::default(),
            combine: Combine::default(),
            evidence: evidence(),
            recency: recency(),
            persona_weights: BTreeMap::new(),
            default_source: None,
            default_on: None,
        }
    }
}

/// One agreed business outcome and where it stands, in its own unit.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BusinessOutcome {
    /// The outcome's id.
    pub id: String,
    /// Its weight, 0 or more.
    #[serde(default = "one")]
    pub weight: f64,
    /// The value at the start.
    pub baseline: f64,
    /// The value to reach; it may lie below the baseline.
    pub target: f64,
    /// The value now; absent when nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<f64>,
    /// Given when the goal is to keep the target: how far from it still counts as kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
    /// Whether the customer can point at it.
    pub tangible: bool,
    /// Whether the customer can say how it came about.
    pub explainable: bool,
    /// Who stands behind the current value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The day of the current value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
}

impl BusinessOutcome {
    /// An outcome of weight 1 that is tangible and explainable, and of which nobody knows where it stands.
    pub fn new(id: impl Into<String>, baseline: f64, target: f64) -> Self {
        Self {
            id: id.into(),
            weight: one(),
            baseline,
            target,
            current: None,
            tolerance: None,
            tangible: true,
            explainable: true,
            source: None,
            on: None,
        }
    }

    /// The same outcome with this weight.
    #[must_use]
    pub const fn weight(mut self, weight: f64) -> Self {
        self.weight = weight;
        self
    }

    /// The same outcome at this value, which this source stands behind.
    #[must_use]
    pub const fn at(mut self, current: f64, source: Source) -> Self {
        self.current = Some(current);
        self.source = Some(source);
        self
    }
}

/// One value that was intended at purchase.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IntendedValue {
    /// The value's id.
    pub id: String,
    /// How much it matters to the customer, 0 or more.
    #[serde(default = "one")]
    pub importance: f64,
    /// How far it is met: one rating or a list, each bare or with source, persona and day.
    #[serde(default, deserialize_with = "crate::answer::one_or_many")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::answer::one_or_many_schema"))]
    pub responses: Answers,
}

impl IntendedValue {
    /// A value of importance 1 with these responses.
    pub fn new(id: impl Into<String>, responses: Answers) -> Self {
        Self { id: id.into(), importance: one(), responses }
    }

    /// The same value with this importance.
    #[must_use]
    pub const fn importance(mut self, importance: f64) -> Self {
        self.importance = importance;
        self
    }
}

/// One person's view of what more there is.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExpansionAnswer {
    /// The role that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persona: Option<String>,
    /// The rating of how much more value is within reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub potential: Option<f64>,
    /// The rating of how open they are to buying it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openness: Option<f64>,
    /// Who stands behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The day it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
}

/// A place where the customer gets value.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ValueArea {
    /// The area's id.
    pub id: String,
    /// How much value there is, 0..1.
    pub value: f64,
    /// The area of impact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Area>,
    /// Who stands behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The day it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
}

impl ValueArea {
    /// An area of this value, 0..1, which this source stands behind.
    pub fn new(id: impl Into<String>, value: f64, source: Source) -> Self {
        Self { id: id.into(), value, area: None, source: Some(source), on: None }
    }
}

/// A rating scale of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// The lowest rating.
    pub min: i32,
    /// The highest rating.
    pub max: i32,
}

impl Rating {
    pub(super) const fn scale(self) -> Scale {
        Scale::Likert { min: self.min, max: self.max }
    }
}

impl Default for Rating {
    fn default() -> Self {
        Self { min: 1, max: 5 }
    }
}

/// How potential and openness become one value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExpansionRule {
    /// The square root of their product: without either there is nothing.
    #[default]
    Geometric,
    /// The smaller one.
    Min,
    /// Half of their sum.
    Mean,
}

/// How the four scores become Value Realized.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// Expansion and unknown value fill a part of the room that outcomes and perception leave.
    #[default]
    Headroom,
    /// The plain mean of the four.
    Mean,
}

pub(super) const fn one() -> f64 {
    1.0
}
