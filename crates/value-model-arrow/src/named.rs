//! Columns of results as people read them: names for codes.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::UInt8Type;
use arrow_array::{ArrayRef, DictionaryArray, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use value_model::Error;
use value_model::scorecard::{Outcome, Scorer};

/// Replaces the codes of bands and outcomes by dictionaries of their names, without touching the codes.
///
/// # Errors
/// None is expected; [`Error::Invalid`] for codes that the model does not have.
pub fn named(scorer: &Scorer, results: &RecordBatch) -> Result<RecordBatch, Error> {
    let schema = results.schema();
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for (field, array) in schema.fields().iter().zip(results.columns()) {
        if let Some(words) = words(scorer, field) {
            let made = dictionary(array, words)?;
            fields.push(Arc::new(Field::new(field.name(), made.data_type().clone(), true)));
            arrays.push(made);
        } else {
            fields.push(Arc::clone(field));
            arrays.push(Arc::clone(array));
        }
    }
    table(fields, arrays, results.num_rows())
}

/// The names of the codes in a column, if it holds any.
fn words(scorer: &Scorer, field: &Field) -> Option<StringArray> {
    if field.data_type() != &DataType::UInt8 {
        return None;
    }
    Some(if field.name() == "outcome" {
        let all = [Outcome::Scored, Outcome::Insufficient, Outcome::NotApplicable];
        StringArray::from_iter_values(all.map(Outcome::name))
    } else {
        StringArray::from_iter_values(scorer.band_names())
    })
}

fn dictionary(codes: &ArrayRef, words: StringArray) -> Result<ArrayRef, Error> {
    let codes = codes.as_primitive::<UInt8Type>().clone();
    let made = DictionaryArray::<UInt8Type>::try_new(codes, Arc::new(words));
    made.map(|made| Arc::new(made) as ArrayRef).map_err(|error| broken(&error))
}

/// A table of these columns, which may be none.
///
/// # Errors
/// [`Error::Invalid`] for columns that do not have so many rows, or not their field's type.
pub fn table(fields: Vec<Arc<Field>>, arrays: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch, Error> {
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
        .map_err(|error| broken(&error))
}

fn broken(error: &arrow_schema::ArrowError) -> Error {
    Error::Invalid { field: "columns".into(), reason: error.to_string() }
}
