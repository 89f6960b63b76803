//! Internal rate of return of flows at equal distances: every rate, never a guess.

use super::discount::checked_flows;
pub use super::roots::IrrReason;
use super::roots::{Term, rates};
use crate::Error;
use crate::catalog::{Formula, Source};

/// Catalog entry of [`irr`].
pub const FORMULA: Formula = Formula {
    id: "irr",
    version: 1,
    source: Source::Standard,
    expression: "all r > -1 with sum CF_t / (1 + r)^t = 0; irr = r if there is exactly one",
};

/// Flows at equal distances, in one currency.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IrrInput {
    /// Net flow of each period; what is paid is negative. At most 1,000 that are not 0, with 250 changes of sign.
    pub flows: Vec<f64>,
}

/// Result of [`irr`].
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Irr {
    /// The rate per period at which the flows are worth nothing, when there is exactly one; a fraction.
    pub irr: Option<f64>,
    /// Why there is no `irr`.
    pub reason: Option<IrrReason>,
    /// All such rates above -1, ascending; a double root stands once.
    pub roots: Vec<f64>,
}

/// All rates at which flows are worth nothing, and the internal rate of return when it is one.
///
/// # Errors
/// [`Error::Empty`] without flows, [`Error::NotFinite`], [`Error::Limit`] for too many flows or changes of sign.
///
/// # Examples
/// ```
/// use value_model::metric::irr::{IrrInput, IrrReason, irr};
/// let result = irr(&IrrInput { flows: vec![-1000.0, 2500.0, -1540.0] })?;
/// assert_eq!((result.irr, result.reason), (None, Some(IrrReason::SeveralRoots)));
/// assert!((result.roots[0] - 0.1).abs() < 1e-12 && (result.roots[1] - 0.4).abs() < 1e-12);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn irr(input: &IrrInput) -> Result<Irr, Error> {
    checked_flows("flows", &input.flows)?;
    let terms: Vec<Term> = input
        .flows
        .iter()
        .zip(0_u32..)
        .map(|(&coefficient, t)| Term { power: f64::from(t), coefficient })
        .collect();
    let found = rates(&terms)?;
    Ok(Irr { irr: found.irr, reason: found.reason, roots: found.roots })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{Irr, IrrInput, IrrReason, irr};

    fn of(flows: &[f64]) -> Irr {
        irr(&IrrInput { flows: flows.to_vec() }).unwrap()
    }

    #[test]
    fn s3_1_irr_of_three_years() {
        // S3-1
        let flows = [-53_150.0, 1_606_511.0 - 666_715.0, 3_061_331.0 - 636_772.0, 4_229_760.0 - 647_783.0];
        assert_relative_eq!(of(&flows).irr.unwrap(), 19.116_190_671_708_047, max_relative = 1e-12);
    }

    #[test]
    fn s3_5_two_rates_are_no_irr() {
        // S3-5
        let result = of(&[-1_000.0, 2_500.0, -1_540.0]);
        assert_eq!((result.irr, result.reason), (None, Some(IrrReason::SeveralRoots)));
        assert_eq!(result.roots.len(), 2);
        assert_relative_eq!(result.roots[0], 0.1, max_relative = 1e-12);
        assert_relative_eq!(result.roots[1], 0.4, max_relative = 1e-12);
    }

    #[test]
    fn flows_of_one_sign_or_of_nothing_have_no_rate() {
        for flows in [vec![-1.0, -2.0], vec![3.0], vec![0.0, 0.0]] {
            assert_eq!(of(&flows).reason, Some(IrrReason::NoSignChange));
        }
    }

    #[test]
    fn leading_zeros_change_nothing() {
        let plain = of(&[-100.0, 39.0, 59.0, 55.0, 20.0]);
        let late = of(&[0.0, 0.0, -100.0, 39.0, 59.0, 55.0, 20.0]);
        assert_eq!(plain, late);
    }

    #[test]
    fn no_flows_and_a_flow_without_value_are_refused() {
        assert_eq!(irr(&IrrInput { flows: vec![] }).unwrap_err().code(), "empty");
        let error = irr(&IrrInput { flows: vec![1.0, f64::NAN] }).unwrap_err();
        assert_eq!((error.code(), error.field()), ("not_finite", "flows[1]"));
    }
}
