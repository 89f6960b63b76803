//! What the customer's metric answers: the score, its three factors, and every need with its reason.

use crate::metric::channel::ChannelAdvice;
use crate::metric::interval::{Interval, Wilson};

/// Result of [`customers_metric`](super::customers_metric).
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomersMetric {
    /// Whether there is a score, and why not.
    pub outcome: CustomersMetricOutcome,
    /// Needs anticipated, met in time and effectively, 0..100.
    pub score: Option<f64>,
    /// The score if every unknown effect were none at all, 0..100.
    pub lower: f64,
    /// The score if every need of unknown effect had gone perfectly, 0..100.
    pub upper: f64,
    /// Share of the needs in the window whose effect is known, 0..1.
    pub coverage: f64,
    /// Needs in the window.
    pub needs_in_window: u32,
    /// Share of them that was detected before the customer asked, with its 95% interval; none without needs.
    pub anticipated: Option<Wilson>,
    /// Their mean timeliness, 0..1; none without needs.
    pub timeliness: Option<f64>,
    /// How well guidance worked.
    pub effectiveness: Effectiveness,
    /// Hours of work on needs in the window, as far as stated; none when no need states any.
    pub hours: Option<f64>,
    /// Cost of needs in the window, as far as stated; none when no need states any.
    pub cost: Option<f64>,
    /// The channels compared; none when no effectiveness is required, or no need can be counted.
    pub channels: Option<ChannelAdvice>,
    /// Delivered needs in the window that the comparison of channels leaves out, for want of a channel, cost or effect.
    pub channel_needs_left_out: u32,
    /// Every need, in byte order of the ids.
    pub needs: Vec<NeedResult>,
    /// The ids of needs older than the window, in byte order.
    pub outside_window: Vec<String>,
}

/// Whether there is a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CustomersMetricOutcome {
    /// There is a score.
    Scored,
    /// Too few effects are known: coverage is below `min_coverage`, or 0.
    Insufficient,
    /// No need lies in the window.
    NoNeeds,
}

/// How well guidance worked, over the needs in the window.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Effectiveness {
    /// Mean of the known effects, 0..1; none when none is known.
    pub mean: Option<f64>,
    /// The mean if every unknown effect were 0.
    pub lower: f64,
    /// The mean if every unknown effect were 1.
    pub upper: f64,
    /// How many effects are known. A need that was never met has the known effect 0.
    pub known: u32,
    /// The 95% interval of the mean; only where every known effect is 0 or 1, so that the mean is a share.
    pub interval: Option<Interval>,
}

/// One need as it was judged.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NeedResult {
    /// The need's id.
    pub id: String,
    /// Days from need to delivery, negative when early; none when it was never delivered.
    pub days_late: Option<i32>,
    /// What its timing is worth, 0..1.
    pub timeliness: f64,
    /// Anticipated times timely times effective, 0..1; none when the effect is unknown.
    pub unit: Option<f64>,
    /// Whether it counts in the score.
    pub counted: bool,
    /// Why it does not count, or why it counts as 0.
    pub reason: Option<NeedReason>,
}

/// What is special about a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NeedReason {
    /// Older than the window: listed, not counted.
    Stale,
    /// Never delivered: counts as 0.
    NotDelivered,
    /// Delivered, but nobody knows how well it worked: counts in the bounds, not in the score.
    UnknownEffect,
}
