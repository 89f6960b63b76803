//! What is asked about one customer: indicators of value, costs of working together, goals.

use super::goals::Goal;
use crate::Date;
use crate::answer::{Answers, Source};
use crate::presets::value_realization::A;
use crate::scale::Scale;

/// One customer's indicators and costs, and how the two sides weigh.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ValueRealizationInput {
    /// The date of scoring.
    pub as_of: Date,
    /// Answers to the six indicators of value.
    #[serde(default)]
    pub indicators: Indicators,
    /// Answers to the six costs.
    #[serde(default)]
    pub costs: Costs,
    /// The customer's business goals, from which three indicators are derived; absent when they are answered directly.
    /// Ids are unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goals: Option<Vec<Goal>>,
    /// Price and benefit, from which the financial cost is derived; absent when it is answered directly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// The scale on which costs are answered; `unit` by default: 0 none, 1 severe.
    #[serde(default = "burden_scale")]
    pub burden_scale: Scale,
    /// The weight `a` of the indicators against the costs, 0..1; one half by default.
    #[serde(default = "value_weight")]
    pub value_weight: f64,
    /// The customer's next best alternative, judged alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<Alternative>,
    /// Who stands behind answers that do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_source: Option<Source>,
    /// The day of answers that do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_on: Option<Date>,
}

const fn burden_scale() -> Scale {
    Scale::Unit
}

const fn value_weight() -> f64 {
    A
}

impl ValueRealizationInput {
    /// A customer about whom nothing is known yet, scored by the default rules.
    pub fn new(as_of: Date) -> Self {
        Self {
            as_of,
            indicators: Indicators::default(),
            costs: Costs::default(),
            goals: None,
            price: None,
            burden_scale: burden_scale(),
            value_weight: value_weight(),
            alternative: None,
            default_source: None,
            default_on: None,
        }
    }
}

macro_rules! questions {
    ($(#[$doc:meta])* $name:ident { $( $(#[$field_doc:meta])* $field:ident ),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[$field_doc])*
                #[serde(
                    default,
                    deserialize_with = "crate::answer::one_or_many",
                    skip_serializing_if = "Vec::is_empty"
                )]
                #[cfg_attr(feature = "schema", schemars(schema_with = "crate::answer::one_or_many_schema"))]
                pub $field: Answers,
            )+
        }

        impl $name {
            /// Every question with its answers.
            pub(super) fn each(&self) -> impl Iterator<Item = (&'static str, &Answers)> {
                [$((stringify!($field), &self.$field)),+].into_iter()
            }
        }
    };
}

questions! {
    /// Answers to the indicators of value: one answer or a list, each bare or with source, persona and day.
    Indicators {
        /// The day on which an executive last said that the intended goals are being met; counts for 90 days.
        executive_confirmation,
        /// The share of intended users who use all they need, 0..1.
        full_usage,
        /// Whether every goal is written down where others can see it. Derived when `goals` are given.
        goals_documented,
        /// The share of goals with a metric, 0..1. Derived when `goals` are given.
        metrics_documented,
        /// The share of metrics that move towards their target, 0..1; 0 without a metric. Derived when `goals` are given.
        metrics_progressing,
        /// The day on which goals and metrics were last reviewed with a colleague; counts for 90 days.
        reviewed_internally,
    }
}

questions! {
    /// Answers to the costs, on `burden_scale`: one answer or a list, each bare or with source, persona and day.
    Costs {
        /// How unpleasant the experience is overall.
        experience,
        /// How much they like the experience overall: the other way round, in place of `experience`.
        experience_liking,
        /// How heavy the price is. Derived when `price` is given.
        financial,
        /// How much effort it takes to change how people work.
        change_management,
        /// How much worry, frustration or conflict comes with it.
        emotional,
        /// How much time and effort learning takes.
        learning,
        /// How much is given up by not choosing a competitor, or not doing anything.
        opportunity,
    }
}

/// What a year costs and brings, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The price of a year, 0 or more.
    pub annual_price: f64,
    /// The benefit of a year that is documented, above 0.
    pub documented_annual_benefit: f64,
}

/// The customer's next best alternative: a competitor, a spreadsheet, doing nothing.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// Its Perceived Value Score, 0..100.
    pub pvs: f64,
    /// Its Perceived Costs Score, 0..100; higher is worse.
    pub pcs: f64,
}
