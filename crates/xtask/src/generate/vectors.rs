//! Test vectors: results for new cases; published ones are never touched.

use anyhow::{Context as _, Result, anyhow};
use value_model::catalog::{self, Formula};
use value_model_vectors::{fill, parse};

use super::{Generated, optional};

const FOLDER: &str = "crates/value-model-vectors/vectors";

pub(super) fn files() -> Result<Vec<Generated>> {
    let ids: Vec<&str> = catalog::ALL.iter().map(|formula| formula.id).collect();
    let mut files = vec![Generated::json(format!("{FOLDER}/catalog.json"), &ids)?];
    for formula in catalog::ALL {
        files.extend(of(formula)?);
    }
    Ok(files)
}

fn of(formula: &'static Formula) -> Result<Vec<Generated>> {
    let path = format!("{FOLDER}/{}.json", formula.id);
    // A formula without vectors is the conformance test's to refuse; pages can be written all the same.
    let Some(text) = optional(&path)? else { return Ok(Vec::new()) };
    let file = parse(&text).with_context(|| path.clone())?;
    let before = file.version;
    let filled = fill(file, formula).map_err(|moved| anyhow!("{moved}"))?;
    let mut files = vec![Generated::new(path, filled.file.render())];
    if filled.raised {
        files.push(Generated::new(format!("{FOLDER}/past/{}-{before}.json", formula.id), text));
    }
    Ok(files)
}

/// The content of the vector file of a formula, as it will be written.
pub(super) fn text<'a>(files: &'a [Generated], id: &str) -> Option<&'a str> {
    let path = format!("{FOLDER}/{id}.json");
    files.iter().find(|file| file.path == path).map(|file| file.content.as_str())
}
