//! From a record to a full assessment.

use std::collections::BTreeMap;

use super::assessment::{
    AppliedOverride, Assessment, Contribution, ContributionKind, FiredRule, Flag, GroupResult, MeasureResult,
};
use super::compile::{CompiledGroup, Place};
use super::evaluate::{GroupState, Leaf, Mixed, Workspace, child, points, reason};
use super::kernel::{self, Children, Kind};
use super::respond::Response;
use super::scorer::{Outcome, Plan, Scorer};
use crate::answer::{Override, Record};
use crate::{Date, Error, check, math};

/// Days for which an override holds unless it says otherwise.
// CHOICE: one quarter; a month where it forces the first or last band.
const OVERRIDE_DAYS: i32 = 90;
const OVERRIDE_DAYS_OUTERMOST: i32 = 30;

/// A record whose tree has been computed.
#[derive(Clone)]
pub(crate) struct Evaluated {
    pub(crate) workspace: Workspace,
    pub(super) responses: Vec<Response>,
}

impl Scorer {
    /// Scores one account and explains the score.
    ///
    /// # Errors
    /// [`Error::UnknownId`] for an answer to a measure that the model does not have, [`Error::OutsideScale`],
    /// [`Error::NotFinite`], [`Error::InvalidDate`] and [`Error::AfterAsOf`] for an answer,
    /// [`Error::Missing`] under the missing rule `fail`, [`Error::OutOfRange`] for an override.
    ///
    /// # Examples
    /// ```
    /// use value_model::answer::Record;
    /// use value_model::scale::Scale;
    /// use value_model::scorecard::{Group, Measure, Scorecard};
    /// let tree = Group::new("health")
    ///     .child(Measure::new("csat", Scale::Likert { min: 1, max: 5 }))
    ///     .child(Measure::new("goals", Scale::YesNo));
    /// let scorer = Scorecard::new("mine", "1", tree).compile()?;
    /// let assessment = scorer.assess(&Record::new("acme").answer("csat", 4.0), "2026-11-01".parse()?)?;
    /// assert_eq!((assessment.score, assessment.lower, assessment.upper), (Some(75.0), 37.5, 87.5));
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn assess(&self, record: &Record, as_of: Date) -> Result<Assessment, Error> {
        check::name("account", &record.account)?;
        let override_ = record.override_.as_ref().map(|wish| self.0.judge(wish, as_of)).transpose()?;
        let state = self.evaluated(record, as_of)?;
        let plan = &*self.0;
        let mut assessment = self.summary(record, as_of, &state, override_);
        let shares = plan.shares(&state.workspace);
        plan.explain(&state, &shares, &mut assessment);
        assessment.measures = plan.measure_results(state, &shares);
        Ok(assessment)
    }

    /// What each measure contributes to the score before rules, and its headroom, of an account that
    /// [`Scorer::score`] has just left in the workspace.
    pub fn measure_points(&self, workspace: &Workspace) -> Vec<(Option<f64>, Option<f64>)> {
        let plan = &*self.0;
        let shares = plan.shares(workspace);
        let scored = workspace.state(0).scored;
        let base = plan.finish_unit(workspace).unit;
        let points = shares.leaves.iter().enumerate().map(|(index, points)| {
            (scored.then_some(*points), base.and_then(|base| plan.headroom(index, base, workspace)))
        });
        points.collect()
    }

    /// The record's answers, with every group computed.
    pub(crate) fn evaluated(&self, record: &Record, as_of: Date) -> Result<Evaluated, Error> {
        let mut workspace = self.workspace();
        let responses = self.respond(record, as_of, &mut workspace)?;
        self.0.evaluate(&mut workspace)?;
        Ok(Evaluated { workspace, responses })
    }

    fn summary(
        &self,
        record: &Record,
        as_of: Date,
        state: &Evaluated,
        override_: Option<AppliedOverride>,
    ) -> Assessment {
        let plan = &*self.0;
        let score = plan.finish(&state.workspace);
        let set = override_.as_ref().filter(|applied| applied.active).map(|applied| applied.score);
        let last = set.or(score.score);
        let (lower, upper) = set.map_or((score.lower, score.upper), |set| (set, set));
        Assessment {
            model: plan.model.clone(),
            version: plan.version.clone(),
            account: record.account.clone(),
            as_of,
            outcome: if last.is_some() { Outcome::Scored } else { score.outcome },
            score: last,
            raw: score.raw,
            band: last.map(|score| plan.bands.name(plan.bands.index(score))),
            lower_band: plan.bands.name(plan.bands.index(lower)),
            lower,
            upper,
            coverage: score.coverage,
            validated_share: score.validated_share,
            fresh_share: score.fresh_share,
            groups: Vec::new(),
            measures: Vec::new(),
            contributions: Vec::new(),
            rules: Vec::new(),
            override_,
        }
    }
}

/// Points of the raw score by leaf and by group.
pub(super) struct Shares {
    pub(super) leaves: Vec<f64>,
    groups: Vec<f64>,
    /// Missing groups that stand in with a fixed unit, with their points.
    filled: Vec<(usize, f64)>,
}

impl Plan {
    /// Hands the root's points down the tree: a child's share of its parent, times the parent's points.
    pub(super) fn shares(&self, workspace: &Workspace) -> Shares {
        let mut shares = Shares {
            leaves: vec![0.0; self.measures.len()],
            groups: vec![0.0; self.groups.len()],
            filled: Vec::new(),
        };
        let root = workspace.state(0);
        if let Some(place) = shares.groups.first_mut() {
            *place = points(root.unit);
        }
        for (index, group) in self.groups.iter().enumerate() {
            let state = workspace.state(index);
            let given = shares.groups.get(index).copied().unwrap_or(0.0);
            if given <= 0.0 || state.unit <= 0.0 {
                continue;
            }
            let ties = ties(group, &state, Mixed { slots: &group.children, workspace });
            for slot in &group.children {
                let part =
                    kernel::contribution(group.kind, group.fill, &state, &child(slot, workspace), ties);
                // The root's own points are 100 times its unit: no division, so that a flat card stays exact.
                let given = if index == 0 { points(part) } else { given * (part / state.unit) };
                match slot.place {
                    Place::Leaf(leaf) => put(&mut shares.leaves, leaf, given),
                    Place::Group(inner) => {
                        put(&mut shares.groups, inner, given);
                        if !workspace.state(inner).scored && given > 0.0 {
                            shares.filled.push((inner, given));
                        }
                    }
                }
            }
        }
        shares
    }

    fn explain(&self, state: &Evaluated, shares: &Shares, out: &mut Assessment) {
        let groups = self.groups.iter().enumerate();
        out.groups = groups.map(|(index, group)| group_result(index, group, state, shares)).collect();
        let entry = |id: &super::Id, kind, points| Contribution { id: id.clone(), kind, points };
        if out.raw.is_some() {
            out.contributions.reserve_exact(self.measures.len() + shares.filled.len() + self.rules.len() + 1);
            let measures = self.measures.iter().zip(&shares.leaves);
            out.contributions.extend(
                measures.map(|(measure, points)| entry(&measure.id, ContributionKind::Measure, *points)),
            );
            // Groups stand in the order of the tree, as measures do.
            let mut filled = shares.filled.clone();
            filled.sort_by_key(|&(group, _)| group);
            for (group, points) in filled {
                if let Some(group) = self.groups.get(group) {
                    out.contributions.push(entry(&group.id, ContributionKind::Group, points));
                }
            }
        }
        let mut before_override = out.raw;
        let (rules, contributions) = (&mut out.rules, &mut out.contributions);
        let end = self.apply_rules(
            state.workspace.root(),
            |measure| state.workspace.leaf(measure),
            |place, before, after| {
                let Some(rule) = self.rules.get(place) else { return };
                let (before, after) = (points(before), points(after));
                rules.push(FiredRule { id: rule.id.clone(), title: rule.title.clone(), before, after });
                contributions.push(entry(&rule.id, ContributionKind::Rule, after - before));
            },
        );
        if let Some(unit) = end.unit {
            before_override = Some(points(unit));
        }
        if let Some(applied) = out.override_.as_ref().filter(|applied| applied.active) {
            let points = applied.score - before_override.unwrap_or(0.0);
            out.contributions.push(entry(&"override".into(), ContributionKind::Override, points));
        }
    }

    fn measure_results(&self, state: Evaluated, shares: &Shares) -> Vec<MeasureResult> {
        let Evaluated { workspace, responses } = state;
        let base = self.finish_unit(&workspace).unit;
        let measures = self.measures.iter().zip(responses).zip(&shares.leaves).enumerate();
        measures
            .map(|(index, ((measure, response), contribution))| {
                let leaf = workspace.leaf(index);
                MeasureResult {
                    id: measure.id.clone(),
                    title: measure.title.clone(),
                    unit: response.missing.is_none().then_some(leaf.unit),
                    missing: response.missing,
                    factor: leaf.factor,
                    contribution: *contribution,
                    headroom: base.and_then(|base| self.headroom(index, base, &workspace)),
                    disagreement: disagreement(&response.personas),
                    flags: flags(&leaf),
                    personas: response.personas,
                    backed: leaf.backed,
                    fresh: leaf.fresh,
                }
            })
            .collect()
    }

    /// Checks an override and says whether it holds.
    fn judge(&self, wish: &Override, as_of: Date) -> Result<AppliedOverride, Error> {
        let score = math::unsigned_zero(check::between("override.score", wish.score, 0.0, 100.0)?);
        check::name("override.reason", &wish.reason)?;
        check::name("override.author", &wish.author)?;
        check::not_after("override.made_on", wish.made_on, as_of)?;
        let outermost = self.bands.is_outermost(self.bands.index(score));
        let days = if outermost { OVERRIDE_DAYS_OUTERMOST } else { OVERRIDE_DAYS };
        let expires_on = match wish.expires_on {
            Some(day) if day < wish.made_on => {
                return Err(Error::Conflict {
                    field: "override.expires_on".into(),
                    reason: "lies before `made_on`".into(),
                });
            }
            Some(day) => day,
            // Only the last days of the year 9999 have no such day after them.
            None => wish.made_on.plus_days(days).unwrap_or(wish.made_on),
        };
        Ok(AppliedOverride {
            score,
            reason: wish.reason.clone(),
            author: wish.author.clone(),
            made_on: wish.made_on,
            expires_on,
            active: as_of <= expires_on,
        })
    }
}

fn group_result(index: usize, group: &CompiledGroup, state: &Evaluated, shares: &Shares) -> GroupResult {
    let result = state.workspace.group(index);
    GroupResult {
        id: group.id.clone(),
        title: group.title.clone(),
        depth: group.depth,
        outcome: result.outcome,
        reason: (result.outcome == Outcome::Insufficient)
            .then(|| reason(group, Mixed { slots: &group.children, workspace: &state.workspace })),
        score: result.score,
        cost_score: group.cost_score(result.score),
        lower: result.lower,
        upper: result.upper,
        coverage: result.coverage,
        validated_share: result.validated_share,
        fresh_share: result.fresh_share,
        contribution: shares.groups.get(index).copied().unwrap_or(0.0),
    }
}

/// How many children share what a group of the least or the greatest has.
pub(super) fn ties(group: &CompiledGroup, state: &GroupState, children: impl Children<f64>) -> f64 {
    if matches!(group.kind, Kind::Min | Kind::Max) { kernel::ties(group.fill, state, children) } else { 1.0 }
}

fn flags(leaf: &Leaf) -> Vec<Flag> {
    match (leaf.undated, leaf.regressed) {
        (false, false) => Vec::new(),
        (true, false) => vec![Flag::Undated],
        (false, true) => vec![Flag::Regressed],
        (true, true) => vec![Flag::Undated, Flag::Regressed],
    }
}

fn put(list: &mut [f64], index: usize, value: f64) {
    if let Some(place) = list.get_mut(index) {
        *place = value;
    }
}

/// The largest persona mean less the smallest, where there are at least two.
fn disagreement(personas: &BTreeMap<String, f64>) -> Option<f64> {
    if personas.len() < 2 {
        return None;
    }
    let (least, most) = (personas.values())
        .fold((f64::MAX, f64::MIN), |(least, most), mean| (least.min(*mean), most.max(*mean)));
    Some(most - least)
}
