//! Concordance when some accounts are still here: Harrell's C.

use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

use super::{NoResult, rankable, same_length};

/// Catalog entry of [`concordance`].
pub const FORMULA: Formula = Formula {
    id: "concordance",
    version: 1,
    source: Source::Standard,
    expression: "c = (pairs whose later account has the higher score + half of the score ties) / pairs; \
                 a pair counts when the earlier time is an event, equal times when exactly one is an event",
};

/// How long each account stayed, and whether it left or is only no longer watched.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConcordanceInput {
    /// One score per account; higher should stay longer.
    pub scores: Vec<f64>,
    /// How long each account was watched, in any unit of time, 0 or more.
    pub times: Vec<f64>,
    /// Whether it left at that time; otherwise it was still here.
    pub left: Vec<bool>,
}

/// How well scores order accounts by how long they stayed.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Concordance {
    /// Harrell's C, 0..1; .5 is no better than a coin.
    pub concordance: Option<f64>,
    /// Why there is none.
    pub reason: Option<NoResult>,
    /// Pairs whose order in time is known.
    pub pairs: f64,
    /// Of these, pairs with equal scores.
    pub tied_scores: f64,
}

/// Harrell's concordance.
///
/// # Errors
/// [`Error::Conflict`] for columns of different lengths, [`Error::NotFinite`], [`Error::OutOfRange`].
///
/// # Examples
/// ```
/// use value_model::backtest::concordance::{ConcordanceInput, concordance};
/// let found = concordance(&ConcordanceInput {
///     scores: vec![20.0, 50.0, 40.0, 90.0],
///     times: vec![3.0, 6.0, 9.0, 12.0],
///     left: vec![true, true, false, false],
/// })?;
/// assert_eq!((found.concordance, found.pairs), (Some(0.8), 5.0)); // 50 left at 6, and 40 was still here at 9
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn concordance(input: &ConcordanceInput) -> Result<Concordance, Error> {
    let mut rows = rows(input)?;
    // The latest time first; at one time those still here before those that left, which are the earlier of the two.
    rows.sort_unstable_by(|a, b| b.time.total_cmp(&a.time).then(a.left.cmp(&b.left)));
    let mut places: Vec<i64> = rows.iter().map(|row| row.key).collect();
    places.sort_unstable();
    places.dedup();
    let mut later = Counts::new(places.len());
    let (mut pairs, mut above, mut tied) = (0_i128, 0_i128, 0_i128);
    for moment in rows.chunk_by(|a, b| a.left == b.left && a.time.total_cmp(&b.time).is_eq()) {
        for row in moment.iter().filter(|row| row.left) {
            let (below, up_to) = later.around(places.partition_point(|key| *key < row.key));
            pairs += later.all;
            above += later.all - up_to;
            tied += up_to - below;
        }
        for row in moment {
            later.add(places.partition_point(|key| *key < row.key));
        }
    }
    let reason = (pairs == 0).then_some(NoResult::NoPairs);
    let twice = math::nearest(2 * above + tied);
    Ok(Concordance {
        concordance: reason.is_none().then(|| twice / (2.0 * math::nearest(pairs))),
        reason,
        pairs: math::nearest(pairs),
        tied_scores: math::nearest(tied),
    })
}

/// One account: its score in billionths, its time, whether it left.
struct Row {
    key: i64,
    time: f64,
    left: bool,
}

fn rows(input: &ConcordanceInput) -> Result<Vec<Row>, Error> {
    let all = input.scores.len();
    same_length("times", input.times.len(), all)?;
    same_length("left", input.left.len(), all)?;
    super::rank::limit(all)?;
    let columns = input.scores.iter().zip(&input.times).zip(&input.left).enumerate();
    let row = |(index, ((&score, &time), &left))| {
        let key = math::billionths(rankable("scores", index, score)?);
        let time = if (0.0..f64::INFINITY).contains(&time) {
            math::unsigned_zero(time)
        } else {
            check::not_negative(format!("times[{index}]"), time)?
        };
        Ok(Row { key, time, left })
    };
    columns.map(row).collect()
}

/// How many accounts stand at each place, with sums up to any place in few steps (a Fenwick tree).
struct Counts {
    tree: Vec<i128>,
    all: i128,
}

impl Counts {
    fn new(places: usize) -> Self {
        Self { tree: vec![0; places + 1], all: 0 }
    }

    fn add(&mut self, place: usize) {
        self.all += 1;
        let mut at = place + 1;
        while let Some(count) = self.tree.get_mut(at) {
            *count += 1;
            at += at & at.wrapping_neg();
        }
    }

    /// How many stand below a place, and up to it.
    fn around(&self, place: usize) -> (i128, i128) {
        (self.below(place), self.below(place + 1))
    }

    fn below(&self, place: usize) -> i128 {
        let (mut at, mut sum) = (place, 0);
        while at > 0 {
            sum += self.tree.get(at).copied().unwrap_or_default();
            at &= at - 1;
        }
        sum
    }
}
