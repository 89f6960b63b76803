//! Sums that do not depend on the order of their terms: integers of billionths and ten-thousandths.
//!
//! A score has at most 10^11 billionths, an amount at most 10^17 ten-thousandths. So not even the sum of their products
//! over 10^10 accounts reaches the 1.7 * 10^38 that an `i128` holds, and additions need no check.

use crate::{Error, check, math};

/// The largest amount that a total takes.
const MOST: f64 = 1e13;

/// A sum of billionths divided by a count; nothing over nothing is nothing.
pub(super) fn mean(sum: i128, count: u32) -> Option<f64> {
    (count > 0).then(|| math::nearest(sum) / (f64::from(count) * 1e9))
}

/// A sum of scores times money divided by the money; none without money.
pub(super) fn weighted_mean(product: i128, weight: i128) -> Option<f64> {
    (weight > 0).then(|| math::nearest(product) / (math::nearest(weight) * 1e9))
}

/// Money in ten-thousandths of its unit.
pub(super) fn money(field: &'static str, amount: f64) -> Result<i64, Error> {
    Ok(math::ten_thousandths(check::between(field, amount, 0.0, MOST)?))
}

/// Ten-thousandths as money again.
pub(super) fn amount(total: i128) -> f64 {
    math::nearest(total) / 1e4
}
