//! Trees of weighted means over raw numbers: from the answers to the results in one walk.
//!
//! A span of accounts goes through all columns, then the next: memory gives most when every column is read and written in
//! short turns, side by side, and what is known of groups never leaves the innermost cache.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, EVERY, NONE, ROWS};
use super::child::Known;
use super::finish::{Form, bands_of_eight};
use super::raw::{LINE, PLAIN, REVERSED, Raw};
use super::room::{Block, Depth, Input, Reading};
use super::walk::{Four, Keep, shape};
use super::{Bits, Column, Target, Values};
use crate::lane::Lane;
use crate::scorecard::kernel::{self, Child, Demands, Outcome, Sums};
use crate::scorecard::{CompiledGroup, Kind, Place, Plan, Polarity, Scorer};

/// The most columns that are read side by side: with more of them memory loses track.
const COLUMNS: usize = 24;

/// The most groups.
const GROUPS: usize = 24;

/// Accounts of a span: a word of bits, and eight lines of memory in each column.
pub(super) const SPAN: usize = 64;

/// What is known of a group for the accounts of a span.
#[derive(Clone, Debug)]
pub(super) struct Tile {
    unit: [f64; SPAN],
    coverage: [f64; SPAN],
    lower: [f64; SPAN],
    upper: [f64; SPAN],
    scored: u64,
}

impl Block {
    /// Whether this block is computed in one walk: then [`Block::score_tree`] scores it.
    pub fn is_tree(&self, scorer: &Scorer, input: &Input<'_>) -> bool {
        let plan: &Plan = &scorer.0;
        let fits = input.rows == ROWS && plan.measures.len() <= COLUMNS && plan.groups.len() <= GROUPS;
        fits && self.last.is_none()
            && !self.headroom
            && self.depth <= Depth::Bounds
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
        for place in 0..plan.groups.len() {
            if let Some(reading) = self.readings.get_mut(place) {
                *reading = if self.lines.sums_raw(place, input) { Reading::Raw } else { Reading::Units };
            }
        }
        if self.depth == Depth::Score {
            self.spans::<N, 0>(plan, input, targets, at);
        } else {
            self.spans::<N, 1>(plan, input, targets, at);
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
        let Self { states, readings, leaves, lines, tiles, refused, stream, .. } = self;
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
        let mut shapes = [Shape { line: LINE, ones: false }; GROUPS];
        for (shape, group) in shapes.iter_mut().zip(&plan.groups) {
            if let Some(raws) = group.leaves.clone().and_then(|leaves| room.get(leaves)) {
                *shape = Shape { line: self::shape(raws), ones: raws.iter().all(|raw| raw.weight == 1.0) };
            }
        }
        for span in 0..ROWS / SPAN {
            let row = span * SPAN;
            for (index, group) in plan.groups.iter().enumerate().rev() {
                let (above, below) = tiles.split_at_mut(index + 1);
                let (Some(tile), Some(states)) = (above.last_mut(), states.get_mut(index)) else { continue };
                let shape = shapes.get(index).copied().unwrap_or(Shape { line: LINE, ones: false });
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
            for target in &mut *targets {
                write::<N>(plan, tiles, target, at + row, *stream);
            }
        }
    }
}

/// Writes what is asked for of the accounts of a span, if it is a number or a band.
#[inline(always)]
fn write<N: Lane>(plan: &Plan, tiles: &[Tile], target: &mut Target<'_>, at: usize, stream: bool) {
    let (index, form) = match target.column {
        Column::Group(index) => (index, Form::Points),
        Column::GroupCost(index) => (index, Form::Cost),
        Column::Coverage => (0, Form::Plain),
        _ => (0, Form::Points),
    };
    let Some(tile) = tiles.get(index) else { return };
    let from = match target.column {
        Column::Coverage => &tile.coverage,
        Column::Lower | Column::LowerBand => &tile.lower,
        Column::Upper => &tile.upper,
        _ => &tile.unit,
    };
    match &mut target.values {
        Values::Numbers(values) => {
            // As for one account: a group of value has no cost.
            let cost = plan.groups.get(index).is_some_and(|group| group.polarity == Polarity::Cost);
            let scored = if form == Form::Cost && !cost { 0 } else { tile.scored };
            let Some(to) = values.get_mut(at..at + SPAN) else { return };
            for place in (0..SPAN).step_by(N::WIDTH) {
                let number = form.of(N::load(from, place), N::mask(scored >> place));
                if stream {
                    number.stream(to, place);
                } else {
                    number.store(to, place);
                }
            }
        }
        Values::Codes(values) => {
            let valid = match target.column {
                Column::Band => tile.scored,
                Column::LowerBand => u64::MAX,
                _ => return,
            };
            let Some(to) = values.get_mut(at..at + SPAN) else { return };
            for (eight, to) in (0..SPAN / 8).zip(to.chunks_exact_mut(8)) {
                let codes = bands_of_eight::<N>(plan, from, eight * 8, valid >> (eight * 8));
                to.copy_from_slice(&codes.to_le_bytes());
            }
        }
    }
}

impl Tile {
    const fn new() -> Self {
        let zeros = [0.0; SPAN];
        Self { unit: zeros, coverage: zeros, lower: zeros, upper: zeros, scored: 0 }
    }

    /// The group as a child, for the register that starts at a place.
    #[inline(always)]
    fn child<N: Lane>(&self, weight: f64, place: usize) -> Child<N> {
        let zero = N::splat(0.0);
        let outcome = Outcome {
            applicable: N::not(N::mask(0)),
            scored: N::mask(self.scored >> place),
            unit: N::load(&self.unit, place),
            lower: N::load(&self.lower, place),
            upper: N::load(&self.upper, place),
            coverage: N::load(&self.coverage, place),
            validated: zero,
            fresh: zero,
            divisor: zero,
            base: zero,
        };
        Child::of_group(weight, false, &outcome)
    }
}

/// The part of a span from a place on.
struct Part<'a> {
    tile: &'a mut Tile,
    from: usize,
}

impl<N: Lane> Keep<N> for Part<'_> {
    #[inline(always)]
    fn keep<const DEPTH: u8>(&mut self, place: usize, outcome: &Outcome<N>) {
        let place = self.from + place;
        outcome.unit.store(&mut self.tile.unit, place);
        outcome.coverage.store(&mut self.tile.coverage, place);
        if DEPTH >= 1 {
            outcome.lower.store(&mut self.tile.lower, place);
            outcome.upper.store(&mut self.tile.upper, place);
        }
    }
}

/// A group on the walk.
#[derive(Clone, Copy)]
struct Step<'a> {
    group: &'a CompiledGroup,
    /// The weight of all its children, all of which always apply.
    all: f64,
    shape: Shape,
}

/// How the numbers of a group become units.
#[derive(Clone, Copy)]
struct Shape {
    line: u8,
    /// Whether every weight is 1.
    ones: bool,
}

impl Step<'_> {
    /// A mean of raw numbers. Marks the accounts of which some number may be no answer.
    #[inline(always)]
    fn sum<N: Lane, const DEPTH: u8>(
        self,
        raws: &[Raw<'_>],
        row: usize,
        tile: &mut Tile,
        refused: &mut Bits,
    ) {
        match (self.shape.line, self.shape.ones) {
            (PLAIN, true) => self.of_shape::<N, DEPTH, PLAIN, true>(raws, row, tile, refused),
            (PLAIN, false) => self.of_shape::<N, DEPTH, PLAIN, false>(raws, row, tile, refused),
            (REVERSED, true) => self.of_shape::<N, DEPTH, REVERSED, true>(raws, row, tile, refused),
            (REVERSED, false) => self.of_shape::<N, DEPTH, REVERSED, false>(raws, row, tile, refused),
            _ => self.of_shape::<N, DEPTH, LINE, false>(raws, row, tile, refused),
        }
    }

    #[inline(always)]
    fn of_shape<N: Lane, const DEPTH: u8, const SHAPE: u8, const ONES: bool>(
        self,
        raws: &[Raw<'_>],
        row: usize,
        tile: &mut Tile,
        refused: &mut Bits,
    ) {
        let width = 4 * N::WIDTH;
        tile.scored = 0;
        for from in (0..SPAN).step_by(width) {
            let mut four = Four::<N>::new();
            for raw in raws {
                raw.fetch_ahead::<N>(row + from);
                four.add::<SHAPE, ONES>(raw, row + from);
            }
            if four.alarm::<SHAPE>() {
                let every = u64::MAX >> (64 - width);
                bits::put(refused, row + from, every & !bits::from(refused, row + from));
            }
            let scored = four.conclude::<DEPTH, ONES>(self.all, self.group, &mut Part { tile, from });
            tile.scored |= scored << from;
        }
    }

    /// A mean of groups, which stand below it: two registers at a time.
    #[inline(always)]
    fn fork<N: Lane, const DEPTH: u8>(self, index: usize, below: &[Tile], tile: &mut Tile) {
        let child = |place: Place| match place {
            Place::Group(child) => below.get(child.wrapping_sub(index + 1)),
            Place::Leaf(_) => None,
        };
        let mut permits = u64::MAX;
        if self.group.requires {
            for slot in self.group.children.iter().filter(|slot| slot.required) {
                permits &= child(slot.place).map_or(u64::MAX, |child| child.scored);
            }
        }
        tile.scored = 0;
        for place in (0..SPAN).step_by(2 * N::WIDTH) {
            let [mut near, mut far] = [Sums::<N>::zero(); 2];
            for slot in &self.group.children {
                let Some(child) = child(slot.place) else { continue };
                near.add(&child.child(slot.weight, place));
                far.add(&child.child(slot.weight, place + N::WIDTH));
            }
            let whole = self.group.whole.filter(|_| DEPTH == 0 || !(near.is_tiny() || far.is_tiny()));
            for (mut sums, place) in [(near, place), (far, place + N::WIDTH)] {
                sums.all = N::splat(self.all);
                let permits = N::mask(permits >> place);
                let least_coverage = self.group.least_coverage;
                let outcome = kernel::mean(&sums, Demands { fill: None, least_coverage, permits, whole });
                tile.scored |= N::bits(outcome.scored) << place;
                Part { tile, from: 0 }.keep::<DEPTH>(place, &outcome);
            }
        }
    }
}
