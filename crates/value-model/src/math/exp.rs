//! `e` to the power of several numbers at once, with the bits of `libm::exp`.
//!
//! The algorithm, its constants and the order of its operations are those of FreeBSD's msun, which musl and `libm` have
//! too. Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and
//! distribute this software is freely granted, provided that this notice is preserved.

use crate::lane::Lane;

const LN2_HI: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
const LN2_LO: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);
const PER_LN2: f64 = std::f64::consts::LOG2_E;
/// The coefficients of the source, by their bits.
const P: [f64; 5] = [
    f64::from_bits(0x3FC5_5555_5555_553E),
    f64::from_bits(0xBF66_C16C_16BE_BD93),
    f64::from_bits(0x3F11_566A_AF25_DE2C),
    f64::from_bits(0xBEBB_BD41_C5D2_6BF1),
    f64::from_bits(0x3E66_3769_72BE_A4D0),
];

/// The largest number with this upper half: a number is above it where its own upper half is greater.
const fn upper(half: u64) -> f64 {
    f64::from_bits(half << 32 | 0xFFFF_FFFF)
}

/// Up to here the result is 1 and the exponent.
const TINY: f64 = upper(0x3E30_0000);
/// Up to here it is not divided by a power of 2.
const HALF_LN2: f64 = upper(0x3FD6_2E42);
/// Up to here it is divided by 2.
const MOST_LN2: f64 = upper(0x3FF0_A2B1);
/// From here on the result is subnormal, and 0 from there on.
const DEEP: f64 = 708.396_418_532_264_1;
const GONE: f64 = 745.133_219_101_941_1;

/// Adding it rounds to a whole number, halves to even.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// 2^52, and what is added to an exponent in the bits of a number.
const BIASED: f64 = 4_503_599_627_370_496.0 + 1023.0;

/// Powers of `e`. Lanes with NaN, a positive exponent or a subnormal result are left to `libm`, with all beside them.
#[inline(always)]
pub(crate) fn exp<N: Lane>(x: N) -> N {
    let (zero, one) = (N::splat(0.0), N::splat(1.0));
    let size = zero - x;
    let gone = size.above(N::splat(GONE));
    let usual = N::bits(N::splat(DEEP).above(size)) | N::bits(gone);
    if usual != N::bits(N::not(N::mask(0))) || N::bits(zero.above(size)) != 0 {
        return one_by_one(x);
    }
    let steps = N::select(size.above(N::splat(HALF_LN2)), N::splat(-1.0), zero);
    let steps = N::select(size.above(N::splat(MOST_LN2)), halvings(x), steps);
    let high = x - steps * N::splat(LN2_HI);
    let low = steps * N::splat(LN2_LO);
    // The bits of 2^52 and a biased exponent end in that exponent: moved up they are a power of 2.
    let power = (steps + N::splat(BIASED)).exponent_up();
    let result = N::select(size.above(N::splat(TINY)), reduced(high, low) * power, one + x);
    result.keep(N::not(gone))
}

/// How often the result is divided by 2: `x / ln 2`, rounded, a half towards 0.
#[inline(always)]
fn halvings<N: Lane>(x: N) -> N {
    let exact = N::splat(PER_LN2) * x + N::splat(-0.5);
    let whole = (exact + N::splat(ROUND)) - N::splat(ROUND);
    // What follows the point is cut, and the numbers are negative.
    whole + N::flag(exact.above(whole))
}

/// `e` to the power of `high - low`, which is half of ln 2 at most.
#[inline(always)]
fn reduced<N: Lane>(high: N, low: N) -> N {
    let [p1, p2, p3, p4, p5] = P.map(N::splat);
    let x = high - low;
    let xx = x * x;
    let c = x - xx * (p1 + xx * (p2 + xx * (p3 + xx * (p4 + xx * p5))));
    N::splat(1.0) + (x * c / (N::splat(2.0) - c) - low + high)
}

/// Left to `libm`. A function of its own, so that what is rare takes no registers from what is not.
#[cold]
#[inline(never)]
fn one_by_one<N: Lane>(x: N) -> N {
    x.map(super::exp)
}
