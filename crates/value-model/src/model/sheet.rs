//! The answers that a model gathers for a small scorecard, and where each of them stands on the wire.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::part::{NoScore, Part};
use crate::answer::{Answers, Missing, Record};
use crate::scorecard::{Group, GroupResult, Id, InsufficientReason, MeasureResult, Node, Scorecard};
use crate::{Date, Error, check};

/// Answers by measure, and the place on the wire that an error about them must name.
pub(super) struct Sheet {
    pub(super) record: Record,
    places: Vec<(String, Place)>,
}

/// A place on the wire. It is put into words for errors alone.
pub(super) enum Place {
    /// A field.
    Field(Cow<'static, str>),
    /// A field of an entry of a list, or the entry itself.
    Entry(&'static str, usize, &'static str),
}

impl<T: Into<Cow<'static, str>>> From<T> for Place {
    fn from(field: T) -> Self {
        Self::Field(field.into())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => out.write_str(field),
            Self::Entry(list, index, "") => write!(out, "{list}[{index}]"),
            Self::Entry(list, index, field) => write!(out, "{list}[{index}].{field}"),
        }
    }
}

impl Sheet {
    pub(super) fn new() -> Self {
        // The account's name is not part of any model; the engine asks for one.
        Self { record: Record::new("account"), places: Vec::new() }
    }

    /// Adds the answers to one measure. A measure's id holds neither dots nor brackets.
    pub(super) fn answer(&mut self, measure: &str, place: impl Into<Place>, answers: Answers) {
        self.places.push((measure.to_owned(), place.into()));
        self.record.answers.insert(measure.to_owned(), answers);
    }

    /// Scores the sheet with this scorecard.
    pub(super) fn assess(&self, card: Scorecard, as_of: Date) -> Result<Marks, Error> {
        let scorer = card.into_scorer()?;
        let assessment = scorer.assess(&self.record, as_of).map_err(|error| self.moved(error))?;
        let places = assessment.measures.iter().enumerate();
        let mut marks = Marks {
            root: Part::UNKNOWN,
            groups: assessment.groups.into_iter().map(|group| (group.id.clone(), group)).collect(),
            places: places.map(|(at, found)| (found.id.clone(), at)).collect(),
            measures: assessment.measures,
            unanswered: BTreeMap::new(),
        };
        let tree = &scorer.scorecard().tree;
        marks.unanswered_below(tree);
        marks.root = marks.part(&tree.id);
        Ok(marks)
    }

    /// The error with the engine's name of an answer replaced by the model's.
    fn moved(&self, error: Error) -> Error {
        let Some((measure, _)) = of_answer(&error) else { return error };
        match self.places.iter().find(|(known, _)| known == measure) {
            Some((_, place)) => moved(error, place),
            None => error,
        }
    }
}

/// The measure whose answer an error of the engine names, and what follows it.
fn of_answer(error: &Error) -> Option<(&str, &str)> {
    let rest = error.field().strip_prefix("answers.")?;
    Some(rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())))
}

/// The error with the engine's name of an answer replaced by its place on the wire.
pub(super) fn moved(error: Error, place: &Place) -> Error {
    match of_answer(&error).map(|(_, tail)| format!("{place}{tail}")) {
        Some(field) => error.at(field),
        None => error,
    }
}

/// A scored sheet.
pub(super) struct Marks {
    pub(super) root: Part,
    groups: BTreeMap<Id, GroupResult>,
    /// In the order of the tree.
    pub(super) measures: Vec<MeasureResult>,
    places: BTreeMap<Id, usize>,
    /// Groups in which nothing is answered, and why.
    unanswered: BTreeMap<String, NoScore>,
}

impl Marks {
    pub(super) fn group(&self, id: &str) -> Option<&GroupResult> {
        self.groups.get(id)
    }

    pub(super) fn measure(&self, id: &str) -> Option<&MeasureResult> {
        self.measures.get(*self.places.get(id)?)
    }

    /// The part with this id, be it a group or a measure.
    pub(super) fn part(&self, id: &str) -> Part {
        if let Some(group) = self.group(id) {
            let part = Part::from(group);
            return Part { reason: self.unanswered.get(id).copied().or(part.reason), ..part };
        }
        self.measure(id).map_or(Part::UNKNOWN, Part::from)
    }

    /// Notes why nothing is answered in each group from this one down, and gives the strongest reason that a measure has.
    fn unanswered_below(&mut self, group: &Group) -> Option<Missing> {
        let mut found = Vec::new();
        for child in &group.children {
            found.extend(match child {
                Node::Group(inner) => self.unanswered_below(inner),
                Node::Measure(measure) => self.measure(&measure.id).and_then(|measure| measure.missing),
            });
        }
        let strongest = strongest(found);
        let reason = self.group(&group.id).and_then(|group| group.reason);
        if reason == Some(InsufficientReason::NothingAnswered) {
            self.unanswered.insert(group.id.clone(), strongest.map_or(NoScore::NoData, NoScore::from));
        }
        strongest
    }
}

/// The strongest of the reasons for which measures have no unit.
// CHOICE: a group says the strongest reason of its measures, as a measure says the strongest of its answers.
pub(super) fn strongest(reasons: impl IntoIterator<Item = Missing>) -> Option<Missing> {
    reasons.into_iter().filter(|reason| *reason != Missing::NotApplicable).max()
}

/// The entries of a list with their places on the wire, in byte order of their ids.
pub(super) fn placed<'a, T>(
    field: &'static str,
    list: &'a [T],
    id: impl Fn(&T) -> &str,
) -> Result<Vec<(usize, &'a T)>, Error> {
    let mut placed: Vec<(usize, &T)> = list.iter().enumerate().collect();
    check::sort_by_id(field, &mut placed, |(_, entry)| id(entry))?;
    Ok(placed)
}

/// Checks the weights of a list: none below 0, not all of them 0, and a sum that stays a number.
pub(super) fn weights(
    list: &'static str,
    field: &'static str,
    weights: impl Iterator<Item = f64>,
) -> Result<(), Error> {
    let mut sum = None;
    for (index, weight) in weights.enumerate() {
        let weight = check::weight(field, weight)
            .map_err(|error| error.within(&Place::Entry(list, index, "").to_string()))?;
        // The factor leaves the engine room for sums of weights times units.
        sum = Some(check::computed(list, 4.0 * (sum.unwrap_or(0.0) / 4.0 + weight))?);
    }
    if sum.is_some_and(|sum| sum <= 0.0) {
        return Err(Error::ZeroWeight { field: list.into() });
    }
    Ok(())
}

/// Puts `node` in the place of the child with this id, anywhere below `group`; it takes over the child's weight.
pub(super) fn replace(group: &mut Group, id: &str, node: &Node) {
    for child in &mut group.children {
        if child.id() == id {
            let weight = child.weight();
            *child = node.clone();
            match child {
                Node::Group(inner) => inner.weight = weight,
                Node::Measure(measure) => measure.weight = weight,
            }
        } else if let Node::Group(inner) = child {
            replace(inner, id, node);
        }
    }
}

/// Changes the measure with this id, anywhere below `group`.
pub(super) fn change(group: &mut Group, id: &str, how: &mut dyn FnMut(&mut crate::scorecard::Measure)) {
    for child in &mut group.children {
        match child {
            Node::Measure(measure) if measure.id == id => how(measure),
            Node::Measure(_) => {}
            Node::Group(inner) => change(inner, id, how),
        }
    }
}
