//! Raw numbers of one measure, as a group sums them.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, Bits, NONE, ROWS};
use super::room::{Answers, Input, Leaves};
use super::stage::{IDENTITY, Lines, Watch, units};
use crate::lane::Lane;
use crate::scale::affine::Affine;
use crate::scorecard::kernel::{Child, Sums};
use crate::scorecard::{Place, Plan, Slot};

/// How many rows ahead a walk through all columns asks for numbers: nearer comes too late, farther drives others out.
const AHEAD: usize = 256;

/// Numbers on any straight line.
pub(super) const LINE: u8 = 0;
/// Numbers that are their own units.
pub(super) const PLAIN: u8 = 1;
/// Numbers whose units are what they leave of 1.
pub(super) const REVERSED: u8 = 2;

/// Raw numbers of one measure, as a group sums them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raw<'a> {
    pub(super) weight: f64,
    values: &'a [f64; ROWS],
    /// Who answered.
    present: &'a Bits,
    pub(super) line: Affine,
    pub(super) reverse: bool,
}

impl<'a> Raw<'a> {
    pub(super) const NONE: Self =
        Self { weight: 0.0, values: &[0.0; ROWS], present: &NONE, line: IDENTITY, reverse: false };

    /// The numbers of a child that is a measure: in place, or from where they were copied to.
    #[inline(always)]
    pub(super) fn of(
        plan: &Plan,
        slot: &Slot,
        input: &'a Input<'_>,
        lines: &Lines,
        leaves: &'a [Option<Box<Leaves>>],
    ) -> Self {
        let Place::Leaf(index) = slot.place else { return Self::NONE };
        let Some(measure) = plan.measures.get(index) else { return Self::NONE };
        let in_place = match input.answers.get(index) {
            Some(Answers::Numbers { values, valid }) => values.first_chunk().map(|values| (values, *valid)),
            _ => None,
        };
        let copied = || {
            let leaves = leaves.get(index)?.as_ref()?;
            leaves.units.first_chunk().map(|values| (values, &leaves.present))
        };
        let Some((values, present)) = in_place.or_else(copied) else {
            return Self { weight: slot.weight, ..Self::NONE };
        };
        let line = lines.of_measure(index).copied().unwrap_or(IDENTITY);
        Self { weight: slot.weight, values, present, line, reverse: measure.reverse }
    }

    /// Who answered from `row` on, up to the end of its word: the first one lowest.
    #[inline(always)]
    pub(super) fn bits(&self, row: usize) -> u64 {
        bits::from(self.present, row)
    }

    /// Asks for the numbers [`AHEAD`] rows after those of four registers from `row` on.
    #[inline(always)]
    pub(super) fn fetch_ahead<N: Lane>(&self, row: usize) {
        for line in 0..N::WIDTH / 2 {
            N::fetch(self.values, AHEAD + row + line * 8);
        }
    }

    /// Asks for the numbers half a block after those of four registers from `row` on, so that they come in while something
    /// is computed that needs no memory. Measured on several distances: nearer is too late, farther drives others out.
    #[inline(always)]
    pub(super) fn fetch<N: Lane>(&self, row: usize) {
        for line in 0..N::WIDTH / 2 {
            N::fetch(self.values, ROWS / 2 + row + line * 8);
        }
    }

    /// The answers of a register's accounts, and what to watch: those that start `from` bits after `row`, of which `bits`
    /// says who answered.
    #[inline(always)]
    pub(super) fn child<N: Lane, const SHAPE: u8>(
        &self,
        row: usize,
        (bits, from): (u64, usize),
        uplift: bool,
    ) -> (Child<N>, Watch<N>) {
        let present = N::mask_at(bits, from);
        let x = N::load(self.values, row + from);
        let (unit, watch) = match SHAPE {
            PLAIN => units::<N, true>(&IDENTITY, false, x, present),
            REVERSED => units::<N, true>(&IDENTITY, true, x, present),
            _ => units::<N, false>(&self.line, self.reverse, x, present),
        };
        (Child::of_answer(self.weight, uplift, unit, present, N::not(N::mask(0))), watch)
    }

    /// Adds the answers of a register's accounts to their sums (`ONES`: the weight is 1), and gives what there is to watch.
    #[inline(always)]
    pub(super) fn add<N: Lane, const SHAPE: u8, const ONES: bool>(
        &self,
        row: usize,
        present: N::Mask,
        sums: &mut Sums<N>,
    ) -> (N, Watch<N>) {
        let x = N::load(self.values, row);
        let (unit, watch) = match SHAPE {
            PLAIN => (x, Watch::new()),
            REVERSED => (N::splat(1.0) - x, Watch::new()),
            _ => units::<N, false>(&self.line, self.reverse, x, present),
        };
        if ONES {
            sums.add_answer_of_one(unit, present);
        } else {
            sums.add_answer(self.weight, unit, present);
        }
        (x, watch)
    }
}
