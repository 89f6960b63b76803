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
use crate::divisor::Divisor;
use crate::lane::Lane;
use crate::scorecard::CompiledGroup;
use crate::scorecard::kernel::{self, Demands, Outcome, Sums};

/// The most columns that are walked side by side; more would outrun what the processor fetches ahead.
const COLUMNS: usize = 16;

/// A weighted mean of raw numbers, walked a few columns at a time.
pub(super) struct Walk<'a> {
    pub(super) group: &'a CompiledGroup,
    pub(super) known: Known<'a>,
    /// The weight of all children: answers to measures that are read raw always apply.
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
        for (number, slots) in group.children.chunks(COLUMNS).enumerate() {
            let mut room = [Raw::NONE; COLUMNS];
            for (raw, slot) in room.iter_mut().zip(slots) {
                *raw = self.known.raw(slot);
            }
            let raws = room.get(..slots.len()).unwrap_or_default();
            let ends = (number == 0, number + 1 == chunks);
            match shape(raws) {
                PLAIN => self.columns::<N, DEPTH, PLAIN>(raws, ends, states),
                REVERSED => self.columns::<N, DEPTH, REVERSED>(raws, ends, states),
                _ => self.columns::<N, DEPTH, LINE>(raws, ends, states),
            }
        }
        states.applicable = EVERY;
    }

    /// Adds some columns to the sums.
    #[inline(always)]
    fn columns<N: Lane, const DEPTH: u8, const SHAPE: u8>(
        &mut self,
        raws: &[Raw<'_>],
        (first, last): (bool, bool),
        states: &mut States,
    ) {
        // Counted in tiles of a whole block, so that no access below needs a check.
        let width = 4 * N::WIDTH;
        for tile in 0..self.rows.div_ceil(width).min(ROWS / width) {
            let row = tile * width;
            let mut four = Four::<N>::new();
            if !first {
                four.resume(row, self.carried);
            }
            for raw in raws {
                raw.fetch::<N>(row);
                four.add::<SHAPE, false>(raw, row);
            }
            if four.alarm::<SHAPE>() {
                let every = u64::MAX >> (64 - width);
                bits::put(self.refused, row, every & !bits::from(self.refused, row));
            }
            if last {
                let whole = self.group.whole.filter(|_| DEPTH == 0 || !four.is_tiny());
                let weights = (self.all, self.group.least_coverage);
                let scored = four.conclude::<DEPTH, false>(weights, whole, &mut From { states, row });
                bits::put(&mut states.scored, row, scored);
            } else {
                four.carry::<DEPTH>(row, self.carried);
            }
        }
    }
}

/// How numbers of several measures become units.
#[inline]
pub(super) fn shape(raws: &[Raw<'_>]) -> u8 {
    let reversed = raws.iter().filter(|raw| raw.reverse).count();
    if raws.iter().any(|raw| !raw.line.is_identity()) {
        LINE
    } else if reversed == 0 {
        PLAIN
    } else if reversed == raws.len() {
        REVERSED
    } else {
        LINE
    }
}

/// Where outcomes are kept, register by register.
pub(super) trait Keep<N: Lane> {
    /// Keeps one for the accounts from a place on.
    fn keep<const DEPTH: u8>(&mut self, place: usize, outcome: &Outcome<N>);
}

/// The states of a group from a row on.
struct From<'a> {
    states: &'a mut States,
    row: usize,
}

impl<N: Lane> Keep<N> for From<'_> {
    #[inline(always)]
    fn keep<const DEPTH: u8>(&mut self, place: usize, outcome: &Outcome<N>) {
        self.states.put_units::<N, DEPTH>(self.row + place, outcome);
    }
}

/// The sums of four registers of accounts.
pub(super) struct Four<N: Lane> {
    sums: [Sums<N>; 4],
    /// What there is to watch of numbers that are their own units, or leave them of 1.
    seen: [N; 2],
    /// And of other numbers.
    watch: Watch<N>,
}

impl<N: Lane> Four<N> {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self { sums: [Sums::zero(); 4], seen: [N::splat(0.0); 2], watch: Watch::new() }
    }

    /// Adds an answer to each. Written out, because four turns of a loop would not stay in registers.
    #[inline(always)]
    pub(super) fn add<const SHAPE: u8, const ONES: bool>(&mut self, raw: &Raw<'_>, row: usize) {
        let bits = raw.bits(row);
        let [a, b, c, d] = &mut self.sums;
        let width = N::WIDTH;
        // Two by two, so that one register does not wait for what the one before has seen.
        for (place, near, far) in [(0, a, b), (2, c, d)] {
            let (left, right) = (place * width, (place + 1) * width);
            let (of_left, of_right) = (N::mask_at(bits, left), N::mask_at(bits, right));
            let (x, watch) = raw.add::<N, SHAPE, ONES>(row + left, of_left, near);
            let (y, other) = raw.add::<N, SHAPE, ONES>(row + right, of_right, far);
            if SHAPE == LINE {
                self.watch = self.watch.with(watch.with(other));
            } else {
                self.seen = N::watch(self.seen, (x, of_left), (y, of_right));
            }
        }
    }

    /// Whether some number may be no answer.
    #[inline(always)]
    pub(super) fn alarm<const SHAPE: u8>(&self) -> bool {
        if SHAPE != LINE && N::SEES_NAN {
            return N::outside(self.seen) != 0;
        }
        let [a, b, c, d] = &self.sums;
        // A NaN is in the sum of its account, where what has been seen may have forgotten it.
        let sum = (a.units + b.units) + (c.units + d.units);
        if SHAPE == LINE {
            return self.watch.odd(sum * N::splat(0.0)).alarm();
        }
        N::bits(N::not(sum.same(sum))) | N::outside(self.seen) != 0
    }

    /// Whether what is known of some account is so small that its bounds must be divided plainly.
    #[inline(always)]
    pub(super) fn is_tiny(&self) -> bool {
        self.sums.iter().any(|sums| sums.of_leaves().is_tiny())
    }

    /// Concludes the means of a group and gives who has one. `whole` is the weight of all children, where shares of it can
    /// be divided by products.
    #[inline(always)]
    pub(super) fn conclude<const DEPTH: u8, const ONES: bool>(
        &self,
        (all, least_coverage): (f64, f64),
        whole: Option<Divisor>,
        to: &mut impl Keep<N>,
    ) -> u64 {
        let permits = N::not(N::mask(0));
        let mut scored = 0;
        for (place, sums) in self.sums.iter().enumerate() {
            let at = place * N::WIDTH;
            let mut sums = *sums;
            sums.all = N::splat(all);
            if ONES {
                sums.missing = sums.all - sums.present;
            }
            let outcome =
                kernel::mean(&sums.of_leaves(), Demands { fill: None, least_coverage, permits, whole });
            scored |= N::bits(outcome.scored) << at;
            to.keep::<DEPTH>(at, &outcome);
        }
        scored
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
