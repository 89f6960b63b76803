//! Every rate at which flows are worth nothing.
//!
//! With `x = 1 / (1 + r)` the net present value is `f(x) = sum a_i x^e_i`, x above 0. Its exponents are whole for flows
//! at equal distances and fractions of a year for dated ones; nothing below needs them whole.
//!
//! Let the coefficients change sign between terms k and k+1. The derivative of `x^-e_k f(x)`, times `x^(e_k + 1)`, is
//! `g(x) = sum a_i (e_i - e_k) x^e_i`: one term and one sign change fewer, and between two neighbouring zeros of `g`
//! the function `x^-e_k f`, which has the sign of `f`, rises or falls throughout. So the zeros of `g` cut the axis into
//! pieces with at most one zero of `f` each, and no zero can hide. Repeating this until no sign change is left gives
//! all zeros from the bottom up, without a first guess.

use crate::{Error, math};

/// Most flows that are searched.
pub(crate) const MAX_FLOWS: u32 = 1_000;
/// Most sign changes that are searched: each is one level of the search.
pub(crate) const MAX_SIGN_CHANGES: u32 = 250;

/// The search covers x from 2^-1000 to 2^53, that is every rate that an `f64` can tell from -1, up to 10^301.
const LOW: f64 = f64::from_bits(0x0170_0000_0000_0000);
const HIGH: f64 = 9_007_199_254_740_992.0;

/// One term, `coefficient * x^power`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    pub(crate) power: f64,
    pub(crate) coefficient: f64,
}

/// Why there is no single internal rate of return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IrrReason {
    /// All flows have the same sign, or all are 0.
    NoSignChange,
    /// More than one rate makes the flows worth nothing.
    SeveralRoots,
    /// The flows change sign, and yet no rate makes them worth nothing.
    NoRoot,
}

/// The result both forms share: one rate or a reason, and all rates.
#[derive(Clone, Debug)]
pub(crate) struct Rates {
    pub(crate) irr: Option<f64>,
    pub(crate) roots: Vec<f64>,
    pub(crate) reason: Option<IrrReason>,
}

/// All rates above -1, ascending, of terms with rising powers.
pub(crate) fn rates(terms: &[Term]) -> Result<Rates, Error> {
    let limit = |what, found: usize, limit: u32| {
        let found = u64::try_from(found).unwrap_or(u64::MAX);
        if found <= limit.into() {
            return Ok(());
        }
        Err(Error::Limit { field: "flows".into(), what, found, limit: limit.into() })
    };
    let terms: Vec<Term> = terms.iter().copied().filter(|term| term.coefficient != 0.0).collect();
    limit("flows", terms.len(), MAX_FLOWS)?;
    let flows = Sum::new(terms);
    let changes = flows.sign_changes();
    limit("sign changes", changes, MAX_SIGN_CHANGES)?;
    if changes == 0 {
        return Ok(Rates { irr: None, roots: vec![], reason: Some(IrrReason::NoSignChange) });
    }
    // (1 - x) / x, not 1 / x - 1, which would lose the digits of a rate near 0. Falling x is a rising rate.
    let roots: Vec<f64> =
        zeros(flows).into_iter().rev().map(|x| math::unsigned_zero((1.0 - x) / x)).collect();
    let (irr, reason) = match roots.as_slice() {
        [only] => (Some(*only), None),
        [] => (None, Some(IrrReason::NoRoot)),
        _ => (None, Some(IrrReason::SeveralRoots)),
    };
    Ok(Rates { irr, roots, reason })
}

/// All zeros between [`LOW`] and [`HIGH`], ascending.
fn zeros(sum: Sum) -> Vec<f64> {
    let mut levels = vec![sum];
    while let Some(next) = levels.last().and_then(Sum::with_one_change_less) {
        levels.push(next);
    }
    levels.iter().rev().fold(vec![], |cuts, level| level.zeros_between(&cuts))
}

/// A sum of terms with rising powers, none of them 0.
#[derive(Debug)]
struct Sum {
    terms: Vec<Term>,
    /// Twice the number of terms, in units of rounding: the usual bound on the error of evaluating the sum.
    noise: f64,
}

impl Sum {
    /// Scaled by a power of two, which changes no digit, so that no level overflows.
    fn new(mut terms: Vec<Term>) -> Self {
        let largest = terms.iter().fold(0.0_f64, |most, term| most.max(term.coefficient.abs()));
        let (_, exponent) = libm::frexp(largest);
        for term in &mut terms {
            term.coefficient = libm::ldexp(term.coefficient, -exponent);
        }
        terms.retain(|term| term.coefficient != 0.0);
        let noise = 2.0 * math::length(terms.len()) * f64::EPSILON;
        Self { terms, noise }
    }

    /// Neighbours of opposite sign.
    fn changes(&self) -> impl Iterator<Item = &Term> {
        self.terms
            .iter()
            .zip(self.terms.iter().skip(1))
            .filter(|(a, b)| (a.coefficient > 0.0) != (b.coefficient > 0.0))
            .map(|(a, _)| a)
    }

    fn sign_changes(&self) -> usize {
        self.changes().count()
    }

    /// The sum whose zeros separate the zeros of this one; none when this one has no zero.
    fn with_one_change_less(&self) -> Option<Self> {
        let turn = self.changes().next()?.power;
        let terms = self
            .terms
            .iter()
            .map(|term| Term { power: term.power, coefficient: term.coefficient * (term.power - turn) });
        Some(Self::new(terms.filter(|term| term.coefficient != 0.0).collect()))
    }

    /// The sum over the sum of its terms' sizes, -1..1: its sign, and how near to 0 it is.
    fn relative(&self, x: f64) -> f64 {
        // Both ways only factors up to 1 occur, so that nothing overflows; the power left out has no sign.
        let (value, size) =
            if x <= 1.0 { nested(self.terms.iter().rev(), x) } else { nested(self.terms.iter(), 1.0 / x) };
        value / size
    }

    /// The zeros, given points between which there is at most one.
    fn zeros_between(&self, cuts: &[f64]) -> Vec<f64> {
        let mut found = Vec::new();
        let (mut before, mut last) = (LOW, None);
        for &point in [LOW].iter().chain(cuts).chain(&[HIGH]) {
            let value = self.relative(point);
            // CHOICE: a turning point whose value drowns in rounding is one root, a double one, found to the last bit.
            let sign = if value.abs() <= self.noise {
                0_i8
            } else if value > 0.0 {
                1
            } else {
                -1
            };
            match (last, sign) {
                (Some(0), 0) => {}
                (_, 0) => found.push(point),
                (Some(was), now) if was == -now => found.push(self.bisect(before, point)),
                _ => {}
            }
            (before, last) = (point, Some(sign));
        }
        found
    }

    /// The zero between two points of opposite sign, to the last bit.
    fn bisect(&self, low: f64, high: f64) -> f64 {
        let rising = self.relative(low) < 0.0;
        // Positive numbers have the order of their bits, so halving the bits needs at most 64 steps over any range.
        let (mut below, mut above) = (low.to_bits(), high.to_bits());
        while above - below > 1 {
            let middle = below + (above - below) / 2;
            let value = self.relative(f64::from_bits(middle));
            if value == 0.0 {
                return f64::from_bits(middle);
            }
            if (value < 0.0) == rising {
                below = middle;
            } else {
                above = middle;
            }
        }
        let (below, above) = (f64::from_bits(below), f64::from_bits(above));
        if self.relative(below).abs() <= self.relative(above).abs() { below } else { above }
    }
}

/// The terms in the order given, each step multiplied by `x` to the distance of the powers: value and sum of sizes.
fn nested<'a>(terms: impl Iterator<Item = &'a Term>, x: f64) -> (f64, f64) {
    let log = math::ln(x);
    let (mut value, mut size) = (0.0_f64, 0.0_f64);
    let (mut last, mut known_gap, mut factor) = (None, 1.0_f64, x);
    for term in terms {
        let gap = last.map_or(1.0, |power: f64| (term.power - power).abs());
        if gap.to_bits() != known_gap.to_bits() {
            known_gap = gap;
            factor = if gap.to_bits() == 1.0_f64.to_bits() { x } else { math::exp(gap * log) };
        }
        value = value * factor + term.coefficient;
        size = size * factor + term.coefficient.abs();
        last = Some(term.power);
    }
    (value, size)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{IrrReason, Rates, Term, rates};

    fn of(flows: &[f64]) -> Rates {
        let terms: Vec<Term> = flows
            .iter()
            .zip(0_u32..)
            .map(|(&coefficient, t)| Term { power: t.into(), coefficient })
            .collect();
        rates(&terms).unwrap()
    }

    /// Flows whose zeros in x are these.
    fn with_zeros(zeros: &[f64]) -> Vec<f64> {
        zeros.iter().fold(vec![1.0], |flows, zero| {
            let mut next = vec![0.0; flows.len() + 1];
            for (t, flow) in flows.iter().enumerate() {
                next[t] -= flow * zero;
                next[t + 1] += flow;
            }
            next
        })
    }

    #[test]
    fn ten_rates_between_minus_a_half_and_nine_are_all_found() {
        let zeros = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0];
        let found = of(&with_zeros(&zeros));
        assert_eq!((found.roots.len(), found.reason), (10, Some(IrrReason::SeveralRoots)));
        for (root, zero) in found.roots.iter().zip(zeros.iter().rev()) {
            assert_relative_eq!(1.0 / (1.0 + root), *zero, max_relative = 1e-8);
        }
    }

    #[test]
    fn a_double_root_counts_once() {
        let found = of(&[-1.0, 2.5, -1.5625]);
        assert_eq!((found.roots.len(), found.reason), (1, None));
        assert_relative_eq!(found.irr.unwrap(), 0.25, max_relative = 1e-12);
        let found = of(&with_zeros(&[0.8, 0.8, 0.5]));
        assert_eq!(found.roots.len(), 2);
        assert_relative_eq!(found.roots[0], 0.25, max_relative = 1e-12);
        assert_relative_eq!(found.roots[1], 1.0, max_relative = 1e-12);
    }

    #[test]
    fn a_triple_root_counts_once() {
        let found = of(&with_zeros(&[0.5, 0.5, 0.5]));
        assert_eq!(found.roots.len(), 1);
        assert_relative_eq!(found.irr.unwrap(), 1.0, max_relative = 1e-5);
    }

    #[test]
    fn signs_may_change_without_any_root() {
        let found = of(&[1.0, -1.0, 1.0]);
        assert_eq!((found.irr, found.roots.len(), found.reason), (None, 0, Some(IrrReason::NoRoot)));
    }

    #[test]
    fn a_rate_of_zero_is_exactly_zero() {
        assert_eq!(of(&[-3.0, 1.0, 2.0]).irr.unwrap().to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn rates_near_minus_one_and_beyond_a_million_are_found() {
        assert_relative_eq!(of(&[-1e12, 1.0]).irr.unwrap(), -1.0 + 1e-12, max_relative = 1e-12);
        assert_relative_eq!(of(&[-1e-12, 1.0]).irr.unwrap(), 1e12 - 1.0, max_relative = 1e-12);
    }

    #[test]
    fn huge_amounts_and_many_flows_do_not_overflow() {
        let mut flows = vec![1e300; 1_000];
        flows[0] = -5e302;
        let found = of(&flows);
        assert_eq!(found.roots.len(), 1);
        assert!(found.irr.unwrap() > 0.0);
    }

    #[test]
    fn more_flows_or_sign_changes_than_the_limit_are_refused() {
        let terms = |n: u32, flip: bool| -> Vec<Term> {
            (0..n)
                .map(|t| Term {
                    power: t.into(),
                    coefficient: if t == 0 || (flip && t % 2 == 0) { -1.0 } else { 1.0 },
                })
                .collect()
        };
        assert!(rates(&terms(1_000, false)).is_ok());
        assert_eq!(rates(&terms(1_001, false)).unwrap_err().code(), "limit");
        assert_eq!(rates(&terms(252, true)).unwrap_err().code(), "limit");
    }
}
