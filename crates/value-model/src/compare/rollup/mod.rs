//! Sums of accounts by row number: what a portfolio adds up, the same bits in any order and split.

mod block;
mod lines;
mod scatter;
mod table;
mod who;

pub use lines::{Codes, Known, Lines, Numbers};

use super::portfolio::{BandRow, Line, PortfolioReport, PortfolioRow};
use super::totals;
use crate::scorecard::{CompiledBands, Id, Outcome, Scorer};
use crate::{Error, math};
use block::{turn, turn_back};
use scatter::{Bounds, Exact};
use table::{Table, Wide};

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
/// sums.add_block::<f64>(&[0, 1, 0], &lines, &mut |_, error| panic!("{error}"))?;
/// let report = sums.report([(0, vec![Some("ann".into())]), (1, vec![None])], Known { revenue: true, ..Known::default() });
/// assert_eq!(report.total.revenue_weighted_mean, Some(70.25));
/// assert_eq!(report.rows[0].key, [None]); // accounts without the attribute come first
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rollup {
    bands: CompiledBands,
    /// For each row: the sum of scores, the sum of scores times revenue, [what was seen](SEEN), and from [`SLOTS`] on the
    /// accounts with their revenue in each band from the lowest up, without a score, and to which the model does not apply.
    sums: Table,
    /// For each row: sums of lower and upper bounds and of coverage, and from [`SLOTS`] on how many lower bounds lie in each
    /// band. Only rows for whose accounts one of these was given.
    bounds: Table,
}

const SCORE: usize = 0;
const PRODUCT: usize = 1;
/// Below, accounts whose revenue is not known; above, the lowest score in [`turn`]ed form: 0 without any.
const SEEN: usize = 2;
const LOWER: usize = 0;
const UPPER: usize = 1;
const COVERAGE: usize = 2;
/// Where a row's numbers by band start.
const SLOTS: usize = 3;

impl Rollup {
    /// No accounts, with the bands of a model.
    pub fn new(scorer: &Scorer) -> Self {
        let bands = scorer.0.bands.clone();
        // One for each band, one for accounts without a score, one for those to which the model does not apply.
        let table = Table::new(SLOTS + bands.names.len() + 2);
        Self { bands, bounds: table.empty(), sums: table }
    }

    /// No accounts, with the same bands.
    #[must_use]
    pub fn empty(&self) -> Self {
        Self { bands: self.bands.clone(), sums: self.sums.empty(), bounds: self.bounds.empty() }
    }

    /// The number of rows.
    pub const fn rows(&self) -> usize {
        self.sums.rows()
    }

    fn insufficient(&self) -> usize {
        SLOTS + self.bands.names.len()
    }

    fn not_applicable(&self) -> usize {
        self.insufficient() + 1
    }

    /// Adds one account to a row, which comes into being if it must.
    ///
    /// # Errors
    /// [`Error::NotFinite`] or [`Error::OutOfRange`] (`revenue`, 0 to 10^13).
    pub fn add(&mut self, row: usize, revenue: Option<f64>, line: &Line) -> Result<(), Error> {
        let revenue = revenue.map(|amount| totals::money("revenue", amount)).transpose()?;
        self.sums.grow(row + 1);
        self.bounds.grow(row + 1);
        self.add_exact(row, revenue, line, true);
        Ok(())
    }

    /// Adds one account to a row that is there, its bounds only if they were given.
    fn add_exact(&mut self, row: usize, revenue: Option<i64>, line: &Line, bounds: bool) {
        let place = |band: u32| usize::try_from(band).map_or(usize::MAX, |band| band.saturating_add(SLOTS));
        let applies = line.outcome != Outcome::NotApplicable;
        let slot = match (line.outcome, line.band) {
            (Outcome::NotApplicable, _) => self.not_applicable(),
            (Outcome::Scored, Some(band)) => place(band),
            _ => self.insufficient(),
        };
        // Nothing is below 0: a score that rounds to it may be.
        let exact = |number: f64| if applies { whole(math::billionths(number)) } else { 0 };
        let score = line.score.map(exact);
        let account = Exact {
            slot,
            score: score.unwrap_or(0),
            turned: score.filter(|_| slot < self.insufficient()).map_or(0, turn),
            revenue: revenue.filter(|_| applies).map_or(0, whole),
        };
        self.add_one(row, &account, applies && revenue.is_none());
        if bounds {
            let [lower, upper, coverage] = [line.lower, line.upper, line.coverage].map(exact);
            let slot = if applies { place(line.lower_band) } else { slot };
            scatter::add_bounds(&mut self.bounds.lend(), row, &Bounds { slot, lower, upper, coverage });
        }
    }

    /// Adds the accounts of a row of another roll-up of the same model to a row of this one.
    pub fn merge_row(&mut self, row: usize, other: &Self, from: usize) {
        let least = self.sums.get(row, SEEN).high.max(other.sums.get(from, SEEN).high);
        self.sums.merge(row, &other.sums, from);
        if let Some(seen) = self.sums.lend().number(row, SEEN) {
            seen.high = least;
        }
        if from < other.bounds.rows() {
            self.bounds.merge(row, &other.bounds, from);
        }
    }

    /// The total, and each row that holds an account under its key, in the order of keys.
    pub fn report(
        &self,
        keys: impl IntoIterator<Item = (usize, Vec<Option<String>>)>,
        known: Known,
    ) -> PortfolioReport {
        let mut total = self.empty();
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

    fn holds_accounts(&self, row: usize) -> bool {
        (SLOTS..=self.not_applicable()).any(|slot| self.sums.get(row, slot).count() > 0)
    }

    fn row(&self, row: usize, key: Vec<Option<String>>, known: Known) -> PortfolioRow {
        let number = |place: usize| self.sums.get(row, place);
        let bands = (SLOTS..self.insufficient()).map(number);
        let scored = narrow(bands.clone().map(Wide::count).sum());
        let insufficient = narrow(number(self.insufficient()).count());
        let accounts = scored.saturating_add(insufficient);
        let weight: i128 = bands.map(Wide::sum).sum();
        let mean = |known: bool, place: usize| {
            if known { totals::mean(self.bounds.get(row, place).whole(), accounts) } else { None }
        };
        let seen = number(SEEN);
        PortfolioRow {
            key,
            accounts,
            scored,
            insufficient,
            not_applicable: narrow(number(self.not_applicable()).count()),
            mean: totals::mean(number(SCORE).whole(), scored),
            revenue_weighted_mean: totals::weighted_mean(number(PRODUCT).whole(), weight),
            min: (scored > 0).then(|| turn_back(seen.high) / 1e9),
            lower: mean(known.lower, LOWER),
            upper: mean(known.upper, UPPER),
            coverage: mean(known.coverage, COVERAGE),
            revenue: totals::amount(weight + number(self.insufficient()).sum()),
            without_revenue: if known.revenue { narrow(seen.low) } else { 0 },
            bands: (SLOTS..)
                .zip(&self.bands.names)
                .map(|(place, name)| self.band(row, place, name, scored))
                .collect(),
        }
    }

    fn band(&self, row: usize, place: usize, name: &Id, scored: u32) -> BandRow {
        let here = self.sums.get(row, place);
        let accounts = narrow(here.count());
        BandRow {
            band: name.clone(),
            accounts,
            share: if scored == 0 { 0.0 } else { f64::from(accounts) / f64::from(scored) },
            revenue: totals::amount(here.sum()),
            lower_accounts: narrow(self.bounds.get(row, place).low),
        }
    }
}

/// A number that is not below 0.
fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A count as results hold it.
fn narrow(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
