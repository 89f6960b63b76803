//! Running the kernel over a whole tree for one account.

use super::assessment::InsufficientReason;
use super::compile::{CompiledGroup, Place, Slot};
use super::kernel::{self, Child, Children, Demands};
use super::scorer::{Outcome, Plan, Score};
use crate::{Error, math};

/// One measure of one account, as the kernel takes it.
#[expect(clippy::struct_excessive_bools, reason = "five independent facts about one answer")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    pub(crate) unit: f64,
    pub(crate) factor: f64,
    pub(crate) applicable: bool,
    pub(crate) backed: bool,
    pub(crate) fresh: bool,
    /// An answer without a date was kept although age matters.
    pub(crate) undated: bool,
    /// The value moved away from its target.
    pub(crate) regressed: bool,
}

impl Leaf {
    pub(crate) const MISSING: Self = Self::present(0.0, 0.0, false, false);
    pub(super) const NOT_APPLICABLE: Self = Self { applicable: false, ..Self::MISSING };

    #[inline]
    pub(super) const fn present(unit: f64, factor: f64, backed: bool, fresh: bool) -> Self {
        Self { unit, factor, applicable: true, backed, fresh, undated: false, regressed: false }
    }

    #[inline]
    pub(super) const fn flagged(self, undated: bool, regressed: bool) -> Self {
        Self { undated, regressed, ..self }
    }

    /// The leaf as a child of this weight.
    #[inline]
    pub(crate) fn child(&self, weight: f64, uplift: bool) -> Child<f64> {
        Child::of_leaf(weight, uplift, self.unit, self.factor, self.applicable, (self.backed, self.fresh))
    }

    pub(crate) fn is_present(&self) -> bool {
        self.factor > 0.0
    }

    pub(crate) fn is_applicable(&self) -> bool {
        self.applicable
    }
}

/// The result of one group for one account.
pub(crate) type GroupState = kernel::Outcome<f64>;

impl GroupState {
    /// Nothing applies.
    pub(super) const EMPTY: Self = Self {
        applicable: false,
        scored: false,
        unit: 0.0,
        lower: 0.0,
        upper: 0.0,
        coverage: 0.0,
        validated: 0.0,
        fresh: 0.0,
        divisor: 0.0,
        base: 0.0,
    };
}

/// Room for the intermediate results of one account.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub(super) leaves: Vec<Leaf>,
    pub(super) groups: Vec<GroupState>,
}

/// The score of one group, as the fast path leaves it in the [`Workspace`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct GroupScore {
    /// Whether there is a score.
    pub outcome: Outcome,
    /// The score, 0..100.
    pub score: Option<f64>,
    /// The least it can be, 0..100.
    pub lower: f64,
    /// The most it can be, 0..100.
    pub upper: f64,
    /// The share of the weight that is answered, 0..1.
    pub coverage: f64,
    /// The share backed by the customer or a measurement, 0..1.
    pub validated_share: f64,
    /// The share that is fresh, 0..1.
    pub fresh_share: f64,
}

impl Workspace {
    pub(super) fn new(measures: usize, groups: usize) -> Self {
        Self { leaves: vec![Leaf::MISSING; measures], groups: vec![GroupState::EMPTY; groups] }
    }

    pub(super) fn fits(&self, measures: usize, groups: usize) -> bool {
        self.leaves.len() == measures && self.groups.len() == groups
    }

    pub(crate) fn leaves_mut(&mut self) -> impl Iterator<Item = &mut Leaf> {
        self.leaves.iter_mut()
    }

    pub(super) fn set_leaf(&mut self, index: usize, leaf: Leaf) {
        if let Some(place) = self.leaves.get_mut(index) {
            *place = leaf;
        }
    }

    pub(crate) fn leaf(&self, index: usize) -> Leaf {
        self.leaves.get(index).copied().unwrap_or(Leaf::MISSING)
    }

    pub(crate) fn state(&self, index: usize) -> GroupState {
        self.groups.get(index).copied().unwrap_or(GroupState::EMPTY)
    }

    /// The root before rules.
    pub(crate) fn root(&self) -> Final {
        let root = self.state(0);
        Final { unit: root.scored.then_some(root.unit), lower: root.lower, upper: root.upper }
    }

    /// The score of a group after [`Scorer::score`](super::Scorer::score), by its place among
    /// [`Scorer::groups`](super::Scorer::groups).
    pub fn group(&self, index: usize) -> GroupScore {
        GroupScore::from(self.state(index))
    }
}

impl From<GroupState> for GroupScore {
    fn from(state: GroupState) -> Self {
        Self {
            outcome: outcome(&state),
            score: state.scored.then_some(state.unit * 100.0),
            lower: state.lower * 100.0,
            upper: state.upper * 100.0,
            coverage: state.coverage,
            validated_share: state.validated,
            fresh_share: state.fresh,
        }
    }
}

fn outcome(state: &GroupState) -> Outcome {
    if state.scored {
        Outcome::Scored
    } else if state.applicable {
        Outcome::Insufficient
    } else {
        Outcome::NotApplicable
    }
}

/// The root's unit and bounds after rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Final {
    pub(crate) unit: Option<f64>,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
}

impl Plan {
    /// Computes every group, children before parents.
    pub(crate) fn evaluate(&self, workspace: &mut Workspace) -> Result<(), Error> {
        let mut fails = false;
        for (index, group) in self.groups.iter().enumerate().rev() {
            let state = state_of(group, workspace);
            fails |= group.fails() && state.applicable;
            if let Some(place) = workspace.groups.get_mut(index) {
                *place = state;
            }
        }
        if fails { self.refuse_any(workspace) } else { Ok(()) }
    }

    /// The first refusal in the order of the document.
    #[cold]
    fn refuse_any(&self, workspace: &Workspace) -> Result<(), Error> {
        let fails = |index: &usize| {
            self.groups.get(*index).is_some_and(CompiledGroup::fails) && workspace.state(*index).applicable
        };
        (0..self.groups.len()).filter(fails).try_for_each(|index| self.refuse_missing(index, workspace))
    }

    /// Computes one group from its children.
    pub(super) fn evaluate_group(&self, index: usize, workspace: &mut Workspace) -> Result<(), Error> {
        let Some(group) = self.groups.get(index) else { return Ok(()) };
        let state = state_of(group, workspace);
        if let Some(place) = workspace.groups.get_mut(index) {
            *place = state;
        }
        if group.fails() && state.applicable { self.refuse_missing(index, workspace) } else { Ok(()) }
    }

    fn refuse_missing(&self, index: usize, workspace: &Workspace) -> Result<(), Error> {
        let children = self.groups.get(index).map_or(&[][..], |group| group.children.as_slice());
        let lost = children.iter().find(|slot| {
            let child = child(slot, workspace);
            slot.weight > 0.0 && child.applicable && child.factor <= 0.0
        });
        lost.map_or(Ok(()), |slot| Err(Error::Missing { field: self.path(slot.place).into() }))
    }

    fn path(&self, place: Place) -> String {
        match place {
            Place::Leaf(leaf) => {
                self.measures.get(leaf).map_or_else(String::new, |m| super::scorer::answer_path(&m.id))
            }
            Place::Group(group) => {
                self.groups.get(group).map_or_else(String::new, |g| format!("groups.{}", g.id))
            }
        }
    }

    /// The root after rules.
    pub(crate) fn finish_unit(&self, workspace: &Workspace) -> Final {
        self.apply_rules(workspace.root(), |measure| workspace.leaf(measure), |_, _, _| {})
    }

    /// The score of the account from its evaluated tree.
    pub(super) fn finish(&self, workspace: &Workspace) -> Score {
        let root = workspace.state(0);
        let end = if self.rules.is_empty() { workspace.root() } else { self.finish_unit(workspace) };
        let score = end.unit.map(|unit| unit * 100.0);
        let lower = end.lower * 100.0;
        Score {
            outcome: outcome(&root),
            score,
            raw: root.scored.then_some(root.unit * 100.0),
            band: score.map(|score| self.bands.index(score)),
            lower_band: self.bands.index(lower),
            lower,
            upper: end.upper * 100.0,
            coverage: root.coverage,
            validated_share: root.validated,
            fresh_share: root.fresh,
        }
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "the fast path spends most of its time here")]
fn state_of(group: &CompiledGroup, workspace: &Workspace) -> GroupState {
    let leaves = group.leaves.as_ref().and_then(|range| workspace.leaves.get(range.clone()));
    if let Some(leaves) = leaves {
        outcome_of(group, true, Leaves { slots: &group.children, leaves })
    } else {
        outcome_of(group, false, Mixed { slots: &group.children, workspace })
    }
}

/// Computes a group from these children. `leaves` says that every child is a leaf.
#[inline(always)]
#[expect(clippy::inline_always, reason = "callers that use a part of the state must not pay for the rest")]
pub(super) fn outcome_of(group: &CompiledGroup, leaves: bool, children: impl Children<f64>) -> GroupState {
    let permits = !(group.requires && blocked(group, children));
    let least_coverage = group.least_coverage;
    let demands = Demands { fill: group.fill, least_coverage, permits, whole: None };
    kernel::group::<f64>(group.kind, leaves, demands, children)
}

/// The leaves of a group that has no groups.
#[derive(Clone, Copy)]
struct Leaves<'a> {
    slots: &'a [Slot],
    leaves: &'a [Leaf],
}

/// The children of any group.
#[derive(Clone, Copy)]
pub(crate) struct Mixed<'a> {
    pub(crate) slots: &'a [Slot],
    pub(crate) workspace: &'a Workspace,
}

impl Children<f64> for Leaves<'_> {
    #[inline]
    fn count(&self) -> usize {
        self.slots.len().min(self.leaves.len())
    }
    #[inline]
    fn child(&self, place: usize) -> Child<f64> {
        match (self.slots.get(place), self.leaves.get(place)) {
            (Some(slot), Some(leaf)) => leaf_child(slot, leaf),
            _ => Child::nothing(),
        }
    }
}

impl Children<f64> for Mixed<'_> {
    #[inline]
    fn count(&self) -> usize {
        self.slots.len()
    }
    #[inline]
    fn child(&self, place: usize) -> Child<f64> {
        self.slots.get(place).map_or_else(Child::nothing, |slot| child(slot, self.workspace))
    }
}

/// Whether a required child applies and has no score.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call would have to make whole children")]
pub(super) fn blocked(group: &CompiledGroup, children: impl Children<f64>) -> bool {
    group.children.iter().enumerate().filter(|(_, slot)| slot.required).any(|(place, _)| {
        let child = children.child(place);
        child.applicable && child.factor <= 0.0
    })
}

/// Why a group has no score.
pub(super) fn reason(group: &CompiledGroup, children: impl Children<f64>) -> InsufficientReason {
    let answered = (0..children.count()).any(|place| {
        let child = children.child(place);
        child.factor > 0.0 && child.weight > 0.0 && !child.uplift
    });
    if blocked(group, children) {
        InsufficientReason::RequiredMissing
    } else if answered {
        InsufficientReason::LowCoverage
    } else {
        InsufficientReason::NothingAnswered
    }
}

/// A child as the kernel takes it.
#[inline]
pub(crate) fn child(slot: &Slot, workspace: &Workspace) -> Child<f64> {
    match slot.place {
        Place::Leaf(index) => leaf_child(slot, &workspace.leaf(index)),
        Place::Group(index) => Child::of_group(slot.weight, slot.uplift, &workspace.state(index)),
    }
}

#[inline]
pub(super) fn leaf_child(slot: &Slot, leaf: &Leaf) -> Child<f64> {
    leaf.child(slot.weight, slot.uplift)
}

/// The unit in points, without the sign of a zero.
pub(crate) fn points(unit: f64) -> f64 {
    math::unsigned_zero(unit * 100.0)
}
