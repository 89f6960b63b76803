//! What the model says about one customer.

use super::performance::KpiResult;
use crate::metric::ces::Ces;
use crate::metric::csat::Csat;
use crate::metric::nps::Nps;
use crate::metric::roi::Roi;
use crate::model::{NoScore, Part};
use crate::scorecard::MeasureResult;

/// Result of [`value_generated`](super::value_generated). All scores are 0..100, higher is better.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ValueGenerated {
    /// Value generated; none while a whole step is missing.
    pub score: Option<f64>,
    /// Why there is no score.
    pub reason: Option<NoScore>,
    /// The least the score can be once everything is known.
    pub lower: f64,
    /// The most it can be once everything is known.
    pub upper: f64,
    /// The share of the model's weight that is known, 0..1.
    pub coverage: f64,
    /// First step: the mean of business value and experience value.
    pub outside_in: Part,
    /// Benefits against costs: 50 exactly at a net present value of 0.
    pub business_value: Part,
    /// How the customer finds it.
    pub experience_value: Part,
    /// Second step: how products and services perform.
    pub performance_value: Part,
    /// Third step: what comes back to the vendor.
    pub business_outcomes: Part,
    /// The mean of the first two steps less the third, -100..100: above 0 customers gain more than comes back.
    pub gap: Option<f64>,
    /// Net present value, in the currency of the flows; business value is never shown without it.
    pub npv: Option<f64>,
    /// Present values and return of the flows, after allowance for risk.
    pub cash: Option<Roi>,
    /// The pillars of business value, if any were given.
    pub pillars: Option<Part>,
    /// Net Promoter Score with its intervals.
    pub nps: Option<Nps>,
    /// Satisfaction with its interval.
    pub csat: Option<Csat>,
    /// Effort.
    pub ces: Option<Ces>,
    /// Every KPI, in byte order of the ids.
    pub kpis: Vec<KpiResult>,
    /// Revenue, tenure, advocacy and cost to serve, with what there is to win.
    pub outcomes: Vec<MeasureResult>,
}
