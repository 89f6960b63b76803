//! Signals: what of a history another system should act on, each once and under the same id in every run.

use super::delta::{Cause, Delta};
use super::transitions::{Direction, direction};
use super::trend::{Trend, TrendPoint, trends};
use super::{ScoreInput, State};
use crate::catalog::{Formula, Source};
use crate::scorecard::{AppliedOverride, Id, Scorer};
use crate::{Date, Error, check, math};

/// Catalog entry of [`signals`].
pub const FORMULA: Formula = Formula {
    id: "signals",
    version: 1,
    source: Source::Ours,
    expression: "band of the score or of its lower bound differs from the day before; coverage fell by the threshold \
                 or the score was lost; an override has at most so many days left",
};

/// Days before the end of an override at which it is told.
// CHOICE: two weeks, enough to look at the account again.
pub const EXPIRING_DAYS: u32 = 14;
/// How far coverage must fall from one day to the next to be told.
// CHOICE: a tenth of the weight.
pub const COVERAGE_DROP: f64 = 0.1;

/// A history, and what is to be told of it.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignalsInput {
    /// The assessments, in any order.
    pub history: Vec<ScoreInput>,
    /// Only what happened on this day or later.
    #[serde(default)]
    pub since: Option<Date>,
    /// Only what happened on this day or earlier.
    #[serde(default)]
    pub until: Option<Date>,
    /// Days before the end of an override at which it is told; 14 by default.
    #[serde(default)]
    pub expiring_days: Option<u32>,
    /// How far coverage must fall from one day to the next to be told, above 0 to 1; 0.1 by default.
    #[serde(default)]
    pub coverage_drop: Option<f64>,
}

/// What is to be told.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Only what happened on this day or later.
    pub since: Option<Date>,
    /// Only what happened on this day or earlier.
    pub until: Option<Date>,
    /// Days before the end of an override at which it is told.
    pub expiring_days: u32,
    /// How far coverage must fall from one day to the next to be told.
    pub coverage_drop: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { since: None, until: None, expiring_days: EXPIRING_DAYS, coverage_drop: COVERAGE_DROP }
    }
}

/// What happened in a history.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Signals {
    /// One for each event, by day, account, model and kind.
    pub signals: Vec<Signal>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Signal {
    /// The same for the same event in every run: kind, day, model, what changed, account.
    pub id: String,
    /// What happened.
    pub kind: SignalKind,
    /// The account's id.
    pub account: String,
    /// The model's id.
    pub model: Id,
    /// The model's version.
    pub version: Id,
    /// The day on which it was seen.
    pub as_of: Date,
    /// The day it is compared with.
    pub before: Option<Date>,
    /// The band before, of the score or of the lower bound.
    pub from: Option<Id>,
    /// The band after.
    pub to: Option<Id>,
    /// Which way the band changed.
    pub direction: Option<Direction>,
    /// The score before.
    pub score_before: Option<f64>,
    /// The score after.
    pub score: Option<f64>,
    /// The lower bound after, 0..100.
    pub lower: f64,
    /// The share of the weight that was answered before, 0..1.
    pub answered_before: Option<f64>,
    /// The share that is answered now.
    pub answered: f64,
    /// The score after less the score before.
    pub change: Option<f64>,
    /// Points of the change from a new version of the model.
    pub model_effect: Option<f64>,
    /// Points from changed answers.
    pub behaviour: Option<f64>,
    /// Points from answers that came, went or aged.
    pub coverage: Option<f64>,
    /// Points from overrides.
    #[serde(rename = "override")]
    pub override_: Option<f64>,
    /// What alone moved the score, or that several things did; none when it did not move.
    pub cause: Option<Cause>,
    /// Whether the model differs from the one before.
    pub model_changed: bool,
    /// The last day of the override that expires.
    pub expires_on: Option<Date>,
    /// What happened and why, in a sentence.
    pub reason: String,
}

/// Kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    /// The band of the score changed.
    BandCrossed,
    /// The band of the lower bound changed.
    LowerBoundCrossed,
    /// Much less is known than before, or too little for a score.
    CoverageLost,
    /// An override ends soon.
    OverrideExpiring,
}

impl SignalKind {
    /// The stable, `snake_case` name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BandCrossed => "band_crossed",
            Self::LowerBoundCrossed => "lower_bound_crossed",
            Self::CoverageLost => "coverage_lost",
            Self::OverrideExpiring => "override_expiring",
        }
    }
}

/// Lists what happened in a history, from documents.
///
/// # Errors
/// Those of [`signals_of`]; [`Error::OutOfRange`] (`coverage_drop`).
pub fn signals(input: &SignalsInput) -> Result<Signals, Error> {
    let scorers = super::compiled(&input.history)?;
    let states: Vec<State<'_>> =
        input.history.iter().zip(&scorers).map(|(one, scorer)| one.state(scorer)).collect();
    let settings = Settings {
        since: input.since,
        until: input.until,
        expiring_days: input.expiring_days.unwrap_or(EXPIRING_DAYS),
        coverage_drop: input.coverage_drop.unwrap_or(COVERAGE_DROP),
    };
    signals_of(&states, &settings)
}

/// Lists what happened in a history.
///
/// # Errors
/// [`Error::OutOfRange`] (`coverage_drop`), and those of [`trends`].
///
/// # Examples
/// ```
/// use value_model::answer::Record;
/// use value_model::compare::State;
/// use value_model::compare::signals::{Settings, SignalKind, signals_of};
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, Measure, Scorecard};
/// let tree = Group::new("health").child(Measure::new("usage", Scale::Unit));
/// let scorer = Scorecard::new("mine", "1", tree).compile()?;
/// let [was, is] = [0.8, 0.6].map(|usage| Record::new("acme").answer("usage", usage));
/// let states = [
///     State { scorer: &scorer, record: &was, as_of: "2026-10-01".parse()? },
///     State { scorer: &scorer, record: &is, as_of: "2026-11-01".parse()? },
/// ];
/// let found = signals_of(&states, &Settings::default())?.signals;
/// assert_eq!(found[0].kind, SignalKind::BandCrossed);
/// assert_eq!(found[0].id, "band_crossed:2026-11-01:mine:healthy>watch:acme");
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn signals_of(history: &[State<'_>], settings: &Settings) -> Result<Signals, Error> {
    let drop = check::unit("coverage_drop", settings.coverage_drop)?;
    check::positive("coverage_drop", drop)?;
    let series = super::series::series(history)?;
    let mut signals = Vec::new();
    for (trend, days) in trends(history)?.trends.iter().zip(series.values()) {
        let walk = Walk { trend, days, settings };
        walk.tell(&mut signals)?;
    }
    signals.retain(|signal| {
        settings.since.is_none_or(|since| signal.as_of >= since)
            && settings.until.is_none_or(|until| signal.as_of <= until)
    });
    signals.sort_by(|a, b| key(a).cmp(&key(b)));
    Ok(Signals { signals })
}

fn key(signal: &Signal) -> (Date, &str, &str, SignalKind) {
    (signal.as_of, &signal.account, &signal.model, signal.kind)
}

/// One account under one model.
struct Walk<'a> {
    trend: &'a Trend,
    days: &'a [State<'a>],
    settings: &'a Settings,
}

impl Walk<'_> {
    fn tell(&self, out: &mut Vec<Signal>) -> Result<(), Error> {
        let mut scored: Option<&TrendPoint> = None;
        let mut before: Option<&TrendPoint> = None;
        let mut told: Option<AppliedOverride> = None;
        for (point, day) in self.trend.points.iter().zip(self.days) {
            if let (Some(was), Some(_)) = (scored, point.score)
                && was.band != point.band
            {
                out.push(self.band(was, point, day.scorer));
            }
            if let Some(was) = before {
                if was.lower_band != point.lower_band {
                    out.push(self.lower(was, point, day.scorer));
                }
                out.extend(self.lost(was, point));
            }
            let judged = self.expiring(day)?;
            if let Some(judged) = judged.as_ref().filter(|_| judged != told) {
                out.push(self.expires(judged, before, point));
            }
            told = judged;
            before = Some(point);
            scored = point.score.map(|_| point).or(scored);
        }
        Ok(())
    }

    fn band(&self, was: &TrendPoint, is: &TrendPoint, scorer: &Scorer) -> Signal {
        let (from, to) = (was.band.clone(), is.band.clone());
        let what = format!("{}>{}", name(from.as_ref()), name(to.as_ref()));
        let why = is.step.as_ref().map_or("", |step| step.summary.as_str());
        let reason = format!("From {} to {}. {why}", name(from.as_ref()), name(to.as_ref()));
        let direction = Some(direction(scorer, from.as_ref(), to.as_ref()));
        Signal { from, to, direction, reason, ..self.signal(SignalKind::BandCrossed, &what, Some(was), is) }
    }

    fn lower(&self, was: &TrendPoint, is: &TrendPoint, scorer: &Scorer) -> Signal {
        let (from, to) = (Some(was.lower_band.clone()), Some(is.lower_band.clone()));
        let what = format!("{}>{}", was.lower_band, is.lower_band);
        let reason = format!(
            "The lower bound went from {:.1} ({}) to {:.1} ({}): that is where the score can end once everything is \
             answered.",
            was.lower, was.lower_band, is.lower, is.lower_band
        );
        let direction = Some(direction(scorer, from.as_ref(), to.as_ref()));
        Signal {
            from,
            to,
            direction,
            reason,
            ..self.signal(SignalKind::LowerBoundCrossed, &what, Some(was), is)
        }
    }

    fn lost(&self, was: &TrendPoint, is: &TrendPoint) -> Option<Signal> {
        let gone = was.score.is_some() && is.score.is_none();
        let drop = math::billionths(was.answered - is.answered);
        if !gone && drop < math::billionths(self.settings.coverage_drop) {
            return None;
        }
        let (before, now) = (was.answered * 100.0, is.answered * 100.0);
        let then = if gone { "; there is no score any more" } else { "" };
        let reason = format!("{now:.0}% of the weight is answered, {before:.0}% was{then}.");
        let what = if gone { "score" } else { "drop" };
        Some(Signal { reason, ..self.signal(SignalKind::CoverageLost, what, Some(was), is) })
    }

    /// The override that holds on a day and ends soon.
    fn expiring(&self, day: &State<'_>) -> Result<Option<AppliedOverride>, Error> {
        if day.record.override_.is_none() {
            return Ok(None);
        }
        let days = i32::try_from(self.settings.expiring_days).unwrap_or(i32::MAX);
        let judged = day.scorer.assess(day.record, day.as_of)?.override_;
        Ok(judged.filter(|judged| judged.active && judged.expires_on.days_since(day.as_of) <= days))
    }

    fn expires(&self, judged: &AppliedOverride, was: Option<&TrendPoint>, is: &TrendPoint) -> Signal {
        let reason = format!(
            "The score of {:.1} that {} set on {} ends on {}: {}",
            judged.score, judged.author, judged.made_on, judged.expires_on, judged.reason
        );
        let what = judged.made_on.to_string();
        let signal = self.signal(SignalKind::OverrideExpiring, &what, was, is);
        let id = self.id(SignalKind::OverrideExpiring, judged.expires_on, &what);
        Signal { id, reason, expires_on: Some(judged.expires_on), ..signal }
    }

    /// What every event of a day has.
    fn signal(&self, kind: SignalKind, what: &str, was: Option<&TrendPoint>, is: &TrendPoint) -> Signal {
        let step = is.step.as_ref();
        let effect = |of: fn(&Delta) -> Option<f64>| step.and_then(of);
        Signal {
            id: self.id(kind, is.as_of, what),
            kind,
            account: self.trend.account.clone(),
            model: self.trend.model.clone(),
            version: is.version.clone(),
            as_of: is.as_of,
            before: was.map(|was| was.as_of),
            from: None,
            to: None,
            direction: None,
            score_before: step.map_or_else(|| was.and_then(|was| was.score), |step| step.before),
            score: is.score,
            lower: is.lower,
            answered_before: was.map(|was| was.answered),
            answered: is.answered,
            change: effect(|step| step.change),
            model_effect: effect(|step| step.model),
            behaviour: effect(|step| step.behaviour),
            coverage: effect(|step| step.coverage),
            override_: effect(|step| step.override_),
            cause: step.and_then(Delta::cause),
            model_changed: is.model_changed,
            expires_on: None,
            reason: String::new(),
        }
    }

    /// The account stands last, so that nothing in its name can be taken for another part.
    fn id(&self, kind: SignalKind, day: Date, what: &str) -> String {
        let escaped = |text: &str| text.replace('%', "%25").replace(':', "%3A");
        let (kind, model) = (kind.name(), escaped(&self.trend.model));
        format!("{kind}:{day}:{model}:{}:{}", escaped(what), self.trend.account)
    }
}

fn name(band: Option<&Id>) -> &str {
    band.map_or("", |band| band)
}
