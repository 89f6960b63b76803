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

use crate::{decimals, moments};

const DAY_MS: i64 = 86_400_000;

/// Reads the answer to a measure in one row.
///
/// # Errors
/// As [`Scorer::read`]; a date that no calendar has.
pub(crate) fn cell(scorer: &Scorer, measure: usize, column: &ArrayRef, row: usize) -> Result<Cell, Error> {
    if is_absent(column, row) {
        return Ok(Cell::Missing(Missing::NoData));
    }
    if let Some(text) = text(column, row) {
        return scorer.read_text(measure, text);
    }
    if let Some(day) = day(column, row) {
        return Ok(Cell::Date(day?));
    }
    if let Some(values) = column.as_boolean_opt() {
        return scorer.read(measure, &Value::YesNo(values.value(row)));
    }
    let number = number(column, row).ok_or_else(|| unreadable(column))?;
    if !number.is_finite() {
        return Err(Error::NotFinite { field: "".into(), value: number });
    }
    scorer.read(measure, &Value::Number(number))
}

/// Whether a row holds nothing: null, or the code of a dictionary's null.
pub(crate) fn is_absent(column: &ArrayRef, row: usize) -> bool {
    let null =
        |values: &ArrayRef| key(column, row).is_some_and(|key| key < values.len() && values.is_null(key));
    column.is_null(row)
        || matches!(column.data_type(), DataType::Null)
        || column.as_any_dictionary_opt().is_some_and(|dictionary| null(dictionary.values()))
}

/// The error for a row that holds nothing of what its column's type says, such as a code that its dictionary lacks.
pub(crate) fn unreadable(column: &ArrayRef) -> Error {
    Error::Invalid { field: "".into(), reason: format!("cannot read {}", column.data_type()) }
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

/// The day in one row of a column of dates, or of moments without a time zone, of which those at midnight are days.
///
/// # Errors
/// [`Error::InvalidDate`] for any other moment, and for a day that no calendar has.
pub(crate) fn day(column: &ArrayRef, row: usize) -> Option<Result<Date, Error>> {
    days(column, row).map(date).or_else(|| moments::day(column, row))
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
        .or_else(|| decimals::number(column, row))
}
