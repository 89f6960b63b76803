//! Answers: raw values with who said them, when, and for whom; and why an answer may be missing.

mod evidence;
mod read;
mod recency;
mod record;
mod value;

pub use evidence::{EvidenceRule, Grades, Source};
pub(crate) use read::{answers as answers_map, one_or_many, unique};
#[cfg(feature = "schema")]
pub(crate) use read::{answers_schema, one_or_many_schema};
pub use recency::{QUARTER_DAYS, RecencyRule, age_days};
pub use record::{Answers, Override, Record};
pub use value::Value;

use crate::Date;

/// One answer to one measure.
///
/// On the wire a bare value, `{value, source, persona, on, note}`, or `{missing: reason}`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Answer {
    /// The raw value; `None` when nothing was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Why there is no value, when the record says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// The value one period earlier, for measures of growth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<f64>,
    /// Who stands behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The role that answered, such as `executive`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persona: Option<String>,
    /// The day it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// Free text, never read by a formula.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Answer {
    /// An answer of this value, without details.
    pub fn new(value: impl Into<Value>) -> Self {
        Self { value: Some(value.into()), ..Self::default() }
    }

    /// No answer, for this reason.
    pub fn missing(reason: Missing) -> Self {
        Self { missing: Some(reason), ..Self::default() }
    }

    /// The same answer with who stands behind it.
    #[must_use]
    pub fn source(mut self, source: Source) -> Self {
        self.source = Some(source);
        self
    }

    /// The same answer with the role that gave it.
    #[must_use]
    pub fn persona(mut self, persona: impl Into<String>) -> Self {
        self.persona = Some(persona.into());
        self
    }

    /// The same answer with the day it was given.
    #[must_use]
    pub fn on(mut self, on: Date) -> Self {
        self.on = Some(on);
        self
    }
}

impl<V: Into<Value>> From<V> for Answer {
    fn from(value: V) -> Self {
        Self::new(value)
    }
}

/// Why an answer is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The question does not apply: its weight leaves the model. Said by a model or a record, never inferred.
    NotApplicable,
    /// Nobody answered.
    NoData,
    /// No answer stands on the evidence that the model asks for.
    Unvalidated,
    /// Every answer is older than the model's window.
    Stale,
}
