//! Comparing: what changed and why, what would change, where the next value lies, and how sure a score is.

pub mod delta;
pub mod next_best;
pub mod portfolio;
pub mod robustness;
pub mod score;
pub mod transitions;
pub mod what_if;

mod totals;

use crate::answer::Record;
use crate::scorecard::Scorer;
use crate::{Date, Error};

pub use score::{ModelRef, ScoreInput};

/// One account under one model on one day.
#[derive(Clone, Copy, Debug)]
pub struct State<'a> {
    /// The compiled model.
    pub scorer: &'a Scorer,
    /// The account.
    pub record: &'a Record,
    /// The date of scoring.
    pub as_of: Date,
}

/// Runs `then` on the compiled model of an input.
pub(crate) fn with_state<T>(
    input: &ScoreInput,
    then: impl FnOnce(State<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let scorer = input.model.compile()?;
    then(State { scorer: &scorer, record: &input.record, as_of: input.as_of })
}
