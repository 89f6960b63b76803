//! A mean of base children, with uplift children in the room above it.

use super::{Children, Fill, Outcome, ratio, sums};
use crate::lane::Lane;

/// `B + (1 - B) * sum b_k d_k u_k`: base children share a weight of 1, uplift children add their `b_k`.
#[inline(always)]
pub(super) fn headroom<N: Lane>(fill: Fill, children: impl Children<N>) -> Outcome<N> {
    let (zero, one) = (N::splat(0.0), N::splat(1.0));
    let s = sums::<N>(children, Some(false));
    let up = sums::<N>(children, Some(true));
    let (b, b_lower, b_upper) = s.mean(fill, None);
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
