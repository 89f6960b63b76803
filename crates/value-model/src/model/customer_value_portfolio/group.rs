//! One group of customers: whole numbers that can be added in any order.

use super::{PortfolioKey, PortfolioReason, PortfolioRow};
use crate::math;
use crate::metric::money::{Period, Total};

/// What one customer adds to each of its groups.
pub(super) struct Entry {
    pub(super) net: Option<Total>,
    pub(super) positive: bool,
    pub(super) arr: Option<Total>,
    pub(super) documented: bool,
    pub(super) partial: bool,
}

/// Counts and sums of a group. Counts cannot overflow: the caller counts all customers first.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    customers: u32,
    /// Net values in any order, for the median.
    nets: Vec<Total>,
    positive: u32,
    documented: u32,
    partial: u32,
    sum: Total,
    arr: Option<Total>,
    /// Net value and revenue of the customers who have both.
    compared: Option<(Total, Total)>,
}

impl Group {
    pub(super) const fn is_empty(&self) -> bool {
        self.customers == 0
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        self.customers += 1;
        self.documented += u32::from(entry.documented);
        self.arr = plus(self.arr, entry.arr);
        let Some(net) = entry.net else { return };
        self.nets.push(net);
        self.sum = self.sum.plus(net);
        self.positive += u32::from(entry.positive);
        self.partial += u32::from(entry.partial);
        self.compared = plus_both(self.compared, entry.arr.map(|arr| (net, arr)));
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.customers += other.customers;
        self.documented += other.documented;
        self.arr = plus(self.arr, other.arr);
        self.nets.extend(other.nets);
        self.sum = self.sum.plus(other.sum);
        self.positive += other.positive;
        self.partial += other.partial;
        self.compared = plus_both(self.compared, other.compared);
    }

    pub(super) fn row(&self, by: PortfolioKey, key: Option<String>, period: Period) -> PortfolioRow {
        let n = math::length(self.nets.len());
        let any = |number: f64| (!self.nets.is_empty()).then_some(number);
        let net_per_arr = self.net_per_arr(period);
        PortfolioRow {
            by,
            key,
            customers: self.customers,
            with_value: u32::try_from(self.nets.len()).unwrap_or(u32::MAX),
            partial: self.partial,
            sum: any(self.sum.value()),
            mean: any(math::unsigned_zero(self.sum.value() / n)),
            median: self.median(),
            positive_share: any(math::count(self.positive) / n),
            reason: self.nets.is_empty().then_some(PortfolioReason::NoValues),
            documented_share: math::count(self.documented) / math::count(self.customers),
            arr: self.arr.map(Total::value),
            arr_with_value: self.compared.map(|(_, arr)| arr.value()),
            net_per_arr: net_per_arr.ok(),
            net_per_arr_reason: net_per_arr.err(),
        }
    }

    fn net_per_arr(&self, period: Period) -> Result<f64, PortfolioReason> {
        match self.compared {
            _ if self.nets.is_empty() => Err(PortfolioReason::NoValues),
            None => Err(PortfolioReason::ArrUnknown),
            Some(_) if period != Period::Year => Err(PortfolioReason::NotPerYear),
            Some((_, arr)) if arr.ten_thousandths() == 0 => Err(PortfolioReason::NoArr),
            Some((net, arr)) => Ok(math::unsigned_zero(net.value() / arr.value())),
        }
    }

    fn median(&self) -> Option<f64> {
        let mut sorted = self.nets.clone();
        sorted.sort_unstable();
        let upper = *sorted.get(sorted.len() / 2)?;
        if sorted.len() % 2 == 1 {
            return Some(upper.value());
        }
        let lower = *sorted.get(sorted.len() / 2 - 1)?;
        Some(math::unsigned_zero(lower.plus(upper).value() / 2.0))
    }
}

fn plus(a: Option<Total>, b: Option<Total>) -> Option<Total> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.plus(b)),
        (a, b) => a.or(b),
    }
}

fn plus_both(a: Option<(Total, Total)>, b: Option<(Total, Total)>) -> Option<(Total, Total)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.plus(b.0), a.1.plus(b.1))),
        (a, b) => a.or(b),
    }
}
