//! What a level of a `levels` scale means, on the wire: a unit or the word `not_applicable`.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};

use super::Level;

const NOT_APPLICABLE: &str = "not_applicable";

impl serde::Serialize for Level {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unit(unit) => serializer.serialize_f64(*unit),
            Self::NotApplicable => serializer.serialize_str(NOT_APPLICABLE),
        }
    }
}

struct LevelVisitor;

impl Visitor<'_> for LevelVisitor {
    type Value = Level;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number from 0 to 1 or `not_applicable`")
    }
    fn visit_f64<E>(self, unit: f64) -> Result<Level, E> {
        Ok(Level::Unit(unit))
    }
    fn visit_i64<E: Error>(self, unit: i64) -> Result<Level, E> {
        i32::try_from(unit)
            .map(|unit| Level::Unit(f64::from(unit)))
            .map_err(|_| E::invalid_value(Unexpected::Signed(unit), &self))
    }
    fn visit_u64<E: Error>(self, unit: u64) -> Result<Level, E> {
        u32::try_from(unit)
            .map(|unit| Level::Unit(f64::from(unit)))
            .map_err(|_| E::invalid_value(Unexpected::Unsigned(unit), &self))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Level, E> {
        if text == NOT_APPLICABLE {
            Ok(Level::NotApplicable)
        } else {
            Err(E::invalid_value(Unexpected::Str(text), &self))
        }
    }
}

impl<'de> serde::Deserialize<'de> for Level {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LevelVisitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Level {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Level".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "anyOf": [
            { "type": "number", "minimum": 0, "maximum": 1 },
            { "const": NOT_APPLICABLE }
        ] })
    }
}
