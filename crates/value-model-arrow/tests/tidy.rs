//! What other programs put into columns: moments, decimals, dictionaries of numbers, NaN.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, Decimal32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array, Int64Array,
    RecordBatch, TimestampMicrosecondArray, TimestampSecondArray,
};
use value_model::Error;
use value_model_arrow::{nan_as_null, tidy};

const DAY: i64 = 86_400;

/// One column, made readable.
fn tidied(column: ArrayRef) -> Result<ArrayRef, Error> {
    let batch = RecordBatch::try_from_iter_with_nullable([("x", column, true)]).unwrap();
    Ok(Arc::clone(tidy(&batch, &|name| name == "x")?.column(0)))
}

#[test]
fn moments_at_midnight_are_days_before_1970_too() {
    let column = tidied(Arc::new(TimestampSecondArray::from(vec![Some(DAY), None, Some(-DAY)]))).unwrap();
    let days = column.as_primitive::<Date32Type>();
    assert_eq!((days.value(0), days.is_null(1), days.value(2)), (1, true, -1));
}

#[test]
fn one_moment_at_noon_makes_texts_of_all() {
    let noon = (DAY + DAY / 2) * 1_000_000;
    let column = tidied(Arc::new(TimestampMicrosecondArray::from(vec![Some(noon), None, Some(0)]))).unwrap();
    let texts = column.as_string::<i32>();
    assert_eq!(
        (texts.value(0), texts.is_null(1), texts.value(2)),
        ("1970-01-02T12:00:00", true, "1970-01-01")
    );
}

#[test]
fn a_time_zone_is_refused_with_the_column() {
    let zoned = TimestampSecondArray::from(vec![0]).with_timezone("Europe/Berlin");
    let error = tidied(Arc::new(zoned)).unwrap_err();
    assert_eq!((error.code(), error.field()), ("invalid_input", "x"));
    assert!(error.to_string().contains("Europe/Berlin"), "{error}");
}

#[test]
fn decimals_are_the_nearest_numbers() {
    let wide = Decimal128Array::from(vec![Some(125), None]).with_precision_and_scale(5, 2).unwrap();
    let narrow = Decimal32Array::from(vec![Some(125), None]).with_precision_and_scale(5, 2).unwrap();
    for column in [Arc::new(wide) as ArrayRef, Arc::new(narrow)] {
        let column = tidied(column).unwrap();
        let numbers = column.as_primitive::<Float64Type>();
        assert_eq!((numbers.value(0).to_bits(), numbers.is_null(1)), (1.25_f64.to_bits(), true));
    }
}

#[test]
fn a_dictionary_of_numbers_is_numbers() {
    let keys = Int32Array::from(vec![Some(1), None, Some(0)]);
    let values = Arc::new(Int64Array::from(vec![Some(7), None]));
    let column = tidied(Arc::new(DictionaryArray::<Int32Type>::new(keys, values))).unwrap();
    let numbers = column.as_primitive::<Float64Type>();
    assert_eq!(
        (numbers.is_null(0), numbers.is_null(1), numbers.value(2).to_bits()),
        (true, true, 7.0_f64.to_bits())
    );
}

#[test]
fn nan_is_null_only_where_it_is_wanted_and_nothing_else_is_touched() {
    let column: ArrayRef = Arc::new(Float64Array::from(vec![Some(f64::NAN), None, Some(f64::INFINITY)]));
    let batch =
        RecordBatch::try_from_iter_with_nullable([("x", Arc::clone(&column), true), ("y", column, true)])
            .unwrap();
    let found = nan_as_null(&batch, &|name| name == "x").unwrap();
    assert_eq!((found.column(0).null_count(), found.column(1).null_count()), (2, 1));
    assert!(found.column(0).is_valid(2));
    let none = nan_as_null(&batch, &|_| false).unwrap();
    assert_eq!(none.schema(), batch.schema());
}
