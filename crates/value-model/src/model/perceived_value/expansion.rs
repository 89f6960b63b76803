//! Value Expansion: how much more value people see, and how open they are to buying it.

use super::input::{ExpansionAnswer, ExpansionRule, PerceivedValueInput};
use crate::answer::{Answer, Missing};
use crate::model::sheet::{Place, moved};
use crate::scale::{Cell, CompiledScale, Reading};
use crate::scorecard::{Asked, CompiledMeasure, Leaf, Response};
use crate::{Date, Error};

/// Each person's value of expansion, as one answer on the unit scale.
pub(super) fn answers(input: &PerceivedValueInput, rating: &CompiledScale) -> Result<Vec<Answer>, Error> {
    let answer = |(index, given): (usize, &ExpansionAnswer)| {
        let read = |name, given: Option<f64>| {
            let place = Place::Entry("expansion", index, name);
            given.map_or(Ok(None), |given| unit(rating, &place, given, input.as_of))
        };
        let potential = read("potential", given.potential)?;
        let openness = read("openness", given.openness)?;
        Ok(answer(given, input.expansion_rule, potential, openness))
    };
    input.expansion.iter().enumerate().map(answer).collect()
}

/// What all of them come to.
pub(super) fn answered(
    asked: Asked<'_>,
    measure: &CompiledMeasure,
    answers: &[Answer],
) -> Result<(Leaf, Response), Error> {
    let place = || if answers.len() == 1 { "expansion[0]" } else { "expansion" };
    asked.response(measure, answers).map_err(|error| moved(error, &place().into()))
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
