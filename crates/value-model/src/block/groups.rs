//! Every group of a block, children before parents.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, Bits, EVERY, NONE, ROWS};
use super::child::{Raw, Tile};
use super::power::{self, Raws};
use super::room::{Block, Depth, Input, Leaves, Reading, States};
use super::stage::{Watch, units};
use crate::lane::Lane;
use crate::scorecard::kernel::{self, Child, Demands, Sums};
use crate::scorecard::{CompiledGroup, Kind, Plan};

/// The most columns that are walked side by side; more would outrun what the processor fetches ahead.
const COLUMNS: usize = 16;

impl Block {
    /// Computes every group.
    #[inline(always)]
    pub(super) fn groups<N: Lane>(&mut self, plan: &Plan, input: &Input<'_>) {
        match self.depth {
            Depth::Score => self.each::<N, 0>(plan, input),
            Depth::Bounds => self.each::<N, 1>(plan, input),
            Depth::Shares => self.each::<N, 2>(plan, input),
        }
    }

    #[inline(always)]
    fn each<N: Lane, const DEPTH: u8>(&mut self, plan: &Plan, input: &Input<'_>) {
        for (index, group) in plan.groups.iter().enumerate().rev() {
            let reading = self.readings.get(index).copied().unwrap_or(Reading::Units);
            let (states, later) = self.states.split_at_mut(index + 1);
            let Some(states) = states.last_mut() else { continue };
            (states.scored, states.applicable) = (NONE, NONE);
            if let (Reading::Raw, Some(mean)) = (reading, group.kind.power()) {
                let raw = |slot| Raw::of(plan, slot, input, &self.leaves);
                let list: Vec<Raw<'_>> = group.children.iter().map(raw).collect();
                let refused = &mut self.refused;
                let raws = Raws { group, list: &list, rows: input.rows, refused };
                raws.mean::<N::Part, DEPTH>(mean, states);
                continue;
            }
            if reading == Reading::Raw {
                let walk = Walk {
                    plan,
                    group,
                    input,
                    leaves: &self.leaves,
                    carried: &mut self.carried,
                    refused: &mut self.refused,
                };
                walk.sum::<N, DEPTH>(states);
                continue;
            }
            let tile = Tile {
                plan,
                input,
                slots: &group.children,
                leaves: &self.leaves,
                states: later,
                first: index + 1,
                reading,
                row: 0,
            };
            let demanded = demanded(group, tile);
            if group.kind == Kind::Mean && group.fill.is_none() {
                mean::<N::Half, DEPTH>(group, tile, &demanded.permits, states);
            } else if let Some(mean) = group.kind.power() {
                power::read::<N::Part, DEPTH>(mean, group, tile, &demanded.permits, states);
            } else {
                any::<N::Part>(group, tile, &demanded.permits, states);
            }
            if group.fails() {
                let lost = bits::zip(&states.applicable, &demanded.complete, |applies, all| applies & !all);
                self.refused = bits::zip(&self.refused, &lost, |refused, lost| refused | lost);
            }
        }
    }
}

/// A weighted mean of children that have been read.
#[inline(always)]
fn mean<N: Lane, const DEPTH: u8>(
    group: &CompiledGroup,
    tile: Tile<'_>,
    permits: &Bits,
    states: &mut States,
) {
    let leaves = group.leaves.is_some();
    let mut row = 0;
    while row < tile.input.rows {
        let permits = N::mask(bits::from(permits, row));
        let demands = Demands { fill: None, least_coverage: group.least_coverage, permits };
        let tile = Tile { row, ..tile };
        states.put::<N, DEPTH>(row, &kernel::group::<N>(Kind::Mean, leaves, demands, tile));
        row += N::WIDTH;
    }
}

/// A group of any other kind. They are rare, so that one body computes everything for all of them.
#[inline(always)]
fn any<N: Lane>(group: &CompiledGroup, tile: Tile<'_>, permits: &Bits, states: &mut States) {
    let mut row = 0;
    while row < tile.input.rows {
        let permits = N::mask(bits::from(permits, row));
        let demands = Demands { fill: group.fill, least_coverage: group.least_coverage, permits };
        let outcome = kernel::group::<N>(group.kind, group.leaves.is_some(), demands, Tile { row, ..tile });
        states.put::<N, 2>(row, &outcome);
        row += N::WIDTH;
    }
}

/// Who meets the demands of a group.
struct Demanded {
    /// Every required child has a score or does not apply.
    permits: Bits,
    /// No child with a weight is missing.
    complete: Bits,
}

fn demanded(group: &CompiledGroup, tile: Tile<'_>) -> Demanded {
    let (mut permits, mut complete) = (EVERY, EVERY);
    if group.requires || group.fails() {
        for slot in &group.children {
            let missing = tile.missing(slot);
            if slot.required {
                permits = bits::zip(&permits, &missing, |permits, missing| permits & !missing);
            }
            if slot.weight > 0.0 {
                complete = bits::zip(&complete, &missing, |complete, missing| complete & !missing);
            }
        }
    }
    Demanded { permits, complete }
}

/// A weighted mean of raw numbers, walked a few columns at a time.
struct Walk<'a> {
    plan: &'a Plan,
    group: &'a CompiledGroup,
    input: &'a Input<'a>,
    leaves: &'a [Option<Box<Leaves>>],
    carried: &'a mut [Box<[f64]>; 3],
    refused: &'a mut Bits,
}

impl Walk<'_> {
    #[inline(always)]
    fn sum<N: Lane, const DEPTH: u8>(mut self, states: &mut States) {
        let chunks = self.group.children.len().div_ceil(COLUMNS);
        // Answers to measures that are read raw always apply: their weights sum to the same for every account.
        let all = self.group.children.iter().fold(0.0, |all, slot| all + slot.weight);
        for (number, slots) in self.group.children.chunks(COLUMNS).enumerate() {
            let mut list = [Raw::NONE; COLUMNS];
            for (raw, slot) in list.iter_mut().zip(slots) {
                *raw = Raw::of(self.plan, slot, self.input, self.leaves);
            }
            let raws = list.get(..slots.len()).unwrap_or_default();
            let ends = (number == 0, number + 1 == chunks);
            if raws.iter().all(|raw| raw.line.is_identity()) {
                self.columns::<N, DEPTH, true>(raws, all, ends, states);
            } else {
                self.columns::<N, DEPTH, false>(raws, all, ends, states);
            }
        }
        states.applicable = EVERY;
    }

    /// Adds some columns to the sums; `all` is the weight of every column.
    #[inline(always)]
    fn columns<N: Lane, const DEPTH: u8, const IDENTITY: bool>(
        &mut self,
        raws: &[Raw<'_>],
        all: f64,
        (first, last): (bool, bool),
        states: &mut States,
    ) {
        let every = N::not(N::mask(0));
        let demands = Demands { fill: None, least_coverage: self.group.least_coverage, permits: every };
        // Counted in tiles of a whole block, so that no access below needs a check.
        for tile in 0..self.input.rows.div_ceil(N::WIDTH).min(ROWS / N::WIDTH) {
            let row = tile * N::WIDTH;
            let mut sums = Sums::<N>::zero();
            if !first {
                self.resume(row, &mut sums);
            }
            let mut watch = Watch::new();
            for raw in raws {
                let present = N::mask(bits::from(raw.present, row));
                let x = N::load(raw.values, row);
                let unit = units::<N, IDENTITY>(&raw.line, raw.reverse, x, present, &mut watch);
                sums.add(&Child::of_answer(raw.weight, false, unit, present, every));
            }
            if watch.alarm() | is_nan(sums.units.sum_part()) {
                bits::put(self.refused, row, N::bits(every) & !bits::from(self.refused, row));
            }
            if last {
                sums.all = N::splat(all);
                states.put_sum::<N, DEPTH>(row, &kernel::mean(&sums.of_leaves(), demands));
            } else {
                self.carry::<N, DEPTH>(row, &sums);
            }
        }
    }

    #[inline(always)]
    fn resume<N: Lane>(&self, row: usize, sums: &mut Sums<N>) {
        let [units, present, missing] = &*self.carried;
        sums.units = N::load(units, row);
        sums.present = N::load(present, row);
        sums.missing = N::load(missing, row);
    }

    #[inline(always)]
    fn carry<N: Lane, const DEPTH: u8>(&mut self, row: usize, sums: &Sums<N>) {
        let [units, present, missing] = &mut *self.carried;
        sums.units.store(units, row);
        sums.present.store(present, row);
        if DEPTH >= 1 {
            sums.missing.store(missing, row);
        }
    }
}

/// Whether any number is NaN.
#[inline(always)]
pub(super) fn is_nan<N: Lane>(x: N) -> bool {
    N::bits(N::not(x.same(x))) != 0
}

impl States {
    /// As [`States::put`], without what raw numbers make the same for every account.
    #[inline(always)]
    pub(super) fn put_sum<N: Lane, const DEPTH: u8>(&mut self, row: usize, outcome: &kernel::Outcome<N>) {
        bits::put(&mut self.scored, row, N::bits(outcome.scored));
        outcome.unit.store(&mut self.unit, row);
        outcome.coverage.store(&mut self.coverage, row);
        if DEPTH >= 1 {
            outcome.lower.store(&mut self.lower, row);
            outcome.upper.store(&mut self.upper, row);
            outcome.divisor.store(&mut self.divisor, row);
        }
    }
}
