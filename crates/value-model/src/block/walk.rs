//! Weighted means of raw numbers: the innermost loop, which reads the columns where they are.
//!
//! Four registers of accounts are summed at a time, each by itself and in the order of the model, so that all sums stay
//! in registers.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, Bits, EVERY, ROWS};
use super::child::Known;
use super::raw::{LINE, PLAIN, REVERSED, Raw};
use super::room::States;
use super::stage::Watch;
use crate::lane::Lane;
use crate::scorecard::CompiledGroup;
use crate::scorecard::kernel::{self, Demands, Sums};

/// The most columns that are walked side by side; more would outrun what the processor fetches ahead.
const COLUMNS: usize = 16;

/// A weighted mean of raw numbers, walked a few columns at a time.
pub(super) struct Walk<'a> {
    pub(super) group: &'a CompiledGroup,
    pub(super) known: Known<'a>,
    /// The weight of all children.
    pub(super) all: f64,
    pub(super) rows: usize,
    pub(super) carried: &'a mut [Box<[f64; ROWS]>; 3],
    pub(super) refused: &'a mut Bits,
}

impl Walk<'_> {
    #[inline(always)]
    pub(super) fn sum<N: Lane, const DEPTH: u8>(mut self, states: &mut States) {
        let group = self.group;
        let chunks = group.children.len().div_ceil(COLUMNS);
        // Answers to measures that are read raw always apply: their weights sum to the same for every account.
        let all = self.all;
        for (number, slots) in group.children.chunks(COLUMNS).enumerate() {
            let mut room = [Raw::NONE; COLUMNS];
            for (raw, slot) in room.iter_mut().zip(slots) {
                *raw = self.known.raw(slot);
            }
            let raws = room.get(..slots.len()).unwrap_or_default();
            let ends = (number == 0, number + 1 == chunks);
            if raws.iter().any(|raw| !raw.line.is_identity()) {
                self.columns::<N, DEPTH, LINE>(raws, all, ends, states);
            } else if raws.iter().all(|raw| raw.reverse) {
                self.columns::<N, DEPTH, REVERSED>(raws, all, ends, states);
            } else if raws.iter().any(|raw| raw.reverse) {
                self.columns::<N, DEPTH, LINE>(raws, all, ends, states);
            } else {
                self.columns::<N, DEPTH, PLAIN>(raws, all, ends, states);
            }
        }
        states.applicable = EVERY;
    }

    /// Adds some columns to the sums; `all` is the weight of every column.
    #[inline(always)]
    fn columns<N: Lane, const DEPTH: u8, const SHAPE: u8>(
        &mut self,
        raws: &[Raw<'_>],
        all: f64,
        (first, last): (bool, bool),
        states: &mut States,
    ) {
        let demands = Demands {
            fill: None,
            least_coverage: self.group.least_coverage,
            permits: N::not(N::mask(0)),
            whole: self.group.whole,
        };
        // Counted in tiles of a whole block, so that no access below needs a check.
        let width = 4 * N::WIDTH;
        for tile in 0..self.rows.div_ceil(width).min(ROWS / width) {
            let row = tile * width;
            let mut four = Four::<N>::new();
            if !first {
                four.resume(row, self.carried);
            }
            for raw in raws {
                four.add::<SHAPE>(raw, row);
            }
            if four.alarm() {
                let every = u64::MAX >> (64 - width);
                bits::put(self.refused, row, every & !bits::from(self.refused, row));
            }
            if last {
                four.conclude::<DEPTH>(row, all, demands, states);
            } else {
                four.carry::<DEPTH>(row, self.carried);
            }
        }
    }
}

/// The sums of four registers of accounts.
struct Four<N: Lane> {
    sums: [Sums<N>; 4],
    /// What there is to watch of numbers that are their own units, or leave them of 1.
    seen: [N; 2],
    /// And of other numbers.
    watch: Watch<N>,
}

impl<N: Lane> Four<N> {
    #[inline(always)]
    fn new() -> Self {
        Self { sums: [Sums::zero(); 4], seen: [N::splat(0.0); 2], watch: Watch::new() }
    }

    /// Adds an answer to each. Written out, because four turns of a loop would not stay in registers.
    #[inline(always)]
    fn add<const SHAPE: u8>(&mut self, raw: &Raw<'_>, row: usize) {
        let bits = raw.bits(row);
        raw.fetch::<N>(row);
        let [a, b, c, d] = &mut self.sums;
        let width = N::WIDTH;
        // Two by two, so that one register does not wait for what the one before has seen.
        for (place, near, far) in [(0, a, b), (2, c, d)] {
            let (left, right) = (place * width, (place + 1) * width);
            let (of_left, of_right) = (N::mask_at(bits, left), N::mask_at(bits, right));
            let (x, watch) = raw.add::<N, SHAPE>(row + left, of_left, near);
            let (y, other) = raw.add::<N, SHAPE>(row + right, of_right, far);
            if SHAPE == LINE {
                self.watch = self.watch.with(watch.with(other));
            } else {
                self.seen = N::watch(self.seen, (x, of_left), (y, of_right));
            }
        }
    }

    /// Whether some number may be no answer.
    #[inline(always)]
    fn alarm(&self) -> bool {
        let [a, b, c, d] = &self.sums;
        // A NaN is in the sum of its account, where what has been seen may have forgotten it.
        let sum = (a.units + b.units) + (c.units + d.units);
        self.watch.odd(sum * N::splat(0.0)).alarm() || N::outside(self.seen) != 0
    }

    #[inline(always)]
    fn conclude<const DEPTH: u8>(&self, row: usize, all: f64, demands: Demands<N>, states: &mut States) {
        let mut scored = 0;
        let tiny = DEPTH > 0 && self.sums.iter().any(|sums| sums.of_leaves().is_tiny());
        let whole = demands.whole.filter(|_| !tiny);
        for (place, sums) in self.sums.iter().enumerate() {
            let at = place * N::WIDTH;
            let mut sums = *sums;
            sums.all = N::splat(all);
            let outcome = kernel::mean(&sums.of_leaves(), Demands { whole, ..demands });
            scored |= N::bits(outcome.scored) << at;
            states.put_units::<N, DEPTH>(row + at, &outcome);
        }
        bits::put(&mut states.scored, row, scored);
    }

    #[inline(always)]
    fn resume(&mut self, row: usize, carried: &[Box<[f64; ROWS]>; 3]) {
        let [units, present, missing] = carried.each_ref().map(|list| &**list);
        for (place, sums) in self.sums.iter_mut().enumerate() {
            let at = row + place * N::WIDTH;
            sums.units = N::load(units, at);
            sums.present = N::load(present, at);
            sums.missing = N::load(missing, at);
        }
    }

    #[inline(always)]
    fn carry<const DEPTH: u8>(&self, row: usize, carried: &mut [Box<[f64; ROWS]>; 3]) {
        let [units, present, missing] = carried.each_mut().map(|list| &mut **list);
        for (place, sums) in self.sums.iter().enumerate() {
            let at = row + place * N::WIDTH;
            sums.units.store(units, at);
            sums.present.store(present, at);
            if DEPTH >= 1 {
                sums.missing.store(missing, at);
            }
        }
    }
}
