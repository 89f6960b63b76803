//! Value Perceived: how far the values intended at purchase are met, in the words of each persona.

use std::collections::BTreeMap;

use super::input::{IntendedValue, PerceivedValueInput};
use super::result::ValueResult;
use super::spread;
use crate::Error;
use crate::model::NoScore;
use crate::model::sheet::{Marks, Sheet, placed, weights};
use crate::presets::perceived_value::VP;
use crate::scale::Scale;
use crate::scorecard::{Flag, Group, Measure, Scorecard};

/// The group of all intended values, if there are any.
pub(super) fn gather(input: &PerceivedValueInput, sheet: &mut Sheet) -> Result<Option<Group>, Error> {
    weights("intended_values", "importance", input.intended_values.iter().map(|value| value.importance))?;
    let scale = input.rating.scale();
    let mut group = Group::new(VP);
    for (index, value) in placed("intended_values", &input.intended_values, |value| &value.id)? {
        let place = format!("intended_values[{index}].responses");
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
    let mut personas: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for (index, value) in placed("intended_values", &input.intended_values, |value| &value.id)? {
        let result = result(value, marks, index);
        for (persona, unit) in &result.personas {
            personas.entry(persona.clone()).or_default().push((value.importance, *unit));
        }
        results.push(result);
    }
    Ok((results, means(personas, input)?))
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

/// Each persona's weighted mean, by a scorecard with one group for each of them.
fn means(
    personas: BTreeMap<String, Vec<(f64, f64)>>,
    input: &PerceivedValueInput,
) -> Result<BTreeMap<String, f64>, Error> {
    // A persona that answered only values of no importance has no mean.
    let personas: Vec<(String, Vec<(f64, f64)>)> =
        personas.into_iter().filter(|(_, units)| units.iter().any(|(weight, _)| *weight > 0.0)).collect();
    if personas.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sheet = Sheet::new();
    let mut root = Group::new("personas").min_coverage(0.0);
    for (number, (_, units)) in personas.iter().enumerate() {
        let mut group = Group::new(format!("persona_{number}")).min_coverage(0.0);
        for (place, (weight, unit)) in units.iter().enumerate() {
            let id = format!("persona_{number}_{place}");
            sheet.answer(&id, "intended_values", vec![(*unit).into()]);
            group = group.child(Measure::new(id, Scale::Unit).weight(*weight));
        }
        root = root.child(group);
    }
    let marks = sheet.assess(&Scorecard::new("personas", "1", root), input.as_of)?;
    let mean = |number: usize| marks.group(&format!("persona_{number}")).and_then(|group| group.score);
    let scored =
        personas.into_iter().enumerate().filter_map(|(number, (name, _))| Some((name, mean(number)?)));
    Ok(scored.map(|(name, score)| (name, score / 100.0)).collect())
}
