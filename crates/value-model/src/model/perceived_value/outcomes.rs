//! Realized Business Outcomes: what has been reached, can be pointed at and explained, and is proven.

use super::input::{BusinessOutcome, PerceivedValueInput};
use super::result::{OutcomeReason, OutcomeResult};
use crate::answer::{Answer, Missing};
use crate::metric::progress::{ProgressInput, progress};
use crate::model::sheet::{Place, moved, placed, weights};
use crate::scorecard::{Asked, CompiledMeasure, Leaf};
use crate::{Error, check};

/// An outcome with its place on the wire, and what it answers.
pub(super) struct Judged {
    pub(super) place: usize,
    pub(super) weight: f64,
    pub(super) answer: Answer,
    pub(super) result: OutcomeResult,
}

/// Every outcome, judged, in byte order of the ids.
pub(super) fn judged(input: &PerceivedValueInput) -> Result<Vec<Judged>, Error> {
    weights("outcomes", "weight", input.outcomes.iter().map(|outcome| outcome.weight))?;
    let placed = placed("outcomes", &input.outcomes, |outcome| &outcome.id)?;
    let judged = placed.into_iter().map(|(place, outcome)| {
        let result = judge(outcome, input).map_err(|error| error.within(&on_wire(place).to_string()))?;
        Ok(Judged { place, weight: outcome.weight, answer: answer(outcome, &result), result })
    });
    judged.collect()
}

/// What each outcome comes to, and why it has no unit.
pub(super) fn answered(
    asked: Asked<'_>,
    measure: &CompiledMeasure,
    judged: &[Judged],
) -> Result<Vec<(Leaf, Option<Missing>)>, Error> {
    let leaf = |judged: &Judged| {
        let (leaf, said) = asked
            .response(measure, std::slice::from_ref(&judged.answer))
            .map_err(|error| moved(error, &on_wire(judged.place)))?;
        Ok((leaf, said.missing))
    };
    judged.iter().map(leaf).collect()
}

const fn on_wire(place: usize) -> Place {
    Place::Entry("outcomes", place, "")
}

fn judge(outcome: &BusinessOutcome, input: &PerceivedValueInput) -> Result<OutcomeResult, Error> {
    let BusinessOutcome { baseline, target, tolerance, .. } = *outcome;
    // A goal that cannot be read is refused even while nobody knows where it stands.
    let current = outcome.current.unwrap_or(baseline);
    let done = progress(&ProgressInput { baseline, target, current, tolerance })?;
    if let Some(on) = outcome.on {
        check::not_after("on", on, input.as_of)?;
    }
    let known = outcome.current.is_some();
    let evidence = input.evidence.factor(outcome.source.or(input.default_source));
    let reason = if !known {
        Some(OutcomeReason::NoData)
    } else if evidence <= 0.0 {
        Some(OutcomeReason::Unvalidated)
    } else if !outcome.tangible {
        Some(OutcomeReason::NotTangible)
    } else if !outcome.explainable {
        Some(OutcomeReason::NotExplainable)
    } else {
        None
    };
    Ok(OutcomeResult {
        id: outcome.id.clone(),
        progress: known.then_some(done.unit),
        raw: known.then_some(done.raw),
        regressed: known && done.regressed,
        counted: reason.is_none(),
        reason,
    })
}

fn answer(outcome: &BusinessOutcome, result: &OutcomeResult) -> Answer {
    match (result.reason, result.progress) {
        (None, Some(unit)) => Answer { source: outcome.source, on: outcome.on, ..Answer::new(unit) },
        (Some(OutcomeReason::Unvalidated), _) => Answer::missing(Missing::Unvalidated),
        _ => Answer::missing(Missing::NoData),
    }
}
