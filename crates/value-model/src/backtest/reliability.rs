//! Reliability: of accounts with a likelihood of 70%, do seven in ten stay?

use crate::catalog::{Formula, Source};
use crate::metric::interval::{self, Interval};
use crate::{Error, check, math};

use super::same_length;

/// Catalog entry of [`reliability`].
pub const FORMULA: Formula = Formula {
    id: "reliability",
    version: 1,
    source: Source::Standard,
    expression: "brier = mean (p - y)^2; skill = 1 - brier / (base * (1 - base)); \
                 calibration_error = sum over bins n_b / n * |mean p - kept rate|",
};

/// Likelihoods and what happened.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReliabilityInput {
    /// The renewal likelihood of each account, 0..1: the output of `likelihood`, never a score.
    pub likelihoods: Vec<f64>,
    /// Whether each account was kept.
    pub outcomes: Vec<bool>,
    /// Bins of equal width, 1 to 100.
    #[serde(default = "ten")]
    pub bins: u32,
}

const fn ten() -> u32 {
    10
}

/// How far likelihoods hold what they say.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Reliability {
    /// Accounts looked at.
    pub accounts: u32,
    /// Mean squared difference between likelihood and outcome (Brier): 0 is perfect, lower is better.
    pub brier: f64,
    /// The same for a likelihood that is the kept share for everybody.
    pub brier_of_base: f64,
    /// How much of that is gained: 1 perfect, 0 or less no better than the base. None when all accounts ended alike.
    pub skill: Option<f64>,
    /// Mean distance between likelihood and kept share over the bins, weighed by accounts: 0..1.
    pub calibration_error: f64,
    /// Bins with accounts, from the lowest up.
    pub bins: Vec<ReliabilityBin>,
}

/// Accounts of similar likelihood.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReliabilityBin {
    /// The least likelihood that belongs here.
    pub from: f64,
    /// The end: what reaches it belongs to the next bin, but for the last.
    pub to: f64,
    /// Accounts here.
    pub accounts: u32,
    /// Their mean likelihood.
    pub mean_likelihood: f64,
    /// The share of them that was kept.
    pub kept_rate: f64,
    /// That share's 95% interval (Wilson).
    pub interval: Interval,
}

/// Holds likelihoods against outcomes.
///
/// # Errors
/// [`Error::Empty`] without accounts, [`Error::Conflict`] for columns of different lengths, [`Error::OutOfRange`] for a
/// likelihood outside of 0..1 or bins outside of 1..100, [`Error::NotFinite`].
///
/// # Examples
/// ```
/// use value_model::backtest::reliability::{ReliabilityInput, reliability};
/// let likelihoods = vec![0.9, 0.9, 0.2, 0.2];
/// let found = reliability(&ReliabilityInput { likelihoods, outcomes: vec![true, true, false, true], bins: 10 })?;
/// assert!((found.brier - 0.175).abs() < 1e-12);
/// assert_eq!(found.bins[0].kept_rate, 0.5);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn reliability(input: &ReliabilityInput) -> Result<Reliability, Error> {
    let (likelihoods, outcomes) = (&input.likelihoods, &input.outcomes);
    if likelihoods.is_empty() {
        return Err(Error::Empty { field: "likelihoods".into() });
    }
    same_length("outcomes", outcomes.len(), likelihoods.len())?;
    super::rank::limit(likelihoods.len())?;
    if !(1..=100).contains(&input.bins) {
        let (field, value) = ("bins".into(), math::count(input.bins));
        return Err(Error::OutOfRange { field, value, allowed: "between 1 and 100".into() });
    }
    let mut bins = vec![Sums::default(); usize::try_from(input.bins).unwrap_or(1)];
    let mut squares = 0.0;
    for (index, (&likelihood, &kept)) in likelihoods.iter().zip(outcomes).enumerate() {
        if !(0.0..=1.0).contains(&likelihood) {
            check::unit(format!("likelihoods[{index}]"), likelihood)?;
        }
        let miss = likelihood - math::count(kept.into());
        squares += miss * miss;
        if let Some(bin) = bins.get_mut(bin_of(likelihood, input.bins)) {
            bin.add(likelihood, kept);
        }
    }
    summed(squares, &bins)
}

/// The bin of a likelihood: compared at 9 decimals, so that .3 is where .3 begins.
fn bin_of(likelihood: f64, bins: u32) -> usize {
    let place = math::billionths(likelihood) * i64::from(bins) / 1_000_000_000;
    usize::try_from(place.min(i64::from(bins) - 1)).unwrap_or(0)
}

fn summed(squares: f64, bins: &[Sums]) -> Result<Reliability, Error> {
    let accounts: u32 = bins.iter().map(|bin| bin.accounts).sum();
    let kept: u32 = bins.iter().map(|bin| bin.kept).sum();
    let all = math::count(accounts);
    let base = math::count(kept) / all;
    let (brier, brier_of_base) = (squares / all, base * (1.0 - base));
    let width = 1.0 / math::length(bins.len());
    let numbered = bins.iter().zip(0_u32..).filter(|(bin, _)| bin.accounts > 0);
    let rows: Vec<ReliabilityBin> =
        numbered.map(|(bin, place)| bin.row(place, width)).collect::<Result<_, _>>()?;
    let apart =
        |row: &ReliabilityBin| math::count(row.accounts) * (row.mean_likelihood - row.kept_rate).abs();
    Ok(Reliability {
        accounts,
        brier,
        brier_of_base,
        skill: (kept > 0 && kept < accounts).then(|| 1.0 - brier / brier_of_base),
        calibration_error: rows.iter().map(apart).sum::<f64>() / all,
        bins: rows,
    })
}

#[derive(Clone, Default)]
struct Sums {
    accounts: u32,
    kept: u32,
    likelihood: f64,
}

impl Sums {
    fn add(&mut self, likelihood: f64, kept: bool) {
        self.accounts += 1;
        self.kept += u32::from(kept);
        self.likelihood += likelihood;
    }

    fn row(&self, place: u32, width: f64) -> Result<ReliabilityBin, Error> {
        let share = interval::share("kept", self.kept, "accounts", self.accounts)?;
        Ok(ReliabilityBin {
            from: math::count(place) * width,
            to: math::count(place + 1) * width,
            accounts: self.accounts,
            mean_likelihood: self.likelihood / math::count(self.accounts),
            kept_rate: share.share,
            interval: share.interval(),
        })
    }
}
