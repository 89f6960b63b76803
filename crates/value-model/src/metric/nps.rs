//! Net Promoter Score with two intervals.

use super::interval::{Interval, Z};
use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`nps`].
pub const FORMULA: Formula = Formula {
    id: "nps",
    version: 1,
    source: Source::Standard,
    expression: "nps = 100 * (promoters - detractors) / responses; unit = (nps + 100) / 200; \
                 wald = nps -+ 100*z*sqrt((p + d - (p - d)^2) / n); \
                 adjusted_wald = the same with n + 3, promoters + 3/4, detractors + 3/4",
};

/// Answers to "how likely are you to recommend us", counted by group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NpsInput {
    /// Ratings of 9 and 10.
    pub promoters: u32,
    /// Ratings of 7 and 8.
    pub passives: u32,
    /// Ratings of 0 to 6.
    pub detractors: u32,
}

impl NpsInput {
    /// Counts ratings of 0..10, which must be whole.
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::OutOfRange`] naming the rating; [`Error::Limit`] above 2^32 - 1 ratings.
    ///
    /// # Examples
    /// ```
    /// use value_model::metric::nps::NpsInput;
    /// let counts = NpsInput::from_ratings(&[10.0, 9.0, 7.0, 6.0])?;
    /// assert_eq!((counts.promoters, counts.passives, counts.detractors), (2, 1, 1));
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn from_ratings(ratings: &[f64]) -> Result<Self, Error> {
        if u32::try_from(ratings.len()).is_err() {
            let found = u64::try_from(ratings.len()).unwrap_or(u64::MAX);
            return Err(Error::Limit {
                field: "ratings".into(),
                what: "entries",
                found,
                limit: u32::MAX.into(),
            });
        }
        let mut counts = Self { promoters: 0, passives: 0, detractors: 0 };
        for (index, &rating) in ratings.iter().enumerate() {
            check::finite(format!("ratings[{index}]"), rating)?;
            if !(0.0..=10.0).contains(&rating) || rating.fract() != 0.0 {
                return Err(Error::OutOfRange {
                    field: format!("ratings[{index}]").into(),
                    value: rating,
                    allowed: "a whole number between 0 and 10".into(),
                });
            }
            let group = if rating >= 9.0 {
                &mut counts.promoters
            } else if rating >= 7.0 {
                &mut counts.passives
            } else {
                &mut counts.detractors
            };
            *group += 1;
        }
        Ok(counts)
    }
}

/// Result of [`nps`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Nps {
    /// Net Promoter Score, -100..100.
    pub nps: f64,
    /// The score as a unit, 0..1.
    pub unit: f64,
    /// How many answered.
    pub responses: u32,
    /// The textbook interval, in points of NPS. Too narrow for small samples: of width 0 when all answers agree.
    pub wald: Interval,
    /// The adjusted interval, which holds its level for small samples.
    pub adjusted_wald: AdjustedWald,
}

/// An interval with a centre of its own, in points of NPS.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AdjustedWald {
    /// Centre: the score drawn towards 0 by three added answers.
    pub centre: f64,
    /// Lower end; may lie below -100 for a handful of answers.
    pub low: f64,
    /// Upper end; may lie above 100 for a handful of answers.
    pub high: f64,
}

/// The Net Promoter Score, -100..100, of counted answers.
///
/// # Errors
/// [`Error::Empty`] (`responses`) without any answer, [`Error::Overflow`] (`responses`) above 2^32 - 1 of them.
///
/// # Examples
/// ```
/// use value_model::metric::nps::{NpsInput, nps};
/// let score = nps(&NpsInput { promoters: 55, passives: 30, detractors: 15 })?;
/// assert_eq!((score.nps, score.unit, score.responses), (40.0, 0.7, 100));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn nps(input: &NpsInput) -> Result<Nps, Error> {
    let responses = input
        .promoters
        .checked_add(input.passives)
        .and_then(|sum| sum.checked_add(input.detractors))
        .ok_or_else(|| Error::Overflow { field: "responses".into() })?;
    if responses == 0 {
        return Err(Error::Empty { field: "responses".into() });
    }
    let (promoters, detractors) = (math::count(input.promoters), math::count(input.detractors));
    let n = math::count(responses);
    let (nps, half) = wald(promoters, detractors, n);
    // Three answers are added, a quarter of them to each side and half of them to the passives.
    let (centre, adjusted_half) = wald(promoters + 0.75, detractors + 0.75, n + 3.0);
    // CHOICE: ends beyond -100 and 100 are left as they come out; nothing here says "clamp".
    let adjusted = Interval::around(centre, adjusted_half);
    Ok(Nps {
        nps,
        unit: (nps + 100.0) / 200.0,
        responses,
        wald: Interval::around(nps, half),
        adjusted_wald: AdjustedWald { centre, low: adjusted.low, high: adjusted.high },
    })
}

/// Score and half width of its interval, in points.
fn wald(promoters: f64, detractors: f64, n: f64) -> (f64, f64) {
    let score = 100.0 * (promoters - detractors) / n;
    let (p, d) = (promoters / n, detractors / n);
    let variance = p + d - (p - d) * (p - d);
    // Rounding may leave a variance just below 0 when all answers agree.
    (score, 100.0 * Z * (variance.max(0.0) / n).sqrt())
}

#[cfg(test)]
mod tests {
    use approx::{assert_abs_diff_eq, assert_relative_eq};

    use super::{NpsInput, nps};

    #[test]
    fn s3_7_nps_of_a_hundred_answers_with_both_intervals() {
        // S3-7
        let score = nps(&NpsInput { promoters: 55, passives: 30, detractors: 15 }).unwrap();
        assert_relative_eq!(score.nps, 40.0, max_relative = 1e-12);
        assert_abs_diff_eq!(score.wald.low, 25.597_264_970_9, epsilon = 5e-11);
        assert_abs_diff_eq!(score.wald.high, 54.402_735_029_1, epsilon = 5e-11);
        assert_abs_diff_eq!(score.adjusted_wald.low, 24.599_439_982_3, epsilon = 5e-11);
        assert_abs_diff_eq!(score.adjusted_wald.high, 53.070_462_930_3, epsilon = 5e-11);
    }

    #[test]
    fn ninety_five_promoters_and_sixty_detractors_of_250_match_the_reference() {
        let score = nps(&NpsInput { promoters: 95, passives: 95, detractors: 60 }).unwrap();
        assert_relative_eq!(score.nps, 14.0, max_relative = 1e-12);
        assert_relative_eq!(score.wald.low, 4.394_976_572_762_038_5, max_relative = 1e-12);
        assert_relative_eq!(score.wald.high, 23.605_023_427_237_963, max_relative = 1e-12);
        let adjusted = score.adjusted_wald;
        assert_relative_eq!(adjusted.centre, 13.833_992_094_861_66, max_relative = 1e-12);
        assert_relative_eq!(adjusted.low, 4.293_728_392_769_723, max_relative = 1e-12);
        assert_relative_eq!(adjusted.high, 23.374_255_796_953_598, max_relative = 1e-12);
    }

    #[test]
    fn agreement_leaves_the_wald_interval_without_width() {
        let score = nps(&NpsInput { promoters: 0, passives: 0, detractors: 3 }).unwrap();
        assert_eq!((score.wald.low.to_bits(), score.unit.to_bits()), ((-100.0_f64).to_bits(), 0));
        assert!(score.adjusted_wald.high > score.adjusted_wald.centre);
    }

    #[test]
    fn ratings_between_whole_numbers_or_beyond_ten_are_refused_by_place() {
        for bad in [8.5, 10.1, -1.0, 11.0] {
            let error = NpsInput::from_ratings(&[9.0, bad]).unwrap_err();
            assert_eq!((error.code(), error.field()), ("out_of_range", "ratings[1]"));
        }
        assert_eq!(NpsInput::from_ratings(&[f64::NAN]).unwrap_err().code(), "not_finite");
        assert_eq!(nps(&NpsInput::from_ratings(&[]).unwrap()).unwrap_err().code(), "empty");
    }

    #[test]
    fn more_answers_than_a_count_holds_are_an_overflow() {
        let error = nps(&NpsInput { promoters: u32::MAX, passives: 1, detractors: 0 }).unwrap_err();
        assert_eq!((error.code(), error.field()), ("overflow", "responses"));
    }
}
