//! One group of children to one unit, with its bounds and coverage. The only place where a tree is computed.
//!
//! Every sum runs over the children in the order in which the model declares them. Notation as in
//! `docs/formulas/score.md`: `w` weight, `d` the factor of an answer (1, or less as it ages), `u` unit,
//! `W` weight of all applicable children, `P` of the present ones.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

mod contribution;
mod extreme;
mod headroom;
mod power;

pub(crate) use self::contribution::{contribution, ties};
use self::extreme::extreme;
use self::headroom::headroom;
pub(crate) use self::power::{Power, PowerSums, power};
use crate::divisor::Divisor;
use crate::lane::Lane;

/// The state of one child, leaf or group, before its group weighs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Child<N: Lane> {
    /// The weight in the group.
    pub weight: f64,
    /// Where the child applies; elsewhere its weight leaves the model.
    pub applicable: N::Mask,
    /// `d`: 1 where it counts fully, 0 where it is missing.
    pub factor: N,
    /// `w d`: the weight that is answered.
    pub present: N,
    /// `w (a - d)`: the weight that is missing.
    pub missing: N,
    /// `u`; 0 where it is missing.
    pub unit: N,
    /// `d u`: what of the unit is known.
    pub known: N,
    /// What it is worth at least: for a leaf `d u`, for a group its own lower bound.
    pub lower: N,
    /// What it is worth at most: for a leaf `d u + (1 - d)`, for a group its own upper bound.
    pub upper: N,
    /// How much of it is answered.
    pub coverage: N,
    /// How much of it is backed by the customer or a measurement.
    pub validated: N,
    /// How much of it is fresh.
    pub fresh: N,
    /// Whether the child is an uplift child of a headroom group.
    pub uplift: bool,
    /// Whether the child is a leaf: an aged leaf is part answer, part missing.
    pub leaf: bool,
}

impl<N: Lane> Child<N> {
    /// A leaf with its answer's unit and factor, and where it is backed and fresh.
    #[inline(always)]
    pub(crate) fn of_leaf(
        weight: f64,
        uplift: bool,
        unit: N,
        factor: N,
        applicable: N::Mask,
        (backed, fresh): (N::Mask, N::Mask),
    ) -> Self {
        let (w, one) = (N::splat(weight), N::splat(1.0));
        let known = factor * unit;
        let rest = (one - factor).keep(applicable);
        Self {
            weight,
            applicable,
            factor,
            present: w * factor,
            missing: w * rest,
            unit,
            known,
            lower: known,
            upper: known + rest,
            coverage: factor,
            validated: N::flag(backed),
            fresh: N::flag(fresh),
            uplift,
            leaf: true,
        }
    }

    /// A leaf that always applies and whose answers count fully: present or missing.
    #[inline(always)]
    pub(crate) fn of_answer(weight: f64, uplift: bool, unit: N, present: N::Mask, every: N::Mask) -> Self {
        let (w, one) = (N::splat(weight), N::splat(1.0));
        let missing = N::not(present);
        Self {
            weight,
            applicable: every,
            factor: one.keep(present),
            present: w.keep(present),
            missing: w.keep(missing),
            unit,
            known: unit,
            lower: unit,
            upper: unit + one.keep(missing),
            coverage: one.keep(present),
            validated: N::splat(0.0),
            fresh: N::splat(0.0),
            uplift,
            leaf: true,
        }
    }

    /// A group by its result.
    #[inline(always)]
    pub(crate) fn of_group(weight: f64, uplift: bool, state: &Outcome<N>) -> Self {
        let w = N::splat(weight);
        let absent = N::both(state.applicable, N::not(state.scored));
        Self {
            weight,
            applicable: state.applicable,
            factor: N::flag(state.scored),
            present: w.keep(state.scored),
            missing: w.keep(absent),
            unit: state.unit,
            known: state.unit,
            lower: state.lower,
            upper: state.upper,
            coverage: state.coverage,
            validated: state.validated,
            fresh: state.fresh,
            uplift,
            leaf: false,
        }
    }

    /// No child: it weighs nothing.
    #[inline(always)]
    pub(crate) fn nothing() -> Self {
        let (zero, never) = (N::splat(0.0), N::mask(0));
        Self::of_leaf(0.0, false, zero, zero, never, (never, never))
    }
}

/// The children of a group, in the order of the model.
pub(crate) trait Children<N: Lane>: Copy {
    /// How many there are.
    fn count(&self) -> usize;
    /// The child at a place below the count.
    fn child(&self, place: usize) -> Child<N>;
}

/// What a group computes with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Weighted arithmetic mean.
    Mean,
    /// Weighted geometric mean.
    Geometric,
    /// Weighted harmonic mean.
    Harmonic,
    /// The worst child.
    Min,
    /// The best child.
    Max,
    /// Mean of the base, uplift in the room above it.
    Headroom,
}

impl Kind {
    /// The mean whose sums are not of units, if it is one.
    pub(crate) const fn power(self) -> Option<Power> {
        match self {
            Self::Geometric => Some(Power::Geometric),
            Self::Harmonic => Some(Power::Harmonic),
            _ => None,
        }
    }
}

/// The unit that missing weight gets, if it gets one.
pub(crate) type Fill = Option<f64>;

/// The result of a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome<N: Lane> {
    /// Where any child applies.
    pub applicable: N::Mask,
    /// Where there is a unit.
    pub scored: N::Mask,
    /// The unit; 0 where there is none.
    pub unit: N,
    /// The least the unit can be once everything is answered.
    pub lower: N,
    /// The most it can be.
    pub upper: N,
    /// The share of the weight that is answered.
    pub coverage: N,
    /// The share backed by the customer or a measurement.
    pub validated: N,
    /// The share that is fresh.
    pub fresh: N,
    /// What contributions are divided by: `P`, or `W` where missing weight gets a unit.
    pub divisor: N,
    /// The mean of the base children of a headroom group.
    pub base: N,
}

/// Sums over the children, in their order.
#[derive(Clone, Copy)]
pub(crate) struct Sums<N> {
    pub all: N,
    pub present: N,
    pub missing: N,
    pub units: N,
    lower: N,
    /// What the upper bound has above the lower one.
    gap: N,
    coverage: N,
    validated: N,
    fresh: N,
}

impl<N: Lane> Sums<N> {
    /// Nothing summed yet.
    #[inline(always)]
    pub(crate) fn zero() -> Self {
        let zero = N::splat(0.0);
        Self {
            all: zero,
            present: zero,
            missing: zero,
            units: zero,
            lower: zero,
            gap: zero,
            coverage: zero,
            validated: zero,
            fresh: zero,
        }
    }

    /// Adds a child. The sums that an aggregator does not use cost nothing: the compiler drops them.
    #[inline(always)]
    pub(crate) fn add(&mut self, child: &Child<N>) {
        let w = N::splat(child.weight);
        self.all = self.all + w.keep(child.applicable);
        self.present = self.present + child.present;
        self.missing = self.missing + child.missing;
        self.units = self.units + w * child.known;
        self.lower = self.lower + w * child.lower;
        self.gap = self.gap + w * (child.upper - child.lower);
        self.coverage = self.coverage + w * child.coverage;
        self.validated = self.validated + w * child.validated;
        self.fresh = self.fresh + w * child.fresh;
    }

    /// Adds a leaf that always applies and whose answer counts fully, where there is one; elsewhere `unit` may be anything.
    #[inline(always)]
    pub(crate) fn add_answer(&mut self, weight: f64, unit: N, present: N::Mask) {
        let w = N::splat(weight);
        self.present = self.present.plus_where(present, w);
        self.missing = self.missing.plus_where(N::not(present), w);
        self.units = self.units + w.times_where(present, unit);
    }

    /// As [`Sums::add_answer`] with a weight of 1. What is missing is the rest of the whole then, and not summed.
    #[inline(always)]
    pub(crate) fn add_answer_of_one(&mut self, unit: N, present: N::Mask) {
        self.present = self.present.plus_where(present, N::splat(1.0));
        self.units = self.units.plus_where(present, unit);
    }

    /// Of leaves alone, some sums are the same number by definition; saying so lets the compiler drop those too.
    #[inline(always)]
    pub(crate) fn of_leaves(self) -> Self {
        Self { lower: self.units, gap: self.missing, coverage: self.present, ..self }
    }
}

/// One pass over the children: those of the base or the uplift of a headroom group, or all.
#[inline(always)]
fn sums<N: Lane>(children: impl Children<N>, uplift: Option<bool>) -> Sums<N> {
    let mut s = Sums::zero();
    for place in 0..children.count() {
        let child = children.child(place);
        if uplift.is_none_or(|uplift| uplift == child.uplift) {
            s.add(&child);
        }
    }
    s
}

impl<N: Lane> Sums<N> {
    /// `A / P`; bounds with the missing weight at 0 and at 1.
    ///
    /// What is known and what is missing may exceed their whole in the last bit; a unit never exceeds 1.
    #[inline(always)]
    fn mean(&self, fill: Fill, whole: Option<&Divisor>) -> (N, N, N) {
        let one = N::splat(1.0);
        let unit = match fill {
            None => ratio(self.units, self.present),
            Some(u0) => ratio(self.units + self.missing * N::splat(u0), self.all).least(one),
        };
        let (lower, upper) = self.bounds(whole);
        (unit, lower, upper)
    }

    /// The mean with the missing weight at 0 and at 1.
    #[inline(always)]
    fn bounds(&self, whole: Option<&Divisor>) -> (N, N) {
        let upper = share(self.lower + self.gap, self.all, whole).least(N::splat(1.0));
        (share(self.lower, self.all, whole), upper)
    }

    /// Whether what is known of some account is so small that its bounds must be [divided](Lane::over) plainly.
    #[inline(always)]
    pub(crate) fn is_tiny(&self) -> bool {
        let tiny = N::splat(Divisor::LEAST).above(self.lower);
        N::bits(N::both(tiny, self.lower.above(N::splat(0.0)))) != 0
    }
}

/// `value / by` where `by` is positive, else 0.
#[inline(always)]
fn ratio<N: Lane>(value: N, by: N) -> N {
    let zero = N::splat(0.0);
    // Divided everywhere and kept where it has a meaning: that takes fewer steps than asking first.
    (value / by).keep(by.above(zero))
}

/// The share of a weight; `whole`, where it is known, is that weight.
#[inline(always)]
fn share<N: Lane>(value: N, all: N, whole: Option<&Divisor>) -> N {
    match whole {
        Some(whole) => value.over(whole),
        None => ratio(value, all),
    }
}

/// What a group asks of its children besides their units.
#[derive(Clone, Copy)]
pub(crate) struct Demands<N: Lane> {
    /// The unit that missing weight gets, if it gets one.
    pub fill: Fill,
    /// The least coverage that is enough: one that rounds to the demanded one in billionths is, and the comparison needs
    /// no rounding of its own.
    pub least_coverage: f64,
    /// Where every required child has a score.
    pub permits: N::Mask,
    /// The weight of all children, where all of them apply to every account and no sum [is tiny](Sums::is_tiny).
    pub whole: Option<Divisor>,
}

/// Computes one group. `leaves` says that every child is a leaf.
#[inline(always)]
pub(crate) fn group<N: Lane>(
    kind: Kind,
    leaves: bool,
    demands: Demands<N>,
    children: impl Children<N>,
) -> Outcome<N> {
    let fill = demands.fill;
    if let Some(mean) = kind.power() {
        return power::<N, true>(mean, leaves, demands, children);
    }
    if kind == Kind::Headroom {
        return judged(headroom(fill, children), demands);
    }
    let s = sums::<N>(children, None);
    let s = if leaves { s.of_leaves() } else { s };
    let bounds = match kind {
        Kind::Min => extreme(false, fill, &s, children),
        Kind::Max => extreme(true, fill, &s, children),
        _ => s.mean(fill, None),
    };
    conclude(&s, bounds, demands)
}

/// A weighted mean from its sums.
#[inline(always)]
pub(crate) fn mean<N: Lane>(s: &Sums<N>, demands: Demands<N>) -> Outcome<N> {
    let whole = demands.whole.as_ref();
    if demands.fill.is_some() {
        return conclude(s, s.mean(demands.fill, whole), demands);
    }
    // Where nothing is present, nothing is scored: the quotient is taken away then.
    let (lower, upper) = s.bounds(whole);
    conclude(s, (s.units / s.present, lower, upper), demands)
}

#[inline(always)]
fn conclude<N: Lane>(s: &Sums<N>, (unit, lower, upper): (N, N, N), demands: Demands<N>) -> Outcome<N> {
    let zero = N::splat(0.0);
    let counted = if demands.fill.is_some() { s.all } else { s.present };
    let outcome = Outcome {
        applicable: s.all.above(zero),
        scored: counted.above(zero),
        unit,
        lower,
        upper,
        coverage: share(s.coverage, s.all, demands.whole.as_ref()),
        validated: ratio(s.validated, s.all),
        fresh: ratio(s.fresh, s.all),
        divisor: counted,
        base: zero,
    };
    judged(outcome, demands)
}

/// Takes the unit away where too little is answered or a required child has none.
#[inline(always)]
fn judged<N: Lane>(mut out: Outcome<N>, demands: Demands<N>) -> Outcome<N> {
    let may = N::both(out.scored, demands.permits);
    out.scored = out.coverage.reaches_where(may, N::splat(demands.least_coverage));
    out.unit = out.unit.keep(out.scored);
    out
}
