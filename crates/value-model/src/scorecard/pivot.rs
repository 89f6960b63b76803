//! Answers that come one at a time, account by account: the same engine as for a record, without a record.

use super::evaluate::Workspace;
use super::gather::Gathered;
use super::scorer::{Context, Score, Scorer, answer_path};
use crate::answer::{Source, age_days};
use crate::block::Column;
use crate::scale::Cell;
use crate::{Date, Error};

/// A role that answered, by its number in a [`Pivot`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Persona(u32);

/// What is known about one answer beside its value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Details {
    /// Who stands behind it; the default source where it does not say.
    pub source: Option<Source>,
    /// The role that answered; the default persona where it does not say.
    pub persona: Option<Persona>,
    /// The day it was given; the default day where it does not say.
    pub on: Option<Date>,
    /// The value one period earlier, for measures of growth.
    pub before: Option<f64>,
}

/// The answers of one account so far.
#[derive(Clone, Debug, Default)]
pub struct Gathering {
    /// For each measure the place of its answers among the lists, plus one; 0 where there are none.
    places: Vec<u32>,
    /// Lists beyond `used` are empty, and kept so that the next account allocates nothing.
    lists: Vec<(usize, Gathered<u32>)>,
    used: usize,
}

/// Gathers answers that come one at a time and scores the account they belong to.
///
/// Recency, evidence, personas and several answers to one measure count as in [`Scorer::assess`], with the same bits, as
/// long as the answers to one measure come in the order in which the record has them.
///
/// # Examples
/// ```
/// use value_model::answer::Source;
/// use value_model::scale::{Cell, Scale};
/// use value_model::scorecard::{Context, Details, Gathering, Group, Measure, Pivot, Scorecard};
/// let tree = Group::new("health").child(Measure::new("csat", Scale::Likert { min: 1, max: 5 }));
/// let scorer = Scorecard::new("mine", "1", tree).compile()?;
/// let mut pivot = Pivot::new(&scorer, Context::new("2026-11-01".parse()?), None)?;
/// let mut answers = Gathering::default();
/// for (persona, csat) in [("executive", 5.0), ("user", 2.0), ("user", 4.0)] {
///     let details = Details { persona: Some(pivot.persona(persona)), ..Details::default() };
///     pivot.add(&mut answers, 0, Cell::Number(csat), &details)?;
/// }
/// assert_eq!(pivot.score(&mut answers)?.score, Some(75.0)); // 1 and .5, the mean of the users
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pivot {
    scorer: Scorer,
    context: Context,
    age: Option<u32>,
    persona: u32,
    /// Names of personas by number; the first is that of none.
    personas: Vec<String>,
    workspace: Workspace,
    /// The leaves that the last account set.
    set: Vec<usize>,
}

impl Pivot {
    /// Gathers for a model; what an answer does not say, `context` and `persona` do.
    ///
    /// # Errors
    /// [`Error::AfterAsOf`] (`default_on`).
    pub fn new(scorer: &Scorer, context: Context, persona: Option<&str>) -> Result<Self, Error> {
        let age = context.default_on.map(|on| age_days(on, context.as_of)).transpose();
        let mut pivot = Self {
            scorer: scorer.clone(),
            context,
            age: age.map_err(|error| error.at("default_on"))?,
            persona: 0,
            personas: vec![String::new()],
            workspace: scorer.workspace(),
            set: Vec::new(),
        };
        pivot.persona = persona.map_or(0, |name| pivot.persona(name).0);
        Ok(pivot)
    }

    /// The model.
    pub const fn scorer(&self) -> &Scorer {
        &self.scorer
    }

    /// Whether a number is an answer to a measure as it stands, and counts the same whoever gave it and whenever.
    pub fn is_plain(&self, measure: usize) -> bool {
        let found = self.scorer.measures().get(measure);
        found.is_some_and(|found| found.plain && found.scale.takes_numbers())
            && !self.scorer.has_missing_codes()
    }

    /// The number of a role. It is looked up among all roles so far, so ask once for each distinct name.
    pub fn persona(&mut self, name: &str) -> Persona {
        let known = self.personas.iter().position(|known| known == name);
        let place = known.unwrap_or_else(|| {
            self.personas.push(name.to_owned());
            self.personas.len() - 1
        });
        Persona(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// Adds one answer to a measure, which stands at this place among [`Scorer::measures`]. Returns how many more
    /// entries the account takes in memory: 0, or 1 for the first of a measure or of another persona.
    ///
    /// # Errors
    /// As [`Scorer::assess`] for one answer; [`Error::UnknownId`] for a measure that does not exist. Nothing is added.
    #[inline]
    pub fn add(
        &self,
        account: &mut Gathering,
        measure: usize,
        cell: Cell,
        details: &Details,
    ) -> Result<usize, Error> {
        let found = self.scorer.compiled(measure)?;
        let as_of = self.context.as_of;
        let age = match details.on {
            Some(on) => Some(age_days(on, as_of).map_err(|error| error.within(&answer_path(&found.id)))?),
            None => self.age,
        };
        let cell = match (cell, details.before) {
            (Cell::Number(now), Some(before)) => Cell::Change { now, before },
            (cell, _) => cell,
        };
        let counted = found.count(cell, as_of, age, details.source.or(self.context.default_source))?;
        let persona = details.persona.map_or(self.persona, |persona| persona.0);
        let (list, new) = account.list(measure, self.scorer.measures().len());
        let grew = match (list, counted) {
            (Some(list), Ok(counted)) => list.count(persona, &counted),
            (Some(list), Err(reason)) => {
                list.miss(reason);
                false
            }
            (None, _) => false,
        };
        Ok(usize::from(new) + usize::from(grew))
    }

    /// Scores the account and forgets its answers.
    ///
    /// # Errors
    /// [`Error::Missing`] under the missing rule `fail`.
    #[inline]
    pub fn score(&mut self, account: &mut Gathering) -> Result<Score, Error> {
        for leaf in self.set.drain(..) {
            self.workspace.set_leaf(leaf, super::evaluate::Leaf::MISSING);
        }
        let plan = &*self.scorer.0;
        let personas = &self.personas;
        let name = |persona: u32| {
            usize::try_from(persona).ok().and_then(|place| personas.get(place)).map_or("", String::as_str)
        };
        for (measure, list) in account.lists.iter_mut().take(account.used) {
            let leaf = list.leaf(name, &plan.card.persona_weights, |_, _| {});
            self.workspace.set_leaf(*measure, leaf);
            self.set.push(*measure);
        }
        account.clear();
        plan.evaluate(&mut self.workspace)?;
        Ok(plan.finish(&self.workspace))
    }

    /// What columns hold for the account that was scored last: see [`Scorer::values`].
    pub fn values(&mut self, columns: &[Column], score: &Score) -> Vec<Option<f64>> {
        self.scorer.values(columns, score, &mut self.workspace)
    }
}

impl Gathering {
    /// Forgets all answers.
    pub fn clear(&mut self) {
        for (measure, list) in self.lists.iter_mut().take(self.used) {
            list.clear();
            if let Some(place) = self.places.get_mut(*measure) {
                *place = 0;
            }
        }
        self.used = 0;
    }

    /// The answers to a measure, and whether these are the first.
    #[inline]
    fn list(&mut self, measure: usize, measures: usize) -> (Option<&mut Gathered<u32>>, bool) {
        if self.places.len() < measures {
            self.places.resize(measures, 0);
        }
        let Some(place) = self.places.get_mut(measure) else { return (None, false) };
        let new = *place == 0;
        if new {
            if self.used == self.lists.len() {
                self.lists.push((measure, Gathered::new()));
            } else if let Some((of, _)) = self.lists.get_mut(self.used) {
                *of = measure;
            }
            self.used += 1;
            *place = u32::try_from(self.used).unwrap_or(u32::MAX);
        }
        let at = usize::try_from(*place).unwrap_or(usize::MAX) - 1;
        (self.lists.get_mut(at).map(|(_, list)| list), new)
    }
}
