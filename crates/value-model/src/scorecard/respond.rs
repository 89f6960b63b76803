//! From the answers of one or several people to one leaf.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::compile::{Codes, CompiledMeasure};
use super::evaluate::{Leaf, Workspace};
use super::gather::{Counted, Gathered};
use super::scorer::{Scorer, answer_path};
use crate::answer::{Answer, Missing, Record, Source, age_days};
use crate::scale::Cell;
use crate::{Date, Error};

/// What the answers to one measure amount to, beside its leaf.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    /// Why there is no unit.
    pub(crate) missing: Option<Missing>,
    /// Each persona's mean unit, where personas are named.
    pub(crate) personas: BTreeMap<String, f64>,
}

/// What holds for all answers of an account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) as_of: Date,
    /// Who stands behind answers that do not say.
    pub(crate) source: Option<Source>,
    /// The role behind answers that do not say.
    pub(crate) persona: Option<&'a str>,
    /// The day of answers that do not say.
    pub(crate) on: Option<Date>,
    /// Raw values that mean "missing".
    pub(crate) codes: &'a Codes,
    /// Weights of personas; one that is not listed weighs 1.
    pub(crate) weights: &'a BTreeMap<String, f64>,
}

impl Response {
    fn missing(reason: Missing) -> (Leaf, Self) {
        let leaf = if reason == Missing::NotApplicable { Leaf::NOT_APPLICABLE } else { Leaf::MISSING };
        let personas = BTreeMap::new();
        (leaf, Self { missing: Some(reason), personas })
    }

    #[inline]
    fn of_one(persona: &str, answer: &Counted) -> (Leaf, Self) {
        let mut personas = BTreeMap::new();
        if !persona.is_empty() {
            personas.insert(persona.to_owned(), answer.unit);
        }
        let Counted { unit, factor, backed, fresh, undated, regressed } = *answer;
        let leaf = Leaf::present(unit, factor, backed, fresh).flagged(undated, regressed);
        (leaf, Self { missing: None, personas })
    }

    fn of(answers: &mut Gathered<&str>, weights: &BTreeMap<String, f64>) -> (Leaf, Self) {
        let (mut personas, mut nameless) = (BTreeMap::new(), None);
        let leaf = answers.leaf(
            |name| name,
            weights,
            |name, mean| {
                if name.is_empty() {
                    nameless = Some(mean);
                } else {
                    personas.insert(name.to_owned(), mean);
                }
            },
        );
        // Where nobody is named there is nothing to tell apart.
        if let Some(mean) = nameless.filter(|_| !personas.is_empty()) {
            personas.insert(String::new(), mean);
        }
        (leaf, Self { missing: answers.missing(), personas })
    }
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
        let asked = Asked {
            as_of,
            source: record.default_source,
            persona: record.default_persona.as_deref(),
            on: record.default_on,
            codes: &self.0.missing_codes,
            weights: &self.0.card.persona_weights,
        };
        asked.check()?;
        let mut gathered = Gathered::new();
        let mut responses = Vec::with_capacity(answers.len());
        let measures = self.0.measures.iter().zip(answers).zip(workspace.leaves_mut());
        for ((measure, answers), place) in measures {
            let (leaf, response) = asked.response_in(&mut gathered, measure, answers)?;
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
}

impl<'a> Asked<'a> {
    /// Checks the day of answers that do not say.
    ///
    /// # Errors
    /// [`Error::AfterAsOf`].
    pub(crate) fn check(&self) -> Result<(), Error> {
        let age = self.on.map(|on| age_days(on, self.as_of)).transpose();
        age.map(|_| ()).map_err(|error| error.at("default_on"))
    }

    /// What these answers to a measure amount to.
    ///
    /// # Errors
    /// As [`Scorer::assess`] for an answer.
    pub(crate) fn response(
        &self,
        measure: &CompiledMeasure,
        answers: &'a [Answer],
    ) -> Result<(Leaf, Response), Error> {
        self.response_in(&mut Gathered::new(), measure, answers)
    }

    /// The same, with room that has served other measures, so that it need not be made again.
    ///
    /// # Errors
    /// As [`Asked::response`].
    #[inline]
    pub(crate) fn response_in(
        &self,
        gathered: &mut Gathered<&'a str>,
        measure: &CompiledMeasure,
        answers: &'a [Answer],
    ) -> Result<(Leaf, Response), Error> {
        match answers {
            [] => return Ok(Response::missing(Missing::NoData)),
            [answer] => return self.one_response(measure, answer),
            _ => {}
        }
        gathered.clear();
        for (number, answer) in answers.iter().enumerate() {
            let read = self.count(measure, answer);
            match read.map_err(|error| number_answer(error, &measure.id, number))? {
                Ok(counted) => {
                    gathered.count(self.persona(answer), &counted);
                }
                Err(reason) => gathered.miss(reason),
            }
        }
        Ok(Response::of(gathered, self.weights))
    }

    /// As gathering one answer would give it.
    #[inline]
    fn one_response(&self, measure: &CompiledMeasure, answer: &Answer) -> Result<(Leaf, Response), Error> {
        Ok(match self.count(measure, answer)? {
            Ok(counted) => Response::of_one(self.persona(answer), &counted),
            Err(reason) => Response::missing(reason),
        })
    }

    /// One answer: its unit and weight, or why it does not count.
    fn count(&self, measure: &CompiledMeasure, answer: &Answer) -> Result<Result<Counted, Missing>, Error> {
        let age = match answer.on.or(self.on) {
            Some(on) => {
                Some(age_days(on, self.as_of).map_err(|error| error.within(&answer_path(&measure.id)))?)
            }
            None => None,
        };
        let Some(value) = &answer.value else { return Ok(Err(answer.missing.unwrap_or(Missing::NoData))) };
        let cell = match (measure.read(self.codes, value)?, answer.before) {
            (Cell::Number(now), Some(before)) => Cell::Change { now, before },
            (cell, _) => cell,
        };
        measure.count(cell, self.as_of, age, answer.source.or(self.source))
    }

    /// Who gave an answer; nobody who is named is an empty text.
    fn persona<'b>(&self, answer: &'b Answer) -> &'b str
    where
        'a: 'b,
    {
        answer.persona.as_deref().or(self.persona).unwrap_or("")
    }
}

/// `answers.csat` becomes `answers.csat[2]`.
fn number_answer(error: Error, measure: &str, number: usize) -> Error {
    let plain = answer_path(measure);
    let field = error.field().replacen(&plain, &format!("{plain}[{number}]"), 1);
    error.at(field)
}
