//! Money: an amount with its currency and period, and totals that do not depend on the order of adding.

use std::fmt;
use std::str::FromStr;

use crate::error::excerpt;
use crate::{Error, check, math};

/// A currency by its ISO 4217 code: three capital letters. Which codes exist is not checked.
///
/// # Examples
/// ```
/// use value_model::metric::money::Currency;
/// assert_eq!("EUR".parse::<Currency>()?.to_string(), "EUR");
/// assert!("eur".parse::<Currency>().is_err());
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads three capital letters.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Self(letters))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c] = self.0.map(char::from);
        write!(f, "{a}{b}{c}")
    }
}

impl FromStr for Currency {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).ok_or_else(|| Error::Invalid {
            field: "currency".into(),
            reason: format!("expected three capital letters such as EUR, found `{}`", excerpt(text)),
        })
    }
}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Currency;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("three capital letters such as EUR")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Currency, E> {
                Currency::parse(text)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(&excerpt(text)), &self))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[A-Z]{3}$", "description": "An ISO 4217 code." })
    }
}

/// The time that an amount is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Each month.
    Month,
    /// Each quarter.
    Quarter,
    /// Each year.
    Year,
    /// Once; cannot be turned into an amount per time.
    OneTime,
}

impl Period {
    /// How often a year holds this period; none for a single amount.
    pub const fn per_year(self) -> Option<f64> {
        match self {
            Self::Month => Some(12.0),
            Self::Quarter => Some(4.0),
            Self::Year => Some(1.0),
            Self::OneTime => None,
        }
    }

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::OneTime => "one_time",
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An amount with its currency and period.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// The amount, in units of the currency.
    pub amount: f64,
    /// The currency.
    pub currency: Currency,
    /// The period.
    pub period: Period,
}

/// A total of amounts, exact to the ten-thousandth, whatever the order of adding.
///
/// # Examples
/// ```
/// use value_model::metric::money::Total;
/// let mut total = Total::default();
/// total.add("amount", 0.1)?;
/// total.add("amount", 0.2)?;
/// assert_eq!(total.value(), 0.3);
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Total {
    ten_thousandths: i128,
}

/// The largest amount that a total takes: its ten-thousandths are still an exact `f64`.
const LARGEST: f64 = 900_000_000_000.0;

impl Total {
    /// Adds one amount, rounded to the ten-thousandth.
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::Overflow`] beyond 900 thousand million either way, where an `f64` no longer
    /// holds ten-thousandths.
    pub fn add(&mut self, field: &str, amount: f64) -> Result<(), Error> {
        check::finite(field.to_owned(), amount)?;
        if amount.abs() > LARGEST {
            return Err(Error::Overflow { field: field.to_owned().into() });
        }
        self.ten_thousandths += i128::from(math::ten_thousandths(amount));
        Ok(())
    }

    /// This total and another.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { ten_thousandths: self.ten_thousandths.saturating_add(other.ten_thousandths) }
    }

    /// The exact sum, in ten-thousandths of the unit.
    pub const fn ten_thousandths(self) -> i128 {
        self.ten_thousandths
    }

    /// The nearest number to the sum, in units.
    pub fn value(self) -> f64 {
        math::unsigned_zero(math::nearest(self.ten_thousandths) / 1e4)
    }
}

#[cfg(test)]
mod tests {
    use super::{Currency, Period, Total};

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert_eq!(Currency::parse("USD").unwrap().to_string(), "USD");
        for text in ["usd", "US", "EURO", "€", "U D", "ÄB"] {
            assert!(text.parse::<Currency>().is_err(), "{text}");
        }
        assert_eq!("usd".parse::<Currency>().unwrap_err().code(), "invalid_input");
    }

    #[test]
    fn names_on_the_wire_are_the_displayed_ones() {
        for period in [Period::Month, Period::Quarter, Period::Year, Period::OneTime] {
            assert_eq!(serde_json::to_string(&period).unwrap(), format!("\"{period}\""));
        }
        let eur: Currency = serde_json::from_str("\"EUR\"").unwrap();
        assert_eq!(serde_json::to_string(&eur).unwrap(), "\"EUR\"");
        assert!(serde_json::from_str::<Currency>("\"eur\"").is_err());
    }

    #[test]
    fn totals_do_not_depend_on_the_order() {
        let total = |amounts: &[f64]| {
            let mut total = Total::default();
            for &amount in amounts {
                total.add("amount", amount).unwrap();
            }
            total
        };
        assert_eq!(total(&[1e11, 0.1, -1e11, 0.2]), total(&[0.2, -1e11, 0.1, 1e11]));
        assert_eq!(total(&[0.1; 10]).ten_thousandths(), 10_000);
        assert_eq!(total(&[1.0, 2.0]).plus(total(&[3.0])).ten_thousandths(), 60_000);
    }

    #[test]
    fn amounts_too_large_for_ten_thousandths_are_refused() {
        let mut total = Total::default();
        assert_eq!(total.add("amount", 1e15).unwrap_err().code(), "overflow");
        assert_eq!(total.add("amount", f64::NAN).unwrap_err().code(), "not_finite");
        assert_eq!(total, Total::default());
    }
}
