//! `types.d.ts`: everything that both packages export, for TypeScript.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use serde_json::Value;

use super::{NOTE, comment, function};
use crate::generate::names::{Named, Names, Side};
use crate::generate::python::types::{about, fields, required};

/// What is not made from the core's types: classes, tables, errors.
const SURFACE: &str = include_str!("surface.d.ts");

pub(super) fn module(names: &Names) -> Result<String> {
    let mut writer = Writer { names, renamed: BTreeMap::new() };
    let mut text = format!("// {NOTE}\n\n");
    let codes: Vec<String> = value_model::Error::CODES.iter().map(|code| format!("  | \"{code}\"")).collect();
    let _ = write!(
        text,
        "/** Every reason for a refusal. */\nexport type ErrorCode =\n{};\n\n",
        codes.join("\n")
    );
    // The words of the language for these are others'.
    text.push_str(&SURFACE.replace("Record_", "AccountRecord").replace("Source_", "AnswerSource"));
    let mut declared: BTreeMap<String, String> = BTreeMap::new();
    for named in names.of(Side::Result) {
        let body = writer.declare(&named.name, named, Side::Result)?;
        text.push_str(&body);
        declared.insert(named.name.clone(), body);
    }
    // A type that is the same on both sides is declared once; another of the same name is that of inputs.
    for named in names.of(Side::Input) {
        let plain = plain(&named.name);
        let taken = declared.contains_key(&plain);
        if taken
            && writer.declare(&plain, named, Side::Input)? == *declared.get(&plain).map_or("", String::as_str)
        {
            continue;
        }
        let name = if taken { format!("{plain}Given") } else { plain };
        writer.renamed.insert(named.name.clone(), name);
    }
    for named in names.of(Side::Input) {
        let name = writer.name(&named.name, Side::Input);
        if declared.contains_key(&name) {
            continue;
        }
        let body = writer.declare(&name, named, Side::Input)?;
        text.push_str(&body);
    }
    for call in names.calls()? {
        text.push('\n');
        text.push_str(&comment(&about(&call.input.schema), ""));
        let (input, result) = (writer.name(&call.input.name, Side::Input), &call.result.name);
        let _ = writeln!(text, "export function {}(input: {input}): {result};", function(call.formula.id));
    }
    Ok(text)
}

/// Names that the language has given to something else.
fn plain(name: &str) -> String {
    match name {
        "Record" => "AccountRecord".to_owned(),
        "Source" => "AnswerSource".to_owned(),
        other => other.to_owned(),
    }
}

struct Writer<'a> {
    names: &'a Names,
    renamed: BTreeMap<String, String>,
}

/// Where a schema stands.
#[derive(Clone, Copy)]
struct At {
    side: Side,
    scope: usize,
}

impl Writer<'_> {
    fn name(&self, name: &str, side: Side) -> String {
        let renamed = self.renamed.get(name).filter(|_| side == Side::Input);
        renamed.cloned().unwrap_or_else(|| plain(name))
    }

    fn declare(&self, name: &str, named: &Named, side: Side) -> Result<String> {
        let at = At { side, scope: named.scope };
        let mut text = String::from("\n");
        text.push_str(&comment(&about(&named.schema), ""));
        if fields(&named.schema).is_some() {
            let _ = writeln!(text, "export interface {name} {}", self.object(&named.schema, at, "")?);
        } else {
            let kind = match (name, side) {
                // Days may be given as the language has them; documents as compiled models.
                ("Date" | "DateGiven", Side::Input) => "string | globalThis.Date".to_owned(),
                ("ModelRef", Side::Input) => format!("{} | Scorer", self.of(&named.schema, at, "")?),
                _ => self.of(&named.schema, at, "")?,
            };
            let name = if name == "Date" { "CivilDate" } else { name };
            let _ = writeln!(text, "export type {name} = {kind};");
        }
        Ok(text)
    }

    fn object(&self, schema: &Value, at: At, indent: &str) -> Result<String> {
        let must = required(schema);
        let inner = format!("{indent}  ");
        let mut text = String::from("{\n");
        for (field, kind) in fields(schema).into_iter().flatten() {
            text.push_str(&comment(&about(kind), &inner));
            // A result always has all of its fields.
            let optional = if at.side == Side::Result || must.contains(&field.as_str()) { "" } else { "?" };
            let _ = writeln!(text, "{inner}{field}{optional}: {};", self.of(kind, at, &inner)?);
        }
        let _ = write!(text, "{indent}}}");
        Ok(text)
    }

    fn of(&self, schema: &Value, at: At, indent: &str) -> Result<String> {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = self.name(&self.names.resolve(at.scope, reference)?.name, at.side);
            return Ok(if name == "Date" { "CivilDate".to_owned() } else { name });
        }
        if let Some(choices) =
            ["anyOf", "oneOf"].iter().find_map(|key| schema.get(key)).and_then(Value::as_array)
        {
            return union(choices.iter().map(|choice| self.of(choice, at, indent)));
        }
        if let Some(value) = schema.get("const") {
            return Ok(value.to_string());
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return union(values.iter().map(|value| Ok(value.to_string())));
        }
        match schema.get("type") {
            Some(Value::Array(kinds)) => union(
                kinds.iter().filter_map(Value::as_str).map(|kind| self.simple(kind, schema, at, indent)),
            ),
            Some(Value::String(kind)) => self.simple(kind, schema, at, indent),
            _ => Ok("unknown".to_owned()),
        }
    }

    fn simple(&self, kind: &str, schema: &Value, at: At, indent: &str) -> Result<String> {
        Ok(match kind {
            "null" => "null".to_owned(),
            "boolean" => "boolean".to_owned(),
            "string" => "string".to_owned(),
            "number" | "integer" => "number".to_owned(),
            "array" => {
                let entry = match schema.get("items") {
                    Some(items) => self.of(items, at, indent)?,
                    None => "unknown".to_owned(),
                };
                let list =
                    if entry.contains([' ', '\n']) { format!("({entry})[]") } else { format!("{entry}[]") };
                if at.side == Side::Input { format!("readonly {list}") } else { list }
            }
            _ if schema.get("properties").is_some() => self.object(schema, at, indent)?,
            _ => {
                let value = match schema.get("additionalProperties") {
                    Some(value @ Value::Object(_)) => self.of(value, at, indent)?,
                    _ => "unknown".to_owned(),
                };
                format!("{{ [name: string]: {value} }}")
            }
        })
    }
}

/// One of several types.
fn union(kinds: impl Iterator<Item = Result<String>>) -> Result<String> {
    let mut all: Vec<String> = Vec::new();
    for kind in kinds {
        let kind = kind?;
        if !all.contains(&kind) {
            all.push(kind);
        }
    }
    Ok(all.join(" | "))
}
