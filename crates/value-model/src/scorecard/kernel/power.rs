//! The means whose sums are not of units: geometric and harmonic.

use super::{Children, Fill, Sums, ratio};
use crate::lane::Lane;

/// `exp(sum w d ln u / P)`; any 0 gives 0.
#[inline(always)]
pub(super) fn geometric<N: Lane>(fill: Fill, s: &Sums<N>, children: impl Children<N>) -> (N, N, N) {
    power_mean(Power::Geometric, fill, s, children)
}

/// `P / sum(w d / u)`; any 0 gives 0.
#[inline(always)]
pub(super) fn harmonic<N: Lane>(fill: Fill, s: &Sums<N>, children: impl Children<N>) -> (N, N, N) {
    power_mean(Power::Harmonic, fill, s, children)
}

/// The means whose sums are not of units. Named functions, because a closure may stay a call.
#[derive(Clone, Copy)]
enum Power {
    Geometric,
    Harmonic,
}

impl Power {
    /// A child's part of the sum.
    #[inline(always)]
    fn transform<N: Lane>(self, w: N, u: N) -> N {
        let part = match self {
            // ln 0 is minus infinity and exp of it 0, so a zero needs no case of its own.
            Self::Geometric => w * u.ln(),
            // w / 0 is infinity and P / infinity 0, so a zero needs no case of its own.
            Self::Harmonic => w / u,
        };
        N::select(w.above(N::splat(0.0)), part, N::splat(0.0))
    }

    /// The part of a weight that stands at 0.
    #[inline(always)]
    fn worst<N: Lane>(self, w: N) -> N {
        let part = match self {
            Self::Geometric => f64::NEG_INFINITY,
            Self::Harmonic => f64::INFINITY,
        };
        N::splat(part).keep(w.above(N::splat(0.0)))
    }

    /// The part of a weight that stands at 1.
    #[inline(always)]
    fn best<N: Lane>(self, w: N) -> N {
        match self {
            Self::Geometric => N::splat(0.0),
            Self::Harmonic => w,
        }
    }

    /// The unit from the sum; 0 where there is no weight.
    #[inline(always)]
    fn back<N: Lane>(self, sum: N, weight: N) -> N {
        let unit = match self {
            Self::Geometric => ratio(sum, weight).exp(),
            // Parts of a weight may fall short of it in the last bit; a unit never exceeds 1.
            Self::Harmonic => ratio(weight, sum).least(N::splat(1.0)),
        };
        N::select(weight.above(N::splat(0.0)), unit, N::splat(0.0))
    }
}

#[inline(always)]
fn power_mean<N: Lane>(power: Power, fill: Fill, s: &Sums<N>, children: impl Children<N>) -> (N, N, N) {
    let zero = N::splat(0.0);
    let (mut a, mut lower, mut upper) = (zero, zero, zero);
    for place in 0..children.count() {
        let child = children.child(place);
        let known = power.transform(child.present, child.unit);
        a = a + known;
        if child.leaf {
            // What is answered stands at its unit in both bounds: one logarithm serves all three.
            lower = lower + known + power.worst(child.missing);
            upper = upper + known + power.best(child.missing);
        } else {
            let w = N::splat(child.weight).keep(child.applicable);
            lower = lower + power.transform(w, child.lower) + zero;
            upper = upper + power.transform(w, child.upper) + zero;
        }
    }
    let (unit, weight) = match fill {
        None => (a, s.present),
        Some(u0) => (a + power.transform(s.missing, N::splat(u0)), s.all),
    };
    (power.back(unit, weight), power.back(lower, s.all), power.back(upper, s.all))
}
