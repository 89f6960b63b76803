//! Decimals: whole numbers of a power of ten, and the numbers nearest to them.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use value_model::math;

/// The greatest whole number up to which every one is a number, and the most places whose power of ten is one.
const EXACT: u128 = 1 << 53;
const PLACES: u8 = 22;

/// Whether a column of this type holds decimals.
pub(crate) const fn are(kind: &DataType) -> bool {
    scale(kind).is_some()
}

const fn scale(kind: &DataType) -> Option<i8> {
    match kind {
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale)
        | DataType::Decimal256(_, scale) => Some(*scale),
        _ => None,
    }
}

/// The numbers nearest to `out.len()` decimals from a row on; nothing, if these are none. Garbage under nulls is read too.
pub(crate) fn fill(array: &ArrayRef, start: usize, out: &mut [f64]) {
    let Some(scale) = scale(array.data_type()) else { return };
    for (row, out) in (start..array.len()).zip(out) {
        *out = match array.data_type() {
            DataType::Decimal32(..) => {
                nearest(array.as_primitive::<Decimal32Type>().value(row).into(), scale)
            }
            DataType::Decimal64(..) => {
                nearest(array.as_primitive::<Decimal64Type>().value(row).into(), scale)
            }
            DataType::Decimal128(..) => nearest(array.as_primitive::<Decimal128Type>().value(row), scale),
            _ => written(&array.as_primitive::<Decimal256Type>().value(row), scale),
        };
    }
}

/// The number nearest to a decimal.
pub(crate) fn number(array: &ArrayRef, row: usize) -> Option<f64> {
    let mut number = [0.0];
    are(array.data_type()).then(|| {
        fill(array, row, &mut number);
        number[0]
    })
}

fn nearest(value: i128, scale: i8) -> f64 {
    let places = scale.unsigned_abs();
    if value.unsigned_abs() > EXACT || places > PLACES {
        return written(&value, scale);
    }
    // Both are exact, so that the one operation on them rounds once.
    let (number, unit) = (math::nearest(value), math::powi(10.0, places.into()));
    if scale < 0 { number * unit } else { number / unit }
}

/// What is too long for one operation is read as it is written, which rounds once too.
fn written(value: &impl std::fmt::Display, scale: i8) -> f64 {
    format!("{value}e{}", -i32::from(scale)).parse().unwrap_or(f64::NAN)
}
