//! Robustness: how far the score can move when the weights are not certain.

use crate::answer::Record;
use std::cmp::Ordering;

use crate::catalog::{Formula, Source};
use crate::compare::{ModelRef, State, in_record};
use crate::scorecard::{Child, Final, Id, Kind, Place, Plan, Workspace, child};
use crate::{Date, Error, check, math};

/// Catalog entry of [`robustness_of`].
pub const FORMULA: Formula = Formula {
    id: "robustness",
    version: 1,
    source: Source::Ours,
    expression: "range of the score when each weight moves freely within w (1 - r) .. w (1 + r): sort by u, \
                 switch the weights from low to high one by one",
};

/// How far weights may move unless an input says otherwise.
// CHOICE: a fifth either way.
pub const RELATIVE: f64 = 0.2;

/// An account and how far its model's weights may move.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RobustnessInput {
    /// The model.
    pub model: ModelRef,
    /// The account.
    pub record: Record,
    /// The date of scoring.
    pub as_of: Date,
    /// How far each weight moves, as a share of itself: 0 or more, below 1.
    #[serde(default = "relative")]
    pub relative: f64,
}

const fn relative() -> f64 {
    RELATIVE
}

/// The range of a score under uncertain weights.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Robustness {
    /// The score with the weights as they are.
    pub score: Option<f64>,
    /// The lowest score that weights in the range give.
    pub low: Option<f64>,
    /// The highest.
    pub high: Option<f64>,
    /// The band of the score.
    pub band: Option<Id>,
    /// The band of the lowest score.
    pub low_band: Option<Id>,
    /// The band of the highest score.
    pub high_band: Option<Id>,
    /// Whether weights in the range can change the band.
    pub band_can_change: bool,
}

/// The range of a score under uncertain weights, from a document.
///
/// # Errors
/// Those of [`robustness`].
pub fn robustness_of(input: &RobustnessInput) -> Result<Robustness, Error> {
    let scorer = input.model.compile()?;
    let state = State { scorer: &scorer, record: &input.record, as_of: input.as_of };
    robustness(&state, input.relative).map_err(in_record)
}

/// The range of a score when each weight moves freely within `w (1 - r) .. w (1 + r)`.
///
/// Exact for means: the extreme of a ratio of sums lies where every weight is at one of its ends, and those are found by
/// sorting. Groups move independently, so each takes the extremes of its children.
///
/// # Errors
/// [`Error::OutOfRange`] for `relative`, and those of [`Scorer::assess`](crate::scorecard::Scorer::assess).
///
/// # Examples
/// ```
/// use value_model::answer::Record;
/// use value_model::compare::{State, robustness::robustness};
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, Measure, Scorecard};
/// let tree = Group::new("health")
///     .child(Measure::new("a", Scale::Unit).weight(2.0))
///     .child(Measure::new("b", Scale::Unit))
///     .child(Measure::new("c", Scale::Unit));
/// let scorer = Scorecard::new("mine", "1", tree).compile()?;
/// let record = Record::new("acme").answer("a", 0.9).answer("b", 0.6).answer("c", 0.3);
/// let range = robustness(&State { scorer: &scorer, record: &record, as_of: "2026-11-01".parse()? }, 0.2)?;
/// assert!((range.low.unwrap() - 63.0).abs() < 1e-9 && (range.high.unwrap() - 72.0).abs() < 1e-9);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn robustness(state: &State<'_>, relative: f64) -> Result<Robustness, Error> {
    if !(0.0..1.0).contains(&relative) {
        check::finite("relative", relative)?;
        return Err(Error::OutOfRange {
            field: "relative".into(),
            value: relative,
            allowed: "0 or more and below 1".into(),
        });
    }
    let scorer = state.scorer;
    let assessment = scorer.assess(state.record, state.as_of)?;
    let range = if let Some(set) = assessment.override_.as_ref().filter(|set| set.active) {
        // A person's judgement does not depend on weights.
        Some((set.score, set.score))
    } else if assessment.score.is_some() {
        let evaluated = scorer.evaluated(state.record, state.as_of)?;
        let plan = &*scorer.0;
        let (low, high) = plan.range(&evaluated.workspace, relative);
        let end = |unit: f64| {
            let start = Final { unit: Some(unit), lower: unit, upper: unit };
            plan.apply_rules(start, |measure| evaluated.workspace.leaf(measure), |_, _, _| {})
                .unit
                .map(|unit| unit * 100.0)
        };
        end(low).zip(end(high))
    } else {
        None
    };
    let band = |score: f64| scorer.band_name(scorer.band_of(score));
    let (low_band, high_band) = (range.map(|(low, _)| band(low)), range.map(|(_, high)| band(high)));
    Ok(Robustness {
        score: assessment.score,
        low: range.map(|(low, _)| low),
        high: range.map(|(_, high)| high),
        band_can_change: low_band != high_band,
        band: assessment.band,
        low_band,
        high_band,
    })
}

/// A child of a group: its weight, how much of that is answered, and its least and greatest unit.
#[derive(Clone, Copy)]
struct Part {
    weight: f64,
    answered: f64,
    low: f64,
    high: f64,
}

impl Plan {
    /// The least and greatest unit of the root.
    fn range(&self, workspace: &Workspace, relative: f64) -> (f64, f64) {
        let mut ranges: Vec<(f64, f64)> = vec![(0.0, 0.0); self.groups.len()];
        for (index, group) in self.groups.iter().enumerate().rev() {
            let (mut base, mut uplift) = (Vec::new(), Vec::new());
            for slot in &group.children {
                let state: Child<f64> = child(slot, workspace);
                let (low, high) = match slot.place {
                    Place::Group(inner) if state.factor > 0.0 => {
                        ranges.get(inner).copied().unwrap_or((state.unit, state.unit))
                    }
                    _ => (state.unit, state.unit),
                };
                let filled = group.fill.is_some() && !slot.uplift;
                let part = if filled {
                    let weight = if state.applicable { slot.weight } else { 0.0 };
                    Part { weight, answered: state.factor, low, high }
                } else {
                    Part { weight: state.present, answered: 1.0, low, high }
                };
                if part.weight > 0.0 {
                    if slot.uplift { uplift.push(part) } else { base.push(part) }
                }
            }
            let range = if base.is_empty() {
                let unit = workspace.state(index).unit;
                (unit, unit)
            } else {
                let fill = group.fill.unwrap_or(0.0);
                let low = reach(group.kind, &values(&base, fill, |part| part.low), relative, Ordering::Less);
                let high =
                    reach(group.kind, &values(&base, fill, |part| part.high), relative, Ordering::Greater);
                let (lift_low, lift_high) = lift(&uplift, relative);
                (low + (1.0 - low) * lift_low, high + (1.0 - high) * lift_high)
            };
            if let Some(place) = ranges.get_mut(index) {
                *place = range;
            }
        }
        ranges.first().copied().unwrap_or((0.0, 0.0))
    }
}

/// One child at one unit, with the unit that stands in for what is missing of it.
#[derive(Clone, Copy)]
struct Point {
    weight: f64,
    answered: f64,
    unit: f64,
    fill: f64,
}

impl Point {
    /// The child's value under `f`: its answered and its missing part move together with its weight.
    fn value(self, f: fn(f64) -> f64) -> f64 {
        let part = |share: f64, unit: f64| if share > 0.0 { share * f(unit) } else { 0.0 };
        part(self.answered, self.unit) + part(1.0 - self.answered, self.fill)
    }
}

fn values(parts: &[Part], fill: f64, unit: fn(&Part) -> f64) -> Vec<Point> {
    parts
        .iter()
        .map(|part| Point { weight: part.weight, answered: part.answered, unit: unit(part), fill })
        .collect()
}

/// The least or greatest unit of a group whose children stand at these units.
fn reach(kind: Kind, points: &[Point], relative: f64, end: Ordering) -> f64 {
    let mean = |f: fn(f64) -> f64, end| {
        let list: Vec<(f64, f64)> = points.iter().map(|point| (point.weight, point.value(f))).collect();
        extreme(&list, relative, end)
    };
    match kind {
        Kind::Mean | Kind::Headroom => mean(|unit| unit, end),
        // A 0 gives minus infinity, whose exponential is 0, and infinity, whose inverse is 0.
        Kind::Geometric => math::exp(mean(math::ln, end)),
        Kind::Harmonic => 1.0 / mean(|unit| 1.0 / unit, end.reverse()),
        Kind::Min => points.iter().fold(1.0, |least, point| point.parts().fold(least, f64::min)),
        Kind::Max => points.iter().fold(0.0, |most, point| point.parts().fold(most, f64::max)),
    }
}

impl Point {
    /// The units at which some of the child's weight stands.
    fn parts(self) -> impl Iterator<Item = f64> {
        let answered = (self.answered > 0.0).then_some(self.unit);
        let missing = (self.answered < 1.0).then_some(self.fill);
        answered.into_iter().chain(missing)
    }
}

/// What uplift adds at least and at most. Weights never sum above 1: the largest units get theirs first.
fn lift(uplift: &[Part], relative: f64) -> (f64, f64) {
    let low = uplift.iter().fold(0.0, |sum, part| sum + part.weight * (1.0 - relative) * part.low);
    let mut sorted: Vec<&Part> = uplift.iter().collect();
    sorted.sort_by(|a, b| b.high.total_cmp(&a.high));
    let used = uplift.iter().fold(0.0, |sum, part| sum + part.weight * (1.0 - relative));
    let mut spare = (1.0 - used).max(0.0);
    let mut high = 0.0;
    for part in sorted {
        let more = (part.weight * 2.0 * relative).min(spare);
        spare -= more;
        high += (part.weight * (1.0 - relative) + more) * part.high;
    }
    (low, high)
}

/// The least or greatest weighted mean: sorted from that end, the weights switch from low to high one by one, and the
/// extreme is among the results.
fn extreme(parts: &[(f64, f64)], relative: f64, end: Ordering) -> f64 {
    let mut sorted = parts.to_vec();
    let pick = if end.is_lt() { f64::min } else { f64::max };
    sorted.sort_by(|a, b| if end.is_lt() { a.1.total_cmp(&b.1) } else { b.1.total_cmp(&a.1) });
    if let Some(&(_, infinite)) = sorted.iter().find(|(_, value)| value.is_infinite()) {
        return infinite;
    }
    let (mut sum, mut total) = (0.0, 0.0);
    for (weight, value) in &sorted {
        sum += weight * (1.0 - relative) * value;
        total += weight * (1.0 - relative);
    }
    let mut best = sum / total;
    for (weight, value) in &sorted {
        sum += weight * 2.0 * relative * value;
        total += weight * 2.0 * relative;
        best = pick(best, sum / total);
    }
    best
}
