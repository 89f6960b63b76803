//! Which Arrow types can hold which answers.

use arrow_schema::DataType;
use value_model::scorecard::{CompiledMeasure, Scorer};
use value_model::{Error, suggest};

/// Checks that a column can hold answers to a measure.
///
/// # Errors
/// [`Error::Invalid`] with the column, its type and what is allowed.
pub(crate) fn check(measure: &CompiledMeasure, column: &str, found: &DataType) -> Result<(), Error> {
    if holds_answers(found) {
        return Ok(());
    }
    Err(Error::Invalid {
        field: column.to_owned().into(),
        reason: format!(
            "holds {found}; for `{}` a column of numbers, booleans, dates or texts is expected",
            measure.id
        ),
    })
}

fn holds_answers(found: &DataType) -> bool {
    match found {
        DataType::Dictionary(_, values) => is_text(values),
        other => {
            is_text(other)
                || other.is_integer()
                || matches!(
                    other,
                    DataType::Float16
                        | DataType::Float32
                        | DataType::Float64
                        | DataType::Boolean
                        | DataType::Date32
                        | DataType::Date64
                        | DataType::Null
                )
        }
    }
}

fn is_text(found: &DataType) -> bool {
    matches!(found, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// The error for a column that a mapping names and the table does not have.
pub(crate) fn no_such_column<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Error {
    Error::UnknownId {
        field: "columns".into(),
        id: value_model::error::excerpt(name),
        suggestion: suggest::nearest(name, known),
    }
}

/// The error for a mapping of a measure that the model does not have.
pub(crate) fn measure_index(scorer: &Scorer, id: &str) -> Result<usize, Error> {
    scorer.measure_index(id).map_err(|error| error.at("measures"))
}
