//! Net present value of flows at equal distances.

use super::discount::{Convention, checked_flows, checked_rate, present_value};
use crate::Error;
use crate::catalog::{Formula, Source};

/// Catalog entry of [`npv`].
pub const FORMULA: Formula = Formula {
    id: "npv",
    version: 1,
    source: Source::Standard,
    expression: "npv = sum CF_t / (1 + rate)^t, t from 0 (at_start) or from 1 (spreadsheet)",
};

/// Flows at equal distances, in one currency.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NpvInput {
    /// Discount rate per period, as a fraction above -1.
    pub rate: f64,
    /// Net flow of each period; what is paid is negative.
    pub flows: Vec<f64>,
    /// Whether the first flow is discounted; by default it is not.
    #[serde(default)]
    pub convention: Convention,
}

/// Result of [`npv`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Npv {
    /// Net present value, in the currency of the flows.
    pub npv: f64,
}

/// The net present value of flows at equal distances.
///
/// # Errors
/// [`Error::Empty`] without flows, [`Error::NotFinite`], [`Error::OutOfRange`] for a rate of -1 or below,
/// [`Error::Overflow`].
///
/// # Examples
/// ```
/// use value_model::metric::discount::Convention;
/// use value_model::metric::npv::{NpvInput, npv};
/// let flows = vec![-100.0, 60.0, 72.0];
/// let result = npv(&NpvInput { rate: 0.2, flows, convention: Convention::AtStart })?;
/// assert_eq!(result.npv, 0.0);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn npv(input: &NpvInput) -> Result<Npv, Error> {
    let rate = checked_rate(input.rate)?;
    checked_flows("flows", &input.flows)?;
    Ok(Npv { npv: present_value("npv", &input.flows, rate, input.convention)? })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{NpvInput, npv};
    use crate::metric::discount::Convention;

    fn of(rate: f64, flows: &[f64], convention: Convention) -> f64 {
        npv(&NpvInput { rate, flows: flows.to_vec(), convention }).unwrap().npv
    }

    const NET: [f64; 4] =
        [0.0 - 53_150.0, 1_606_511.0 - 666_715.0, 3_061_331.0 - 636_772.0, 4_229_760.0 - 647_783.0];

    #[test]
    fn s3_1_npv_with_the_first_flow_today() {
        // S3-1
        assert_relative_eq!(of(0.10, &NET, Convention::AtStart), 5_496_170.105_184_071, max_relative = 1e-12);
    }

    #[test]
    fn s3_2_npv_with_the_first_flow_discounted() {
        // S3-2
        let value = of(0.10, &NET, Convention::Spreadsheet);
        assert_relative_eq!(value, 4_996_518.277_440_064, max_relative = 1e-12);
    }

    #[test]
    fn a_rate_near_minus_one_never_turns_nothing_into_an_error() {
        assert!(of(-0.999_999_9, &[1.0; 1], Convention::AtStart) > 0.0);
        assert!(of(-0.999_999_9, &[vec![1.0], vec![0.0; 400]].concat(), Convention::AtStart) > 0.0);
        let mut flows = vec![0.0; 400];
        flows.push(1.0);
        let input = NpvInput { rate: -0.999_999_9, flows, convention: Convention::AtStart };
        assert_eq!(npv(&input).unwrap_err().code(), "overflow");
    }

    #[test]
    fn rates_of_minus_one_and_below_are_out_of_range() {
        for rate in [-1.0, -1.5] {
            let error =
                npv(&NpvInput { rate, flows: vec![1.0], convention: Convention::AtStart }).unwrap_err();
            assert_eq!((error.code(), error.field()), ("out_of_range", "rate"));
        }
    }
}
