//! What the kernel computes with: one account, or several side by side.
//!
//! The kernel of a scorecard is written once against [`Lane`]. One account is a plain `f64`; a block of accounts is a
//! type whose operations work on every account alike. Because each operation stays the same and in the same order,
//! both forms give the same bits.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use std::fmt;
use std::ops::{Add, Div, Mul, Sub};

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
    /// The widest part that one instruction works on.
    type Part: Lane;
    /// Half as many accounts, where there are several parts.
    type Half: Lane;

    /// How many accounts stand side by side; a power of two, 64 at most.
    const WIDTH: usize;

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
    /// The smallest numbers of all parts.
    fn least_part(self) -> Self::Part;
    /// The largest numbers of all parts.
    fn greatest_part(self) -> Self::Part;
    /// The sums over all parts.
    fn sum_part(self) -> Self::Part;

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
    type Part = Self;
    type Half = Self;

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
    #[inline(always)]
    fn least_part(self) -> Self {
        self
    }
    #[inline(always)]
    fn greatest_part(self) -> Self {
        self
    }
    #[inline(always)]
    fn sum_part(self) -> Self {
        self
    }
}

/// Two lanes as one of twice the width: `Pair<Pair<f64>>` holds four accounts.
#[derive(Clone, Copy, Debug)]
pub struct Pair<L>(
    /// The first accounts.
    pub L,
    /// Those after them.
    pub L,
);

macro_rules! each {
    ($($trait:ident $method:ident),+) => {$(
        impl<L: Lane> $trait for Pair<L> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self($trait::$method(self.0, other.0), $trait::$method(self.1, other.1))
            }
        }
    )+};
}
each!(Add add, Sub sub, Mul mul, Div div);

impl<L: Lane> Lane for Pair<L> {
    type Mask = (L::Mask, L::Mask);
    type Part = L::Part;
    type Half = L;

    const WIDTH: usize = 2 * L::WIDTH;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self(L::splat(x), L::splat(x))
    }
    #[inline(always)]
    fn load(from: &[f64], at: usize) -> Self {
        // One check for the whole, so that the parts need none.
        let from = from.get(at..at + Self::WIDTH).unwrap_or_default();
        Self(L::load(from, 0), L::load(from, L::WIDTH))
    }
    #[inline(always)]
    fn store(self, to: &mut [f64], at: usize) {
        if let Some(to) = to.get_mut(at..at + Self::WIDTH) {
            self.0.store(to, 0);
            self.1.store(to, L::WIDTH);
        }
    }
    #[inline(always)]
    fn stream(self, to: &mut [f64], at: usize) {
        if let Some(to) = to.get_mut(at..at + Self::WIDTH) {
            self.0.stream(to, 0);
            self.1.stream(to, L::WIDTH);
        }
    }
    #[inline(always)]
    fn mask_at(bits: u64, from: usize) -> Self::Mask {
        (L::mask_at(bits, from), L::mask_at(bits, from + L::WIDTH))
    }
    #[inline(always)]
    fn bits(mask: Self::Mask) -> u64 {
        L::bits(mask.0) | L::bits(mask.1) << L::WIDTH
    }
    #[inline(always)]
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (L::both(a.0, b.0), L::both(a.1, b.1))
    }
    #[inline(always)]
    fn not(mask: Self::Mask) -> Self::Mask {
        (L::not(mask.0), L::not(mask.1))
    }
    #[inline(always)]
    fn above(self, other: Self) -> Self::Mask {
        (self.0.above(other.0), self.1.above(other.1))
    }
    #[inline(always)]
    fn same(self, other: Self) -> Self::Mask {
        (self.0.same(other.0), self.1.same(other.1))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, then: Self, otherwise: Self) -> Self {
        Self(L::select(mask.0, then.0, otherwise.0), L::select(mask.1, then.1, otherwise.1))
    }
    #[inline(always)]
    fn keep(self, mask: Self::Mask) -> Self {
        Self(self.0.keep(mask.0), self.1.keep(mask.1))
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self(self.0.map(&f), self.1.map(&f))
    }
    #[inline(always)]
    fn plus_bits(self, bits: u64) -> Self {
        Self(self.0.plus_bits(bits), self.1.plus_bits(bits))
    }
    #[inline(always)]
    fn and_bits(self, bits: u64) -> Self {
        Self(self.0.and_bits(bits), self.1.and_bits(bits))
    }
    #[inline(always)]
    fn exponent_down(self) -> Self {
        Self(self.0.exponent_down(), self.1.exponent_down())
    }
    #[inline(always)]
    fn exponent_up(self) -> Self {
        Self(self.0.exponent_up(), self.1.exponent_up())
    }
    #[inline(always)]
    fn least_part(self) -> L::Part {
        self.0.least_part().least(self.1.least_part())
    }
    #[inline(always)]
    fn greatest_part(self) -> L::Part {
        self.0.greatest_part().greatest(self.1.greatest_part())
    }
    #[inline(always)]
    fn sum_part(self) -> L::Part {
        self.0.sum_part() + self.1.sum_part()
    }
    #[inline(always)]
    fn least(self, other: Self) -> Self {
        Self(self.0.least(other.0), self.1.least(other.1))
    }
    #[inline(always)]
    fn greatest(self, other: Self) -> Self {
        Self(self.0.greatest(other.0), self.1.greatest(other.1))
    }
}
