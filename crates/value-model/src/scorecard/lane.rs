//! What the kernel computes with: one account, or several side by side.
//!
//! [`kernel`](super::kernel) is written once against this trait. One account is a plain `f64`; a block of accounts is
//! a type whose operations work on every account alike. Because each operation stays the same and in the same order,
//! both forms give the same bits.

use std::ops::{Add, Div, Mul, Sub};

use crate::math;

/// A number per account. No operation may fuse or reorder.
pub(crate) trait Lane:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// A truth value per account.
    type Mask: Copy;

    /// The same number for every account.
    fn splat(x: f64) -> Self;
    /// Where `self > other`.
    fn above(self, other: Self) -> Self::Mask;
    /// Where both numbers are the same.
    fn same(self, other: Self) -> Self::Mask;
    /// `then` where the mask holds, else `otherwise`.
    fn select(mask: Self::Mask, then: Self, otherwise: Self) -> Self;
    /// A function applied to each account's number.
    fn map(self, f: impl Fn(f64) -> f64) -> Self;

    /// The smaller of two numbers.
    #[inline]
    fn least(self, other: Self) -> Self {
        Self::select(self.above(other), other, self)
    }
    /// The larger of two numbers.
    #[inline]
    fn greatest(self, other: Self) -> Self {
        Self::select(other.above(self), other, self)
    }
    /// Natural logarithm of each.
    #[inline]
    fn ln(self) -> Self {
        self.map(math::ln)
    }
    /// `e` to the power of each.
    #[inline]
    fn exp(self) -> Self {
        self.map(math::exp)
    }
}

impl Lane for f64 {
    type Mask = bool;

    #[inline]
    fn splat(x: f64) -> Self {
        x
    }
    #[inline]
    fn above(self, other: Self) -> bool {
        self > other
    }
    #[inline]
    #[expect(clippy::float_cmp, reason = "exactly the same number is the meaning")]
    fn same(self, other: Self) -> bool {
        self == other
    }
    #[inline]
    fn select(mask: bool, then: Self, otherwise: Self) -> Self {
        if mask { then } else { otherwise }
    }
    #[inline]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        f(self)
    }
}
