//! One leaf of a computed tree changed: only the groups above it are computed again.

#![expect(clippy::inline_always, reason = "a call would have to compute what nobody reads")]

use super::compile::{CompiledGroup, Place, Slot};
use super::evaluate::{Final, GroupState, Leaf, Workspace, child, leaf_child, outcome_of};
use super::kernel::{Child, Children};
use super::scorer::Plan;
use crate::Error;

impl Plan {
    /// The points to win with one measure: the score with it at its best, less the score.
    pub(crate) fn headroom(&self, index: usize, base: f64, workspace: &Workspace) -> Option<f64> {
        let now = workspace.leaf(index);
        if !now.is_applicable() {
            return None;
        }
        let best = Leaf { unit: 1.0, factor: 1.0, ..now };
        if now.unit >= best.unit && now.factor >= best.factor {
            // The tree would be what it is.
            return Some(0.0);
        }
        let root = self.root_with(index, best, workspace)?;
        let start = Final { unit: root.scored.then_some(root.unit), lower: 0.0, upper: 0.0 };
        let leaf = |measure| if measure == index { best } else { workspace.leaf(measure) };
        self.apply_rules(start, leaf, |_, _, _| {}).unit.map(|unit| (unit - base) * 100.0)
    }

    /// The root if one leaf were another. Bounds play no part here, and an answer more never makes a group refuse.
    fn root_with(&self, index: usize, leaf: Leaf, workspace: &Workspace) -> Option<GroupState> {
        let mut at = self.measures.get(index)?.parent;
        let mut group = self.groups.get(at)?;
        let slots = &group.children;
        let mut state = if let Some((leaves, place)) = side_by_side(group, workspace, index) {
            only_unit(&outcome_of(group, true, AmongLeaves { slots, leaves, place, instead: leaf }))
        } else {
            let (place, instead) = (Place::Leaf(index), Instead::Leaf(leaf));
            only_unit(&outcome_of(group, false, Among { slots, workspace, place, instead }))
        };
        while let Some(parent) = group.parent {
            let (place, instead) = (Place::Group(at), Instead::Group(&state));
            (at, group) = (parent, self.groups.get(parent)?);
            let children = Among { slots: &group.children, workspace, place, instead };
            state = only_unit(&outcome_of(group, false, children));
        }
        Some(state)
    }

    /// Replaces one leaf, computes the groups above it, and gives the root's unit after rules.
    pub(crate) fn set_leaf(
        &self,
        index: usize,
        leaf: Leaf,
        workspace: &mut Workspace,
    ) -> Result<Option<f64>, Error> {
        put(workspace, index, leaf);
        let mut next = self.measures.get(index).map(|measure| measure.parent);
        while let Some(group) = next {
            self.evaluate_group(group, workspace)?;
            next = self.groups.get(group).and_then(|group| group.parent);
        }
        Ok(self.finish_unit(workspace).unit)
    }
}

/// The leaves of a group that has nothing else, and the place of one among them.
fn side_by_side<'a>(
    group: &CompiledGroup,
    workspace: &'a Workspace,
    leaf: usize,
) -> Option<(&'a [Leaf], usize)> {
    let range = group.leaves.clone()?;
    let place = leaf.checked_sub(range.start)?;
    Some((workspace.leaves.get(range)?, place))
}

/// What the groups above ask of this one. The compiler leaves out whatever else would have been computed.
#[inline(always)]
fn only_unit(state: &GroupState) -> GroupState {
    let GroupState { applicable, scored, unit, coverage, .. } = *state;
    GroupState { applicable, scored, unit, coverage, ..GroupState::EMPTY }
}

/// Leaves side by side, with another in one place.
#[derive(Clone, Copy)]
struct AmongLeaves<'a> {
    slots: &'a [Slot],
    leaves: &'a [Leaf],
    place: usize,
    instead: Leaf,
}

/// The children of any group, with another in one place.
#[derive(Clone, Copy)]
struct Among<'a> {
    slots: &'a [Slot],
    workspace: &'a Workspace,
    place: Place,
    instead: Instead<'a>,
}

#[derive(Clone, Copy)]
enum Instead<'a> {
    Leaf(Leaf),
    Group(&'a GroupState),
}

impl Children<f64> for AmongLeaves<'_> {
    #[inline]
    fn count(&self) -> usize {
        self.slots.len().min(self.leaves.len())
    }
    #[inline(always)]
    fn child(&self, place: usize) -> Child<f64> {
        match (self.slots.get(place), self.leaves.get(place)) {
            (Some(slot), Some(_)) if place == self.place => leaf_child(slot, &self.instead),
            (Some(slot), Some(leaf)) => leaf_child(slot, leaf),
            _ => Child::nothing(),
        }
    }
}

impl Children<f64> for Among<'_> {
    #[inline]
    fn count(&self) -> usize {
        self.slots.len()
    }
    #[inline(always)]
    fn child(&self, place: usize) -> Child<f64> {
        let Some(slot) = self.slots.get(place) else { return Child::nothing() };
        match &self.instead {
            _ if slot.place != self.place => child(slot, self.workspace),
            Instead::Leaf(leaf) => leaf_child(slot, leaf),
            Instead::Group(state) => Child::of_group(slot.weight, slot.uplift, state),
        }
    }
}

fn put(workspace: &mut Workspace, index: usize, leaf: Leaf) {
    if let Some(place) = workspace.leaves.get_mut(index) {
        *place = leaf;
    }
}
