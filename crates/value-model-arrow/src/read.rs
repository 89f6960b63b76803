//! One cell of an Arrow column as the core takes it: for rows that need a closer look, and for tests.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, downcast_dictionary_array};
use arrow_schema::DataType;
use value_model::answer::{Missing, Value};
use value_model::scale::Cell;
use value_model::scorecard::Scorer;
use value_model::{Date, Error};

const DAY_MS: i64 = 86_400_000;

/// Reads the answer to a measure in one row.
///
/// # Errors
/// As [`Scorer::read`]; a date that no calendar has.
pub(crate) fn cell(scorer: &Scorer, measure: usize, column: &ArrayRef, row: usize) -> Result<Cell, Error> {
    if column.is_null(row) || matches!(column.data_type(), DataType::Null) {
        return Ok(Cell::Missing(Missing::NoData));
    }
    if let Some(text) = text(column, row) {
        return scorer.read_text(measure, text);
    }
    if let Some(days) = days(column, row) {
        return Ok(Cell::Date(date(days)?));
    }
    if let Some(values) = column.as_boolean_opt() {
        return scorer.read(measure, &Value::YesNo(values.value(row)));
    }
    let number = number(column, row).ok_or_else(|| Error::Invalid {
        field: "".into(),
        reason: format!("cannot read {}", column.data_type()),
    })?;
    if !number.is_finite() {
        return Err(Error::NotFinite { field: "".into(), value: number });
    }
    scorer.read(measure, &Value::Number(number))
}

/// The text in one row of a column of texts, plain or by dictionary.
pub(crate) fn text(column: &ArrayRef, row: usize) -> Option<&str> {
    if let Some(texts) = column.as_string_opt::<i32>() {
        return Some(texts.value(row));
    }
    if let Some(texts) = column.as_string_opt::<i64>() {
        return Some(texts.value(row));
    }
    if let Some(texts) = column.as_string_view_opt() {
        return Some(texts.value(row));
    }
    let values = column.as_any_dictionary_opt()?.values();
    let key = key(column, row).filter(|key| *key < values.len() && values.is_valid(*key))?;
    text(values, key)
}

/// The place of a row's text in its dictionary; none for a key that no dictionary can have.
pub(crate) fn key(column: &ArrayRef, row: usize) -> Option<usize> {
    downcast_dictionary_array!(
        column => column.key(row),
        _ => None
    )
}

/// The days since 1970 in one row of a column of dates.
pub(crate) fn days(column: &ArrayRef, row: usize) -> Option<i64> {
    if let Some(days) = column.as_primitive_opt::<Date32Type>() {
        return Some(days.value(row).into());
    }
    column.as_primitive_opt::<Date64Type>().map(|ms| ms.value(row).div_euclid(DAY_MS))
}

/// A civil date from its days since 1970.
pub(crate) fn date(days: i64) -> Result<Date, Error> {
    i32::try_from(days)
        .ok()
        .and_then(Date::from_days)
        .ok_or_else(|| Error::InvalidDate { field: "".into(), value: format!("day {days} since 1970") })
}

/// The number in one row of a column of numbers.
fn number(column: &ArrayRef, row: usize) -> Option<f64> {
    fn of<T: ArrowPrimitiveType>(column: &ArrayRef, row: usize) -> Option<T::Native> {
        column.as_primitive_opt::<T>().map(|values| values.value(row))
    }
    of::<Float64Type>(column, row)
        .or_else(|| of::<Float32Type>(column, row).map(f64::from))
        .or_else(|| of::<Float16Type>(column, row).map(f64::from))
        .or_else(|| of::<Int8Type>(column, row).map(f64::from))
        .or_else(|| of::<Int16Type>(column, row).map(f64::from))
        .or_else(|| of::<Int32Type>(column, row).map(f64::from))
        .or_else(|| of::<UInt8Type>(column, row).map(f64::from))
        .or_else(|| of::<UInt16Type>(column, row).map(f64::from))
        .or_else(|| of::<UInt32Type>(column, row).map(f64::from))
        .or_else(|| of::<Int64Type>(column, row).map(num_traits::AsPrimitive::as_))
        .or_else(|| of::<UInt64Type>(column, row).map(num_traits::AsPrimitive::as_))
}
