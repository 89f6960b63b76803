//! Performance value: how far the SMART KPIs of a product and its services are, planned against actual.

use crate::answer::{Answer, Missing};
use crate::metric::pace::{Pace, PaceInput, PaceStatus, pace};
use crate::metric::progress::{Progress, ProgressInput, progress};
use crate::model::sheet::{Sheet, placed, weights};
use crate::presets::value_generated::PERFORMANCE_VALUE;
use crate::scale::Scale;
use crate::scorecard::{Group, Measure};
use crate::{Date, Error};

/// The KPIs of a product and its services.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PerformanceValueInput {
    /// KPIs; ids are unique.
    #[serde(default)]
    pub kpis: Vec<SmartKpi>,
    /// What of a KPI counts; its progress by default.
    #[serde(default)]
    pub by: PerformanceBy,
}

/// What of a KPI counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PerformanceBy {
    /// How far it is.
    #[default]
    Progress,
    /// How far it is for the time that has gone. A KPI without a start does not count.
    Pace,
}

/// One KPI, in its own unit.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SmartKpi {
    /// The KPI's id.
    pub id: String,
    /// The product or service that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_or_service: Option<String>,
    /// The unit in which it is measured, such as `hours`; without it the KPI is not specific.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The value at the start.
    pub baseline: f64,
    /// The value to reach; without it there is nothing to attain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// Given when the goal is to keep the target: how far from it still counts as kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
    /// The value now; without it the KPI is not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<f64>,
    /// The day on which work towards it starts; with `due` it gives the pace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Date>,
    /// The day on which the target is due; without it the KPI is not timely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Its weight, 0 or more.
    #[serde(default = "super::one")]
    pub weight: f64,
    /// Whether the target can be reached in the eyes of those who work on it; until somebody says so it is not realistic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feasible: Option<bool>,
}

impl SmartKpi {
    /// A feasible KPI of weight 1 that nobody has measured yet.
    pub fn new(id: impl Into<String>, unit: &str, baseline: f64, target: f64, due: Date) -> Self {
        Self {
            id: id.into(),
            product_or_service: None,
            unit: Some(unit.to_owned()),
            baseline,
            target: Some(target),
            tolerance: None,
            current: None,
            start: None,
            due: Some(due),
            weight: super::one(),
            feasible: Some(true),
        }
    }
}

/// What a KPI must be to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SmartLetter {
    /// Specific: it has a unit.
    S,
    /// Measurable: it has a current value.
    M,
    /// Attainable: it has a target.
    A,
    /// Realistic: somebody said that the target is feasible.
    R,
    /// Timely: it has a due date.
    T,
}

/// One KPI, judged: planned, actual, what is between them, and what to do next.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct KpiResult {
    /// The KPI's id.
    pub id: String,
    /// The product or service that it belongs to.
    pub product_or_service: Option<String>,
    /// The letters of SMART that it fails; it counts only when there is none.
    pub not_smart: Vec<SmartLetter>,
    /// Progress from baseline to target, 0..1; none without target or current value.
    pub progress: Option<f64>,
    /// Progress before it is limited to 0..1.
    pub raw: Option<f64>,
    /// Whether it moved away from its target.
    pub regressed: bool,
    /// The share of time that has gone, 0..1; none without start and due date.
    pub elapsed: Option<f64>,
    /// Progress per elapsed share of time, 0..1.
    pub pace: Option<f64>,
    /// The pace in words.
    pub status: Option<PaceStatus>,
    /// Plan: the target.
    pub planned: Option<f64>,
    /// Do: the value now.
    pub actual: Option<f64>,
    /// Check: the target less the value now, in the KPI's unit.
    pub gap: Option<f64>,
    /// Act: what to do next.
    pub next_step: NextStep,
}

/// What to do next about a KPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NextStep {
    /// Give it what it lacks to be SMART.
    MakeSmart,
    /// The target is reached: make what works the standard.
    Standardise,
    /// Far behind: plan again.
    Replan,
    /// Behind, or moving away from the target: correct the course.
    Correct,
    /// On its way: carry on.
    Continue,
}

/// The group of all KPIs, if there are any, and each of them judged.
pub(super) fn gather(
    input: &PerformanceValueInput,
    as_of: Date,
    sheet: &mut Sheet,
) -> Result<(Option<Group>, Vec<KpiResult>), Error> {
    weights("kpis", "weight", input.kpis.iter().map(|kpi| kpi.weight))?;
    let mut group = Group::new(PERFORMANCE_VALUE);
    let mut judged = Vec::with_capacity(input.kpis.len());
    for (index, kpi) in placed("kpis", &input.kpis, |kpi| &kpi.id)? {
        let result = judge(kpi, as_of).map_err(|error| error.within(&format!("kpis[{index}]")))?;
        let unit = match input.by {
            PerformanceBy::Progress => result.progress,
            PerformanceBy::Pace => result.pace,
        };
        // CHOICE: a KPI that is not SMART stays in the weight as missing: it lowers coverage instead of vanishing.
        let unit = unit.filter(|_| result.not_smart.is_empty());
        let id = format!("kpi_{index}");
        let answer = unit.map_or_else(|| Answer::missing(Missing::NoData), Answer::new);
        sheet.answer(&id, "performance_value.kpis", vec![answer]);
        group = group.child(Measure::new(id, Scale::Unit).weight(kpi.weight));
        judged.push(result);
    }
    Ok(((!judged.is_empty()).then_some(group), judged))
}

fn judge(kpi: &SmartKpi, as_of: Date) -> Result<KpiResult, Error> {
    let (done, paced) = measured(kpi, as_of)?;
    let not_smart = failed(kpi);
    Ok(KpiResult {
        id: kpi.id.clone(),
        product_or_service: kpi.product_or_service.clone(),
        next_step: next_step(&not_smart, done, paced.map(|paced| paced.status)),
        not_smart,
        progress: done.map(|done| done.unit),
        raw: done.map(|done| done.raw),
        regressed: done.is_some_and(|done| done.regressed),
        elapsed: paced.map(|paced| paced.elapsed),
        pace: paced.map(|paced| paced.pace),
        status: paced.map(|paced| paced.status),
        planned: kpi.target,
        actual: kpi.current,
        gap: kpi.target.zip(kpi.current).map(|(target, current)| target - current),
    })
}

/// Progress and pace, as far as the KPI has what they need.
fn measured(kpi: &SmartKpi, as_of: Date) -> Result<(Option<Progress>, Option<Pace>), Error> {
    let SmartKpi { baseline, tolerance, .. } = *kpi;
    crate::check::finite("baseline", baseline)?;
    if let Some(current) = kpi.current {
        crate::check::finite("current", current)?;
    }
    let Some(target) = kpi.target else { return Ok((None, None)) };
    // A goal that cannot be read is refused even while nobody knows where it stands.
    let current = kpi.current.unwrap_or(baseline);
    let done = progress(&ProgressInput { baseline, target, current, tolerance })?;
    let paced = match kpi.start.zip(kpi.due) {
        Some((start, due)) => {
            Some(pace(&PaceInput { baseline, target, current, tolerance, start, due, as_of })?)
        }
        None => None,
    };
    let known = kpi.current.is_some();
    Ok((known.then_some(done), paced.filter(|_| known)))
}

// CHOICE: a unit makes a KPI specific, a current value measurable, a target attainable, a stated feasibility realistic,
// a due date timely. The source spells the letters out but gives no test for them.
fn failed(kpi: &SmartKpi) -> Vec<SmartLetter> {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    [
        (SmartLetter::S, given(&kpi.unit)),
        (SmartLetter::M, kpi.current.is_some()),
        (SmartLetter::A, kpi.target.is_some()),
        (SmartLetter::R, kpi.feasible == Some(true)),
        (SmartLetter::T, kpi.due.is_some()),
    ]
    .into_iter()
    .filter_map(|(letter, holds)| (!holds).then_some(letter))
    .collect()
}

fn next_step(not_smart: &[SmartLetter], done: Option<Progress>, status: Option<PaceStatus>) -> NextStep {
    match (done, status) {
        _ if !not_smart.is_empty() => NextStep::MakeSmart,
        (Some(done), _) if done.unit >= 1.0 => NextStep::Standardise,
        (_, Some(PaceStatus::OffTrack)) => NextStep::Replan,
        (_, Some(PaceStatus::AtRisk)) => NextStep::Correct,
        (Some(done), _) if done.regressed => NextStep::Correct,
        _ => NextStep::Continue,
    }
}
