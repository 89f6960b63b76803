//! Changing single leaves of a computed tree: only the groups above a leaf are computed again.

use super::evaluate::{GroupState, Leaf, Workspace};
use super::scorer::Plan;
use crate::Error;

impl Plan {
    /// The points to win with one measure: the score with it at its best, less the score.
    pub(super) fn headroom(
        &self,
        leaf: usize,
        base: f64,
        workspace: &mut Workspace,
    ) -> Result<Option<f64>, Error> {
        let now = workspace.leaf(leaf);
        if !now.is_applicable() {
            return Ok(None);
        }
        let best = Leaf { unit: 1.0, factor: 1.0, ..now };
        let unit = self.with_leaf(leaf, best, workspace)?;
        Ok(unit.map(|unit| (unit - base) * 100.0))
    }

    /// The root's unit with one leaf replaced. The workspace is as before afterwards.
    fn with_leaf(&self, index: usize, leaf: Leaf, workspace: &mut Workspace) -> Result<Option<f64>, Error> {
        let Some(place) = workspace.leaves.get_mut(index) else { return Ok(None) };
        let before = std::mem::replace(place, leaf);
        // A tree of this depth fits; deeper ones do not compile.
        let mut saved: [Option<(usize, GroupState)>; super::MAX_DEPTH as usize] =
            [None; super::MAX_DEPTH as usize];
        let mut next = self.measures.get(index).map(|measure| measure.parent);
        for slot in &mut saved {
            let Some(group) = next else { break };
            *slot = Some((group, workspace.state(group)));
            self.evaluate_group(group, workspace)?;
            next = self.groups.get(group).and_then(|group| group.parent);
        }
        let unit = self.finish_unit(workspace).unit;
        for (group, state) in saved.into_iter().flatten() {
            if let Some(place) = workspace.groups.get_mut(group) {
                *place = state;
            }
        }
        if let Some(place) = workspace.leaves.get_mut(index) {
            *place = before;
        }
        Ok(unit)
    }
}
