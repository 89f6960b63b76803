//! A back-test in one call: does this score, known on this day, lead what happened later?

use crate::catalog::{Formula, Source};
use crate::scorecard::Bands;
use crate::{Date, Error, check, math};

use super::auc::{self, Auc};
use super::bands::{BandOutcome, by_band};
use super::curve::{self, Distance, RocPoint};
use super::deciles::{Decile, deciles};
use super::rank::Ranking;
use super::{NoResult, Verdict, same_length};

/// Catalog entry of [`backtest`].
pub const FORMULA: Formula = Formula {
    id: "backtest",
    version: 1,
    source: Source::Standard,
    expression: "auc with ties half and its interval after DeLong; revenue_weighted_auc counts a pair with the product \
                 of both revenues; average_precision = sum (recall_k - recall_(k-1)) * precision_k; \
                 ks = max over scores of |kept share - lost share|; lift = lost rate of a tenth / lost rate of all",
};

/// Scores of one day and what happened to their accounts later.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BacktestInput {
    /// One score per account, 0..100 where the bands are read; null where there is none.
    pub scores: Vec<Option<f64>>,
    /// Whether each account was kept; null where it is not known yet.
    pub outcomes: Vec<Option<bool>>,
    /// Revenue of each account, in one currency; null counts as unknown.
    #[serde(default)]
    pub revenue: Option<Vec<Option<f64>>>,
    /// The day on which the scores were known.
    #[serde(default)]
    pub as_of: Option<Date>,
    /// The newest date among the inputs of each score. One after `as_of` is refused: that score knew the future.
    #[serde(default)]
    pub inputs_on: Option<Vec<Option<Date>>>,
    /// Bands to report by; the default bands without.
    #[serde(default)]
    pub bands: Option<Bands>,
}

/// How well a score told what happened later.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Backtest {
    /// What it comes to, in a sentence.
    pub summary: String,
    /// Accounts with a score and an outcome: those that were looked at.
    pub accounts: u32,
    /// Accounts without a score.
    pub without_score: u32,
    /// Accounts with a score and without an outcome.
    pub without_outcome: u32,
    /// The area under the ROC curve, its interval and what it says.
    pub auc: Auc,
    /// AUC in which a pair counts with the product of both revenues; none without revenue in both classes.
    pub revenue_weighted_auc: Option<f64>,
    /// Accounts whose revenue is not known, where revenue was given; they have no weight.
    pub without_revenue: u32,
    /// Average precision of the kept accounts, 0..1; to be held against the share that was kept.
    pub average_precision: Option<f64>,
    /// The share of accounts that were kept; none without accounts.
    pub kept_rate: Option<f64>,
    /// The largest distance between kept and lost accounts.
    pub ks: Option<Distance>,
    /// Tenths of the accounts from the lowest scores up.
    pub deciles: Vec<Decile>,
    /// What became of the accounts of each band.
    pub bands: Vec<BandOutcome>,
    /// The ROC curve from the highest scores down.
    pub roc: Vec<RocPoint>,
}

/// Holds scores against outcomes.
///
/// # Errors
/// [`Error::Conflict`] for columns of different lengths, [`Error::AfterAsOf`] (`inputs_on[i]`) for a score that knew the
/// future, [`Error::Missing`] (`as_of`) for dates without a scoring date, [`Error::NotFinite`], [`Error::OutOfRange`], and
/// those of the bands.
///
/// # Examples
/// ```
/// use value_model::backtest::report::{BacktestInput, backtest};
/// let scores = [90.0, 80.0, 70.0, 70.0, 60.0, 50.0, 40.0, 30.0];
/// let renewed = [true, true, false, true, true, false, false, true];
/// let found = backtest(&BacktestInput {
///     scores: scores.map(Some).to_vec(),
///     outcomes: renewed.map(Some).to_vec(),
///     ..BacktestInput::default()
/// })?;
/// assert_eq!(found.auc.auc, Some(0.7));
/// assert_eq!(found.kept_rate, Some(0.625));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn backtest(input: &BacktestInput) -> Result<Backtest, Error> {
    no_leak(input)?;
    let pairs = Pairs::of(input)?;
    let ranking = Ranking::new(&pairs.scores, &pairs.outcomes)?;
    let auc = auc::of(&ranking);
    let weighed = input.revenue.is_some();
    let bands = input.bands.clone().unwrap_or_default();
    let (kept, accounts) = (math::count(ranking.kept()), ranking.accounts());
    Ok(Backtest {
        summary: summary(&auc),
        accounts,
        without_score: pairs.without_score,
        without_outcome: pairs.without_outcome,
        auc,
        revenue_weighted_auc: if weighed {
            auc::weighted_auc(&pairs.scores, &pairs.outcomes, &pairs.revenue)?
        } else {
            None
        },
        without_revenue: pairs.without_revenue,
        average_precision: curve::average_precision(&ranking),
        kept_rate: (accounts > 0).then(|| kept / math::count(accounts)),
        ks: curve::distance(&ranking),
        deciles: deciles(&ranking),
        bands: by_band(&pairs.scores, &pairs.outcomes, &pairs.revenue, &bands)?,
        roc: curve::roc(&ranking),
    })
}

/// Refuses inputs that are newer than the scores made of them.
fn no_leak(input: &BacktestInput) -> Result<(), Error> {
    let Some(dates) = &input.inputs_on else { return Ok(()) };
    same_length("inputs_on", dates.len(), input.scores.len())?;
    let as_of = input.as_of.ok_or(Error::Missing { field: "as_of".into() })?;
    for (index, date) in dates.iter().enumerate().filter_map(|(index, date)| Some((index, (*date)?))) {
        if date > as_of {
            check::not_after(format!("inputs_on[{index}]"), date, as_of)?;
        }
    }
    Ok(())
}

/// The accounts with a score and an outcome.
struct Pairs {
    scores: Vec<f64>,
    outcomes: Vec<bool>,
    revenue: Vec<f64>,
    without_score: u32,
    without_outcome: u32,
    without_revenue: u32,
}

impl Pairs {
    fn of(input: &BacktestInput) -> Result<Self, Error> {
        let all = input.scores.len();
        same_length("outcomes", input.outcomes.len(), all)?;
        let revenue = input.revenue.as_deref();
        same_length("revenue", revenue.map_or(all, <[_]>::len), all)?;
        super::rank::limit(all)?;
        let (scores, outcomes) = (Vec::with_capacity(all), Vec::with_capacity(all));
        let mut pairs = Self {
            scores,
            outcomes,
            revenue: Vec::new(),
            without_score: 0,
            without_outcome: 0,
            without_revenue: 0,
        };
        for (index, (score, outcome)) in input.scores.iter().zip(&input.outcomes).enumerate() {
            let Some(score) = *score else {
                pairs.without_score += 1;
                continue;
            };
            // Places are those of the input, so what is left out later is looked at here.
            let score = super::rankable("scores", index, score)?;
            let Some(outcome) = *outcome else {
                pairs.without_outcome += 1;
                continue;
            };
            pairs.scores.push(score);
            pairs.outcomes.push(outcome);
            if let Some(revenue) = revenue {
                pairs.pay(index, revenue.get(index).copied().flatten())?;
            }
        }
        Ok(pairs)
    }

    fn pay(&mut self, index: usize, amount: Option<f64>) -> Result<(), Error> {
        self.without_revenue += u32::from(amount.is_none());
        let amount = amount.unwrap_or(0.0);
        auc::money(index, amount)?;
        self.revenue.push(amount);
        Ok(())
    }
}

/// What a back-test comes to, in words that promise nothing.
fn summary(found: &Auc) -> String {
    let (kept, lost) = (found.kept, found.lost);
    let Some(auc) = found.auc else {
        return match found.reason {
            Some(NoResult::NoneLost) => {
                format!("no account was lost ({kept} kept), so nothing can be told apart")
            }
            Some(NoResult::NoneKept) => {
                format!("no account was kept ({lost} lost), so nothing can be told apart")
            }
            _ => "no account has both a score and an outcome".to_owned(),
        };
    };
    let words = match found.verdict {
        Verdict::Leads => "the score leads: accounts that stayed had the higher scores",
        Verdict::WrongWay => "the score points the wrong way: accounts that left had the higher scores",
        Verdict::Unclear => "these accounts do not tell whether the score leads",
        Verdict::Unknown => "too few accounts for an interval",
    };
    let interval = match (found.interval, found.reason) {
        (Some(interval), _) => format!(", 95% interval {:.3} to {:.3}", interval.low, interval.high),
        (None, Some(NoResult::Separated)) => ", no score of one reaches the other".to_owned(),
        (None, _) => String::new(),
    };
    format!("{words} (AUC {auc:.3}{interval}; {kept} kept, {lost} lost)")
}
