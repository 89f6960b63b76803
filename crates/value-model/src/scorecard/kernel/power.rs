//! The means whose sums are not of units: geometric and harmonic.

use super::{Child, Children, Demands, Fill, Outcome, Sums, conclude, ratio};
use crate::lane::Lane;

/// A mean whose sums are not of units. Named functions, because a closure may stay a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Power {
    /// `exp(sum w d ln u / P)`; any 0 gives 0.
    Geometric,
    /// `P / sum(w d / u)`; any 0 gives 0.
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

/// Computes one group; without `BOUNDS` those are 0. A bound takes as long as the unit where children are groups.
#[inline(always)]
pub(crate) fn power<N: Lane, const BOUNDS: bool>(
    power: Power,
    leaves: bool,
    demands: Demands<N>,
    children: impl Children<N>,
) -> Outcome<N> {
    let mut sums = Sums::zero();
    let mut powers = PowerSums::zero();
    for place in 0..children.count() {
        let child = children.child(place);
        sums.add(&child);
        powers.add::<BOUNDS>(power, &child);
    }
    let sums = if leaves { sums.of_leaves() } else { sums };
    powers.outcome::<BOUNDS>(power, &sums, demands)
}

/// Sums of what the units of children become, for the unit of the group and for its bounds.
#[derive(Clone, Copy)]
pub(crate) struct PowerSums<N> {
    unit: N,
    lower: N,
    upper: N,
}

impl<N: Lane> PowerSums<N> {
    /// Nothing summed yet.
    #[inline(always)]
    pub(crate) fn zero() -> Self {
        let zero = N::splat(0.0);
        Self { unit: zero, lower: zero, upper: zero }
    }

    /// Adds a child.
    #[inline(always)]
    pub(crate) fn add<const BOUNDS: bool>(&mut self, power: Power, child: &Child<N>) {
        let known = power.transform(child.present, child.unit);
        self.unit = self.unit + known;
        if !BOUNDS {
            return;
        }
        if child.leaf {
            // What is answered stands at its unit in both bounds: one logarithm serves all three.
            self.lower = self.lower + known + power.worst(child.missing);
            self.upper = self.upper + known + power.best(child.missing);
        } else {
            let (w, zero) = (N::splat(child.weight).keep(child.applicable), N::splat(0.0));
            self.lower = self.lower + power.transform(w, child.lower) + zero;
            self.upper = self.upper + power.transform(w, child.upper) + zero;
        }
    }

    /// The group, from these sums and those of weights.
    #[inline(always)]
    pub(crate) fn outcome<const BOUNDS: bool>(
        &self,
        power: Power,
        sums: &Sums<N>,
        demands: Demands<N>,
    ) -> Outcome<N> {
        conclude(sums, self.back::<BOUNDS>(power, demands.fill, sums), demands)
    }

    /// The unit and its bounds.
    #[inline(always)]
    fn back<const BOUNDS: bool>(&self, power: Power, fill: Fill, sums: &Sums<N>) -> (N, N, N) {
        let (unit, weight) = match fill {
            None => (self.unit, sums.present),
            Some(u0) => (self.unit + power.transform(sums.missing, N::splat(u0)), sums.all),
        };
        let unit = power.back(unit, weight);
        if BOUNDS {
            (unit, power.back(self.lower, sums.all), power.back(self.upper, sums.all))
        } else {
            (unit, N::splat(0.0), N::splat(0.0))
        }
    }
}
