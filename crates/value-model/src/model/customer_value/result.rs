//! What the customer value formula answers: gross and net value, and how far they can be trusted.

use super::Kind;
use crate::metric::money::{Currency, Period};

/// Result of [`customer_value`](super::customer_value), in one currency and period.
///
/// It is also an input, of the portfolio, and so refuses unknown fields.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CustomerValue {
    /// The customer, as given.
    pub customer: Option<String>,
    /// Currency of every amount here.
    pub currency: Currency,
    /// Period of every amount here.
    pub period: Period,
    /// Tangible benefits that count; none when no such line counts.
    pub tangible_benefits: Option<f64>,
    /// Perceived benefits that count; none when no such line counts.
    pub perceived_benefits: Option<f64>,
    /// Tangible costs that count; none when no such line counts.
    pub tangible_costs: Option<f64>,
    /// Perceived costs that count; none when no such line counts.
    pub perceived_costs: Option<f64>,
    /// Benefits of the alternative that count; none when no such line counts.
    pub alternative_benefits: Option<f64>,
    /// Costs of the alternative that count; none when no such line counts.
    pub alternative_costs: Option<f64>,
    /// Benefits less costs.
    pub gross: Option<f64>,
    /// Gross value less what the alternative would bring.
    pub net: Option<f64>,
    /// Why there is neither `gross` nor `net`.
    pub reason: Option<AbsentReason>,
    /// Whether the customer gets more value than they pay: whether `net` is above 0.
    pub more_value_than_paid: Option<bool>,
    /// Benefits for each unit of costs.
    pub benefit_cost_ratio: Option<f64>,
    /// Why there is no `benefit_cost_ratio`.
    pub benefit_cost_ratio_reason: Option<AbsentReason>,
    /// Benefits as a share of benefits and costs, 0..100; 50 when they are equal.
    pub index: Option<f64>,
    /// Why there is no `index`.
    pub index_reason: Option<AbsentReason>,
    /// Share of the benefits that may fail to come before `net` is 0; negative when it is below 0 already.
    pub break_even_haircut: Option<f64>,
    /// Why there is no `break_even_haircut`.
    pub break_even_haircut_reason: Option<AbsentReason>,
    /// Whether a kind of line that the net value needs is unknown.
    pub partial: bool,
    /// The unknown kinds, in the order of the formula.
    pub missing_kinds: Vec<Kind>,
    /// Whether the formula is documented: all four kinds of benefits and costs are known.
    pub documented: bool,
    /// Whether only tangible amounts count, no perceived ones.
    pub tangible_only: bool,
    /// What does not count for want of evidence; none when everything counts.
    pub vendor_asserted: Option<VendorAsserted>,
    /// The value after the haircuts; none when none were given or there is no `gross`.
    pub risk_adjusted: Option<RiskAdjusted>,
    /// Annual recurring revenue, as given.
    pub arr: Option<f64>,
    /// Net value for each unit of annual recurring revenue.
    pub net_per_arr: Option<f64>,
    /// Why there is no `net_per_arr`.
    pub net_per_arr_reason: Option<AbsentReason>,
    /// What a reader should know before trusting the numbers.
    pub warnings: Vec<Warning>,
}

/// Why a number does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AbsentReason {
    /// No benefit counts, so a value would be costs alone.
    BenefitsUnknown,
    /// No cost counts, so a value would be benefits alone.
    CostsUnknown,
    /// Neither a benefit nor a cost counts.
    BothUnknown,
    /// The benefits are 0, so nothing can be a share of them.
    NoBenefits,
    /// The costs are 0, so there is no ratio to them.
    NoCosts,
    /// Benefits and costs are both 0.
    NoAmounts,
    /// The revenue was not given.
    ArrUnknown,
    /// The revenue is 0.
    NoArr,
    /// The value is not per year, the revenue is.
    NotPerYear,
}

/// What stands on the vendor's word, or nobody's, and so does not count.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct VendorAsserted {
    /// Tangible benefits that do not count; none when there is no such line.
    pub tangible_benefits: Option<f64>,
    /// Perceived benefits that do not count; none when there is no such line.
    pub perceived_benefits: Option<f64>,
    /// Tangible costs that do not count; none when there is no such line.
    pub tangible_costs: Option<f64>,
    /// Perceived costs that do not count; none when there is no such line.
    pub perceived_costs: Option<f64>,
    /// Benefits of the alternative that do not count; none when there is no such line.
    pub alternative_benefits: Option<f64>,
    /// Costs of the alternative that do not count; none when there is no such line.
    pub alternative_costs: Option<f64>,
    /// The gross value if they did count.
    pub gross: Option<f64>,
    /// The net value if they did count.
    pub net: Option<f64>,
    /// The lines, in byte order of the ids.
    pub lines: Vec<String>,
}

/// Gross and net value after the haircuts.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RiskAdjusted {
    /// Benefits after their haircut less costs after their surcharge.
    pub gross: f64,
    /// The same less what the alternative would bring, which is not adjusted.
    pub net: f64,
}

/// A warning with the lines that caused it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Warning {
    /// What to know.
    pub code: WarningCode,
    /// The lines, in byte order of the ids.
    pub lines: Vec<String>,
}

/// What a reader should know before trusting the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningCode {
    /// The alternative's costs are not used: its benefits alone were asked for, or are unknown.
    AlternativeCostIgnored,
    /// A perceived amount does not count, because nobody said how it was found.
    PerceivedWithoutMethod,
    /// A cost, or a benefit of the alternative, does not count in full: the value would be lower if it did.
    CostNotCounted,
}
