//! Next best value: which measure wins the most points, for the least effort.

use std::cmp::Reverse;

use crate::answer::Missing;
use crate::catalog::{Formula, Source};
use crate::compare::{ScoreInput, State, in_record};
use crate::scorecard::Id;
use crate::{Error, math};

/// Catalog entry of [`next_best_of`].
pub const FORMULA: Formula = Formula {
    id: "next_best",
    version: 1,
    source: Source::ValueRealization,
    expression: "headroom_i = score with u_i = 1, less the score; ranked by headroom / effort",
};

/// The measures of an account by what there is to win.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NextBest {
    /// The score as it is.
    pub score: Option<f64>,
    /// Measures that apply, the best first. Empty when there is no score.
    pub measures: Vec<Candidate>,
}

/// One measure that could be improved.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Candidate {
    /// The measure's id.
    pub id: Id,
    /// The measure's title.
    pub title: Id,
    /// The unit as it is.
    pub unit: Option<f64>,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// Points to win with the measure at its best.
    /// Negative when the answer brings back a group that had too little coverage and is worse than the rest.
    pub headroom: f64,
    /// What improving it costs, if the model says.
    pub effort: Option<f64>,
    /// Points per unit of effort: what the ranking reads. Without an effort, the points.
    pub points_per_effort: f64,
}

/// Ranks the measures of an account by what there is to win, from a document.
///
/// # Errors
/// Those of [`next_best`].
pub fn next_best_of(input: &ScoreInput) -> Result<NextBest, Error> {
    next_best(&input.state(&input.model.compile()?)).map_err(in_record)
}

/// Ranks the measures of an account by what there is to win.
///
/// # Errors
/// Those of [`Scorer::assess`](crate::scorecard::Scorer::assess).
///
/// # Examples
/// ```
/// use value_model::answer::Record;
/// use value_model::compare::{State, next_best::next_best};
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, Measure, Scorecard};
/// let tree = Group::new("health").child(Measure::new("usage", Scale::Unit)).child(Measure::new("goals", Scale::Unit));
/// let scorer = Scorecard::new("mine", "1", tree).compile()?;
/// let record = Record::new("acme").answer("usage", 0.75).answer("goals", 0.25);
/// let ranked = next_best(&State { scorer: &scorer, record: &record, as_of: "2026-11-01".parse()? })?;
/// assert_eq!((&*ranked.measures[0].id, ranked.measures[0].headroom), ("goals", 37.5));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn next_best(state: &State<'_>) -> Result<NextBest, Error> {
    let assessment = state.scorer.assess(state.record, state.as_of)?;
    let measured = state.scorer.measures().iter().zip(&assessment.measures);
    let mut measures: Vec<Candidate> = measured
        .filter_map(|(measure, result)| {
            let headroom = result.headroom?;
            Some(Candidate {
                id: result.id.clone(),
                title: result.title.clone(),
                unit: result.unit,
                missing: result.missing,
                headroom,
                effort: measure.effort,
                // CHOICE: a measure without an effort counts as one unit of effort.
                points_per_effort: headroom / measure.effort.unwrap_or(1.0),
            })
        })
        .collect();
    // The sort is stable: equal candidates keep the order of the model.
    measures.sort_by_key(|candidate| Reverse(math::billionths(candidate.points_per_effort)));
    Ok(NextBest { score: assessment.score, measures })
}
