//! Reading answers from the wire: a bare value, an object with details, or a list of those.
//!
//! Written by hand because the forms share no tag: a derived untagged enum would hide which field was wrong.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::value::ValueVisitor;
use super::{Answer, Answers, Missing, Source, Value};
use crate::Date;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename = "Answer")]
struct Details {
    #[serde(default)]
    value: Option<Value>,
    #[serde(default)]
    missing: Option<Missing>,
    #[serde(default)]
    before: Option<f64>,
    #[serde(default)]
    source: Option<Source>,
    #[serde(default)]
    persona: Option<String>,
    #[serde(default)]
    on: Option<Date>,
    #[serde(default)]
    note: Option<String>,
}

/// Reads one answer, or a list of them into the same type.
struct AnswersVisitor;

/// The bare forms of an answer, shared by the one-answer and the many-answers reader.
macro_rules! bare_values {
    ($out:ty, $wrap:expr) => {
        fn visit_unit<E>(self) -> Result<$out, E> {
            Ok($wrap(Answer::missing(Missing::NoData)))
        }
        fn visit_bool<E: Error>(self, flag: bool) -> Result<$out, E> {
            ValueVisitor.visit_bool(flag).map(Answer::new).map($wrap)
        }
        fn visit_i64<E: Error>(self, number: i64) -> Result<$out, E> {
            ValueVisitor.visit_i64(number).map(Answer::new).map($wrap)
        }
        fn visit_u64<E: Error>(self, number: u64) -> Result<$out, E> {
            ValueVisitor.visit_u64(number).map(Answer::new).map($wrap)
        }
        fn visit_f64<E: Error>(self, number: f64) -> Result<$out, E> {
            ValueVisitor.visit_f64(number).map(Answer::new).map($wrap)
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<$out, E> {
            ValueVisitor.visit_str(text).map(Answer::new).map($wrap)
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<$out, A::Error> {
            details(map).map($wrap)
        }
    };
}

fn details<'de, A: MapAccess<'de>>(map: A) -> Result<Answer, A::Error> {
    let Details { value, missing, before, source, persona, on, note } =
        Details::deserialize(MapAccessDeserializer::new(map))?;
    if value.is_some() && missing.is_some() {
        return Err(A::Error::custom("an answer has either `value` or `missing`, not both"));
    }
    Ok(Answer { value, missing, before, source, persona, on, note })
}

struct AnswerVisitor;

impl<'de> Visitor<'de> for AnswerVisitor {
    type Value = Answer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, true or false, a text, or an object with `value`")
    }
    bare_values!(Answer, std::convert::identity);
}

impl<'de> Visitor<'de> for AnswersVisitor {
    type Value = Answers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "an answer (a number, true or false, a text, or an object with `value`) or a list of answers",
        )
    }
    bare_values!(Answers, |answer| vec![answer]);
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Answers, A::Error> {
        let mut answers = Vec::new();
        while let Some(answer) = list.next_element()? {
            answers.push(answer);
        }
        Ok(answers)
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnswerVisitor)
    }
}

struct OneOrMany(Answers);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnswersVisitor).map(OneOrMany)
    }
}

/// A map whose keys must differ: serde's own maps keep the last of two equal keys without a word.
///
/// Each value is read as `V` and kept as `kept` makes it, so that the map is built once.
struct Unique<K, V, F>(F, PhantomData<(K, V)>);

impl<'de, K, V, W, F> Visitor<'de> for Unique<K, V, F>
where
    K: Deserialize<'de> + Ord + fmt::Display,
    V: Deserialize<'de>,
    F: Fn(V) -> W,
{
    type Value = BTreeMap<K, W>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut out = BTreeMap::new();
        while let Some(key) = map.next_key::<K>()? {
            match out.entry(key) {
                Entry::Occupied(entry) => {
                    return Err(A::Error::custom(format_args!("`{}` stands twice", entry.key())));
                }
                Entry::Vacant(entry) => {
                    entry.insert((self.0)(map.next_value()?));
                }
            }
        }
        Ok(out)
    }
}

/// A map that refuses a repeated key.
pub(crate) fn unique<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord + fmt::Display,
    V: Deserialize<'de>,
{
    deserializer.deserialize_map(Unique(|value: V| value, PhantomData))
}

pub(crate) fn answers<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Answers>, D::Error> {
    deserializer.deserialize_map(Unique(|OneOrMany(answers)| answers, PhantomData))
}

pub(super) fn attributes<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Value>, D::Error> {
    let read: BTreeMap<String, Option<Value>> = unique(deserializer)?;
    Ok(read.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

/// The answers to one question: one answer, bare or with details, or a list of them.
pub(crate) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Answers, D::Error> {
    OneOrMany::deserialize(deserializer).map(|OneOrMany(answers)| answers)
}

#[cfg(feature = "schema")]
pub(crate) fn answers_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let one = one_or_many_schema(generator);
    schemars::json_schema!({ "type": "object", "additionalProperties": one })
}

#[cfg(feature = "schema")]
pub(crate) fn one_or_many_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let value = generator.subschema_for::<Value>();
    let details = generator.subschema_for::<Answer>();
    schemars::json_schema!({ "anyOf": [
        value, details, { "type": "null" },
        { "type": "array", "items": { "anyOf": [value, details, { "type": "null" }] } }
    ] })
}
