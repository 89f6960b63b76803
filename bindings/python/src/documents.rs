//! Models as documents: from a preset, text, a file or a dictionary; and what is known about them.

use std::path::{Path, PathBuf};

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::PyString;
use value_model::Error;
use value_model::scorecard::Scorecard;
use value_model::set::ModelSet;
use value_model_bridge::{
    Model, Refusal, Tree, model_from_json, model_from_toml, model_from_tree, scorecard_from_json,
    scorecard_from_toml, scorecard_from_tree,
};

use crate::convert::{guarded, python, raise, tree};

/// Read a model: the id of a preset, the text or the path of a document, or a dictionary.
pub(crate) fn scorecard(model: &Bound<'_, PyAny>) -> PyResult<Scorecard> {
    if let Ok(path) = model.extract::<PathBuf>()
        && (!model.is_instance_of::<PyString>() || is_path(&path))
    {
        return from_file(&path);
    }
    match tree(model)? {
        Tree::Text(text) if text.trim_start().starts_with('{') => scorecard_from_json(text).map_err(raise),
        Tree::Text(text) if text.contains(['=', '\n']) => scorecard_from_toml(text).map_err(raise),
        Tree::Text(id) => value_model::presets::scorecard(&id).map_err(|error| raise(error.at("model"))),
        document => scorecard_from_tree(document).map_err(raise),
    }
}

/// Whether a text names a file: it ends as one and is no document itself.
fn is_path(path: &Path) -> bool {
    let text = path.to_string_lossy();
    !text.contains(['\n', '{', '=']) && path.extension().is_some_and(|end| end == "toml" || end == "json")
}

fn from_file(path: &Path) -> PyResult<Scorecard> {
    let bytes = bytes(path)?;
    if is_json(path) { scorecard_from_json(bytes) } else { scorecard_from_toml(bytes) }.map_err(raise)
}

/// Read a set of models: the text or the path of a document, or a dictionary.
///
/// Files that a set names are read beside it, so there must be a path.
pub(crate) fn model_set(set: &Bound<'_, PyAny>) -> PyResult<ModelSet> {
    if let Ok(path) = set.extract::<PathBuf>()
        && (!set.is_instance_of::<PyString>() || is_path(&path))
    {
        return set_from_file(&path);
    }
    let beside = &mut |file: &str| -> Result<Scorecard, Refusal> {
        let reason =
            format!("`{file}` is a file, and only a set that is read from one can name others beside it");
        Err(Error::Invalid { field: "".into(), reason }.into())
    };
    let model = match tree(set)? {
        Tree::Text(text) if text.trim_start().starts_with('{') => model_from_json(text, beside),
        Tree::Text(text) => model_from_toml(text, beside),
        document => model_from_tree(document, beside),
    };
    only_set(model.map_err(raise)?)
}

fn set_from_file(path: &Path) -> PyResult<ModelSet> {
    let mut unreadable = None;
    let beside = &mut |file: &str| -> Result<Scorecard, Refusal> {
        from_file(&path.with_file_name(file)).map_err(|error| {
            unreadable = Some(error);
            Error::Missing { field: "".into() }.into()
        })
    };
    let bytes = bytes(path)?;
    let model = if is_json(path) { model_from_json(bytes, beside) } else { model_from_toml(bytes, beside) };
    only_set(model.map_err(|refusal| unreadable.unwrap_or_else(|| raise(refusal)))?)
}

fn only_set(model: Model) -> PyResult<ModelSet> {
    match model {
        Model::Set(set) => Ok(*set),
        Model::One(_) => {
            let reason = "this is one model; `Scorer` takes it".to_owned();
            Err(raise(Error::Invalid { field: "set".into(), reason }))
        }
    }
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "json")
}

fn bytes(path: &Path) -> PyResult<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        // With number and name, Python makes the subclass that fits, such as `FileNotFoundError`.
        PyOSError::new_err((error.raw_os_error(), error.kind().to_string(), path.to_owned()))
    })
}

/// A document as a tree, for calls that take a model.
pub(crate) fn document(card: &Scorecard) -> PyResult<Tree> {
    let broken = |error: serde_json::Error| crate::convert::refused("model", error.to_string());
    let value = serde_json::to_value(card).map_err(broken)?;
    serde_json::from_value(value).map_err(broken)
}

/// Every formula with its id, version, source and one-line expression.
#[pyfunction]
pub(crate) fn catalog(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    python(py, value_model::catalog::ALL)
}

/// The models that come with the package: id, title and the document as TOML.
#[pyfunction]
pub(crate) fn presets(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    python(py, value_model::presets::all())
}

/// What is allowed but probably not meant in a model.
#[pyfunction]
pub(crate) fn lint<'py>(model: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    guarded(|| {
        let warnings = value_model::scorecard::lint(&scorecard(model)?).map_err(raise)?;
        python(model.py(), &warnings)
    })
}
