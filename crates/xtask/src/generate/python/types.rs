//! Types of Python for schemas.

use anyhow::Result;
use serde_json::{Map, Value};

use crate::generate::names::{Names, Side, camel};

/// A class that has to be declared for a type: fields of an object without a name of its own.
#[derive(Debug)]
pub(super) struct Inline {
    pub(super) name: String,
    pub(super) schema: Value,
}

/// Writes types, and collects the classes that they need.
pub(super) struct Types<'a> {
    pub(super) names: &'a Names,
    pub(super) side: Side,
    pub(super) scope: usize,
    pub(super) inline: Vec<Inline>,
}

impl Types<'_> {
    /// The type of a schema; `owner` names what stands inside of it.
    pub(super) fn of(&mut self, schema: &Value, owner: &str) -> Result<String> {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return Ok(self.names.resolve(self.scope, reference)?.name.clone());
        }
        if let Some(choices) =
            ["anyOf", "oneOf"].iter().find_map(|key| schema.get(key)).and_then(Value::as_array)
        {
            return self.choice(choices, owner);
        }
        if let Some(value) = schema.get("const") {
            return Ok(literal(std::slice::from_ref(value)));
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return Ok(literal(values));
        }
        match schema.get("type") {
            Some(Value::Array(kinds)) => {
                let mut all = Vec::new();
                for kind in kinds.iter().filter_map(Value::as_str) {
                    push(&mut all, self.simple(kind, schema, owner)?);
                }
                Ok(all.join(" | "))
            }
            Some(Value::String(kind)) => self.simple(kind, schema, owner),
            _ => Ok("object".to_owned()),
        }
    }

    fn choice(&mut self, choices: &[Value], owner: &str) -> Result<String> {
        let (words, others): (Vec<&Value>, Vec<&Value>) =
            choices.iter().partition(|choice| choice.get("const").is_some());
        let mut all = Vec::new();
        let words: Vec<Value> = words.iter().filter_map(|choice| choice.get("const")).cloned().collect();
        if !words.is_empty() {
            all.push(literal(&words));
        }
        for choice in others {
            // `{"likert": {...}}`: named by its only field.
            let only = choice.get("required").and_then(Value::as_array).and_then(|names| names.first());
            let inner = match only.and_then(Value::as_str) {
                Some(name) => format!("{owner}{}", camel(name)),
                None => owner.to_owned(),
            };
            push(&mut all, self.of(choice, &inner)?);
        }
        Ok(all.join(" | "))
    }

    fn simple(&mut self, kind: &str, schema: &Value, owner: &str) -> Result<String> {
        let input = self.side == Side::Input;
        Ok(match kind {
            "null" => "None".to_owned(),
            "boolean" => "bool".to_owned(),
            "string" => "str".to_owned(),
            "number" => if input { "Number" } else { "float" }.to_owned(),
            "integer" => if input { "Whole" } else { "int" }.to_owned(),
            "array" => {
                let entry = match schema.get("items") {
                    Some(items) => self.of(items, owner)?,
                    None => "object".to_owned(),
                };
                format!("{}[{entry}]", if input { "Sequence" } else { "list" })
            }
            _ => self.object(schema, owner)?,
        })
    }

    fn object(&mut self, schema: &Value, owner: &str) -> Result<String> {
        let input = self.side == Side::Input;
        if schema.get("properties").is_some() && input {
            if !self.inline.iter().any(|known| known.name == owner) {
                self.inline.push(Inline { name: owner.to_owned(), schema: schema.clone() });
            }
            return Ok(owner.to_owned());
        }
        let value = match schema.get("additionalProperties") {
            Some(value @ Value::Object(_)) => self.of(value, owner)?,
            _ => "Any".to_owned(),
        };
        Ok(format!("{}[str, {value}]", if input { "Mapping" } else { "dict" }))
    }
}

/// Whether a schema is an object with fields of its own.
pub(in crate::generate) fn fields(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties").and_then(Value::as_object)
}

/// The names of the fields that must be there.
pub(in crate::generate) fn required(schema: &Value) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names.map(|names| names.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// What a schema says about itself, in plain words.
pub(in crate::generate) fn about(schema: &Value) -> String {
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    // What follows are examples in Rust.
    let text = text.split("\n# ").next().unwrap_or(text).trim();
    crate::generate::page::plain(text).replace("\\|", "|")
}

fn literal(values: &[Value]) -> String {
    let words: Vec<String> = values.iter().map(ToString::to_string).collect();
    format!("Literal[{}]", words.join(", "))
}

fn push(all: &mut Vec<String>, kind: String) {
    if !all.contains(&kind) {
        all.push(kind);
    }
}
