//! A compiled model, and the score of one account.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use value_model::answer::Record;
use value_model::scorecard::{self, Assessment, Context};
use value_model_bridge::{Tree, record_from_tree};

use crate::convert::{cells, day, guarded, python, raise, tree};
use crate::documents;
use crate::frame::{self, Stream, Table};

/// A model, compiled once and shared between threads.
#[pyclass(frozen, subclass, module = "value_model._native")]
pub(crate) struct Scorer {
    pub(crate) inner: scorecard::Scorer,
}

#[pymethods]
impl Scorer {
    #[new]
    fn new(model: &Bound<'_, PyAny>) -> PyResult<Self> {
        guarded(|| {
            if let Ok(scorer) = model.cast::<Self>() {
                return Ok(Self { inner: scorer.get().inner.clone() });
            }
            let inner = documents::scorecard(model)?.compile().map_err(raise)?;
            Ok(Self { inner })
        })
    }

    /// The model's id.
    #[getter]
    fn model(&self) -> &str {
        self.inner.model()
    }

    /// The model's version.
    #[getter]
    fn version(&self) -> &str {
        self.inner.version()
    }

    /// The ids of the measures, in the order of the tree.
    #[getter]
    fn measures(&self) -> Vec<&str> {
        self.inner.measures().iter().map(|measure| &*measure.id).collect()
    }

    /// The columns of a table that hold their answers, in the same order.
    #[getter]
    fn columns(&self) -> Vec<&str> {
        self.inner.measures().iter().map(|measure| &*measure.column).collect()
    }

    /// The names of the bands, from the lowest up.
    #[getter]
    fn bands(&self) -> Vec<&str> {
        self.inner.band_names().iter().map(|band| &**band).collect()
    }

    /// The model's document as plain dictionaries and lists.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        python(py, self.inner.scorecard())
    }

    /// The model's document as TOML.
    fn to_toml(&self) -> PyResult<String> {
        value_model_bridge::scorecard_to_toml(self.inner.scorecard()).map_err(raise)
    }

    /// Score one account: the number and what qualifies it, without explanation.
    fn score(&self, record: &Bound<'_, PyAny>, as_of: &Bound<'_, PyAny>) -> PyResult<Score> {
        guarded(|| {
            let as_of = day("as_of", as_of)?;
            if let Some(cells) = cells(&self.inner, record) {
                let mut workspace = self.inner.workspace();
                if let Ok(score) = self.inner.score(&cells, &Context::new(as_of), &mut workspace) {
                    return Ok(Score::of(&self.inner, &score));
                }
            }
            Ok(Score::from(self.assessed(record, as_of)?))
        })
    }

    /// Score one account and explain the score, as a dictionary.
    fn _assess<'py>(
        &self,
        record: &Bound<'py, PyAny>,
        as_of: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guarded(|| python(record.py(), &self.assessed(record, day("as_of", as_of)?)?))
    }

    /// Score the rows of a table that is in memory.
    #[pyo3(signature = (frame, /, **options))]
    fn _score_table(&self, frame: &Bound<'_, PyAny>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Table> {
        frame::score(&self.inner, frame, options)
    }

    /// Score the rows of a table while its results are read.
    #[pyo3(signature = (frame, /, **options))]
    fn _score_stream(
        &self,
        frame: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Stream> {
        frame::stream(&self.inner, frame, options)
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
        guarded(|| frame::needs(py, &frame::Model::One(&self.inner), &columns, options))
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
        let scorer = &self.inner;
        format!("<Scorer {} {}: {} measures>", scorer.model(), scorer.version(), scorer.measures().len())
    }
}

impl Scorer {
    /// The model's document.
    pub(crate) fn document(&self) -> PyResult<Tree> {
        documents::document(self.inner.scorecard())
    }

    fn assessed(&self, record: &Bound<'_, PyAny>, as_of: value_model::Date) -> PyResult<Assessment> {
        let record: Record = record_from_tree(tree(record)?).map_err(raise)?;
        self.inner.assess(&record, as_of).map_err(raise)
    }
}

/// The score of one account.
#[expect(clippy::struct_field_names, reason = "attributes of a result are called the same in every language")]
#[pyclass(frozen, get_all, module = "value_model._native")]
pub(crate) struct Score {
    /// `scored`, `insufficient` or `not_applicable`.
    outcome: &'static str,
    /// The score after rules and override, 0..100; none unless `outcome` is `scored`.
    score: Option<f64>,
    /// The score before rules and override, 0..100.
    raw: Option<f64>,
    /// The band of the score.
    band: Option<String>,
    /// The band of `lower`.
    lower_band: String,
    /// The least the score can be once everything is answered, 0..100.
    lower: f64,
    /// The most it can be, 0..100.
    upper: f64,
    /// The share of the weight that is answered, 0..1.
    coverage: f64,
    /// The share backed by the customer or a measurement, 0..1.
    validated_share: f64,
    /// The share that is fresh, 0..1.
    fresh_share: f64,
}

#[pymethods]
impl Score {
    fn __repr__(&self) -> String {
        let Self { outcome, score, band, lower, upper, coverage, .. } = self;
        match (score, band) {
            (Some(score), Some(band)) => {
                format!(
                    "<Score {score:.1} ({band}), {lower:.1}..{upper:.1}, {:.0}% answered>",
                    coverage * 100.0
                )
            }
            _ => format!("<Score {outcome}, {lower:.1}..{upper:.1}, {:.0}% answered>", coverage * 100.0),
        }
    }
}

impl Score {
    fn of(scorer: &scorecard::Scorer, score: &scorecard::Score) -> Self {
        Self {
            outcome: score.outcome.name(),
            score: score.score,
            raw: score.raw,
            band: score.band.map(|band| scorer.band_name(band).to_string()),
            lower_band: scorer.band_name(score.lower_band).to_string(),
            lower: score.lower,
            upper: score.upper,
            coverage: score.coverage,
            validated_share: score.validated_share,
            fresh_share: score.fresh_share,
        }
    }
}

impl From<Assessment> for Score {
    fn from(found: Assessment) -> Self {
        Self {
            outcome: found.outcome.name(),
            score: found.score,
            raw: found.raw,
            band: found.band.map(|band| band.to_string()),
            lower_band: found.lower_band.to_string(),
            lower: found.lower,
            upper: found.upper,
            coverage: found.coverage,
            validated_share: found.validated_share,
            fresh_share: found.fresh_share,
        }
    }
}
