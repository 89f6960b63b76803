//! Geometric and harmonic means over a block.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, Bits, EVERY};
use super::child::Tile;
use super::groups::{Body, steps};
use super::raw::{LINE, PLAIN, REVERSED, Raw};
use super::room::States;
use super::stage::Watch;
use crate::lane::Lane;
use crate::scorecard::CompiledGroup;
use crate::scorecard::kernel::{self, Child, Demands, Power, PowerSums, Sums};

/// The mean of children that have been read.
#[inline(always)]
pub(super) fn read<N: Lane, const DEPTH: u8>(power: Power, body: Body<'_>, states: &mut States) {
    // Each mean has a body of its own, without a question per number which one it is.
    match power {
        Power::Geometric => registers::<N, DEPTH>(Power::Geometric, body, states),
        Power::Harmonic => registers::<N, DEPTH>(Power::Harmonic, body, states),
    }
}

#[inline(always)]
fn registers<N: Lane, const DEPTH: u8>(power: Power, body: Body<'_>, states: &mut States) {
    let leaves = body.group.leaves.is_some();
    for row in steps::<N>(body.rows) {
        let demands = body.demands(body.group.fill, row);
        let tile = Tile { kids: body.kids, row };
        let outcome = if DEPTH == 0 {
            kernel::power::<N, false>(power, leaves, demands, tile)
        } else {
            kernel::power::<N, true>(power, leaves, demands, tile)
        };
        states.put::<N, DEPTH>(row, &outcome);
    }
}

/// Raw numbers of a group, in the order of its children.
pub(super) struct Raws<'a> {
    pub(super) group: &'a CompiledGroup,
    pub(super) list: &'a [Raw<'a>],
    pub(super) rows: usize,
    pub(super) refused: &'a mut Bits,
}

impl Raws<'_> {
    /// Their mean.
    #[inline(always)]
    pub(super) fn mean<N: Lane, const DEPTH: u8>(self, power: Power, states: &mut States) {
        states.applicable = EVERY;
        let identity = self.list.iter().all(|raw| raw.line.is_identity());
        match (power, identity) {
            (Power::Geometric, true) => self.tiles::<N, DEPTH, true>(Power::Geometric, states),
            (Power::Geometric, false) => self.tiles::<N, DEPTH, false>(Power::Geometric, states),
            (Power::Harmonic, true) => self.tiles::<N, DEPTH, true>(Power::Harmonic, states),
            (Power::Harmonic, false) => self.tiles::<N, DEPTH, false>(Power::Harmonic, states),
        }
    }

    #[inline(always)]
    fn tiles<N: Lane, const DEPTH: u8, const IDENTITY: bool>(self, power: Power, states: &mut States) {
        let every = N::not(N::mask(0));
        let Raws { group, list, rows, refused } = self;
        let demands =
            Demands { fill: None, least_coverage: group.least_coverage, permits: every, whole: group.whole };
        // Answers to measures that are read raw always apply: their weights sum to the same for every account.
        let all = group.weight();
        for row in steps::<N>(rows) {
            let (mut sums, mut powers, mut watch) = (Sums::zero(), PowerSums::zero(), Watch::new());
            for raw in list {
                let (child, seen) = answer::<N, IDENTITY>(raw, row);
                watch = watch.with(seen);
                sums.add(&child);
                if DEPTH == 0 {
                    powers.add::<false>(power, &child);
                } else {
                    powers.add::<true>(power, &child);
                }
            }
            // A NaN is in the sum of its account, where the least and the greatest may have forgotten it.
            if watch.odd(sums.units * N::splat(0.0)).alarm() {
                bits::put(refused, row, N::bits(every) & !bits::from(refused, row));
            }
            sums.all = N::splat(all);
            let sums = sums.of_leaves();
            let outcome = if DEPTH == 0 {
                powers.outcome::<false>(power, &sums, demands)
            } else {
                powers.outcome::<true>(power, &sums, demands)
            };
            bits::put(&mut states.scored, row, N::bits(outcome.scored));
            states.put_units::<N, DEPTH>(row, &outcome);
        }
    }
}

/// The answers to one measure as children, and what to watch.
#[inline(always)]
fn answer<N: Lane, const IDENTITY: bool>(raw: &Raw<'_>, row: usize) -> (Child<N>, Watch<N>) {
    let at = (raw.bits(row), 0);
    let (mut child, watch) = match (IDENTITY, raw.reverse) {
        (true, true) => raw.child::<N, REVERSED>(row, at, false),
        (true, false) => raw.child::<N, PLAIN>(row, at, false),
        (false, _) => raw.child::<N, LINE>(row, at, false),
    };
    // Adding 0 takes the sign from a zero, by which a weight may be divided.
    child.unit = child.unit + N::splat(0.0);
    (child, watch)
}
