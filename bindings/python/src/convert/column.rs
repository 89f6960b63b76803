//! Arrays of others as one column: no object is made for an entry.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, UInt8Type, UInt16Type, UInt32Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray, types::ArrowPrimitiveType};
use arrow_schema::DataType;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use value_model_bridge::Column;

use crate::frame::columns_of;

/// An array of numpy, a Series of polars or pandas, an array of pyarrow, when it holds numbers or flags.
///
/// Nothing for whatever else, and for what cannot be read this way: entry by entry it is read all the same, or refused
/// with a reason.
pub(super) fn column(value: &Bound<'_, PyAny>) -> PyResult<Option<Column>> {
    let kind = value.get_type();
    let name = kind.name()?;
    let found = match name.to_str()? {
        "ndarray" => numpy(value),
        "Series" => value.call_method0(intern!(value.py(), "to_frame")).map(|frame| arrow(&frame)),
        "ChunkedArray" => in_table(value),
        // pyarrow names the class of an array after its type.
        name if name.ends_with("Array") && value.hasattr(intern!(value.py(), "__arrow_c_array__"))? => {
            in_table(value)
        }
        _ => return Ok(None),
    };
    Ok(found.unwrap_or(None))
}

/// An array of one dimension, by its bytes: the buffers of numpy are not part of the oldest Python's stable interface.
fn numpy(value: &Bound<'_, PyAny>) -> PyResult<Option<Column>> {
    let py = value.py();
    let dtype = value.getattr(intern!(py, "dtype"))?;
    let kind: char = dtype.getattr(intern!(py, "kind"))?.extract()?;
    let size: usize = dtype.getattr(intern!(py, "itemsize"))?.extract()?;
    let dimensions: usize = value.getattr(intern!(py, "ndim"))?.extract()?;
    if dimensions != 1 || size > 8 {
        return Ok(None);
    }
    let bytes = |kind: &str| -> PyResult<Bound<'_, PyAny>> {
        let options = PyDict::new(py);
        options.set_item("copy", false)?;
        let plain = value.call_method("astype", (kind,), Some(&options))?;
        plain.call_method0(intern!(py, "tobytes"))
    };
    Ok(match kind {
        'b' => Some(Column::Flags(
            bytes("?")?.cast::<PyBytes>()?.as_bytes().iter().map(|byte| *byte != 0).collect(),
        )),
        'f' => {
            let bytes = bytes("<f8")?;
            let (eights, _) = bytes.cast::<PyBytes>()?.as_bytes().as_chunks();
            Some(Column::Numbers(eights.iter().map(|eight| f64::from_le_bytes(*eight)).collect()))
        }
        'i' | 'u' if kind == 'i' || size < 8 => {
            let bytes = bytes("<i8")?;
            let (eights, _) = bytes.cast::<PyBytes>()?.as_bytes().as_chunks();
            // A whole number that no `f64` holds is for the other way to refuse.
            let exact = |eight: &[u8; 8]| {
                let whole = i64::from_le_bytes(*eight);
                (whole.unsigned_abs() <= 1 << 53).then(|| value_model::math::nearest(whole.into()))
            };
            eights.iter().map(exact).collect::<Option<_>>().map(Column::Numbers)
        }
        _ => None,
    })
}

/// An array of pyarrow, as the only column of a table.
fn in_table(value: &Bound<'_, PyAny>) -> PyResult<Option<Column>> {
    let py = value.py();
    let columns = PyDict::new(py);
    columns.set_item("column", value)?;
    Ok(arrow(&py.import("pyarrow")?.call_method1("table", (columns,))?))
}

/// The first column of a table.
fn arrow(frame: &Bound<'_, PyAny>) -> Option<Column> {
    let arrays = columns_of(frame).ok()?;
    let mut parts = arrays.iter().map(part);
    let first = parts.next()??;
    parts.try_fold(first, |all, part| joined(all, part?))
}

/// One batch of a column; nothing unless it holds numbers or flags.
fn part(array: &ArrayRef) -> Option<Column> {
    match array.data_type() {
        DataType::Boolean => {
            let flags = array.as_boolean();
            Some(if flags.null_count() == 0 {
                Column::Flags(flags.values().iter().collect())
            } else {
                Column::MaybeFlags(flags.iter().collect())
            })
        }
        DataType::Float64 => Some(numbers(array.as_primitive::<Float64Type>())),
        DataType::Float32 => Some(numbers(array.as_primitive::<Float32Type>())),
        DataType::Int8 => Some(numbers(array.as_primitive::<Int8Type>())),
        DataType::Int16 => Some(numbers(array.as_primitive::<Int16Type>())),
        DataType::Int32 => Some(numbers(array.as_primitive::<Int32Type>())),
        DataType::UInt8 => Some(numbers(array.as_primitive::<UInt8Type>())),
        DataType::UInt16 => Some(numbers(array.as_primitive::<UInt16Type>())),
        DataType::UInt32 => Some(numbers(array.as_primitive::<UInt32Type>())),
        _ => None,
    }
}

fn numbers<T: ArrowPrimitiveType<Native: Into<f64>>>(array: &PrimitiveArray<T>) -> Column {
    if array.null_count() == 0 {
        Column::Numbers(array.values().iter().map(|number| (*number).into()).collect())
    } else {
        Column::MaybeNumbers(array.iter().map(|number| number.map(Into::into)).collect())
    }
}

/// Two parts of one column, the second of which may be the first to miss entries.
fn joined(all: Column, part: Column) -> Option<Column> {
    Some(match (all, part) {
        (Column::Numbers(mut all), Column::Numbers(part)) => {
            all.extend(part);
            Column::Numbers(all)
        }
        (Column::Flags(mut all), Column::Flags(part)) => {
            all.extend(part);
            Column::Flags(all)
        }
        (all @ (Column::Flags(_) | Column::MaybeFlags(_)), part) => {
            Column::MaybeFlags(flags(all)?.into_iter().chain(flags(part)?).collect())
        }
        (all, part) => Column::MaybeNumbers(maybe(all)?.into_iter().chain(maybe(part)?).collect()),
    })
}

fn maybe(column: Column) -> Option<Vec<Option<f64>>> {
    match column {
        Column::Numbers(all) => Some(all.into_iter().map(Some).collect()),
        Column::MaybeNumbers(all) => Some(all),
        Column::Flags(_) | Column::MaybeFlags(_) => None,
    }
}

fn flags(column: Column) -> Option<Vec<Option<bool>>> {
    match column {
        Column::Flags(all) => Some(all.into_iter().map(Some).collect()),
        Column::MaybeFlags(all) => Some(all),
        Column::Numbers(_) | Column::MaybeNumbers(_) => None,
    }
}
