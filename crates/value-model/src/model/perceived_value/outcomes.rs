//! Realized Business Outcomes: what has been reached, can be pointed at and explained, and is proven.

use super::input::{BusinessOutcome, PerceivedValueInput};
use super::result::{OutcomeReason, OutcomeResult};
use crate::answer::{Answer, Missing, RecencyRule};
use crate::metric::progress::{ProgressInput, progress};
use crate::model::sheet::{Place, Sheet, placed, weights};
use crate::presets::perceived_value::RBO;
use crate::scale::Scale;
use crate::scorecard::{Group, Measure, MissingRule};
use crate::{Error, check};

/// The group of all outcomes, if there are any, and each of them judged.
pub(super) fn gather(
    input: &PerceivedValueInput,
    sheet: &mut Sheet,
) -> Result<(Option<Group>, Vec<OutcomeResult>), Error> {
    weights("outcomes", "weight", input.outcomes.iter().map(|outcome| outcome.weight))?;
    // An outcome that nobody has shown is not realised: it stays in the weight at 0, so that any coverage will do.
    let mut group = Group::new(RBO).missing(MissingRule::Zero).min_coverage(0.0);
    let mut judged = Vec::with_capacity(input.outcomes.len());
    for (index, outcome) in placed("outcomes", &input.outcomes, |outcome| &outcome.id)? {
        let place = Place::Entry("outcomes", index, "");
        let result = judge(outcome, input).map_err(|error| error.within(&place.to_string()))?;
        let measure = format!("{RBO}_{index}");
        sheet.answer(&measure, place, vec![answer(outcome, &result)]);
        let measure = Measure::new(measure, Scale::Unit).weight(outcome.weight).recency(RecencyRule::None);
        group = group.child(measure);
        judged.push(result);
    }
    Ok(((!judged.is_empty()).then_some(group), judged))
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
