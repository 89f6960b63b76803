//! Perceived value: what is realised, what is perceived, what more there is, and what nobody had planned for.

#[cfg(test)]
mod against_scorecard;
mod expansion;
mod frame;
mod input;
mod outcomes;
mod perception;
mod result;
#[cfg(test)]
mod tests;
mod tree;
mod unknown;

pub use input::{
    BusinessOutcome, Combine, ExpansionAnswer, ExpansionRule, IntendedValue, PerceivedValueInput, Rating,
    ValueArea,
};
pub use result::{AreaResult, OutcomeReason, OutcomeResult, PerceivedValue, UnplannedReason, ValueResult};

use std::collections::BTreeMap;

use self::tree::Said;
use crate::Error;
use crate::catalog::{Formula, Source};
use crate::scale::CompiledScale;

/// Catalog entry of [`perceived_value`].
pub const FORMULA: Formula = Formula {
    id: "perceived_value",
    version: 1,
    source: Source::PerceivedValue,
    expression: "rbo = 100 * sum w*progress*proven / sum w; vp = 100 * sum importance*v / sum importance; \
                 ve = 100 * sqrt(potential * openness); vu = 100 * (1 - prod(1 - n)); \
                 score = B + (100 - B) * (ve + vu) / 400, B = (rbo + vp) / 2",
};

/// Value Realized, 0..100, with the four scores it is made of.
///
/// Realized outcomes and perceived value carry the score; expansion and unknown value each fill up to a quarter of the
/// room that is left. Only what the customer gave, confirmed or what was measured counts, unless `evidence` says otherwise.
///
/// # Errors
/// [`Error::OutsideScale`] for a rating outside `rating`, [`Error::OutOfRange`] for an area outside 0..1,
/// [`Error::Conflict`] for an outcome whose target is its baseline, [`Error::AfterAsOf`], [`Error::Weight`],
/// [`Error::ZeroWeight`], [`Error::Text`], [`Error::Duplicate`], [`Error::NotFinite`], [`Error::Overflow`].
///
/// # Examples
/// ```
/// use value_model::answer::{Answer, Source};
/// use value_model::model::perceived_value::{
///     BusinessOutcome, IntendedValue, PerceivedValueInput, perceived_value,
/// };
/// let said = Source::CustomerProvided;
/// let outcome = BusinessOutcome::new("tickets", 400.0, 300.0).at(320.0, said);
/// let value = IntendedValue::new("faster_support", vec![Answer::new(4.0).persona("executive").source(said)]);
/// let mut input = PerceivedValueInput::new("2026-11-01".parse()?);
/// input.outcomes = vec![outcome];
/// input.intended_values = vec![value];
/// let result = perceived_value(&input)?;
/// assert_eq!((result.rbo.score, result.vp.score), (Some(80.0), Some(75.0)));
/// assert_eq!((result.score, result.gap), (Some(77.5), Some(-5.0)));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn perceived_value(input: &PerceivedValueInput) -> Result<PerceivedValue, Error> {
    let outcomes = outcomes::judged(input)?;
    let rating = CompiledScale::new(&input.rating.scale()).map_err(|error| error.at("rating"))?;
    let expansion = expansion::answers(input, &rating)?;
    let values = perception::values(input)?;
    let areas = unknown::judged(input)?;
    let said = Said {
        outcomes: &outcomes,
        values: &values,
        rating,
        expansion: &expansion,
        unknown: areas.unknown.as_ref(),
    };
    let marks = tree::scored(input, said)?;
    let (root, rbo, vp) = (marks.root, marks.rbo, marks.vp);
    let (values, personas) = perception::results(&values, marks.values);
    let expansion_personas = perception::named(marks.expansion.personas);
    Ok(PerceivedValue {
        score: root.score,
        reason: root.reason,
        lower: root.lower,
        upper: root.upper,
        coverage: root.coverage,
        rbo,
        vp,
        ve: marks.ve,
        vu: marks.vu,
        gap: vp.score.zip(rbo.score).map(|(vp, rbo)| vp - rbo),
        outcomes: outcomes.into_iter().map(|judged| judged.result).collect(),
        values,
        disagreement: spread(&personas),
        personas,
        expansion_disagreement: spread(&expansion_personas),
        expansion_personas,
        areas: areas.judged,
        unplanned_share: areas.unplanned_share,
        unplanned_reason: areas.unplanned_reason,
    })
}

/// The largest less the smallest of at least two means.
fn spread(means: &BTreeMap<String, f64>) -> Option<f64> {
    let most = means.values().copied().reduce(f64::max)?;
    let least = means.values().copied().reduce(f64::min)?;
    (means.len() > 1).then_some(most - least)
}
