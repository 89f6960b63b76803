//! Parents as a table.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{DataType, Field, Schema};
use value_model::Error;
use value_model::set::ParentAssessment;

use super::broken;

/// Accounts that are the roll-up of their children, one row each: `account`, `score`, `band`, `coverage`, `lower`,
/// `upper`, `lower_band`, `outcome`, the number of `children` that count, and of those `without_revenue`.
///
/// # Errors
/// None is expected; [`Error::Invalid`] if the columns do not form a table.
pub fn parents_table(parents: &[ParentAssessment]) -> Result<RecordBatch, Error> {
    let texts = |of: fn(&ParentAssessment) -> Option<&str>| {
        Arc::new(parents.iter().map(of).collect::<StringArray>()) as ArrayRef
    };
    let numbers = |of: fn(&ParentAssessment) -> Option<f64>| {
        Arc::new(parents.iter().map(of).collect::<Float64Array>()) as ArrayRef
    };
    let counts = |of: fn(&ParentAssessment) -> u32| {
        Arc::new(UInt32Array::from_iter_values(parents.iter().map(of))) as ArrayRef
    };
    let columns = [
        ("account", DataType::Utf8, texts(|parent| Some(&parent.account))),
        ("score", DataType::Float64, numbers(|parent| parent.score)),
        ("band", DataType::Utf8, texts(|parent| parent.band.as_deref())),
        ("coverage", DataType::Float64, numbers(|parent| Some(parent.coverage))),
        ("lower", DataType::Float64, numbers(|parent| Some(parent.lower))),
        ("upper", DataType::Float64, numbers(|parent| Some(parent.upper))),
        ("lower_band", DataType::Utf8, texts(|parent| Some(&parent.lower_band))),
        ("outcome", DataType::Utf8, texts(|parent| Some(parent.outcome.name()))),
        (
            "children",
            DataType::UInt32,
            counts(|parent| u32::try_from(parent.children.len()).unwrap_or(u32::MAX)),
        ),
        ("without_revenue", DataType::UInt32, counts(|parent| parent.without_revenue)),
    ];
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for (name, kind, array) in columns {
        fields.push(Field::new(name, kind, true));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|error| broken(&error))
}
