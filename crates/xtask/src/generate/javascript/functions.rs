//! `functions.js`: one function per formula.

use std::fmt::Write as _;

use anyhow::Result;

use super::{NOTE, comment, function};
use crate::generate::names::Names;
use crate::generate::python::types::about;

pub(super) fn module(names: &Names) -> Result<String> {
    let mut text = format!("// {NOTE}\n\nimport {{ call }} from \"./call.js\";\n");
    for call in names.calls()? {
        let id = call.formula.id;
        text.push('\n');
        text.push_str(&comment(&about(&call.input.schema), ""));
        let _ =
            write!(text, "export function {}(input) {{\n  return call(\"{id}\", input);\n}}\n", function(id));
    }
    Ok(text)
}
