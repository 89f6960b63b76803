//! Pace: progress against the time that has gone.

use super::progress::{ProgressInput, progress};
use crate::catalog::{Formula, Source};
use crate::{Date, Error, math};

/// Catalog entry of [`pace`].
pub const FORMULA: Formula = Formula {
    id: "pace",
    version: 1,
    source: Source::ValueRealization,
    expression: "elapsed = clamp((as_of - start) / (due - start)); pace = min(progress / elapsed, 1); \
                 on_track when progress >= elapsed, at_risk when behind by <= 0.25, else off_track",
};

/// How far progress may lag behind time and still be at risk only, as a unit.
pub const AT_RISK_BEHIND: f64 = 0.25;

/// One goal with its dates.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PaceInput {
    /// The value at the start.
    pub baseline: f64,
    /// The value to reach, or to keep.
    pub target: f64,
    /// The value now.
    pub current: f64,
    /// Given when the goal is to keep the target: how far from it still counts as kept; 0 or more.
    #[serde(default)]
    pub tolerance: Option<f64>,
    /// The day on which work towards the goal starts.
    pub start: Date,
    /// The day on which the target is due, after `start`.
    pub due: Date,
    /// The day of scoring.
    pub as_of: Date,
}

/// Result of [`pace`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Pace {
    /// Progress, 0..1.
    pub progress: f64,
    /// Progress before it is limited to 0..1.
    pub raw: f64,
    /// Whether the value is on the wrong side of the baseline.
    pub regressed: bool,
    /// Share of the time that has gone, 0..1.
    pub elapsed: f64,
    /// Progress per elapsed share, 0..1; 1 before any time has gone.
    pub pace: f64,
    /// The pace in words.
    pub status: PaceStatus,
}

/// The pace in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaceStatus {
    /// Progress is at least the elapsed share.
    OnTrack,
    /// Progress is behind by at most 0.25.
    AtRisk,
    /// Progress is further behind.
    OffTrack,
}

/// The pace of one goal on the day of scoring.
///
/// # Errors
/// Those of [`progress`], and [`Error::Conflict`] when `due` is not after `start`.
///
/// # Examples
/// ```
/// use value_model::metric::pace::{PaceInput, PaceStatus, pace};
/// let goal = PaceInput {
///     baseline: 0.0,
///     target: 100.0,
///     current: 40.0,
///     tolerance: None,
///     start: "2026-01-01".parse()?,
///     due: "2026-01-11".parse()?,
///     as_of: "2026-01-06".parse()?,
/// };
/// let result = pace(&goal)?;
/// assert_eq!((result.elapsed, result.pace, result.status), (0.5, 0.8, PaceStatus::AtRisk));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn pace(input: &PaceInput) -> Result<Pace, Error> {
    let PaceInput { baseline, target, current, tolerance, start, due, as_of } = *input;
    checked_dates(start, due)?;
    let done = progress(&ProgressInput { baseline, target, current, tolerance })?;
    let elapsed = elapsed(start, due, as_of);
    Ok(Pace {
        progress: done.unit,
        raw: done.raw,
        regressed: done.regressed,
        elapsed,
        pace: per_elapsed(done.unit, elapsed),
        status: status(done.unit, elapsed),
    })
}

/// The check on the dates of a plan, for whoever holds a goal before any value is known.
///
/// # Errors
/// [`Error::Conflict`] (`due`) when `due` is not after `start`.
pub fn checked_dates(start: Date, due: Date) -> Result<(), Error> {
    if due > start {
        Ok(())
    } else {
        Err(Error::Conflict { field: "due".into(), reason: "must be after `start`".into() })
    }
}

/// The share of the time from `start` to a later `due` that has gone at `as_of`, 0..1.
// CHOICE: before the start nothing has gone. Dates of a plan may lie after the day of scoring.
pub fn elapsed(start: Date, due: Date, as_of: Date) -> f64 {
    math::clamp_unit(f64::from(as_of.days_since(start)) / f64::from(due.days_since(start)))
}

/// Progress per elapsed share, both 0..1, capped at 1.
// CHOICE: 1 while nothing has elapsed, since nothing was due yet.
pub fn per_elapsed(progress: f64, elapsed: f64) -> f64 {
    if elapsed > 0.0 { math::clamp_unit(progress / elapsed) } else { 1.0 }
}

/// The status of progress against an elapsed share, both 0..1, compared as scores of 9 decimals.
pub fn status(progress: f64, elapsed: f64) -> PaceStatus {
    let behind = math::billionths(100.0 * elapsed) - math::billionths(100.0 * progress);
    if behind <= 0 {
        PaceStatus::OnTrack
    } else if behind <= math::billionths(100.0 * AT_RISK_BEHIND) {
        PaceStatus::AtRisk
    } else {
        PaceStatus::OffTrack
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{Pace, PaceInput, PaceStatus, pace};

    fn of(current: f64, as_of: &str) -> Pace {
        let (start, due) = ("2026-01-01".parse().unwrap(), "2026-01-11".parse().unwrap());
        let as_of = as_of.parse().unwrap();
        pace(&PaceInput { baseline: 0.0, target: 1.0, current, tolerance: None, start, due, as_of }).unwrap()
    }

    #[test]
    fn behind_by_a_quarter_is_at_risk_and_by_more_is_off_track() {
        assert_eq!(of(0.5, "2026-01-06").status, PaceStatus::OnTrack);
        assert_eq!(of(0.499, "2026-01-06").status, PaceStatus::AtRisk);
        assert_eq!(of(0.25, "2026-01-06").status, PaceStatus::AtRisk);
        assert_eq!(of(0.249, "2026-01-06").status, PaceStatus::OffTrack);
    }

    #[test]
    fn equal_shares_reached_by_different_sums_are_on_track() {
        assert_eq!(of(0.1 + 0.2 - 1e-16, "2026-01-04").status, PaceStatus::OnTrack);
        assert_eq!(of(0.3 - 0.25, "2026-01-04").status, PaceStatus::AtRisk);
    }

    #[test]
    fn before_the_start_nothing_is_due_and_after_the_end_everything_is() {
        let early = of(0.0, "2025-12-31");
        assert_eq!((early.elapsed.to_bits(), early.status), (0, PaceStatus::OnTrack));
        assert_relative_eq!(early.pace, 1.0);
        let late = of(0.8, "2027-01-01");
        assert_relative_eq!(late.elapsed, 1.0);
        assert_relative_eq!(late.pace, 0.8);
        assert_eq!(late.status, PaceStatus::AtRisk);
    }

    #[test]
    fn pace_is_capped_and_a_regression_is_still_named() {
        assert_relative_eq!(of(0.9, "2026-01-06").pace, 1.0);
        let back = of(-0.1, "2026-01-06");
        assert_eq!((back.pace.to_bits(), back.regressed, back.status), (0, true, PaceStatus::OffTrack));
    }

    #[test]
    fn a_due_date_at_the_start_is_a_conflict() {
        let day = "2026-01-01".parse().unwrap();
        let input = PaceInput {
            baseline: 0.0,
            target: 1.0,
            current: 0.0,
            tolerance: None,
            start: day,
            due: day,
            as_of: day,
        };
        let error = pace(&input).unwrap_err();
        assert_eq!((error.code(), error.field()), ("conflict", "due"));
    }
}
