//! What a report says about each group of customers.

use super::PortfolioKey;
use crate::metric::money::{Currency, Period};

/// Result of [`customer_value_portfolio`](super::customer_value_portfolio).
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomerValuePortfolio {
    /// Currency of every amount here.
    pub currency: Currency,
    /// Period of every value here.
    pub period: Period,
    /// The groups, in the order asked for; inside one, in byte order of the key, customers without the attribute last.
    pub rows: Vec<PortfolioRow>,
}

/// The customers of one group. Sums are exact to the ten-thousandth of the currency's unit.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PortfolioRow {
    /// What the group is made by.
    pub by: PortfolioKey,
    /// The attribute that its customers share; none for `all`, and for customers without the attribute.
    pub key: Option<String>,
    /// Customers in the group.
    pub customers: u32,
    /// Those of them who have a net value.
    pub with_value: u32,
    /// Those of them whose net value lacks a kind of line.
    pub partial: u32,
    /// Sum of the net values.
    pub sum: Option<f64>,
    /// Mean net value of the customers who have one.
    pub mean: Option<f64>,
    /// Middle net value of the customers who have one; the mean of the two in the middle for an even number.
    pub median: Option<f64>,
    /// Share of the customers with a net value whose net value is above 0, 0..1.
    pub positive_share: Option<f64>,
    /// Why there is no `sum`, `mean`, `median` and `positive_share`.
    pub reason: Option<PortfolioReason>,
    /// Share of all customers in the group with a documented formula, 0..1.
    pub documented_share: f64,
    /// Sum of the revenue of customers whose revenue is known; none when none is.
    pub arr: Option<f64>,
    /// Sum of the revenue of those who also have a net value.
    pub arr_with_value: Option<f64>,
    /// Net value for each unit of revenue, over customers with both.
    pub net_per_arr: Option<f64>,
    /// Why there is no `net_per_arr`.
    pub net_per_arr_reason: Option<PortfolioReason>,
}

/// Why a number of a group does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PortfolioReason {
    /// No customer of the group has a net value.
    NoValues,
    /// The revenue of no customer with a net value is known.
    ArrUnknown,
    /// The revenue is 0.
    NoArr,
    /// The values are not per year, the revenue is.
    NotPerYear,
}
