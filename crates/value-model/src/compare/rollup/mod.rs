//! Sums of accounts by row number: what a portfolio adds up, the same bits in any order and split.

mod block;
mod lines;

pub use lines::{Codes, Known, Lines, Numbers};

use super::portfolio::{BandRow, Line, PortfolioReport, PortfolioRow};
use super::totals::{self, Tally};
use crate::scorecard::{CompiledBands, Id, Outcome, Scorer};
use crate::{Error, math};

/// Accounts added up by row number: the sums behind a portfolio, for callers that know rows by a number of their own.
///
/// All sums are whole numbers, so neither the order of accounts nor how they are split over several of these changes a
/// bit of the [report](Rollup::report).
///
/// # Examples
/// ```
/// use value_model::compare::rollup::{Known, Lines, Numbers, Rollup};
/// use value_model::presets;
/// let scorer = presets::scorecard("value-realization")?.compile()?;
/// let mut sums = Rollup::new(&scorer);
/// let scores = Numbers { values: &[80.0, 40.0, 65.0], valid: None };
/// let revenue = Numbers { values: &[120e3, 30e3, 50e3], valid: None };
/// let lines = Lines { revenue: Some(revenue), ..Lines::new(scores) };
/// sums.add_block(&[0, 1, 0], &lines, &mut |_, error| panic!("{error}"))?;
/// let report = sums.report([(0, vec![Some("ann".into())]), (1, vec![None])], Known { revenue: true, ..Known::default() });
/// assert_eq!(report.total.revenue_weighted_mean, Some(70.25));
/// assert_eq!(report.rows[0].key, [None]); // accounts without the attribute come first
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rollup {
    bands: CompiledBands,
    tallies: Vec<Tally>,
    /// For each row a slot for each band from the lowest up, and three more: see [`Rollup::stride`].
    slots: Vec<Slot>,
}

/// What is added up for one band of one row. Aligned, so that no account's lies in two cache lines.
#[repr(align(32))]
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    revenue: i128,
    accounts: u64,
    lower_accounts: u64,
}

/// One account in whole numbers.
#[derive(Clone, Copy, Debug)]
struct Exact {
    /// Where it is counted, and where its lower bound is.
    slot: usize,
    lower_slot: usize,
    /// In billionths; 0 where there is none.
    score: i64,
    lower: i64,
    upper: i64,
    coverage: i64,
    /// In ten-thousandths; 0 where it is not known.
    revenue: i64,
}

impl Rollup {
    /// No accounts, with the bands of a model.
    pub fn new(scorer: &Scorer) -> Self {
        Self { bands: scorer.0.bands.clone(), tallies: Vec::new(), slots: Vec::new() }
    }

    /// No accounts, with the same bands.
    #[must_use]
    pub fn empty(&self) -> Self {
        Self { bands: self.bands.clone(), tallies: Vec::new(), slots: Vec::new() }
    }

    /// The number of rows.
    pub const fn rows(&self) -> usize {
        self.tallies.len()
    }

    /// How many slots a row has: its bands, insufficient, not applicable, and rows that are no account.
    fn stride(&self) -> usize {
        self.bands.names.len() + 3
    }

    fn insufficient(&self) -> usize {
        self.bands.names.len()
    }

    fn not_applicable(&self) -> usize {
        self.bands.names.len() + 1
    }

    fn no_account(&self) -> usize {
        self.bands.names.len() + 2
    }

    /// Makes room for rows up to and without `rows`.
    fn grow(&mut self, rows: usize) {
        if rows > self.tallies.len() {
            self.tallies.resize(rows, Tally::default());
            self.slots.resize(rows * self.stride(), Slot::default());
        }
    }

    /// Adds one account to a row, which comes into being if it must.
    ///
    /// # Errors
    /// [`Error::NotFinite`] or [`Error::OutOfRange`] (`revenue`, 0 to 10^13).
    pub fn add(&mut self, row: usize, revenue: Option<f64>, line: &Line) -> Result<(), Error> {
        let revenue = revenue.map(|amount| totals::money("revenue", amount)).transpose()?;
        self.grow(row + 1);
        self.add_exact(row, revenue, line);
        Ok(())
    }

    fn add_exact(&mut self, row: usize, revenue: Option<i64>, line: &Line) {
        let place = |band: u32| usize::try_from(band).unwrap_or(usize::MAX);
        let slot = match (line.outcome, line.band) {
            (Outcome::NotApplicable, _) => self.not_applicable(),
            (Outcome::Scored, Some(band)) => place(band),
            _ => self.insufficient(),
        };
        let applies = line.outcome != Outcome::NotApplicable;
        let exact = |number: f64| if applies { math::billionths(number) } else { 0 };
        let account = Exact {
            slot,
            lower_slot: if applies { place(line.lower_band) } else { slot },
            score: line.score.map_or(0, exact),
            lower: exact(line.lower),
            upper: exact(line.upper),
            coverage: exact(line.coverage),
            revenue: revenue.filter(|_| applies).unwrap_or(0),
        };
        let stride = self.stride();
        let scored = slot < self.insufficient();
        let slots = self.slots.get_mut(row * stride..(row + 1) * stride).unwrap_or_default();
        if let Some(tally) = self.tallies.get_mut(row) {
            tally.without_revenue += u64::from(applies && revenue.is_none());
            put::<true, true>(tally, slots, &account, scored);
        }
    }

    /// Adds the accounts of a row of another roll-up of the same model to a row of this one.
    pub fn merge_row(&mut self, row: usize, other: &Self, from: usize) {
        self.grow(row + 1);
        let stride = self.stride();
        if let (Some(tally), Some(added)) = (self.tallies.get_mut(row), other.tallies.get(from)) {
            tally.merge(added);
        }
        let slots = self.slots.iter_mut().skip(row * stride).take(stride);
        for (slot, added) in slots.zip(other.slots.iter().skip(from * stride)) {
            slot.revenue = slot.revenue.wrapping_add(added.revenue);
            slot.accounts += added.accounts;
            slot.lower_accounts += added.lower_accounts;
        }
    }

    /// The total, and each row that holds an account under its key, in the order of keys.
    pub fn report(
        &self,
        keys: impl IntoIterator<Item = (usize, Vec<Option<String>>)>,
        known: Known,
    ) -> PortfolioReport {
        let mut total = self.empty();
        total.grow(1);
        for row in 0..self.rows() {
            total.merge_row(0, self, row);
        }
        let mut rows: Vec<PortfolioRow> = keys
            .into_iter()
            .filter(|(row, _)| self.holds_accounts(*row))
            .map(|(row, key)| self.row(row, key, known))
            .collect();
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        PortfolioReport { total: total.row(0, Vec::new(), known), rows }
    }

    fn row_slots(&self, row: usize) -> &[Slot] {
        let stride = self.stride();
        self.slots.get(row * stride..(row + 1) * stride).unwrap_or_default()
    }

    fn holds_accounts(&self, row: usize) -> bool {
        self.row_slots(row).iter().take(self.no_account()).any(|slot| slot.accounts > 0)
    }

    fn row(&self, row: usize, key: Vec<Option<String>>, known: Known) -> PortfolioRow {
        let tally = self.tallies.get(row).copied().unwrap_or_default();
        let slots = self.row_slots(row);
        let count = |slot: usize| slots.get(slot).map_or(0, |slot| narrow(slot.accounts));
        let bands = slots.get(..self.insufficient()).unwrap_or_default();
        let scored = narrow(bands.iter().map(|slot| slot.accounts).sum());
        let insufficient = count(self.insufficient());
        let accounts = scored.saturating_add(insufficient);
        let weight: i128 = bands.iter().map(|slot| slot.revenue).sum();
        let unscored = slots.get(self.insufficient()).map_or(0, |slot| slot.revenue);
        let mean = |known: bool, sum: i128| if known { totals::mean(sum, accounts) } else { None };
        PortfolioRow {
            key,
            accounts,
            scored,
            insufficient,
            not_applicable: count(self.not_applicable()),
            mean: totals::mean(tally.score, scored),
            revenue_weighted_mean: totals::weighted_mean(tally.product, weight),
            min: (scored > 0).then(|| math::nearest(i128::from(tally.least)) / 1e9),
            lower: mean(known.lower, tally.lower),
            upper: mean(known.upper, tally.upper),
            coverage: mean(known.coverage, tally.coverage),
            revenue: totals::amount(weight + unscored),
            without_revenue: if known.revenue { narrow(tally.without_revenue) } else { 0 },
            bands: bands.iter().zip(&self.bands.names).map(|(slot, name)| band(slot, name, scored)).collect(),
        }
    }
}

fn band(slot: &Slot, name: &Id, scored: u32) -> BandRow {
    let accounts = narrow(slot.accounts);
    BandRow {
        band: name.clone(),
        accounts,
        share: if scored == 0 { 0.0 } else { f64::from(accounts) / f64::from(scored) },
        revenue: totals::amount(slot.revenue),
        lower_accounts: narrow(slot.lower_accounts),
    }
}

/// A count as results hold it.
fn narrow(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Adds one account. `BOUNDS` and `REVENUE` say what was given, so that the rest costs nothing.
///
/// Additions wrap, for speed: [`totals`] says why no sum can grow that large.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the loop over a block must not call it for each account")]
fn put<const BOUNDS: bool, const REVENUE: bool>(
    tally: &mut Tally,
    slots: &mut [Slot],
    account: &Exact,
    scored: bool,
) {
    tally.score = tally.score.wrapping_add(i128::from(account.score));
    if scored && account.score < tally.least {
        tally.least = account.score;
    }
    if BOUNDS {
        tally.lower = tally.lower.wrapping_add(i128::from(account.lower));
        tally.upper = tally.upper.wrapping_add(i128::from(account.upper));
        tally.coverage = tally.coverage.wrapping_add(i128::from(account.coverage));
        if let Some(slot) = slots.get_mut(account.lower_slot) {
            slot.lower_accounts = slot.lower_accounts.wrapping_add(1);
        }
    }
    if REVENUE {
        let product = i128::from(account.revenue).wrapping_mul(i128::from(account.score));
        tally.product = tally.product.wrapping_add(product);
    }
    if let Some(slot) = slots.get_mut(account.slot) {
        slot.accounts = slot.accounts.wrapping_add(1);
        if REVENUE {
            slot.revenue = slot.revenue.wrapping_add(i128::from(account.revenue));
        }
    }
}
