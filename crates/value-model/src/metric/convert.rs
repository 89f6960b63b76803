//! Conversion of money to one currency and one period.

use std::collections::BTreeMap;

use super::money::{Currency, Money, Period};
use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`convert`].
pub const FORMULA: Formula = Formula {
    id: "convert",
    version: 1,
    source: Source::CustomerValue,
    expression: "amount * rate(currency) * per_year(period) / per_year(to_period); \
                 per_year: month 12, quarter 4, year 1",
};

/// An amount and what it should become.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConvertInput {
    /// The amount, in units of `currency`.
    pub amount: f64,
    /// Its currency.
    pub currency: Currency,
    /// The period it is for.
    pub period: Period,
    /// The currency wanted.
    pub to_currency: Currency,
    /// The period wanted.
    pub to_period: Period,
    /// Value of one unit of a currency in `to_currency`, above 0. Without an entry no other currency is accepted.
    #[serde(default, deserialize_with = "crate::answer::unique")]
    pub rates: BTreeMap<Currency, f64>,
    /// Whether amounts per month, quarter and year may be turned into each other; by default not.
    #[serde(default)]
    pub annualise: bool,
}

/// Result of [`convert`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Convert {
    /// The amount in the currency and period wanted.
    pub amount: f64,
}

/// One amount in another currency, another period, or both.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Currency`] without a rate; [`Error::Period`] when the periods differ and `annualise`
/// is not asked for, or one of them is `one_time`; [`Error::OutOfRange`] for a rate of 0 or below;
/// [`Error::Conflict`] for a rate of `to_currency` other than 1; [`Error::Overflow`].
///
/// # Examples
/// ```
/// use value_model::metric::convert::{ConvertInput, convert};
/// use value_model::metric::money::Period;
/// let (eur, usd) = ("EUR".parse()?, "USD".parse()?);
/// let result = convert(&ConvertInput {
///     amount: 1000.0,
///     currency: eur,
///     period: Period::Month,
///     to_currency: usd,
///     to_period: Period::Year,
///     rates: [(eur, 1.08)].into(),
///     annualise: true,
/// })?;
/// assert_eq!(result.amount, 12_960.0);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn convert(input: &ConvertInput) -> Result<Convert, Error> {
    let &ConvertInput { amount, currency, period, to_currency, to_period, ref rates, annualise } = input;
    let basis = Basis { currency: to_currency, period: to_period, rates, annualise };
    basis.check()?;
    Ok(Convert { amount: basis.convert(&Money { amount, currency, period })? })
}

/// The one currency and period of a calculation, and how others are brought to it.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// The currency of the calculation.
    pub currency: Currency,
    /// The period of the calculation.
    pub period: Period,
    /// Value of one unit of another currency in this one.
    pub rates: &'a BTreeMap<Currency, f64>,
    /// Whether amounts per month, quarter and year may be turned into each other.
    pub annualise: bool,
}

impl Basis<'_> {
    /// Checks the rate table, once for many amounts.
    ///
    /// # Errors
    /// Those of [`convert`] that name `rates`.
    pub fn check(&self) -> Result<(), Error> {
        for (currency, &rate) in self.rates {
            let field = format!("rates.{currency}");
            check::positive(field.clone(), rate)?;
            if *currency == self.currency && rate - 1.0 != 0.0 {
                let reason = "must be 1 or left out: it is the currency that is converted to";
                return Err(Error::Conflict { field: field.into(), reason: reason.into() });
            }
        }
        Ok(())
    }

    /// The amount in the currency and period of the calculation; the rate table must have passed [`Basis::check`].
    ///
    /// # Errors
    /// Those of [`convert`] that name `amount`, `currency` or `period`.
    pub fn convert(&self, money: &Money) -> Result<f64, Error> {
        let amount = check::finite("amount", money.amount)?;
        let rate = if money.currency == self.currency { Some(1.0) } else { self.rate(money.currency) };
        let rate = rate.ok_or_else(|| Error::Currency {
            field: "currency".into(),
            found: money.currency.to_string(),
            expected: self.currency.to_string(),
        })?;
        let (from, to) = self.per_year(money.period)?;
        check::computed("amount", math::unsigned_zero(amount * rate * from / to))
    }

    fn rate(&self, currency: Currency) -> Option<f64> {
        self.rates.get(&currency).copied()
    }

    /// How often a year holds the period of the amount and that of the calculation; 1 and 1 when they are the same.
    fn per_year(&self, period: Period) -> Result<(f64, f64), Error> {
        if period == self.period {
            return Ok((1.0, 1.0));
        }
        // CHOICE: a single amount never becomes one per time, nor the reverse: that needs a number of periods.
        period.per_year().zip(self.period.per_year()).filter(|_| self.annualise).ok_or_else(|| {
            Error::Period {
                field: "period".into(),
                found: period.to_string(),
                expected: self.period.to_string(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{ConvertInput, convert};
    use crate::Error;
    use crate::metric::money::Period;

    fn of(
        from: (&str, Period),
        to: (&str, Period),
        rates: &[(&str, f64)],
        annualise: bool,
    ) -> Result<f64, Error> {
        let rates = rates.iter().map(|&(code, rate)| (code.parse().unwrap(), rate)).collect();
        convert(&ConvertInput {
            amount: 100.0,
            currency: from.0.parse().unwrap(),
            period: from.1,
            to_currency: to.0.parse().unwrap(),
            to_period: to.1,
            rates,
            annualise,
        })
        .map(|result| result.amount)
    }

    #[test]
    fn the_same_currency_and_period_need_nothing() {
        let same = of(("EUR", Period::OneTime), ("EUR", Period::OneTime), &[], false).unwrap();
        assert_eq!(same.to_bits(), 100.0_f64.to_bits());
    }

    #[test]
    fn periods_convert_only_when_asked() {
        let annual = |from, to| of(("EUR", from), ("EUR", to), &[], true);
        assert_relative_eq!(annual(Period::Month, Period::Year).unwrap(), 1200.0);
        assert_relative_eq!(annual(Period::Quarter, Period::Year).unwrap(), 400.0);
        assert_relative_eq!(annual(Period::Month, Period::Quarter).unwrap(), 300.0);
        assert_relative_eq!(annual(Period::Year, Period::Month).unwrap(), 100.0 / 12.0);
        assert_eq!(annual(Period::OneTime, Period::Year).unwrap_err().code(), "period");
        let error = of(("EUR", Period::Month), ("EUR", Period::Year), &[], false).unwrap_err();
        assert_eq!((error.code(), error.field()), ("period", "period"));
    }

    #[test]
    fn another_currency_needs_its_rate() {
        let (from, to) = (("EUR", Period::Year), ("USD", Period::Year));
        assert_relative_eq!(of(from, to, &[("EUR", 1.08)], false).unwrap(), 108.0, max_relative = 1e-12);
        let error = of(from, to, &[("GBP", 1.3)], false).unwrap_err();
        assert_eq!((error.code(), error.field()), ("currency", "currency"));
    }

    #[test]
    fn a_currency_that_stands_twice_is_refused() {
        let text = |rates: &str| {
            format!(
                r#"{{"amount":1,"currency":"USD","period":"year","to_currency":"EUR","to_period":"year","rates":{rates}}}"#
            )
        };
        let read = |rates: &str| serde_json::from_str::<ConvertInput>(&text(rates));
        assert_eq!(read(r#"{"USD":0.9,"GBP":1.2}"#).unwrap().rates.len(), 2);
        let twice = read(r#"{"USD":0.9,"USD":0.8}"#).unwrap_err().to_string();
        assert!(twice.contains("USD"), "{twice}");
        assert!(read(r#"{"usd":0.9}"#).is_err());
    }

    #[test]
    fn bad_rates_are_named_even_when_unused() {
        let (from, to) = (("USD", Period::Year), ("USD", Period::Year));
        let error = of(from, to, &[("EUR", 0.0)], false).unwrap_err();
        assert_eq!((error.code(), error.field()), ("out_of_range", "rates.EUR"));
        let error = of(from, to, &[("USD", 1.1)], false).unwrap_err();
        assert_eq!((error.code(), error.field()), ("conflict", "rates.USD"));
    }
}
