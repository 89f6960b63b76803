//! From answers to leaves: before the groups are computed, or inside of their sums.
//!
//! A weighted mean of numbers on straight lines needs no leaves of its own: [`Reading::Raw`] turns each number into its
//! unit while it is summed. Everything else is read here, numbers on straight lines side by side, the rest one by one.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use std::ops::Range;

use super::bits::{self, Bits, EVERY, NONE, ROWS};
use super::room::{Answers, Block, Depth, Input, Leaves, Reading};
use crate::answer::Source;
use crate::lane::Lane;
use crate::scale::Cell;
use crate::scale::affine::{Affine, Beyond, rounded};
use crate::scorecard::{CompiledGroup, CompiledMeasure, Context, Kind, Leaf, Plan};

/// What must hold for every number of some answers.
#[derive(Clone, Copy)]
pub(super) struct Watch<N> {
    /// The least of the numbers less the start of their line: 0 or more.
    least: N,
    /// The greatest of the units: 1 or less.
    greatest: N,
    /// 0 unless a number is infinite, NaN, or has a fraction where none is allowed.
    odd: N,
}

impl<N: Lane> Watch<N> {
    /// Nothing seen.
    #[inline(always)]
    pub(super) fn new() -> Self {
        let zero = N::splat(0.0);
        Self { least: zero, greatest: zero, odd: zero }
    }

    /// What both have seen. A NaN may be forgotten, unless it is odd.
    #[inline(always)]
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            least: self.least.least(other.least),
            greatest: self.greatest.greatest(other.greatest),
            odd: self.odd + other.odd,
        }
    }

    /// With one more number that is 0 unless it is odd.
    #[inline(always)]
    pub(super) fn odd(self, odd: N) -> Self {
        Self { odd: self.odd + odd, ..self }
    }

    /// Whether some number may be no answer.
    #[inline(always)]
    pub(super) fn alarm(&self) -> bool {
        let zero = N::splat(0.0);
        let low = N::bits(zero.above(self.least));
        let high = N::bits(self.greatest.above(N::splat(1.0)));
        let odd = N::bits(N::not(self.odd.same(zero)));
        low | high | odd != 0
    }
}

/// Units of raw numbers, 0 where there is none, and what to watch. NaN comes out as NaN, or is watched.
#[inline(always)]
pub(super) fn units<N: Lane, const IDENTITY: bool>(
    line: &Affine,
    reverse: bool,
    x: N,
    present: N::Mask,
) -> (N, Watch<N>) {
    let zero = N::splat(0.0);
    let mut watch = Watch::new();
    let unit = if IDENTITY {
        let x = x.keep(present);
        (watch.least, watch.greatest) = (x, x);
        x
    } else {
        let raw = line.raw(x).keep(present);
        if line.beyond == Beyond::Refused {
            (watch.least, watch.greatest) = ((x - N::splat(line.from)).keep(present), raw);
            if line.whole {
                let x = x.keep(present);
                let rest = rounded(x) - x;
                watch.odd = rest * rest;
            }
            raw
        } else {
            watch.odd = raw * zero;
            raw.greatest(zero).least(N::splat(1.0))
        }
    };
    (if reverse { (N::splat(1.0) - unit).keep(present) } else { unit }, watch)
}

/// What of a model can be read side by side: looked up once, because a block is small.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// Per measure, where every number has a unit and counts fully: the line that they stand on.
    of_measures: Vec<Option<Affine>>,
    /// Per group, where it can be summed from raw numbers: its measures.
    of_groups: Vec<Option<Range<usize>>>,
    /// Per group: the weight of all its children.
    weights: Vec<f64>,
}

impl Lines {
    pub(super) fn of(plan: &Plan, depth: Depth) -> Self {
        let sums_raw = |group: &&CompiledGroup| {
            depth < Depth::Shares
                && matches!(group.kind, Kind::Mean | Kind::Geometric | Kind::Harmonic)
                && group.fill.is_none()
                && !group.fails()
                && !group.requires
        };
        let leaves = |group| Some(group).filter(sums_raw).and_then(|group| group.leaves.clone());
        Self {
            of_measures: plan.measures.iter().map(|m| raw_line(m).filter(|_| m.plain)).collect(),
            of_groups: plan.groups.iter().map(leaves).collect(),
            weights: plan.groups.iter().map(CompiledGroup::weight).collect(),
        }
    }

    /// The line of a measure, if numbers are read on one.
    pub(super) fn of_measure(&self, measure: usize) -> Option<&Affine> {
        self.of_measures.get(measure)?.as_ref()
    }

    /// The weight of all children of a group.
    pub(super) fn weight(&self, group: usize) -> f64 {
        self.weights.get(group).copied().unwrap_or(0.0)
    }

    /// Whether a group is summed from these raw numbers.
    pub(super) fn sums_raw(&self, group: usize, input: &Input<'_>) -> bool {
        let raw = |measure: usize| match input.answers.get(measure) {
            None | Some(Answers::None) => true,
            Some(Answers::Numbers { .. }) => self.of_measure(measure).is_some(),
            Some(Answers::Cells(_)) => false,
        };
        matches!(self.of_groups.get(group), Some(Some(leaves)) if leaves.clone().all(raw))
    }
}

/// The line of a measure whose numbers always have a unit.
fn raw_line(measure: &CompiledMeasure) -> Option<Affine> {
    measure.scale.line().filter(|line| line.beyond != Beyond::Missing)
}

/// The unit of a number is itself.
pub(super) const IDENTITY: Affine =
    Affine { from: 0.0, to: 1.0, span: 1.0, beyond: Beyond::Refused, whole: false };

impl Block {
    /// Chooses how each group reads its measures in this block.
    pub(super) fn choose_readings(&mut self, input: &Input<'_>) {
        for (group, reading) in self.readings.iter_mut().enumerate() {
            *reading = if self.lines.sums_raw(group, input) { Reading::Raw } else { Reading::Units };
        }
    }

    /// Reads the answers that the groups do not read themselves.
    #[inline(always)]
    pub(super) fn stage<N: Lane>(&mut self, plan: &Plan, input: &Input<'_>) {
        self.choose_readings(input);
        for (index, measure) in plan.measures.iter().enumerate() {
            let answers = input.answers.get(index).copied().unwrap_or(Answers::None);
            let raw = self.readings.get(measure.parent) == Some(&Reading::Raw);
            let Some(place) = self.leaves.get_mut(index) else { continue };
            match answers {
                Answers::Numbers { values, .. } if raw && values.len() >= ROWS => {}
                _ if raw => {
                    let leaves = place.get_or_insert_with(|| Box::new(Leaves::new()));
                    copy(leaves, answers);
                }
                _ => {
                    let leaves = place.get_or_insert_with(|| Box::new(Leaves::new()));
                    match (answers, self.lines.of_measure(index)) {
                        (Answers::Numbers { valid, .. }, Some(line)) => {
                            copy(leaves, answers);
                            side_by_side::<N>(leaves, line, measure.reverse, input.rows, &mut self.refused);
                            facts(leaves, measure, valid, input);
                        }
                        _ => one_by_one(leaves, measure, answers, input, &mut self.refused),
                    }
                }
            }
        }
    }
}

/// Raw numbers that end inside of the block, with room behind them.
fn copy(leaves: &mut Leaves, answers: Answers<'_>) {
    leaves.present = NONE;
    if let Answers::Numbers { values, valid } = answers {
        let count = values.len().min(ROWS);
        if let (Some(to), Some(from)) = (leaves.units.get_mut(..count), values.get(..count)) {
            to.copy_from_slice(from);
        }
        leaves.present = *valid;
    }
}

#[inline(always)]
fn side_by_side<N: Lane>(leaves: &mut Leaves, line: &Affine, reverse: bool, rows: usize, refused: &mut Bits) {
    let every = N::bits(N::not(N::mask(0)));
    let mut row = 0;
    while row < rows {
        let present = N::mask(bits::from(&leaves.present, row));
        let x = N::load(&*leaves.units, row);
        let (unit, watch) = units::<N, false>(line, reverse, x, present);
        // Adding 0 takes the sign from a zero.
        (unit + N::splat(0.0)).store(&mut *leaves.units, row);
        N::splat(1.0).keep(present).store(&mut *leaves.factors, row);
        if watch.odd(x.keep(present) * N::splat(0.0)).alarm() {
            bits::put(refused, row, every);
        }
        row += N::WIDTH;
    }
}

/// What holds for every answer that counts fully: that it applies, and whether it is backed and fresh.
fn facts(leaves: &mut Leaves, measure: &CompiledMeasure, present: &Bits, input: &Input<'_>) {
    leaves.applicable = EVERY;
    let backed = input.context.default_source.is_some_and(Source::is_customer_backed);
    leaves.backed = if backed { *present } else { NONE };
    let fresh = |row| age(input, row).is_some_and(|age| age <= measure.recency.fresh_days());
    if input.ages.is_none() {
        leaves.fresh = if fresh(0) { *present } else { NONE };
        return;
    }
    leaves.fresh = NONE;
    for row in 0..input.rows {
        if fresh(row) && bits::has(present, row) {
            bits::put(&mut leaves.fresh, row, 1);
        }
    }
}

/// How old an account's answers are.
pub(super) fn age(input: &Input<'_>, row: usize) -> Option<u32> {
    let own = input.ages.and_then(|ages| ages.get(row).copied().flatten());
    let Context { as_of, default_on, .. } = input.context;
    own.or_else(|| default_on.and_then(|on| u32::try_from(as_of.days_since(on)).ok()))
}

/// The answer of one account.
#[inline]
pub(super) fn cell(answers: Answers<'_>, row: usize) -> Cell {
    match answers {
        Answers::Numbers { values, valid } if bits::has(valid, row) => {
            values.get(row).map_or(MISSING, |value| Cell::Number(*value))
        }
        Answers::Cells(cells) => cells.get(row).copied().unwrap_or(MISSING),
        Answers::None | Answers::Numbers { .. } => MISSING,
    }
}

/// Reads answers as one account's are read.
fn one_by_one(
    leaves: &mut Leaves,
    measure: &CompiledMeasure,
    answers: Answers<'_>,
    input: &Input<'_>,
    refused: &mut Bits,
) {
    (leaves.present, leaves.applicable) = (NONE, NONE);
    (leaves.backed, leaves.fresh) = (NONE, NONE);
    for row in 0..input.rows {
        let leaf = measure.leaf(cell(answers, row), &input.context, age(input, row)).unwrap_or_else(|_| {
            bits::put(refused, row, 1);
            Leaf::MISSING
        });
        if let (Some(unit), Some(factor)) = (leaves.units.get_mut(row), leaves.factors.get_mut(row)) {
            (*unit, *factor) = (leaf.unit, leaf.factor);
        }
        for (bits, set) in [
            (&mut leaves.present, leaf.is_present()),
            (&mut leaves.applicable, leaf.applicable),
            (&mut leaves.backed, leaf.backed),
            (&mut leaves.fresh, leaf.fresh),
        ] {
            bits::put(bits, row, u64::from(set));
        }
    }
}

const MISSING: Cell = Cell::Missing(crate::answer::Missing::NoData);
