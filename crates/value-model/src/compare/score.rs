//! Scoring one account under a scorecard: the formula that all others compare.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};

use crate::answer::Record;
use crate::catalog::{Formula, Source};
use crate::scorecard::{Assessment, Scorecard, Scorer};
use crate::{Date, Error, presets};

/// Catalog entry of [`score`].
pub const FORMULA: Formula = Formula {
    id: "score",
    version: 1,
    source: Source::Ours,
    expression: "score = 100 * A / P with A = sum w d u and P = sum w d over present answers; \
                 lower and upper put the missing weight at 0 and at 1; coverage = P / W",
};

/// A model: a scorecard, or the id of one that comes with this crate.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelRef {
    /// The id of a preset, such as `value-realization`.
    Preset(String),
    /// A document.
    Scorecard(Box<Scorecard>),
}

impl ModelRef {
    /// The compiled model.
    ///
    /// # Errors
    /// [`Error::UnknownId`] (`model`) for a preset that does not exist, and those of [`Scorecard::compile`].
    pub fn compile(&self) -> Result<Scorer, Error> {
        match self {
            Self::Preset(id) => presets::scorecard(id).map_err(|error| error.at("model"))?.compile(),
            Self::Scorecard(card) => card.compile().map_err(|error| error.within("model")),
        }
    }
}

impl From<Scorecard> for ModelRef {
    fn from(card: Scorecard) -> Self {
        Self::Scorecard(Box::new(card))
    }
}

impl serde::Serialize for ModelRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Preset(id) => serializer.serialize_str(id),
            Self::Scorecard(card) => card.serialize(serializer),
        }
    }
}

struct ModelVisitor;

impl<'de> Visitor<'de> for ModelVisitor {
    type Value = ModelRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scorecard or the id of a preset")
    }
    fn visit_str<E: serde::de::Error>(self, id: &str) -> Result<ModelRef, E> {
        if id.len() > 256 {
            Err(E::custom("an id of more than 256 bytes"))
        } else {
            Ok(ModelRef::Preset(id.to_owned()))
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ModelRef, A::Error> {
        let card: Scorecard = serde::Deserialize::deserialize(MapAccessDeserializer::new(map))?;
        Ok(card.into())
    }
}

impl<'de> serde::Deserialize<'de> for ModelRef {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ModelVisitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ModelRef {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ModelRef".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let card = generator.subschema_for::<Scorecard>();
        let ids: Vec<&str> = presets::all().iter().map(|preset| preset.id).collect();
        schemars::json_schema!({ "anyOf": [{ "enum": ids }, card] })
    }
}

/// One account to score.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScoreInput {
    /// The model.
    pub model: ModelRef,
    /// The account with its answers.
    pub record: Record,
    /// The date of scoring.
    pub as_of: Date,
}

/// Scores one account and explains the score.
///
/// Compile a [`Scorecard`] once and call [`Scorer::assess`] to score many accounts.
///
/// # Errors
/// Those of [`Scorecard::compile`] and [`Scorer::assess`].
///
/// # Examples
/// ```
/// use value_model::answer::Record;
/// use value_model::compare::score::{ModelRef, ScoreInput, score};
/// let record = Record::new("acme").answer("full_usage", 0.8);
/// let model = ModelRef::Preset("value-realization".into());
/// let assessment = score(&ScoreInput { model, record, as_of: "2026-11-01".parse()? })?;
/// assert_eq!(assessment.score, None); // one answer of twelve is too little; the bounds still hold
/// assert!(assessment.lower < assessment.upper);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn score(input: &ScoreInput) -> Result<Assessment, Error> {
    input.model.compile()?.assess(&input.record, input.as_of).map_err(|error| error.within("record"))
}
