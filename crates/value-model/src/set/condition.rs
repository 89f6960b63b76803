//! Conditions on attributes: checked once, then asked of every account.

use super::attribute::Attribute;
use super::document::Condition;
use crate::answer::Value;
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
    /// Whether it holds for an account that has this attribute of this name. One that the account lacks has no value
    /// and lies in no range.
    pub(super) fn holds(&self, name: &str, found: Option<Attribute<'_>>) -> Result<bool, Error> {
        let Some(found) = found.filter(|found| !found.is_blank()) else {
            return Ok(matches!(self, Self::Missing));
        };
        match self {
            Self::Missing => Ok(false),
            Self::Is(values) => Ok(values.iter().any(|value| found.is(value))),
            Self::Range(from, below) => {
                let number = found.number(name)?;
                Ok(from.is_none_or(|from| number >= from) && below.is_none_or(|below| number < below))
            }
        }
    }

    /// Whether it holds wherever another test of the same attribute does.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Missing, Self::Missing) => true,
            (Self::Is(all), Self::Is(few)) => {
                few.iter().all(|value| all.iter().any(|own| Attribute::from(value).is(own)))
            }
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
