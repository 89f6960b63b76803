//! Python's values as a [`Tree`].

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple, PyType};
use pyo3::{intern, types::PyAny};
use value_model::Error;
use value_model::error::excerpt;
use value_model_bridge::{Limits, Tree};

use super::column::column;
use super::refuse::raise;
use crate::scorer::Scorer;

/// How many values are read between two looks at whether somebody wants to stop.
const SIGNALS: u64 = 1 << 16;

/// Why a value could not be read: it is no answer to anything, or Python itself raised something.
enum Stop {
    Refused(Error),
    Raised(PyErr),
}

impl From<PyErr> for Stop {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

/// Reads a value of Python: `None`, `bool`, numbers, texts, dates, sequences, mappings, dataclasses, results.
///
/// Whatever behaves like a number (`Decimal`, numpy's scalars) is one. A date is its ISO text.
pub(crate) fn tree(value: &Bound<'_, PyAny>) -> PyResult<Tree> {
    let mut reader = Reader { limits: Limits::default(), depth: 0, values: 0 };
    reader.read(value).map_err(|stop| match stop {
        Stop::Refused(error) => raise(error),
        Stop::Raised(error) => error,
    })
}

/// What has been read so far, within limits.
struct Reader {
    limits: Limits,
    depth: u32,
    values: u64,
}

impl Reader {
    fn read(&mut self, value: &Bound<'_, PyAny>) -> Result<Tree, Stop> {
        self.count(value.py())?;
        if value.is_none() {
            Ok(Tree::Null)
        } else if let Ok(text) = value.cast::<PyString>() {
            text_of(text).map(Tree::Text)
        } else if let Ok(number) = value.cast::<PyFloat>() {
            Ok(Tree::Number(number.value()))
        } else if let Ok(flag) = value.cast::<PyBool>() {
            // Before whole numbers: to Python a bool is one.
            Ok(Tree::Bool(flag.is_true()))
        } else if let Ok(number) = value.cast::<PyInt>() {
            whole(number.as_any())
        } else if let Ok(fields) = value.cast::<PyDict>() {
            self.inside(|reader| reader.record(fields.iter()))
        } else if let Ok(entries) = value.cast::<PyList>() {
            self.inside(|reader| reader.list(entries.iter()))
        } else if let Ok(entries) = value.cast::<PyTuple>() {
            self.inside(|reader| reader.list(entries.iter()))
        } else {
            self.inside(|reader| reader.other(value))
        }
    }

    /// What is none of Python's own simple types.
    fn other(&mut self, value: &Bound<'_, PyAny>) -> Result<Tree, Stop> {
        let py = value.py();
        if let Ok(scorer) = value.cast::<Scorer>() {
            return scorer.get().document().map_err(Stop::Raised);
        }
        if let Some(column) = column(value)? {
            return Ok(Tree::Column(column));
        }
        if let Some(plain) = numpy(value)? {
            return self.read(&plain);
        }
        let kind = value.get_type();
        if let Some(found) = moment(value)? {
            return Ok(found);
        }
        if let Ok(fields) = value.cast::<PyMapping>() {
            let items = fields.items()?;
            let pairs: Vec<_> = items.iter().map(|pair| pair.extract()).collect::<PyResult<_>>()?;
            return self.record(pairs.into_iter());
        }
        // One of our results: what it was made from.
        if let Some(data) = value.getattr_opt(intern!(py, "__value_model__"))? {
            return self.read(&data);
        }
        if value.hasattr(intern!(py, "__dataclass_fields__"))? && !value.is_instance_of::<PyType>() {
            return self.dataclass(value);
        }
        // Decimal and Fraction; not a Series of one entry, which is a list.
        if value.hasattr(intern!(py, "__float__"))? && !value.hasattr(intern!(py, "__len__"))? {
            let number = value.call_method0(intern!(py, "__float__")).and_then(|number| number.extract());
            return number.map(Tree::Number).map_err(|error| refuse(format!("no number: {error}")));
        }
        for method in [intern!(py, "tolist"), intern!(py, "to_list")] {
            if value.hasattr(method)? {
                return self.read(&value.call_method0(method)?);
            }
        }
        Err(refuse(format!("cannot read a value of the type `{}`", kind.name()?)))
    }

    fn dataclass(&mut self, value: &Bound<'_, PyAny>) -> Result<Tree, Stop> {
        let names = value.getattr(intern!(value.py(), "__dataclass_fields__"))?;
        let mut fields = Vec::new();
        for name in names.cast::<PyDict>().map_err(PyErr::from)?.keys() {
            let name = name.cast::<PyString>().map_err(PyErr::from)?.clone();
            fields.push((name.clone().into_any(), value.getattr(name)?));
        }
        self.record(fields.into_iter())
    }

    fn record<'py>(
        &mut self,
        fields: impl Iterator<Item = (Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    ) -> Result<Tree, Stop> {
        let mut out = Vec::new();
        for (name, value) in fields {
            let Ok(name) = name.cast::<PyString>() else {
                let shown = excerpt(&name.repr()?.to_string_lossy());
                return Err(refuse(format!("names are texts; {shown} is none")));
            };
            let name = text_of(name)?;
            let value = self.read(&value).map_err(|stop| stop.within(&name))?;
            out.push((name, value));
        }
        Ok(Tree::Record(out))
    }

    fn list<'py>(&mut self, entries: impl Iterator<Item = Bound<'py, PyAny>>) -> Result<Tree, Stop> {
        let mut out = Vec::new();
        for (index, entry) in entries.enumerate() {
            out.push(self.read(&entry).map_err(|stop| stop.within(&format!("[{index}]")))?);
        }
        Ok(Tree::List(out))
    }

    /// Reads what lies inside of a value: a list that holds itself ends here.
    fn inside(&mut self, read: impl FnOnce(&mut Self) -> Result<Tree, Stop>) -> Result<Tree, Stop> {
        let limit = self.limits.depth;
        if self.depth >= limit {
            let (found, limit) = (u64::from(self.depth) + 1, limit.into());
            return Err(Stop::Refused(Error::Limit {
                field: "".into(),
                what: "levels of nesting",
                found,
                limit,
            }));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn count(&mut self, py: Python<'_>) -> Result<(), Stop> {
        self.values += 1;
        // Reading a million records takes a while; somebody may press Ctrl-C.
        if self.values.is_multiple_of(SIGNALS) {
            py.check_signals()?;
        }
        let (found, limit) = (self.values, self.limits.values);
        if found <= limit {
            return Ok(());
        }
        Err(Stop::Refused(Error::Limit { field: "".into(), what: "values", found, limit }))
    }
}

impl Stop {
    fn within(self, step: &str) -> Self {
        match self {
            // A limit is a matter of the whole; a path of a hundred steps would only bury it.
            Self::Refused(error @ Error::Limit { .. }) => Self::Refused(error),
            Self::Refused(error) => Self::Refused(error.within(step)),
            raised @ Self::Raised(_) => raised,
        }
    }
}

fn refuse(reason: impl Into<String>) -> Stop {
    Stop::Refused(Error::Invalid { field: "".into(), reason: reason.into() })
}

/// A text; half of a surrogate pair is none.
fn text_of(text: &Bound<'_, PyString>) -> Result<String, Stop> {
    match text.to_str() {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => {
            Err(Stop::Refused(Error::Text { field: "".into(), value: excerpt(&text.to_string_lossy()) }))
        }
    }
}

/// A whole number that an `f64` holds exactly.
fn whole(number: &Bound<'_, PyAny>) -> Result<Tree, Stop> {
    match number.extract::<i64>() {
        Ok(whole) if whole.unsigned_abs() <= 1 << 53 => {
            Ok(Tree::Number(value_model::math::nearest(whole.into())))
        }
        _ => Err(refuse("a whole number above 2^53 cannot be held exactly; write ids as texts")),
    }
}

/// A scalar or array of numpy, or a "missing" of pandas, as a plain value of Python.
fn numpy<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = value.py();
    let kind = value.get_type();
    let name = kind.name()?;
    let name = name.to_str()?;
    // `NaT` passes for a datetime, but is none.
    if matches!(name, "NAType" | "NaTType") {
        return Ok(Some(py.None().into_bound(py)));
    }
    // numpy's `item` of a moment with nanoseconds is a whole number; its text is a date.
    if name == "datetime64" {
        let text = value.str()?;
        let text = text.to_str()?;
        let plain =
            if text == "NaT" { py.None().into_bound(py) } else { PyString::new(py, day_of(text)).into_any() };
        return Ok(Some(plain));
    }
    if value.hasattr(intern!(py, "dtype"))? && value.hasattr(intern!(py, "tolist"))? {
        let plain = value.call_method0(intern!(py, "tolist"))?;
        // A long double stays one.
        return Ok(Some(plain).filter(|plain| !plain.get_type().is(&kind)));
    }
    Ok(None)
}

/// The day of a moment at midnight; a moment at another time stays as it is, and is refused as no date.
fn day_of(text: &str) -> &str {
    match text.split_once('T') {
        Some((day, time)) if time.chars().all(|sign| matches!(sign, '0' | ':' | '.')) => day,
        _ => text,
    }
}

/// A date, or a moment at midnight without a time zone, as the text of its day; any other moment as its own text, which
/// is refused where a day is asked for.
fn moment(value: &Bound<'_, PyAny>) -> Result<Option<Tree>, Stop> {
    let py = value.py();
    let (Some(_), true) = (value.getattr_opt(intern!(py, "isoformat"))?, value.hasattr(intern!(py, "year"))?)
    else {
        return Ok(None);
    };
    let text = value.call_method0(intern!(py, "isoformat"))?;
    let text = text.cast::<PyString>().map_err(PyErr::from)?.to_str()?.to_owned();
    Ok(Some(Tree::Text(day_of(&text).to_owned())))
}
