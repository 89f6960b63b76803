//! Value Perceived: how far the values intended at purchase are met, in the words of each persona.

use std::collections::BTreeMap;

use super::input::{IntendedValue, PerceivedValueInput};
use super::result::ValueResult;
use super::spread;
use crate::Error;
use crate::model::NoScore;
use crate::model::sheet::{Marks, Place, Sheet, placed, weights};
use crate::presets::perceived_value::VP;
use crate::scorecard::{Flag, Group, Measure, answered_mean};

/// The group of all intended values, if there are any.
pub(super) fn gather(input: &PerceivedValueInput, sheet: &mut Sheet) -> Result<Option<Group>, Error> {
    weights("intended_values", "importance", input.intended_values.iter().map(|value| value.importance))?;
    let scale = input.rating.scale();
    let mut group = Group::new(VP);
    for (index, value) in placed("intended_values", &input.intended_values, |value| &value.id)? {
        let place = Place::Entry("intended_values", index, "responses");
        sheet.answer(&measure(index), place, value.responses.clone());
        group = group.child(Measure::new(measure(index), scale.clone()).weight(value.importance));
    }
    Ok((!input.intended_values.is_empty()).then_some(group))
}

fn measure(index: usize) -> String {
    format!("{VP}_{index}")
}

/// Every intended value as it was answered, and each persona's mean over the values it answered.
pub(super) fn read(
    input: &PerceivedValueInput,
    marks: &Marks,
) -> Result<(Vec<ValueResult>, BTreeMap<String, f64>), Error> {
    let mut results = Vec::with_capacity(input.intended_values.len());
    let mut personas: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for (index, value) in placed("intended_values", &input.intended_values, |value| &value.id)? {
        let result = result(value, marks, index);
        results.push((value.importance, result));
    }
    for (importance, result) in &results {
        for (persona, unit) in &result.personas {
            personas.entry(persona).or_default().push((*importance, *unit));
        }
    }
    // A persona that answered only values of no importance has no mean.
    let mean = |(persona, units): (&str, Vec<_>)| Some((persona.to_owned(), answered_mean(&units)?));
    let personas = personas.into_iter().filter_map(mean).collect();
    Ok((results.into_iter().map(|(_, result)| result).collect(), personas))
}

fn result(value: &IntendedValue, marks: &Marks, index: usize) -> ValueResult {
    let found = marks.measure(&measure(index));
    let personas: BTreeMap<String, f64> = found
        .map(|found| found.personas.iter().filter(|(name, _)| !name.is_empty()))
        .into_iter()
        .flatten()
        .map(|(name, unit)| (name.clone(), *unit))
        .collect();
    ValueResult {
        id: value.id.clone(),
        unit: found.and_then(|found| found.unit),
        reason: found.map_or(Some(NoScore::NoData), |found| found.missing.map(NoScore::from)),
        disagreement: spread(&personas),
        personas,
        undated: found.is_some_and(|found| found.flags.contains(&Flag::Undated)),
    }
}
