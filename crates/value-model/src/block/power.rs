//! Geometric and harmonic means over a block.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, Bits, EVERY, ROWS};
use super::child::{Raw, Tile};
use super::groups::is_nan;
use super::room::States;
use super::stage::{Watch, units};
use crate::lane::Lane;
use crate::scorecard::CompiledGroup;
use crate::scorecard::kernel::{self, Child, Demands, Power, PowerSums, Sums};

/// The mean of children that have been read.
#[inline(always)]
pub(super) fn read<N: Lane, const DEPTH: u8>(
    power: Power,
    group: &CompiledGroup,
    tile: Tile<'_>,
    permits: &Bits,
    states: &mut States,
) {
    // Each mean has a body of its own, without a question per number which one it is.
    match power {
        Power::Geometric => tiles::<N, DEPTH>(Power::Geometric, group, tile, permits, states),
        Power::Harmonic => tiles::<N, DEPTH>(Power::Harmonic, group, tile, permits, states),
    }
}

#[inline(always)]
fn tiles<N: Lane, const DEPTH: u8>(
    power: Power,
    group: &CompiledGroup,
    tile: Tile<'_>,
    permits: &Bits,
    states: &mut States,
) {
    let leaves = group.leaves.is_some();
    let mut row = 0;
    while row < tile.input.rows {
        let permits = N::mask(bits::from(permits, row));
        let demands = Demands { fill: group.fill, least_coverage: group.least_coverage, permits };
        let tile = Tile { row, ..tile };
        let outcome = if DEPTH == 0 {
            kernel::power::<N, false>(power, leaves, demands, tile)
        } else {
            kernel::power::<N, true>(power, leaves, demands, tile)
        };
        states.put::<N, DEPTH>(row, &outcome);
        row += N::WIDTH;
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
        let demands = Demands { fill: None, least_coverage: self.group.least_coverage, permits: every };
        // Answers to measures that are read raw always apply: their weights sum to the same for every account.
        let all = self.list.iter().fold(0.0, |all, raw| all + raw.weight);
        for tile in 0..self.rows.div_ceil(N::WIDTH).min(ROWS / N::WIDTH) {
            let row = tile * N::WIDTH;
            let (mut sums, mut powers, mut watch) = (Sums::zero(), PowerSums::zero(), Watch::new());
            for raw in self.list {
                let child = answer::<N, IDENTITY>(raw, row, &mut watch);
                sums.add(&child);
                if DEPTH == 0 {
                    powers.add::<false>(power, &child);
                } else {
                    powers.add::<true>(power, &child);
                }
            }
            if watch.alarm() | is_nan(sums.units.sum_part()) {
                bits::put(self.refused, row, N::bits(every) & !bits::from(self.refused, row));
            }
            sums.all = N::splat(all);
            let sums = sums.of_leaves();
            let outcome = if DEPTH == 0 {
                powers.outcome::<false>(power, &sums, demands)
            } else {
                powers.outcome::<true>(power, &sums, demands)
            };
            states.put_sum::<N, DEPTH>(row, &outcome);
        }
    }
}

/// The answers to one measure as children.
#[inline(always)]
fn answer<N: Lane, const IDENTITY: bool>(raw: &Raw<'_>, row: usize, watch: &mut Watch<N::Part>) -> Child<N> {
    let present = N::mask(bits::from(raw.present, row));
    let unit = units::<N, IDENTITY>(&raw.line, raw.reverse, N::load(raw.values, row), present, watch);
    // Adding 0 takes the sign from a zero, by which a weight may be divided.
    Child::of_answer(raw.weight, false, unit + N::splat(0.0), present, N::not(N::mask(0)))
}
