//! Return on investment and the score of benefits against costs, from gross flows.

use super::discount::{Convention, checked_rate, present_value};
use crate::catalog::{Formula, Source};
use crate::{Error, check};

/// Catalog entry of [`roi`].
pub const FORMULA: Formula = Formula {
    id: "roi",
    version: 1,
    source: Source::ValueGenerated,
    expression: "npv = PVB - PVC; roi = npv / PVC; score = 100 * PVB / (PVB + PVC)",
};

/// Gross benefits and costs per period, in one currency.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RoiInput {
    /// Discount rate per period, as a fraction above -1.
    pub rate: f64,
    /// Benefit of each period, 0 or more.
    pub benefits: Vec<f64>,
    /// Cost of each period, 0 or more; may be longer or shorter than `benefits`.
    pub costs: Vec<f64>,
    /// Whether the first period is discounted; by default it is not.
    #[serde(default)]
    pub convention: Convention,
}

/// Result of [`roi`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Roi {
    /// Net present value per unit of costs; none without costs.
    pub roi: Option<f64>,
    /// Benefits against costs, 0..100: 50 exactly at a net present value of 0. None when there is neither.
    pub score: Option<f64>,
    /// Why there is no `roi`, or neither `roi` nor `score`.
    pub reason: Option<RoiReason>,
    /// Net present value.
    pub npv: f64,
    /// Present value of the benefits.
    pub pv_benefits: f64,
    /// Present value of the costs.
    pub pv_costs: f64,
}

/// Why a return does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RoiReason {
    /// The costs are worth 0: there is a score (100) but no return on them.
    NoCosts,
    /// Benefits and costs are both worth 0: there is neither score nor return.
    NoFlows,
}

/// Return on the costs, and benefits against costs as a score free of currency and size.
///
/// # Errors
/// [`Error::Empty`] when a list is empty (an unknown flow is not 0: write `[0]` for none), [`Error::NotFinite`],
/// [`Error::OutOfRange`] for a negative flow or a rate of -1 or below, [`Error::Overflow`].
///
/// # Examples
/// ```
/// use value_model::metric::discount::Convention;
/// use value_model::metric::roi::{RoiInput, roi};
/// let (benefits, costs) = (vec![0.0, 330.0], vec![100.0]);
/// let result = roi(&RoiInput { rate: 0.1, benefits, costs, convention: Convention::AtStart })?;
/// assert!((result.score.unwrap() - 75.0).abs() < 1e-9);
/// assert!((result.roi.unwrap() - 2.0).abs() < 1e-9);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn roi(input: &RoiInput) -> Result<Roi, Error> {
    let rate = checked_rate(input.rate)?;
    gross("benefits", &input.benefits)?;
    gross("costs", &input.costs)?;
    let pv_benefits = present_value("pv_benefits", &input.benefits, rate, input.convention)?;
    let pv_costs = present_value("pv_costs", &input.costs, rate, input.convention)?;
    let npv = check::computed("npv", pv_benefits - pv_costs)?;
    let both = check::computed("pv_benefits", pv_benefits + pv_costs)?;
    let roi = (pv_costs > 0.0).then(|| check::computed("roi", npv / pv_costs)).transpose()?;
    Ok(Roi {
        roi,
        score: if both > 0.0 { Some(100.0 * (pv_benefits / both)) } else { None },
        reason: match roi {
            Some(_) => None,
            None if both > 0.0 => Some(RoiReason::NoCosts),
            None => Some(RoiReason::NoFlows),
        },
        npv,
        pv_benefits,
        pv_costs,
    })
}

fn gross(field: &'static str, flows: &[f64]) -> Result<(), Error> {
    if flows.is_empty() {
        return Err(Error::Empty { field: field.into() });
    }
    for (index, &flow) in flows.iter().enumerate() {
        check::not_negative(format!("{field}[{index}]"), flow)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{Roi, RoiInput, RoiReason, roi};
    use crate::metric::discount::Convention;

    fn of(benefits: &[f64], costs: &[f64]) -> Roi {
        let (benefits, costs) = (benefits.to_vec(), costs.to_vec());
        roi(&RoiInput { rate: 0.10, benefits, costs, convention: Convention::AtStart }).unwrap()
    }

    const BENEFITS: [f64; 4] = [0.0, 1_606_511.0, 3_061_331.0, 4_229_760.0];
    const COSTS: [f64; 4] = [53_150.0, 666_715.0, 636_772.0, 647_783.0];

    #[test]
    fn s3_1_present_values_and_return_of_three_years() {
        // S3-1
        let result = of(&BENEFITS, &COSTS);
        assert_relative_eq!(result.pv_benefits, 7_168_371.457_550_712, max_relative = 1e-12);
        assert_relative_eq!(result.pv_costs, 1_672_201.352_366_641_4, max_relative = 1e-12);
        assert_relative_eq!(result.npv, 5_496_170.105_184_071, max_relative = 1e-12);
        assert_relative_eq!(result.roi.unwrap(), 3.286_787_262_434_289_8, max_relative = 1e-12);
    }

    #[test]
    fn s3_3_score_of_benefits_against_costs() {
        // S3-3
        assert_relative_eq!(of(&BENEFITS, &COSTS).score.unwrap(), 81.084_920_758_858_9, max_relative = 1e-12);
    }

    #[test]
    fn without_costs_there_is_a_score_but_no_return() {
        let result = of(&[10.0], &[0.0]);
        assert_eq!((result.roi, result.reason), (None, Some(RoiReason::NoCosts)));
        assert_relative_eq!(result.score.unwrap(), 100.0);
        let nothing = of(&[0.0], &[0.0, 0.0]);
        assert_eq!((nothing.score, nothing.reason), (None, Some(RoiReason::NoFlows)));
    }

    #[test]
    fn a_negative_or_missing_gross_flow_is_refused_by_place() {
        let refuse = |benefits: Vec<f64>, costs: Vec<f64>| {
            roi(&RoiInput { rate: 0.1, benefits, costs, convention: Convention::AtStart }).unwrap_err()
        };
        let error = refuse(vec![1.0], vec![2.0, -1.0]);
        assert_eq!((error.code(), error.field()), ("out_of_range", "costs[1]"));
        assert_eq!(refuse(vec![], vec![1.0]).field(), "benefits");
        assert_eq!(refuse(vec![f64::MAX, f64::MAX], vec![f64::MAX]).code(), "overflow");
    }
}
