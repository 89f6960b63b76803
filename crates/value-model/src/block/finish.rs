//! From the groups of a block to the columns that were asked for.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, Bits, EVERY, NONE, ROWS};
use super::room::{Answers, Block, Input, Last, Reading, room};
use super::{Column, Target, Values};
use crate::lane::Lane;
use crate::scale::Cell;
use crate::scorecard::{Final, Leaf, Plan, Polarity};

/// The lowest 8 bits as bytes of 0 and 1.
#[inline(always)]
fn bytes(bits: u64) -> u64 {
    // Every byte gets all eight bits, keeps its own, and carries it to its top: then one shift makes it 1.
    let own = ((bits & 0xFF) * 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201;
    ((own + 0x7F7F_7F7F_7F7F_7F7F) >> 7) & 0x0101_0101_0101_0101
}

impl Block {
    /// Applies the rules, computes what is asked for besides, and writes the targets.
    #[inline(always)]
    pub(super) fn finish<N: Lane>(
        &mut self,
        plan: &Plan,
        input: &Input<'_>,
        targets: &mut [Target<'_>],
        at: usize,
    ) {
        let every = bits::first(input.rows);
        self.refused = bits::zip(&self.refused, &every, |refused, row| refused & row);
        if self.contributions {
            self.shares::<N>(plan, input);
        }
        self.rules(plan, input);
        if self.headroom {
            self.headrooms(plan, input);
        }
        for target in targets {
            self.write::<N>(plan, input, target, (at, &every, false));
        }
    }

    /// Writes what is left where numbers and bands have been written already.
    #[inline(always)]
    pub(super) fn finish_written<N: Lane>(
        &mut self,
        plan: &Plan,
        input: &Input<'_>,
        targets: &mut [Target<'_>],
        at: usize,
    ) {
        for target in targets {
            self.write::<N>(plan, input, target, (at, &EVERY, true));
        }
    }

    /// The root after rules, account by account.
    fn rules(&mut self, plan: &Plan, input: &Input<'_>) {
        let (Some(mut last), Some(root)) = (self.last.take(), self.states.first()) else { return };
        last.scored = NONE;
        let mut fired = std::mem::take(&mut self.fired);
        fired.fill(NONE);
        for row in 0..input.rows {
            let at = |list: &[f64; ROWS]| list.get(row).copied().unwrap_or(0.0);
            let scored = bits::has(&root.scored, row);
            let start = Final {
                unit: scored.then_some(at(&root.unit)),
                lower: at(&root.lower),
                upper: at(&root.upper),
            };
            let leaf = |measure| self.leaf(plan, input, measure, row);
            let end = plan.apply_rules(start, leaf, |place, _, _| {
                if let Some(fired) = fired.get_mut(place) {
                    bits::put(fired, row, 1);
                }
            });
            last.put(row, end);
            bits::put(&mut last.scored, row, u64::from(end.unit.is_some()));
        }
        (self.last, self.fired) = (Some(last), fired);
    }

    /// One answer of one account.
    pub(super) fn leaf(&self, plan: &Plan, input: &Input<'_>, index: usize, row: usize) -> Leaf {
        let Some(measure) = plan.measures.get(index) else { return Leaf::MISSING };
        if self.readings.get(measure.parent) == Some(&Reading::Raw) {
            return match input.answers.get(index) {
                Some(Answers::Numbers { values, valid }) if bits::has(valid, row) => {
                    let number = values.get(row).copied().unwrap_or(f64::NAN);
                    measure.leaf(Cell::Number(number), &input.context, None).unwrap_or(Leaf::MISSING)
                }
                _ => Leaf::MISSING,
            };
        }
        let Some(Some(leaves)) = self.leaves.get(index) else { return Leaf::MISSING };
        Leaf {
            unit: leaves.units.get(row).copied().unwrap_or(0.0),
            factor: leaves.factors.get(row).copied().unwrap_or(0.0),
            applicable: bits::has(&leaves.applicable, row),
            backed: bits::has(&leaves.backed, row),
            fresh: bits::has(&leaves.fresh, row),
            ..Leaf::MISSING
        }
    }

    /// The headroom of every measure, account by account.
    fn headrooms(&mut self, plan: &Plan, input: &Input<'_>) {
        self.rooms.resize_with(plan.measures.len(), || (room(), NONE));
        for (values, valid) in &mut self.rooms {
            values.fill(0.0);
            *valid = NONE;
        }
        let mut workspace = std::mem::take(&mut self.workspace).unwrap_or_else(|| plan.workspace());
        for row in 0..input.rows {
            for (index, leaf) in workspace.leaves_mut().enumerate() {
                *leaf = self.leaf(plan, input, index, row);
            }
            // What a missing answer makes fail has been told already.
            let Ok(()) = plan.evaluate(&mut workspace) else { continue };
            let Some(base) = plan.finish_unit(&workspace).unit else { continue };
            for (index, (values, valid)) in self.rooms.iter_mut().enumerate() {
                if let (Some(value), Some(points)) =
                    (values.get_mut(row), plan.headroom(index, base, &workspace))
                {
                    *value = points;
                    bits::put(valid, row, 1);
                }
            }
        }
        self.workspace = Some(workspace);
    }

    #[inline(always)]
    fn write<N: Lane>(
        &self,
        plan: &Plan,
        input: &Input<'_>,
        target: &mut Target<'_>,
        (at, every, written): (usize, &Bits, bool),
    ) {
        let (rows, every) = (input.rows, *every);
        let Some(root) = self.states.first() else { return };
        let (unit, scored, lower, upper) = match &self.last {
            Some(last) => (&last.unit, &last.scored, &last.lower, &last.upper),
            None => (&root.unit, &root.scored, &root.lower, &root.upper),
        };
        let group = |index: usize| self.states.get(index).unwrap_or(root);
        let out = Out { rows, at, stream: self.stream, written };
        let valid = match target.column {
            Column::Score => out.points::<N>(target, unit, *scored),
            Column::Raw => out.points::<N>(target, &root.unit, root.scored),
            Column::Lower => out.points::<N>(target, lower, every),
            Column::Upper => out.points::<N>(target, upper, every),
            Column::Coverage => out.numbers::<N>(target, &root.coverage, every, Form::Plain),
            Column::ValidatedShare => out.numbers::<N>(target, &root.validated, every, Form::Plain),
            Column::FreshShare => out.numbers::<N>(target, &root.fresh, every, Form::Plain),
            Column::Group(index) => out.points::<N>(target, &group(index).unit, group(index).scored),
            Column::GroupCost(index) => {
                // As for one account: a group of value has no cost.
                let cost = plan.groups.get(index).is_some_and(|group| group.polarity == Polarity::Cost);
                let scored = if cost { group(index).scored } else { NONE };
                out.numbers::<N>(target, &group(index).unit, scored, Form::Cost)
            }
            Column::Contribution(_) if written => root.scored,
            Column::Contribution(index) => match self.points.get(index) {
                Some(points) => out.numbers::<N>(target, points, root.scored, Form::Plain),
                None => NONE,
            },
            Column::Headroom(index) => match self.rooms.get(index) {
                Some((rooms, valid)) => out.numbers::<N>(target, rooms, *valid, Form::Plain),
                None => NONE,
            },
            Column::Band => out.bands::<N>(target, plan, unit, *scored),
            Column::LowerBand => out.bands::<N>(target, plan, lower, every),
            Column::Outcome => {
                let without = bits::zip(&root.scored, &every, |scored, row| row & !scored);
                let never = bits::zip(&root.applicable, &without, |applies, row| row & !applies);
                out.codes(target, |out, word| {
                    *out = [0; 64];
                    add(out, without.get(word).copied().unwrap_or(0));
                    add(out, never.get(word).copied().unwrap_or(0));
                });
                every
            }
            flag @ (Column::Undated(_) | Column::Regressed(_) | Column::Fired(_)) => {
                let set = self.flag(plan, input, flag);
                out.codes(target, |out, word| {
                    *out = [0; 64];
                    add(out, set.get(word).copied().unwrap_or(0));
                });
                every
            }
        };
        let valid = bits::zip(&valid, &self.refused, |valid, refused| valid & !refused);
        out.validity(target, &bits::zip(&valid, &every, |valid, row| valid & row));
    }
}

impl Last {
    fn put(&mut self, row: usize, end: Final) {
        for (list, number) in [
            (&mut self.unit, end.unit.unwrap_or(0.0)),
            (&mut self.lower, end.lower),
            (&mut self.upper, end.upper),
        ] {
            if let Some(place) = list.get_mut(row) {
                *place = number;
            }
        }
    }
}

/// What becomes of a number on its way to a target.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// It is written as it is; it is 0 where there is none.
    Plain,
    /// A unit in points; it is 0 where there is none.
    Points,
    /// A unit in points, taken from 100.
    Cost,
}

impl Form {
    #[inline(always)]
    pub(super) fn of<N: Lane>(self, x: N, valid: N::Mask) -> N {
        match self {
            Self::Plain => x,
            Self::Points => x * N::splat(100.0),
            Self::Cost => (N::splat(100.0) - x * N::splat(100.0)).keep(valid),
        }
    }
}

/// Where in the targets a block goes.
#[derive(Clone, Copy)]
struct Out {
    rows: usize,
    at: usize,
    stream: bool,
    /// Whether numbers and bands have been written already.
    written: bool,
}

impl Out {
    #[inline(always)]
    fn points<N: Lane>(self, target: &mut Target<'_>, units: &[f64; ROWS], valid: Bits) -> Bits {
        self.numbers::<N>(target, units, valid, Form::Points)
    }

    #[inline(always)]
    fn numbers<N: Lane>(self, target: &mut Target<'_>, from: &[f64; ROWS], valid: Bits, form: Form) -> Bits {
        if self.written {
            return valid;
        }
        let Values::Numbers(values) = &mut target.values else { return NONE };
        let Some(values) = values.get_mut(self.at..self.at + self.rows) else { return NONE };
        let mut tiles = values.chunks_exact_mut(4 * N::WIDTH);
        for (tile, to) in (0..ROWS / (4 * N::WIDTH)).zip(&mut tiles) {
            let row = tile * 4 * N::WIDTH;
            for part in 0..4 {
                let at = part * N::WIDTH;
                self.put(form.of(N::load(from, row + at), N::mask(bits::from(&valid, row + at))), to, at);
            }
        }
        let rest = tiles.into_remainder();
        let start = self.rows - rest.len();
        for (part, to) in rest.chunks_mut(N::WIDTH).enumerate() {
            let row = start + part * N::WIDTH;
            let mut numbers = [0.0; 64];
            form.of(N::load(from, row), N::mask(bits::from(&valid, row))).store(&mut numbers, 0);
            for (to, number) in to.iter_mut().zip(numbers) {
                *to = number;
            }
        }
        valid
    }

    /// Writes a register, past the caches where that was asked for.
    #[inline(always)]
    fn put<N: Lane>(self, number: N, to: &mut [f64], at: usize) {
        if self.stream {
            number.stream(to, at);
        } else {
            number.store(to, at);
        }
    }

    /// The bands of scores: how many cuts each one passes.
    #[inline(always)]
    fn bands<N: Lane>(self, target: &mut Target<'_>, plan: &Plan, units: &[f64; ROWS], valid: Bits) -> Bits {
        if self.written {
            return valid;
        }
        let Values::Codes(values) = &mut target.values else { return NONE };
        let Some(values) = values.get_mut(self.at..self.at + self.rows) else { return NONE };
        for (eight, chunk) in (0..ROWS / 8).zip(values.chunks_mut(8)) {
            let valid = bits::from(&valid, eight * 8);
            let codes = bands_of_eight::<N>(plan, units, eight * 8, valid);
            match <&mut [u8; 8]>::try_from(&mut *chunk) {
                Ok(whole) => *whole = codes.to_le_bytes(),
                Err(_) => chunk.iter_mut().zip(codes.to_le_bytes()).for_each(|(to, code)| *to = code),
            }
        }
        valid
    }

    /// Changes codes 64 at a time.
    #[inline(always)]
    fn codes(self, target: &mut Target<'_>, f: impl Fn(&mut [u8; 64], usize)) {
        let Values::Codes(values) = &mut target.values else { return };
        let Some(values) = values.get_mut(self.at..) else { return };
        let rows = self.rows.min(values.len());
        for (word, chunk) in values.get_mut(..rows).unwrap_or_default().chunks_mut(64).enumerate() {
            if let Ok(whole) = <&mut [u8; 64]>::try_from(&mut *chunk) {
                f(whole, word);
            } else {
                let mut room = [0; 64];
                for (to, from) in room.iter_mut().zip(&*chunk) {
                    *to = *from;
                }
                f(&mut room, word);
                for (to, from) in chunk.iter_mut().zip(&room) {
                    *to = *from;
                }
            }
        }
    }

    /// Writes who has a value.
    fn validity(self, target: &mut Target<'_>, valid: &Bits) {
        let bytes = self.rows.div_ceil(8);
        let Some(to) = target.valid.get_mut(self.at / 8..self.at / 8 + bytes) else { return };
        let mut words = to.chunks_exact_mut(8);
        for (to, word) in (&mut words).zip(valid) {
            to.copy_from_slice(&word.to_le_bytes());
        }
        let last = valid.get(self.rows / 64).copied().unwrap_or(0);
        for (to, from) in words.into_remainder().iter_mut().zip(last.to_le_bytes()) {
            *to = from;
        }
    }
}

/// The bands of the eight accounts from `row` on, a byte each: how many cuts their units pass; 0 where not `valid`.
#[inline(always)]
pub(super) fn bands_of_eight<N: Lane>(plan: &Plan, units: &[f64], row: usize, valid: u64) -> u64 {
    let mut codes = 0_u64;
    for cut in plan.bands.units() {
        // A code is at most the number of cuts: see `Column::Band`.
        codes = codes.wrapping_add(bytes(reaching::<N>(units, row, *cut) & valid));
    }
    codes
}

/// Which of the eight accounts from `row` on have at least this unit; more bits have no meaning.
#[inline(always)]
fn reaching<N: Lane>(units: &[f64], row: usize, least: f64) -> u64 {
    let least = N::splat(least);
    let mut out = 0;
    for step in 0..8 / N::WIDTH.min(8) {
        let at = step * N::WIDTH;
        out |= N::bits(N::not(least.above(N::load(units, row + at)))) << at;
    }
    out
}

/// Adds one to the bytes whose bits are set.
#[inline(always)]
fn add(out: &mut [u8; 64], bits: u64) {
    for (number, out) in out.chunks_exact_mut(8).enumerate() {
        let Ok(eight) = <&mut [u8; 8]>::try_from(out) else { continue };
        // A code is at most the number of cuts: see `Column::Band`.
        *eight = u64::from_le_bytes(*eight).wrapping_add(bytes(bits >> (8 * number))).to_le_bytes();
    }
}
