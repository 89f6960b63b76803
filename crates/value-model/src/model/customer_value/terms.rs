//! The arithmetic of the formula, written once: for one customer, and for several side by side.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use crate::lane::Lane;

/// The terms of the formula and what they give. Nothing is checked here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms<N> {
    pub(super) benefits: N,
    pub(super) costs: N,
    /// What the alternative takes away from the gross value.
    pub(super) against: N,
    pub(super) gross: N,
    pub(super) net: N,
}

impl<N: Lane> Terms<N> {
    #[inline(always)]
    pub(super) fn of(benefits: N, costs: N, against: N) -> Self {
        let gross = benefits - costs;
        let net = gross - against;
        Self { benefits, costs, against, gross: unsigned(gross), net: unsigned(net) }
    }

    #[inline(always)]
    pub(super) fn benefit_cost_ratio(self) -> N {
        quotient(self.benefits, self.costs)
    }

    /// Benefits and costs together, of which the index is a share.
    #[inline(always)]
    pub(super) fn both(self) -> N {
        self.benefits + self.costs
    }

    #[inline(always)]
    pub(super) fn index(self) -> N {
        N::splat(100.0) * quotient(self.benefits, self.both())
    }

    /// The benefits without which nothing is left.
    #[inline(always)]
    pub(super) fn needed(self) -> N {
        self.costs + self.against
    }

    #[inline(always)]
    pub(super) fn break_even_haircut(self) -> N {
        unsigned(N::splat(1.0) - quotient(self.needed(), self.benefits))
    }
}

/// A part of a whole.
#[inline(always)]
pub(super) fn quotient<N: Lane>(part: N, whole: N) -> N {
    unsigned(part / whole)
}

/// The same number without the sign of a zero: see [`unsigned_zero`](crate::math::unsigned_zero).
#[inline(always)]
fn unsigned<N: Lane>(x: N) -> N {
    x + N::splat(0.0)
}
