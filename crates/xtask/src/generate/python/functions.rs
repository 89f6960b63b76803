//! `_functions.py` and its stub: one function per formula, called with an input or with its fields.

use std::fmt::Write as _;

use anyhow::Result;

use super::types::{Types, about, fields, required};
use super::{NOTE, docstring};
use crate::generate::names::{Call, Names, Side};

pub(super) fn module(names: &Names) -> Result<String> {
    let mut text = format!(
        "\"\"\"Every formula of the catalog.\n\n{NOTE}\n\"\"\"\n\n\
         from value_model._call import ABSENT, call\n"
    );
    for call in names.calls()? {
        let id = call.formula.id;
        let all: Vec<&str> =
            fields(&call.input.schema).into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        let keywords: Vec<String> = all.iter().map(|name| format!("{name}=ABSENT")).collect();
        let given: Vec<String> = all.iter().map(|name| format!("{name}={name}")).collect();
        let _ = write!(text, "\n\ndef {id}(input=ABSENT, /, *, {}):\n", keywords.join(", "));
        text.push_str(&docstring(&explained(names, &call)?, "    "));
        let _ = writeln!(
            text,
            "    return call(\"{id}\", \"{}\", input, {})",
            call.result.name,
            given.join(", ")
        );
    }
    text.push_str(&exported(names)?);
    Ok(text)
}

pub(super) fn stub(names: &Names) -> Result<String> {
    let mut text = format!(
        "# {NOTE}\n\nfrom collections.abc import Mapping, Sequence\nfrom typing import Any, Literal, overload\n\n\
         from _typeshed import DataclassInstance\n\nfrom value_model import inputs, results\n\
         from value_model.inputs import *\nfrom value_model.inputs import Number, Whole\n"
    );
    for call in names.calls()? {
        let (id, result) = (call.formula.id, &call.result.name);
        let mut types = Types { names, side: Side::Input, scope: call.input.scope, inline: Vec::new() };
        let must = required(&call.input.schema);
        let mut keywords = Vec::new();
        for (name, schema) in fields(&call.input.schema).into_iter().flatten() {
            let kind =
                types.of(schema, &format!("{}{}", call.input.name, crate::generate::names::camel(name)))?;
            let default = if must.contains(&name.as_str()) { "" } else { " = ..." };
            keywords.push(format!("{name}: {kind}{default}"));
        }
        let input = &call.input.name;
        let _ = write!(
            text,
            "\n@overload\ndef {id}(input: inputs.{input} | DataclassInstance, /) -> results.{result}: ...\n\
             @overload\ndef {id}(*, {}) -> results.{result}: ...\n",
            keywords.join(", ")
        );
    }
    text.push_str(&exported(names)?);
    Ok(text)
}

fn exported(names: &Names) -> Result<String> {
    let list: Vec<String> =
        names.calls()?.iter().map(|call| format!("    \"{}\",\n", call.formula.id)).collect();
    Ok(format!("\n__all__ = [\n{}]\n", list.concat()))
}

/// What a function is for, what it takes, and what it computes.
fn explained(names: &Names, call: &Call<'_>) -> Result<String> {
    let mut types = Types { names, side: Side::Input, scope: call.input.scope, inline: Vec::new() };
    let must = required(&call.input.schema);
    let mut text = format!(
        "{}\n\nGive the fields, or one dictionary or dataclass with them.\n\nArgs:\n",
        about(&call.input.schema)
    );
    for (name, schema) in fields(&call.input.schema).into_iter().flatten() {
        let kind =
            types.of(schema, &format!("{}{}", call.input.name, crate::generate::names::camel(name)))?;
        let optional = if must.contains(&name.as_str()) { "" } else { ", optional" };
        let _ = writeln!(text, "    {name} ({kind}{optional}): {}", about(schema));
    }
    let _ = write!(text, "\nReturns:\n    {}: {}\n", call.result.name, about(&call.result.schema));
    let _ = write!(text, "\nRaises:\n    ValueModelError: what was wrong, where, and what was allowed.\n");
    let steps: Vec<&str> = call.formula.expression.split("; ").map(str::trim).collect();
    let _ = write!(text, "\nFormula (version {}):\n    {}", call.formula.version, steps.join("\n    "));
    Ok(text)
}
