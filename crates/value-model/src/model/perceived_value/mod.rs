//! Perceived value: what is realised, what is perceived, what more there is, and what nobody had planned for.

mod expansion;
mod input;
mod outcomes;
mod perception;
mod result;
#[cfg(test)]
mod tests;
mod unknown;

pub use input::{
    BusinessOutcome, Combine, ExpansionAnswer, ExpansionRule, IntendedValue, PerceivedValueInput, Rating,
    ValueArea,
};
pub use result::{AreaResult, OutcomeReason, OutcomeResult, PerceivedValue, UnplannedReason, ValueResult};

use std::collections::BTreeMap;

use super::sheet::{Marks, Sheet, change, replace};
use crate::catalog::{Formula, Source};
use crate::presets::perceived_value::{ID, RBO, VE, VP, VU};
use crate::scale::Scale;
use crate::scorecard::{Aggregator, Group, Node, Scorecard};
use crate::{Error, presets};

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
    let mut sheet = Sheet::new();
    sheet.record.default_source = input.default_source;
    sheet.record.default_on = input.default_on;
    let (outcome_group, outcomes) = outcomes::gather(input, &mut sheet)?;
    expansion::gather(input, &mut sheet)?;
    let value_group = perception::gather(input, &mut sheet)?;
    let areas = unknown::gather(input, &mut sheet)?;
    let marks = sheet.assess(card(input, outcome_group, value_group)?, input.as_of)?;
    let (values, personas) = perception::read(input, &marks)?;
    let expansion_personas = named(&marks);
    let (root, rbo, vp) = (marks.root, marks.part(RBO), marks.part(VP));
    Ok(PerceivedValue {
        score: root.score,
        reason: root.reason,
        lower: root.lower,
        upper: root.upper,
        coverage: root.coverage,
        rbo,
        vp,
        ve: marks.part(VE),
        vu: marks.part(VU),
        gap: vp.score.zip(rbo.score).map(|(vp, rbo)| vp - rbo),
        outcomes,
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

/// The preset with the lists in the place of its leaves.
fn card(
    input: &PerceivedValueInput,
    outcomes: Option<Group>,
    values: Option<Group>,
) -> Result<Scorecard, Error> {
    let mut card = presets::scorecard(ID)?;
    card.evidence = input.evidence.clone();
    card.recency = input.recency;
    card.persona_weights = input.persona_weights.clone();
    for (id, group) in [(RBO, outcomes), (VP, values)] {
        if let Some(group) = group {
            replace(&mut card.tree, id, &Node::Group(group));
        }
    }
    for id in [VE, VU] {
        change(&mut card.tree, id, &mut |measure| measure.scale = Scale::Unit);
    }
    // Areas are judged one by one before they become one answer.
    change(&mut card.tree, VU, &mut |measure| measure.evidence = Some(crate::answer::EvidenceRule::Any));
    if input.combine == Combine::Mean {
        card.tree.aggregator = Aggregator::Mean;
        for id in [VE, VU] {
            change(&mut card.tree, id, &mut |measure| measure.weight = input::one());
        }
    }
    Ok(card)
}

fn named(marks: &Marks) -> BTreeMap<String, f64> {
    let found = marks.measure(VE).map(|found| &found.personas);
    found
        .into_iter()
        .flatten()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, unit)| (name.clone(), *unit))
        .collect()
}

/// The largest less the smallest of at least two means.
fn spread(means: &BTreeMap<String, f64>) -> Option<f64> {
    let most = means.values().copied().reduce(f64::max)?;
    let least = means.values().copied().reduce(f64::min)?;
    (means.len() > 1).then_some(most - least)
}
