//! Comparing: what changed and why, what would change, where the next value lies, and how sure a score is.

pub mod delta;
pub mod distribution;
pub mod model_change;
pub mod movement;
pub mod next_best;
pub mod portfolio;
pub mod quality;
pub mod robustness;
pub mod rollup;
pub mod score;
pub mod series;
pub mod signals;
pub mod transitions;
pub mod trend;
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

impl ScoreInput {
    /// The input's account under its compiled model.
    pub(crate) const fn state<'a>(&'a self, scorer: &'a Scorer) -> State<'a> {
        State { scorer, record: &self.record, as_of: self.as_of }
    }
}

/// The models of a history, compiled; one that stands in it more than once is compiled once.
pub(crate) fn compiled(history: &[ScoreInput]) -> Result<Vec<Scorer>, Error> {
    let mut known: Vec<(&ModelRef, Scorer)> = Vec::new();
    let mut scorers = Vec::with_capacity(history.len());
    for (number, one) in history.iter().enumerate() {
        let found =
            known.iter().rev().find(|(model, _)| *model == &one.model).map(|(_, scorer)| scorer.clone());
        let scorer = if let Some(scorer) = found {
            scorer
        } else {
            let place = format!("history[{number}]");
            let scorer = one.model.compile().map_err(|error| error.within(&place))?;
            known.push((&one.model, scorer.clone()));
            scorer
        };
        // What is wrong with an assessment is told with its place here, where its number is known.
        scorer
            .assess(&one.record, one.as_of)
            .map_err(|error| error.within("record").within(&format!("history[{number}]")))?;
        scorers.push(scorer);
    }
    Ok(scorers)
}

/// An error of an answer or override, under the path that the input has for it.
pub(crate) fn in_record(error: Error) -> Error {
    let of_record = ["answers", "override", "account", "default_on"];
    let first = error.field().split(['.', '[']).next().unwrap_or_default();
    if of_record.contains(&first) { error.within("record") } else { error }
}
