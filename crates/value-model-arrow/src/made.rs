//! Columns of results: from the memory that was written to the arrays that are given.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, UInt8Array};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow_schema::{DataType, Field};
use value_model::block::Column;
use value_model::scorecard::Scorer;

/// The name and type of a column: numbers, codes, or yes and no.
pub(crate) fn field(scorer: &Scorer, column: Column) -> Field {
    let kind = if column.is_flag() {
        DataType::Boolean
    } else if column.is_code() {
        DataType::UInt8
    } else {
        DataType::Float64
    };
    Field::new(column.name(scorer), kind, true)
}

/// The array of a column that was written as numbers or codes, and bits that say who has a value.
pub(crate) fn array(
    column: Column,
    (numbers, codes): (Vec<f64>, Vec<u8>),
    valid: Vec<u8>,
    rows: usize,
) -> ArrayRef {
    let bits = BooleanBuffer::new(Buffer::from_vec(valid), 0, rows);
    let nulls = Some(NullBuffer::new(bits)).filter(|nulls| nulls.null_count() > 0);
    if column.is_flag() {
        let yes = codes.into_iter().map(|code| code != 0).collect();
        Arc::new(BooleanArray::new(yes, nulls))
    } else if column.is_code() {
        Arc::new(UInt8Array::new(codes.into(), nulls))
    } else {
        Arc::new(Float64Array::new(numbers.into(), nulls))
    }
}
