//! Every group of a block, children before parents.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, Bits, EVERY, NONE};
use super::child::{Raw, Tile};
use super::room::{Block, Depth, Input, Leaves, Reading, States};
use super::stage::Watch;
use crate::lane::Lane;
use crate::scorecard::kernel::{self, Child, Children, Demands, Sums};
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
            if group.kind == Kind::Mean && group.fill.is_none() {
                mean::<N::Part, DEPTH>(group, tile, states, &mut self.refused);
            } else {
                any::<N::Part>(group, tile, states, &mut self.refused);
            }
        }
    }
}

/// A weighted mean of children that have been read.
#[inline(always)]
fn mean<N: Lane, const DEPTH: u8>(
    group: &CompiledGroup,
    tile: Tile<'_>,
    states: &mut States,
    refused: &mut Bits,
) {
    each_tile::<N, DEPTH>(group, tile, states, refused, |demands, tile| {
        kernel::group::<N>(Kind::Mean, group.leaves.is_some(), Demands { fill: None, ..demands }, tile)
    });
}

/// A group of any other kind. They are rare, so that one body computes everything for all of them.
#[inline(always)]
fn any<N: Lane>(group: &CompiledGroup, tile: Tile<'_>, states: &mut States, refused: &mut Bits) {
    each_tile::<N, 2>(group, tile, states, refused, |demands, tile| {
        kernel::group::<N>(group.kind, group.leaves.is_some(), demands, tile)
    });
}

#[inline(always)]
fn each_tile<N: Lane, const DEPTH: u8>(
    group: &CompiledGroup,
    tile: Tile<'_>,
    states: &mut States,
    refused: &mut Bits,
    outcome: impl Fn(Demands<N>, Tile<'_>) -> kernel::Outcome<N>,
) {
    let mut row = 0;
    while row < tile.input.rows {
        let tile = Tile { row, ..tile };
        let (permits, complete) = if group.requires || group.fails() {
            demanded::<N>(group, tile)
        } else {
            (N::not(N::mask(0)), N::not(N::mask(0)))
        };
        let demands = Demands { fill: group.fill, least_coverage: group.least_coverage, permits };
        let outcome = outcome(demands, tile);
        states.put::<N, DEPTH>(row, &outcome);
        if group.fails() {
            let lost = N::bits(N::both(outcome.applicable, N::not(complete)));
            bits::put(refused, row, lost & !bits::from(refused, row));
        }
        row += N::WIDTH;
    }
}

/// Where every required child has a score or does not apply, and where no child with a weight is missing.
#[inline(always)]
fn demanded<N: Lane>(group: &CompiledGroup, tile: Tile<'_>) -> (N::Mask, N::Mask) {
    let every = N::not(N::mask(0));
    let (mut permits, mut complete) = (every, every);
    for (place, slot) in group.children.iter().enumerate() {
        let child: Child<N> = tile.child(place);
        let missing = N::both(child.applicable, N::not(child.factor.above(N::splat(0.0))));
        if slot.required {
            permits = N::both(permits, N::not(missing));
        }
        if slot.weight > 0.0 {
            complete = N::both(complete, N::not(missing));
        }
    }
    (permits, complete)
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
        let mut all = 0.0;
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
            for raw in raws {
                all += raw.weight;
            }
        }
        // Answers to measures that are read raw always apply.
        states.applicable = EVERY;
    }

    /// Adds some columns to the sums; `all` is the weight of those before them.
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
        let mut row = 0;
        while row < self.input.rows {
            let mut sums = Sums::<N>::zero();
            if !first {
                self.resume(row, &mut sums, all);
            }
            let mut watch = Watch::new();
            for raw in raws {
                let (unit, present) = raw.units::<N, IDENTITY>(row, &mut watch);
                sums.add(&Child::of_answer(raw.weight, false, unit, present, every));
            }
            let known = sums.units.same(sums.units);
            if watch.alarm() || N::bits(known) != N::bits(every) {
                bits::put(self.refused, row, N::bits(every) & !bits::from(self.refused, row));
            }
            if last {
                states.put_sum::<N, DEPTH>(row, &kernel::mean(&sums.of_leaves(), demands));
            } else {
                self.carry::<N, DEPTH>(row, &sums);
            }
            row += N::WIDTH;
        }
    }

    #[inline(always)]
    fn resume<N: Lane>(&self, row: usize, sums: &mut Sums<N>, all: f64) {
        let [units, present, missing] = &*self.carried;
        sums.all = N::splat(all);
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

impl States {
    /// As [`States::put`], without what raw numbers make the same for every account.
    #[inline(always)]
    fn put_sum<N: Lane, const DEPTH: u8>(&mut self, row: usize, outcome: &kernel::Outcome<N>) {
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
