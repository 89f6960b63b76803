//! The lanes of WebAssembly: two accounts in one register.
//!
//! Every browser that has what else this package needs has these instructions, so there is one module and not two. None
//! of them fuses a product with a sum: the bits are those of plain `f64`.
#![expect(
    clippy::inline_always,
    reason = "one body is compiled around these; calls in between would cost more than they do"
)]

#[allow(clippy::wildcard_imports, reason = "most of the instructions of one width")]
use std::arch::wasm32::*;
use std::ops::{Add, Div, Mul, Sub};

use value_model::block::Lane;

/// Two accounts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Two(v128);

macro_rules! operators {
    ($($trait:ident $method:ident $instruction:ident;)+) => {$(
        impl $trait for Two {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self($instruction(self.0, other.0))
            }
        }
    )+};
}

operators! {
    Add add f64x2_add;
    Sub sub f64x2_sub;
    Mul mul f64x2_mul;
    Div div f64x2_div;
}

impl Lane for Two {
    type Mask = v128;

    const WIDTH: usize = 2;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self(f64x2_splat(x))
    }
    #[inline(always)]
    fn load(from: &[f64], at: usize) -> Self {
        match from.get(at..at + 2) {
            Some(&[a, b]) => Self(f64x2(a, b)),
            _ => Self::splat(0.0),
        }
    }
    #[inline(always)]
    fn store(self, to: &mut [f64], at: usize) {
        if let Some([a, b]) = to.get_mut(at..at + 2) {
            (*a, *b) = (f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0));
        }
    }
    #[inline(always)]
    fn mask_at(bits: u64, from: usize) -> v128 {
        let bits = i64x2_splat((bits >> from).cast_signed());
        let each = i64x2(1, 2);
        i64x2_eq(v128_and(bits, each), each)
    }
    #[inline(always)]
    fn bits(mask: v128) -> u64 {
        u64::from(i64x2_bitmask(mask))
    }
    #[inline(always)]
    fn both(a: v128, b: v128) -> v128 {
        v128_and(a, b)
    }
    #[inline(always)]
    fn not(mask: v128) -> v128 {
        v128_not(mask)
    }
    #[inline(always)]
    fn above(self, other: Self) -> v128 {
        f64x2_gt(self.0, other.0)
    }
    #[inline(always)]
    fn same(self, other: Self) -> v128 {
        f64x2_eq(self.0, other.0)
    }
    #[inline(always)]
    fn select(mask: v128, then: Self, otherwise: Self) -> Self {
        Self(v128_bitselect(then.0, otherwise.0, mask))
    }
    #[inline(always)]
    fn keep(self, mask: v128) -> Self {
        Self(v128_and(self.0, mask))
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self(f64x2(f(f64x2_extract_lane::<0>(self.0)), f(f64x2_extract_lane::<1>(self.0))))
    }
    // One instruction each, with the meaning of `Lane` to the bit: of equal numbers and of NaN, `self`.
    #[inline(always)]
    fn least(self, other: Self) -> Self {
        Self(f64x2_pmin(self.0, other.0))
    }
    #[inline(always)]
    fn greatest(self, other: Self) -> Self {
        Self(f64x2_pmax(self.0, other.0))
    }
    #[inline(always)]
    fn plus_bits(self, bits: u64) -> Self {
        Self(i64x2_add(self.0, i64x2_splat(bits.cast_signed())))
    }
    #[inline(always)]
    fn and_bits(self, bits: u64) -> Self {
        Self(v128_and(self.0, i64x2_splat(bits.cast_signed())))
    }
    #[inline(always)]
    fn exponent_down(self) -> Self {
        Self(u64x2_shr(self.0, 52))
    }
    #[inline(always)]
    fn exponent_up(self) -> Self {
        Self(i64x2_shl(self.0, 52))
    }
}
