//! Calibration: from a score to a renewal likelihood, learnt from what happened. A score alone is no probability.

use crate::catalog::{Formula, Source};
use crate::{Error, math};

use super::auc::{self, Auc};
use super::rank::{Ranking, Tie};
use super::reliability::{Reliability, ReliabilityInput, reliability};
use super::{NoResult, folds, isotonic, one_class, platt, rankable};

pub use super::isotonic::Knot;
pub use super::platt::Logistic;

/// Catalog entry of [`calibrate`].
pub const FORMULA: Formula = Formula {
    id: "calibrate",
    version: 1,
    source: Source::Standard,
    expression: "platt: p = 1 / (1 + exp(-(slope * score + intercept))), least log loss against the targets \
                 (kept + 1)/(kept + 2) and 1/(lost + 2); isotonic: least squares among all p that never fall; \
                 reliability: of accounts that were not learnt from, fold by fold",
};

/// Catalog entry of [`likelihood`].
pub const LIKELIHOOD: Formula = Formula {
    id: "likelihood",
    version: 1,
    source: Source::Standard,
    expression: "platt: 1 / (1 + exp(-(slope * score + intercept))); isotonic: straight lines between the knots",
};

/// The format of a saved calibration.
pub const SCHEMA: &str = "value-model-calibration/1";

/// Scores and what happened, to learn from.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CalibrateInput {
    /// One score per account.
    pub scores: Vec<f64>,
    /// Whether each account was kept.
    pub outcomes: Vec<bool>,
    /// The form of the curve.
    #[serde(default)]
    pub method: Method,
    /// Parts into which the accounts are dealt to judge the curve, 2 to 20.
    #[serde(default = "folds::five")]
    pub folds: u32,
    /// The model whose scores these are, to be kept with the curve: its id and version.
    #[serde(default)]
    pub model: Option<String>,
}

/// The form of a curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A logistic curve: two numbers, for a few hundred accounts.
    #[default]
    Platt,
    /// Any curve that never falls: for thousands of accounts.
    Isotonic,
}

/// A curve from a score to a renewal likelihood.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Curve {
    /// A logistic curve.
    Platt(Logistic),
    /// Knots of a curve that never falls, their scores strictly rising.
    Isotonic(Vec<Knot>),
}

/// A curve with what speaks for it, to be saved beside the model.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Calibration {
    /// The format: `value-model-calibration/1`.
    pub schema: String,
    /// The model whose scores were learnt from.
    pub model: Option<String>,
    /// The curve.
    pub curve: Option<Curve>,
    /// Why there is no curve, or no reliability.
    pub reason: Option<NoResult>,
    /// How well the scores tell kept from lost. A score that points the wrong way should be mended, not calibrated.
    pub auc: Auc,
    /// How far the likelihoods hold what they say, of accounts that were not learnt from.
    pub reliability: Option<Reliability>,
}

/// Learns a renewal likelihood from scores and outcomes.
///
/// # Errors
/// [`Error::Conflict`] for columns of different lengths, [`Error::NotFinite`], [`Error::OutOfRange`].
///
/// # Examples
/// ```
/// use value_model::backtest::calibrate::{CalibrateInput, Curve, Method, calibrate};
/// let scores: Vec<f64> = (0..100).map(f64::from).collect();
/// let outcomes: Vec<bool> = (0..100).map(|account| account % 10 < account / 10).collect();
/// let found = calibrate(&CalibrateInput { scores, outcomes, method: Method::Platt, folds: 5, model: None })?;
/// let Some(Curve::Platt(curve)) = found.curve else { panic!("two classes give a curve") };
/// assert!(curve.at(90.0) > 0.8 && curve.at(10.0) < 0.2);
/// assert!(found.reliability.unwrap().skill.unwrap() > 0.2);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn calibrate(input: &CalibrateInput) -> Result<Calibration, Error> {
    let folds = folds::checked(input.folds)?;
    let ranking = Ranking::new(&input.scores, &input.outcomes)?;
    let ties: Vec<Tie> = ranking.ties().collect();
    let (kept, lost) = (ranking.kept(), ranking.lost());
    let curve = fit(&ties, input.method);
    let reason = match (one_class(kept, lost), &curve) {
        (Some(reason), _) => Some(reason),
        (None, None) => Some(NoResult::AllEqual),
        (None, Some(_)) if kept.min(lost) < folds => Some(NoResult::TooFew),
        _ => None,
    };
    let judged = reason.is_none().then(|| judged(&ties, input.method, folds)).transpose()?;
    Ok(Calibration {
        schema: SCHEMA.to_owned(),
        model: input.model.clone(),
        curve,
        reason,
        auc: auc::of(&ranking),
        reliability: judged.flatten(),
    })
}

/// The curve of accounts of both classes with more than one score; none otherwise.
fn fit(ties: &[Tie], method: Method) -> Option<Curve> {
    let any = |of: fn(&Tie) -> u32| ties.iter().any(|tie| of(tie) > 0);
    if ties.len() < 2 || !any(|tie| tie.kept) || !any(|tie| tie.lost) {
        return None;
    }
    match method {
        Method::Platt => platt::fit(ties).map(Curve::Platt),
        Method::Isotonic => Some(Curve::Isotonic(isotonic::fit(ties))),
    }
}

/// Reliability of likelihoods that each fold gets from the others; none when a part of them gives no curve.
fn judged(ties: &[Tie], method: Method, folds: u32) -> Result<Option<Reliability>, Error> {
    let (mut likelihoods, mut outcomes) = (Vec::new(), Vec::new());
    for fold in 0..folds {
        let (learn, judge) = folds::split(ties, folds, fold);
        let Some(curve) = fit(&learn, method) else { return Ok(None) };
        for tie in judge {
            let likelihood = curve.at(tie.score());
            for (accounts, kept) in [(tie.kept, true), (tie.lost, false)] {
                likelihoods.extend((0..accounts).map(|_| likelihood));
                outcomes.extend((0..accounts).map(|_| kept));
            }
        }
    }
    reliability(&ReliabilityInput { likelihoods, outcomes, bins: 10 }).map(Some)
}

impl Curve {
    /// The likelihood at a score; 0 for a curve without a knot, which [`likelihood`] refuses.
    fn at(&self, score: f64) -> f64 {
        match self {
            Self::Platt(curve) => curve.at(score),
            Self::Isotonic(knots) => isotonic::at(knots, score).unwrap_or_default(),
        }
    }

    fn check(&self) -> Result<(), Error> {
        match self {
            Self::Platt(Logistic { slope, intercept }) => {
                crate::check::finite("curve.platt.slope", *slope)?;
                crate::check::finite("curve.platt.intercept", *intercept).map(|_| ())
            }
            Self::Isotonic(knots) if knots.is_empty() => Err(Error::Empty { field: "curve.isotonic".into() }),
            Self::Isotonic(knots) => check_knots(knots),
        }
    }
}

fn check_knots(knots: &[Knot]) -> Result<(), Error> {
    let mut below: Option<Knot> = None;
    for (index, &knot) in knots.iter().enumerate() {
        let field = |name: &str| format!("curve.isotonic[{index}].{name}");
        crate::check::unit(field("likelihood"), knot.likelihood)?;
        crate::check::between(field("score"), knot.score, -super::LARGEST_SCORE, super::LARGEST_SCORE)?;
        if below.is_some_and(|below| below.score >= knot.score) {
            return Err(Error::Conflict {
                field: field("score").into(),
                reason: "must rise strictly".into(),
            });
        }
        if below.is_some_and(|below| below.likelihood > knot.likelihood) {
            return Err(Error::Conflict {
                field: field("likelihood").into(),
                reason: "must not fall".into(),
            });
        }
        below = Some(knot);
    }
    Ok(())
}

/// A curve and scores to read on it.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LikelihoodInput {
    /// The curve of a calibration.
    pub curve: Curve,
    /// Scores of the model that was calibrated; null where there is none.
    pub scores: Vec<Option<f64>>,
}

/// Renewal likelihoods.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Likelihoods {
    /// The renewal likelihood of each account, 0..1; none without a score.
    pub renewal_likelihood: Vec<Option<f64>>,
}

/// Reads renewal likelihoods off a calibration.
///
/// # Errors
/// [`Error::Empty`], [`Error::Conflict`], [`Error::OutOfRange`] or [`Error::NotFinite`] for a curve that is none;
/// [`Error::NotFinite`] or [`Error::OutOfRange`] (`scores[i]`).
///
/// # Examples
/// ```
/// use value_model::backtest::calibrate::{Curve, LikelihoodInput, Logistic, likelihood};
/// let curve = Curve::Platt(Logistic { slope: 0.1, intercept: -5.0 });
/// let found = likelihood(&LikelihoodInput { curve, scores: vec![Some(50.0), None] })?;
/// assert_eq!(found.renewal_likelihood, [Some(0.5), None]);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn likelihood(input: &LikelihoodInput) -> Result<Likelihoods, Error> {
    input.curve.check()?;
    let one = |(index, score): (usize, &Option<f64>)| {
        let Some(score) = *score else { return Ok(None) };
        Ok(Some(math::unsigned_zero(input.curve.at(rankable("scores", index, score)?))))
    };
    let renewal_likelihood = input.scores.iter().enumerate().map(one).collect::<Result<_, Error>>()?;
    Ok(Likelihoods { renewal_likelihood })
}
