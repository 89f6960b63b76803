//! A set of models: which ones judge an account, and what they say.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use value_model::answer::Record;
use value_model::set;
use value_model_bridge::record_from_tree;

use crate::convert::{day, guarded, python, raise, tree};
use crate::documents;
use crate::frame::{self, Stream, Table};
use crate::scorer::Score;

/// A set of models, compiled once and shared between threads.
#[pyclass(frozen, subclass, module = "value_model._native")]
pub(crate) struct SetScorer {
    inner: set::SetScorer,
}

#[pymethods]
impl SetScorer {
    #[new]
    fn new(set: &Bound<'_, PyAny>) -> PyResult<Self> {
        guarded(|| {
            if let Ok(scorer) = set.cast::<Self>() {
                return Ok(Self { inner: scorer.get().inner.clone() });
            }
            let inner = documents::model_set(set)?.compile().map_err(raise)?;
            Ok(Self { inner })
        })
    }

    /// The set's id.
    #[getter]
    fn id(&self) -> &str {
        self.inner.id()
    }

    /// The set's version.
    #[getter]
    fn version(&self) -> &str {
        self.inner.version()
    }

    /// The names of the models, in byte order.
    #[getter]
    fn models(&self) -> Vec<&str> {
        self.inner.models().iter().map(|named| &*named.name).collect()
    }

    /// The attributes that decide about an account.
    #[getter]
    fn attributes(&self) -> Vec<&str> {
        self.inner.attributes().iter().map(|name| &**name).collect()
    }

    /// Whether accounts have parents.
    #[getter]
    fn has_parents(&self) -> bool {
        self.inner.set().parents.is_some()
    }

    /// The set's document as plain dictionaries and lists, with its models in it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        python(py, self.inner.set())
    }

    /// The case that decides about an account, and its models, the headline first.
    fn choose(&self, record: &Bound<'_, PyAny>) -> PyResult<(String, Vec<String>)> {
        guarded(|| {
            let record: Record = record_from_tree(tree(record)?).map_err(raise)?;
            let choice = self.inner.choose(&record).map_err(raise)?;
            let models = choice.models().map(|named| named.name.to_string());
            Ok((choice.case().to_string(), models.collect()))
        })
    }

    /// Score one account: by model, the headline first, the number and what qualifies it.
    fn score<'py>(
        &self,
        record: &Bound<'py, PyAny>,
        as_of: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyDict>> {
        guarded(|| {
            let scores = PyDict::new(record.py());
            for one in self.assessed(record, as_of)? {
                scores.set_item(&*one.card, Py::new(record.py(), Score::from(one.assessment))?)?;
            }
            Ok(scores)
        })
    }

    /// Score one account and explain the scores, as dictionaries.
    fn _assess<'py>(
        &self,
        record: &Bound<'py, PyAny>,
        as_of: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guarded(|| python(record.py(), &self.assessed(record, as_of)?))
    }

    /// Score the rows of a table that is in memory.
    #[pyo3(signature = (frame, /, **options))]
    fn _score_table(&self, frame: &Bound<'_, PyAny>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Table> {
        frame::score_set(&self.inner, frame, options)
    }

    /// Score the rows of a table while its results are read.
    #[pyo3(signature = (frame, /, **options))]
    fn _score_stream(
        &self,
        frame: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Stream> {
        frame::stream_set(&self.inner, frame, options)
    }

    /// The parents of the accounts of a table.
    #[pyo3(signature = (frame, /, **options))]
    fn _parents_table(
        &self,
        frame: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Table> {
        frame::parents(&self.inner, frame, options)
    }

    /// Which of these columns scoring reads or keeps.
    #[pyo3(signature = (columns, /, **options))]
    #[expect(clippy::needless_pass_by_value, reason = "made from the list of Python")]
    fn _needs(
        &self,
        py: Python<'_>,
        columns: Vec<String>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Vec<String>> {
        guarded(|| frame::needs(py, &frame::Model::Set(&self.inner), &columns, options))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let document = slf.get().to_dict(slf.py())?;
        PyTuple::new(slf.py(), [slf.get_type().into_any(), PyTuple::new(slf.py(), [document])?.into_any()])
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__<'py>(slf: Bound<'py, Self>, _memo: &Bound<'py, PyDict>) -> Bound<'py, Self> {
        slf
    }

    fn __repr__(&self) -> String {
        let (id, version, models) = (self.inner.id(), self.inner.version(), self.models().join(", "));
        format!("<SetScorer {id} {version}: {models}>")
    }
}

impl SetScorer {
    fn assessed(
        &self,
        record: &Bound<'_, PyAny>,
        as_of: &Bound<'_, PyAny>,
    ) -> PyResult<Vec<set::CardAssessment>> {
        let record: Record = record_from_tree(tree(record)?).map_err(raise)?;
        self.inner.assess(&record, day("as_of", as_of)?).map_err(raise)
    }
}
