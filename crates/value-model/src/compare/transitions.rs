//! Transitions: the accounts whose band changed between two runs, and why.

use std::collections::BTreeMap;

use crate::answer::Record;
use crate::catalog::{Formula, Source};
use crate::compare::delta::{Delta, delta};
use crate::compare::{ModelRef, State};
use crate::scorecard::{Id, Scorer};
use crate::{Date, Error};

/// Catalog entry of [`transitions`].
pub const FORMULA: Formula = Formula {
    id: "transitions",
    version: 1,
    source: Source::Ours,
    expression: "accounts with band(after) != band(before), each with its delta split",
};

/// Two runs over accounts.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TransitionsInput {
    /// The earlier run.
    pub before: Run,
    /// The later run.
    pub after: Run,
}

/// Accounts scored under one model on one day.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The model.
    pub model: ModelRef,
    /// The accounts.
    pub records: Vec<Record>,
    /// The date of scoring.
    pub as_of: Date,
}

/// What moved between two runs.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Transitions {
    /// Accounts whose band changed, by account id.
    pub transitions: Vec<Transition>,
    /// Accounts in both runs whose band stayed.
    pub unchanged: u32,
    /// Accounts of the later run alone.
    pub appeared: Vec<String>,
    /// Accounts of the earlier run alone.
    pub disappeared: Vec<String>,
}

/// One account whose band changed.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Transition {
    /// The account's id.
    pub account: String,
    /// The band before; none when there was no score.
    pub from: Option<Id>,
    /// The band after; none when there is no score.
    pub to: Option<Id>,
    /// Which way it went.
    pub direction: Direction,
    /// Why.
    pub delta: Delta,
}

/// Which way a band changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To a better band.
    Up,
    /// To a worse band.
    Down,
    /// There was no score before.
    Scored,
    /// There is no score any more.
    Lost,
    /// The model's bands have other names; the order of the two cannot be told.
    Renamed,
}

impl Direction {
    /// The stable, `snake_case` name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Scored => "scored",
            Self::Lost => "lost",
            Self::Renamed => "renamed",
        }
    }
}

/// Lists the accounts whose band changed between two runs.
///
/// # Errors
/// [`Error::Duplicate`] for two records of one account in a run, and those of [`delta`], with the account named.
///
/// # Examples
/// ```
/// use value_model::answer::Record;
/// use value_model::compare::transitions::{Run, TransitionsInput, transitions};
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, Measure, Scorecard};
/// let card = Scorecard::new("mine", "1", Group::new("health").child(Measure::new("usage", Scale::Unit)));
/// let run = |usage: f64, as_of| Run {
///     model: card.clone().into(),
///     records: vec![Record::new("acme").answer("usage", usage)],
///     as_of,
/// };
/// let input = TransitionsInput { before: run(0.8, "2026-10-01".parse()?), after: run(0.4, "2026-11-01".parse()?) };
/// let moved = transitions(&input)?;
/// assert_eq!(moved.transitions[0].to.as_deref(), Some("at_risk"));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn transitions(input: &TransitionsInput) -> Result<Transitions, Error> {
    let (old_scorer, new_scorer) = (
        input.before.model.compile().map_err(|error| error.within("before"))?,
        input.after.model.compile().map_err(|error| error.within("after"))?,
    );
    let (old, new) =
        (by_account("before.records", &input.before)?, by_account("after.records", &input.after)?);
    let mut out = Transitions {
        transitions: Vec::new(),
        unchanged: 0,
        appeared: new.keys().filter(|id| !old.contains_key(*id)).map(|id| (*id).to_owned()).collect(),
        disappeared: old.keys().filter(|id| !new.contains_key(*id)).map(|id| (*id).to_owned()).collect(),
    };
    for (account, before) in &old {
        let Some(after) = new.get(account) else { continue };
        let before = State { scorer: &old_scorer, record: before, as_of: input.before.as_of };
        let after = State { scorer: &new_scorer, record: after, as_of: input.after.as_of };
        match transition(&before, &after).map_err(|error| in_list(error, input, account))? {
            Some(moved) => out.transitions.push(moved),
            None => out.unchanged = out.unchanged.saturating_add(1),
        }
    }
    Ok(out)
}

/// The transition of one account, if its band changed.
///
/// # Errors
/// Those of [`delta`].
pub fn transition(before: &State<'_>, after: &State<'_>) -> Result<Option<Transition>, Error> {
    let delta = delta(before, after)?;
    let band =
        |scorer: &Scorer, score: Option<f64>| score.map(|score| scorer.band_name(scorer.band_of(score)));
    let (from, to) = (band(before.scorer, delta.before), band(after.scorer, delta.after));
    if from == to {
        return Ok(None);
    }
    let direction = direction(after.scorer, from.as_ref(), to.as_ref());
    Ok(Some(Transition { account: after.record.account.clone(), from, to, direction, delta }))
}

/// Which way a band changed, by the bands of the later model.
pub(super) fn direction(after: &Scorer, from: Option<&Id>, to: Option<&Id>) -> Direction {
    let place = |name: Option<&Id>| after.band_names().iter().position(|band| Some(band) == name);
    match (from, to) {
        (None, _) => Direction::Scored,
        (_, None) => Direction::Lost,
        _ => match (place(from), place(to)) {
            (Some(a), Some(b)) if a < b => Direction::Up,
            (Some(_), Some(_)) => Direction::Down,
            _ => Direction::Renamed,
        },
    }
}

fn by_account<'a>(field: &'static str, run: &'a Run) -> Result<BTreeMap<&'a str, &'a Record>, Error> {
    let mut out = BTreeMap::new();
    for record in &run.records {
        if out.insert(record.account.as_str(), record).is_some() {
            return Err(Error::Duplicate { field: field.into(), id: record.account.clone() });
        }
    }
    Ok(out)
}

/// `before.record.answers.x` becomes `before.records[3].answers.x`.
fn in_list(error: Error, input: &TransitionsInput, account: &str) -> Error {
    let sides = [("before.record", &input.before.records), ("after.record", &input.after.records)];
    for (prefix, records) in sides {
        let number = records.iter().position(|record| record.account == account);
        if let (Some(rest), Some(number)) = (error.field().strip_prefix(prefix), number) {
            let field = format!("{prefix}s[{number}]{rest}");
            return error.at(field);
        }
    }
    error
}
