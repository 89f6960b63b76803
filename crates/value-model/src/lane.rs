//! What the kernel computes with: one account, or several side by side.
//!
//! The kernel of a scorecard is written once against [`Lane`]. One account is a plain `f64`; a block of accounts is a
//! type, usually a register, whose operations work on every account alike. Because each operation stays the same and in the same order,
//! both forms give the same bits.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use std::fmt;
use std::ops::{Add, Div, Mul, Sub};

use crate::divisor::Divisor;
use crate::math;

/// A number per account. No operation may fuse or reorder.
#[expect(
    clippy::return_self_not_must_use,
    reason = "as with the operators of numbers, nobody drops a result by mistake"
)]
pub trait Lane:
    Copy + fmt::Debug + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// A truth value per account.
    type Mask: Copy + fmt::Debug;

    /// How many accounts stand side by side; a power of two, 64 at most.
    const WIDTH: usize;
    /// Whether [`outside`](Lane::outside) never overlooks NaN.
    const SEES_NAN: bool = false;

    /// The same number for every account.
    fn splat(x: f64) -> Self;
    /// The numbers of [`WIDTH`](Lane::WIDTH) accounts from `at` on; 0 where the slice ends before them.
    fn load(from: &[f64], at: usize) -> Self;
    /// Writes the numbers from `at` on; nothing where there is no room for all.
    fn store(self, to: &mut [f64], at: usize);
    /// As [`store`](Lane::store), past the caches where the machine can.
    #[inline(always)]
    fn stream(self, to: &mut [f64], at: usize) {
        self.store(to, at);
    }
    /// A truth value per account from the bits that start at `from`.
    fn mask_at(bits: u64, from: usize) -> Self::Mask;
    /// A truth value per account from the lowest bits.
    #[inline(always)]
    fn mask(bits: u64) -> Self::Mask {
        Self::mask_at(bits, 0)
    }
    /// The truth values as the lowest bits; the others are 0.
    fn bits(mask: Self::Mask) -> u64;
    /// Where both hold.
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Where it does not hold.
    fn not(mask: Self::Mask) -> Self::Mask;
    /// Where `self > other`.
    fn above(self, other: Self) -> Self::Mask;
    /// Where the mask holds and `self` is at least `other`; neither is NaN there.
    #[inline(always)]
    fn reaches_where(self, mask: Self::Mask, other: Self) -> Self::Mask {
        Self::both(mask, Self::not(other.above(self)))
    }
    /// Where both numbers are the same.
    fn same(self, other: Self) -> Self::Mask;
    /// `then` where the mask holds, else `otherwise`.
    fn select(mask: Self::Mask, then: Self, otherwise: Self) -> Self;
    /// The number where the mask holds, else 0, whatever the number is.
    fn keep(self, mask: Self::Mask) -> Self;
    /// 1 where the mask holds, else 0.
    #[inline(always)]
    fn flag(mask: Self::Mask) -> Self {
        Self::splat(1.0).keep(mask)
    }
    /// A function applied to each account's number.
    fn map(self, f: impl Fn(f64) -> f64) -> Self;
    /// Divided by a weight: the bits of a division, perhaps sooner. Only for 0 and for
    /// numbers from [`Divisor::LEAST`] to about the weight.
    #[inline(always)]
    fn over(self, divisor: &Divisor) -> Self {
        self / Self::splat(divisor.by())
    }
    /// Asks the memory for the line of numbers that starts `ahead` of `from`, perhaps past the end of the slice: they
    /// will be read soon. Changes nothing but the time that takes.
    #[inline(always)]
    fn fetch(_from: &[f64], _ahead: usize) {}

    /// The smaller of two numbers; `self` where they are equal or one is NaN.
    #[inline(always)]
    fn least(self, other: Self) -> Self {
        Self::select(self.above(other), other, self)
    }
    /// The larger of two numbers; `self` where they are equal or one is NaN.
    #[inline(always)]
    fn greatest(self, other: Self) -> Self {
        Self::select(other.above(self), other, self)
    }
    /// Plus another number where the mask holds. `self` is not -0.
    #[inline(always)]
    fn plus_where(self, mask: Self::Mask, other: Self) -> Self {
        self + other.keep(mask)
    }
    /// Times another number where the mask holds, else 0, whatever that number is. `self` is finite and not negative.
    #[inline(always)]
    fn times_where(self, mask: Self::Mask, other: Self) -> Self {
        self * other.keep(mask)
    }
    /// What to remember of two numbers, where their masks hold, to say in the end whether some number was
    /// [outside](Lane::outside) of 0 to 1. It starts with zeros.
    #[inline(always)]
    fn watch(seen: [Self; 2], (a, of_a): (Self, Self::Mask), (b, of_b): (Self, Self::Mask)) -> [Self; 2] {
        let [least, greatest] = seen;
        let (a, b) = (a.keep(of_a), b.keep(of_b));
        [least.least(a.least(b)), greatest.greatest(a.greatest(b))]
    }
    /// Where a number that was [watched](Lane::watch) is below 0 or above 1; perhaps where one is -0 or NaN.
    #[inline(always)]
    fn outside(seen: [Self; 2]) -> u64 {
        let [least, greatest] = seen;
        Self::bits(Self::splat(0.0).above(least)) | Self::bits(greatest.above(Self::splat(1.0)))
    }
    /// The bits of each as a whole number, plus another; what does not fit falls away.
    fn plus_bits(self, bits: u64) -> Self;
    /// The bits that each has in common with these.
    fn and_bits(self, bits: u64) -> Self;
    /// The bits of each moved down by the 52 of the mantissa.
    fn exponent_down(self) -> Self;
    /// The bits of each moved up by 52.
    fn exponent_up(self) -> Self;

    /// Natural logarithm of each, with the bits of [`math::ln`].
    #[inline(always)]
    fn ln(self) -> Self {
        math::ln_of(self)
    }
    /// `e` to the power of each, with the bits of [`math::exp`].
    #[inline(always)]
    fn exp(self) -> Self {
        math::exp_of(self)
    }
}

impl Lane for f64 {
    type Mask = bool;

    const WIDTH: usize = 1;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        x
    }
    #[inline(always)]
    fn load(from: &[f64], at: usize) -> Self {
        from.get(at).copied().unwrap_or(0.0)
    }
    #[inline(always)]
    fn store(self, to: &mut [f64], at: usize) {
        if let Some(place) = to.get_mut(at) {
            *place = self;
        }
    }
    #[inline(always)]
    fn mask_at(bits: u64, from: usize) -> bool {
        bits >> from & 1 != 0
    }
    #[inline(always)]
    fn bits(mask: bool) -> u64 {
        u64::from(mask)
    }
    #[inline(always)]
    fn both(a: bool, b: bool) -> bool {
        a & b
    }
    #[inline(always)]
    fn not(mask: bool) -> bool {
        !mask
    }
    #[inline(always)]
    fn above(self, other: Self) -> bool {
        self > other
    }
    #[inline(always)]
    #[expect(clippy::float_cmp, reason = "exactly the same number is the meaning")]
    fn same(self, other: Self) -> bool {
        self == other
    }
    #[inline(always)]
    fn select(mask: bool, then: Self, otherwise: Self) -> Self {
        if mask { then } else { otherwise }
    }
    /// Without a branch: which answers are missing cannot be predicted.
    #[inline(always)]
    fn keep(self, mask: bool) -> Self {
        Self::from_bits(self.to_bits() & u64::from(mask).wrapping_neg())
    }
    #[inline(always)]
    fn flag(mask: bool) -> Self {
        Self::from(u8::from(mask))
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        f(self)
    }
    #[inline(always)]
    fn plus_bits(self, bits: u64) -> Self {
        Self::from_bits(self.to_bits().wrapping_add(bits))
    }
    #[inline(always)]
    fn and_bits(self, bits: u64) -> Self {
        Self::from_bits(self.to_bits() & bits)
    }
    #[inline(always)]
    fn exponent_down(self) -> Self {
        Self::from_bits(self.to_bits() >> 52)
    }
    #[inline(always)]
    fn exponent_up(self) -> Self {
        Self::from_bits(self.to_bits() << 52)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        math::ln(self)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        math::exp(self)
    }
}
