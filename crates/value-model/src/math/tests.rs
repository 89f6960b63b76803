//! Logarithms and powers of several numbers at once against those of one, bit for bit.
//!
//! The lanes of a processor are tested by those who bring them; this is the lane of one account.

use super::{exp, exp_of, ln, ln_of};
use crate::lane::Lane;

/// splitmix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number from 0 to 1, all equally likely.
fn unit(state: &mut u64) -> f64 {
    f64::from_bits((random(state) >> 12) | 1.0_f64.to_bits()) - 1.0
}

/// A number and its neighbours.
fn around(number: f64) -> impl Iterator<Item = f64> {
    (-40..=40_i64).map(move |step| f64::from_bits(number.to_bits().wrapping_add_signed(step)))
}

fn same<N: Lane>(numbers: &[f64], several: fn(N) -> N, one: fn(f64) -> f64) {
    let mut found = vec![0.0; N::WIDTH];
    for numbers in numbers.chunks_exact(N::WIDTH) {
        several(N::load(numbers, 0)).store(&mut found, 0);
        for (x, found) in numbers.iter().zip(&found) {
            let expected = one(*x);
            let same = found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan());
            assert!(same, "of {x:e}: {found:e} instead of {expected:e}");
        }
    }
}

#[test]
fn logarithms_of_units_have_the_same_bits() {
    let mut state = 1;
    let mut numbers: Vec<f64> = (0..1_000_000).map(|_| unit(&mut state)).collect();
    // Of any exponent.
    numbers.extend((0..1_000_000).map(|_| f64::from_bits(random(&mut state) % 1.0_f64.to_bits())));
    let edge = f64::from_bits(0x3FE6_A09E << 32);
    numbers.extend([0.25, 0.5, std::f64::consts::FRAC_1_SQRT_2, edge, 1.0].into_iter().flat_map(around));
    numbers.retain(|x| *x == 0.0 || *x >= f64::MIN_POSITIVE);
    same::<f64>(&numbers, ln_of, ln);
}

#[test]
fn powers_of_exponents_below_zero_have_the_same_bits() {
    let mut state = 2;
    let mut numbers: Vec<f64> = (0..1_000_000).map(|_| -40.0 * unit(&mut state)).collect();
    numbers.extend((0..1_000_000).map(|_| -710.0 * unit(&mut state)));
    // Of any exponent.
    numbers.extend((0..1_000_000).map(|_| -f64::from_bits(random(&mut state) % 800.0_f64.to_bits())));
    let edges = [0x3E30_0000_u64, 0x3FD6_2E42, 0x3FF0_A2B2].map(|half| -f64::from_bits(half << 32));
    numbers.extend(edges.into_iter().flat_map(around));
    let halves = (1..1024).map(|k| -(f64::from(k) + 0.5) / std::f64::consts::LOG2_E);
    numbers.extend(halves.flat_map(around));
    numbers.extend([-708.396_418_532_264_1, -745.133_219_101_941_1].into_iter().flat_map(around));
    // Those that are left to `libm` together with all beside them come last.
    numbers.sort_by(|a, b| b.total_cmp(a));
    same::<f64>(&numbers, exp_of, exp);
}

#[test]
fn any_numbers_beside_each_other_have_the_same_bits() {
    let mut state = 3;
    let special = [0.0, -0.0, 1.0, 5e-324, f64::MIN_POSITIVE, f64::MAX, f64::INFINITY, f64::NAN];
    let numbers: Vec<f64> = (0..1_000_000)
        .map(|_| match random(&mut state) % 8 {
            0 => special.get(usize::from(random(&mut state).to_le_bytes()[0] % 8)).copied().unwrap_or(0.0),
            1 => f64::from_bits(random(&mut state)),
            2 => -f64::from_bits(random(&mut state) % 1.0_f64.to_bits()),
            _ => unit(&mut state),
        })
        .collect();
    let negative: Vec<f64> = numbers.iter().map(|x| -x * 800.0).collect();
    same::<f64>(&numbers, ln_of, ln);
    for numbers in [&numbers, &negative] {
        same::<f64>(numbers, exp_of, exp);
    }
}
