//! Conditions on attributes: checked once, then asked of every account.

use super::document::Condition;
use crate::answer::{Record, Value};
use crate::{Error, check};

/// What a condition asks.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// One of these values.
    Is(Vec<Value>),
    /// A number from the first, below the second.
    Range(Option<f64>, Option<f64>),
    /// That there is none.
    Missing,
}

impl Condition {
    /// What it asks, checked.
    pub(super) fn test(&self) -> Result<Test, Error> {
        check::name("attribute", &self.attribute)?;
        let asks = [!self.is.is_empty(), self.from.is_some() || self.below.is_some(), self.missing];
        if asks.iter().filter(|asked| **asked).count() != 1 {
            return Err(Error::Conflict {
                field: "".into(),
                reason: "must ask for one thing: `is`, a range with `from` and `below`, or `missing`".into(),
            });
        }
        if self.missing {
            return Ok(Test::Missing);
        }
        if !self.is.is_empty() {
            return Ok(Test::Is(self.is.clone()));
        }
        let from = self.from.map(|from| check::finite("from", from)).transpose()?;
        let below = self.below.map(|below| check::finite("below", below)).transpose()?;
        if let (Some(from), Some(below)) = (from, below)
            && from >= below
        {
            let reason = "must be above `from`: no number lies between".into();
            return Err(Error::Conflict { field: "below".into(), reason });
        }
        Ok(Test::Range(from, below))
    }
}

impl Test {
    /// Whether it holds for an account. An attribute that the account lacks has no value and lies in no range.
    pub(super) fn holds(&self, attribute: &str, record: &Record) -> Result<bool, Error> {
        let Some(found) = record.attributes.get(attribute).filter(|value| !is_blank(value)) else {
            return Ok(matches!(self, Self::Missing));
        };
        match self {
            Self::Missing => Ok(false),
            Self::Is(values) => Ok(values.iter().any(|value| same(value, found))),
            Self::Range(from, below) => {
                let number = number(attribute, found)?;
                Ok(from.is_none_or(|from| number >= from) && below.is_none_or(|below| number < below))
            }
        }
    }

    /// Whether it holds wherever another test of the same attribute does.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Missing, Self::Missing) => true,
            (Self::Is(all), Self::Is(few)) => few.iter().all(|value| all.iter().any(|own| same(own, value))),
            (Self::Range(from, below), Self::Range(others_from, others_below)) => {
                let starts = from.is_none_or(|from| others_from.is_some_and(|other| other >= from));
                let ends = below.is_none_or(|below| others_below.is_some_and(|other| other <= below));
                starts && ends
            }
            (Self::Range(from, below), Self::Is(values)) => values.iter().all(|value| match value {
                Value::Number(number) => {
                    from.is_none_or(|from| *number >= from) && below.is_none_or(|below| *number < below)
                }
                _ => false,
            }),
            _ => false,
        }
    }
}

/// An attribute as a number; a text that is one counts.
pub(super) fn number(attribute: &str, value: &Value) -> Result<f64, Error> {
    let read = match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => text.trim().parse().ok(),
        Value::YesNo(_) => None,
    };
    read.filter(|number| number.is_finite()).ok_or_else(|| Error::Invalid {
        field: format!("attributes.{attribute}").into(),
        reason: format!("must be a number, because the model set compares it with one; got `{value}`"),
    })
}

/// Whether nothing is written there.
pub(super) fn is_blank(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.is_empty())
}

/// An attribute as text, whole.
pub(super) fn text(value: &Value) -> String {
    if let Value::Text(text) = value { text.clone() } else { value.to_string() }
}

/// The same value; a table may hold as a text what a document holds as a number, and the other way round.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a == b,
        _ => text(a) == text(b),
    }
}
