//! The calls of the catalog, and models as documents.

use value_model::scorecard::Scorecard;
use value_model_bridge::{Refusal, Tree, scorecard_from_json, scorecard_from_toml, scorecard_from_tree};

use crate::packed::Packed;
use crate::reply::{Reply, done, refused};

/// Applies the formula with this id to an input.
///
/// # Errors
/// Whatever the formula refuses.
pub fn call(id: &str, mut input: Packed<'_>) -> Reply {
    let input = input.tree().map_err(refused)?;
    done(&value_model_bridge::call(id, input).map_err(refused)?)
}

/// Every formula with its id, version, source and one-line expression.
///
/// # Errors
/// None is expected.
pub fn catalog() -> Reply {
    done(&value_model::catalog::ALL)
}

/// The models that come with the package: id, title and the document as TOML.
///
/// # Errors
/// None is expected.
pub fn presets() -> Reply {
    done(&value_model::presets::all())
}

/// Every code that a refusal can have.
///
/// # Errors
/// None is expected.
pub fn codes() -> Reply {
    done(&value_model::Error::CODES)
}

/// What is allowed but probably not meant in a model.
///
/// # Errors
/// For what is no model.
pub fn lint(mut model: Packed<'_>) -> Reply {
    let card = scorecard(&mut model).map_err(refused)?;
    done(&value_model::scorecard::lint(&card).map_err(refused)?)
}

/// Reads a model: the id of a preset, the text of a document, or an object.
pub(crate) fn scorecard(model: &mut Packed<'_>) -> Result<Scorecard, Refusal> {
    match model.tree()? {
        Tree::Text(text) if text.trim_start().starts_with('{') => scorecard_from_json(text),
        Tree::Text(text) if text.contains(['=', '\n']) => scorecard_from_toml(text),
        Tree::Text(id) => value_model::presets::scorecard(&id).map_err(|error| error.at("model").into()),
        document => scorecard_from_tree(document),
    }
}
