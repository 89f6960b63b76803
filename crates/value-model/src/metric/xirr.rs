//! Internal rate of return of dated flows, actual/365.

use super::discount::{DatedFlow, by_day};
pub use super::roots::IrrReason;
use super::roots::{Term, rates};
use crate::catalog::{Formula, Source};
use crate::{Error, check};

/// Catalog entry of [`xirr`].
pub const FORMULA: Formula = Formula {
    id: "xirr",
    version: 1,
    source: Source::Standard,
    expression: "all r > -1 with sum CF_i / (1 + r)^(days_i / 365) = 0; irr = r if there is exactly one",
};

/// Dated flows, in one currency.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct XirrInput {
    /// The flows, in any order. At most 1,000 days with a flow, with 250 changes of sign.
    pub flows: Vec<DatedFlow>,
}

/// Result of [`xirr`].
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Xirr {
    /// The rate per year of 365 days at which the flows are worth nothing, when there is exactly one; a fraction.
    pub irr: Option<f64>,
    /// Why there is no `irr`.
    pub reason: Option<IrrReason>,
    /// All such rates above -1, ascending; a double root stands once.
    pub roots: Vec<f64>,
}

/// All yearly rates at which dated flows are worth nothing, and the internal rate of return when it is one.
///
/// Flows of one day count as one flow.
///
/// # Errors
/// [`Error::Empty`] without flows, [`Error::NotFinite`], [`Error::Overflow`] when flows of one day are too large to
/// add, [`Error::Limit`] for too many days or changes of sign.
///
/// # Examples
/// ```
/// use value_model::metric::discount::DatedFlow;
/// use value_model::metric::xirr::{XirrInput, xirr};
/// let flows = vec![
///     DatedFlow { on: "2026-01-01".parse()?, amount: -100.0 },
///     DatedFlow { on: "2028-01-01".parse()?, amount: 121.0 },
/// ];
/// assert!((xirr(&XirrInput { flows })?.irr.unwrap() - 0.1).abs() < 1e-12);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn xirr(input: &XirrInput) -> Result<Xirr, Error> {
    let mut days: Vec<(i32, f64)> = Vec::new();
    for (day, amount) in by_day(&input.flows)? {
        match days.last_mut() {
            Some((same, sum)) if *same == day => *sum = check::computed("flows", *sum + amount)?,
            _ => days.push((day, amount)),
        }
    }
    let terms: Vec<Term> = days
        .into_iter()
        .map(|(day, coefficient)| Term { power: f64::from(day) / 365.0, coefficient })
        .collect();
    let found = rates(&terms)?;
    Ok(Xirr { irr: found.irr, reason: found.reason, roots: found.roots })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{IrrReason, Xirr, XirrInput, xirr};
    use crate::metric::discount::DatedFlow;

    fn of(flows: &[(&str, f64)]) -> Xirr {
        let flows = flows.iter().map(|&(on, amount)| DatedFlow { on: on.parse().unwrap(), amount }).collect();
        xirr(&XirrInput { flows }).unwrap()
    }

    #[test]
    fn days_between_periods_count() {
        // 90 days at 20% a year.
        let grown = 100.0 * crate::math::pow(1.2, 90.0 / 365.0);
        let result = of(&[("2026-08-03", -100.0), ("2026-11-01", grown)]);
        assert_relative_eq!(result.irr.unwrap(), 0.2, max_relative = 1e-12);
    }

    #[test]
    fn two_rates_on_dates_are_both_found() {
        let result = of(&[("2025-01-01", -1000.0), ("2026-01-01", 2500.0), ("2027-01-01", -1540.0)]);
        assert_eq!(result.reason, Some(IrrReason::SeveralRoots));
        assert_relative_eq!(result.roots[0], 0.1, max_relative = 1e-12);
        assert_relative_eq!(result.roots[1], 0.4, max_relative = 1e-12);
    }

    #[test]
    fn flows_of_one_day_are_one_flow() {
        assert_eq!(of(&[("2026-01-01", -5.0), ("2026-01-01", 5.0)]).reason, Some(IrrReason::NoSignChange));
        let split = of(&[("2027-01-01", 60.0), ("2026-01-01", -100.0), ("2027-01-01", 50.0)]);
        assert_relative_eq!(split.irr.unwrap(), 0.1, max_relative = 1e-12);
    }

    #[test]
    fn no_flows_are_refused() {
        assert_eq!(xirr(&XirrInput { flows: vec![] }).unwrap_err().code(), "empty");
    }
}
