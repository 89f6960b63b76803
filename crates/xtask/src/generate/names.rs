//! Which schema has which name in Python and TypeScript.

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};
use value_model::catalog::{self, Formula};

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::generate) enum Side {
    Input,
    Result,
}

/// A schema with its name.
#[derive(Debug)]
pub(in crate::generate) struct Named {
    pub(in crate::generate) name: String,
    pub(in crate::generate) schema: Value,
    /// The definitions that its references name.
    pub(in crate::generate) scope: usize,
}

/// Every named schema of every formula.
#[derive(Debug, Default)]
pub(in crate::generate) struct Names {
    inputs: Vec<Named>,
    results: Vec<Named>,
    scopes: Vec<Scope>,
}

/// The schemas of a formula's input or result.
#[derive(Debug)]
pub(in crate::generate) struct Scope {
    side: Side,
    definitions: Map<String, Value>,
}

/// A formula with its two schemas.
pub(in crate::generate) struct Call<'a> {
    pub(in crate::generate) formula: &'static Formula,
    pub(in crate::generate) input: &'a Named,
    pub(in crate::generate) result: &'a Named,
}

impl Names {
    pub(in crate::generate) fn collect() -> Result<Self> {
        let mut names = Self::default();
        for formula in catalog::ALL {
            let (input, result) = schemas(formula)?;
            names.add(formula, Side::Input, &input)?;
            names.add(formula, Side::Result, &result)?;
        }
        Ok(names)
    }

    fn add(&mut self, formula: &Formula, side: Side, root: &Value) -> Result<()> {
        let definitions = root.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
        let title = title(root)?.to_owned();
        let scope = self.scopes.len();
        self.scopes.push(Scope { side, definitions: definitions.clone() });
        let all = definitions.into_iter().chain([(title, bare(root))]);
        for (name, schema) in all {
            let list = match side {
                Side::Input => &mut self.inputs,
                Side::Result => &mut self.results,
            };
            if list.iter().any(|known| known.schema == schema) {
                continue;
            }
            // Two formulas may use one word for two things; the later one gets the formula in front.
            let taken = list.iter().any(|known| known.name == name);
            let name = if taken { format!("{}{name}", camel(formula.id)) } else { name };
            list.push(Named { name, schema, scope });
        }
        Ok(())
    }

    /// All names of a side, in the order of the catalog.
    pub(in crate::generate) fn of(&self, side: Side) -> &[Named] {
        match side {
            Side::Input => &self.inputs,
            Side::Result => &self.results,
        }
    }

    /// The schema that a reference names.
    pub(in crate::generate) fn resolve(&self, scope: usize, reference: &str) -> Result<&Named> {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        let scope = self.scopes.get(scope).context("a scope that does not exist")?;
        let schema = scope.definitions.get(name).with_context(|| format!("`{name}` is not defined"))?;
        let found = self.of(scope.side).iter().find(|known| known.schema == *schema);
        found.with_context(|| format!("`{name}` has no name"))
    }

    /// Every formula with the names of its two schemas.
    pub(in crate::generate) fn calls(&self) -> Result<Vec<Call<'_>>> {
        let call = |formula: &'static Formula| {
            let (input, result) = schemas(formula)?;
            let find = |side: Side, root: &Value| {
                let schema = bare(root);
                let named = self.of(side).iter().find(|known| known.schema == schema);
                named.with_context(|| format!("`{}` has no name", formula.id))
            };
            Ok(Call { formula, input: find(Side::Input, &input)?, result: find(Side::Result, &result)? })
        };
        catalog::ALL.iter().map(call).collect()
    }
}

fn schemas(formula: &Formula) -> Result<(Value, Value)> {
    let (input, result) = value_model_bridge::schemas(formula.id)
        .with_context(|| format!("`{}` is missing in the bridge's table of calls", formula.id))?;
    Ok((input.to_value(), result.to_value()))
}

fn title(root: &Value) -> Result<&str> {
    root.get("title").and_then(Value::as_str).context("a schema without a title")
}

/// A schema as it stands among definitions.
fn bare(root: &Value) -> Value {
    let mut root = root.clone();
    if let Some(fields) = root.as_object_mut() {
        fields.retain(|key, _| !matches!(key.as_str(), "$schema" | "$defs" | "title"));
    }
    root
}

/// `value_realization` as `ValueRealization`.
pub(in crate::generate) fn camel(id: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    id.split(['_', '-']).map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::{Names, Side, camel};

    #[test]
    fn no_name_stands_for_two_schemas() {
        let names = Names::collect().unwrap();
        for side in [Side::Input, Side::Result] {
            let mut known: Vec<&str> = names.of(side).iter().map(|named| named.name.as_str()).collect();
            let all = known.len();
            known.sort_unstable();
            known.dedup();
            assert_eq!(known.len(), all);
        }
        assert_eq!(names.calls().unwrap().len(), value_model::catalog::ALL.len());
        assert_eq!(camel("erlang_c"), "ErlangC");
    }
}
