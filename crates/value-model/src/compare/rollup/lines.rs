//! What is rolled up: accounts side by side, in columns.

use super::block::{MOST_SCORE, MOST_SHARE};
use crate::compare::portfolio::Line;
use crate::compare::totals;
use crate::scorecard::{CompiledBands, Outcome};
use crate::{Error, check};

/// Many accounts, one value each.
///
/// Without `outcome`, an account without a score is one about which too little is known, unless `lower` is missing too:
/// then the row is no account and is left out. With `outcome`, a row without one is no account.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    /// Scores, 0..100.
    pub score: Numbers<'a>,
    /// Lower bounds, 0..100.
    pub lower: Option<Numbers<'a>>,
    /// Upper bounds, 0..100.
    pub upper: Option<Numbers<'a>>,
    /// Coverage, 0..1.
    pub coverage: Option<Numbers<'a>>,
    /// Revenue, 0 to 10^13.
    pub revenue: Option<Numbers<'a>>,
    /// 0 scored, 1 insufficient, 2 not applicable, as [`Column::Outcome`](crate::block::Column::Outcome) gives it.
    pub outcome: Option<Codes<'a>>,
}

/// One number for each account.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    /// The numbers; what stands under a missing one is not read.
    pub values: &'a [f64],
    /// One bit for each account, least significant first: whether there is a number. Without it all are there.
    pub valid: Option<&'a [u64]>,
}

/// One code for each account.
#[derive(Clone, Copy, Debug)]
pub struct Codes<'a> {
    /// The codes.
    pub values: &'a [u8],
    /// As [`Numbers::valid`].
    pub valid: Option<&'a [u64]>,
}

/// What was given for the accounts, and so has a sum.
#[expect(clippy::struct_excessive_bools, reason = "four independent facts")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Revenue.
    pub revenue: bool,
    /// Lower bounds.
    pub lower: bool,
    /// Upper bounds.
    pub upper: bool,
    /// Coverage.
    pub coverage: bool,
}

impl<'a> Lines<'a> {
    /// Scores alone.
    pub const fn new(score: Numbers<'a>) -> Self {
        Self { score, lower: None, upper: None, coverage: None, revenue: None, outcome: None }
    }

    /// Whether every column holds this many accounts.
    pub(super) fn fit(&self, rows: usize) -> bool {
        let numbers = [Some(self.score), self.lower, self.upper, self.coverage, self.revenue];
        numbers
            .into_iter()
            .flatten()
            .all(|numbers| numbers.values.len() == rows && holds(numbers.valid, rows))
            && self.outcome.is_none_or(|codes| codes.values.len() == rows && holds(codes.valid, rows))
    }

    /// Whether bounds or coverage are to be added up.
    pub(super) const fn have_bounds(&self) -> bool {
        self.lower.is_some() || self.upper.is_some() || self.coverage.is_some()
    }

    /// Some accounts from a place on that is a multiple of 64.
    pub(super) fn part(&self, start: usize, rows: usize) -> Self {
        let part = |numbers: Option<Numbers<'a>>| numbers.map(|numbers| numbers.part(start, rows));
        Self {
            score: self.score.part(start, rows),
            lower: part(self.lower),
            upper: part(self.upper),
            coverage: part(self.coverage),
            revenue: part(self.revenue),
            outcome: self.outcome.map(|codes| Codes {
                values: codes.values.get(start..start + rows).unwrap_or_default(),
                valid: codes.valid.map(|valid| valid.get(start / 64..).unwrap_or_default()),
            }),
        }
    }

    /// One account with its revenue in ten-thousandths; none where the row is no account.
    pub(super) fn line(
        &self,
        at: usize,
        bands: &CompiledBands,
    ) -> Result<Option<(Option<i64>, Line)>, Error> {
        let score = self.score.get(at).map(|score| within("score", score, MOST_SCORE / 1e9)).transpose()?;
        let absent = match (self.outcome, self.lower) {
            (Some(codes), _) => !is_valid(codes.valid, at),
            (None, Some(lower)) => lower.get(at).is_none(),
            (None, None) => false,
        };
        if absent {
            return Ok(None);
        }
        let outcome = self.outcome_at(at, score)?;
        let number = |field: &'static str, numbers: Option<Numbers<'_>>, most: f64| match numbers {
            None => Ok(0.0),
            Some(numbers) => match numbers.get(at) {
                Some(number) => within(field, number, most),
                None if outcome == Outcome::NotApplicable => Ok(0.0),
                None => Err(Error::Missing { field: field.into() }),
            },
        };
        let lower = number("lower", self.lower, MOST_SCORE / 1e9)?;
        let line = Line {
            outcome,
            score,
            lower,
            upper: number("upper", self.upper, MOST_SCORE / 1e9)?,
            coverage: number("coverage", self.coverage, MOST_SHARE / 1e9)?,
            band: score.map(|score| bands.index(score)),
            // Without a lower bound its band is past the last, where nothing is counted.
            lower_band: if self.lower.is_some() { bands.index(lower) } else { u32::MAX },
        };
        let revenue = self.revenue.and_then(|revenue| revenue.get(at));
        Ok(Some((revenue.map(|amount| totals::money("revenue", amount)).transpose()?, line)))
    }

    fn outcome_at(&self, at: usize, score: Option<f64>) -> Result<Outcome, Error> {
        let code = self.outcome.and_then(|codes| codes.values.get(at).copied());
        match (code, score) {
            (None | Some(0), Some(_)) => Ok(Outcome::Scored),
            (None | Some(1), None) => Ok(Outcome::Insufficient),
            (Some(2), _) => Ok(Outcome::NotApplicable),
            (Some(0), None) => Err(Error::Missing { field: "score".into() }),
            (Some(1), Some(_)) => Err(Error::Conflict {
                field: "outcome".into(),
                reason: "says that there is no score beside one".into(),
            }),
            (Some(code), _) => Err(Error::OutOfRange {
                field: "outcome".into(),
                value: f64::from(code),
                allowed: "0, 1 or 2".into(),
            }),
        }
    }
}

impl Numbers<'_> {
    fn part(&self, start: usize, rows: usize) -> Self {
        Self {
            values: self.values.get(start..start + rows).unwrap_or_default(),
            valid: self.valid.map(|valid| valid.get(start / 64..).unwrap_or_default()),
        }
    }

    fn get(&self, at: usize) -> Option<f64> {
        self.values.get(at).copied().filter(|_| is_valid(self.valid, at))
    }
}

/// A number that rounds to one from 0 to `most`, which already holds the half of the last digit.
fn within(field: &'static str, number: f64, most: f64) -> Result<f64, Error> {
    check::finite(field, number)?;
    if number > -0.5e-9 && number < most {
        return Ok(number);
    }
    let allowed = format!("between 0 and {}", most.trunc());
    Err(Error::OutOfRange { field: field.into(), value: number, allowed: allowed.into() })
}

fn holds(valid: Option<&[u64]>, rows: usize) -> bool {
    valid.is_none_or(|words| words.len() >= rows.div_ceil(64))
}

pub(super) fn is_valid(valid: Option<&[u64]>, at: usize) -> bool {
    valid.is_none_or(|words| words.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1))
}
