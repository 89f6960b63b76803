//! Scoring accounts under a set of models.

use std::collections::BTreeSet;

use super::compile::SetScorer;
use super::document::ModelSet;
use super::parents::{ParentAssessment, RollUp};
use crate::answer::Record;
use crate::catalog::{Formula, Source};
use crate::scorecard::{Assessment, Id};
use crate::{Date, Error};

/// Catalog entry of [`score_set`].
pub const FORMULA: Formula = Formula {
    id: "score_set",
    version: 1,
    source: Source::Ours,
    expression: "each account under the models of the first case that holds; a parent = sum w s / sum w over its \
                 scored children, w = 1 or revenue, with the bounds and coverage of all of them",
};

/// Accounts to score under a set of models.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetInput {
    /// The set.
    pub set: ModelSet,
    /// The accounts with their answers and attributes.
    pub records: Vec<Record>,
    /// The date of scoring.
    pub as_of: Date,
}

/// Accounts scored under a set of models.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SetReport {
    /// The set's id.
    pub set: Id,
    /// The set's version.
    pub version: Id,
    /// Each account under each of its models, in the order of the records.
    pub assessments: Vec<CardAssessment>,
    /// Accounts that are the roll-up of their children, in byte order.
    pub parents: Vec<ParentAssessment>,
}

/// One account under one model of a set.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CardAssessment {
    /// The case that decided about the account, or `default`.
    pub case: Id,
    /// The name that the set gives the model.
    pub card: Id,
    /// What the model says.
    pub assessment: Assessment,
}

/// Scores accounts under a set of models, and rolls children up into their parents.
///
/// # Errors
/// Those of [`ModelSet::compile`] (`set`), [`SetScorer::assess`] with the record's place, [`Error::Duplicate`] for two
/// records of one account, and those of [`RollUp::finish`].
///
/// # Examples
/// ```
/// use value_model::answer::Record;
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, Measure, Scorecard};
/// use value_model::set::{ModelSet, Parents, SetInput, score_set};
/// let tree = Group::new("health").child(Measure::new("score", Scale::Score));
/// let set = ModelSet::new("ours", "1", ["health"])
///     .model("health", Scorecard::new("health", "1", tree))
///     .parents(Parents::by_revenue("parent", "arr"));
/// let child = |id: &str, arr: f64, score: f64| {
///     Record::new(id).attribute("parent", "group").attribute("arr", arr).answer("score", score)
/// };
/// let records = vec![child("a", 120e3, 80.0), child("b", 30e3, 40.0), child("c", 50e3, 65.0)];
/// let report = score_set(&SetInput { set, records, as_of: "2026-11-01".parse()? })?;
/// assert_eq!(report.parents[0].score, Some(70.25));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn score_set(input: &SetInput) -> Result<SetReport, Error> {
    let set = input.set.compile().map_err(|error| error.within("set"))?;
    let mut roll_up = RollUp::new(&set);
    let (mut assessments, mut seen) = (Vec::new(), BTreeSet::new());
    for (number, record) in input.records.iter().enumerate() {
        if !seen.insert(record.account.as_str()) {
            return Err(Error::Duplicate { field: "records".into(), id: record.account.clone() });
        }
        let found = set.assess(record, input.as_of).and_then(|found| {
            roll_up.add(record, &found)?;
            Ok(found)
        });
        assessments.extend(found.map_err(|error| error.within(&format!("records[{number}]")))?);
    }
    let parents = roll_up.finish(input.as_of)?;
    Ok(SetReport { set: set.id().clone(), version: set.version().clone(), assessments, parents })
}

impl SetScorer {
    /// Scores one account under each of its models; none for an account that is the roll-up of its children.
    ///
    /// An answer to a measure of another model of the set is passed over.
    ///
    /// # Errors
    /// Those of [`SetScorer::choose`] and [`Scorer::assess`](crate::scorecard::Scorer::assess); [`Error::UnknownId`] for
    /// an answer to a measure that no model of the set has.
    pub fn assess(&self, record: &Record, as_of: Date) -> Result<Vec<CardAssessment>, Error> {
        let choice = self.choose(record)?;
        let models = choice.models().map(|named| {
            let known = self.known_to(&named.scorer, record)?;
            let assessment = named.scorer.assess(&known, as_of)?;
            Ok(CardAssessment { case: choice.case().clone(), card: named.name.clone(), assessment })
        });
        models.collect()
    }

    /// The record with the answers that one model of the set asks for.
    ///
    /// # Errors
    /// [`Error::UnknownId`] for an answer to a measure that no model of the set has.
    pub fn known_to<'r>(
        &self,
        scorer: &crate::scorecard::Scorer,
        record: &'r Record,
    ) -> Result<std::borrow::Cow<'r, Record>, Error> {
        let knows = |measure: &str| scorer.measure_index(measure).is_ok();
        if record.answers.keys().all(|measure| knows(measure)) {
            return Ok(std::borrow::Cow::Borrowed(record));
        }
        for measure in record.answers.keys().filter(|measure| !knows(measure)) {
            let found = self.models().iter().any(|named| named.scorer.measure_index(measure).is_ok());
            if !found {
                let all = self.models().iter().flat_map(|named| named.scorer.measures());
                return Err(Error::UnknownId {
                    field: "answers".into(),
                    id: crate::error::excerpt(measure),
                    suggestion: crate::suggest::nearest(measure, all.map(|measure| &*measure.id)),
                });
            }
        }
        let mut known = record.clone();
        known.answers.retain(|measure, _| knows(measure));
        Ok(std::borrow::Cow::Owned(known))
    }
}
