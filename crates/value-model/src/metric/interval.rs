//! Intervals around a share, and the Wilson interval that every share here carries.

use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`wilson`].
pub const FORMULA: Formula = Formula {
    id: "wilson",
    version: 1,
    source: Source::Standard,
    expression: "(p + z^2/(2n) -+ z*sqrt(p*(1-p)/n + z^2/(4n^2))) / (1 + z^2/n), p = successes/trials, n = trials",
};

/// The 97.5% point of the normal distribution: every interval here is a two-sided 95% interval.
pub const Z: f64 = 1.959_963_984_540_054;

/// A 95% interval, in the unit of the value it surrounds.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The interval this far on both sides of its centre. Neither end is negative zero.
    pub(crate) fn around(centre: f64, half: f64) -> Self {
        Self { low: math::unsigned_zero(centre - half), high: math::unsigned_zero(centre + half) }
    }
}

/// How often something was tried and how often it succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WilsonInput {
    /// Successes, at most `trials`.
    pub successes: u32,
    /// Trials, 1 or more.
    pub trials: u32,
}

/// Result of [`wilson`]: a share with its interval, all 0..1.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Wilson {
    /// Successes per trial.
    pub share: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Wilson {
    /// The two ends alone.
    pub const fn interval(self) -> Interval {
        Interval { low: self.low, high: self.high }
    }
}

/// A share with its 95% Wilson interval, which stays inside 0..1 and holds its level for small samples.
///
/// # Errors
/// [`Error::OutOfRange`] without a trial, or with more successes than trials.
///
/// # Examples
/// ```
/// use value_model::metric::interval::{WilsonInput, wilson};
/// let share = wilson(&WilsonInput { successes: 42, trials: 50 })?;
/// assert_eq!(share.share, 0.84);
/// assert!(share.low > 0.714 && share.high < 0.917);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn wilson(input: &WilsonInput) -> Result<Wilson, Error> {
    share("successes", input.successes, "trials", input.trials)
}

/// [`wilson`] for a formula whose fields have other names.
pub(crate) fn share(
    part_field: &'static str,
    part: u32,
    whole_field: &'static str,
    whole: u32,
) -> Result<Wilson, Error> {
    check::positive(whole_field, math::count(whole))?;
    if part > whole {
        return Err(Error::OutOfRange {
            field: part_field.into(),
            value: math::count(part),
            allowed: format!("at most `{whole_field}`, {whole}").into(),
        });
    }
    let (n, p) = (math::count(whole), math::count(part) / math::count(whole));
    let denominator = 1.0 + Z * Z / n;
    let centre = (p + Z * Z / (2.0 * n)) / denominator;
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt() / denominator;
    // At the edges one end is exactly 0 or 1; the subtraction would leave a last bit.
    Ok(Wilson {
        share: p,
        low: if part == 0 { 0.0 } else { centre - half },
        high: if part == whole { 1.0 } else { centre + half },
    })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{WilsonInput, wilson};

    #[test]
    fn a_share_of_250_answers_has_the_interval_of_the_reference() {
        let share = wilson(&WilsonInput { successes: 67, trials: 250 }).unwrap();
        assert_relative_eq!(share.share, 0.268, max_relative = 1e-12);
        assert_relative_eq!(share.low, 0.216_911_321_459_057_45, max_relative = 1e-12);
        assert_relative_eq!(share.high, 0.326_110_529_506_828_84, max_relative = 1e-12);
    }

    #[test]
    fn none_and_all_reach_the_edge_exactly() {
        let none = wilson(&WilsonInput { successes: 0, trials: 7 }).unwrap();
        let all = wilson(&WilsonInput { successes: 7, trials: 7 }).unwrap();
        assert_eq!((none.low.to_bits(), all.high.to_bits()), (0.0_f64.to_bits(), 1.0_f64.to_bits()));
        assert_relative_eq!(none.high, 1.0 - all.low, max_relative = 1e-12);
    }

    #[test]
    fn no_trial_and_too_many_successes_are_refused_by_name() {
        let none = wilson(&WilsonInput { successes: 0, trials: 0 }).unwrap_err();
        assert_eq!((none.code(), none.field()), ("out_of_range", "trials"));
        let many = wilson(&WilsonInput { successes: 8, trials: 7 }).unwrap_err();
        assert_eq!((many.code(), many.field()), ("out_of_range", "successes"));
    }
}
