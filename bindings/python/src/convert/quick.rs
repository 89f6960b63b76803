//! The quick way for the most common record: a dictionary of bare answers.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString};
use value_model::answer::{Missing, Value};
use value_model::scale::Cell;
use value_model::scorecard::Scorer;

/// One cell per measure of a record such as `{"account": "acme", "answers": {"csat": 9}}`.
///
/// Nothing for every other form and for whatever might be refused: [`tree`](super::tree) reads all of it and says what
/// is wrong. What is read here is read to the same cells.
pub(crate) fn cells(scorer: &Scorer, record: &Bound<'_, PyAny>) -> Option<Vec<Cell>> {
    let mut cells = vec![Cell::Missing(Missing::NoData); scorer.measures().len()];
    let mut named = false;
    for (name, value) in record.cast_exact::<PyDict>().ok()?.iter() {
        match name.cast::<PyString>().ok()?.to_str().ok()? {
            "account" => {
                let account = value.cast::<PyString>().ok()?;
                named = value_model::check::name("account", account.to_str().ok()?).is_ok();
            }
            "answers" => answers(scorer, value.cast_exact::<PyDict>().ok()?, &mut cells)?,
            _ => return None,
        }
    }
    named.then_some(cells)
}

fn answers(scorer: &Scorer, given: &Bound<'_, PyDict>, cells: &mut [Cell]) -> Option<()> {
    for (name, value) in given.iter() {
        let measure = scorer.measure_index(name.cast::<PyString>().ok()?.to_str().ok()?).ok()?;
        let value = if let Ok(number) = value.cast_exact::<PyFloat>() {
            Value::Number(number.value())
        } else if let Ok(flag) = value.cast_exact::<PyBool>() {
            Value::YesNo(flag.is_true())
        } else if let Ok(whole) = value.cast_exact::<PyInt>() {
            let whole = whole.extract::<i32>().ok()?;
            Value::Number(whole.into())
        } else if let Ok(text) = value.cast_exact::<PyString>() {
            Value::Text(text.to_str().ok()?.to_owned())
        } else if value.is_none() {
            continue;
        } else {
            return None;
        };
        *cells.get_mut(measure)? = scorer.read(measure, &value).ok()?;
    }
    Some(())
}
