//! Value Perceived: how far the values intended at purchase are met, in the words of each persona.

use std::collections::BTreeMap;

use super::input::{IntendedValue, PerceivedValueInput};
use super::result::ValueResult;
use super::spread;
use crate::Error;
use crate::model::NoScore;
use crate::model::sheet::{Place, moved, placed, weights};
use crate::scorecard::{Asked, CompiledMeasure, Gathered, Leaf, Response, answered_mean};

/// Every intended value with its place on the wire, in byte order of the ids.
pub(super) fn values(input: &PerceivedValueInput) -> Result<Vec<(usize, &IntendedValue)>, Error> {
    weights("intended_values", "importance", input.intended_values.iter().map(|value| value.importance))?;
    placed("intended_values", &input.intended_values, |value| &value.id)
}

/// What the responses to each value come to.
pub(super) fn answered<'a>(
    asked: Asked<'a>,
    measure: &CompiledMeasure,
    values: &[(usize, &'a IntendedValue)],
) -> Result<Vec<(Leaf, Response)>, Error> {
    let mut room = Gathered::new();
    let response = |&(index, value): &(usize, &'a IntendedValue)| {
        let place = Place::Entry("intended_values", index, "responses");
        asked.response_in(&mut room, measure, &value.responses).map_err(|error| moved(error, &place))
    };
    values.iter().map(response).collect()
}

/// Every intended value as it was answered, and each persona's mean over the values it answered.
pub(super) fn results(
    values: &[(usize, &IntendedValue)],
    said: Vec<(Leaf, Response)>,
) -> (Vec<ValueResult>, BTreeMap<String, f64>) {
    let results: Vec<ValueResult> =
        values.iter().zip(said).map(|((_, value), (leaf, said))| result(value, leaf, said)).collect();
    let count = results.iter().map(|result| result.personas.len()).sum();
    let mut units: Vec<(&str, f64, f64)> = Vec::with_capacity(count);
    for ((_, value), result) in values.iter().zip(&results) {
        units.extend(result.personas.iter().map(|(name, unit)| (name.as_str(), value.importance, *unit)));
    }
    // The values of each persona stay in their order.
    units.sort_by_key(|(name, ..)| *name);
    // A persona that answered only values of no importance has no mean.
    let mean = |units: &[(&str, f64, f64)]| Some((units.first()?.0.to_owned(), answered_mean(units)?));
    let personas = units.chunk_by(|a, b| a.0 == b.0).filter_map(mean).collect();
    (results, personas)
}

fn result(value: &IntendedValue, leaf: Leaf, said: Response) -> ValueResult {
    let personas = named(said.personas);
    ValueResult {
        id: value.id.clone(),
        unit: said.missing.is_none().then_some(leaf.unit),
        reason: said.missing.map(NoScore::from),
        disagreement: spread(&personas),
        personas,
        undated: leaf.undated,
    }
}

/// The personas that have a name.
pub(super) fn named(mut personas: BTreeMap<String, f64>) -> BTreeMap<String, f64> {
    personas.remove("");
    personas
}
