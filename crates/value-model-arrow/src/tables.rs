//! What reading any table needs: columns by name, and numbers of any type.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch, downcast_integer_array};
use arrow_schema::{DataType, Schema};
use num_traits::AsPrimitive;
use value_model::{Error, suggest};

use crate::decimals;

/// Where a column stands that the table must have.
pub(crate) fn must(table: &Schema, field: &'static str, name: &str) -> Result<usize, Error> {
    place_of(table, name)?.ok_or_else(|| Error::UnknownId {
        field: field.into(),
        id: value_model::error::excerpt(name),
        suggestion: suggest::nearest(name, table.fields().iter().map(|field| field.name().as_str())),
    })
}

/// Where a column stands, if the table has it.
pub(crate) fn place_of(table: &Schema, name: &str) -> Result<Option<usize>, Error> {
    let mut places = table.fields().iter().enumerate().filter(|(_, field)| field.name() == name);
    let first = places.next().map(|(place, _)| place);
    match places.next() {
        Some(_) => Err(Error::Duplicate { field: "columns".into(), id: name.to_owned() }),
        None => Ok(first),
    }
}

/// Refuses a batch whose columns are not called as those of the table before.
pub(crate) fn same_names(batch: &RecordBatch, names: &[String], reason: &'static str) -> Result<(), Error> {
    if batch.schema_ref().fields().iter().map(|field| field.name()).eq(names) {
        return Ok(());
    }
    Err(Error::Conflict { field: "columns".into(), reason: reason.into() })
}

/// Whether a column of this type holds numbers.
pub(crate) fn is_number(kind: &DataType) -> bool {
    kind.is_integer()
        || decimals::are(kind)
        || matches!(kind, DataType::Float16 | DataType::Float32 | DataType::Float64 | DataType::Null)
}

/// Whether a column of this type holds texts, plain or by dictionary.
pub(crate) fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values),
        other => matches!(other, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

/// The text in one row of a column of texts; none where it is null or the code of a dictionary is out of range.
pub(crate) fn text(array: &ArrayRef, row: usize) -> Option<&str> {
    if array.is_null(row) {
        return None;
    }
    match array.data_type() {
        DataType::Utf8 => Some(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Some(array.as_string::<i64>().value(row)),
        DataType::Utf8View => Some(array.as_string_view().value(row)),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary_opt()?;
            let codes: &dyn Array = dictionary.keys();
            let code = downcast_integer_array!(codes => num_traits::ToPrimitive::to_usize(&codes.value(row)), _ => None)?;
            let values = dictionary.values();
            if code < values.len() { text(values, code) } else { None }
        }
        _ => None,
    }
}

/// Numbers of any type as `f64`: each the nearest.
pub(crate) fn numbers(array: &ArrayRef) -> Result<Vec<f64>, Error> {
    fn of<T: ArrowPrimitiveType<Native: AsPrimitive<f64>>>(array: &ArrayRef) -> Vec<f64> {
        array.as_primitive::<T>().values().iter().map(|value| value.as_()).collect()
    }
    Ok(match array.data_type() {
        DataType::Float64 => of::<Float64Type>(array),
        DataType::Float32 => of::<Float32Type>(array),
        DataType::Float16 => {
            array.as_primitive::<Float16Type>().values().iter().map(|half| half.to_f64()).collect()
        }
        DataType::Int8 => of::<Int8Type>(array),
        DataType::Int16 => of::<Int16Type>(array),
        DataType::Int32 => of::<Int32Type>(array),
        DataType::Int64 => of::<Int64Type>(array),
        DataType::UInt8 => of::<UInt8Type>(array),
        DataType::UInt16 => of::<UInt16Type>(array),
        DataType::UInt32 => of::<UInt32Type>(array),
        DataType::UInt64 => of::<UInt64Type>(array),
        DataType::Null => vec![0.0; array.len()],
        kind if decimals::are(kind) => {
            let mut numbers = vec![0.0; array.len()];
            decimals::fill(array, 0, &mut numbers);
            numbers
        }
        other => {
            return Err(Error::Invalid { field: "columns".into(), reason: format!("cannot read {other}") });
        }
    })
}
