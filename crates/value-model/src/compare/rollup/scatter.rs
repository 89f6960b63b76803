//! Adding the integers of a block to their rows.

use super::Rollup;
use super::block::{Block, index};
use super::table::{Rows, Wide};
use super::who::each;

/// One account in whole numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exact {
    /// Its place among the numbers of its row.
    pub(super) slot: usize,
    /// In billionths; 0 where there is none.
    pub(super) score: u64,
    /// The score in [`turned`](super::block) form; 0 without one.
    pub(super) turned: u64,
    /// In ten-thousandths; 0 where it is not known.
    pub(super) revenue: u64,
}

/// The bounds of one account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Where its lower bound is counted.
    pub(super) slot: usize,
    /// In billionths; 0 where there is none.
    pub(super) lower: u64,
    pub(super) upper: u64,
    pub(super) coverage: u64,
}

impl Rollup {
    /// Adds the accounts of a block that are some, each to its row.
    pub(super) fn scatter<const REVENUE: bool>(&mut self, rows: &[u32], block: &Block) {
        let not_applicable = self.not_applicable();
        let mut sums = self.sums.lend();
        let lists = block.score.iter().zip(&block.turned).zip(&block.slot).zip(&block.revenue);
        let mut put = |row: u32, (((score, turned), slot), revenue): (((&f64, &f64), &f64), &f64)| {
            let [score, turned, revenue] = [score, turned, revenue].map(|number| number.to_bits());
            let account = Exact { slot: place(slot.to_bits()), score, turned, revenue };
            let without = !REVENUE && account.slot != not_applicable;
            add::<REVENUE>(&mut sums, index(row), &account, without);
        };
        if block.absent == 0 {
            rows.iter().zip(lists).for_each(|(row, numbers)| put(*row, numbers));
        } else {
            let some = rows.iter().zip(lists).enumerate().filter(|(at, _)| block.absent >> at & 1 == 0);
            some.for_each(|(_, (row, numbers))| put(*row, numbers));
        }
        each(block.unknown, |at| {
            let head = rows.get(at).and_then(|row| sums.head(index(*row)));
            if let Some((_, _, seen)) = head {
                seen.low = seen.low.wrapping_add(1);
            }
        });
    }

    /// The same for bounds and coverage.
    pub(super) fn scatter_bounds(&mut self, rows: &[u32], block: &Block) {
        let mut bounds = self.bounds.lend();
        let lists = block.lower.iter().zip(&block.upper).zip(&block.coverage).zip(&block.lower_slot);
        for (at, (row, (((lower, upper), coverage), slot))) in rows.iter().zip(lists).enumerate() {
            if block.absent >> at & 1 == 0 {
                let [lower, upper, coverage] = [lower, upper, coverage].map(|number| number.to_bits());
                let account = Bounds { slot: place(slot.to_bits()), lower, upper, coverage };
                add_bounds(&mut bounds, index(*row), &account);
            }
        }
    }

    /// Adds one account to a row that is there.
    pub(super) fn add_one(&mut self, row: usize, account: &Exact, without_revenue: bool) {
        add::<true>(&mut self.sums.lend(), row, account, without_revenue);
    }
}

/// Adds one account. `REVENUE` says whether it was given, so that the rest costs nothing.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the loop over a block must not call it for each account")]
fn add<const REVENUE: bool>(sums: &mut Rows<'_>, row: usize, account: &Exact, without_revenue: bool) {
    let Some((score, product, seen)) = sums.head(row) else { return };
    score.add(account.score, 0);
    if REVENUE {
        let (low, high) = account.revenue.carrying_mul(account.score, 0);
        product.add(low, high);
    }
    seen.low = seen.low.wrapping_add(u64::from(without_revenue));
    if account.turned > seen.high {
        seen.high = account.turned;
    }
    if let Some(slot) = sums.number(row, account.slot) {
        slot.add(if REVENUE { account.revenue } else { 0 }, Wide::ONE);
    }
}

pub(super) fn add_bounds(bounds: &mut Rows<'_>, row: usize, account: &Bounds) {
    if let Some((lower, upper, coverage)) = bounds.head(row) {
        lower.add(account.lower, 0);
        upper.add(account.upper, 0);
        coverage.add(account.coverage, 0);
    }
    if let Some(slot) = bounds.number(row, account.slot) {
        slot.add(1, 0);
    }
}

fn place(slot: u64) -> usize {
    usize::try_from(slot).unwrap_or(usize::MAX)
}
