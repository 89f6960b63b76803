//! Refusals as the exception that Python's callers catch.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;
use value_model::Error;
use value_model_bridge::Refusal;

// A class of Python's own, so that it can be pickled and documented there.
pyo3::import_exception!(value_model._errors, ValueModelError);

/// The exception for a refusal.
pub(crate) fn raise(refusal: impl Into<Refusal>) -> PyErr {
    let Refusal { code, field, message, .. } = refusal.into();
    ValueModelError::new_err((message, code, field))
}

/// The exception for an input that cannot be read as what it should be.
pub(crate) fn refused(field: impl Into<String>, reason: impl Into<String>) -> PyErr {
    raise(Error::Invalid { field: field.into().into(), reason: reason.into() })
}

/// Runs what must not end the interpreter's trust in us: a panic, which nobody expects, becomes a refusal.
pub(crate) fn guarded<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
        Err(refused("", format!("this is a mistake in value-model, please report it: {said}")))
    })
}
