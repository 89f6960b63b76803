//! Keyword arguments as the core's own types.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use value_model::{Date, Error};
use value_model_bridge::{Refusal, Tree};

use super::{raise, tree};

/// Keyword arguments, checked like any other input: a misspelt one is refused with the nearest known name.
pub(crate) fn options<T: DeserializeOwned>(given: Option<&Bound<'_, PyDict>>) -> PyResult<T> {
    let given = given.map_or(Ok(Tree::Record(Vec::new())), |given| tree(given.as_any()))?;
    T::deserialize(given).map_err(|problem| raise(Refusal::from(problem)))
}

/// A civil date.
pub(crate) fn day(field: &'static str, value: &Bound<'_, PyAny>) -> PyResult<Date> {
    match tree(value)? {
        Tree::Text(text) => text.parse().map_err(|error: Error| raise(error.at(field))),
        Tree::Null => Err(raise(Error::Missing { field: field.into() })),
        other => Date::deserialize(other).map_err(|problem| {
            let refusal = Refusal::from(problem);
            raise(Error::Invalid { field: field.into(), reason: refusal.message })
        }),
    }
}
