//! Lift and cumulative gains by tenth of the accounts.

use crate::math;

use super::rank::{Ranking, Tie};

/// One tenth of the accounts, by score.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Decile {
    /// 1 for the lowest scores, 10 for the highest.
    pub decile: u32,
    /// Accounts in it.
    pub accounts: u32,
    /// Its lowest score.
    pub low: f64,
    /// Its highest score.
    pub high: f64,
    /// Lost accounts in it; a tie that two tenths share is split between them, so this may be a fraction.
    pub lost: f64,
    /// The share of its accounts that were lost, 0..1.
    pub lost_rate: f64,
    /// That share over the share of all accounts that were lost; 1 is no better than chance. None when nobody was lost.
    pub lift: Option<f64>,
    /// The share of all lost accounts in this tenth and those below it, 0..1. None when nobody was lost.
    pub gain: Option<f64>,
}

const PARTS: u64 = 10;

/// Tenths of the accounts from the lowest scores up; those without an account are left out.
///
/// # Examples
/// ```
/// use value_model::backtest::{deciles::deciles, rank::Ranking};
/// let scores: Vec<f64> = (0..20).map(f64::from).collect();
/// let kept: Vec<bool> = (0..20).map(|account| account >= 5).collect();
/// let rows = deciles(&Ranking::new(&scores, &kept)?);
/// assert_eq!((rows.len(), rows[0].lift, rows[1].gain), (10, Some(4.0), Some(0.8)));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn deciles(ranking: &Ranking) -> Vec<Decile> {
    let all = u64::from(ranking.accounts());
    let mut walk = Walk::new(ranking);
    let (mut rows, mut start) = (Vec::new(), 0_u64);
    for part in 1..=PARTS {
        // Rounded to whole accounts, halves up.
        let end = (2 * all * part + PARTS) / (2 * PARTS);
        if end > start {
            rows.push(row(&mut walk, part, start, end, ranking));
        }
        start = end;
    }
    rows
}

fn row(walk: &mut Walk<'_>, part: u64, start: u64, end: u64, ranking: &Ranking) -> Decile {
    let (low, before) = (walk.score_of(start), walk.lost_up_to(start));
    let (after, high) = (walk.lost_up_to(end), walk.score_of(end - 1));
    let accounts = u32::try_from(end - start).unwrap_or(u32::MAX);
    let (lost, all_lost) = (after - before, math::count(ranking.lost()));
    let lost_rate = lost / math::count(accounts);
    let any = ranking.lost() > 0;
    Decile {
        decile: u32::try_from(part).unwrap_or(u32::MAX),
        accounts,
        low,
        high,
        lost,
        lost_rate,
        lift: any.then(|| lost_rate / (all_lost / math::count(ranking.accounts()))),
        gain: any.then(|| after / all_lost),
    }
}

/// Goes up through the ties once; every question is about the same place or a higher one, or one account back.
struct Walk<'a> {
    ties: Box<dyn Iterator<Item = Tie> + 'a>,
    /// The tie that was reached and the accounts and lost accounts below it.
    tie: Tie,
    below: u64,
    lost_below: u64,
}

impl<'a> Walk<'a> {
    fn new(ranking: &'a Ranking) -> Self {
        let mut ties = ranking.ties();
        let tie = ties.next().unwrap_or(Tie { billionths: 0, kept: 0, lost: 0 });
        Self { ties: Box::new(ties), tie, below: 0, lost_below: 0 }
    }

    /// Goes up until the tie holds this place, or ends at it.
    fn reach(&mut self, place: u64) {
        while self.below + u64::from(self.tie.accounts()) < place {
            let Some(next) = self.ties.next() else { return };
            self.below += u64::from(self.tie.accounts());
            self.lost_below += u64::from(self.tie.lost);
            self.tie = next;
        }
    }

    /// The score of the account with so many below it.
    fn score_of(&mut self, place: u64) -> f64 {
        self.reach(place + 1);
        self.tie.score()
    }

    /// How many of so many lowest accounts were lost; a tie is lost evenly.
    fn lost_up_to(&mut self, place: u64) -> f64 {
        let inside = place.saturating_sub(self.below);
        // CHOICE: equal scores have no order, so a part of a tie holds its share of the tie's lost accounts.
        if inside == 0 {
            return math::nearest(self.lost_below.into());
        }
        self.reach(place);
        let inside = math::nearest(place.saturating_sub(self.below).into());
        let share = math::count(self.tie.lost) * inside / math::count(self.tie.accounts());
        math::nearest(self.lost_below.into()) + share
    }
}
