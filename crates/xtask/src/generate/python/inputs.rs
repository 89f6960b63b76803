//! `inputs.py`: what formulas take, as typed dictionaries.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::Value;

use super::types::{Inline, Types, about, fields, required};
use super::{NOTE, docstring, is_keyword};
use crate::generate::names::{Names, Side};

const HEAD: &str = "\
from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Literal, SupportsFloat, SupportsIndex, TypeAlias, TypedDict

Number: TypeAlias = \"float | SupportsFloat\"
\"\"\"Any number: float, int, Decimal, a scalar of numpy.\"\"\"
Whole: TypeAlias = \"int | SupportsIndex\"
\"\"\"A whole number.\"\"\"
";

pub(super) fn module(names: &Names) -> Result<String> {
    let mut text =
        format!("\"\"\"What formulas take: dictionaries with these fields.\n\n{NOTE}\n\"\"\"\n\n{HEAD}");
    let mut exported = vec!["Number".to_owned(), "Whole".to_owned()];
    for named in names.of(Side::Input) {
        let mut types = Types { names, side: Side::Input, scope: named.scope, inline: Vec::new() };
        let mut body = String::new();
        declare(&mut body, &mut types, &named.name, &named.schema)?;
        let mut done = 0;
        let mut before = String::new();
        while let Some(Inline { name, schema }) = types.inline.get(done) {
            let (name, schema) = (name.clone(), schema.clone());
            declare(&mut before, &mut types, &name, &schema)?;
            exported.push(name);
            done += 1;
        }
        text.push_str(&before);
        text.push_str(&body);
        exported.push(named.name.clone());
    }
    exported.sort_unstable();
    let list: Vec<String> = exported.iter().map(|name| format!("    \"{name}\",\n")).collect();
    let _ = write!(text, "\n__all__ = [\n{}]\n", list.concat());
    Ok(text)
}

fn declare(text: &mut String, types: &mut Types<'_>, name: &str, schema: &Value) -> Result<()> {
    if fields(schema).is_some() {
        class(text, types, name, schema)
    } else {
        let kind = if name == "Date" { "str | datetime.date".to_owned() } else { types.of(schema, name)? };
        let _ = write!(text, "\n{name}: TypeAlias = '{kind}'\n");
        let about = about(schema);
        if !about.is_empty() {
            text.push_str(&docstring(&about, ""));
        }
        Ok(())
    }
}

fn class(text: &mut String, types: &mut Types<'_>, name: &str, schema: &Value) -> Result<()> {
    let must = required(schema);
    let (mut needed, mut optional, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for (field, kind) in fields(schema).into_iter().flatten() {
        let written = types.of(kind, &format!("{name}{}", crate::generate::names::camel(field)))?;
        let about = about(kind);
        lines.push(format!("- `{field}`: {about}").trim_end().trim_end_matches(':').to_owned());
        if must.contains(&field.as_str()) { &mut needed } else { &mut optional }
            .push((field.clone(), written));
    }
    let about = format!("{}\n\n{}", about(schema), lines.join("\n"));
    let (words, optional): (Vec<_>, Vec<_>) = optional.into_iter().partition(|(field, _)| is_keyword(field));
    // Fields that are words of Python cannot stand in a class: they come from a base.
    let mut parents = String::new();
    if !words.is_empty() {
        let _ = write!(
            text,
            "\n_{name}Words = TypedDict(\"_{name}Words\", {{{}}}, total=False)\n",
            pairs(&words)
        );
        parents = format!("_{name}Words, ");
    }
    let base = match (needed.is_empty(), optional.is_empty() && parents.is_empty()) {
        (false, false) => {
            let base = format!("_{name}");
            group(text, &base, &needed, "TypedDict", "");
            let _ = write!(text, "\n\nclass {name}({base}, {parents}total=False):\n");
            text.push_str(&docstring(about.trim(), "    "));
            body(text, &optional);
            return Ok(());
        }
        (false, true) => needed,
        _ => {
            let parent = if parents.is_empty() { "TypedDict" } else { parents.trim_end_matches(", ") };
            let _ = write!(text, "\n\nclass {name}({parent}, total=False):\n");
            text.push_str(&docstring(about.trim(), "    "));
            body(text, &optional);
            return Ok(());
        }
    };
    group(text, name, &base, "TypedDict", about.trim());
    Ok(())
}

/// Fields as the entries of a dictionary.
fn pairs(fields: &[(String, String)]) -> String {
    let pairs: Vec<String> = fields.iter().map(|(field, kind)| format!("\"{field}\": \"{kind}\"")).collect();
    pairs.join(", ")
}

/// A class of required fields.
fn group(text: &mut String, name: &str, fields: &[(String, String)], parent: &str, about: &str) {
    if fields.iter().any(|(field, _)| is_keyword(field)) {
        let _ = write!(text, "\n{name} = TypedDict(\"{name}\", {{{}}})\n", pairs(fields));
        if !about.is_empty() {
            text.push_str(&docstring(about, ""));
        }
        return;
    }
    let _ = write!(text, "\n\nclass {name}({parent}):\n");
    if !about.is_empty() {
        text.push_str(&docstring(about, "    "));
    }
    body(text, fields);
}

fn body(text: &mut String, fields: &[(String, String)]) {
    if !fields.is_empty() {
        text.push('\n');
    }
    for (field, kind) in fields {
        let _ = writeln!(text, "    {field}: {kind}");
    }
}
