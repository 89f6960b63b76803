//! Progress from a baseline to a target, or keeping a target within a tolerance.

use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`progress`].
pub const FORMULA: Formula = Formula {
    id: "progress",
    version: 1,
    source: Source::ValueGenerated,
    expression: "raw = (current - baseline) / (target - baseline); unit = clamp(raw); \
                 with a tolerance: 1 when |current - target| <= tolerance, else 0",
};

/// One goal and where it stands. All values are in the goal's own unit; the target may lie below the baseline.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProgressInput {
    /// The value at the start.
    pub baseline: f64,
    /// The value to reach, or to keep.
    pub target: f64,
    /// The value now.
    pub current: f64,
    /// Given when the goal is to keep the target: how far from it still counts as kept; 0 or more.
    #[serde(default)]
    pub tolerance: Option<f64>,
}

/// Result of [`progress`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Progress {
    /// Progress, 0..1.
    pub unit: f64,
    /// Progress before it is limited to 0..1; of a goal to keep, the unit.
    pub raw: f64,
    /// Whether the value is on the wrong side of the baseline, or drifted further from the target than it was.
    pub regressed: bool,
}

/// Progress towards one goal.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Conflict`] (`target`) when the target is the baseline and no tolerance is given,
/// [`Error::OutOfRange`] for a negative tolerance, [`Error::Overflow`].
///
/// # Examples
/// ```
/// use value_model::metric::progress::{ProgressInput, progress};
/// let goal = ProgressInput { baseline: 100.0, target: 60.0, current: 70.0, tolerance: None };
/// assert_eq!(progress(&goal)?.unit, 0.75);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn progress(input: &ProgressInput) -> Result<Progress, Error> {
    let ProgressInput { baseline, target, current, tolerance } = *input;
    checked_goal(baseline, target, tolerance)?;
    check::finite("current", current)?;
    check::computed("current", current - baseline)?;
    check::computed("current", current - target)?;
    let result = tolerance
        .map_or_else(|| towards(baseline, target, current), |slack| kept(baseline, target, current, slack));
    check::computed("raw", result.raw)?;
    Ok(result)
}

/// The checks on a goal alone, for whoever holds a goal before any value is known.
///
/// # Errors
/// As [`progress`], without those on `current`.
pub fn checked_goal(baseline: f64, target: f64, tolerance: Option<f64>) -> Result<(), Error> {
    check::finite("baseline", baseline)?;
    check::finite("target", target)?;
    let distance = check::computed("target", target - baseline)?;
    match tolerance {
        Some(slack) => check::not_negative("tolerance", slack).map(|_| ()),
        None if distance == 0.0 => Err(Error::Conflict {
            field: "target".into(),
            reason: "equals `baseline`; give a `tolerance` when the goal is to keep a value".into(),
        }),
        None => Ok(()),
    }
}

/// Progress towards a goal that passed [`checked_goal`] without a tolerance.
pub fn towards(baseline: f64, target: f64, current: f64) -> Progress {
    let raw = math::unsigned_zero((current - baseline) / (target - baseline));
    Progress { unit: math::clamp_unit(raw), raw, regressed: raw < 0.0 }
}

/// Whether a goal that passed [`checked_goal`] with this tolerance is kept: 1 or 0.
// CHOICE: kept is all or nothing, and a billionth of the values' size is added to the tolerance, so that 1.1 is within
// 0.1 of 1. Regressed means outside the tolerance and further from the target than the baseline was.
pub fn kept(baseline: f64, target: f64, current: f64, tolerance: f64) -> Progress {
    let distance = (current - target).abs();
    let within = distance <= tolerance + 1e-9 * current.abs().max(target.abs());
    let unit = if within { 1.0 } else { 0.0 };
    Progress { unit, raw: unit, regressed: !within && distance > (baseline - target).abs() }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{Progress, ProgressInput, progress};

    fn of(baseline: f64, target: f64, current: f64, tolerance: Option<f64>) -> Progress {
        progress(&ProgressInput { baseline, target, current, tolerance }).unwrap()
    }

    #[test]
    fn falling_targets_count_like_rising_ones() {
        assert_relative_eq!(of(100.0, 60.0, 70.0, None).unit, 0.75);
        assert_relative_eq!(of(60.0, 100.0, 90.0, None).unit, 0.75);
        assert_relative_eq!(of(0.4, 0.8, 0.7, None).unit, 0.75, max_relative = 1e-12);
    }

    #[test]
    fn beyond_the_target_the_raw_value_goes_on_and_behind_the_baseline_it_says_regressed() {
        let beyond = of(0.0, 50.0, 100.0, None);
        assert_eq!((beyond.unit.to_bits(), beyond.regressed), (1.0_f64.to_bits(), false));
        assert_relative_eq!(beyond.raw, 2.0);
        let behind = of(10.0, 20.0, 9.0, None);
        assert_eq!((behind.unit.to_bits(), behind.regressed), (0, true));
        assert_relative_eq!(behind.raw, -0.1);
    }

    #[test]
    fn no_progress_towards_a_falling_target_is_zero_without_a_sign() {
        assert_eq!(of(100.0, 60.0, 100.0, None).raw.to_bits(), 0);
    }

    #[test]
    fn a_goal_to_keep_is_kept_or_not() {
        assert_eq!(of(1.0, 1.0, 1.1, Some(0.1)).unit.to_bits(), 1.0_f64.to_bits());
        let lost = of(1.0, 1.0, 1.2, Some(0.1));
        assert_eq!((lost.unit.to_bits(), lost.regressed), (0, true));
        let nearer = of(2.0, 1.0, 1.2, Some(0.1));
        assert_eq!((nearer.unit.to_bits(), nearer.regressed), (0, false));
    }

    #[test]
    fn a_target_at_the_baseline_needs_a_tolerance() {
        let refuse = |baseline, target, current, tolerance| {
            progress(&ProgressInput { baseline, target, current, tolerance }).unwrap_err()
        };
        let error = refuse(5.0, 5.0, 5.0, None);
        assert_eq!((error.code(), error.field()), ("conflict", "target"));
        assert_eq!(refuse(5.0, 5.0, 5.0, Some(-0.1)).code(), "out_of_range");
        assert_eq!(refuse(-f64::MAX, f64::MAX, 0.0, None).code(), "overflow");
        assert_eq!(refuse(0.0, 1e-300, 1e300, None).code(), "overflow");
    }
}
