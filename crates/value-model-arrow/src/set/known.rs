//! What columns say about accounts, as the core's conditions ask for it.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, BooleanArray};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use value_model::set::Attribute;
use value_model::{Error, check};

use crate::keys::key_text;
use crate::{read, tables};

/// Whole numbers beyond this are not all `f64`.
const EXACT: u64 = 1 << 53;

/// A column of attributes resolved once, so that its rows need few questions.
pub(super) enum Known<'a> {
    /// Null throughout.
    Nothing,
    Numbers(Vec<f64>, Option<&'a NullBuffer>),
    Flags(&'a BooleanArray),
    /// Texts, plain or by dictionary.
    Texts(&'a ArrayRef),
    /// Dates and numbers that are no `f64`: as texts.
    Others(&'a ArrayRef),
}

/// Checks that a column can hold an attribute or the names of accounts.
pub(super) fn check_kind(name: &str, kind: &DataType) -> Result<(), Error> {
    let dates = matches!(kind, DataType::Date32 | DataType::Date64 | DataType::Boolean);
    if dates || tables::is_text(kind) || tables::is_number(kind) {
        return Ok(());
    }
    Err(Error::Invalid {
        field: name.to_owned().into(),
        reason: format!("holds {kind}; an attribute is a text, a number, yes or no, or a date"),
    })
}

impl<'a> Known<'a> {
    pub(super) fn new(array: &'a ArrayRef) -> Result<Self, Error> {
        Ok(match array.data_type() {
            DataType::Null => Self::Nothing,
            DataType::Boolean => array.as_boolean_opt().map_or(Self::Nothing, Self::Flags),
            DataType::Date32 | DataType::Date64 => Self::Others(array),
            kind if tables::is_text(kind) => Self::Texts(array),
            _ if is_exact(array) => Self::Numbers(tables::numbers(array)?, array.nulls()),
            _ => Self::Others(array),
        })
    }

    /// What a row says; nothing where it is null.
    pub(super) fn get(&self, row: usize) -> Option<Attribute<'a>> {
        match self {
            Self::Nothing => None,
            Self::Numbers(values, nulls) => {
                let valid = nulls.is_none_or(|nulls| nulls.is_valid(row));
                values.get(row).filter(|_| valid).map(|number| Attribute::Number(*number))
            }
            Self::Flags(flags) => flags.is_valid(row).then(|| Attribute::YesNo(flags.value(row))),
            Self::Texts(array) => tables::text(array, row).map(|text| Attribute::Text(Cow::Borrowed(text))),
            Self::Others(array) => other(array, row).map(Attribute::Text),
        }
    }

    /// The name of an account.
    ///
    /// # Errors
    /// [`Error::Missing`] and [`Error::Text`] where it is no name.
    pub(super) fn name(&self, row: usize) -> Result<Cow<'a, str>, Error> {
        let name = match self.get(row) {
            Some(Attribute::Text(text)) => text,
            Some(Attribute::Number(number)) => number.to_string().into(),
            Some(Attribute::YesNo(flag)) => if flag { "yes" } else { "no" }.into(),
            None => "".into(),
        };
        if name.is_empty() {
            return Err(Error::Missing { field: "account".into() });
        }
        check::name("account", &name)?;
        Ok(name)
    }
}

/// Whether every value of a column of numbers is an `f64`.
fn is_exact(array: &ArrayRef) -> bool {
    if let Some(values) = array.as_primitive_opt::<Int64Type>() {
        return values.values().iter().all(|value| value.unsigned_abs() <= EXACT);
    }
    let wide = array.as_primitive_opt::<UInt64Type>();
    wide.is_none_or(|values| values.values().iter().all(|value| *value <= EXACT))
}

/// A date or a long whole number as a text; a day beyond the calendar as its number.
fn other(array: &ArrayRef, row: usize) -> Option<Cow<'_, str>> {
    if array.is_null(row) {
        return None;
    }
    match key_text(array, row) {
        Ok(found) => found,
        Err(_) => read::days(array, row).map(|days| days.to_string().into()),
    }
}
