//! Adding up whole columns: numbers become integers a block at a time, then each account goes to its row.
//!
//! Sums in the loops over a block wrap, because a check for overflow would keep the compiler from working on several
//! numbers at once; none of them can overflow.

use super::lines::{Lines, Numbers, is_valid};
use super::{Exact, Rollup, put};
use crate::Error;

/// Accounts in a block: few enough that their integers stay in the nearest cache.
const BLOCK: usize = 256;

/// 100 points, or a share of 1, with the half billionth that rounding allows.
pub(super) const MOST_SCORE: f64 = 1e11 + 0.5;
pub(super) const MOST_SHARE: f64 = 1e9 + 0.5;
/// Below this, adding 2^52 rounds to a whole number whose bits are the last of the sum's.
const WHOLE: f64 = 2_251_799_813_685_248.0;

/// The integers of one block.
struct Block {
    /// Numbers times a thousand million or ten thousand.
    scaled: [f64; BLOCK],
    score: [i64; BLOCK],
    lower: [i64; BLOCK],
    upper: [i64; BLOCK],
    coverage: [i64; BLOCK],
    revenue: [i64; BLOCK],
    slot: [u64; BLOCK],
    lower_slot: [u64; BLOCK],
}

impl Rollup {
    /// Adds many accounts, each to its row, and hands every refused one to `refuse` by its place among them.
    ///
    /// Refused are scores, bounds and coverage outside their range, NaN, and revenue as [`Rollup::add`] says. Such an
    /// account is not counted.
    ///
    /// # Errors
    /// [`Error::Conflict`] (`rows`) when a column has another length.
    pub fn add_block(
        &mut self,
        rows: &[u32],
        lines: &Lines<'_>,
        refuse: &mut dyn FnMut(usize, Error),
    ) -> Result<(), Error> {
        if !lines.fit(rows.len()) {
            let reason = format!("are {}, but some column holds more or fewer values", rows.len());
            return Err(Error::Conflict { field: "rows".into(), reason: reason.into() });
        }
        if let Some(last) = rows.iter().max() {
            self.grow(place(*last) + 1);
        }
        let mut block = Block::new();
        for (number, rows) in rows.chunks(BLOCK).enumerate() {
            let start = number * BLOCK;
            let part = lines.part(start, rows.len());
            if block.fill(self, &part) {
                match (part.lower.is_some() || part.upper.is_some() || part.coverage.is_some(), part.revenue)
                {
                    (true, Some(_)) => self.scatter::<true, true>(rows, &block),
                    (true, None) => self.scatter::<true, false>(rows, &block),
                    (false, Some(_)) => self.scatter::<false, true>(rows, &block),
                    (false, None) => self.scatter::<false, false>(rows, &block),
                }
                self.count_unknown(rows, &part, &block);
            } else {
                self.one_by_one(rows, &part, &mut |place, error| refuse(start + place, error));
            }
        }
        Ok(())
    }

    fn scatter<const BOUNDS: bool, const REVENUE: bool>(&mut self, rows: &[u32], block: &Block) {
        let (stride, bands) = (self.stride(), self.insufficient());
        let lists = rows.iter().zip(&block.score).zip(&block.slot).zip(&block.revenue);
        let bounds = block.lower.iter().zip(&block.upper).zip(&block.coverage).zip(&block.lower_slot);
        for ((((&row, &score), &slot), &revenue), (((&lower, &upper), &coverage), &lower_slot)) in
            lists.zip(bounds)
        {
            let (row, slot) = (place(row), wide(slot));
            let account =
                Exact { slot, lower_slot: wide(lower_slot), score, lower, upper, coverage, revenue };
            let first = row.wrapping_mul(stride);
            let slots = self.slots.get_mut(first..first.wrapping_add(stride));
            if let (Some(tally), Some(slots)) = (self.tallies.get_mut(row), slots) {
                put::<BOUNDS, REVENUE>(tally, slots, &account, slot < bands);
            }
        }
    }

    /// Counts the accounts whose revenue is missing, where it was given for others.
    fn count_unknown(&mut self, rows: &[u32], lines: &Lines<'_>, block: &Block) {
        let applies = u64::try_from(self.not_applicable()).unwrap_or(u64::MAX);
        let mut count = |at: usize| {
            let found = rows.get(at).zip(block.slot.get(at));
            if let Some((row, _)) = found.filter(|(_, slot)| **slot < applies)
                && let Some(tally) = self.tallies.get_mut(place(*row))
            {
                tally.without_revenue += 1;
            }
        };
        match lines.revenue {
            Some(Numbers { valid: Some(valid), .. }) => each_missing(valid, rows.len(), count),
            Some(_) => {}
            None => (0..rows.len()).for_each(&mut count),
        }
    }

    /// The same for a block that holds a number which needs a closer look.
    fn one_by_one(&mut self, rows: &[u32], lines: &Lines<'_>, refuse: &mut dyn FnMut(usize, Error)) {
        for (at, row) in rows.iter().enumerate() {
            match lines.line(at, &self.bands) {
                Ok(None) => {}
                Ok(Some((revenue, line))) => self.add_exact(place(*row), revenue, &line),
                Err(error) => refuse(at, error),
            }
        }
    }
}

impl Block {
    const fn new() -> Self {
        const NONE: [i64; BLOCK] = [0; BLOCK];
        Self {
            scaled: [0.0; BLOCK],
            score: NONE,
            lower: NONE,
            upper: NONE,
            coverage: NONE,
            revenue: NONE,
            slot: [0; BLOCK],
            lower_slot: [0; BLOCK],
        }
    }

    /// Reads at most a block of accounts; false when a number needs a closer look.
    fn fill(&mut self, sums: &Rollup, lines: &Lines<'_>) -> bool {
        let passes = &sums.bands.passes;
        let scaled = &mut self.scaled;
        let mut good = scale(lines.score, 1e9, MOST_SCORE, scaled);
        whole(scaled, &mut self.score);
        bands(scaled, passes, &mut self.slot);
        if let Some(lower) = lines.lower {
            good &= scale(lower, 1e9, MOST_SCORE, scaled);
            whole(scaled, &mut self.lower);
            bands(scaled, passes, &mut self.lower_slot);
        } else {
            // Without a lower bound there is nothing to count, and the last slot is never read.
            self.lower_slot.fill(u64::try_from(sums.no_account()).unwrap_or(u64::MAX));
        }
        let rest = [
            (lines.upper, 1e9, MOST_SCORE, &mut self.upper),
            (lines.coverage, 1e9, MOST_SHARE, &mut self.coverage),
            (lines.revenue, 1e4, WHOLE, &mut self.revenue),
        ];
        for (numbers, factor, most, out) in rest {
            if let Some(numbers) = numbers {
                good &= scale(numbers, factor, most, scaled);
                whole(scaled, out);
            }
        }
        good && self.sort_out(sums, lines)
    }

    /// Sends accounts without a score, and rows that are no account, to slots of their own.
    fn sort_out(&mut self, sums: &Rollup, lines: &Lines<'_>) -> bool {
        let number = |slot: usize| u64::try_from(slot).unwrap_or(u64::MAX);
        let rows = lines.score.values.len();
        if let Some(valid) = lines.score.valid {
            let insufficient = number(sums.insufficient());
            each_missing(valid, rows, |at| set(&mut self.slot, at, insufficient));
        }
        let missing = match (lines.outcome, lines.lower) {
            (Some(codes), _) => codes.valid,
            (None, Some(lower)) => lower.valid,
            (None, None) => None,
        };
        if let Some(missing) = missing {
            let no_account = number(sums.no_account());
            each_missing(missing, rows, |at| self.leave_out(at, no_account));
        }
        self.check_outcomes(sums, lines) && self.is_whole(sums, lines)
    }

    /// Whether each outcome goes with its score; accounts to which the model does not apply are left out.
    fn check_outcomes(&mut self, sums: &Rollup, lines: &Lines<'_>) -> bool {
        let Some(codes) = lines.outcome else { return true };
        let (valid, rows) = (lines.score.valid.unwrap_or_default(), codes.values.len());
        let not_applicable = u64::try_from(sums.not_applicable()).unwrap_or(u64::MAX);
        let (mut good, mut seen) = (true, 0_usize);
        let mut look = |at: usize, expected: u8| match codes.values.get(at) {
            _ if !is_valid(codes.valid, at) => {}
            Some(2) => self.leave_out(at, not_applicable),
            code => good &= code == Some(&expected),
        };
        each_missing(valid, rows, |at| {
            seen += usize::from(codes.values.get(at).is_some_and(|code| *code != 0));
            look(at, 1);
        });
        // Codes of accounts without a score have been seen; where all others are 0, there is nothing more to look at.
        if codes.values.iter().filter(|code| **code != 0).count() > seen {
            let scored = (0..rows).filter(|at| is_valid(lines.score.valid, *at));
            scored.for_each(|at| look(at, 0));
        }
        good
    }

    /// Whether every account has its bounds and coverage, where they are given.
    fn is_whole(&self, sums: &Rollup, lines: &Lines<'_>) -> bool {
        let (mut good, rows) = (true, lines.score.values.len());
        for numbers in [lines.lower, lines.upper, lines.coverage].into_iter().flatten() {
            if let Some(valid) = numbers.valid {
                each_missing(valid, rows, |at| {
                    good &= self.slot.get(at).is_some_and(|slot| wide(*slot) > sums.insufficient());
                });
            }
        }
        good
    }

    fn leave_out(&mut self, at: usize, slot: u64) {
        for list in [&mut self.score, &mut self.lower, &mut self.upper, &mut self.coverage, &mut self.revenue]
        {
            set(list, at, 0);
        }
        set(&mut self.slot, at, slot);
        set(&mut self.lower_slot, at, slot);
    }
}

fn set<T>(list: &mut [T; BLOCK], at: usize, value: T) {
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}

/// Numbers times a factor, 0 where they are missing; false when one lies outside 0..most.
fn scale(numbers: Numbers<'_>, factor: f64, most: f64, out: &mut [f64; BLOCK]) -> bool {
    for (place, value) in out.iter_mut().zip(numbers.values) {
        *place = value * factor;
    }
    if let Some(valid) = numbers.valid {
        each_missing(valid, numbers.values.len(), |at| set(out, at, 0.0));
    }
    let mut outside = 0_u64;
    for x in out.iter().take(numbers.values.len()) {
        outside |= u64::from(!(*x >= 0.0 && *x < most));
    }
    outside == 0
}

/// Each number of 0 to 2^51 rounded to a whole one, halves up: what [`billionths`](crate::math::billionths) does, several at a time.
fn whole(scaled: &[f64; BLOCK], out: &mut [i64; BLOCK]) {
    const SHIFT: f64 = 4_503_599_627_370_496.0; // 2^52: the sum keeps whole numbers only, halves rounded to even
    for (place, x) in out.iter_mut().zip(scaled) {
        let sum = x + SHIFT;
        let half = x - (sum - SHIFT) >= 0.5;
        *place = (sum.to_bits() & ((1 << 52) - 1)).cast_signed().wrapping_add(i64::from(half));
    }
}

/// The band of each score, as [`Scorer::band_of`](crate::scorecard::Scorer::band_of) finds it.
fn bands(scaled: &[f64; BLOCK], passes: &[f64], out: &mut [u64; BLOCK]) {
    out.fill(0);
    for pass in passes {
        for (place, x) in out.iter_mut().zip(scaled) {
            *place = place.wrapping_add(u64::from(x >= pass));
        }
    }
}

/// Calls `found` with the place of each of `rows` bits that is 0.
fn each_missing(valid: &[u64], rows: usize, mut found: impl FnMut(usize)) {
    for (number, word) in valid.iter().enumerate().take(rows.div_ceil(64)) {
        let mut left = !word;
        while left != 0 {
            let at = number * 64 + place(left.trailing_zeros());
            if at < rows {
                found(at);
            }
            left &= left - 1;
        }
    }
}

fn place(row: u32) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}

fn wide(slot: u64) -> usize {
    usize::try_from(slot).unwrap_or(usize::MAX)
}
