//! Does the score lead? Scores held against what happened later: who stayed, who left.
//!
//! A back-test pairs the score that was known on a day with an outcome that came after it. Nothing here calls a score a
//! probability; [`calibrate`] alone makes one. Scores tie when they agree in 9 decimals, as everywhere.

pub mod advice;
pub mod alpha;
pub mod auc;
pub mod bands;
pub mod calibrate;
pub mod concordance;
pub mod curve;
pub mod deciles;
pub mod drift;
pub mod known;
pub mod lead;
pub mod rank;
pub mod reliability;
pub mod report;
pub mod weights;

mod folds;
mod isotonic;
mod platt;
mod ridge;

use crate::metric::interval::Interval;
use crate::{Error, check, math};

/// Why a number does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoResult {
    /// No account was kept.
    NoneKept,
    /// No account was lost.
    NoneLost,
    /// No account is left to look at.
    NoAccounts,
    /// The accounts that were kept, or those that were lost, have no revenue.
    NoRevenue,
    /// Too few accounts of one class.
    TooFew,
    /// All scores are equal.
    AllEqual,
    /// No score of one class reaches the other class; DeLong's interval would have no width then and promise too much.
    Separated,
    /// No two accounts can be put in an order.
    NoPairs,
    /// Answers do not vary.
    NoVariation,
    /// No measure deserves a weight.
    NothingHelps,
}

/// What an AUC with its interval says about a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The whole interval lies above .5: accounts that stayed had the higher scores. Where the classes are separated,
    /// chance would do as well less than once in 40 times.
    Leads,
    /// The interval holds .5: these accounts do not tell.
    Unclear,
    /// The whole interval lies below .5: the score points the wrong way.
    WrongWay,
    /// There is no interval.
    Unknown,
}

impl Verdict {
    /// What an interval around an AUC says.
    pub fn of(interval: Option<Interval>) -> Self {
        match interval {
            None => Self::Unknown,
            Some(interval) if interval.low > 0.5 => Self::Leads,
            Some(interval) if interval.high < 0.5 => Self::WrongWay,
            Some(_) => Self::Unclear,
        }
    }

    /// What separated classes say: chance puts all of one class above the other once in `n! / (k! (n - k)!)` times.
    fn of_separated(auc: f64, kept: u32, lost: u32) -> Self {
        // CHOICE: 40, because each side of a 95% interval leaves out 2.5%.
        const ENOUGH: f64 = 40.0;
        let (few, many) = (kept.min(lost), kept.max(lost));
        let mut ways = 1.0;
        for place in 1..=few {
            ways *= (math::count(many) + math::count(place)) / math::count(place);
            if ways >= ENOUGH {
                return if auc > 0.5 { Self::Leads } else { Self::WrongWay };
            }
        }
        Self::Unclear
    }
}

/// Why two classes are not there to be told apart.
pub(crate) const fn one_class(kept: u32, lost: u32) -> Option<NoResult> {
    match (kept, lost) {
        (0, 0) => Some(NoResult::NoAccounts),
        (0, _) => Some(NoResult::NoneKept),
        (_, 0) => Some(NoResult::NoneLost),
        _ => None,
    }
}

/// Refuses columns that do not have one entry for each account.
pub(crate) fn same_length(field: &'static str, found: usize, scores: usize) -> Result<(), Error> {
    if found == scores {
        return Ok(());
    }
    Err(Error::Conflict {
        field: field.into(),
        reason: format!("must hold one entry for each account: {scores}, not {found}").into(),
    })
}

/// The largest number, up or down, that counts as a score: its billionths and its outcome fit into 63 bits.
pub const LARGEST_SCORE: f64 = 1e9;

/// A number that can be ranked.
pub(crate) fn rankable(field: &'static str, index: usize, score: f64) -> Result<f64, Error> {
    // The path is only made for what is refused: there may be millions.
    if (-LARGEST_SCORE..=LARGEST_SCORE).contains(&score) {
        return Ok(score);
    }
    check::between(format!("{field}[{index}]"), score, -LARGEST_SCORE, LARGEST_SCORE)
}
