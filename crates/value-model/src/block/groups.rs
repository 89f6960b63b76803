//! Every group of a block, children before parents.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, Bits, EVERY, NONE, ROWS};
use super::child::{Branches, Kid, Known, Tile};
use super::fork::Fork;
use super::power::{self, Raws};
use super::room::{Block, Depth, Input, Reading, States};
use super::walk::Walk;
use crate::lane::Lane;
use crate::scorecard::kernel::{self, Demands};
use crate::scorecard::{CompiledGroup, Kind, Plan};

impl Block {
    /// Computes every group.
    #[inline(always)]
    pub(super) fn groups<N: Lane>(&mut self, plan: &Plan, input: &Input<'_>) {
        match self.depth {
            Depth::Score => self.each::<N, 0>(plan, input),
            Depth::Bounds => self.each::<N, 1>(plan, input),
            // One body for both: each more of them makes the frame of a build without optimisation larger.
            Depth::Parts | Depth::Shares => self.each::<N, 2>(plan, input),
        }
    }

    #[inline(always)]
    fn each<N: Lane, const DEPTH: u8>(&mut self, plan: &Plan, input: &Input<'_>) {
        for (index, group) in plan.groups.iter().enumerate().rev() {
            let reading = self.readings.get(index).copied().unwrap_or(Reading::Units);
            let (states, later) = self.states.split_at_mut(index + 1);
            let Some(states) = states.last_mut() else { continue };
            (states.scored, states.applicable) = (NONE, NONE);
            let (lines, leaves) = (&self.lines, &self.leaves);
            let known = Known { plan, input, lines, leaves, states: later, first: index + 1 };
            if let (Reading::Raw, Some(mean)) = (reading, group.kind.power()) {
                let (raws, refused) = (known.raws(group, reading), &mut self.refused);
                Raws { group, list: &raws, rows: input.rows, refused }.mean::<N, DEPTH>(mean, states);
                continue;
            }
            if reading == Reading::Raw {
                let (carried, refused) = (&mut self.carried, &mut self.refused);
                let all = lines.weight(index);
                Walk { group, known, all, rows: input.rows, carried, refused }.sum::<N, DEPTH>(states);
                continue;
            }
            let plain = group.kind == Kind::Mean && group.fill.is_none() && !group.fails();
            if let Some(branches) = plain.then(|| Branches::of(known, group)).flatten() {
                let all = lines.weight(index);
                let fork = Fork { group, branches: branches.as_slice(), all, rows: input.rows };
                fork.mean::<N, DEPTH>(states);
                continue;
            }
            let kids = known.kids(group, &[]);
            let demanded = demanded(group, &kids);
            let body = Body { group, kids: &kids, rows: input.rows, permits: &demanded.permits };
            if let Some(mean) = group.kind.power() {
                power::read::<N, DEPTH>(mean, body, states);
            } else if group.kind != Kind::Mean || group.fill.is_some() {
                body.any::<N>(states);
            } else {
                body.mean::<N, DEPTH>(states);
            }
            if group.fails() {
                let lost = bits::zip(&states.applicable, &demanded.complete, |applies, all| applies & !all);
                self.refused = bits::zip(&self.refused, &lost, |refused, lost| refused | lost);
            }
        }
    }
}

/// A group whose children have been looked up.
#[derive(Clone, Copy)]
pub(super) struct Body<'a> {
    pub(super) group: &'a CompiledGroup,
    pub(super) kids: &'a [Kid<'a>],
    pub(super) rows: usize,
    permits: &'a Bits,
}

impl Body<'_> {
    /// A weighted mean.
    #[inline(always)]
    fn mean<N: Lane, const DEPTH: u8>(self, states: &mut States) {
        let leaves = self.group.leaves.is_some();
        for row in steps::<N>(self.rows) {
            let tile = Tile { kids: self.kids, row };
            let outcome = kernel::group::<N>(Kind::Mean, leaves, self.demands(None, row), tile);
            states.put::<N, DEPTH>(row, &outcome);
        }
    }

    /// A group of any other kind. They are rare, so that one body computes everything for all of them.
    #[inline(always)]
    fn any<N: Lane>(self, states: &mut States) {
        let leaves = self.group.leaves.is_some();
        for row in steps::<N>(self.rows) {
            let tile = Tile { kids: self.kids, row };
            let demands = self.demands(self.group.fill, row);
            states.put::<N, 2>(row, &kernel::group::<N>(self.group.kind, leaves, demands, tile));
        }
    }

    #[inline(always)]
    pub(super) fn demands<N: Lane>(self, fill: Option<f64>, row: usize) -> Demands<N> {
        let permits = N::mask(bits::from(self.permits, row));
        Demands { fill, least_coverage: self.group.least_coverage, permits, whole: None }
    }
}

/// The first account of each register. Counted in those of a whole block, so that no access needs a check.
#[inline(always)]
pub(super) fn steps<N: Lane>(rows: usize) -> impl Iterator<Item = usize> {
    (0..rows.div_ceil(N::WIDTH).min(ROWS / N::WIDTH)).map(|step| step * N::WIDTH)
}

/// Who meets the demands of a group.
struct Demanded {
    /// Every required child has a score or does not apply.
    permits: Bits,
    /// No child with a weight is missing.
    complete: Bits,
}

fn demanded(group: &CompiledGroup, kids: &[Kid<'_>]) -> Demanded {
    let (mut permits, mut complete) = (EVERY, EVERY);
    if group.requires || group.fails() {
        for kid in kids {
            let missing = kid.missing();
            if kid.slot.required {
                permits = bits::zip(&permits, &missing, |permits, missing| permits & !missing);
            }
            if kid.slot.weight > 0.0 {
                complete = bits::zip(&complete, &missing, |complete, missing| complete & !missing);
            }
        }
    }
    Demanded { permits, complete }
}
