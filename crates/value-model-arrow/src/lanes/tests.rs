//! Logarithms and powers on the lanes of the processor against those of one number, bit for bit.

use value_model::block::Lane;
use value_model::math;

use super::{Avx2, Avx512, Sse2};
use crate::dispatch::Path;

/// splitmix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// What a group takes logarithms of, and the like below zero: units evenly spread, of any exponent, and 0 and 1.
fn units(count: usize) -> Vec<f64> {
    let mut state = 7;
    let one = 1.0_f64.to_bits();
    let mut next = || match random(&mut state) % 16 {
        0 => 0.0,
        1 => 1.0,
        2 => f64::MIN_POSITIVE + f64::from_bits(random(&mut state) % (one - f64::MIN_POSITIVE.to_bits())),
        _ => f64::from_bits((random(&mut state) >> 12) | one) - 1.0,
    };
    (0..count).map(|_| next()).collect()
}

/// The same with numbers among them that lanes leave to `libm`.
fn unusual(count: usize) -> Vec<f64> {
    let mut state = 8;
    let special = [-0.0, -1.0, 5e-324, -5e-324, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    let mut list = units(count);
    for x in &mut list {
        match random(&mut state) % 32 {
            0 => *x = special[usize::from(random(&mut state).to_le_bytes()[0] % 8)],
            1 => *x = f64::from_bits(random(&mut state)),
            _ => {}
        }
    }
    list
}

fn same<N: Lane>(numbers: &[f64]) {
    let check = |x: f64, found: f64, expected: f64| {
        let same = found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan());
        assert!(same, "of {x:e}: {found:e} instead of {expected:e}");
    };
    let mut found = [0.0; 64];
    for numbers in numbers.chunks_exact(N::WIDTH) {
        N::load(numbers, 0).ln().store(&mut found, 0);
        numbers.iter().zip(found).for_each(|(x, found)| check(*x, found, math::ln(*x)));
        N::load(numbers, 0).exp().store(&mut found, 0);
        numbers.iter().zip(found).for_each(|(x, found)| check(*x, found, math::exp(*x)));
    }
}

/// Every operation is a call here, because a test is not compiled for the lanes; the paths as they are compiled are
/// tested by tables with geometric groups.
fn each<N: Lane>(path: Path) {
    if !path.is_available() {
        return;
    }
    let count = 300_000;
    for units in [units(count), unusual(count)] {
        // Exponents a little below zero, as means have them, and down to where powers vanish.
        let exponents = [1.0, 30.0, 740.0].map(|most| units.iter().map(|x| -most * x).collect::<Vec<_>>());
        for numbers in exponents.iter().chain([&units]) {
            same::<N>(numbers);
        }
    }
}

#[test]
fn two_lanes_have_the_bits_of_one_number() {
    each::<Sse2>(Path::Sse2);
}

#[test]
fn four_lanes_have_the_bits_of_one_number() {
    each::<Avx2>(Path::Avx2);
}

#[test]
fn eight_lanes_have_the_bits_of_one_number() {
    each::<Avx512>(Path::Avx512);
}
