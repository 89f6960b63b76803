//! value-model for Python: values in, values out. Everything that is computed is computed in `value-model`.
//!
//! This library is the module `value_model._native`; what people import is written in Python around it.

mod calls;
mod convert;
mod documents;
mod frame;
mod scorer;
mod set;

use pyo3::prelude::*;

/// Keeps the memory of one table for the next one: the system's allocator gives it back, page by page.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The compiled part of `value_model`.
#[pymodule(gil_used = false)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("IDS", value_model_bridge::IDS.to_vec())?;
    module.add("CODES", value_model::Error::CODES.to_vec())?;
    module.add_function(wrap_pyfunction!(calls::call, module)?)?;
    module.add_function(wrap_pyfunction!(documents::catalog, module)?)?;
    module.add_function(wrap_pyfunction!(documents::presets, module)?)?;
    module.add_function(wrap_pyfunction!(documents::lint, module)?)?;
    module.add_class::<scorer::Scorer>()?;
    module.add_class::<scorer::Score>()?;
    module.add_class::<set::SetScorer>()?;
    module.add_class::<frame::Table>()?;
    module.add_class::<frame::Stream>()
}
