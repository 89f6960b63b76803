//! The one error of this crate: what was wrong, where, and what was allowed.

use std::borrow::Cow;

use crate::suggest::Suggestion;

/// The path of a field, spelled as on the wire: `weights`, `flows[3].amount`, `answers.csat`.
pub type Field = Cow<'static, str>;

macro_rules! errors {
    ($( $(#[$doc:meta])* $variant:ident = $code:literal, $text:literal { $( $(#[$fdoc:meta])* $name:ident : $ty:ty ),* } )+) => {
        /// Why an input was refused. Every variant has a stable [`code`](Error::code) and names a field.
        #[derive(Clone, Debug, PartialEq, thiserror::Error)]
        #[non_exhaustive]
        pub enum Error {
            $( $(#[$doc])* #[error($text)] $variant {
                /// The field at fault, spelled as on the wire.
                field: Field,
                $( $(#[$fdoc])* $name: $ty ),*
            }, )+
        }

        impl Error {
            /// Every code this crate can give, in declaration order.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The stable, `snake_case` name of the reason; the same in every language.
            pub const fn code(&self) -> &'static str {
                match self { $( Self::$variant { .. } => $code, )+ }
            }

            /// The field at fault, spelled as on the wire.
            pub fn field(&self) -> &str {
                match self { $( Self::$variant { field, .. } => field, )+ }
            }

            /// The same error, reported under another (usually longer) path.
            #[must_use]
            pub fn at(mut self, path: impl Into<Field>) -> Self {
                match &mut self { $( Self::$variant { field, .. } => *field = path.into(), )+ }
                self
            }

            /// The same error with `prefix` put before its field: `lines[2]` and `amount` give `lines[2].amount`.
            #[must_use]
            pub fn within(self, prefix: &str) -> Self {
                let field = self.field();
                let path = match field {
                    "" => prefix.to_owned(),
                    rest if rest.starts_with('[') => format!("{prefix}{rest}"),
                    rest => format!("{prefix}.{rest}"),
                };
                self.at(path)
            }
        }
    };
}

errors! {
    /// A number is NaN or infinite.
    NotFinite = "not_finite", "`{field}` must be a finite number, got {value}" {
        /// What was given.
        value: f64
    }
    /// A number lies outside its documented range.
    OutOfRange = "out_of_range", "`{field}` must be {allowed}, got {value}" {
        /// What was given.
        value: f64,
        /// The range in words, such as `between 0 and 1`.
        allowed: Cow<'static, str>
    }
    /// A sum or product is too large for a number.
    Overflow = "overflow", "`{field}` is too large to compute with" {}
    /// A required value is absent.
    Missing = "missing", "`{field}` is required" {}
    /// A list that must hold something is empty.
    Empty = "empty", "`{field}` must hold at least one entry" {}
    /// An id stands twice in one list.
    Duplicate = "duplicate", "`{field}` holds `{id}` twice" {
        /// The repeated id.
        id: String
    }
    /// An id that nothing else knows: a measure, level, preset or formula.
    UnknownId = "unknown_id", "`{field}` names `{id}`, which does not exist{suggestion}" {
        /// The id as given.
        id: String,
        /// The nearest known id, if one is near.
        suggestion: Suggestion
    }
    /// A field that the format does not have.
    UnknownField = "unknown_field", "`{field}` is not a known field{suggestion}" {
        /// The nearest known field, if one is near.
        suggestion: Suggestion
    }
    /// A weight is negative.
    Weight = "weight", "`{field}` must be a weight of 0 or more, got {value}" {
        /// What was given.
        value: f64
    }
    /// Weights that must share something are all 0.
    ZeroWeight = "zero_weight", "the weights of `{field}` must not all be 0" {}
    /// An answer does not fit the scale of its measure.
    OutsideScale = "outside_scale", "`{field}` is {value}, allowed is {allowed}" {
        /// The answer as given, cut to 64 characters.
        value: String,
        /// What the scale accepts, in words.
        allowed: Cow<'static, str>
    }
    /// A text is not a civil date.
    InvalidDate = "invalid_date", "`{field}` must be a date such as 2026-11-01, got `{value}`" {
        /// The text as given, cut to 64 characters.
        value: String
    }
    /// A date lies after the date of scoring.
    AfterAsOf = "after_as_of", "`{field}` is {date}, which is after the scoring date {as_of}" {
        /// The date as given.
        date: crate::Date,
        /// The date of scoring.
        as_of: crate::Date
    }
    /// Money in another currency than the calculation, without a rate for it.
    Currency = "currency", "`{field}` is in {found}, the calculation is in {expected}; give a rate table to mix currencies" {
        /// The currency found.
        found: String,
        /// The currency expected.
        expected: String
    }
    /// An amount per another period than the calculation.
    Period = "period", "`{field}` is per {found}, the calculation is per {expected}; ask for annualised amounts to mix periods" {
        /// The period found.
        found: String,
        /// The period expected.
        expected: String
    }
    /// Two inputs contradict each other, or one forbids the other.
    Conflict = "conflict", "`{field}` {reason}" {
        /// What contradicts what, in words that follow the field's name.
        reason: Cow<'static, str>
    }
    /// A value has the wrong type or form.
    Invalid = "invalid_input", "`{field}`: {reason}" {
        /// What was expected and what was found.
        reason: String
    }
    /// An id or name is empty or holds control characters.
    Text = "invalid_text", "`{field}` must be a name without control characters, got {value:?}" {
        /// The text as given, cut to 64 characters.
        value: String
    }
    /// An input is larger or deeper than the limit.
    Limit = "limit", "`{field}` has {found} {what}, more than the limit of {limit}" {
        /// What was counted: `bytes`, `measures`, `levels of nesting`.
        what: &'static str,
        /// How many there were, or how many were seen before reading stopped.
        found: u64,
        /// How many are allowed.
        limit: u64
    }
    /// A document of a schema version that this release does not read.
    SchemaVersion = "schema_version", "`{field}` is `{found}`, this release reads `{supported}`" {
        /// The version found.
        found: String,
        /// The newest version supported.
        supported: &'static str
    }
}

/// A text cut to 64 characters, so that a message never carries a whole file.
pub fn excerpt(text: &str) -> String {
    let mut out: String = text.chars().take(64).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}
