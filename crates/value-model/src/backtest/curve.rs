//! The ROC curve and what is read off it: average precision, the largest distance of the two classes.

use crate::math;

use super::one_class;
use super::rank::Ranking;

/// One point of the ROC curve. The curve starts at 0, 0, above all scores.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RocPoint {
    /// Accounts with this score or more are counted.
    pub score: f64,
    /// The share of lost accounts among them: to the right, 0..1.
    pub lost_share: f64,
    /// The share of kept accounts among them: upwards, 0..1.
    pub kept_share: f64,
}

/// The most points that a curve has.
pub const POINTS: u64 = 100;

/// The ROC curve from the highest score down, thinned to at most [`POINTS`] points; empty with one class only.
///
/// A point stays when the accounts down to it pass another hundredth of all accounts.
///
/// # Examples
/// ```
/// use value_model::backtest::{curve::roc, rank::Ranking};
/// let curve = roc(&Ranking::new(&[90.0, 70.0, 70.0, 40.0], &[true, true, false, false])?);
/// let points: Vec<_> = curve.iter().map(|point| (point.lost_share, point.kept_share)).collect();
/// assert_eq!(points, [(0.0, 0.5), (0.5, 1.0), (1.0, 1.0)]);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn roc(ranking: &Ranking) -> Vec<RocPoint> {
    let (kept, lost) = (ranking.kept(), ranking.lost());
    if one_class(kept, lost).is_some() {
        return Vec::new();
    }
    let all = u64::from(ranking.accounts());
    let (mut kept_above, mut lost_above) = (0_u32, 0_u32);
    let mut points = Vec::new();
    for tie in ranking.ties().rev() {
        let before = u64::from(kept_above + lost_above) * POINTS / all;
        kept_above += tie.kept;
        lost_above += tie.lost;
        if u64::from(kept_above + lost_above) * POINTS / all > before {
            points.push(RocPoint {
                score: tie.score(),
                lost_share: math::count(lost_above) / math::count(lost),
                kept_share: math::count(kept_above) / math::count(kept),
            });
        }
    }
    points
}

/// Average precision of the kept: the mean share of kept accounts among those with a kept account's score or more.
///
/// None with one class only.
pub fn average_precision(ranking: &Ranking) -> Option<f64> {
    let kept = ranking.kept();
    if one_class(kept, ranking.lost()).is_some() {
        return None;
    }
    let (mut kept_above, mut all_above, mut sum) = (0_u32, 0_u32, 0.0);
    for tie in ranking.ties().rev() {
        kept_above += tie.kept;
        all_above += tie.accounts();
        sum += math::count(tie.kept) * (math::count(kept_above) / math::count(all_above));
    }
    Some(sum / math::count(kept))
}

/// The largest distance between the two classes.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Distance {
    /// The largest difference between the shares of kept and of lost accounts up to one score (Kolmogorov, Smirnov): 0..1.
    pub value: f64,
    /// The lowest score at which it is reached.
    pub score: f64,
}

/// The Kolmogorov-Smirnov distance of the two classes; none with one class only.
pub fn distance(ranking: &Ranking) -> Option<Distance> {
    let (kept, lost) = (ranking.kept(), ranking.lost());
    if one_class(kept, lost).is_some() {
        return None;
    }
    let (mut kept_below, mut lost_below) = (0_u64, 0_u64);
    let mut best = (0_u128, 0.0);
    for tie in ranking.ties() {
        kept_below += u64::from(tie.kept);
        lost_below += u64::from(tie.lost);
        // Both shares times kept * lost: whole numbers, which compare without rounding.
        let apart =
            (u128::from(kept_below) * u128::from(lost)).abs_diff(u128::from(lost_below) * u128::from(kept));
        if apart > best.0 {
            best = (apart, tie.score());
        }
    }
    // Everybody in one tie: the distance is 0, at that score.
    let score = if best.0 == 0 { ranking.ties().next()?.score() } else { best.1 };
    let apart = math::nearest(i128::try_from(best.0).unwrap_or(i128::MAX));
    Some(Distance { value: apart / (math::count(kept) * math::count(lost)), score })
}
