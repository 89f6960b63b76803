//! The one refusal that every language shows.

use value_model::Error;

/// Why an input was refused: a stable code, the field at fault and a sentence for people.
///
/// # Examples
/// ```
/// let error = value_model::Error::Missing { field: "promoters".into() };
/// let refusal = value_model_bridge::Refusal::from(error);
/// assert_eq!((refusal.code, refusal.field.as_str()), ("missing", "promoters"));
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Refusal {
    /// One of [`Error::CODES`]: `snake_case`, the same in every language and release.
    pub code: &'static str,
    /// The field at fault, spelled as on the wire; empty when the whole input is.
    pub field: String,
    /// What was wrong and what was allowed. May change between releases; compare codes instead.
    pub message: String,
}

impl Refusal {
    /// The same refusal with a place in a text: `(line 3, column 7)`.
    #[must_use]
    pub(crate) fn at_place(mut self, place: Option<Place>) -> Self {
        if let Some(Place { line, column }) = place {
            self.message = format!("{} (line {line}, column {column})", self.message);
        }
        self
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        // Without a field the sentence would start with an empty pair of backticks.
        let message = match message.strip_prefix("``: ") {
            Some(reason) => reason.to_owned(),
            None => message.replace("``", "the input"),
        };
        Self { code: error.code(), field: error.field().to_owned(), message }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// A place in a text, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Place {
    /// The place of a byte.
    pub(crate) fn of(text: &[u8], offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.split(|byte| *byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(before.get(start..).unwrap_or_default()).chars().count() + 1;
        Self { line, column }
    }
}
