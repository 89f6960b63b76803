//! Some rows of a column, in a new one.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, DictionaryArray, PrimitiveArray, downcast_primitive_array,
    make_array,
};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_data::transform::MutableArrayData;
use arrow_schema::DataType;
use value_model::Error;

use super::broken;

/// The values in these rows, of a column of any type.
///
/// # Errors
/// [`Error::Invalid`] for a dictionary whose codes point nowhere.
pub(super) fn gather(array: &ArrayRef, rows: &[usize]) -> Result<ArrayRef, Error> {
    if let DataType::Dictionary(..) = array.data_type() {
        return dictionary(array, rows);
    }
    let column: &dyn Array = array.as_ref();
    Ok(downcast_primitive_array!(
        column => Arc::new(primitive(column, rows)),
        _ => any(array, rows)?
    ))
}

fn primitive<T: ArrowPrimitiveType>(column: &PrimitiveArray<T>, rows: &[usize]) -> PrimitiveArray<T> {
    let values = column.values();
    let found = rows.iter().map(|row| values.get(*row).copied().unwrap_or_default()).collect();
    let nulls = column.nulls().map(|nulls| {
        let valid = |at: usize| rows.get(at).is_some_and(|row| nulls.is_valid(*row));
        NullBuffer::new(BooleanBuffer::collect_bool(rows.len(), valid))
    });
    PrimitiveArray::new(found, nulls).with_data_type(column.data_type().clone())
}

/// The values of a dictionary stay where they are: only its codes are gathered.
fn dictionary(array: &ArrayRef, rows: &[usize]) -> Result<ArrayRef, Error> {
    fn of<K: ArrowDictionaryKeyType>(array: &ArrayRef, rows: &[usize]) -> Option<Result<ArrayRef, Error>> {
        let dictionary = array.as_dictionary_opt::<K>()?;
        let keys = primitive(dictionary.keys(), rows);
        let made = DictionaryArray::<K>::try_new(keys, Arc::clone(dictionary.values()));
        Some(made.map(|made| Arc::new(made) as ArrayRef).map_err(|error| broken(&error)))
    }
    of::<Int32Type>(array, rows)
        .or_else(|| of::<UInt32Type>(array, rows))
        .or_else(|| of::<UInt8Type>(array, rows))
        .or_else(|| of::<Int8Type>(array, rows))
        .or_else(|| of::<UInt16Type>(array, rows))
        .or_else(|| of::<Int16Type>(array, rows))
        .or_else(|| of::<Int64Type>(array, rows))
        .or_else(|| of::<UInt64Type>(array, rows))
        .unwrap_or_else(|| any(array, rows))
}

/// Neighbours are copied in one go.
fn any(array: &ArrayRef, rows: &[usize]) -> Result<ArrayRef, Error> {
    let data = array.to_data();
    let mut made = MutableArrayData::new(vec![&data], false, rows.len());
    for run in rows.chunk_by(|row, next| row + 1 == *next) {
        if let Some(first) = run.first() {
            made.try_extend(0, *first, first + run.len()).map_err(|error| broken(&error))?;
        }
    }
    Ok(make_array(made.freeze()))
}
