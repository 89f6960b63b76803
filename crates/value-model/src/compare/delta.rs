//! Why a score changed: the model, what people did, or what is no longer known.

use crate::catalog::{Formula, Source};
use crate::compare::model_change::known_to;
use crate::compare::{ScoreInput, State};
use crate::scorecard::{Evaluated, Id, Leaf, Place, Plan, Scorer, Workspace, child};
use crate::{Error, math};

/// Catalog entry of [`delta_of`].
pub const FORMULA: Formula = Formula {
    id: "delta",
    version: 1,
    source: Source::Ours,
    expression: "change = model + behaviour + coverage (+ override); behaviour_i = mean(W_i, W_i') * (u_i' - u_i), \
                 coverage_i = mean(u_i, u_i') * (W_i' - W_i)",
};

/// Two states of one account.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeltaInput {
    /// The earlier state.
    pub before: ScoreInput,
    /// The later state.
    pub after: ScoreInput,
}

/// Why a score changed. All effects are in points and sum to the change.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Delta {
    /// The earlier score.
    pub before: Option<f64>,
    /// The later score.
    pub after: Option<f64>,
    /// The later score less the earlier one.
    pub change: Option<f64>,
    /// What the change of the model did: the old answers under the new model, less the old score.
    pub model: Option<f64>,
    /// What changed answers did.
    pub behaviour: Option<f64>,
    /// What answers that came, went or aged did.
    pub coverage: Option<f64>,
    /// What a person's override did.
    #[serde(rename = "override")]
    pub override_: Option<f64>,
    /// Why there is no split.
    pub reason: Option<NoSplit>,
    /// How behaviour and coverage were told apart.
    pub method: Method,
    /// Each measure's part, in the order of the tree; measures without a change are left out.
    pub measures: Vec<MeasureChange>,
    /// The change in one sentence.
    pub summary: String,
}

/// Why a change could not be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoSplit {
    /// The earlier state has no score.
    NoScoreBefore,
    /// The later state has no score.
    NoScoreAfter,
    /// The old answers have no score under the new model.
    NoScoreUnderNewModel,
}

/// What moved a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// What the customer does or says.
    Behaviour,
    /// Which answers are known.
    Coverage,
    /// A new version of the model.
    Model,
    /// An override.
    Override,
    /// More than one of these.
    Several,
}

impl Cause {
    /// The stable, `snake_case` name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Behaviour => "behaviour",
            Self::Coverage => "coverage",
            Self::Model => "model",
            Self::Override => "override",
            Self::Several => "several",
        }
    }
}

/// How behaviour and coverage were told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The Bennet split: exact and symmetric, for trees of means without rules.
    Bennet,
    /// Rescored measure by measure in the order of the tree, first all coverage, then all behaviour.
    Rescored,
}

/// One measure's part in a change.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MeasureChange {
    /// The measure's id.
    pub id: Id,
    /// The measure's title.
    pub title: Id,
    /// The unit before, if there was one.
    pub before: Option<f64>,
    /// The unit after, if there is one.
    pub after: Option<f64>,
    /// Points from the change of the answer.
    pub behaviour: f64,
    /// Points from the change of what it counts.
    pub coverage: f64,
}

/// Takes the change between two states of one account apart, from documents.
///
/// # Errors
/// Those of [`delta`]; fields start with `before` or `after`.
pub fn delta_of(input: &DeltaInput) -> Result<Delta, Error> {
    let before = input.before.model.compile().map_err(|error| error.within("before"))?;
    let after = input.after.model.compile().map_err(|error| error.within("after"))?;
    delta(&input.before.state(&before), &input.after.state(&after))
}

/// Takes the change between two states of one account apart.
///
/// # Errors
/// [`Error::Conflict`] for two accounts or a later state that is earlier, and those of
/// [`Scorer::assess`](crate::scorecard::Scorer::assess).
///
/// # Examples
/// ```
/// use value_model::answer::Record;
/// use value_model::compare::{State, delta::delta};
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, Measure, Scorecard};
/// let tree = Group::new("health").child(Measure::new("usage", Scale::Unit)).child(Measure::new("goals", Scale::Unit));
/// let scorer = Scorecard::new("mine", "1", tree).compile()?;
/// let (first, then) = ("2026-10-01".parse()?, "2026-11-01".parse()?);
/// let old = Record::new("acme").answer("usage", 0.8).answer("goals", 0.2);
/// let new = Record::new("acme").answer("usage", 0.8);
/// let split = delta(
///     &State { scorer: &scorer, record: &old, as_of: first },
///     &State { scorer: &scorer, record: &new, as_of: then },
/// )?;
/// assert_eq!(split.behaviour, Some(0.0)); // it rose, but only because a bad answer went missing
/// assert!(split.coverage > Some(29.9));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn delta(before: &State<'_>, after: &State<'_>) -> Result<Delta, Error> {
    if before.record.account != after.record.account {
        return Err(Error::Conflict {
            field: "after.record.account".into(),
            reason: "names another account than `before`".into(),
        });
    }
    if after.as_of < before.as_of {
        return Err(Error::Conflict {
            field: "after.as_of".into(),
            reason: "lies before the date of `before`".into(),
        });
    }
    let old =
        before.scorer.assess(before.record, before.as_of).map_err(|error| error.within("before.record"))?;
    let new = after.scorer.assess(after.record, after.as_of).map_err(|error| error.within("after.record"))?;
    let old_state = before.scorer.evaluated(before.record, before.as_of)?;
    let new_state = after.scorer.evaluated(after.record, after.as_of)?;
    let same_model = before.scorer.scorecard() == after.scorer.scorecard();
    let restated = if same_model {
        old_state.clone()
    } else {
        after.scorer.evaluated(&known_to(after.scorer, before.record), before.as_of)?
    };
    let own = |scorer: &Scorer, state: &Evaluated| {
        scorer.0.finish_unit(&state.workspace).unit.map(|unit| unit * 100.0)
    };
    let scores = Scores {
        old: own(before.scorer, &old_state),
        restated: own(after.scorer, &restated),
        new: own(after.scorer, &new_state),
    };
    let mut delta = Delta {
        before: old.score,
        after: new.score,
        change: old.score.zip(new.score).map(|(old, new)| math::unsigned_zero(new - old)),
        model: None,
        behaviour: None,
        coverage: None,
        override_: None,
        reason: scores.no_split(),
        method: Method::Rescored,
        measures: Vec::new(),
        summary: String::new(),
    };
    if let (Some(was), Some(under_new), Some(now)) = (scores.old, scores.restated, scores.new) {
        let plan = &*after.scorer.0;
        let (method, parts) = plan.split(&restated.workspace, &new_state.workspace)?;
        delta.method = method;
        delta.model = Some(math::unsigned_zero(under_new - was));
        delta.behaviour = Some(parts.iter().fold(0.0, |sum, part| sum + part.behaviour));
        delta.coverage = Some(parts.iter().fold(0.0, |sum, part| sum + part.coverage));
        let judged = |last: Option<f64>, own: f64| last.map_or(0.0, |last| last - own);
        delta.override_ = Some(math::unsigned_zero(judged(new.score, now) - judged(old.score, was)));
        delta.measures = parts;
    }
    delta.summary = delta.sentence();
    Ok(delta)
}

/// Scores without overrides.
struct Scores {
    old: Option<f64>,
    restated: Option<f64>,
    new: Option<f64>,
}

impl Scores {
    const fn no_split(&self) -> Option<NoSplit> {
        match (self.old, self.restated, self.new) {
            (None, _, _) => Some(NoSplit::NoScoreBefore),
            (_, _, None) => Some(NoSplit::NoScoreAfter),
            (_, None, _) => Some(NoSplit::NoScoreUnderNewModel),
            _ => None,
        }
    }
}

impl Plan {
    fn split(&self, old: &Workspace, new: &Workspace) -> Result<(Method, Vec<MeasureChange>), Error> {
        let mean_tree = self.rules.is_empty() && self.groups.iter().all(|group| group.plain);
        let (method, parts) = if mean_tree {
            (Method::Bennet, self.bennet(old, new))
        } else {
            (Method::Rescored, self.rescored(old, new)?)
        };
        let known = |leaf: Leaf| leaf.is_present().then_some(leaf.unit);
        let changes =
            self.measures.iter().zip(parts).enumerate().map(|(index, (measure, (behaviour, coverage)))| {
                MeasureChange {
                    id: measure.id.clone(),
                    title: measure.title.clone(),
                    before: known(old.leaf(index)),
                    after: known(new.leaf(index)),
                    behaviour: math::unsigned_zero(behaviour * 100.0),
                    coverage: math::unsigned_zero(coverage * 100.0),
                }
            });
        Ok((method, changes.filter(|part| part.behaviour != 0.0 || part.coverage != 0.0).collect()))
    }

    /// The Bennet split: averages of both sides' weights and units, so that neither side is the base.
    fn bennet(&self, old: &Workspace, new: &Workspace) -> Vec<(f64, f64)> {
        let (old_weights, new_weights) = (self.effective_weights(old), self.effective_weights(new));
        let parts = old_weights.iter().zip(&new_weights).enumerate().map(|(index, (w0, w1))| {
            let (u0, u1) = match (old.leaf(index), new.leaf(index)) {
                (a, b) if a.is_present() && b.is_present() => (a.unit, b.unit),
                (a, b) if a.is_present() || b.is_present() => {
                    // Known on one side only: it holds that unit on both, so that only its weight changes.
                    let known = if a.is_present() { a.unit } else { b.unit };
                    (known, known)
                }
                _ => (0.0, 0.0),
            };
            (0.5 * (w0 + w1) * (u1 - u0), 0.5 * (u0 + u1) * (w1 - w0))
        });
        parts.collect()
    }

    /// `W_i`: the product of the normalised present weights down the tree.
    fn effective_weights(&self, workspace: &Workspace) -> Vec<f64> {
        let mut leaves = vec![0.0; self.measures.len()];
        let mut groups = vec![0.0; self.groups.len()];
        if let Some(root) = groups.first_mut() {
            *root = 1.0;
        }
        for (index, group) in self.groups.iter().enumerate() {
            let own = groups.get(index).copied().unwrap_or(0.0);
            let divisor = workspace.state(index).divisor;
            if own <= 0.0 || divisor <= 0.0 {
                continue;
            }
            for slot in &group.children {
                let (list, at) = match slot.place {
                    Place::Leaf(leaf) => (&mut leaves, leaf),
                    Place::Group(inner) => (&mut groups, inner),
                };
                if let Some(weight) = list.get_mut(at) {
                    *weight = own * (child(slot, workspace).present / divisor);
                }
            }
        }
        leaves
    }

    /// Rescores measure by measure: first what each answer counts, then what it says.
    fn rescored(&self, old: &Workspace, new: &Workspace) -> Result<Vec<(f64, f64)>, Error> {
        let mut now = old.clone();
        let mut last = self.finish_unit(&now).unit.unwrap_or(0.0);
        let mut parts = vec![(0.0, 0.0); self.measures.len()];
        // A step without a score leaves its effect to the next step that has one, so that the parts still sum.
        let mut step = |now: &mut Workspace, index: usize, leaf: Leaf| -> Result<f64, Error> {
            let unit = self.set_leaf(index, leaf, now)?.unwrap_or(last);
            let effect = unit - last;
            last = unit;
            Ok(effect)
        };
        for (index, part) in parts.iter_mut().enumerate() {
            let (a, b) = (old.leaf(index), new.leaf(index));
            let unit = if a.is_present() && b.is_present() { a.unit } else { b.unit };
            part.1 = step(&mut now, index, Leaf { unit, ..b })?;
        }
        for (index, part) in parts.iter_mut().enumerate() {
            part.0 = step(&mut now, index, new.leaf(index))?;
        }
        Ok(parts)
    }
}

impl Delta {
    /// The change in one sentence for people.
    fn sentence(&self) -> String {
        let (Some(change), Some(behaviour), Some(coverage), Some(model)) =
            (self.change, self.behaviour, self.coverage, self.model)
        else {
            return match self.reason {
                Some(NoSplit::NoScoreBefore) => {
                    "There was no score before, so the change cannot be explained."
                }
                Some(NoSplit::NoScoreAfter) => "There is no score now: too little is known.",
                _ => "The old answers have no score under the new model.",
            }
            .to_owned();
        };
        if math::billionths(change) == 0 {
            return "The score did not change.".to_owned();
        }
        let moved = if change > 0.0 { "rose" } else { "fell" };
        let cause = match self.cause() {
            Some(Cause::Behaviour) => "because of what the customer does or says",
            Some(Cause::Coverage) => self.coverage_cause(change),
            Some(Cause::Model) => "only because the model changed",
            Some(Cause::Override) => "only because of an override",
            _ => "for several reasons",
        };
        let size = change.abs();
        format!(
            "The score {moved} by {size:.1} points {cause} (behaviour {behaviour:+.1}, coverage {coverage:+.1}, model {model:+.1}, override {:+.1}).",
            self.override_.unwrap_or(0.0)
        )
    }

    /// The one effect that went the way of the change, or that several did; none when the score did not move.
    pub fn cause(&self) -> Option<Cause> {
        let change = self.change.filter(|change| math::billionths(*change) != 0)?;
        let effects = [
            (self.behaviour?, Cause::Behaviour),
            (self.coverage?, Cause::Coverage),
            (self.model?, Cause::Model),
            (self.override_.unwrap_or(0.0), Cause::Override),
        ];
        let same_way = |effect: f64| effect * change > 0.0 && math::billionths(effect) != 0;
        let mut found = effects.into_iter().filter(|(effect, _)| same_way(*effect));
        match (found.next(), found.next()) {
            (Some((_, cause)), None) => Some(cause),
            _ => Some(Cause::Several),
        }
    }

    fn coverage_cause(&self, change: f64) -> &'static str {
        let lost = self.measures.iter().any(|part| part.before.is_some() && part.after.is_none());
        match (lost, change > 0.0) {
            (true, true) => "only because a bad answer went missing",
            (true, false) => "only because a good answer went missing",
            (false, _) => "only because of which answers are known",
        }
    }
}
