//! The whole interface as data: formulas with the schemas of their inputs and results, and every error code.

use anyhow::{Context as _, Result};
use value_model::catalog::{self, Formula};

use super::Generated;

#[derive(serde::Serialize)]
struct Api {
    formulas: Vec<Entry>,
    error_codes: &'static [&'static str],
}

#[derive(serde::Serialize)]
struct Entry {
    #[serde(flatten)]
    formula: &'static Formula,
    input: schemars::Schema,
    result: schemars::Schema,
}

pub(super) fn file() -> Result<Generated> {
    let entry = |formula: &'static Formula| {
        let (input, result) = value_model_bridge::schemas(formula.id)
            .with_context(|| format!("`{}` is missing in the bridge's table of calls", formula.id))?;
        Ok(Entry { formula, input, result })
    };
    let formulas = catalog::ALL.iter().map(entry).collect::<Result<_>>()?;
    Generated::json("docs/api.json", &Api { formulas, error_codes: value_model::Error::CODES })
}
