//! The worst or the best child.

use super::{Child, Children, Fill, Sums};
use crate::lane::Lane;

/// The least or greatest of the children that carry weight.
#[inline(always)]
pub(super) fn extreme<N: Lane>(
    greatest: bool,
    fill: Fill,
    s: &Sums<N>,
    children: impl Children<N>,
) -> (N, N, N) {
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
