//! What is asked about one customer, step by step.

use super::business::BusinessValueInput;
use super::performance::PerformanceValueInput;
use crate::Date;
use crate::metric::ces::CesInput;
use crate::metric::csat::CsatInput;
use crate::metric::nps::NpsInput;

/// One customer's three steps. A step that is absent is unknown, and then there is no score for the whole.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ValueGeneratedInput {
    /// The date of scoring.
    pub as_of: Date,
    /// Outside in, first half: benefits against costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_value: Option<BusinessValueInput>,
    /// Outside in, second half: how the customer finds it.
    #[serde(default)]
    pub experience_value: ExperienceValueInput,
    /// Inside out: how products and services perform.
    #[serde(default)]
    pub performance_value: PerformanceValueInput,
    /// Internal success: what comes back to the vendor.
    #[serde(default)]
    pub business_outcomes: BusinessOutcomesInput,
}

impl ValueGeneratedInput {
    /// A customer about whom nothing is known yet.
    pub fn new(as_of: Date) -> Self {
        Self {
            as_of,
            business_value: None,
            experience_value: ExperienceValueInput::default(),
            performance_value: PerformanceValueInput::default(),
            business_outcomes: BusinessOutcomesInput::default(),
        }
    }
}

/// How the customer finds it; what is absent is unknown.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExperienceValueInput {
    /// Answers to "how likely are you to recommend us".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nps: Option<NpsInput>,
    /// Answers to "how satisfied are you".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csat: Option<CsatInput>,
    /// Answers to "it was easy to get this done", with the variant that makes them one value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ces: Option<CesInput>,
    /// The share of customers or revenue that stayed, 0..1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<f64>,
}

/// What comes back to the vendor; what is absent is unknown.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BusinessOutcomesInput {
    /// Net revenue retention as a ratio; .9 to 1.2 unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revenue: Option<Ranged>,
    /// Months the customer has stayed; 0 to 36 unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenure: Option<Ranged>,
    /// Acts of advocacy in a year; 0 to 4 unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advocacy: Option<Ranged>,
    /// Cost to serve as a share of revenue; .25 (worst) to .05 (best) unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_to_serve: Option<Ranged>,
}

impl BusinessOutcomesInput {
    /// Every outcome that is known.
    pub(super) fn known(&self) -> impl Iterator<Item = (&'static str, Ranged)> {
        [
            ("revenue", self.revenue),
            ("tenure", self.tenure),
            ("advocacy", self.advocacy),
            ("cost_to_serve", self.cost_to_serve),
        ]
        .into_iter()
        .filter_map(|(id, ranged)| Some((id, ranged?)))
    }
}

/// A value in a range.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ranged {
    /// The value.
    pub value: f64,
    /// The value that gives 0, in place of the preset's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<f64>,
    /// The value that gives 100, in place of the preset's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<f64>,
}

impl From<f64> for Ranged {
    fn from(value: f64) -> Self {
        Self { value, worst: None, best: None }
    }
}
