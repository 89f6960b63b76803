//! `results.py` and its stub: what formulas give, as classes with attributes.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::Value;

use super::types::{Types, about, fields};
use super::{NOTE, docstring, is_keyword};
use crate::generate::names::{Named, Names, Side};

/// How the value of a field is made into what an attribute gives.
enum Shape {
    /// As it is.
    Plain,
    /// One object of a class.
    One(String),
    /// A list of them.
    Many(String),
    /// A dictionary of them.
    Mapped(String),
}

pub(super) fn module(names: &Names) -> Result<String> {
    let mut text = format!(
        "\"\"\"What formulas give: classes with attributes.\n\n{NOTE}\n\"\"\"\n\n\
         from value_model._result import Result, many, mapped, one, plain\n"
    );
    for named in classes(names) {
        let _ = write!(text, "\n\nclass {}(Result):\n", named.name);
        text.push_str(&docstring(&about(&named.schema), "    "));
        text.push_str("\n    __slots__ = ()\n");
        for (field, schema) in fields(&named.schema).into_iter().flatten() {
            let about = serde_json::to_string(&about(schema))?;
            let maker = match shape(names, named.scope, schema)? {
                Shape::Plain => format!("plain(\"{field}\", {about})"),
                Shape::One(class) => format!("one(\"{field}\", \"{class}\", {about})"),
                Shape::Many(class) => format!("many(\"{field}\", \"{class}\", {about})"),
                Shape::Mapped(class) => format!("mapped(\"{field}\", \"{class}\", {about})"),
            };
            let _ = writeln!(text, "    {} = {maker}", attribute(field));
        }
    }
    text.push_str(&exported(names));
    Ok(text)
}

pub(super) fn stub(names: &Names) -> Result<String> {
    let mut text = format!(
        "# {NOTE}\n\nfrom typing import Any, Literal, TypeAlias\n\nfrom value_model._result import Result\n\n"
    );
    for named in names.of(Side::Result).iter().filter(|named| fields(&named.schema).is_none()) {
        let mut types = Types { names, side: Side::Result, scope: named.scope, inline: Vec::new() };
        let _ = writeln!(text, "_{}: TypeAlias = {}", named.name, types.of(&named.schema, &named.name)?);
    }
    for named in classes(names) {
        let _ = write!(text, "\nclass {}(Result):\n", named.name);
        for (field, schema) in fields(&named.schema).into_iter().flatten() {
            let mut types = Types { names, side: Side::Result, scope: named.scope, inline: Vec::new() };
            let kind = private(names, &types.of(schema, &named.name)?);
            let _ = write!(text, "    @property\n    def {}(self) -> {kind}: ...\n", attribute(field));
        }
    }
    text.push_str(&exported(names));
    Ok(text)
}

fn classes(names: &Names) -> impl Iterator<Item = &Named> {
    names.of(Side::Result).iter().filter(|named| fields(&named.schema).is_some())
}

fn exported(names: &Names) -> String {
    let mut all: Vec<&str> = classes(names).map(|named| named.name.as_str()).collect();
    all.sort_unstable();
    let list: Vec<String> = all.iter().map(|name| format!("    \"{name}\",\n")).collect();
    format!("\n__all__ = [\n{}]\n", list.concat())
}

/// Names of types that are no classes exist for checkers only and start with a line.
fn private(names: &Names, kind: &str) -> String {
    let aliases: Vec<&str> = names
        .of(Side::Result)
        .iter()
        .filter(|named| fields(&named.schema).is_none())
        .map(|named| named.name.as_str())
        .collect();
    let mut out = String::new();
    let mut word = String::new();
    let mut quoted = false;
    for sign in kind.chars().chain(['\0']) {
        if sign.is_alphanumeric() || sign == '_' {
            word.push(sign);
            continue;
        }
        if !quoted && aliases.contains(&word.as_str()) {
            out.push('_');
        }
        out.push_str(&word);
        word.clear();
        quoted ^= sign == '"';
        if sign != '\0' {
            out.push(sign);
        }
    }
    out
}

/// The attribute of a field: words of Python get a line behind them.
fn attribute(field: &str) -> String {
    if is_keyword(field) { format!("{field}_") } else { field.to_owned() }
}

fn shape(names: &Names, scope: usize, schema: &Value) -> Result<Shape> {
    let class = |schema: &Value| -> Result<Option<String>> {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let Some(reference) = reference else { return Ok(None) };
        let named = names.resolve(scope, reference)?;
        Ok(fields(&named.schema).is_some().then(|| named.name.clone()))
    };
    if let Some(name) = class(schema)? {
        return Ok(Shape::One(name));
    }
    for choice in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        if let Some(name) = class(choice)? {
            return Ok(Shape::One(name));
        }
    }
    if let Some(name) = schema.get("items").map(&class).transpose()?.flatten() {
        return Ok(Shape::Many(name));
    }
    if let Some(name) = schema.get("additionalProperties").map(&class).transpose()?.flatten() {
        return Ok(Shape::Mapped(name));
    }
    Ok(Shape::Plain)
}
