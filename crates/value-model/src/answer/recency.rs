//! How age changes what an answer counts.

use crate::{Date, Error, math};

/// Days of "the last quarter", the window of the sources.
pub const QUARTER_DAYS: u32 = 90;

/// What age does to an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RecencyRule {
    /// Age does not matter.
    #[default]
    None,
    /// Older than this many days is missing as `stale`. Both ends are included.
    Window {
        /// The longest age that counts, in days.
        #[serde(default = "quarter")]
        days: u32,
    },
    /// The answer's weight halves with every so many days.
    HalfLife {
        /// Days in which the weight halves; at least 1.
        days: u32,
    },
}

const fn quarter() -> u32 {
    QUARTER_DAYS
}

impl RecencyRule {
    /// The factor on the weight of an answer this many days old: 1 counts fully, 0 is stale.
    pub fn factor(self, age_days: u32) -> f64 {
        match self {
            Self::None => 1.0,
            Self::Window { days } => f64::from(u8::from(age_days <= days)),
            Self::HalfLife { days } => math::exp2(-(f64::from(age_days) / f64::from(days))),
        }
    }

    /// Whether age matters at all.
    pub const fn ages(self) -> bool {
        !matches!(self, Self::None)
    }

    /// The age up to which an answer is reported as fresh.
    pub const fn fresh_days(self) -> u32 {
        match self {
            Self::None => QUARTER_DAYS,
            Self::Window { days } | Self::HalfLife { days } => days,
        }
    }

    /// Checks that a half-life is at least a day.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    pub fn check(self) -> Result<(), Error> {
        match self {
            Self::HalfLife { days: 0 } => Err(Error::OutOfRange {
                field: "recency.half_life.days".into(),
                value: 0.0,
                allowed: "1 or more".into(),
            }),
            _ => Ok(()),
        }
    }
}

/// The age of a dated answer in whole days.
///
/// # Errors
/// [`Error::AfterAsOf`] when the answer is from the future.
pub fn age_days(on: Date, as_of: Date) -> Result<u32, Error> {
    u32::try_from(as_of.days_since(on)).map_err(|_| Error::AfterAsOf { field: "on".into(), date: on, as_of })
}
