//! What is asked about each need for guidance, and the rules by which needs are judged.

use super::timeliness::TimelinessRule;
use crate::Date;
use crate::answer::QUARTER_DAYS;

/// The needs of one customer, and how they are judged.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomersMetricInput {
    /// The day of judgement. A need of a later day is refused.
    pub as_of: Date,
    /// Every need for guidance, in any order; ids are unique.
    pub needs: Vec<Need>,
    /// When guidance counts as being in time.
    #[serde(default)]
    pub timeliness: TimelinessRule,
    /// Needs of the last so many days count, both ends included; 90 by default.
    #[serde(default = "window_days")]
    pub window_days: u32,
    /// The share of needs with a known effect below which there is no score, 0..1; .5 by default.
    #[serde(default = "min_coverage")]
    pub min_coverage: f64,
    /// The effectiveness that a channel must reach to be advised, 0..1. Without it channels are not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_effectiveness: Option<f64>,
    /// The effect from which guidance counts as effective where channels are compared, 0..1; .5 by default.
    #[serde(default = "effective_from")]
    pub effective_from: f64,
}

const fn window_days() -> u32 {
    QUARTER_DAYS
}

const fn min_coverage() -> f64 {
    0.5
}

// CHOICE: channels are compared by counts, effects are shares: more effective than not counts as effective.
const fn effective_from() -> f64 {
    0.5
}

impl CustomersMetricInput {
    /// These needs, judged by the default rules.
    pub fn new(as_of: Date, needs: Vec<Need>) -> Self {
        Self {
            as_of,
            needs,
            timeliness: TimelinessRule::default(),
            window_days: window_days(),
            min_coverage: min_coverage(),
            required_effectiveness: None,
            effective_from: effective_from(),
        }
    }
}

/// One moment at which a customer needed guidance.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The need's id.
    pub id: String,
    /// Whether it was detected before the customer asked.
    pub anticipated: bool,
    /// The day on which the customer needed the guidance.
    pub needed_on: Date,
    /// The day on which the guidance arrived; absent when it never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_on: Option<Date>,
    /// How it was delivered, such as `call` or `webinar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What the delivery cost, 0 or more, in one currency for all needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// Hours of work that it took, 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<f64>,
    /// How well the guidance worked, 0..1; absent when nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<f64>,
}

impl Need {
    /// A need for guidance that has not arrived yet.
    pub fn new(id: impl Into<String>, anticipated: bool, needed_on: Date) -> Self {
        Self {
            id: id.into(),
            anticipated,
            needed_on,
            delivered_on: None,
            channel: None,
            cost: None,
            hours: None,
            effective: None,
        }
    }

    /// The same need, met on this day with this effect; `None` when the effect is unknown.
    #[must_use]
    pub fn delivered(mut self, on: Date, effective: Option<f64>) -> Self {
        self.delivered_on = Some(on);
        self.effective = effective;
        self
    }

    /// The same need, met through this channel at this cost.
    #[must_use]
    pub fn through(mut self, channel: impl Into<String>, cost: f64) -> Self {
        self.channel = Some(channel.into());
        self.cost = Some(cost);
        self
    }
}
