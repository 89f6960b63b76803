//! Checks that every formula shares. Each gives the value back, so that a formula reads as its source does.

use crate::error::Field;
use crate::{Date, Error};

/// A finite number.
///
/// # Errors
/// [`Error::NotFinite`].
pub fn finite(field: impl Into<Field>, value: f64) -> Result<f64, Error> {
    if value.is_finite() { Ok(value) } else { Err(Error::NotFinite { field: field.into(), value }) }
}

/// Why a number is refused that may be none at all.
#[cold]
fn unless_infinite(field: impl Into<Field>, value: f64, why: impl FnOnce(Field) -> Error) -> Error {
    if value.is_finite() { why(field.into()) } else { Error::NotFinite { field: field.into(), value } }
}

/// A finite number of 0 or more.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::OutOfRange`].
pub fn not_negative(field: impl Into<Field>, value: f64) -> Result<f64, Error> {
    if value >= 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(unless_infinite(field, value, |field| Error::OutOfRange {
        field,
        value,
        allowed: "0 or more".into(),
    }))
}

/// A finite number above 0.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::OutOfRange`].
pub fn positive(field: impl Into<Field>, value: f64) -> Result<f64, Error> {
    if value > 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(unless_infinite(field, value, |field| Error::OutOfRange { field, value, allowed: "above 0".into() }))
}

/// A number from `min` to `max`, both included.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::OutOfRange`].
pub fn between(field: impl Into<Field>, value: f64, min: f64, max: f64) -> Result<f64, Error> {
    if value.is_finite() && (min..=max).contains(&value) {
        return Ok(value);
    }
    Err(unless_infinite(field, value, |field| Error::OutOfRange {
        field,
        value,
        allowed: format!("between {min} and {max}").into(),
    }))
}

/// A unit: 0..1.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::OutOfRange`].
pub fn unit(field: impl Into<Field>, value: f64) -> Result<f64, Error> {
    between(field, value, 0.0, 1.0)
}

/// A weight: finite, 0 or more.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Weight`].
pub fn weight(field: impl Into<Field>, value: f64) -> Result<f64, Error> {
    if value >= 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(unless_infinite(field, value, |field| Error::Weight { field, value }))
}

/// The result of adding or multiplying checked numbers, refused when it left the range of an `f64`.
///
/// # Errors
/// [`Error::Overflow`].
pub fn computed(field: impl Into<Field>, value: f64) -> Result<f64, Error> {
    if value.is_finite() { Ok(value) } else { Err(Error::Overflow { field: field.into() }) }
}

/// A date that is not after the date of scoring.
///
/// # Errors
/// [`Error::AfterAsOf`].
pub fn not_after(field: impl Into<Field>, date: Date, as_of: Date) -> Result<Date, Error> {
    if date <= as_of { Ok(date) } else { Err(Error::AfterAsOf { field: field.into(), date, as_of }) }
}

/// An id or name: not empty, no control characters.
///
/// # Errors
/// [`Error::Text`].
pub fn name(field: impl Into<Field>, text: &str) -> Result<(), Error> {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~');
    if text.is_empty() || !text.as_bytes().iter().all(plain) && text.chars().any(char::is_control) {
        return Err(Error::Text { field: field.into(), value: crate::error::excerpt(text) });
    }
    Ok(())
}

/// The entries of a list in byte order of their ids, which is the order in which they are added up.
///
/// # Errors
/// [`Error::Text`] for a bad id, [`Error::Duplicate`] for a repeated one.
pub fn by_id<'a, T>(
    field: &'static str,
    list: &'a [T],
    id: impl Fn(&T) -> &str,
) -> Result<Vec<&'a T>, Error> {
    let mut sorted: Vec<&T> = list.iter().collect();
    sort_by_id(field, &mut sorted, |entry| id(entry))?;
    Ok(sorted)
}

/// Sorts entries that stand as on the wire into byte order of their ids.
///
/// # Errors
/// As [`by_id`].
pub(crate) fn sort_by_id<T>(
    field: &'static str,
    list: &mut [T],
    id: impl Fn(&T) -> &str,
) -> Result<(), Error> {
    for (index, entry) in list.iter().enumerate() {
        name("id", id(entry)).map_err(|error| error.within(&format!("{field}[{index}]")))?;
    }
    // As most lists come.
    if list.is_sorted_by(|a, b| id(a) < id(b)) {
        return Ok(());
    }
    list.sort_by(|a, b| id(a).cmp(id(b)));
    let equal = |(a, b): &(&T, &T)| id(a) == id(b);
    match list.iter().zip(list.iter().skip(1)).find(equal) {
        Some((entry, _)) => Err(Error::Duplicate { field: field.into(), id: id(entry).to_owned() }),
        None => Ok(()),
    }
}
