//! Arguments as the core's own types.

use pyo3::prelude::*;
use serde::Deserialize;
use value_model::{Date, Error};
use value_model_bridge::{Refusal, Tree};

use super::{raise, tree};

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
