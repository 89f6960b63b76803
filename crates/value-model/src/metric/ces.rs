//! Customer Effort Score on the seven-point scale, in its three usual variants.

use super::interval::{Interval, share};
use crate::catalog::{Formula, Source};
use crate::{Error, math};

/// Catalog entry of [`ces`].
pub const FORMULA: Formula = Formula {
    id: "ces",
    version: 1,
    source: Source::Standard,
    expression: "mean7: m, unit (m-1)/6; top3_7: share of 5..7; \
                 index: 100*(n(6..7) - n(1..3))/n, unit (index+100)/200",
};

/// How the seven counts become one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CesVariant {
    /// The mean answer, 1..7.
    Mean7,
    /// The share of answers of 5, 6 and 7, 0..1.
    Top3_7,
    /// The share of 6 and 7 less the share of 1 to 3, in percent: -100..100.
    Index,
}

/// Answers to "it was easy to get this done", counted from 1 (disagree) to 7 (agree).
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CesInput {
    /// Exactly seven counts: how many answered 1, 2, ... 7.
    pub counts: Vec<u32>,
    /// The variant.
    pub variant: CesVariant,
}

/// Result of [`ces`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Ces {
    /// The value in the variant's own range.
    pub value: f64,
    /// The value as a unit, 0..1; higher is easier.
    pub unit: f64,
    /// How many answered.
    pub responses: u32,
    /// 95% Wilson interval; only the variant `top3_7` is a share and has one.
    pub interval: Option<Interval>,
}

/// The effort score of counted answers; higher is easier.
///
/// # Errors
/// [`Error::Invalid`] unless there are seven counts, [`Error::Empty`] when all are 0, [`Error::Overflow`] above
/// 2^32 - 1 answers; each names `counts`.
///
/// # Examples
/// ```
/// use value_model::metric::ces::{CesInput, CesVariant, ces};
/// let counts = vec![80, 210, 140, 110, 160, 180, 120];
/// assert_eq!(ces(&CesInput { counts, variant: CesVariant::Mean7 })?.value, 4.08);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn ces(input: &CesInput) -> Result<Ces, Error> {
    let counts: [u32; 7] = input.counts.as_slice().try_into().map_err(|_| Error::Invalid {
        field: "counts".into(),
        reason: format!("expected 7 counts, for the answers 1 to 7, found {}", input.counts.len()),
    })?;
    let responses = counts
        .iter()
        .try_fold(0_u32, |sum, &count| sum.checked_add(count))
        .ok_or_else(|| Error::Overflow { field: "counts".into() })?;
    if responses == 0 {
        return Err(Error::Empty { field: "counts".into() });
    }
    let [one, two, three, four, five, six, seven] = counts;
    let n = math::count(responses);
    let (value, unit, interval) = match input.variant {
        CesVariant::Mean7 => {
            let points = [one, two, three, four, five, six, seven]
                .iter()
                .zip(1_u8..)
                .map(|(&count, answer)| math::count(count) * f64::from(answer))
                .sum::<f64>();
            let mean = points / n;
            (mean, (mean - 1.0) / 6.0, None)
        }
        CesVariant::Top3_7 => {
            let top = share("counts", five + six + seven, "counts", responses)?;
            (top.share, top.share, Some(top.interval()))
        }
        CesVariant::Index => {
            let index = 100.0 * (math::count(six + seven) - math::count(one + two + three)) / n;
            (index, (index + 100.0) / 200.0, None)
        }
    };
    Ok(Ces { value, unit, responses, interval })
}

#[cfg(test)]
mod tests {
    use approx::{assert_abs_diff_eq, assert_relative_eq};

    use super::{Ces, CesInput, CesVariant, ces};
    use crate::Error;

    fn of(variant: CesVariant) -> Ces {
        ces(&CesInput { counts: vec![80, 210, 140, 110, 160, 180, 120], variant }).unwrap()
    }

    #[test]
    fn s3_9_ces_of_a_thousand_answers_in_three_variants() {
        // S3-9
        assert_relative_eq!(of(CesVariant::Mean7).value, 4.08, max_relative = 1e-12);
        assert_abs_diff_eq!(of(CesVariant::Mean7).unit, 0.513_333_333_3, epsilon = 5e-11);
        assert_relative_eq!(of(CesVariant::Top3_7).value, 0.46, max_relative = 1e-12);
        assert_relative_eq!(of(CesVariant::Index).value, -13.0, max_relative = 1e-12);
        assert_relative_eq!(of(CesVariant::Index).unit, 0.435, max_relative = 1e-12);
    }

    #[test]
    fn only_the_share_has_an_interval() {
        assert!(of(CesVariant::Top3_7).interval.is_some());
        assert_eq!(of(CesVariant::Mean7).interval, None);
        assert_eq!(of(CesVariant::Index).interval, None);
    }

    #[test]
    fn the_variant_names_on_the_wire_are_those_of_the_definition() {
        let names = [CesVariant::Mean7, CesVariant::Top3_7, CesVariant::Index]
            .map(|variant| serde_json::to_string(&variant).unwrap());
        assert_eq!(names, ["\"mean7\"", "\"top3_7\"", "\"index\""]);
    }

    #[test]
    fn six_counts_no_answers_and_too_many_answers_are_refused() {
        let refuse = |counts: Vec<u32>| ces(&CesInput { counts, variant: CesVariant::Index }).unwrap_err();
        assert_eq!(refuse(vec![1; 6]).code(), "invalid_input");
        assert_eq!(refuse(vec![0; 7]), Error::Empty { field: "counts".into() });
        assert_eq!(refuse(vec![u32::MAX; 7]).code(), "overflow");
    }
}
