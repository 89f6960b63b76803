//! Adding up whole columns: numbers become integers a block at a time, then each account goes to its row.
//!
//! A block is as many accounts as a word has bits: its integers stay in the nearest cache, and while the last of one go to
//! their rows the first of the next are already computed.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::lines::{Lines, Numbers};
use super::who::{Who, each, word};
use super::{Rollup, SLOTS};
use crate::lane::Lane;
use crate::{Error, math};

/// Accounts in a block.
const BLOCK: usize = 64;

/// 100 points, or a share of 1, with the half billionth that rounding allows.
pub(super) const MOST_SCORE: f64 = 1e11 + 0.5;
pub(super) const MOST_SHARE: f64 = 1e9 + 0.5;
/// Below this, adding 2^52 rounds to a whole number whose bits are the last of the sum's.
const WHOLE: f64 = 2_251_799_813_685_248.0;

/// 2^52: a sum with it keeps whole numbers only, halves rounded to even, and its last bits are that number.
const SHIFT: f64 = 4_503_599_627_370_496.0;

/// The integers of one block: the bits of each `f64` are one, because lanes read and write that type.
#[repr(align(64))]
#[derive(Debug)]
pub(super) struct Block {
    pub(super) score: [f64; BLOCK],
    /// The scores in [`turned`] form; 0 without one.
    pub(super) turned: [f64; BLOCK],
    pub(super) lower: [f64; BLOCK],
    pub(super) upper: [f64; BLOCK],
    pub(super) coverage: [f64; BLOCK],
    pub(super) revenue: [f64; BLOCK],
    /// Where in its row each account is counted, and where its lower bound is.
    pub(super) slot: [f64; BLOCK],
    pub(super) lower_slot: [f64; BLOCK],
    /// Rows that are no account, a bit for each.
    pub(super) absent: u64,
    /// Accounts whose revenue is missing, where it was given for others.
    pub(super) unknown: u64,
}

/// How numbers become integers.
#[derive(Clone, Copy)]
struct Scale {
    factor: f64,
    /// They stay below this.
    most: f64,
}

const SCORE: Scale = Scale { factor: 1e9, most: MOST_SCORE };
const SHARE: Scale = Scale { factor: 1e9, most: MOST_SHARE };
const MONEY: Scale = Scale { factor: 1e4, most: WHOLE };

impl Rollup {
    /// Adds many accounts, each to its row, and hands every refused one to `refuse` by its place among them.
    ///
    /// Refused are scores, bounds and coverage outside their range, NaN, and revenue as [`Rollup::add`] says. Such an
    /// account is not counted. Any `N` gives the same bits; wider ones are faster.
    ///
    /// # Errors
    /// [`Error::Conflict`] (`rows`) when a column has another length.
    #[inline(always)]
    pub fn add_block<N: Lane>(
        &mut self,
        rows: &[u32],
        lines: &Lines<'_>,
        refuse: &mut dyn FnMut(usize, Error),
    ) -> Result<(), Error> {
        self.prepare(rows, lines)?;
        let mut block = Block::new();
        for (number, rows) in rows.chunks(BLOCK).enumerate() {
            let start = number * BLOCK;
            let part = lines.part(start, rows.len());
            if block.fill::<N>(self, &part) {
                self.add_filled(rows, &part, &block);
            } else {
                self.one_by_one(rows, &part, &mut |place, error| refuse(start + place, error));
            }
        }
        Ok(())
    }

    /// Checks the columns and makes room for every row.
    #[inline(always)]
    fn prepare(&mut self, rows: &[u32], lines: &Lines<'_>) -> Result<(), Error> {
        if !lines.fit(rows.len()) {
            let reason = format!("are {}, but some column holds more or fewer values", rows.len());
            return Err(Error::Conflict { field: "rows".into(), reason: reason.into() });
        }
        // Not the largest by `max`, which compares one after the other.
        let last = rows.iter().fold(0, |last, row| last.max(*row));
        let count = if rows.is_empty() { 0 } else { index(last) + 1 };
        self.sums.grow(count);
        if lines.have_bounds() {
            self.bounds.grow(count);
        }
        Ok(())
    }

    fn add_filled(&mut self, rows: &[u32], lines: &Lines<'_>, block: &Block) {
        if lines.revenue.is_some() {
            self.scatter::<true>(rows, block);
        } else {
            self.scatter::<false>(rows, block);
        }
        if lines.have_bounds() {
            self.scatter_bounds(rows, block);
        }
    }

    /// The same for a block that holds a number which needs a closer look.
    #[cold]
    fn one_by_one(&mut self, rows: &[u32], lines: &Lines<'_>, refuse: &mut dyn FnMut(usize, Error)) {
        for (at, row) in rows.iter().enumerate() {
            match lines.line(at, &self.bands) {
                Ok(None) => {}
                Ok(Some((revenue, line))) => {
                    self.add_exact(index(*row), revenue, &line, lines.have_bounds());
                }
                Err(error) => refuse(at, error),
            }
        }
    }
}

impl Block {
    const fn new() -> Self {
        const NONE: [f64; BLOCK] = [0.0; BLOCK];
        Self {
            score: NONE,
            turned: NONE,
            lower: NONE,
            upper: NONE,
            coverage: NONE,
            revenue: NONE,
            slot: NONE,
            lower_slot: NONE,
            absent: 0,
            unknown: 0,
        }
    }

    /// Reads at most a block of accounts; false when a number needs a closer look.
    #[inline(always)]
    fn fill<N: Lane>(&mut self, sums: &Rollup, lines: &Lines<'_>) -> bool {
        let Some(who) = Who::of(lines) else { return false };
        let passes = &sums.bands.passes;
        let mut good = true;
        let bits = |place: usize| f64::from_bits(u64::try_from(place).unwrap_or(u64::MAX));
        let insufficient = N::splat(bits(sums.insufficient()));
        good &= integers::<N>(lines.score, who.scored, SCORE, &mut self.score, |at, x, whole, scored| {
            N::select(scored, band(x, passes), insufficient).store(&mut self.slot, at);
            turned(whole).keep(scored).store(&mut self.turned, at);
        });
        if let Some(lower) = lines.lower {
            good &=
                integers::<N>(lower, who.every & word(lower.valid), SCORE, &mut self.lower, |at, x, _, _| {
                    band(x, passes).store(&mut self.lower_slot, at);
                });
        } else if lines.have_bounds() {
            // Without a lower bound there is nothing to count, and what is counted here is never read.
            self.lower_slot.fill(bits(sums.not_applicable()));
        }
        let rest = [
            (lines.upper, SCORE, &mut self.upper),
            (lines.coverage, SHARE, &mut self.coverage),
            (lines.revenue, MONEY, &mut self.revenue),
        ];
        for (numbers, scale, out) in rest {
            if let Some(numbers) = numbers {
                good &= integers::<N>(numbers, who.every & word(numbers.valid), scale, out, |_, _, _, _| {});
            }
        }
        let applies = who.every & !who.left_out();
        self.unknown = lines.revenue.map_or(0, |revenue| applies & !word(revenue.valid));
        self.absent = who.absent;
        each(who.left_out(), |at| self.leave_out(at, bits(sums.not_applicable())));
        good
    }

    fn leave_out(&mut self, at: usize, slot: f64) {
        let numbers = [
            &mut self.score,
            &mut self.turned,
            &mut self.lower,
            &mut self.upper,
            &mut self.coverage,
            &mut self.revenue,
        ];
        for (list, value) in numbers.into_iter().map(|list| (list, 0.0)) {
            set(list, at, value);
        }
        set(&mut self.slot, at, slot);
        set(&mut self.lower_slot, at, slot);
    }
}

fn set(list: &mut [f64; BLOCK], at: usize, value: f64) {
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}

/// Numbers as integers, 0 where there is none; false when one lies outside its range. `each` sees every number before
/// it is rounded, and after, 2^52 above what it is.
///
/// Numbers from 0 to 2^51 are rounded to whole ones, halves up: what [`billionths`](crate::math::billionths) does,
/// several at a time.
#[inline(always)]
fn integers<N: Lane>(
    numbers: Numbers<'_>,
    present: u64,
    scale: Scale,
    out: &mut [f64; BLOCK],
    mut each: impl FnMut(usize, N, N, N::Mask),
) -> bool {
    let mut padded = [0.0; BLOCK];
    let values = numbers.values.first_chunk().unwrap_or_else(|| {
        padded.iter_mut().zip(numbers.values).for_each(|(place, value)| *place = *value);
        &padded
    });
    let [factor, most, shift, half, zero, one] =
        [scale.factor, scale.most, SHIFT, 0.5, 0.0, 1.0].map(N::splat);
    let mut good = N::mask(u64::MAX);
    for at in (0..BLOCK).step_by(N::WIDTH) {
        let mask = N::mask(present >> at);
        let x = (N::load(values, at) * factor).keep(mask);
        good = N::both(good, N::both(most.above(x), N::not(zero.above(x))));
        let sum = x + shift;
        let below = half.above(x - (sum - shift));
        let whole = N::select(below, sum, sum + one);
        whole.and_bits((1 << 52) - 1).store(out, at);
        each(at, x, whole, mask);
    }
    N::bits(good) == N::bits(N::mask(u64::MAX))
}

/// What a score, given 2^52 above what it is, is below 2^52: a number above 0, the higher the lower the score is. So 0 can
/// stand for no score, and because the bits of such numbers rise with them, the lowest score has the largest bits.
#[inline(always)]
fn turned<N: Lane>(score: N) -> N {
    N::splat(2.0 * SHIFT) - score
}

/// The [`turned`] form of a score in billionths.
pub(super) fn turn(score: u64) -> u64 {
    turned(SHIFT + math::nearest(i128::from(score))).to_bits()
}

/// The score of which this is the turned form.
pub(super) fn turn_back(bits: u64) -> f64 {
    SHIFT - f64::from_bits(bits)
}

/// Where each score is counted: by its band, as [`Scorer::band_of`](crate::scorecard::Scorer::band_of) finds it.
#[inline(always)]
fn band<N: Lane>(x: N, passes: &[f64]) -> N {
    let mut slot = N::splat(f64::from_bits(u64::try_from(SLOTS).unwrap_or(u64::MAX)));
    for pass in passes {
        slot = N::select(N::splat(*pass).above(x), slot, slot.plus_bits(1));
    }
    slot
}

pub(super) fn index(row: u32) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}
