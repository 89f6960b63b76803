//! Changing single leaves of a computed tree: only the groups above a leaf are computed again.

use super::evaluate::{Leaf, Workspace};
use super::scorer::Plan;
use crate::Error;

impl Plan {
    /// The points to win with one measure: the score with it at its best, less the score.
    pub(crate) fn headroom(&self, index: usize, base: f64, workspace: &mut Workspace) -> Option<f64> {
        let now = workspace.leaf(index);
        if !now.is_applicable() {
            return None;
        }
        let best = Leaf { unit: 1.0, factor: 1.0, ..now };
        if now.unit >= best.unit && now.factor >= best.factor {
            // The tree would be what it is.
            return Some(0.0);
        }
        let mut saved = std::mem::take(&mut workspace.saved);
        put(workspace, index, best);
        let mut next = self.measures.get(index).map(|measure| measure.parent);
        while let Some(group) = next {
            saved.push((group, workspace.state(group)));
            // Bounds play no part here, and an answer more never makes a group refuse.
            self.evaluate_unit(group, workspace);
            next = self.groups.get(group).and_then(|group| group.parent);
        }
        let unit = self.finish_unit(workspace).unit;
        for (group, state) in saved.drain(..) {
            if let Some(place) = workspace.groups.get_mut(group) {
                *place = state;
            }
        }
        put(workspace, index, now);
        workspace.saved = saved;
        unit.map(|unit| (unit - base) * 100.0)
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

fn put(workspace: &mut Workspace, index: usize, leaf: Leaf) {
    if let Some(place) = workspace.leaves.get_mut(index) {
        *place = leaf;
    }
}
