//! A change of the model: what a new version does to the scores of accounts whose answers stay what they are.

use super::delta::delta;
use super::transitions::{Direction, direction};
use super::{ModelRef, State};
use crate::answer::Record;
use crate::catalog::{Formula, Source};
use crate::scorecard::{Assessment, ContributionKind, Id, Scorer};
use crate::{Date, Error, math};

/// Catalog entry of [`model_change`].
pub const FORMULA: Formula = Formula {
    id: "model_change",
    version: 1,
    source: Source::Ours,
    expression: "model effect = old answers under the new model - old answers under the old model, on the same day; \
                 parts = differences of contributions, which sum to the change of the score",
};

/// Two models, and the accounts to try them on.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ModelChangeInput {
    /// The model as it is.
    pub before: ModelRef,
    /// The model as it would be.
    pub after: ModelRef,
    /// The accounts.
    pub records: Vec<Record>,
    /// The date of scoring.
    pub as_of: Date,
}

/// What a new model does.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModelChanges {
    /// Every account, in the order of the records.
    pub accounts: Vec<ModelChange>,
    /// Accounts whose band changes.
    pub moved: u32,
}

/// What a new model does to one account.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModelChange {
    /// The account's id.
    pub account: String,
    /// The band under the old model.
    pub from: Option<Id>,
    /// The band under the new model.
    pub to: Option<Id>,
    /// Which way it goes; none when it stays.
    pub direction: Option<Direction>,
    /// The score under the old model.
    pub before: Option<f64>,
    /// The score under the new model.
    pub after: Option<f64>,
    /// The new score less the old one, without overrides: what the model alone does.
    pub model_effect: Option<f64>,
    /// What contributes another number of points than before, in the order of the new model, then what is gone.
    pub parts: Vec<PartChange>,
    /// Why, in a sentence.
    pub reason: String,
}

/// A part of the score under both models.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PartChange {
    /// The measure, group or rule.
    pub id: Id,
    /// What it is.
    pub kind: ContributionKind,
    /// Its points under the old model; none where that does not have it.
    pub before: Option<f64>,
    /// Its points under the new model.
    pub after: Option<f64>,
    /// Points of the change that come from it.
    pub change: f64,
}

/// Says what a new model does to accounts, from documents.
///
/// # Errors
/// Those of [`ModelRef::compile`] (`before`, `after`) and of [`change_of`], with the record's place.
pub fn model_change(input: &ModelChangeInput) -> Result<ModelChanges, Error> {
    let compile = |model: &ModelRef, field: &'static str| {
        // The path of a model says `model`; here it is called by its side.
        model.compile().map_err(|error| {
            let path = format!("{field}{}", error.field().strip_prefix("model").unwrap_or_default());
            error.at(path)
        })
    };
    let (before, after) = (compile(&input.before, "before")?, compile(&input.after, "after")?);
    let mut accounts = Vec::with_capacity(input.records.len());
    for (number, record) in input.records.iter().enumerate() {
        let change = change_of(&before, &after, record, input.as_of);
        accounts.push(change.map_err(|error| error.within(&format!("records[{number}]")))?);
    }
    let moved = accounts.iter().filter(|change| change.direction.is_some()).count();
    Ok(ModelChanges { accounts, moved: u32::try_from(moved).unwrap_or(u32::MAX) })
}

/// What a new model does to one account.
///
/// Answers to measures that only one of the models has are passed over by the other.
///
/// # Errors
/// Those of [`Scorer::assess`]; [`Error::UnknownId`] for an answer to a measure that neither model has.
///
/// # Examples
/// ```
/// use value_model::answer::Record;
/// use value_model::compare::model_change::change_of;
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, Measure, Scorecard};
/// let model = |version: &str, weight: f64| {
///     let tree = Group::new("health")
///         .child(Measure::new("usage", Scale::Unit).weight(weight))
///         .child(Measure::new("goals", Scale::Unit));
///     Scorecard::new("mine", version, tree).compile()
/// };
/// let record = Record::new("acme").answer("usage", 1.0).answer("goals", 0.0);
/// let change = change_of(&model("1", 1.0)?, &model("2", 3.0)?, &record, "2026-11-01".parse()?)?;
/// assert_eq!((change.before, change.after, change.model_effect), (Some(50.0), Some(75.0), Some(25.0)));
/// assert_eq!(change.reason, "`usage` gives 25.0 points more");
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn change_of(
    before: &Scorer,
    after: &Scorer,
    record: &Record,
    as_of: Date,
) -> Result<ModelChange, Error> {
    for measure in record.answers.keys() {
        if before.measure_index(measure).is_err() {
            after.measure_index(measure)?;
        }
    }
    let (old, new) = (known_to(before, record), known_to(after, record));
    let split =
        delta(&State { scorer: before, record: &old, as_of }, &State { scorer: after, record: &new, as_of });
    let split = split.map_err(|error| {
        let field = error.field();
        let path = field.strip_prefix("before.record.").or_else(|| field.strip_prefix("after.record."));
        let path = path.map(str::to_owned);
        if let Some(path) = path { error.at(path) } else { error }
    })?;
    let (was, is) = (before.assess(&old, as_of)?, after.assess(&new, as_of)?);
    let parts = parts(&was, &is);
    let same = was.band == is.band;
    let direction = (!same).then(|| direction(after, was.band.as_ref(), is.band.as_ref()));
    let reason = reason(&was, &is, &parts);
    Ok(ModelChange {
        account: record.account.clone(),
        from: was.band,
        to: is.band,
        direction,
        before: was.score,
        after: is.score,
        model_effect: split.model,
        parts,
        reason,
    })
}

/// The record without answers that a model does not ask for: a new one may have dropped a measure.
pub fn known_to(scorer: &Scorer, record: &Record) -> Record {
    let mut known = record.clone();
    known.answers.retain(|measure, _| scorer.measure_index(measure).is_ok());
    known
}

/// What contributes differently.
fn parts(was: &Assessment, is: &Assessment) -> Vec<PartChange> {
    let find = |list: &Assessment, id: &Id, kind: ContributionKind| {
        let found = list.contributions.iter().find(|part| part.id == *id && part.kind == kind);
        found.map(|part| part.points)
    };
    let part = |id: &Id, kind, before: Option<f64>, after: Option<f64>| PartChange {
        id: id.clone(),
        kind,
        before,
        after,
        change: math::unsigned_zero(after.unwrap_or(0.0) - before.unwrap_or(0.0)),
    };
    let new = is.contributions.iter();
    let new = new.map(|own| part(&own.id, own.kind, find(was, &own.id, own.kind), Some(own.points)));
    let old = was.contributions.iter().filter(|own| find(is, &own.id, own.kind).is_none());
    let gone = old.map(|own| part(&own.id, own.kind, Some(own.points), None));
    new.chain(gone).filter(|part| math::billionths(part.change) != 0).collect()
}

/// Why the score or the band differs.
fn reason(was: &Assessment, is: &Assessment, parts: &[PartChange]) -> String {
    match (was.score, is.score) {
        (_, None) if was.score.is_some() => {
            return format!("no score any more: {:.0}% of the new model is answered", is.coverage * 100.0);
        }
        (None, Some(_)) => return "a score for the first time".to_owned(),
        (None, _) => return "no score under either model".to_owned(),
        (Some(_), _) => {}
    }
    if parts.is_empty() {
        return if was.band == is.band { "nothing changes" } else { "the bands are cut elsewhere" }
            .to_owned();
    }
    // The three that move it most, in points, whichever way; the first of equal ones.
    let mut most: Vec<&PartChange> = parts.iter().collect();
    most.sort_by_key(|part| std::cmp::Reverse(math::billionths(part.change).abs()));
    let told: Vec<String> = most.iter().take(3).map(|part| part.sentence()).collect();
    let more = parts.len().saturating_sub(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", told.join(", "))
}

impl PartChange {
    fn sentence(&self) -> String {
        let points = self.change.abs();
        let way = if self.change > 0.0 { "more" } else { "less" };
        match (self.before, self.after) {
            (None, _) => format!("`{}` is new ({:+.1} points)", self.id, self.change),
            (_, None) => format!("`{}` is gone ({:+.1} points)", self.id, self.change),
            _ => format!("`{}` gives {points:.1} points {way}", self.id),
        }
    }
}
