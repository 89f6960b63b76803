//! The lanes of x86: two, four or eight accounts in one register.
//!
//! Every operation is one instruction or a few, the same on each width, and none fuses a product with a sum: all widths
//! give the bits of plain `f64`.
#![expect(
    unsafe_code,
    reason = "instructions that a processor may not have; only `dispatch` runs them, after asking the processor"
)]
#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

#[allow(clippy::wildcard_imports, reason = "most of the instructions of three widths")]
use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

use value_model::block::{Divisor, Lane};

/// The lowest 32 bits.
#[inline]
const fn low(bits: u64) -> u32 {
    let [a, b, c, d, ..] = bits.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

macro_rules! lanes {
    (
        $(#[$doc:meta])* $name:ident($register:ty) of $width:literal, $mask:ty, $array:expr;
        $add:ident $sub:ident $mul:ident $div:ident $set:ident $load:ident $store:ident $min:ident $max:ident;
        over: $over:expr;
        stream: $stream:expr;
        mask: $to_mask:expr;
        bits: $to_bits:expr;
        both: $both:expr;
        not: $not:expr;
        above: $above:expr;
        same: $same:expr;
        select: $select:expr;
        keep: $keep:expr;
        plus_bits: $plus_bits:expr;
        and_bits: $and_bits:expr;
        exponent_down: $exponent_down:expr;
        exponent_up: $exponent_up:expr;
        $(better: $better:item)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[repr(transparent)]
        pub(crate) struct $name($register);

        // SAFETY of every block below: `dispatch` makes sure that the processor has these instructions before any
        // function that is built of these lanes runs.
        impl Add for $name {
            type Output = Self;
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $add(self.0, other.0) })
            }
        }
        impl Sub for $name {
            type Output = Self;
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $sub(self.0, other.0) })
            }
        }
        impl Mul for $name {
            type Output = Self;
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $mul(self.0, other.0) })
            }
        }
        impl Div for $name {
            type Output = Self;
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $div(self.0, other.0) })
            }
        }

        #[allow(unused_unsafe, reason = "masks of some widths are plain integers")]
        impl Lane for $name {
            type Mask = $mask;

            const WIDTH: usize = $width;

            #[inline(always)]
            fn splat(x: f64) -> Self {
                // SAFETY: see above.
                Self(unsafe { $set(x) })
            }
            #[inline(always)]
            fn load(from: &[f64], at: usize) -> Self {
                match from.get(at..at + $width) {
                    // SAFETY: the slice holds as many numbers as the register; loading needs no alignment.
                    Some(part) => Self(unsafe { $load(part.as_ptr()) }),
                    None => Self::splat(0.0),
                }
            }
            #[inline(always)]
            fn store(self, to: &mut [f64], at: usize) {
                if let Some(part) = to.get_mut(at..at + $width) {
                    // SAFETY: the slice holds as many numbers as the register; storing needs no alignment.
                    unsafe { $store(part.as_mut_ptr(), self.0) }
                }
            }
            #[inline(always)]
            fn stream(self, to: &mut [f64], at: usize) {
                let stream: fn(Self, &mut [f64], usize) = $stream;
                stream(self, to, at);
            }
            #[inline(always)]
            fn over(self, divisor: &Divisor) -> Self {
                // SAFETY: see above.
                Self(unsafe { $over(self.0, divisor) })
            }
            #[inline(always)]
            fn mask_at(bits: u64, from: usize) -> $mask {
                // SAFETY: see above.
                unsafe { $to_mask(bits, from) }
            }
            #[inline(always)]
            fn bits(mask: $mask) -> u64 {
                // SAFETY: see above.
                unsafe { $to_bits(mask) }
            }
            #[inline(always)]
            fn both(a: $mask, b: $mask) -> $mask {
                // SAFETY: see above.
                unsafe { $both(a, b) }
            }
            #[inline(always)]
            fn not(mask: $mask) -> $mask {
                // SAFETY: see above.
                unsafe { $not(mask) }
            }
            #[inline(always)]
            fn above(self, other: Self) -> $mask {
                // SAFETY: see above.
                unsafe { $above(self.0, other.0) }
            }
            #[inline(always)]
            fn same(self, other: Self) -> $mask {
                // SAFETY: see above.
                unsafe { $same(self.0, other.0) }
            }
            #[inline(always)]
            fn select(mask: $mask, then: Self, otherwise: Self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $select(mask, then.0, otherwise.0) })
            }
            #[inline(always)]
            fn keep(self, mask: $mask) -> Self {
                // SAFETY: see above.
                Self(unsafe { $keep(mask, self.0) })
            }
            #[inline(always)]
            fn plus_bits(self, bits: u64) -> Self {
                // SAFETY: see above.
                Self(unsafe { $plus_bits(self.0, bits.cast_signed()) })
            }
            #[inline(always)]
            fn and_bits(self, bits: u64) -> Self {
                // SAFETY: see above.
                Self(unsafe { $and_bits(self.0, bits.cast_signed()) })
            }
            #[inline(always)]
            fn exponent_down(self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $exponent_down(self.0) })
            }
            #[inline(always)]
            fn exponent_up(self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $exponent_up(self.0) })
            }
            #[inline(always)]
            fn map(self, f: impl Fn(f64) -> f64) -> Self {
                let mut numbers = [0.0; $width];
                self.store(&mut numbers, 0);
                for number in &mut numbers {
                    *number = f(*number);
                }
                Self::load(&numbers, 0)
            }
            #[inline(always)]
            fn fetch(from: &[f64], ahead: usize) {
                // SAFETY: a hint; it reads nothing, whatever the address.
                unsafe { _mm_prefetch::<_MM_HINT_T1>(from.as_ptr().wrapping_add(ahead).cast()) }
            }
            // One instruction each, with the meaning of `Lane` to the bit: of equal numbers and of NaN, `self`.
            #[inline(always)]
            fn least(self, other: Self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $min(other.0, self.0) })
            }
            #[inline(always)]
            fn greatest(self, other: Self) -> Self {
                // SAFETY: see above.
                Self(unsafe { $max(other.0, self.0) })
            }
            $($better)*
        }
    };
}

lanes! {
    /// Two accounts: what every x86-64 processor has.
    Sse2(__m128d) of 2, __m128d, [0.0; 2];
    _mm_add_pd _mm_sub_pd _mm_mul_pd _mm_div_pd _mm_set1_pd _mm_loadu_pd _mm_storeu_pd _mm_min_pd _mm_max_pd;
    over: |x, divisor: &Divisor| _mm_div_pd(x, _mm_set1_pd(divisor.by()));
    stream: |lane, to, at| {
        match to.get_mut(at..at + 2) {
            Some(part) if part.as_ptr().addr().is_multiple_of(16) => {
                // SAFETY: the slice holds two numbers and starts at a multiple of 16 bytes.
                unsafe { _mm_stream_pd(part.as_mut_ptr(), lane.0) }
            }
            _ => lane.store(to, at),
        }
    };
    mask: |bits: u64, from: usize| {
        // There is no comparison of 64-bit integers: both halves of a number carry its bit.
        let bits = _mm_set1_epi32(low(bits).cast_signed());
        let each = _mm_set_epi32(2 << from, 2 << from, 1 << from, 1 << from);
        _mm_castsi128_pd(_mm_cmpeq_epi32(_mm_and_si128(bits, each), each))
    };
    bits: |mask| u64::from(_mm_movemask_pd(mask).cast_unsigned());
    both: |a, b| _mm_and_pd(a, b);
    not: |mask| _mm_xor_pd(mask, _mm_castsi128_pd(_mm_set1_epi32(-1)));
    above: |a, b| _mm_cmpgt_pd(a, b);
    same: |a, b| _mm_cmpeq_pd(a, b);
    select: |mask, a, b| _mm_or_pd(_mm_and_pd(mask, a), _mm_andnot_pd(mask, b));
    keep: |mask, x| _mm_and_pd(mask, x);
    plus_bits: |x, bits: i64| _mm_castsi128_pd(_mm_add_epi64(_mm_castpd_si128(x), _mm_set1_epi64x(bits)));
    and_bits: |x, bits: i64| _mm_castsi128_pd(_mm_and_si128(_mm_castpd_si128(x), _mm_set1_epi64x(bits)));
    exponent_down: |x| _mm_castsi128_pd(_mm_srli_epi64::<52>(_mm_castpd_si128(x)));
    exponent_up: |x| _mm_castsi128_pd(_mm_slli_epi64::<52>(_mm_castpd_si128(x)));
}

lanes! {
    /// Four accounts.
    Avx2(__m256d) of 4, __m256d, [0.0; 4];
    _mm256_add_pd _mm256_sub_pd _mm256_mul_pd _mm256_div_pd _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd
    _mm256_min_pd _mm256_max_pd;
    over: |x, divisor: &Divisor| {
        let (by, inverse) = (_mm256_set1_pd(divisor.by()), _mm256_set1_pd(divisor.inverse()));
        let near = _mm256_fmadd_pd(x, inverse, _mm256_mul_pd(x, _mm256_set1_pd(divisor.rest())));
        _mm256_fmadd_pd(_mm256_fnmadd_pd(near, by, x), inverse, near)
    };
    stream: |lane, to, at| {
        match to.get_mut(at..at + 4) {
            Some(part) if part.as_ptr().addr().is_multiple_of(32) => {
                // SAFETY: the slice holds four numbers and starts at a multiple of 32 bytes.
                unsafe { _mm256_stream_pd(part.as_mut_ptr(), lane.0) }
            }
            _ => lane.store(to, at),
        }
    };
    mask: |bits: u64, from: usize| {
        let bits = _mm256_set1_epi64x(bits.cast_signed());
        let each = _mm256_set_epi64x(8 << from, 4 << from, 2 << from, 1 << from);
        _mm256_castsi256_pd(_mm256_cmpeq_epi64(_mm256_and_si256(bits, each), each))
    };
    bits: |mask| u64::from(_mm256_movemask_pd(mask).cast_unsigned());
    both: |a, b| _mm256_and_pd(a, b);
    not: |mask| _mm256_xor_pd(mask, _mm256_castsi256_pd(_mm256_set1_epi64x(-1)));
    above: |a, b| _mm256_cmp_pd::<_CMP_GT_OQ>(a, b);
    same: |a, b| _mm256_cmp_pd::<_CMP_EQ_OQ>(a, b);
    select: |mask, a, b| _mm256_blendv_pd(b, a, mask);
    keep: |mask, x| _mm256_and_pd(mask, x);
    plus_bits: |x, bits: i64| _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(x), _mm256_set1_epi64x(bits)));
    and_bits: |x, bits: i64| _mm256_castsi256_pd(_mm256_and_si256(_mm256_castpd_si256(x), _mm256_set1_epi64x(bits)));
    exponent_down: |x| _mm256_castsi256_pd(_mm256_srli_epi64::<52>(_mm256_castpd_si256(x)));
    exponent_up: |x| _mm256_castsi256_pd(_mm256_slli_epi64::<52>(_mm256_castpd_si256(x)));
}

lanes! {
    /// Eight accounts.
    Avx512(__m512d) of 8, __mmask8, [0.0; 8];
    _mm512_add_pd _mm512_sub_pd _mm512_mul_pd _mm512_div_pd _mm512_set1_pd _mm512_loadu_pd _mm512_storeu_pd
    _mm512_min_pd _mm512_max_pd;
    over: |x, divisor: &Divisor| {
        let (by, inverse) = (_mm512_set1_pd(divisor.by()), _mm512_set1_pd(divisor.inverse()));
        let near = _mm512_fmadd_pd(x, inverse, _mm512_mul_pd(x, _mm512_set1_pd(divisor.rest())));
        _mm512_fmadd_pd(_mm512_fnmadd_pd(near, by, x), inverse, near)
    };
    stream: |lane, to, at| {
        match to.get_mut(at..at + 8) {
            Some(part) if part.as_ptr().addr().is_multiple_of(64) => {
                // SAFETY: the slice holds eight numbers and starts at a multiple of 64 bytes.
                unsafe { _mm512_stream_pd(part.as_mut_ptr(), lane.0) }
            }
            _ => lane.store(to, at),
        }
    };
    mask: |bits: u64, from: usize| (bits >> from).to_le_bytes()[0];
    bits: |mask: __mmask8| u64::from(mask);
    both: |a: __mmask8, b: __mmask8| a & b;
    not: |mask: __mmask8| !mask;
    above: |a, b| _mm512_cmp_pd_mask::<_CMP_GT_OQ>(a, b);
    same: |a, b| _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(a, b);
    select: |mask, a, b| _mm512_mask_blend_pd(mask, b, a);
    keep: |mask, x| _mm512_maskz_mov_pd(mask, x);
    plus_bits: |x, bits: i64| _mm512_castsi512_pd(_mm512_add_epi64(_mm512_castpd_si512(x), _mm512_set1_epi64(bits)));
    and_bits: |x, bits: i64| _mm512_castsi512_pd(_mm512_and_si512(_mm512_castpd_si512(x), _mm512_set1_epi64(bits)));
    exponent_down: |x| _mm512_castsi512_pd(_mm512_srli_epi64::<52>(_mm512_castpd_si512(x)));
    exponent_up: |x| _mm512_castsi512_pd(_mm512_slli_epi64::<52>(_mm512_castpd_si512(x)));
    better: const SEES_NAN: bool = true;
    better: #[inline(always)]
    fn reaches_where(self, mask: __mmask8, other: Self) -> __mmask8 {
        // SAFETY: see above.
        unsafe { _mm512_mask_cmp_pd_mask::<_CMP_GE_OQ>(mask, self.0, other.0) }
    }
    better: #[inline(always)]
    fn plus_where(self, mask: __mmask8, other: Self) -> Self {
        // SAFETY: see above.
        Self(unsafe { _mm512_mask_add_pd(self.0, mask, self.0, other.0) })
    }
    better: #[inline(always)]
    fn times_where(self, mask: __mmask8, other: Self) -> Self {
        // SAFETY: see above.
        Self(unsafe { _mm512_maskz_mul_pd(mask, self.0, other.0) })
    }
    // The bits of numbers from 0 to 1 rise with them, and those of all others lie above: one comparison tells them apart.
    better: #[inline(always)]
    fn watch(seen: [Self; 2], (a, of_a): (Self, __mmask8), (b, of_b): (Self, __mmask8)) -> [Self; 2] {
        let greater = |seen: Self, mask, x: Self| {
            // SAFETY: see above.
            unsafe {
                let [seen, x] = [seen, x].map(|x| _mm512_castpd_si512(x.0));
                Self(_mm512_castsi512_pd(_mm512_mask_max_epu64(seen, mask, seen, x)))
            }
        };
        let [near, far] = seen;
        [greater(near, of_a, a), greater(far, of_b, b)]
    }
    better: #[inline(always)]
    fn outside(seen: [Self; 2]) -> u64 {
        // SAFETY: see above.
        unsafe {
            let [near, far] = seen.map(|x| _mm512_castpd_si512(x.0));
            let one = _mm512_castpd_si512(_mm512_set1_pd(1.0));
            u64::from(_mm512_cmpgt_epu64_mask(_mm512_max_epu64(near, far), one))
        }
    }
}

#[cfg(test)]
mod tests;
