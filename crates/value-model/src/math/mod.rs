//! The only numbers code here may use: functions whose bits are the same on every machine.
//!
//! `+ - * /` and `sqrt` are exact to the last rounding everywhere. The rest comes from the `libm` crate, pinned,
//! because the standard library's versions differ between native code and WebAssembly.

#![expect(clippy::inline_always, reason = "one body is compiled once per instruction set")]

mod exp;
mod ln;
#[cfg(test)]
mod tests;

pub(crate) use self::exp::exp as exp_of;
pub(crate) use self::ln::ln as ln_of;

/// `e` to the power of `x`.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// 2 to the power of `x`.
pub fn exp2(x: f64) -> f64 {
    libm::exp2(x)
}

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// `x` to the power of `y`.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// `x` to a whole power, by repeated squaring in a fixed order.
pub fn powi(x: f64, n: u32) -> f64 {
    let (mut base, mut left, mut out) = (x, n, 1.0);
    while left > 0 {
        if left & 1 == 1 {
            out *= base;
        }
        base *= base;
        left >>= 1;
    }
    out
}

/// `x` limited to 0..1. Used only where a scale's definition says "clamp".
pub fn clamp_unit(x: f64) -> f64 {
    // Comparisons rather than `f64::clamp`, so that -0.0 becomes 0.0 and the bits stay the same everywhere.
    if x > 0.0 { if x < 1.0 { x } else { 1.0 } } else { 0.0 }
}

/// A count as a number; exact, because a `u32` has fewer bits than an `f64` mantissa.
pub fn count(n: u32) -> f64 {
    f64::from(n)
}

/// A length as a number. Lists longer than 2^32 do not fit in memory; the limit keeps the conversion exact.
pub fn length(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The least number from 0 to 2 of which something holds that, once it holds, holds of every larger number; infinity
/// where it holds of none. With it a comparison after some rounded steps becomes one comparison before them.
pub(crate) fn least_of(holds: impl Fn(f64) -> bool) -> f64 {
    // Numbers above 0 are in the order of their bits.
    let (mut below, mut at) = (0_u64, 2.0_f64.to_bits() + 1);
    if holds(0.0) {
        return 0.0;
    }
    while below + 1 < at {
        let middle = below + (at - below) / 2;
        if holds(f64::from_bits(middle)) {
            at = middle;
        } else {
            below = middle;
        }
    }
    if at > 2.0_f64.to_bits() { f64::INFINITY } else { f64::from_bits(at) }
}

/// A score in billionths of a point: what bands, ranks and portfolio totals compare and add.
///
/// Equal scores reached by different sums differ in their last bit; nine decimals make them tie. Halves round away
/// from zero.
///
/// # Examples
/// ```
/// assert_eq!(value_model::math::billionths(49.99999999999999), value_model::math::billionths(50.0));
/// ```
pub fn billionths(score: f64) -> i64 {
    whole(score * 1e9)
}

/// An amount of money in ten-thousandths of its unit: what totals of money add.
pub fn ten_thousandths(amount: f64) -> i64 {
    whole(amount * 1e4)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and callers check their ranges first"
)]
fn whole(x: f64) -> i64 {
    x.round() as i64
}

/// An integer of billionths or ten-thousandths, or a sum of them, as a number again.
#[expect(
    clippy::cast_precision_loss,
    reason = "the nearest f64 is the meaning here: sums are exact, their display is not"
)]
pub fn nearest(x: i128) -> f64 {
    x as f64
}

/// Zero without a sign: results never hold -0.0.
pub fn unsigned_zero(x: f64) -> f64 {
    x + 0.0
}
