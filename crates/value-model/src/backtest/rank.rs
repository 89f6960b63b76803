//! Accounts in the order of their scores: what every back-test reads.
//!
//! A score is ranked by its whole billionths, so score and outcome fit into one integer and sorting integers is all the
//! work there is. Everything counted from it is exact.

use crate::{Error, math};

use super::{rankable, same_length};

/// Accounts sorted by score; within a tie those that were lost come first.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// Billionths of the score, then one bit: kept.
    keys: Vec<i64>,
    kept: u32,
}

/// Accounts that share one score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tie {
    /// Their score in billionths of a point.
    pub billionths: i64,
    /// How many of them were kept.
    pub kept: u32,
    /// How many of them were lost.
    pub lost: u32,
}

impl Tie {
    /// Their score, at 9 decimals.
    pub fn score(self) -> f64 {
        score_of(self.billionths)
    }

    /// How many share it.
    pub const fn accounts(self) -> u32 {
        self.kept.saturating_add(self.lost)
    }
}

/// Billionths as a score again.
pub(crate) fn score_of(billionths: i64) -> f64 {
    math::nearest(billionths.into()) / 1e9
}

impl Ranking {
    /// Ranks scores with their outcomes; `true` means kept.
    ///
    /// # Errors
    /// [`Error::Conflict`] for columns of different lengths, [`Error::NotFinite`], [`Error::OutOfRange`],
    /// [`Error::Limit`] for more than 4,294,967,295 accounts.
    ///
    /// # Examples
    /// ```
    /// use value_model::backtest::rank::Ranking;
    /// let ranking = Ranking::new(&[70.0, 40.0, 70.0], &[true, false, false])?;
    /// let ties: Vec<_> = ranking.ties().map(|tie| (tie.score(), tie.kept, tie.lost)).collect();
    /// assert_eq!(ties, [(40.0, 0, 1), (70.0, 1, 1)]);
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn new(scores: &[f64], outcomes: &[bool]) -> Result<Self, Error> {
        same_length("outcomes", outcomes.len(), scores.len())?;
        limit(scores.len())?;
        let mut keys = Vec::with_capacity(scores.len());
        let mut kept = 0_u32;
        for (index, (&score, &outcome)) in scores.iter().zip(outcomes).enumerate() {
            let score = rankable("scores", index, score)?;
            kept += u32::from(outcome);
            keys.push(math::billionths(score) << 1 | i64::from(outcome));
        }
        keys.sort_unstable();
        Ok(Self { keys, kept })
    }

    /// How many accounts there are.
    pub fn accounts(&self) -> u32 {
        u32::try_from(self.keys.len()).unwrap_or(u32::MAX)
    }

    /// How many were kept.
    pub const fn kept(&self) -> u32 {
        self.kept
    }

    /// How many were lost.
    pub fn lost(&self) -> u32 {
        self.accounts() - self.kept
    }

    /// Visits groups of equal scores, the lowest first: what [`Self::ties`] gives, in one walk.
    pub(crate) fn each_tie(&self, mut visit: impl FnMut(Tie)) {
        let mut keys = self.keys.iter();
        let Some(&first) = keys.next() else { return };
        let one = |key: i64| Tie {
            billionths: key >> 1,
            kept: u32::from(key & 1 == 1),
            lost: u32::from(key & 1 == 0),
        };
        let mut tie = one(first);
        for &key in keys {
            let next = one(key);
            if next.billionths == tie.billionths {
                (tie.kept, tie.lost) = (tie.kept.wrapping_add(next.kept), tie.lost.wrapping_add(next.lost));
            } else {
                visit(tie);
                tie = next;
            }
        }
        visit(tie);
    }

    /// Groups of equal scores, the lowest first.
    pub fn ties(&self) -> impl DoubleEndedIterator<Item = Tie> + '_ {
        self.keys.chunk_by(|a, b| a >> 1 == b >> 1).map(|group| {
            let all = u32::try_from(group.len()).unwrap_or(u32::MAX);
            let first_kept = group.partition_point(|key| key & 1 == 0);
            let lost = u32::try_from(first_kept).unwrap_or(u32::MAX);
            Tie { billionths: group.first().map_or(0, |key| key >> 1), kept: all - lost, lost }
        })
    }
}

/// Counts are 32 bits wide.
pub(crate) fn limit(accounts: usize) -> Result<(), Error> {
    let (found, limit) = (u64::try_from(accounts).unwrap_or(u64::MAX), u64::from(u32::MAX));
    if found <= limit {
        return Ok(());
    }
    Err(Error::Limit { field: "scores".into(), what: "accounts", found, limit })
}

#[cfg(test)]
mod tests {
    use super::Ranking;

    #[test]
    fn both_walks_see_the_same_ties() {
        let scores: Vec<f64> = (0..500).map(|account| f64::from(account * 7 % 31)).collect();
        let outcomes: Vec<bool> = (0..500).map(|account| account % 3 == 0).collect();
        let ranking = Ranking::new(&scores, &outcomes).unwrap();
        let mut seen = Vec::new();
        ranking.each_tie(|tie| seen.push(tie));
        assert_eq!(seen, ranking.ties().collect::<Vec<_>>());
        assert_eq!(seen.len(), 31);
    }
}
