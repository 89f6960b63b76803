//! Rows that stand together because they have the same key.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, downcast_primitive_array};
use arrow_schema::DataType;
use value_model::{Error, check};

/// Checks the name of an account as the core does.
pub(crate) fn checked(name: &str) -> Result<(), Error> {
    check::name("account", name).and(Ok(()))
}

/// The rows whose key is not that of the row before, the first included.
pub(crate) fn changes(names: &ArrayRef, out: &mut Vec<u32>) {
    out.clear();
    match names.data_type() {
        DataType::Utf8 => {
            by_value(names.len(), |row| valid(names, row).then(|| names.as_string::<i32>().value(row)), out);
        }
        DataType::LargeUtf8 => {
            by_value(names.len(), |row| valid(names, row).then(|| names.as_string::<i64>().value(row)), out);
        }
        DataType::Utf8View => {
            by_value(names.len(), |row| valid(names, row).then(|| names.as_string_view().value(row)), out);
        }
        DataType::Dictionary(..) => {
            if let Some(dictionary) = names.as_any_dictionary_opt() {
                // Two codes may stand for one text: the walk compares names again.
                let codes: &dyn Array = dictionary.keys();
                downcast_primitive_array!(codes => by_bits(codes, out), _ => every(names.len(), out));
            }
        }
        _ => {
            let values: &dyn Array = names.as_ref();
            downcast_primitive_array!(values => by_bits(values, out), _ => every(names.len(), out));
        }
    }
}

fn valid(array: &ArrayRef, row: usize) -> bool {
    array.is_valid(row)
}

fn by_value<T: PartialEq>(rows: usize, value: impl Fn(usize) -> Option<T>, out: &mut Vec<u32>) {
    let mut last = None;
    for row in 0..rows {
        let now = value(row);
        if row == 0 || now != last {
            out.push(u32::try_from(row).unwrap_or(u32::MAX));
            last = now;
        }
    }
}

fn by_bits<T: ArrowPrimitiveType>(array: &arrow_array::PrimitiveArray<T>, out: &mut Vec<u32>) {
    if array.null_count() > 0 {
        return by_value(array.len(), |row| array.is_valid(row).then(|| array.value(row)), out);
    }
    // Every row is written and only those of another key are kept: which they are cannot be predicted.
    let values = array.values();
    out.resize(values.len(), 0);
    let (places, mut row, mut count) = (out.as_mut_slice(), 0_u32, usize::from(!values.is_empty()));
    for (before, now) in values.iter().zip(values.get(1..).unwrap_or_default()) {
        row = row.wrapping_add(1);
        if let Some(place) = places.get_mut(count) {
            *place = row;
        }
        count = count.wrapping_add(usize::from(now != before));
    }
    out.truncate(count);
}

fn every(rows: usize, out: &mut Vec<u32>) {
    out.extend((0..rows).map(|row| u32::try_from(row).unwrap_or(u32::MAX)));
}
