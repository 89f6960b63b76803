//! From the answers of one or several people to one leaf.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::compile::CompiledMeasure;
use super::evaluate::{Leaf, Workspace};
use super::scorer::{Plan, Scorer, answer_path};
use crate::answer::{Answer, Missing, Record, Source, age_days};
use crate::scale::{Cell, Reading};
use crate::{Date, Error};

/// What the answers to one measure amount to, beside its leaf.
#[derive(Clone, Debug)]
pub(super) struct Response {
    /// Why there is no unit.
    pub(super) missing: Option<Missing>,
    /// Each persona's mean unit, where personas are named.
    pub(super) personas: BTreeMap<String, f64>,
    pub(super) undated: bool,
    pub(super) regressed: bool,
}

impl Response {
    fn missing(reason: Missing) -> (Leaf, Self) {
        let leaf = if reason == Missing::NotApplicable { Leaf::NOT_APPLICABLE } else { Leaf::MISSING };
        let personas = BTreeMap::new();
        (leaf, Self { missing: Some(reason), personas, undated: false, regressed: false })
    }
}

/// An answer that counts.
#[expect(clippy::struct_excessive_bools, reason = "four independent facts about one answer")]
#[derive(Clone, Copy)]
struct Counted<'a> {
    persona: &'a str,
    unit: f64,
    factor: f64,
    backed: bool,
    fresh: bool,
    undated: bool,
    regressed: bool,
}

impl Scorer {
    /// Every measure's response, in the order of the tree; the leaves go into the workspace.
    pub(super) fn respond(
        &self,
        record: &Record,
        as_of: Date,
        workspace: &mut Workspace,
    ) -> Result<Vec<Response>, Error> {
        let answers = self.answers(record)?;
        if let Some(on) = record.default_on {
            age_days(on, as_of).map_err(|error| error.at("default_on"))?;
        }
        let mut responses = Vec::with_capacity(answers.len());
        let measures = self.0.measures.iter().zip(answers).zip(workspace.leaves_mut());
        for (index, ((measure, answers), place)) in measures.enumerate() {
            let (leaf, response) = self.response(index, measure, answers, record, as_of)?;
            *place = leaf;
            responses.push(response);
        }
        Ok(responses)
    }

    /// The record's answers, in the order of the tree.
    fn answers<'a>(&self, record: &'a Record) -> Result<Vec<&'a [Answer]>, Error> {
        let mut found = vec![&[][..]; self.0.measures.len()];
        // Record and model both stand in byte order of their ids: one walk through both finds every measure.
        let mut known = self.0.by_id.iter();
        for (id, answers) in &record.answers {
            let met = known.find_map(|(known, &index)| match (**known).cmp(id.as_str()) {
                Ordering::Less => None,
                Ordering::Equal => Some(Some(index)),
                Ordering::Greater => Some(None),
            });
            let index = met.flatten().map_or_else(|| self.measure_index(id), Ok)?;
            if let Some(place) = found.get_mut(index) {
                *place = answers;
            }
        }
        Ok(found)
    }

    fn response(
        &self,
        index: usize,
        measure: &CompiledMeasure,
        answers: &[Answer],
        record: &Record,
        as_of: Date,
    ) -> Result<(Leaf, Response), Error> {
        match answers {
            [] => Ok(Response::missing(Missing::NoData)),
            [answer] => Ok(match self.count(index, measure, answer, record, as_of)? {
                Ok(counted) => one(&counted),
                Err(reason) => Response::missing(reason),
            }),
            many => {
                let mut counted = Vec::with_capacity(many.len());
                let mut reasons = Vec::new();
                for (number, answer) in many.iter().enumerate() {
                    let read = self.count(index, measure, answer, record, as_of);
                    match read.map_err(|error| number_answer(error, &measure.id, number))? {
                        Ok(answer) => counted.push(answer),
                        Err(reason) => reasons.push(reason),
                    }
                }
                Ok(if counted.is_empty() {
                    Response::missing(strongest(&reasons))
                } else {
                    self.0.several(&counted)
                })
            }
        }
    }

    /// One answer: its unit and weight, or why it does not count.
    fn count<'a>(
        &self,
        index: usize,
        measure: &CompiledMeasure,
        answer: &'a Answer,
        record: &'a Record,
        as_of: Date,
    ) -> Result<Result<Counted<'a>, Missing>, Error> {
        let on = answer.on.or(record.default_on);
        let age = match on {
            Some(on) => Some(age_days(on, as_of).map_err(|error| error.within(&answer_path(&measure.id)))?),
            None => None,
        };
        let Some(value) = &answer.value else { return Ok(Err(answer.missing.unwrap_or(Missing::NoData))) };
        let cell = match (self.read(index, value)?, answer.before) {
            (Cell::Number(now), Some(before)) => Cell::Change { now, before },
            (cell, _) => cell,
        };
        let unit = match measure.unit(cell, as_of)? {
            Reading::Missing(reason) => return Ok(Err(reason)),
            Reading::Unit(unit) => unit,
        };
        let source = answer.source.or(record.default_source);
        let evidence = measure.evidence.factor(source);
        if evidence <= 0.0 {
            return Ok(Err(Missing::Unvalidated));
        }
        let recency = age.map_or(1.0, |age| measure.recency.factor(age));
        let factor = evidence * recency;
        if factor <= 0.0 {
            return Ok(Err(Missing::Stale));
        }
        Ok(Ok(Counted {
            persona: answer.persona.as_deref().or(record.default_persona.as_deref()).unwrap_or(""),
            unit,
            factor,
            backed: source.is_some_and(Source::is_customer_backed),
            fresh: age.is_some_and(|age| age <= measure.recency.fresh_days()),
            undated: on.is_none() && measure.recency.ages(),
            regressed: measure.scale.regressed(cell),
        }))
    }
}

fn one(answer: &Counted<'_>) -> (Leaf, Response) {
    let mut personas = BTreeMap::new();
    if !answer.persona.is_empty() {
        personas.insert(answer.persona.to_owned(), answer.unit);
    }
    let leaf = Leaf::present(answer.unit, answer.factor, answer.backed, answer.fresh);
    (leaf, Response { missing: None, personas, undated: answer.undated, regressed: answer.regressed })
}

impl Plan {
    /// The mean of the persona means; within a persona answers weigh by how much they count.
    fn several(&self, answers: &[Counted<'_>]) -> (Leaf, Response) {
        let mut by_persona: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for answer in answers {
            let (sum, weight) = by_persona.entry(answer.persona).or_default();
            *sum += answer.factor * answer.unit;
            *weight += answer.factor;
        }
        let means: BTreeMap<&str, f64> = match answers {
            [answer] => [(answer.persona, answer.unit)].into(),
            _ => by_persona.into_iter().map(|(persona, (sum, weight))| (persona, sum / weight)).collect(),
        };
        let (mut sum, mut total) = (0.0, 0.0);
        for (persona, mean) in &means {
            let weight = self.card.persona_weights.get(*persona).copied().unwrap_or(1.0);
            sum += weight * mean;
            total += weight;
        }
        let unit = match means.values().next() {
            Some(mean) if means.len() == 1 => *mean,
            _ => sum / total,
        };
        let factor = answers.iter().fold(0.0, |most: f64, answer| most.max(answer.factor));
        let any = |flag: fn(&Counted<'_>) -> bool| answers.iter().any(flag);
        let leaf = Leaf::present(unit, factor, any(|a| a.backed), any(|a| a.fresh));
        let personas = if means.keys().all(|persona| persona.is_empty()) {
            BTreeMap::new()
        } else {
            means.into_iter().map(|(persona, mean)| (persona.to_owned(), mean)).collect()
        };
        let (undated, regressed) = (any(|a| a.undated), any(|a| a.regressed));
        (leaf, Response { missing: None, personas, undated, regressed })
    }
}

/// Why a measure is missing when none of several answers counts: what came closest to counting.
fn strongest(reasons: &[Missing]) -> Missing {
    if reasons.iter().all(|reason| *reason == Missing::NotApplicable) && !reasons.is_empty() {
        return Missing::NotApplicable;
    }
    reasons
        .iter()
        .copied()
        .filter(|reason| *reason != Missing::NotApplicable)
        .max()
        .unwrap_or(Missing::NoData)
}

/// `answers.csat` becomes `answers.csat[2]`.
fn number_answer(error: Error, measure: &str, number: usize) -> Error {
    let plain = answer_path(measure);
    let field = error.field().replacen(&plain, &format!("{plain}[{number}]"), 1);
    error.at(field)
}
