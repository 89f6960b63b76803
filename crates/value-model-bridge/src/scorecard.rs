//! Calls that take a model: a scorecard document, or the id of a preset.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use value_model::answer::Record;
use value_model::scorecard::{Assessment, Scorecard, Scorer};
use value_model::{Date, Error, presets};

use crate::Tree;
use crate::document::check_schema;

/// A model as a call names it: a whole document, or a preset's id such as `value-realization`.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// The id of a preset.
    Preset(String),
    /// A document.
    Scorecard(Box<Scorecard>),
}

impl Model {
    /// Checks the model once.
    ///
    /// # Errors
    /// `unknown_id` for a preset that does not exist; else as [`Scorecard::compile`], below `model`.
    pub fn compile(&self) -> Result<Scorer, Error> {
        match self {
            Self::Preset(id) => presets::scorecard(id).map_err(|error| error.at("model"))?.compile(),
            Self::Scorecard(card) => card.compile(),
        }
        .map_err(|error| if error.field() == "model" { error } else { error.within("model") })
    }
}

impl<'de> Deserialize<'de> for Model {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ModelVisitor;
        impl<'de> Visitor<'de> for ModelVisitor {
            type Value = Model;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a scorecard, or the id of a preset")
            }
            fn visit_str<E>(self, id: &str) -> Result<Model, E> {
                Ok(Model::Preset(id.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Model, A::Error> {
                let card = Scorecard::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Model::Scorecard(Box::new(card)))
            }
        }
        deserializer.deserialize_any(ModelVisitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Model {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Model".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let scorecard = generator.subschema_for::<Scorecard>();
        schemars::json_schema!({
            "description": "A scorecard, or the id of a preset.",
            "anyOf": [{ "type": "string" }, scorecard]
        })
    }
}

/// One account and the model to score it with.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScoreInput {
    /// The scorecard, or the id of a preset.
    pub model: Model,
    /// The account.
    pub record: Record,
    /// The day on which the account is scored.
    pub as_of: Date,
}

/// Scores one account and explains the score.
///
/// # Errors
/// Those of [`Scorecard::compile`] below `model`, those of [`Scorer::assess`] below `record`.
pub fn score(input: &ScoreInput) -> Result<Assessment, Error> {
    let scorer = input.model.compile()?;
    scorer.assess(&input.record, input.as_of).map_err(|error| error.within("record"))
}

/// Looks at the schema of a document in `model` before anything else is read.
pub(crate) fn check_model(input: &Tree) -> Result<(), Error> {
    match input.get("model") {
        Some(model) => check_schema(model).map_err(|error| error.within("model")),
        None => Ok(()),
    }
}
