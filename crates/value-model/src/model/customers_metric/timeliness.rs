//! What "just in time" is worth: full inside a span around the need, less the farther outside.

use std::borrow::Cow;

use crate::{Error, math};

/// How many days early or late guidance may be.
///
/// 1 from `early_full` days before the need to `late_full` days after it, falling in straight lines to 0 at `early_zero`
/// days before and `late_zero` days after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TimelinessRule {
    /// Days early that still count fully; 7 by default.
    pub early_full: u32,
    /// Days early from which guidance is worth nothing; at least `early_full`, 14 by default.
    pub early_zero: u32,
    /// Days late that still count fully; 0 by default.
    pub late_full: u32,
    /// Days late from which guidance is worth nothing; at least `late_full`, 10 by default.
    pub late_zero: u32,
}

impl Default for TimelinessRule {
    fn default() -> Self {
        Self { early_full: 7, early_zero: 14, late_full: 0, late_zero: 10 }
    }
}

impl TimelinessRule {
    /// The timeliness of guidance so many days late (negative: early), 0..1.
    ///
    /// # Examples
    /// ```
    /// use value_model::model::customers_metric::TimelinessRule;
    /// let rule = TimelinessRule::default();
    /// assert_eq!((rule.timeliness(-5), rule.timeliness(2), rule.timeliness(10)), (1.0, 0.8, 0.0));
    /// ```
    pub fn timeliness(self, days_late: i32) -> f64 {
        let late = f64::from(days_late);
        let [early_full, early_zero, late_full, late_zero] =
            [self.early_full, self.early_zero, self.late_full, self.late_zero].map(math::count);
        if late < -early_full {
            falling(early_zero + late, early_zero - early_full)
        } else if late > late_full {
            falling(late_zero - late, late_zero - late_full)
        } else {
            1.0
        }
    }

    // CHOICE: full and zero may be the same day: outside the span guidance is then worth nothing at once.
    pub(super) fn check(self) -> Result<(), Error> {
        at_least("timeliness.early_zero", self.early_zero, "timeliness.early_full", self.early_full)?;
        at_least("timeliness.late_zero", self.late_zero, "timeliness.late_full", self.late_full)
    }
}

/// The rest of a span as a share of it; 0 when nothing is left, also for a span of no days.
fn falling(left: f64, span: f64) -> f64 {
    if left > 0.0 { left / span } else { 0.0 }
}

fn at_least(field: &'static str, zero: u32, full_field: &'static str, full: u32) -> Result<(), Error> {
    if zero >= full {
        return Ok(());
    }
    let reason = Cow::Owned(format!("is {zero}, which is less than the {full} days of `{full_field}`"));
    Err(Error::Conflict { field: field.into(), reason })
}

#[cfg(test)]
mod tests {
    use super::TimelinessRule;

    #[test]
    fn too_early_costs_as_too_late_does() {
        let rule = TimelinessRule { early_full: 7, early_zero: 14, late_full: 2, late_zero: 10 };
        let of = |days| rule.timeliness(days);
        assert_eq!((of(-7), of(2), of(0)), (1.0, 1.0, 1.0));
        assert_eq!((of(-14), of(10), of(i32::MIN), of(i32::MAX)), (0.0, 0.0, 0.0, 0.0));
        assert_eq!((of(6), of(-13)), (0.5, 1.0 / 7.0));
    }

    #[test]
    fn a_span_that_ends_at_once_has_no_slope() {
        let rule = TimelinessRule { early_full: 3, early_zero: 3, late_full: 0, late_zero: 0 };
        assert!(rule.check().is_ok());
        let bits = [-4, -3, 0, 1].map(|days| rule.timeliness(days).to_bits());
        assert_eq!(bits, [0.0, 1.0, 1.0, 0.0].map(f64::to_bits));
    }

    #[test]
    fn an_end_before_its_beginning_is_refused() {
        let early = TimelinessRule { early_zero: 6, ..TimelinessRule::default() }.check().unwrap_err();
        assert_eq!((early.code(), early.field()), ("conflict", "timeliness.early_zero"));
        let late = TimelinessRule { late_full: 11, ..TimelinessRule::default() }.check().unwrap_err();
        assert_eq!((late.code(), late.field()), ("conflict", "timeliness.late_zero"));
    }
}
