//! AUC: how often an account that stayed had the higher score than one that left.

use crate::catalog::{Formula, Source};
use crate::metric::interval::{Interval, Z};
use crate::{Error, math};

use super::rank::{self, Ranking, Tie};
use super::{NoResult, Verdict, one_class, rankable, same_length};

/// Catalog entry of [`auc_of`].
pub const FORMULA: Formula = Formula {
    id: "auc",
    version: 1,
    source: Source::Standard,
    expression: "auc = (pairs (kept, lost) with the kept score higher + half of the ties) / (kept * lost); \
                 interval = auc -+ z * sqrt(S10 / kept + S01 / lost), DeLong's variances of the placements",
};

/// Scores and what happened to their accounts.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AucInput {
    /// One number per account, higher is better; usually scores. From -10^9 to 10^9, compared at 9 decimals.
    pub scores: Vec<f64>,
    /// Whether each account was kept.
    pub outcomes: Vec<bool>,
}

/// How well scores tell accounts that were kept from accounts that were lost.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Auc {
    /// Area under the ROC curve, 0..1; ties count half; .5 is no better than a coin.
    pub auc: Option<f64>,
    /// Its 95% interval after DeLong, inside 0..1.
    pub interval: Option<Interval>,
    /// Why there is no AUC, or no interval.
    pub reason: Option<NoResult>,
    /// What the interval says.
    pub verdict: Verdict,
    /// Accounts that were kept.
    pub kept: u32,
    /// Accounts that were lost.
    pub lost: u32,
}

/// AUC of an input.
///
/// # Errors
/// Those of [`auc`].
pub fn auc_of(input: &AucInput) -> Result<Auc, Error> {
    auc(&input.scores, &input.outcomes)
}

/// AUC with its interval, of two columns.
///
/// With one class only there is none, and the reason says which class is empty.
///
/// # Errors
/// [`Error::Conflict`] for columns of different lengths, [`Error::NotFinite`], [`Error::OutOfRange`].
///
/// # Examples
/// ```
/// use value_model::backtest::{Verdict, auc::auc};
/// let scores = [90.0, 80.0, 70.0, 70.0, 60.0, 50.0, 40.0, 30.0];
/// let renewed = [true, true, false, true, true, false, false, true];
/// let found = auc(&scores, &renewed)?;
/// assert_eq!(found.auc, Some(0.7));
/// assert_eq!(found.verdict, Verdict::Unclear); // eight accounts prove little
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn auc(scores: &[f64], outcomes: &[bool]) -> Result<Auc, Error> {
    Ok(of(&Ranking::new(scores, outcomes)?))
}

/// AUC of accounts that are ranked already.
pub fn of(ranking: &Ranking) -> Auc {
    let (kept, lost) = (ranking.kept(), ranking.lost());
    let none = Auc { auc: None, interval: None, reason: None, verdict: Verdict::Unknown, kept, lost };
    if let Some(reason) = one_class(kept, lost) {
        return Auc { reason: Some(reason), ..none };
    }
    let sums = Placements::of(ranking);
    let pairs = math::count(kept) * math::count(lost);
    let auc = math::nearest(sums.of_kept.sum) / (2.0 * pairs);
    let found = Auc { auc: Some(auc), ..none };
    match sums.variance(kept, lost) {
        None => Auc { reason: Some(NoResult::TooFew), ..found },
        Some(variance) if variance > 0.0 => {
            let half = Z * variance.sqrt();
            let interval = Interval { low: math::clamp_unit(auc - half), high: math::clamp_unit(auc + half) };
            Auc { interval: Some(interval), verdict: Verdict::of(Some(interval)), ..found }
        }
        // Placements do not vary: either every score is one, or the classes do not meet.
        Some(_) if sums.of_kept.sum == i128::from(kept) * i128::from(lost) => {
            Auc { reason: Some(NoResult::AllEqual), verdict: Verdict::Unclear, ..found }
        }
        Some(_) => {
            let verdict = Verdict::of_separated(auc, kept, lost);
            Auc { reason: Some(NoResult::Separated), verdict, ..found }
        }
    }
}

/// Sums of placements: for each account twice the number of accounts of the other class that it stands right to, ties
/// counting half. Whole numbers, so nothing is rounded and no order matters.
struct Placements {
    of_kept: Sums,
    of_lost: Sums,
}

#[derive(Default)]
struct Sums {
    sum: i128,
    squares: i128,
}

impl Sums {
    fn add(&mut self, accounts: u32, placement: u64) {
        // Both counts are below 2^33, so nothing can wrap; a check of 128 bits would take longer than the rest.
        let (accounts, placement) = (i128::from(accounts), i128::from(placement));
        let all = accounts.wrapping_mul(placement);
        self.sum = self.sum.wrapping_add(all);
        self.squares = self.squares.wrapping_add(all.wrapping_mul(placement));
    }

    /// The sum of squared differences from the mean, times the number of accounts: at most (2 kept lost)^2 < 2^127.
    fn spread(&self, accounts: u32) -> f64 {
        math::nearest(i128::from(accounts) * self.squares - self.sum * self.sum)
    }
}

impl Placements {
    fn of(ranking: &Ranking) -> Self {
        let (mut of_kept, mut of_lost) = (Sums::default(), Sums::default());
        let (mut lost_below, mut kept_above) = (0_u64, u64::from(ranking.kept()));
        ranking.each_tie(|Tie { kept, lost, .. }| {
            kept_above = kept_above.wrapping_sub(kept.into());
            of_kept.add(kept, 2 * lost_below + u64::from(lost));
            of_lost.add(lost, 2 * kept_above + u64::from(kept));
            lost_below += u64::from(lost);
        });
        Self { of_kept, of_lost }
    }

    /// DeLong's variance of the AUC; none with a single account in a class, whose placements cannot vary.
    fn variance(&self, kept: u32, lost: u32) -> Option<f64> {
        if kept < 2 || lost < 2 {
            return None;
        }
        let (m, n) = (math::count(kept), math::count(lost));
        let square = 4.0 * m * m * n * n;
        Some(
            self.of_kept.spread(kept) / (square * (m - 1.0))
                + self.of_lost.spread(lost) / (square * (n - 1.0)),
        )
    }
}

/// AUC in which each account counts with its revenue: a pair with the product of both.
///
/// Revenue adds in ten-thousandths of its unit. None when one class has no revenue.
///
/// # Errors
/// Those of [`auc`]; [`Error::NotFinite`] or [`Error::OutOfRange`] (`revenue[i]`) unless 0 to 10^13.
///
/// # Examples
/// ```
/// use value_model::backtest::auc::weighted_auc;
/// let scores = [90.0, 80.0, 70.0, 70.0, 60.0, 50.0, 40.0, 30.0];
/// let renewed = [true, true, false, true, true, false, false, true];
/// let revenue = [100.0, 50.0, 200.0, 50.0, 100.0, 300.0, 100.0, 100.0];
/// assert!((weighted_auc(&scores, &renewed, &revenue)?.unwrap() - 0.645_833_333_333_333_3).abs() < 1e-12);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn weighted_auc(scores: &[f64], outcomes: &[bool], revenue: &[f64]) -> Result<Option<f64>, Error> {
    same_length("outcomes", outcomes.len(), scores.len())?;
    same_length("revenue", revenue.len(), scores.len())?;
    rank::limit(scores.len())?;
    let mut rows = Vec::with_capacity(scores.len());
    for (index, ((&score, &kept), &amount)) in scores.iter().zip(outcomes).zip(revenue).enumerate() {
        let key = math::billionths(rankable("scores", index, score)?);
        rows.push((key, kept, money(index, amount)?));
    }
    rows.sort_unstable();
    let total =
        |class: bool| rows.iter().filter(|row| row.1 == class).map(|row| i128::from(row.2)).sum::<i128>();
    let pairs = math::nearest(total(true)) * math::nearest(total(false));
    let (mut below, mut won) = (0_i128, 0.0);
    for tie in rows.chunk_by(|a, b| a.0 == b.0) {
        let of =
            |class: bool| tie.iter().filter(|row| row.1 == class).map(|row| i128::from(row.2)).sum::<i128>();
        let (kept, lost) = (of(true), of(false));
        won += math::nearest(kept) * (math::nearest(below) + math::nearest(lost) / 2.0);
        below += lost;
    }
    Ok((pairs > 0.0).then(|| won / pairs))
}

/// The largest revenue of an account.
const MOST: f64 = 1e13;

/// Revenue in ten-thousandths.
pub(crate) fn money(index: usize, amount: f64) -> Result<i64, Error> {
    if !(0.0..=MOST).contains(&amount) {
        crate::check::between(format!("revenue[{index}]"), amount, 0.0, MOST)?;
    }
    Ok(math::ten_thousandths(amount))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{auc, weighted_auc};
    use crate::backtest::{NoResult, Verdict};

    const SCORES: [f64; 8] = [90.0, 80.0, 70.0, 70.0, 60.0, 50.0, 40.0, 30.0];
    const RENEWED: [bool; 8] = [true, true, false, true, true, false, false, true];

    #[test]
    fn backtest_golden_auc_and_revenue_weighted_auc() {
        // Back-test of the golden cases.
        let found = auc(&SCORES, &RENEWED).unwrap();
        assert_relative_eq!(found.auc.unwrap(), 0.7);
        let revenue = [100.0, 50.0, 200.0, 50.0, 100.0, 300.0, 100.0, 100.0];
        let weighted = weighted_auc(&SCORES, &RENEWED, &revenue).unwrap().unwrap();
        assert_relative_eq!(weighted, 0.645_833_333_333_333_3, max_relative = 1e-12);
    }

    #[test]
    fn one_class_has_no_auc_and_says_which_class_is_empty() {
        let kept = auc(&SCORES, &[true; 8]).unwrap();
        assert_eq!((kept.auc, kept.reason), (None, Some(NoResult::NoneLost)));
        let lost = auc(&SCORES, &[false; 8]).unwrap();
        assert_eq!((lost.auc, lost.reason), (None, Some(NoResult::NoneKept)));
        assert_eq!(auc(&[], &[]).unwrap().reason, Some(NoResult::NoAccounts));
    }

    #[test]
    fn equal_scores_give_a_half_and_a_turned_score_points_the_wrong_way() {
        let equal = auc(&[5.0; 8], &RENEWED).unwrap();
        assert_eq!((equal.auc, equal.verdict), (Some(0.5), Verdict::Unclear));
        let outcomes: Vec<bool> = (0..40).map(|account| account >= 20).collect();
        let turned: Vec<f64> = (0..40).map(|account| f64::from(40 - account)).collect();
        let found = auc(&turned, &outcomes).unwrap();
        assert_eq!((found.auc, found.verdict), (Some(0.0), Verdict::WrongWay));
    }

    #[test]
    fn one_account_of_a_class_has_an_auc_without_an_interval() {
        let found = auc(&[1.0, 2.0, 3.0], &[false, true, true]).unwrap();
        assert_eq!((found.auc, found.interval), (Some(1.0), None));
        assert_eq!((found.reason, found.verdict), (Some(NoResult::TooFew), Verdict::Unknown));
    }

    #[test]
    fn what_cannot_be_ranked_is_refused_by_place() {
        let error = auc(&[1.0, f64::NAN], &[true, false]).unwrap_err();
        assert_eq!((error.code(), error.field()), ("not_finite", "scores[1]"));
        let error = auc(&[1.0, 2e9], &[true, false]).unwrap_err();
        assert_eq!((error.code(), error.field()), ("out_of_range", "scores[1]"));
        let error = auc(&[1.0], &[true, false]).unwrap_err();
        assert_eq!((error.code(), error.field()), ("conflict", "outcomes"));
        let error = weighted_auc(&[1.0], &[true], &[-1.0]).unwrap_err();
        assert_eq!((error.code(), error.field()), ("out_of_range", "revenue[0]"));
    }
}
