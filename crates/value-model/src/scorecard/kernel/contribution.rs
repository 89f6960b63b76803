//! What each child gives to the unit of its group.

use super::{Child, Children, Fill, Kind, Outcome, ratio};
use crate::lane::Lane;

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
