//! Dividing many numbers by one: a few multiplications that give the bits of a division.

/// A weight that shares of it are divided by.
///
/// Processors divide slowly. With the reciprocal `z` of `b`, what is left of it (`1 / b - z`) and products that are added
/// before they are rounded, `q = x z + x (1/b - z)` is at most one last place off `x / b`; then `q + (x - q b) z` is
/// `x / b` as a division rounds it (Markstein 1990, theorem 8.3 in Muller et al., *Handbook of Floating-Point
/// Arithmetic*). That holds while nothing underflows, which its maker sees to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divisor {
    by: f64,
    inverse: f64,
    rest: f64,
}

/// Weights from one in 2^30 to 2^30, at most this deep: then the least share of all stays far from the end of the range.
const DEEPEST: u32 = 12;
const LARGEST: f64 = 1_073_741_824.0;

impl Divisor {
    /// The sum of the weights of a group, where every share of it can be divided safely: `depth` groups are above it.
    pub(crate) fn new(weights: impl Iterator<Item = f64> + Clone, depth: u32) -> Option<Self> {
        let safe = |weight: f64| weight == 0.0 || (1.0 / LARGEST..=LARGEST).contains(&weight);
        // In the order of the model, as the kernel sums.
        let by = weights.clone().fold(0.0, |sum, weight| sum + weight);
        if depth > DEEPEST || by <= 0.0 || by > LARGEST * LARGEST || !weights.into_iter().all(safe) {
            return None;
        }
        let inverse = 1.0 / by;
        // What one product rounded with its sum leaves is exact.
        let rest = libm::fma(-by, inverse, 1.0) / by;
        Some(Self { by, inverse, rest })
    }

    /// The least number beside 0 whose quotient loses nothing to underflow.
    pub const LEAST: f64 = f64::from_bits((1023 - 900) << 52);

    /// The weight.
    pub const fn by(&self) -> f64 {
        self.by
    }

    /// The number nearest to `1 / by`.
    pub const fn inverse(&self) -> f64 {
        self.inverse
    }

    /// The number nearest to `1 / by - inverse`.
    pub const fn rest(&self) -> f64 {
        self.rest
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Divisor;

    proptest! {
        #[test]
        fn products_give_the_bits_of_a_division(
            weights in prop::collection::vec(1e-9..1e9_f64, 1..40),
            picked in prop::collection::vec(any::<bool>(), 40),
            share in 0.0..=1.0_f64,
        ) {
            let divisor = Divisor::new(weights.iter().copied(), 3).expect("safe weights");
            let some = weights.iter().zip(&picked).fold(0.0, |sum, (w, picked)| if *picked { sum + w } else { sum });
            let least = Divisor::LEAST;
            for x in [some, some * share, weights[0], weights[0] * share, divisor.by(), 0.0, least, least * (1.0 + share)] {
                let near = libm::fma(x, divisor.inverse(), x * divisor.rest());
                let quotient = libm::fma(libm::fma(-near, divisor.by(), x), divisor.inverse(), near);
                prop_assert_eq!(quotient.to_bits(), (x / divisor.by()).to_bits());
            }
        }
    }

    #[test]
    fn weights_far_from_one_and_deep_trees_are_divided_plainly() {
        assert!(Divisor::new([1.0, 2.0].into_iter(), 0).is_some());
        assert!(Divisor::new([1.0, 1e-10].into_iter(), 0).is_none());
        assert!(Divisor::new([1.0, 1e10].into_iter(), 0).is_none());
        assert!(Divisor::new([1.0, 2.0].into_iter(), 13).is_none());
        assert!(Divisor::new(std::iter::empty(), 0).is_none());
    }
}
