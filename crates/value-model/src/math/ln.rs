//! The natural logarithm of several numbers at once, with the bits of `libm::log`.
//!
//! The algorithm, its constants and the order of its operations are those of FreeBSD's msun, which musl and `libm` have
//! too. Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and
//! distribute this software is freely granted, provided that this notice is preserved.

use crate::lane::Lane;

const LN2_HI: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
const LN2_LO: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);
/// The coefficients of the source, by their bits.
const LG: [f64; 7] = [
    f64::from_bits(0x3FE5_5555_5555_5593),
    f64::from_bits(0x3FD9_9999_9997_FA04),
    f64::from_bits(0x3FD2_4924_9422_9359),
    f64::from_bits(0x3FCC_71C5_1D8E_78AF),
    f64::from_bits(0x3FC7_4664_96CB_03DE),
    f64::from_bits(0x3FC3_9A09_D078_C69F),
    f64::from_bits(0x3FC2_F112_DF3E_5244),
];

/// The upper half of the square root of one half: where a mantissa begins, so that it ends at the square root of 2.
const START: u64 = 0x3FE6_A09E << 32;
/// The upper half of 1.
const ONE: u64 = 0x3FF0_0000 << 32;
const MANTISSA: u64 = (1 << 52) - 1;
/// Adding a small whole number to 2^52 puts it into the lowest bits, and the other way round.
const WHOLE: u64 = 0x4330_0000_0000_0000;
/// 2^52, and what is added to an exponent in the bits of a number.
const BIASED: f64 = 4_503_599_627_370_496.0 + 1023.0;

/// Natural logarithms. Lanes with an infinity, NaN, a negative or subnormal number are left to `libm`, with all beside
/// them.
#[inline(always)]
pub(crate) fn ln<N: Lane>(x: N) -> N {
    let zero = x.same(N::splat(0.0));
    let normal = N::both(x.above(N::splat(LARGEST_SUBNORMAL)), N::splat(f64::INFINITY).above(x));
    if N::bits(N::not(normal)) & !N::bits(zero) != 0 {
        return one_by_one(x);
    }
    let bits = x.plus_bits(ONE - START);
    let k = bits.exponent_down().plus_bits(WHOLE) - N::splat(BIASED);
    let f = bits.and_bits(MANTISSA).plus_bits(START) - N::splat(1.0);
    N::select(zero, N::splat(f64::NEG_INFINITY), near_one(f, k))
}

const LARGEST_SUBNORMAL: f64 = f64::from_bits(MANTISSA);

/// The logarithm of `(1 + f) 2^k`.
#[inline(always)]
fn near_one<N: Lane>(f: N, k: N) -> N {
    let [lg1, lg2, lg3, lg4, lg5, lg6, lg7] = LG.map(N::splat);
    let half_square = N::splat(0.5) * f * f;
    let s = f / (N::splat(2.0) + f);
    let z = s * s;
    let w = z * z;
    let even = w * (lg2 + w * (lg4 + w * lg6));
    let odd = z * (lg1 + w * (lg3 + w * (lg5 + w * lg7)));
    let r = odd + even;
    s * (half_square + r) + k * N::splat(LN2_LO) - half_square + f + k * N::splat(LN2_HI)
}

/// Left to `libm`. A function of its own, so that what is rare takes no registers from what is not.
#[cold]
#[inline(never)]
fn one_by_one<N: Lane>(x: N) -> N {
    x.map(super::ln)
}
