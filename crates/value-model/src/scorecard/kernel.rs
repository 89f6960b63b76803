//! One group of children to one unit, with its bounds and coverage. The only place where a tree is computed.
//!
//! Every sum runs over the children in the order in which the model declares them. Notation as in
//! `docs/formulas/score.md`: `w` weight, `d` the factor of an answer (1, or less as it ages), `u` unit,
//! `W` weight of all applicable children, `P` of the present ones.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

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
    fn mean(&self, fill: Fill) -> (N, N, N) {
        let one = N::splat(1.0);
        let unit = match fill {
            None => ratio(self.units, self.present),
            Some(u0) => ratio(self.units + self.missing * N::splat(u0), self.all).least(one),
        };
        (unit, ratio(self.lower, self.all), ratio(self.lower + self.gap, self.all).least(one))
    }
}

/// `value / by` where `by` is positive, else 0.
#[inline(always)]
fn ratio<N: Lane>(value: N, by: N) -> N {
    let zero = N::splat(0.0);
    let positive = by.above(zero);
    N::select(positive, value / N::select(positive, by, N::splat(1.0)), zero)
}

/// What a group asks of its children besides their units.
#[derive(Clone, Copy)]
pub(crate) struct Demands<N: Lane> {
    /// The unit that missing weight gets, if it gets one.
    pub fill: Fill,
    /// The least coverage in billionths, less one half: a coverage that rounds to it is enough, and the comparison
    /// needs no rounding of its own.
    pub least_coverage: f64,
    /// Where every required child has a score.
    pub permits: N::Mask,
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
    if kind == Kind::Headroom {
        return judged(headroom(fill, children), demands);
    }
    let s = sums::<N>(children, None);
    let s = if leaves { s.of_leaves() } else { s };
    let bounds = match kind {
        Kind::Geometric => geometric(fill, &s, children),
        Kind::Harmonic => harmonic(fill, &s, children),
        Kind::Min => extreme(false, fill, &s, children),
        Kind::Max => extreme(true, fill, &s, children),
        Kind::Mean | Kind::Headroom => s.mean(fill),
    };
    conclude(&s, bounds, demands)
}

/// A weighted mean from its sums.
#[inline(always)]
pub(crate) fn mean<N: Lane>(s: &Sums<N>, demands: Demands<N>) -> Outcome<N> {
    conclude(s, s.mean(demands.fill), demands)
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
        coverage: ratio(s.coverage, s.all),
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
    let short = N::splat(demands.least_coverage).above(out.coverage * N::splat(1e9));
    out.scored = N::both(out.scored, N::both(N::not(short), demands.permits));
    out.unit = out.unit.keep(out.scored);
    out
}

/// The parts of a child for bounds that are not linear: its answered weight at its unit, the rest missing.
///
/// A group child has no missing rest of its own: its bounds already hold it.
#[inline(always)]
fn parts<N: Lane>(child: &Child<N>) -> (N, N, N, N) {
    if child.leaf {
        (child.present, child.unit, child.unit, child.missing)
    } else {
        (N::splat(child.weight).keep(child.applicable), child.lower, child.upper, N::splat(0.0))
    }
}

/// `exp(sum w d ln u / P)`; any 0 gives 0.
#[inline(always)]
fn geometric<N: Lane>(fill: Fill, s: &Sums<N>, children: impl Children<N>) -> (N, N, N) {
    power_mean(Power::Geometric, fill, s, children)
}

/// `P / sum(w d / u)`; any 0 gives 0.
#[inline(always)]
fn harmonic<N: Lane>(fill: Fill, s: &Sums<N>, children: impl Children<N>) -> (N, N, N) {
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

/// The least or greatest of the children that carry weight.
#[inline(always)]
fn extreme<N: Lane>(greatest: bool, fill: Fill, s: &Sums<N>, children: impl Children<N>) -> (N, N, N) {
    let (zero, one) = (N::splat(0.0), N::splat(1.0));
    let neutral = if greatest { zero } else { one };
    let (mut unit, mut lower, mut upper) = (neutral, neutral, neutral);
    for place in 0..children.count() {
        let child = children.child(place);
        unit = take(greatest, unit, child.present, child.unit);
        let (w, low, high, rest) = parts(&child);
        lower = take(greatest, take(greatest, lower, w, low), rest, zero);
        upper = take(greatest, take(greatest, upper, w, high), rest, one);
    }
    if let Some(u0) = fill {
        unit = take(greatest, unit, s.missing, N::splat(u0));
    }
    let counted = if fill.is_some() { s.all } else { s.present };
    (unit.keep(counted.above(zero)), lower.keep(s.all.above(zero)), upper.keep(s.all.above(zero)))
}

/// The better or worse of two units, where the second has a weight.
#[inline(always)]
fn take<N: Lane>(greatest: bool, best: N, w: N, u: N) -> N {
    let picked = if greatest { best.greatest(u) } else { best.least(u) };
    N::select(w.above(N::splat(0.0)), picked, best)
}

/// `B + (1 - B) * sum b_k d_k u_k`: base children share a weight of 1, uplift children add their `b_k`.
#[inline(always)]
fn headroom<N: Lane>(fill: Fill, children: impl Children<N>) -> Outcome<N> {
    let (zero, one) = (N::splat(0.0), N::splat(1.0));
    let s = sums::<N>(children, Some(false));
    let up = sums::<N>(children, Some(true));
    let (b, b_lower, b_upper) = s.mean(fill);
    // Without an applicable base the group leaves its parent, and answers to the uplift leave with it.
    let applicable = s.all.above(zero);
    let whole = one + up.all;
    let counted = if fill.is_some() { s.all } else { s.present };
    Outcome {
        applicable,
        scored: counted.above(zero),
        unit: lifted(b, up.units).keep(applicable),
        lower: lifted(b_lower, up.lower).keep(applicable),
        upper: lifted(b_upper, up.lower + up.gap).keep(applicable),
        coverage: ((ratio(s.coverage, s.all) + up.coverage) / whole).keep(applicable),
        validated: ((ratio(s.validated, s.all) + up.validated) / whole).keep(applicable),
        fresh: ((ratio(s.fresh, s.all) + up.fresh) / whole).keep(applicable),
        divisor: counted,
        base: b,
    }
}

/// A base with an uplift in the room above it.
#[inline(always)]
fn lifted<N: Lane>(base: N, lift: N) -> N {
    let one = N::splat(1.0);
    // Weights that sum to 1 may exceed it in the last bit; a unit never does.
    base + (one - base) * lift.least(one)
}

/// What one child contributes to its group's unit. The children's contributions sum to it.
///
/// `c = w d u^p M^(1-p) / P` for the power means (1, 0, -1 for mean, geometric, harmonic); the extreme child for
/// least and greatest, ties split (`ties` is how many share it); base and uplift parts for headroom. A child that is
/// partly missing where missing weight gets a unit has both parts in one.
#[inline(always)]
pub(crate) fn contribution<N: Lane>(
    kind: Kind,
    fill: Fill,
    group: &Outcome<N>,
    child: &Child<N>,
    ties: N,
) -> N {
    let zero = N::splat(0.0);
    let points = if matches!(kind, Kind::Min | Kind::Max) {
        stands_at(fill, group.unit, child) * group.unit / ties
    } else {
        let filled = match fill {
            Some(u0) if !child.uplift => share(kind, child.uplift, group, child.missing, N::splat(u0)),
            _ => zero,
        };
        share(kind, child.uplift, group, child.present, child.unit) + filled
    };
    N::select(group.unit.above(zero), points, zero)
}

/// What a part of a child's weight gives when it stands at unit `u`.
#[inline(always)]
fn share<N: Lane>(kind: Kind, uplift: bool, group: &Outcome<N>, weight: N, u: N) -> N {
    let zero = N::splat(0.0);
    let points = match kind {
        Kind::Geometric => ratio(weight * group.unit, group.divisor),
        Kind::Harmonic => ratio(ratio(weight, u) * group.unit * group.unit, group.divisor),
        Kind::Headroom if uplift => (N::splat(1.0) - group.base) * weight * u,
        Kind::Mean | Kind::Headroom => ratio(weight * u, group.divisor),
        Kind::Min | Kind::Max => zero,
    };
    N::select(weight.above(zero), points, zero)
}

/// How many children of a least or greatest group stand at its unit.
#[inline(always)]
pub(crate) fn ties<N: Lane>(fill: Fill, group: &Outcome<N>, children: impl Children<N>) -> N {
    let mut n = N::splat(0.0);
    for place in 0..children.count() {
        n = n + stands_at(fill, group.unit, &children.child(place));
    }
    n.greatest(N::splat(1.0))
}

/// 1 where the child, or the unit that stands in for its missing part, is at this unit, else 0.
#[inline(always)]
fn stands_at<N: Lane>(fill: Fill, unit: N, child: &Child<N>) -> N {
    let at = stands(unit, child.present, child.unit);
    match fill {
        Some(u0) => at.greatest(stands(unit, child.missing, N::splat(u0))),
        None => at,
    }
}

/// 1 where something with a weight is at this unit, else 0.
#[inline(always)]
fn stands<N: Lane>(unit: N, weight: N, u: N) -> N {
    N::splat(1.0).keep(N::both(weight.above(N::splat(0.0)), u.same(unit)))
}
