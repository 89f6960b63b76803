//! One group whose children are known only now, computed as the compiled group that it stands for.

use super::assess::ties;
use super::assessment::InsufficientReason;
use super::compile::CompiledGroup;
use super::evaluate::{GroupScore, GroupState, outcome_of, points, reason};
use super::kernel::{self, Child, Children};
use super::scorer::Outcome;

/// A group that has been computed.
pub(crate) struct Branch<'a> {
    group: &'a CompiledGroup,
    children: &'a [Child<f64>],
    state: GroupState,
}

#[derive(Clone, Copy)]
struct Given<'a>(&'a [Child<f64>]);

impl Children<f64> for Given<'_> {
    #[inline]
    fn count(&self) -> usize {
        self.0.len()
    }
    #[inline]
    fn child(&self, place: usize) -> Child<f64> {
        self.0.get(place).copied().unwrap_or_else(Child::nothing)
    }
}

impl<'a> Branch<'a> {
    /// Computes a group from these children, which stand in the order of the group's own where any is required.
    pub(crate) fn new(group: &'a CompiledGroup, children: &'a [Child<f64>]) -> Self {
        let leaves = children.iter().all(|child| child.leaf);
        Self { group, children, state: outcome_of(group, leaves, Given(children)) }
    }

    /// The group as a child of this weight.
    pub(crate) fn child(&self, weight: f64, uplift: bool) -> Child<f64> {
        Child::of_group(weight, uplift, &self.state)
    }

    pub(crate) fn score(&self) -> GroupScore {
        GroupScore::from(self.state)
    }

    /// Why there is no score, where too little is known.
    pub(crate) fn reason(&self) -> Option<InsufficientReason> {
        let short = self.score().outcome == Outcome::Insufficient;
        short.then(|| reason(self.group, Given(self.children)))
    }

    /// The points of each child, in a model whose root this group is.
    pub(crate) fn points(&self) -> impl Iterator<Item = f64> {
        let Self { group, children, state } = self;
        let ties = ties(group, state, Given(children));
        let none = points(state.unit) <= 0.0;
        children.iter().map(move |child| {
            let part = || kernel::contribution(group.kind, group.fill, state, child, ties);
            if none { 0.0 } else { points(part()) }
        })
    }
}
