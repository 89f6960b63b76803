//! What if: the same account with other answers.

use std::collections::BTreeMap;

use crate::answer::{Answers, Record};
use crate::catalog::{Formula, Source};
use crate::compare::delta::{Delta, delta};
use crate::compare::{ModelRef, State, in_record};
use crate::scorecard::Assessment;
use crate::{Date, Error};

/// Catalog entry of [`what_if_of`].
pub const FORMULA: Formula = Formula {
    id: "what_if",
    version: 1,
    source: Source::Ours,
    expression: "after = score(record with the answers replaced); delta = after - before, taken apart",
};

/// An account and the answers to try.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WhatIfInput {
    /// The model.
    pub model: ModelRef,
    /// The account as it is.
    pub record: Record,
    /// The date of scoring.
    pub as_of: Date,
    /// Answers to put in the place of the account's own, by measure; an empty list takes the answer away.
    #[serde(deserialize_with = "crate::answer::answers_map")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::answer::answers_schema"))]
    pub changes: BTreeMap<String, Answers>,
}

/// What other answers would give.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct WhatIf {
    /// The account with the answers replaced.
    pub after: Assessment,
    /// What the change does, taken apart.
    pub delta: Delta,
}

/// Scores an account with some answers replaced, from a document.
///
/// # Errors
/// Those of [`what_if`].
pub fn what_if_of(input: &WhatIfInput) -> Result<WhatIf, Error> {
    let scorer = input.model.compile()?;
    let state = State { scorer: &scorer, record: &input.record, as_of: input.as_of };
    what_if(&state, &input.changes).map_err(in_record)
}

/// Scores an account with some answers replaced.
///
/// # Errors
/// [`Error::UnknownId`] for a measure that the model does not have, and those of
/// [`Scorer::assess`](crate::scorecard::Scorer::assess).
///
/// # Examples
/// ```
/// use value_model::answer::{Answer, Record};
/// use value_model::compare::{State, what_if::what_if};
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, Measure, Scorecard};
/// let tree = Group::new("health").child(Measure::new("usage", Scale::Unit)).child(Measure::new("goals", Scale::YesNo));
/// let scorer = Scorecard::new("mine", "1", tree).compile()?;
/// let record = Record::new("acme").answer("usage", 0.8).answer("goals", false);
/// let state = State { scorer: &scorer, record: &record, as_of: "2026-11-01".parse()? };
/// let better = what_if(&state, &[("goals".to_owned(), vec![Answer::new(true)])].into())?;
/// assert_eq!(better.delta.change, Some(50.0));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn what_if(state: &State<'_>, changes: &BTreeMap<String, Answers>) -> Result<WhatIf, Error> {
    let mut changed = state.record.clone();
    for (measure, answers) in changes {
        state.scorer.measure_index(measure).map_err(|error| error.at("changes"))?;
        if answers.is_empty() {
            changed.answers.remove(measure);
        } else {
            changed.answers.insert(measure.clone(), answers.clone());
        }
    }
    // The account as it is comes first, so that its own errors are not taken for those of a change.
    state.scorer.evaluated(state.record, state.as_of)?;
    let after = state.scorer.assess(&changed, state.as_of).map_err(in_changes)?;
    let delta = delta(state, &State { record: &changed, ..*state })?;
    Ok(WhatIf { after, delta })
}

/// `answers.x` becomes `changes.x`.
fn in_changes(error: Error) -> Error {
    match error.field().strip_prefix("answers.") {
        Some(rest) => {
            let field = format!("changes.{rest}");
            error.at(field)
        }
        None => error,
    }
}
