//! The children of a group for a tile of accounts.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, Bits, NONE, ROWS};
use super::room::{Answers, Input, Leaves, Reading, States};
use super::stage::{IDENTITY, Watch, raw_line, units};
use crate::lane::Lane;
use crate::scale::affine::Affine;
use crate::scorecard::kernel::{Child, Children, Outcome};
use crate::scorecard::{Place, Plan, Slot};

/// Raw numbers of one measure, as a group sums them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raw<'a> {
    pub(super) weight: f64,
    pub(super) values: &'a [f64; ROWS],
    pub(super) present: &'a Bits,
    pub(super) line: Affine,
    pub(super) reverse: bool,
}

impl<'a> Raw<'a> {
    pub(super) const NONE: Self =
        Raw { weight: 0.0, values: &[0.0; ROWS], present: &NONE, line: IDENTITY, reverse: false };

    /// The numbers of a child that is a measure: in place, or from where they were copied to.
    pub(super) fn of(
        plan: &Plan,
        slot: &Slot,
        input: &'a Input<'_>,
        leaves: &'a [Option<Box<Leaves>>],
    ) -> Self {
        let Place::Leaf(index) = slot.place else { return Self::NONE };
        let Some(measure) = plan.measures.get(index) else { return Self::NONE };
        let in_place = match input.answers.get(index) {
            Some(Answers::Numbers { values, valid }) => values.first_chunk().map(|values| (values, valid)),
            _ => None,
        };
        let copied = || {
            let leaves = leaves.get(index)?.as_ref()?;
            leaves.units.first_chunk().map(|values| (values, &leaves.present))
        };
        let Some((values, present)) = in_place.or_else(copied) else {
            return Self { weight: slot.weight, ..Self::NONE };
        };
        let line = raw_line(measure).unwrap_or(IDENTITY);
        Self { weight: slot.weight, values, present, line, reverse: measure.reverse }
    }
}

/// The children of a group in a tile that starts at `row`.
#[derive(Clone, Copy)]
pub(super) struct Tile<'a> {
    pub(super) plan: &'a Plan,
    pub(super) input: &'a Input<'a>,
    pub(super) slots: &'a [Slot],
    pub(super) leaves: &'a [Option<Box<Leaves>>],
    /// States of the groups from `first` on.
    pub(super) states: &'a [States],
    pub(super) first: usize,
    pub(super) reading: Reading,
    pub(super) row: usize,
}

impl<N: Lane> Children<N> for Tile<'_> {
    #[inline(always)]
    fn count(&self) -> usize {
        self.slots.len()
    }

    #[inline(always)]
    fn child(&self, place: usize) -> Child<N> {
        let Some(slot) = self.slots.get(place) else { return Child::nothing() };
        match slot.place {
            Place::Leaf(_) if self.reading == Reading::Raw => {
                let raw = Raw::of(self.plan, slot, self.input, self.leaves);
                let present = N::mask(bits::from(raw.present, self.row));
                let x = N::load(raw.values, self.row);
                let unit = units::<N, false>(&raw.line, raw.reverse, x, present, &mut Watch::new());
                Child::of_answer(slot.weight, slot.uplift, unit, present, N::not(N::mask(0)))
            }
            Place::Leaf(index) => match self.leaves.get(index) {
                Some(Some(leaves)) => leaf(slot, leaves, self.row),
                _ => Child::nothing(),
            },
            Place::Group(index) => match self.states.get(index.wrapping_sub(self.first)) {
                Some(states) => Child::of_group(slot.weight, slot.uplift, &states.outcome(self.row)),
                None => Child::nothing(),
            },
        }
    }
}

impl Tile<'_> {
    /// Who lacks a child that applies to them.
    pub(super) fn missing(&self, slot: &Slot) -> Bits {
        let lacking =
            |applicable: &Bits, has: &Bits| bits::zip(applicable, has, |applies, has| applies & !has);
        match slot.place {
            Place::Leaf(index) => match self.leaves.get(index) {
                Some(Some(leaves)) => lacking(&leaves.applicable, &leaves.present),
                _ => NONE,
            },
            Place::Group(index) => match self.states.get(index.wrapping_sub(self.first)) {
                Some(states) => lacking(&states.applicable, &states.scored),
                None => NONE,
            },
        }
    }
}

#[inline(always)]
fn leaf<N: Lane>(slot: &Slot, leaves: &Leaves, row: usize) -> Child<N> {
    let mask = |bits: &Bits| N::mask(bits::from(bits, row));
    Child::of_leaf(
        slot.weight,
        slot.uplift,
        N::load(&leaves.units, row),
        N::load(&leaves.factors, row),
        mask(&leaves.applicable),
        (mask(&leaves.backed), mask(&leaves.fresh)),
    )
}

impl States {
    /// The results of a tile. What was not computed is not read: the compiler drops it.
    #[inline(always)]
    pub(super) fn outcome<N: Lane>(&self, row: usize) -> Outcome<N> {
        Outcome {
            applicable: N::mask(bits::from(&self.applicable, row)),
            scored: N::mask(bits::from(&self.scored, row)),
            unit: N::load(&self.unit, row),
            lower: N::load(&self.lower, row),
            upper: N::load(&self.upper, row),
            coverage: N::load(&self.coverage, row),
            validated: N::load(&self.validated, row),
            fresh: N::load(&self.fresh, row),
            divisor: N::load(&self.divisor, row),
            base: N::load(&self.base, row),
        }
    }

    /// Keeps the results of a tile: `DEPTH` as in [`Depth`](super::room::Depth).
    #[inline(always)]
    pub(super) fn put<N: Lane, const DEPTH: u8>(&mut self, row: usize, outcome: &Outcome<N>) {
        bits::put(&mut self.applicable, row, N::bits(outcome.applicable));
        bits::put(&mut self.scored, row, N::bits(outcome.scored));
        outcome.unit.store(&mut self.unit, row);
        outcome.coverage.store(&mut self.coverage, row);
        if DEPTH >= 1 {
            outcome.lower.store(&mut self.lower, row);
            outcome.upper.store(&mut self.upper, row);
            outcome.divisor.store(&mut self.divisor, row);
            outcome.base.store(&mut self.base, row);
        }
        if DEPTH >= 2 {
            outcome.validated.store(&mut self.validated, row);
            outcome.fresh.store(&mut self.fresh, row);
        }
    }
}
