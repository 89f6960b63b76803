//! What every cash-flow formula shares: the rate, the convention, and the value of a list of flows today.

use crate::{Date, Error, check, math};

/// Which flow is worth its face value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    /// The first flow falls today and is not discounted.
    #[default]
    AtStart,
    /// The first flow falls one period from today and is discounted too, as spreadsheets do.
    Spreadsheet,
}

/// An amount on a day.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DatedFlow {
    /// The day.
    pub on: Date,
    /// The amount; what is paid is negative.
    pub amount: f64,
}

/// A discount rate per period, as a fraction: above -1.
pub(crate) fn checked_rate(rate: f64) -> Result<f64, Error> {
    let rate = check::finite("rate", rate)?;
    if rate > -1.0 {
        Ok(rate)
    } else {
        Err(Error::OutOfRange { field: "rate".into(), value: rate, allowed: "above -1".into() })
    }
}

/// At least one flow, each finite.
pub(crate) fn checked_flows(field: &'static str, flows: &[f64]) -> Result<(), Error> {
    if flows.is_empty() {
        return Err(Error::Empty { field: field.into() });
    }
    for (index, &flow) in flows.iter().enumerate() {
        check::finite(format!("{field}[{index}]"), flow)?;
    }
    Ok(())
}

/// At least one dated flow, each finite, in date order; flows of one day keep their order.
///
/// The day is counted from the earliest date.
pub(crate) fn by_day(flows: &[DatedFlow]) -> Result<Vec<(i32, f64)>, Error> {
    for (index, flow) in flows.iter().enumerate() {
        check::finite(format!("flows[{index}].amount"), flow.amount)?;
    }
    let mut sorted: Vec<DatedFlow> = flows.to_vec();
    sorted.sort_by_key(|flow| flow.on);
    let first = sorted.first().ok_or_else(|| Error::Empty { field: "flows".into() })?.on;
    Ok(sorted.iter().map(|flow| (flow.on.days_since(first), flow.amount)).collect())
}

/// `amount / factor`; nothing stays nothing even where the factor has underflowed to 0.
pub(crate) fn discounted(amount: f64, factor: f64) -> f64 {
    if amount == 0.0 { 0.0 } else { amount / factor }
}

/// The present values of checked flows, one by one: `CF_t / (1 + r)^t`.
pub(crate) fn present_values(
    flows: &[f64],
    rate: f64,
    convention: Convention,
) -> impl Iterator<Item = f64> + '_ {
    let first = match convention {
        Convention::AtStart => 0_u32,
        Convention::Spreadsheet => 1,
    };
    flows.iter().zip(first..).map(move |(&flow, t)| discounted(flow, math::powi(1.0 + rate, t)))
}

/// The sum of [`present_values`].
pub(crate) fn present_value(
    field: &'static str,
    flows: &[f64],
    rate: f64,
    convention: Convention,
) -> Result<f64, Error> {
    let sum = present_values(flows, rate, convention).fold(0.0, |sum, value| sum + value);
    check::computed(field, math::unsigned_zero(sum))
}
