//! Trees of weighted means over raw numbers: from the answers to the results in one walk.
//!
//! A span of accounts goes through all columns, then the next: memory gives most when every column is read and written in
//! short turns, side by side, and what is known of groups never leaves the innermost cache.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

mod points;
mod step;
mod write;

use self::points::hand;
pub(super) use self::step::Tile;
use self::step::{Shape, Step};
use self::write::write;
use super::bits::{EVERY, NONE, ROWS};
use super::child::Known;
use super::raw::Raw;
use super::room::{Block, Depth, Input, Reading};
use super::{Bits, Target};
use crate::lane::Lane;
use crate::scorecard::{Kind, Place, Plan, Scorer};

/// The most columns that are read side by side: with more of them memory loses track.
const COLUMNS: usize = 24;

/// The most groups.
const GROUPS: usize = 24;

/// Accounts of a span: a word of bits, and eight lines of memory in each column.
const SPAN: usize = 64;

impl Block {
    /// Whether this block is best computed in one walk: then [`Block::score_tree`] scores it.
    ///
    /// That is so for full blocks of trees of weighted means over numbers. Lanes of two or four accounts gain from it only
    /// where contributions are asked for: else they have too few registers, and compute longer than memory takes.
    pub fn is_tree<N: Lane>(&self, scorer: &Scorer, input: &Input<'_>) -> bool {
        let plan: &Plan = &scorer.0;
        if (2..8).contains(&N::WIDTH) && !self.contributions {
            return false;
        }
        let fits = input.rows == ROWS && plan.measures.len() <= COLUMNS && plan.groups.len() <= GROUPS;
        fits && self.last.is_none()
            && !self.headroom
            && self.depth <= Depth::Parts
            && plan.groups.iter().enumerate().all(|(index, group)| {
                let of_groups = || group.children.iter().all(|slot| matches!(slot.place, Place::Group(_)));
                let plain = group.kind == Kind::Mean && group.fill.is_none() && !group.fails();
                plain && (self.lines.sums_raw(index, input) || of_groups())
            })
    }

    /// As [`Block::score`], for blocks of which [`Block::is_tree`] says so.
    #[inline(always)]
    pub fn score_tree<N: Lane>(
        &mut self,
        scorer: &Scorer,
        input: &Input<'_>,
        targets: &mut [Target<'_>],
        at: usize,
    ) -> Bits {
        let plan: &Plan = &scorer.0;
        self.refused = NONE;
        self.choose_readings(input);
        match self.depth {
            Depth::Score => self.spans::<N, 0>(plan, input, targets, at),
            // One body for both: a store more costs less than each of them in compiled code.
            Depth::Bounds | Depth::Parts | Depth::Shares => self.spans::<N, 2>(plan, input, targets, at),
        }
        self.finish_written::<N>(plan, input, targets, at);
        self.refused
    }

    #[inline(always)]
    fn spans<N: Lane, const DEPTH: u8>(
        &mut self,
        plan: &Plan,
        input: &Input<'_>,
        targets: &mut [Target<'_>],
        at: usize,
    ) {
        let Self { states, readings, leaves, lines, tiles, refused, stream, contributions, .. } = self;
        let known = Known { plan, input, lines, leaves, states: &[], first: 0 };
        let mut room = [Raw::NONE; COLUMNS];
        for slot in plan.groups.iter().flat_map(|group| &group.children) {
            let Place::Leaf(index) = slot.place else { continue };
            if let Some(raw) = room.get_mut(index) {
                *raw = known.raw(slot);
            }
        }
        tiles.resize_with(plan.groups.len(), Tile::new);
        for states in &mut *states {
            (states.scored, states.applicable) = (NONE, EVERY);
        }
        let mut shapes = [Shape::ANY; GROUPS];
        for (shape, group) in shapes.iter_mut().zip(&plan.groups) {
            if let Some(raws) = group.leaves.clone().and_then(|leaves| room.get(leaves)) {
                *shape = Shape::of(raws);
            }
        }
        for span in 0..ROWS / SPAN {
            let row = span * SPAN;
            for (index, group) in plan.groups.iter().enumerate().rev() {
                let (above, below) = tiles.split_at_mut(index + 1);
                let (Some(tile), Some(states)) = (above.last_mut(), states.get_mut(index)) else { continue };
                let shape = shapes.get(index).copied().unwrap_or(Shape::ANY);
                let step = Step { group, all: lines.weight(index), shape };
                let raws = group.leaves.clone().and_then(|leaves| room.get(leaves));
                match raws.filter(|_| readings.get(index) == Some(&Reading::Raw)) {
                    Some(raws) => step.sum::<N, DEPTH>(raws, row, tile, refused),
                    None => step.fork::<N, DEPTH>(index, below, tile),
                }
                if let Some(word) = states.scored.get_mut(span) {
                    *word = tile.scored;
                }
            }
            if DEPTH >= 2 && *contributions {
                hand::<N>(plan, (tiles, &room), row, targets, (at + row, *stream));
            }
            for target in &mut *targets {
                write::<N>(plan, tiles, target, at + row, *stream);
            }
        }
    }
}
