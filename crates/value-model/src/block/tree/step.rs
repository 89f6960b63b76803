//! The groups of a span: what each of them is worth to the accounts side by side.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::super::bits::{self, Bits};
use super::super::raw::{LINE, PLAIN, REVERSED, Raw};
use super::super::walk::{Four, Keep, shape};
use super::SPAN;
use crate::lane::Lane;
use crate::scorecard::kernel::{self, Child, Demands, Outcome, Sums};
use crate::scorecard::{CompiledGroup, Place};

/// What is known of a group for the accounts of a span.
#[derive(Clone, Debug)]
pub(in crate::block) struct Tile {
    pub(super) unit: [f64; SPAN],
    pub(super) coverage: [f64; SPAN],
    pub(super) lower: [f64; SPAN],
    pub(super) upper: [f64; SPAN],
    /// The weight that is present.
    divisor: [f64; SPAN],
    /// The points of the group, on their way down to the measures.
    pub(super) held: [f64; SPAN],
    pub(super) scored: u64,
}

impl Tile {
    pub(super) const fn new() -> Self {
        let zeros = [0.0; SPAN];
        let (unit, coverage, lower, upper, divisor, held) = (zeros, zeros, zeros, zeros, zeros, zeros);
        Self { unit, coverage, lower, upper, divisor, held, scored: 0 }
    }

    /// The group as a child, for the register that starts at a place.
    #[inline(always)]
    pub(super) fn child<N: Lane>(&self, weight: f64, place: usize) -> Child<N> {
        Child::of_group(weight, false, &self.outcome(place))
    }

    /// The results of that register. What was not computed is not read: the compiler drops it.
    #[inline(always)]
    pub(super) fn outcome<N: Lane>(&self, place: usize) -> Outcome<N> {
        let zero = N::splat(0.0);
        Outcome {
            applicable: N::not(N::mask(0)),
            scored: N::mask(self.scored >> place),
            unit: N::load(&self.unit, place),
            lower: N::load(&self.lower, place),
            upper: N::load(&self.upper, place),
            coverage: N::load(&self.coverage, place),
            validated: zero,
            fresh: zero,
            divisor: N::load(&self.divisor, place),
            base: zero,
        }
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
        if DEPTH >= 2 {
            outcome.divisor.store(&mut self.tile.divisor, place);
        }
    }
}

/// A group on the walk.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) group: &'a CompiledGroup,
    /// The weight of all its children, all of which always apply.
    pub(super) all: f64,
    pub(super) shape: Shape,
}

/// How the numbers of a group become units.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    line: u8,
    /// Whether every weight is 1.
    ones: bool,
}

impl Shape {
    pub(super) const ANY: Self = Self { line: LINE, ones: false };

    #[expect(clippy::float_cmp, reason = "a weight is 1 or it is not")]
    pub(super) fn of(raws: &[Raw<'_>]) -> Self {
        Self { line: shape(raws), ones: raws.iter().all(|raw| raw.weight == 1.0) }
    }
}

impl Step<'_> {
    /// A mean of raw numbers. Marks the accounts of which some number may be no answer.
    #[inline(always)]
    pub(super) fn sum<N: Lane, const DEPTH: u8>(
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
            let (weights, to) = ((self.all, self.group.least_coverage), &mut Part { tile, from });
            // Asked once: the loops inside have no question in them.
            let scored = match &self.group.whole {
                Some(whole) if DEPTH == 0 || !four.is_tiny() => {
                    four.conclude::<DEPTH, ONES>(weights, Some(*whole), to)
                }
                _ => four.conclude::<DEPTH, ONES>(weights, None, to),
            };
            tile.scored |= scored << from;
        }
    }

    /// A mean of groups, which stand below it: two registers at a time.
    #[inline(always)]
    pub(super) fn fork<N: Lane, const DEPTH: u8>(self, index: usize, below: &[Tile], tile: &mut Tile) {
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
