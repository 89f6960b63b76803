//! Sums that do not depend on the order of their terms: integers of billionths and ten-thousandths.

use crate::{Error, check, math};

/// The largest score, share or amount that a total takes, so that no sum of a billion of them can overflow.
const MOST: f64 = 1e13;

/// An exact sum of scores, in billionths.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Total(i128);

impl Total {
    pub(super) fn add(&mut self, score: f64) {
        self.0 += i128::from(math::billionths(score));
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.0 += other.0;
    }

    /// The sum divided by a count; nothing over nothing is nothing.
    pub(super) fn mean(self, count: u32) -> Option<f64> {
        (count > 0).then(|| math::nearest(self.0) / (f64::from(count) * 1e9))
    }
}

/// An exact sum of money, in ten-thousandths, with the scores it weighs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weighted {
    weight: i128,
    product: i128,
}

impl Weighted {
    pub(super) fn add(&mut self, money: i64, score: f64) {
        self.weight += i128::from(money);
        self.product += i128::from(money) * i128::from(math::billionths(score));
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.weight += other.weight;
        self.product += other.product;
    }

    /// The weighted mean; none without weight.
    pub(super) fn mean(self) -> Option<f64> {
        (self.weight > 0).then(|| math::nearest(self.product) / (math::nearest(self.weight) * 1e9))
    }
}

/// Money in ten-thousandths of its unit.
pub(super) fn money(field: &'static str, amount: f64) -> Result<i64, Error> {
    Ok(math::ten_thousandths(check::between(field, amount, 0.0, MOST)?))
}

/// Ten-thousandths as money again.
pub(super) fn amount(total: i128) -> f64 {
    math::nearest(total) / 1e4
}
