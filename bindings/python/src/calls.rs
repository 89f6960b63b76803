//! One call for every formula of the catalog.

use pyo3::prelude::*;

use crate::convert::{guarded, python, raise, tree};

/// Apply the formula with this id to an input.
#[pyfunction]
pub(crate) fn call<'py>(py: Python<'py>, id: &str, input: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    guarded(|| {
        let input = tree(input)?;
        let output = py.detach(|| value_model_bridge::call(id, input)).map_err(raise)?;
        python(py, &output)
    })
}
