//! Scorecard documents: JSON or TOML text to a [`Scorecard`] and back.

use serde::Deserialize;
use value_model::Error;
use value_model::error::excerpt;
use value_model::scorecard::{SCHEMA, Scorecard};

use crate::refusal::{Place, Refusal};
use crate::text::{Limits, decode, read_json, read_toml};
use crate::{Tree, locate};

/// Reads a scorecard from JSON.
///
/// The document is read, not checked: `Scorecard::compile` says whether its weights and ids make sense.
///
/// # Errors
/// As [`read_json`]; `missing` without a `schema`, `schema_version` for a schema of another release; then
/// `unknown_field`, `unknown_id`, `missing`, `invalid_input` naming the path, line and column.
pub fn scorecard_from_json(text: impl AsRef<[u8]>) -> Result<Scorecard, Refusal> {
    let limits = Limits::default();
    let tree = read_json(&text, &limits)?;
    read(tree).map_err(|error| placed(error, text.as_ref(), &limits, locate::in_json))
}

/// Reads a scorecard from TOML.
///
/// # Errors
/// As [`scorecard_from_json`].
///
/// # Examples
/// ```
/// let refusal = value_model_bridge::scorecard_from_toml("schema = \"value-model/1\"\nid = 3").unwrap_err();
/// assert_eq!(refusal.code, "invalid_input");
/// assert_eq!(refusal.field, "id");
/// assert_eq!(refusal.message, "`id`: expected a text, found the number 3 (line 2, column 6)");
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn scorecard_from_toml(text: impl AsRef<[u8]>) -> Result<Scorecard, Refusal> {
    let limits = Limits::default();
    let tree = read_toml(&text, &limits)?;
    read(tree).map_err(|error| placed(error, text.as_ref(), &limits, locate::in_toml))
}

/// Reads a scorecard from a host's value.
///
/// # Errors
/// As [`scorecard_from_json`], without line and column.
pub fn scorecard_from_tree(tree: Tree) -> Result<Scorecard, Refusal> {
    read(tree).map_err(Refusal::from)
}

/// Writes a scorecard as TOML; [`scorecard_from_toml`] reads it back to the same value.
///
/// # Errors
/// `invalid_input` for what TOML cannot hold.
pub fn scorecard_to_toml(scorecard: &Scorecard) -> Result<String, Refusal> {
    // Through the one form that results have too: a writer of its own for every type would be a lot of code.
    let erased: &dyn erased_serde::Serialize = scorecard;
    toml::to_string_pretty(erased).map_err(|error| {
        Error::Invalid { field: "".into(), reason: format!("cannot be written as TOML: {error}") }.into()
    })
}

fn read(tree: Tree) -> Result<Scorecard, Error> {
    check_schema(&tree)?;
    Scorecard::deserialize(tree).map_err(Error::from)
}

/// Looks at `schema` before anything else: a document of another release would only give misleading refusals.
pub(crate) fn check_schema(tree: &Tree) -> Result<(), Error> {
    match tree {
        Tree::Record(_) => {}
        // Not an object at all: the reader says so better.
        _ => return Ok(()),
    }
    match tree.get("schema") {
        Some(Tree::Text(schema)) if schema == SCHEMA => Ok(()),
        Some(Tree::Text(schema)) => {
            Err(Error::SchemaVersion { field: "schema".into(), found: excerpt(schema), supported: SCHEMA })
        }
        Some(Tree::Null) | None => Err(Error::Missing { field: "schema".into() }),
        Some(_) => Ok(()),
    }
}

fn placed(error: Error, text: &[u8], limits: &Limits, locate: fn(&str, &str) -> Option<Place>) -> Refusal {
    let place = decode(text, limits).ok().and_then(|text| locate(text, error.field()));
    Refusal::from(error).at_place(place)
}
