//! What other programs put into columns, made into what the engine reads: moments at midnight, decimals, codes of numbers.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float16Type, Float32Type, Float64Type};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, Date32Array, Float64Array, PrimitiveArray,
    RecordBatch, StringArray,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Schema};
use value_model::Error;

use crate::{decimals, moments, read, tables};

/// Makes the columns that `wanted` names readable, and leaves all others and every readable one as they are.
///
/// A moment without a time zone becomes its day; where one of a column is not at midnight, the whole column becomes texts,
/// so that its row is refused as no date. Decimals become the nearest numbers. A dictionary of numbers becomes numbers.
///
/// # Errors
/// [`Error::Invalid`] for moments with a time zone: only their owner knows in which zone a day is meant.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use arrow_array::{ArrayRef, RecordBatch, TimestampMillisecondArray};
/// use arrow_schema::DataType;
/// let moments: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![86_400_000]));
/// let batch = RecordBatch::try_from_iter([("on", moments)]).expect("one column");
/// let tidy = value_model_arrow::tidy(&batch, &|name| name == "on")?;
/// assert_eq!(tidy.schema().field(0).data_type(), &DataType::Date32);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn tidy(batch: &RecordBatch, wanted: &dyn Fn(&str) -> bool) -> Result<RecordBatch, Error> {
    each(batch, &|name, array| if wanted(name) { readable(name, array) } else { Ok(None) })
}

/// Reads NaN in columns of numbers as "no value", which is what data frames mean by it.
///
/// # Errors
/// None is expected; [`Error::Invalid`] if the columns no longer form a table.
pub fn nan_as_null(batch: &RecordBatch, wanted: &dyn Fn(&str) -> bool) -> Result<RecordBatch, Error> {
    each(batch, &|name, array| Ok(if wanted(name) { without_nan(array) } else { None }))
}

/// What a column becomes, if it changes.
type Change<'a> = dyn Fn(&str, &ArrayRef) -> Result<Option<ArrayRef>, Error> + 'a;

fn each(batch: &RecordBatch, change: &Change<'_>) -> Result<RecordBatch, Error> {
    let schema = batch.schema();
    let mut changed = false;
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for (field, array) in schema.fields().iter().zip(batch.columns()) {
        if let Some(made) = change(field.name(), array)? {
            changed = true;
            fields.push(Arc::new(Field::new(field.name(), made.data_type().clone(), true)));
            arrays.push(made);
        } else {
            fields.push(Arc::clone(field));
            arrays.push(Arc::clone(array));
        }
    }
    if !changed {
        return Ok(batch.clone());
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .map_err(|error| Error::Invalid { field: "columns".into(), reason: error.to_string() })
}

fn readable(name: &str, array: &ArrayRef) -> Result<Option<ArrayRef>, Error> {
    if let Some(error) = moments::zoned(name, array.data_type()) {
        return Err(error);
    }
    Ok(match array.data_type() {
        DataType::Timestamp(_, None) => days(array),
        kind if decimals::are(kind) => {
            let numbers = tables::numbers(array)?.into();
            Some(Arc::new(Float64Array::new(numbers, array.nulls().cloned())))
        }
        DataType::Dictionary(_, values) if tables::is_number(values) => Some(unpacked(array)?),
        _ => None,
    })
}

/// A dictionary of numbers as numbers.
fn unpacked(array: &ArrayRef) -> Result<ArrayRef, Error> {
    let Some(dictionary) = array.as_any_dictionary_opt() else { return Ok(Arc::clone(array)) };
    let (values, known) = (tables::numbers(dictionary.values())?, dictionary.values());
    let number = |row: usize| {
        let key = read::key(array, row).filter(|_| array.is_valid(row))?;
        values.get(key).copied().filter(|_| known.is_valid(key))
    };
    Ok(Arc::new((0..array.len()).map(number).collect::<Float64Array>()))
}

/// Moments as days, or as texts where one is not at midnight.
fn days(array: &ArrayRef) -> Option<ArrayRef> {
    let (ticks, second) = moments::ticks(array)?;
    let rows = || ticks.iter().enumerate().map(|(row, tick)| array.is_valid(row).then_some(*tick));
    let day = 86_400 * second;
    if rows().flatten().all(|tick| tick % day == 0) {
        let whole = |tick: i64| i32::try_from(tick.div_euclid(day)).unwrap_or(i32::MAX);
        return Some(Arc::new(rows().map(|tick| tick.map(whole)).collect::<Date32Array>()));
    }
    let texts = rows().map(|tick| tick.map(|tick| moments::text(tick, second)));
    Some(Arc::new(texts.collect::<StringArray>()))
}

/// A column of numbers in which NaN is no value, if it holds any.
fn without_nan(array: &ArrayRef) -> Option<ArrayRef> {
    fn of<T: ArrowPrimitiveType>(array: &ArrayRef, is_nan: fn(&T::Native) -> bool) -> Option<ArrayRef> {
        let found = array.as_primitive_opt::<T>()?;
        if !found.values().iter().any(is_nan) {
            return None;
        }
        let valid: BooleanArray = found.values().iter().map(|value| Some(!is_nan(value))).collect();
        let nulls = NullBuffer::union(found.nulls(), Some(&NullBuffer::new(valid.values().clone())));
        Some(Arc::new(PrimitiveArray::<T>::new(found.values().clone(), nulls)))
    }
    of::<Float64Type>(array, |value| value.is_nan())
        .or_else(|| of::<Float32Type>(array, |value| value.is_nan()))
        .or_else(|| of::<Float16Type>(array, |value| value.is_nan()))
}
