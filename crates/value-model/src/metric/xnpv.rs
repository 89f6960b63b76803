//! Net present value of dated flows, actual/365.

use super::discount::{DatedFlow, by_day, checked_rate, discounted};
use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`xnpv`].
pub const FORMULA: Formula = Formula {
    id: "xnpv",
    version: 1,
    source: Source::Standard,
    expression: "xnpv = sum CF_i / (1 + rate)^(days_i / 365), days from the earliest date",
};

/// Dated flows, in one currency.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct XnpvInput {
    /// Discount rate per year of 365 days, as a fraction above -1.
    pub rate: f64,
    /// The flows, in any order.
    pub flows: Vec<DatedFlow>,
}

/// Result of [`xnpv`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Xnpv {
    /// Net present value at the earliest date, in the currency of the flows.
    pub xnpv: f64,
}

/// The net present value of dated flows at their earliest date.
///
/// Flows are added in date order; those of one day in the order in which they are given.
///
/// # Errors
/// [`Error::Empty`] without flows, [`Error::NotFinite`], [`Error::OutOfRange`] for a rate of -1 or below,
/// [`Error::Overflow`].
///
/// # Examples
/// ```
/// use value_model::metric::discount::DatedFlow;
/// use value_model::metric::xnpv::{XnpvInput, xnpv};
/// let flows = vec![
///     DatedFlow { on: "2027-01-01".parse()?, amount: 110.0 },
///     DatedFlow { on: "2026-01-01".parse()?, amount: -100.0 },
/// ];
/// assert!(xnpv(&XnpvInput { rate: 0.1, flows })?.xnpv.abs() < 1e-12);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn xnpv(input: &XnpvInput) -> Result<Xnpv, Error> {
    let rate = checked_rate(input.rate)?;
    let mut sum = 0.0;
    for (days, amount) in by_day(&input.flows)? {
        sum += discounted(amount, math::pow(1.0 + rate, f64::from(days) / 365.0));
    }
    Ok(Xnpv { xnpv: check::computed("xnpv", math::unsigned_zero(sum))? })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{XnpvInput, xnpv};
    use crate::metric::discount::DatedFlow;

    fn flow(on: &str, amount: f64) -> DatedFlow {
        DatedFlow { on: on.parse().unwrap(), amount }
    }

    #[test]
    fn a_year_of_365_days_is_one_period() {
        let flows = vec![flow("2026-01-01", -100.0), flow("2027-01-01", 60.0), flow("2028-01-01", 60.5)];
        let value = xnpv(&XnpvInput { rate: 0.1, flows }).unwrap().xnpv;
        assert_relative_eq!(value, -100.0 + 60.0 / 1.1 + 60.5 / (1.1 * 1.1), max_relative = 1e-12);
    }

    #[test]
    fn the_order_of_days_changes_no_bit() {
        let a = [flow("2024-02-29", -10.1), flow("2025-03-01", 3.3), flow("2026-07-09", 9.7)];
        let b = [a[2], a[0], a[1]];
        let value =
            |flows: [DatedFlow; 3]| xnpv(&XnpvInput { rate: 0.07, flows: flows.into() }).unwrap().xnpv;
        assert_eq!(value(a).to_bits(), value(b).to_bits());
    }

    #[test]
    fn no_flows_and_an_infinite_amount_are_refused_by_place() {
        let refuse = |flows| xnpv(&XnpvInput { rate: 0.1, flows }).unwrap_err();
        assert_eq!(refuse(vec![]).code(), "empty");
        let error = refuse(vec![flow("2026-01-01", 1.0), flow("2026-01-02", f64::INFINITY)]);
        assert_eq!((error.code(), error.field()), ("not_finite", "flows[1].amount"));
    }
}
