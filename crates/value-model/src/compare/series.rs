//! A history in order: the assessments of each account under each model, day by day.

use std::collections::BTreeMap;

use super::State;
use crate::scorecard::Id;
use crate::{Date, Error};

/// The account and the model of a series.
pub type Key = (String, Id);

/// The assessments of a history by account and model, each in the order of days.
///
/// Where several versions of a model judge the same day, the newest one counts: the one that judged first on the latest
/// day, and of those the last by name. So two versions that run side by side for a while do not read as a change each
/// day.
///
/// # Errors
/// [`Error::Duplicate`] for an account that stands twice under one model, version and day.
pub fn series<'a>(history: &[State<'a>]) -> Result<BTreeMap<Key, Vec<State<'a>>>, Error> {
    let mut first: BTreeMap<(Id, Id), Date> = BTreeMap::new();
    for state in history {
        let version = (state.scorer.model().clone(), state.scorer.version().clone());
        let day = first.entry(version).or_insert(state.as_of);
        *day = (*day).min(state.as_of);
    }
    let age = |state: &State<'_>| {
        let version = (state.scorer.model().clone(), state.scorer.version().clone());
        (first.get(&version).copied(), version.1)
    };
    let mut found: BTreeMap<Key, BTreeMap<Date, State<'a>>> = BTreeMap::new();
    for state in history {
        let key = (state.record.account.clone(), state.scorer.model().clone());
        let days = found.entry(key).or_default();
        match days.get(&state.as_of) {
            Some(other) if age(other) == age(state) => {
                return Err(Error::Duplicate {
                    field: "history".into(),
                    id: format!("{} on {}", state.record.account, state.as_of),
                });
            }
            Some(other) if age(other) > age(state) => {}
            _ => {
                days.insert(state.as_of, *state);
            }
        }
    }
    Ok(found.into_iter().map(|(key, days)| (key, days.into_values().collect())).collect())
}
