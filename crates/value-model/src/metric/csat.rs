//! Customer satisfaction: the share that is satisfied.

use super::interval::{Interval, share};
use crate::Error;
use crate::catalog::{Formula, Source};

/// Catalog entry of [`csat`].
pub const FORMULA: Formula = Formula {
    id: "csat",
    version: 1,
    source: Source::Standard,
    expression: "share = satisfied / responses; score = 100 * share; interval = wilson(satisfied, responses)",
};

/// Answers to "how satisfied are you".
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CsatInput {
    /// Answers in the two top boxes (4 and 5 of 5), at most `responses`.
    pub satisfied: u32,
    /// All answers, 1 or more.
    pub responses: u32,
}

/// Result of [`csat`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Csat {
    /// Share of satisfied answers, 0..1.
    pub share: f64,
    /// The share as a score, 0..100.
    pub score: f64,
    /// 95% Wilson interval of the share.
    pub interval: Interval,
}

/// The share of satisfied answers with its interval.
///
/// # Errors
/// [`Error::OutOfRange`] without an answer, or with more satisfied answers than answers.
///
/// # Examples
/// ```
/// use value_model::metric::csat::{CsatInput, csat};
/// assert_eq!(csat(&CsatInput { satisfied: 42, responses: 50 })?.score, 84.0);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn csat(input: &CsatInput) -> Result<Csat, Error> {
    let wilson = share("satisfied", input.satisfied, "responses", input.responses)?;
    Ok(Csat { share: wilson.share, score: 100.0 * wilson.share, interval: wilson.interval() })
}

#[cfg(test)]
mod tests {
    use approx::{assert_abs_diff_eq, assert_relative_eq};

    use super::{CsatInput, csat};

    #[test]
    fn s3_8_csat_of_fifty_answers_with_its_interval() {
        // S3-8
        let result = csat(&CsatInput { satisfied: 42, responses: 50 }).unwrap();
        assert_relative_eq!(result.share, 0.84, max_relative = 1e-12);
        assert_abs_diff_eq!(result.interval.low, 0.714_857_839_4, epsilon = 5e-11);
        assert_abs_diff_eq!(result.interval.high, 0.916_625_793_2, epsilon = 5e-11);
    }

    #[test]
    fn errors_name_the_fields_of_this_formula() {
        let error = csat(&CsatInput { satisfied: 3, responses: 2 }).unwrap_err();
        assert_eq!((error.code(), error.field()), ("out_of_range", "satisfied"));
        let error = csat(&CsatInput { satisfied: 0, responses: 0 }).unwrap_err();
        assert_eq!((error.code(), error.field()), ("out_of_range", "responses"));
    }
}
