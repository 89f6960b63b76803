//! One account as it arrives: its answers, attributes and an optional override.

use std::collections::BTreeMap;

use super::{Answer, Source, Value};
use crate::Date;

/// The answers to one measure; several when several people answered.
pub type Answers = Vec<Answer>;

/// One account: answers by measure, attributes by name, and what holds for all its answers.
///
/// # Examples
/// ```
/// use value_model::answer::{Answer, Record, Source};
/// let record = Record::new("acme")
///     .answer("csat", 9.0)
///     .answer("goals_documented", Answer::new(true).source(Source::ValidatedWithPersona));
/// assert_eq!(record.answers.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The account's id.
    pub account: String,
    /// Answers by measure id.
    #[serde(default, deserialize_with = "super::read::answers")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::read::answers_schema"))]
    pub answers: BTreeMap<String, Answers>,
    /// What is known about the account beside its answers: CSM, segment, revenue.
    #[serde(
        default,
        deserialize_with = "super::read::attributes",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub attributes: BTreeMap<String, Value>,
    /// Who stands behind answers that do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_source: Option<Source>,
    /// The role behind answers that do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_persona: Option<String>,
    /// The day of answers that do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_on: Option<Date>,
    /// A person's judgement in place of the score.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub override_: Option<Override>,
}

impl Record {
    /// An account without answers.
    pub fn new(account: impl Into<String>) -> Self {
        Self { account: account.into(), ..Self::default() }
    }

    /// The same account with one more answer to `measure`.
    #[must_use]
    pub fn answer(mut self, measure: impl Into<String>, answer: impl Into<Answer>) -> Self {
        self.answers.entry(measure.into()).or_default().push(answer.into());
        self
    }

    /// The same account with an attribute.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self
    }
}

/// A score set by a person, with a reason, until a day.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The score to set, 0..100.
    pub score: f64,
    /// Why.
    pub reason: String,
    /// Who.
    pub author: String,
    /// The day it was made.
    pub made_on: Date,
    /// The last day on which it holds. Without it: 90 days after it was made, 30 when it forces the first or last band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
}
