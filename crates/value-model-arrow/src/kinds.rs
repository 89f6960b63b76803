//! Which Arrow types can hold which answers.

use arrow_schema::DataType;
use value_model::scorecard::{CompiledMeasure, Scorer};
use value_model::{Error, suggest};

use crate::moments;
use crate::tables::{is_number, is_text};

/// Checks that a column can hold answers to a measure.
///
/// # Errors
/// [`Error::Invalid`] with the column, its type and what is allowed.
pub(crate) fn check(measure: &CompiledMeasure, column: &str, found: &DataType) -> Result<(), Error> {
    if holds_answers(found) {
        return Ok(());
    }
    Err(moments::zoned(column, found).unwrap_or_else(|| Error::Invalid {
        field: column.to_owned().into(),
        reason: format!(
            "holds {found}; for `{}` a column of numbers, booleans, dates or texts is expected",
            measure.id
        ),
    }))
}

/// Checks that a column can hold the days of answers.
///
/// # Errors
/// [`Error::Invalid`] with the column, its type and what is allowed.
pub(crate) fn check_days(column: &str, found: &DataType) -> Result<(), Error> {
    let dates = matches!(found, DataType::Date32 | DataType::Date64 | DataType::Null);
    if dates || is_text(found) || moments::are_days(found) {
        return Ok(());
    }
    Err(moments::zoned(column, found).unwrap_or_else(|| Error::Invalid {
        field: column.to_owned().into(),
        reason: format!("holds {found}; dates, texts or moments without a time zone are expected"),
    }))
}

fn holds_answers(found: &DataType) -> bool {
    is_text(found)
        || is_number(found)
        || moments::are_days(found)
        || matches!(found, DataType::Boolean | DataType::Date32 | DataType::Date64)
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
