//! Business goals, and the three indicators that follow from them.

use crate::metric::pace::{PaceInput, PaceStatus, pace};
use crate::metric::progress::{Progress, ProgressInput, progress};
use crate::model::sheet::placed;
use crate::{Date, Error, math};

/// One goal behind the purchase.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// The goal's id.
    pub id: String,
    /// What it is for.
    pub kind: GoalKind,
    /// Whether it is written down.
    pub documented: bool,
    /// Whether others can see where it is written down.
    pub visible: bool,
    /// Its metric, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpi: Option<Kpi>,
}

/// The three reasons why executives buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GoalKind {
    /// To bring down costs.
    Cost,
    /// To become more efficient.
    Efficiency,
    /// To make money.
    Revenue,
}

/// The metric of a goal, in its own unit.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Kpi {
    /// The value at the start.
    pub baseline: f64,
    /// The value to reach; it may lie below the baseline.
    pub target: f64,
    /// The value now.
    pub current: f64,
    /// Given when the goal is to keep the target: how far from it still counts as kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
    /// The day on which work towards it starts; with `due` it gives the pace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Date>,
    /// The day on which the target is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
}

/// One goal, judged.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct GoalResult {
    /// The goal's id.
    pub id: String,
    /// What it is for.
    pub kind: GoalKind,
    /// Progress from baseline to target, 0..1; none without a metric.
    pub progress: Option<f64>,
    /// Progress before it is limited to 0..1.
    pub raw: Option<f64>,
    /// Whether it moved away from its target.
    pub regressed: bool,
    /// Whether it has moved from its baseline towards its target.
    pub progressing: bool,
    /// Progress per elapsed share of time, 0..1; none without start and due date.
    pub pace: Option<f64>,
    /// The pace in words.
    pub status: Option<PaceStatus>,
}

/// What the goals say about three indicators.
pub(super) struct Derived {
    pub(super) goals: Vec<GoalResult>,
    pub(super) goals_documented: bool,
    pub(super) metrics_documented: f64,
    pub(super) metrics_progressing: f64,
}

/// Judges every goal and derives the indicators.
// CHOICE: goals are documented when there is one and each is both written down and visible; a metric progresses when it
// has moved at all towards its target. Without a goal none is documented, without a metric none progresses.
pub(super) fn derive(goals: &[Goal], as_of: Date) -> Result<Derived, Error> {
    let mut judged = Vec::with_capacity(goals.len());
    for (index, goal) in placed("goals", goals, |goal| &goal.id)? {
        judged.push(judge(goal, as_of).map_err(|error| error.within(&format!("goals[{index}].kpi")))?);
    }
    let metrics = goals.iter().filter(|goal| goal.kpi.is_some()).count();
    let progressing = judged.iter().filter(|goal| goal.progressing).count();
    Ok(Derived {
        goals_documented: !goals.is_empty() && goals.iter().all(|goal| goal.documented && goal.visible),
        metrics_documented: share(metrics, goals.len()),
        metrics_progressing: share(progressing, metrics),
        goals: judged,
    })
}

/// A share; of nothing it is 0.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { math::length(part) / math::length(whole) }
}

fn judge(goal: &Goal, as_of: Date) -> Result<GoalResult, Error> {
    let done = goal.kpi.map(measured).transpose()?;
    let paced = match goal.kpi {
        Some(Kpi { baseline, target, current, tolerance, start: Some(start), due: Some(due) }) => {
            Some(pace(&PaceInput { baseline, target, current, tolerance, start, due, as_of })?)
        }
        _ => None,
    };
    Ok(GoalResult {
        id: goal.id.clone(),
        kind: goal.kind,
        progress: done.map(|done| done.unit),
        raw: done.map(|done| done.raw),
        regressed: done.is_some_and(|done| done.regressed),
        progressing: done.is_some_and(|done| done.raw > 0.0),
        pace: paced.map(|paced| paced.pace),
        status: paced.map(|paced| paced.status),
    })
}

fn measured(kpi: Kpi) -> Result<Progress, Error> {
    let Kpi { baseline, target, current, tolerance, .. } = kpi;
    progress(&ProgressInput { baseline, target, current, tolerance })
}
