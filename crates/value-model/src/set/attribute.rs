//! What is known about an account, wherever it stands: in a record or in a column.

use std::borrow::Cow;

use crate::Error;
use crate::answer::Value;

/// One attribute of an account, borrowed from wherever it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute<'a> {
    /// A text; an empty one is no value.
    Text(Cow<'a, str>),
    /// A number.
    Number(f64),
    /// Yes or no.
    YesNo(bool),
}

impl<'a> From<&'a Value> for Attribute<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(Cow::Borrowed(text)),
            Value::Number(number) => Self::Number(*number),
            Value::YesNo(flag) => Self::YesNo(*flag),
        }
    }
}

impl Attribute<'_> {
    /// Whether nothing is written there.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    /// As a text, whole.
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.into_owned(),
            Self::Number(number) => Value::Number(number).to_string(),
            Self::YesNo(flag) => Value::YesNo(flag).to_string(),
        }
    }

    /// As a number; a text that is one counts.
    pub(super) fn number(&self, name: &str) -> Result<f64, Error> {
        let read = match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::YesNo(_) => None,
        };
        read.filter(|number: &f64| number.is_finite()).ok_or_else(|| {
            let shown = match self {
                Self::Text(text) => crate::error::excerpt(text),
                other => other.clone().into_text(),
            };
            Error::Invalid {
                field: format!("attributes.{name}").into(),
                reason: format!(
                    "must be a number, because the model set compares it with one; got `{shown}`"
                ),
            }
        })
    }

    /// Whether it is what a document asks for. A table may hold as a text what a document holds as a number or as yes
    /// or no, and the other way round; two texts are compared letter by letter.
    #[expect(clippy::float_cmp, reason = "the very number that a document names")]
    pub(super) fn is(&self, asked: &Value) -> bool {
        match (asked, self) {
            (Value::Text(asked), Self::Text(found)) => *asked == **found,
            (Value::Text(asked), Self::Number(found)) => {
                asked.parse() == Ok(*found) && *asked == Value::Number(*found).to_string()
            }
            (Value::Number(asked), Self::Text(found)) => found.trim().parse() == Ok(*asked),
            (Value::Number(asked), Self::Number(found)) => asked == found,
            (Value::YesNo(asked), Self::YesNo(found)) => asked == found,
            (Value::YesNo(flag), Self::Text(text)) => is_flag(*flag, text),
            (Value::Text(text), Self::YesNo(flag)) => is_flag(*flag, text),
            (Value::Number(_), Self::YesNo(_)) | (Value::YesNo(_), Self::Number(_)) => false,
        }
    }
}

/// Whether a text is how tables write yes or no.
fn is_flag(flag: bool, text: &str) -> bool {
    if flag { matches!(text, "yes" | "true") } else { matches!(text, "no" | "false") }
}
