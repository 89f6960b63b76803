//! Weighted means of groups.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, Bits, EVERY, ROWS};
use super::child::Branch;
use super::room::States;
use crate::lane::Lane;
use crate::scorecard::CompiledGroup;
use crate::scorecard::kernel::{self, Demands, Sums};

/// A weighted mean of groups in which missing weight leaves.
#[derive(Clone, Copy)]
pub(super) struct Fork<'a> {
    pub(super) group: &'a CompiledGroup,
    pub(super) branches: &'a [Branch<'a>],
    /// The weight of all of them.
    pub(super) all: f64,
    pub(super) rows: usize,
}

impl Fork<'_> {
    #[inline(always)]
    pub(super) fn mean<N: Lane, const DEPTH: u8>(self, states: &mut States) {
        let mut permits = EVERY;
        for branch in self.branches.iter().filter(|branch| branch.required) {
            permits = bits::zip(&permits, &branch.states.missing(), |permits, missing| permits & !missing);
        }
        if self.branches.iter().all(|branch| branch.states.always_applies()) {
            self.tiles::<N, DEPTH, true>(&permits, states);
        } else {
            self.tiles::<N, DEPTH, false>(&permits, states);
        }
    }

    /// Two registers of accounts at a time. `ALWAYS` says that each branch applies to everybody.
    #[inline(always)]
    fn tiles<N: Lane, const DEPTH: u8, const ALWAYS: bool>(self, permits: &Bits, states: &mut States) {
        let width = 2 * N::WIDTH;
        let whole = self.group.whole.filter(|_| ALWAYS);
        for tile in 0..self.rows.div_ceil(width).min(ROWS / width) {
            let row = tile * width;
            let [mut near, mut far] = [Sums::<N>::zero(); 2];
            for branch in self.branches {
                let [scored, applicable] =
                    [&branch.states.scored, &branch.states.applicable].map(|set| bits::from(set, row));
                near.add(&branch.child::<N, ALWAYS>(row, (scored, applicable), 0));
                far.add(&branch.child::<N, ALWAYS>(row, (scored, applicable), N::WIDTH));
            }
            let permits = bits::from(permits, row);
            let whole = whole.filter(|_| DEPTH == 0 || !(near.is_tiny() || far.is_tiny()));
            let (mut scored, mut applicable) = (0, 0);
            for (mut sums, at) in [(near, 0), (far, N::WIDTH)] {
                if ALWAYS {
                    sums.all = N::splat(self.all);
                }
                let permits = N::mask_at(permits, at);
                let demands =
                    Demands { fill: None, least_coverage: self.group.least_coverage, permits, whole };
                let outcome = kernel::mean(&sums, demands);
                scored |= N::bits(outcome.scored) << at;
                applicable |= N::bits(outcome.applicable) << at;
                states.put_numbers::<N, DEPTH>(row + at, &outcome);
            }
            bits::put(&mut states.scored, row, scored);
            if !ALWAYS {
                bits::put(&mut states.applicable, row, applicable);
            }
        }
        if ALWAYS {
            states.applicable = EVERY;
        }
    }
}
