//! Value Expansion: how much more value people see, and how open they are to buying it.

use super::input::{ExpansionAnswer, ExpansionRule, PerceivedValueInput};
use crate::answer::{Answer, Missing};
use crate::model::sheet::{Place, Sheet};
use crate::presets::perceived_value::VE;
use crate::scale::{Cell, CompiledScale, Reading};
use crate::{Date, Error};

/// Adds each person's value of expansion to the sheet, as one answer on the unit scale.
pub(super) fn gather(input: &PerceivedValueInput, sheet: &mut Sheet) -> Result<(), Error> {
    let scale = CompiledScale::new(&input.rating.scale()).map_err(|error| error.at("rating"))?;
    let mut answers = Vec::with_capacity(input.expansion.len());
    for (index, given) in input.expansion.iter().enumerate() {
        let read = |name, rating: Option<f64>| {
            let place = Place::Entry("expansion", index, name);
            rating.map_or(Ok(None), |rating| unit(&scale, &place, rating, input.as_of))
        };
        let potential = read("potential", given.potential)?;
        let openness = read("openness", given.openness)?;
        answers.push(answer(given, input.expansion_rule, potential, openness));
    }
    let place = if answers.len() == 1 { "expansion[0]" } else { "expansion" };
    sheet.answer(VE, place, answers);
    Ok(())
}

fn unit(scale: &CompiledScale, place: &Place, rating: f64, as_of: Date) -> Result<Option<f64>, Error> {
    match scale.unit(Cell::Number(rating), as_of).map_err(|error| error.at(place.to_string()))? {
        Reading::Unit(unit) => Ok(Some(unit)),
        Reading::Missing(_) => Ok(None),
    }
}

fn answer(
    given: &ExpansionAnswer,
    rule: ExpansionRule,
    potential: Option<f64>,
    openness: Option<f64>,
) -> Answer {
    // CHOICE: belief without openness, or openness without belief, is no answer: the source asks for both.
    let answer = match (potential, openness) {
        (Some(potential), Some(openness)) => Answer::new(joined(rule, potential, openness)),
        _ => Answer::missing(Missing::NoData),
    };
    Answer { persona: given.persona.clone(), source: given.source, on: given.on, ..answer }
}

fn joined(rule: ExpansionRule, potential: f64, openness: f64) -> f64 {
    match rule {
        ExpansionRule::Geometric => (potential * openness).sqrt(),
        ExpansionRule::Min => potential.min(openness),
        ExpansionRule::Mean => f64::midpoint(potential, openness),
    }
}
