//! Scales: from a raw value to a unit, 0..1, where higher is better.

pub(crate) mod affine;
mod compiled;
mod level;
mod read;

use std::collections::BTreeMap;

use crate::Date;

pub use compiled::{Cell, CompiledScale, Reading};

/// How the raw values of a measure become units.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Scale {
    /// Yes is 1, no is 0.
    YesNo,
    /// The value is the unit, 0..1.
    Unit,
    /// The value divided by 100, 0..100.
    Percent,
    /// A score divided by 100, 0..100.
    Score,
    /// A whole number of a rating scale: `(x - min) / (max - min)`.
    Likert {
        /// The lowest rating.
        min: i32,
        /// The highest rating.
        max: i32,
    },
    /// Names with a unit each; a name may also mean that the question does not apply.
    Levels(#[serde(deserialize_with = "crate::answer::unique")] BTreeMap<String, Level>),
    /// `(x - worst) / (best - worst)`, clamped; `worst` may be above `best`.
    Linear {
        /// The value that gives 0.
        worst: f64,
        /// The value that gives 1.
        best: f64,
    },
    /// Like `linear`, but a value outside the range is no input (`no_data`).
    LinearBounded {
        /// The value that gives 0.
        worst: f64,
        /// The value that gives 1.
        best: f64,
    },
    /// The unit of the last step whose `from` is at or below the value.
    Steps {
        /// The unit below the first step.
        below: f64,
        /// Steps, `from` strictly rising.
        steps: Vec<Step>,
    },
    /// Straight lines between points, clamped outside.
    Points(
        /// Points, `at` strictly rising.
        Vec<Point>,
    ),
    /// The value is a date: 1 when it lies at most this many days before the scoring date, else 0.
    Within {
        /// Days, both ends included.
        days: u32,
    },
    /// Progress from a baseline to a target, clamped; the target may be below the baseline.
    Progress {
        /// Where it started.
        baseline: f64,
        /// Where it is to be.
        target: f64,
        /// The goal is to keep the target within this distance.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tolerance: Option<f64>,
    },
    /// Progress divided by the share of time that has passed, at most 1.
    Pace {
        /// Where it started.
        baseline: f64,
        /// Where it is to be.
        target: f64,
        /// The goal is to keep the target within this distance.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tolerance: Option<f64>,
        /// The day the work started.
        start: Date,
        /// The day the target is due.
        due: Date,
    },
    /// `clamp(50 * now / before / 100)`: 0.5 when nothing changed, 1 when it doubled. The answer gives `before`.
    Growth,
    /// The value's mid-rank share in a cohort: (below + equal / 2) / n.
    Peer {
        /// The values to compare with.
        cohort: Vec<f64>,
    },
}

/// What a level means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Level {
    /// This unit, 0..1.
    Unit(f64),
    /// The question does not apply to this account.
    NotApplicable,
}

/// One step of [`Scale::Steps`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The lowest value of this step.
    pub from: f64,
    /// Its unit.
    pub unit: f64,
}

/// One point of [`Scale::Points`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The raw value.
    pub at: f64,
    /// Its unit.
    pub unit: f64,
}
