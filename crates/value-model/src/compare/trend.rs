//! Trend: the life of a score over time, and what moved it from one day to the next.

use super::delta::{Delta, delta};
use super::series::series;
use super::{ScoreInput, State};
use crate::catalog::{Formula, Source};
use crate::scorecard::{Assessment, Id, Outcome};
use crate::{Date, Error, math};

/// Catalog entry of [`trend`].
pub const FORMULA: Formula = Formula {
    id: "trend",
    version: 1,
    source: Source::Ours,
    expression: "change = s_last - s_first = sum over steps of model + behaviour + coverage + override, each step the \
                 delta to the last day with a score",
};

/// Assessments of any accounts, models and days.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TrendInput {
    /// The assessments, in any order.
    pub history: Vec<ScoreInput>,
}

/// The trends of a history.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Trends {
    /// One for each account and model, in byte order.
    pub trends: Vec<Trend>,
}

/// The life of one account's score under one model. All effects are in points and sum to the change.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Trend {
    /// The account's id.
    pub account: String,
    /// The model's id; its versions follow each other in one trend.
    pub model: Id,
    /// The first score.
    pub first: Option<f64>,
    /// The last score.
    pub last: Option<f64>,
    /// The last score less the first one.
    pub change: Option<f64>,
    /// What new versions of the model did.
    pub model_effect: Option<f64>,
    /// What changed answers did.
    pub behaviour: Option<f64>,
    /// What answers that came, went or aged did.
    pub coverage: Option<f64>,
    /// What overrides did.
    #[serde(rename = "override")]
    pub override_: Option<f64>,
    /// The band on the last day; none without a score.
    pub band: Option<Id>,
    /// The first day of the run of days with that band (or without a score) which ends with the last day.
    pub band_since: Option<Date>,
    /// The days, in order.
    pub points: Vec<TrendPoint>,
}

/// One day of a trend.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TrendPoint {
    /// The date of scoring.
    pub as_of: Date,
    /// The model's version.
    pub version: Id,
    /// Whether the model differs from that of the day before.
    pub model_changed: bool,
    /// Whether there is a score.
    pub outcome: Outcome,
    /// The score, 0..100.
    pub score: Option<f64>,
    /// Its band.
    pub band: Option<Id>,
    /// The least the score can be, 0..100.
    pub lower: f64,
    /// The band of `lower`.
    pub lower_band: Id,
    /// The most it can be, 0..100.
    pub upper: f64,
    /// The share of the weight that is answered, 0..1.
    pub answered: f64,
    /// What moved the score since the last day with one; none on the first such day and without a score.
    pub step: Option<Delta>,
}

/// Follows the scores of a history, from documents.
///
/// # Errors
/// Those of [`trends`]; fields start with `history[N]` where one assessment is at fault.
pub fn trend(input: &TrendInput) -> Result<Trends, Error> {
    let scorers = super::compiled(&input.history)?;
    let states: Vec<State<'_>> =
        input.history.iter().zip(&scorers).map(|(one, scorer)| one.state(scorer)).collect();
    trends(&states)
}

/// Follows the scores of a history.
///
/// # Errors
/// Those of [`series`] and [`delta`], with the account named.
///
/// # Examples
/// ```
/// use value_model::answer::Record;
/// use value_model::compare::{State, trend::trends};
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, Measure, Scorecard};
/// let tree = Group::new("health").child(Measure::new("usage", Scale::Unit));
/// let scorer = Scorecard::new("mine", "1", tree).compile()?;
/// let records = [0.8, 0.6, 0.5].map(|usage| Record::new("acme").answer("usage", usage));
/// let days = ["2026-09-01".parse()?, "2026-10-01".parse()?, "2026-11-01".parse()?];
/// let states: Vec<_> =
///     records.iter().zip(days).map(|(record, as_of)| State { scorer: &scorer, record, as_of }).collect();
/// let found = trends(&states)?.trends.remove(0);
/// assert_eq!((found.band.as_deref(), found.band_since), (Some("watch"), Some("2026-10-01".parse()?)));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn trends(history: &[State<'_>]) -> Result<Trends, Error> {
    let mut trends = Vec::new();
    for ((account, model), days) in series(history)? {
        trends.push(one(account, model, &days)?);
    }
    Ok(Trends { trends })
}

/// The trend of one account under one model, whose days are in order.
fn one(account: String, model: Id, days: &[State<'_>]) -> Result<Trend, Error> {
    let mut points: Vec<TrendPoint> = Vec::with_capacity(days.len());
    let mut scored: Option<&State<'_>> = None;
    let mut before: Option<&State<'_>> = None;
    for day in days {
        let found = day.scorer.assess(day.record, day.as_of)?;
        let step = match scored.filter(|_| found.score.is_some()) {
            Some(scored) => Some(delta(scored, day)?),
            None => None,
        };
        let changed = before.is_some_and(|before| before.scorer.scorecard() != day.scorer.scorecard());
        if found.score.is_some() {
            scored = Some(day);
        }
        before = Some(day);
        points.push(point(found, changed, step));
    }
    Ok(summed(account, model, points))
}

fn point(found: Assessment, model_changed: bool, step: Option<Delta>) -> TrendPoint {
    TrendPoint {
        as_of: found.as_of,
        version: found.version,
        model_changed,
        outcome: found.outcome,
        score: found.score,
        band: found.band,
        lower: found.lower,
        lower_band: found.lower_band,
        upper: found.upper,
        answered: found.coverage,
        step,
    }
}

fn summed(account: String, model: Id, points: Vec<TrendPoint>) -> Trend {
    let mut scores = points.iter().filter_map(|point| point.score);
    let first = scores.next();
    let last = scores.next_back().or(first);
    let change = first.zip(last).map(|(first, last)| math::unsigned_zero(last - first));
    // A step that cannot be taken apart leaves the whole change without its parts.
    let sum = |effect: fn(&Delta) -> Option<f64>| {
        let mut steps = points.iter().filter_map(|point| point.step.as_ref());
        change.and_then(|_| steps.try_fold(0.0, |sum, step| Some(sum + effect(step)?)))
    };
    let (model_effect, behaviour) = (sum(|step| step.model), sum(|step| step.behaviour));
    let (coverage, override_) = (sum(|step| step.coverage), sum(|step| step.override_));
    let run = points.iter().fold(None, |run: Option<(&Option<Id>, Date)>, point| match run {
        Some((band, _)) if *band == point.band => run,
        _ => Some((&point.band, point.as_of)),
    });
    let (band, band_since) = (run.and_then(|(band, _)| band.clone()), run.map(|(_, day)| day));
    Trend {
        account,
        model,
        first,
        last,
        change,
        model_effect,
        behaviour,
        coverage,
        override_,
        band,
        band_since,
        points,
    }
}
