//! One value of an Arrow column as people write it: for names of accounts, for kept columns, for attributes.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTimestampType, Date32Type, Date64Type, Decimal128Type, Decimal256Type,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};
use value_model::Date;

/// Whether [`text`] can show the values of this type.
pub(crate) fn is_plain(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values),
        other => {
            is_text(other)
                || other.is_integer()
                || other.is_floating()
                || matches!(
                    other,
                    DataType::Null
                        | DataType::Boolean
                        | DataType::Date32
                        | DataType::Date64
                        | DataType::Timestamp(..)
                        | DataType::Decimal128(..)
                        | DataType::Decimal256(..)
                )
        }
    }
}

/// Whether values of this type are texts, stored as they are.
pub(crate) const fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// The value of a row as text; none where it is null, or of a type that is not plain.
///
/// Numbers have the fewest digits that read back as the same number, dates and times are ISO 8601.
pub(crate) fn text(column: &dyn Array, row: usize) -> Option<Cow<'_, str>> {
    if column.is_null(row) {
        return None;
    }
    if let Some(text) = str(column, row) {
        return Some(Cow::Borrowed(text));
    }
    if let Some(flags) = column.as_boolean_opt() {
        return Some(Cow::Borrowed(if flags.value(row) { "true" } else { "false" }));
    }
    whole(column, row)
        .or_else(|| float(column, row).map(|number| zmij::Buffer::new().format(number).to_owned()))
        .or_else(|| day(column, row))
        .or_else(|| time(column, row))
        .or_else(|| decimal(column, row))
        .map(Cow::Owned)
}

/// The text of a row in a column of texts, plain or by dictionary.
pub(crate) fn str(column: &dyn Array, row: usize) -> Option<&str> {
    if column.is_null(row) {
        return None;
    }
    if let Some(texts) = column.as_string_opt::<i32>() {
        return Some(texts.value(row));
    }
    if let Some(texts) = column.as_string_opt::<i64>() {
        return Some(texts.value(row));
    }
    if let Some(texts) = column.as_string_view_opt() {
        return Some(texts.value(row));
    }
    let dictionary = column.as_any_dictionary_opt()?;
    let key = whole_of(dictionary.keys(), row)?;
    let key = usize::try_from(key).ok().filter(|key| *key < dictionary.values().len())?;
    str(dictionary.values().as_ref(), key)
}

fn of<T: ArrowPrimitiveType>(column: &dyn Array, row: usize) -> Option<T::Native> {
    column.as_primitive_opt::<T>().map(|values| values.value(row))
}

/// The number of a row in a column of floats.
fn float(column: &dyn Array, row: usize) -> Option<f64> {
    of::<Float64Type>(column, row)
        .or_else(|| of::<Float32Type>(column, row).map(f64::from))
        .or_else(|| of::<Float16Type>(column, row).map(f64::from))
}

/// The number of a row in a column of whole numbers.
fn whole_of(column: &dyn Array, row: usize) -> Option<i128> {
    of::<Int64Type>(column, row)
        .map(i128::from)
        .or_else(|| of::<Int32Type>(column, row).map(i128::from))
        .or_else(|| of::<Int16Type>(column, row).map(i128::from))
        .or_else(|| of::<Int8Type>(column, row).map(i128::from))
        .or_else(|| of::<UInt64Type>(column, row).map(i128::from))
        .or_else(|| of::<UInt32Type>(column, row).map(i128::from))
        .or_else(|| of::<UInt16Type>(column, row).map(i128::from))
        .or_else(|| of::<UInt8Type>(column, row).map(i128::from))
}

fn whole(column: &dyn Array, row: usize) -> Option<String> {
    whole_of(column, row).map(|number| number.to_string())
}

/// The date of a row; beyond the calendar its number of days.
fn day(column: &dyn Array, row: usize) -> Option<String> {
    const DAY_MS: i64 = 86_400_000;
    let days = of::<Date32Type>(column, row).map(i64::from);
    let days = days.or_else(|| of::<Date64Type>(column, row).map(|ms| ms.div_euclid(DAY_MS)))?;
    let date = i32::try_from(days).ok().and_then(Date::from_days);
    Some(date.map_or_else(|| days.to_string(), |date| date.to_string()))
}

fn time(column: &dyn Array, row: usize) -> Option<String> {
    fn of<T: ArrowTimestampType>(column: &dyn Array, row: usize, zone: bool) -> Option<String> {
        let values: &PrimitiveArray<T> = column.as_primitive_opt()?;
        let mut text = match values.value_as_datetime(row) {
            Some(time) => time.to_string().replacen(' ', "T", 1),
            None => return Some(values.value(row).to_string()),
        };
        if zone {
            text.push('Z'); // With a zone, what is stored is UTC.
        }
        Some(text)
    }
    let DataType::Timestamp(unit, zone) = column.data_type() else { return None };
    let zone = zone.is_some();
    match unit {
        TimeUnit::Second => of::<TimestampSecondType>(column, row, zone),
        TimeUnit::Millisecond => of::<TimestampMillisecondType>(column, row, zone),
        TimeUnit::Microsecond => of::<TimestampMicrosecondType>(column, row, zone),
        TimeUnit::Nanosecond => of::<TimestampNanosecondType>(column, row, zone),
    }
}

fn decimal(column: &dyn Array, row: usize) -> Option<String> {
    let short = column.as_primitive_opt::<Decimal128Type>().map(|values| values.value_as_string(row));
    short.or_else(|| column.as_primitive_opt::<Decimal256Type>().map(|values| values.value_as_string(row)))
}
