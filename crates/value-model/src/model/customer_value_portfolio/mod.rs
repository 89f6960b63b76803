//! Customer value over many customers: by CSM, by segment, and all together.

mod group;
mod input;
mod result;
#[cfg(test)]
mod tests;
mod totals;

pub use input::{CustomerValuePortfolioInput, CustomerValueRow, PortfolioKey};
pub use result::{CustomerValuePortfolio, PortfolioReason, PortfolioRow};
pub use totals::{CustomerValueTotals, ValueAccount};

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::catalog::{Formula, Source};
use crate::model::customer_value::{CustomerValue, customer_value};
use crate::{Error, check};

/// Catalog entry of [`customer_value_portfolio`].
pub const FORMULA: Formula = Formula {
    id: "customer_value_portfolio",
    version: 1,
    source: Source::CustomerValue,
    expression: "by csm, segment and all: sum, mean and median of net; share with net > 0; \
                 net_per_arr = sum of net / sum of arr; share of customers with a documented formula",
};

/// Net customer value by CSM, by segment and over all customers, in one currency and period.
///
/// Customers without the attribute form a row of their own. Sums are exact to the ten-thousandth of the currency's unit
/// and do not depend on the order of the customers.
///
/// # Errors
/// [`Error::Empty`], [`Error::Duplicate`] for a customer or key that stands twice, [`Error::Currency`] and
/// [`Error::Period`] for customers that do not agree, [`Error::Missing`] for a customer without `input` and `value`,
/// [`Error::Conflict`], and those of [`customer_value`].
///
/// # Examples
/// ```
/// use value_model::answer::Source;
/// use value_model::metric::money::Period;
/// use value_model::model::customer_value::{CustomerValueInput, Kind, Line};
/// use value_model::model::customer_value_portfolio::{
///     CustomerValuePortfolioInput, CustomerValueRow, PortfolioKey, customer_value_portfolio,
/// };
/// let eur = "EUR".parse()?;
/// let row = |customer: &str, csm: &str, benefit, cost, arr| {
///     let line = |id: &str, kind, amount| Line::new(id, kind, amount, eur, Period::Year).source(Source::Measured);
///     let lines = vec![line("b", Kind::TangibleBenefit, benefit), line("c", Kind::TangibleCost, cost)];
///     CustomerValueRow::new(customer, CustomerValueInput::new(lines)).csm(csm).arr(arr)
/// };
/// let rows = vec![row("acme", "kim", 80.0, 45.0, 120.0), row("umbra", "kim", 5.0, 10.0, 30.0)];
/// let report = customer_value_portfolio(&CustomerValuePortfolioInput { rows, by: vec![PortfolioKey::Csm] })?;
/// assert_eq!((report.rows[0].sum, report.rows[0].net_per_arr), (Some(30.0), Some(0.2)));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn customer_value_portfolio(
    input: &CustomerValuePortfolioInput,
) -> Result<CustomerValuePortfolio, Error> {
    let mut totals = CustomerValueTotals::new(&input.by)?;
    let mut seen = BTreeSet::new();
    for (index, row) in input.rows.iter().enumerate() {
        add(&mut totals, row).map_err(|error| error.within(&format!("rows[{index}]")))?;
        if !seen.insert(&row.customer) {
            return Err(Error::Duplicate { field: "rows".into(), id: row.customer.clone() });
        }
    }
    let Some((currency, period)) = totals.money() else {
        return Err(Error::Empty { field: "rows".into() });
    };
    Ok(CustomerValuePortfolio { currency, period, rows: totals.rows() })
}

fn add(totals: &mut CustomerValueTotals, row: &CustomerValueRow) -> Result<(), Error> {
    check::name("customer", &row.customer)?;
    let value = value(row)?;
    if let Some(customer) = value.customer.as_ref().filter(|&customer| *customer != row.customer) {
        let reason =
            Cow::Owned(format!("has a value that was computed for `{}`", crate::error::excerpt(customer)));
        return Err(Error::Conflict { field: "customer".into(), reason });
    }
    totals.add(&ValueAccount {
        customer: &row.customer,
        csm: row.csm.as_deref(),
        segment: row.segment.as_deref(),
        arr: row.arr,
        value: &value,
    })
}

fn value(row: &CustomerValueRow) -> Result<Cow<'_, CustomerValue>, Error> {
    match (&row.input, &row.value) {
        (Some(input), None) => customer_value(input).map(Cow::Owned).map_err(|error| error.within("input")),
        (None, Some(value)) => Ok(Cow::Borrowed(value)),
        (None, None) => Err(Error::Missing { field: "input".into() }),
        (Some(_), Some(_)) => {
            let reason = "stands beside `input`, from which the value would be computed; leave one out";
            Err(Error::Conflict { field: "value".into(), reason: reason.into() })
        }
    }
}
