//! What each measure contributes, handed down the tree as for one account.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::ROWS;
use super::child::Tile;
use super::room::{Block, Input, Reading};
use crate::lane::Lane;
use crate::scorecard::kernel::{self, Children};
use crate::scorecard::{Kind, Place, Plan};

impl Block {
    /// Points of the score before rules by measure: see `Plan::shares` for one account.
    #[inline(always)]
    pub(super) fn shares<N: Lane>(&mut self, plan: &Plan, input: &Input<'_>) {
        self.points.resize_with(plan.measures.len(), || vec![0.0; ROWS].into_boxed_slice());
        for (index, group) in plan.groups.iter().enumerate() {
            let (states, later) = self.states.split_at_mut(index + 1);
            let Some(states) = states.last_mut() else { continue };
            let reading = self.readings.get(index).copied().unwrap_or(Reading::Units);
            let mut row = 0;
            while row < input.rows {
                let outcome = states.outcome::<N>(row);
                let given =
                    if index == 0 { outcome.unit * N::splat(100.0) } else { N::load(&states.points, row) };
                let zero = N::splat(0.0);
                let shares = N::both(given.above(zero), outcome.unit.above(zero));
                for (place, slot) in group.children.iter().enumerate() {
                    let tile = Tile {
                        plan,
                        input,
                        slots: &group.children,
                        leaves: &self.leaves,
                        states: later,
                        first: index + 1,
                        reading,
                        row,
                    };
                    let ties = if matches!(group.kind, Kind::Min | Kind::Max) {
                        kernel::ties(group.fill, &outcome, tile)
                    } else {
                        N::splat(1.0)
                    };
                    let child = tile.child(place);
                    let part = kernel::contribution(group.kind, group.fill, &outcome, &child, ties);
                    // As for one account, the root's own points take no division.
                    let points = if index == 0 {
                        part * N::splat(100.0) + zero
                    } else {
                        given * (part / outcome.unit)
                    };
                    let points = points.keep(shares);
                    match slot.place {
                        Place::Leaf(leaf) => {
                            if let Some(list) = self.points.get_mut(leaf) {
                                points.store(list, row);
                            }
                        }
                        Place::Group(inner) => {
                            if let Some(states) = later.get_mut(inner - index - 1) {
                                points.store(&mut states.points, row);
                            }
                        }
                    }
                }
                row += N::WIDTH;
            }
        }
    }
}
