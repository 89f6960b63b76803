//! Customer values added up one by one, in any order and in parts, with the same result.

use std::collections::BTreeMap;

use super::group::{Entry, Group};
use super::{PortfolioKey, PortfolioRow};
use crate::metric::money::{Currency, Period, Total};
use crate::model::customer_value::CustomerValue;
use crate::{Error, check};

/// One customer as the totals see it.
#[derive(Clone, Copy, Debug)]
pub struct ValueAccount<'a> {
    /// The customer's id.
    pub customer: &'a str,
    /// Who looks after the customer.
    pub csm: Option<&'a str>,
    /// The market segment of the customer.
    pub segment: Option<&'a str>,
    /// Annual recurring revenue, 0 or more; by default that of the value.
    pub arr: Option<f64>,
    /// The computed value.
    pub value: &'a CustomerValue,
}

impl<'a> ValueAccount<'a> {
    const fn key(&self, by: PortfolioKey) -> Option<&'a str> {
        match by {
            PortfolioKey::Customer => Some(self.customer),
            PortfolioKey::Csm => self.csm,
            PortfolioKey::Segment => self.segment,
            PortfolioKey::All => None,
        }
    }
}

/// Totals of customer values by group, for reports over more customers than fit in memory at once.
///
/// Sums are whole numbers of ten-thousandths, so neither the order of [`add`](Self::add) nor the split into parts that
/// are [`merge`](Self::merge)d changes a bit. That no customer is added twice is up to the caller.
///
/// # Examples
/// ```
/// use value_model::model::customer_value_portfolio::{CustomerValueTotals, PortfolioKey, ValueAccount};
/// # use value_model::answer::Source;
/// # use value_model::metric::money::Period;
/// # use value_model::model::customer_value::{CustomerValueInput, Kind, Line, customer_value};
/// # let line = |id: &str, kind, amount| {
/// #     Ok::<_, value_model::Error>(Line::new(id, kind, amount, "EUR".parse()?, Period::Year).source(Source::Measured))
/// # };
/// let value = customer_value(&CustomerValueInput::new(vec![
///     line("saved", Kind::TangibleBenefit, 500.0)?,
///     line("fees", Kind::TangibleCost, 200.0)?,
/// ]))?;
/// let mut totals = CustomerValueTotals::new(&[PortfolioKey::Csm])?;
/// totals.add(&ValueAccount { customer: "acme", csm: Some("kim"), segment: None, arr: None, value: &value })?;
/// totals.add(&ValueAccount { customer: "umbra", csm: Some("kim"), segment: None, arr: None, value: &value })?;
/// assert_eq!(totals.rows()[0].sum, Some(600.0));
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CustomerValueTotals {
    money: Option<(Currency, Period)>,
    customers: u32,
    tables: Vec<Table>,
}

/// The groups of one key.
#[derive(Clone, Debug)]
struct Table {
    by: PortfolioKey,
    named: BTreeMap<String, Group>,
    /// Customers without the attribute; all customers under `all`.
    unnamed: Group,
}

impl CustomerValueTotals {
    /// No customer yet, to be grouped by these keys.
    ///
    /// # Errors
    /// [`Error::Empty`] without a key, [`Error::Duplicate`] for a key that stands twice.
    pub fn new(by: &[PortfolioKey]) -> Result<Self, Error> {
        if by.is_empty() {
            return Err(Error::Empty { field: "by".into() });
        }
        for (index, key) in by.iter().enumerate() {
            if by.iter().take(index).any(|earlier| earlier == key) {
                return Err(Error::Duplicate { field: "by".into(), id: key.name().to_owned() });
            }
        }
        let table = |&by| Table { by, named: BTreeMap::new(), unnamed: Group::default() };
        Ok(Self { money: None, customers: 0, tables: by.iter().map(table).collect() })
    }

    /// Adds one customer. When it is refused, nothing is added.
    ///
    /// # Errors
    /// [`Error::Currency`] and [`Error::Period`] when the value differs from earlier ones in these,
    /// [`Error::Conflict`] for two different revenues, [`Error::Text`], [`Error::NotFinite`], [`Error::OutOfRange`],
    /// [`Error::Overflow`] for amounts beyond what [`Total`] takes and beyond 2^32 - 1 customers.
    pub fn add(&mut self, account: &ValueAccount) -> Result<(), Error> {
        check::name("customer", account.customer)?;
        for (field, text) in [("csm", account.csm), ("segment", account.segment)] {
            text.map_or(Ok(()), |text| check::name(field, text))?;
        }
        let money = (account.value.currency, account.value.period);
        self.agrees(money)?;
        let entry = entry(account)?;
        self.customers = grown(self.customers, 1)?;
        self.money = Some(money);
        for table in &mut self.tables {
            table.group(account.key(table.by)).add(&entry);
        }
        Ok(())
    }

    /// Adds the customers of other totals with the same keys. When they are refused, nothing is added.
    ///
    /// # Errors
    /// [`Error::Conflict`] (`by`) for other keys, [`Error::Currency`], [`Error::Period`], [`Error::Overflow`].
    pub fn merge(&mut self, other: Self) -> Result<(), Error> {
        if !self.tables.iter().map(|table| table.by).eq(other.tables.iter().map(|table| table.by)) {
            let reason = "differs between the totals to be merged".into();
            return Err(Error::Conflict { field: "by".into(), reason });
        }
        other.money.map_or(Ok(()), |money| self.agrees(money))?;
        self.customers = grown(self.customers, other.customers)?;
        self.money = self.money.or(other.money);
        for (table, others) in self.tables.iter_mut().zip(other.tables) {
            table.unnamed.merge(others.unnamed);
            for (key, group) in others.named {
                table.named.entry(key).or_default().merge(group);
            }
        }
        Ok(())
    }

    /// The groups, in the order of the keys; inside one, in byte order, customers without the attribute last.
    pub fn rows(&self) -> Vec<PortfolioRow> {
        let Some((_, period)) = self.money else { return Vec::new() };
        let mut rows = Vec::new();
        for table in &self.tables {
            let named = table.named.iter().map(|(key, group)| (Some(key.clone()), group));
            let unnamed = (!table.unnamed.is_empty()).then_some((None, &table.unnamed));
            rows.extend(named.chain(unnamed).map(|(key, group)| group.row(table.by, key, period)));
        }
        rows
    }

    /// The currency and period of every value so far; none before the first.
    pub const fn money(&self) -> Option<(Currency, Period)> {
        self.money
    }

    fn agrees(&self, (currency, period): (Currency, Period)) -> Result<(), Error> {
        let Some((expected, expected_period)) = self.money else { return Ok(()) };
        let (field, found) = ("currency".into(), currency.to_string());
        if currency != expected {
            return Err(Error::Currency { field, found, expected: expected.to_string() });
        }
        let (field, found) = ("period".into(), period.to_string());
        if period != expected_period {
            return Err(Error::Period { field, found, expected: expected_period.to_string() });
        }
        Ok(())
    }
}

impl Table {
    fn group(&mut self, key: Option<&str>) -> &mut Group {
        let Some(key) = key else { return &mut self.unnamed };
        if !self.named.contains_key(key) {
            self.named.insert(key.to_owned(), Group::default());
        }
        self.named.get_mut(key).unwrap_or(&mut self.unnamed)
    }
}

/// The customer's amounts as whole numbers, all checked.
fn entry(account: &ValueAccount) -> Result<Entry, Error> {
    let value = account.value;
    let arr = match (account.arr, value.arr) {
        (Some(own), Some(other)) if (own - other).abs() > 0.0 => {
            let reason = format!("is {own}, but the value was computed for a revenue of {other}").into();
            return Err(Error::Conflict { field: "arr".into(), reason });
        }
        (own, other) => own.or(other),
    };
    let total = |field: &str, amount: f64| {
        let mut total = Total::default();
        total.add(field, amount).map(|()| total)
    };
    let arr = arr.map(|arr| check::not_negative("arr", arr)).transpose()?;
    Ok(Entry {
        net: value.net.map(|net| total("net", net)).transpose()?,
        positive: value.net.is_some_and(|net| net > 0.0),
        arr: arr.map(|arr| total("arr", arr)).transpose()?,
        documented: value.documented,
        partial: value.partial,
    })
}

fn grown(customers: u32, by: u32) -> Result<u32, Error> {
    customers.checked_add(by).ok_or_else(|| Error::Overflow { field: "customers".into() })
}
