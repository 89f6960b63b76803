//! Inputs that are one document: JSON, or TOML by the file's name.

use std::path::Path;

use value_model_bridge::{Limits, Refusal, Tree, read_json, read_toml};

use crate::input::source::Source;
use crate::message::Failure;

/// Reads a document into the tree that every formula takes.
pub(crate) fn tree(path: &Path) -> Result<Tree, Failure> {
    let source = Source::open(path)?;
    let name = source.name.clone();
    let text = source.document()?;
    let toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let read = if toml { read_toml(&text, &Limits::default()) } else { read_json(&text, &Limits::default()) };
    read.map_err(|refusal| refused(refusal, &name))
}

/// A refusal with the name of its file.
pub(crate) fn refused(refusal: Refusal, name: &str) -> Failure {
    Failure::new(refusal.code, refusal.message).at(name)
}
