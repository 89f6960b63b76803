//! A raw value as people and systems write it: a number, yes or no, a text (level, date, name).

use std::fmt;

use serde::de::{Error, Visitor};

/// A raw value before a scale has read it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number in the measure's own unit.
    Number(f64),
    /// Yes or no.
    YesNo(bool),
    /// A level's name, a civil date, or any text of an attribute.
    Text(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::YesNo(true) => f.write_str("yes"),
            Self::YesNo(false) => f.write_str("no"),
            Self::Text(text) => f.write_str(&crate::error::excerpt(text)),
        }
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::YesNo(flag)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<crate::Date> for Value {
    fn from(date: crate::Date) -> Self {
        Self::Text(date.to_string())
    }
}

impl serde::Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::YesNo(flag) => serializer.serialize_bool(*flag),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

pub(super) struct ValueVisitor;

impl Visitor<'_> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, true or false, or a text")
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::YesNo(flag))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        exact(i128::from(number))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        exact(i128::from(number))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }
}

/// A whole number as an `f64`, if every whole number up to it has one of its own.
fn exact<E: Error>(number: i128) -> Result<Value, E> {
    if number.unsigned_abs() <= 1 << 53 {
        Ok(Value::Number(crate::math::nearest(number)))
    } else {
        Err(E::custom("a whole number above 2^53 cannot be held exactly; write ids as texts"))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Value {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Value".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": ["number", "boolean", "string"],
            "description": "A number, yes or no, a level's name or a civil date."
        })
    }
}
