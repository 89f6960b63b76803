//! What serde has to say about an input, as the core's error: serde's words name Rust types, ours do not.

use std::fmt;

use serde::de::{self, Expected, Unexpected};
use value_model::Error;
use value_model::error::excerpt;
use value_model::suggest::nearest;

use crate::Refusal;

/// Why a [`Tree`](crate::Tree) does not fit a type: the core's error in the shape that serde asks for.
///
/// Boxed, because every reader of every type hands it on: that is a good part of the code of a program that reads them.
#[derive(Debug)]
pub struct Problem(pub(crate) Box<Error>);

impl Problem {
    /// The core's error.
    pub(crate) fn of(error: Error) -> Self {
        Self(Box::new(error))
    }

    /// A value of the wrong form.
    pub(crate) fn invalid(reason: impl Into<String>) -> Self {
        Self::of(Error::Invalid { field: "".into(), reason: reason.into() })
    }

    /// The same problem, found inside the field or entry `step`.
    pub(crate) fn within(self, step: &str) -> Self {
        Self::of(self.0.within(step))
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        *problem.0
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        (*problem.0).into()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Problem {}

impl de::Error for Problem {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::invalid(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match found {
            // `null`, `None` and `undefined` in place of a value are a value that was not given.
            Unexpected::Unit | Unexpected::Option => Self::of(Error::Missing { field: "".into() }),
            _ => Self::invalid(format!("expected {}, found {}", Words(expected), Found(found))),
        }
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match found {
            Unexpected::Str(text) if expected.to_string().starts_with("a date") => {
                Self::of(Error::InvalidDate { field: "".into(), value: excerpt(text) })
            }
            _ => Self::invalid(format!("expected {}, found {}", Words(expected), Found(found))),
        }
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::invalid(format!("expected {}, found {length} entries", Words(expected)))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let suggestion = nearest(variant, expected.iter().copied());
        Self::of(Error::UnknownId { field: "".into(), id: excerpt(variant), suggestion })
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let suggestion = nearest(field, expected.iter().copied());
        Self::of(Error::UnknownField { field: excerpt(field).into(), suggestion })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::of(Error::Missing { field: field.into() })
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::of(Error::Duplicate { field: "".into(), id: field.to_owned() })
    }
}

/// What was expected, in words that every language shares.
struct Words<'a>(&'a dyn Expected);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = self.0.to_string();
        f.write_str(match expected.as_str() {
            "f64" | "f32" => "a number",
            "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => "a whole number",
            "a boolean" => "true or false",
            "a string" => "a text",
            "a sequence" => "a list",
            "a map" => "an object",
            words if words.starts_with("struct ") => "an object",
            words if words.starts_with("enum ") => "a name, or an object with one field",
            words => words,
        })
    }
}

/// What was found.
struct Found<'a>(Unexpected<'a>);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Bool(flag) => write!(f, "{flag}"),
            Unexpected::Unsigned(number) => write!(f, "the number {number}"),
            Unexpected::Signed(number) => write!(f, "the number {number}"),
            Unexpected::Float(number) => write!(f, "the number {number}"),
            Unexpected::Str(text) => write!(f, "the text `{}`", excerpt(text)),
            Unexpected::Seq => f.write_str("a list"),
            Unexpected::Map => f.write_str("an object"),
            other => other.fmt(f),
        }
    }
}
