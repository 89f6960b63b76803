//! The children of a group, looked up once per block.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::{self, Bits, EVERY, NONE};
use super::raw::{LINE, Raw};
use super::room::{Input, Leaves, Reading, States};
use super::stage::Lines;
use crate::lane::Lane;
use crate::scorecard::kernel::{Child, Children, Outcome};
use crate::scorecard::{CompiledGroup, Place, Plan, Slot};

/// One child of a group, for all accounts of a block.
#[derive(Clone, Copy)]
pub(super) struct Kid<'a> {
    pub(super) slot: &'a Slot,
    from: From<'a>,
}

/// Where a child's numbers are.
#[derive(Clone, Copy)]
enum From<'a> {
    Raw(&'a Raw<'a>),
    Leaf(&'a Leaves),
    Group(&'a States),
    Nowhere,
}

/// A group as a child of a group.
#[derive(Clone, Copy)]
pub(super) struct Branch<'a> {
    pub(super) weight: f64,
    pub(super) required: bool,
    pub(super) states: &'a States,
}

impl Branch<'_> {
    /// The branch for the accounts of a register: those `from` after `row`. The words say who has a score and to whom the
    /// branch applies, from `row` on; `ALWAYS` that it applies to everybody.
    #[inline(always)]
    pub(super) fn child<N: Lane, const ALWAYS: bool>(
        &self,
        row: usize,
        (scored, applicable): (u64, u64),
        from: usize,
    ) -> Child<N> {
        let mut outcome = self.states.outcome::<N>(row + from);
        outcome.scored = N::mask_at(scored, from);
        outcome.applicable = if ALWAYS { N::not(N::mask(0)) } else { N::mask_at(applicable, from) };
        Child::of_group(self.weight, false, &outcome)
    }
}

/// What was computed of a block so far.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) plan: &'a Plan,
    pub(super) input: &'a Input<'a>,
    pub(super) lines: &'a Lines,
    pub(super) leaves: &'a [Option<Box<Leaves>>],
    /// States of the groups from `first` on.
    pub(super) states: &'a [States],
    pub(super) first: usize,
}

impl<'a> Known<'a> {
    /// A child that is read as raw numbers.
    #[inline(always)]
    pub(super) fn raw(self, slot: &Slot) -> Raw<'a> {
        Raw::of(self.plan, slot, self.input, self.lines, self.leaves)
    }

    /// Those children of a group that are read as raw numbers; empty unless `reading` says so.
    pub(super) fn raws(self, group: &'a CompiledGroup, reading: Reading) -> Vec<Raw<'a>> {
        let slots = if reading == Reading::Raw { group.children.as_slice() } else { &[] };
        slots.iter().map(|slot| self.raw(slot)).collect()
    }

    /// The children of a group, of which `raws` are read as raw numbers.
    pub(super) fn kids(self, group: &'a CompiledGroup, raws: &'a [Raw<'a>]) -> Vec<Kid<'a>> {
        let kid = |(place, slot): (usize, &'a Slot)| {
            let from = match (raws.get(place), slot.place) {
                (Some(raw), _) => From::Raw(raw),
                (None, Place::Leaf(index)) => match self.leaves.get(index) {
                    Some(Some(leaves)) => From::Leaf(leaves),
                    _ => From::Nowhere,
                },
                (None, Place::Group(index)) => {
                    self.states.get(index.wrapping_sub(self.first)).map_or(From::Nowhere, From::Group)
                }
            };
            Kid { slot, from }
        };
        group.children.iter().enumerate().map(kid).collect()
    }
}

impl<'a> Kid<'a> {
    /// The raw numbers, where it is read as such.
    pub(super) fn raw(&self) -> Option<&'a Raw<'a>> {
        match self.from {
            From::Raw(raw) => Some(raw),
            _ => None,
        }
    }

    /// Who lacks this child though it applies to them.
    pub(super) fn missing(&self) -> Bits {
        match self.from {
            From::Raw(_) | From::Nowhere => NONE,
            From::Leaf(leaves) => {
                bits::zip(&leaves.applicable, &leaves.present, |applies, has| applies & !has)
            }
            From::Group(states) => states.missing(),
        }
    }

    /// The child for the accounts of a register that starts at `row`.
    #[inline(always)]
    fn child<N: Lane>(&self, row: usize) -> Child<N> {
        let (weight, uplift) = (self.slot.weight, self.slot.uplift);
        let mask = |bits: &Bits| N::mask(bits::from(bits, row));
        match self.from {
            From::Raw(raw) => raw.child::<N, LINE>(row, (raw.bits(row), 0), uplift).0,
            From::Leaf(leaves) => Child::of_leaf(
                weight,
                uplift,
                N::load(&*leaves.units, row),
                N::load(&*leaves.factors, row),
                mask(&leaves.applicable),
                (mask(&leaves.backed), mask(&leaves.fresh)),
            ),
            From::Group(states) => Child::of_group(weight, uplift, &states.outcome(row)),
            From::Nowhere => Child::nothing(),
        }
    }
}

/// The children of a group for the accounts of a register.
#[derive(Clone, Copy)]
pub(super) struct Tile<'a> {
    pub(super) kids: &'a [Kid<'a>],
    pub(super) row: usize,
}

impl<N: Lane> Children<N> for Tile<'_> {
    #[inline(always)]
    fn count(&self) -> usize {
        self.kids.len()
    }

    #[inline(always)]
    fn child(&self, place: usize) -> Child<N> {
        match self.kids.get(place) {
            Some(kid) => kid.child::<N>(self.row),
            None => Child::nothing(),
        }
    }
}

/// The most groups that are looked up without asking for memory.
const FEW: usize = 16;

/// The children of a group that are all groups.
pub(super) struct Branches<'a> {
    few: [Branch<'a>; FEW],
    count: usize,
    many: Vec<Branch<'a>>,
}

impl<'a> Branches<'a> {
    pub(super) fn of(known: Known<'a>, group: &'a CompiledGroup) -> Option<Self> {
        let branch = |slot: &Slot| match slot.place {
            Place::Group(index) => known.states.get(index.wrapping_sub(known.first)).map(|states| Branch {
                weight: slot.weight,
                required: slot.required,
                states,
            }),
            Place::Leaf(_) => None,
        };
        let first = group.children.first().and_then(branch)?;
        let mut all = Self { few: [first; FEW], count: group.children.len(), many: Vec::new() };
        if all.count > FEW {
            all.many = group.children.iter().map(branch).collect::<Option<_>>()?;
        }
        for (place, slot) in all.few.iter_mut().zip(&group.children) {
            *place = branch(slot)?;
        }
        Some(all)
    }

    pub(super) fn as_slice(&self) -> &[Branch<'a>] {
        self.few.get(..self.count).unwrap_or(&self.many)
    }
}

impl States {
    /// Who has no score though the group applies to them.
    pub(super) fn missing(&self) -> Bits {
        bits::zip(&self.applicable, &self.scored, |applies, scored| applies & !scored)
    }

    /// Whether the group applies to every account.
    pub(super) fn always_applies(&self) -> bool {
        self.applicable == EVERY
    }

    /// The results of a register. What was not computed is not read: the compiler drops it.
    #[inline(always)]
    pub(super) fn outcome<N: Lane>(&self, row: usize) -> Outcome<N> {
        Outcome {
            applicable: N::mask(bits::from(&self.applicable, row)),
            scored: N::mask(bits::from(&self.scored, row)),
            unit: N::load(&*self.unit, row),
            lower: N::load(&*self.lower, row),
            upper: N::load(&*self.upper, row),
            coverage: N::load(&*self.coverage, row),
            validated: N::load(&*self.validated, row),
            fresh: N::load(&*self.fresh, row),
            divisor: N::load(&*self.divisor, row),
            base: N::load(&*self.base, row),
        }
    }

    /// Keeps the results of a register: `DEPTH` as in [`Depth`](super::room::Depth), where 2 is
    /// everything.
    #[inline(always)]
    pub(super) fn put<N: Lane, const DEPTH: u8>(&mut self, row: usize, outcome: &Outcome<N>) {
        bits::put(&mut self.applicable, row, N::bits(outcome.applicable));
        bits::put(&mut self.scored, row, N::bits(outcome.scored));
        self.put_numbers::<N, DEPTH>(row, outcome);
    }

    /// As [`States::put`], without to whom it applies and who is scored.
    #[inline(always)]
    pub(super) fn put_numbers<N: Lane, const DEPTH: u8>(&mut self, row: usize, outcome: &Outcome<N>) {
        self.put_units::<N, DEPTH>(row, outcome);
        if DEPTH >= 2 {
            outcome.base.store(&mut *self.base, row);
            outcome.validated.store(&mut *self.validated, row);
            outcome.fresh.store(&mut *self.fresh, row);
        }
    }

    /// As [`States::put`], without who is scored and without what is the same for every account whose answers are all
    /// raw numbers.
    #[inline(always)]
    pub(super) fn put_units<N: Lane, const DEPTH: u8>(&mut self, row: usize, outcome: &Outcome<N>) {
        outcome.unit.store(&mut *self.unit, row);
        outcome.coverage.store(&mut *self.coverage, row);
        if DEPTH >= 1 {
            outcome.lower.store(&mut *self.lower, row);
            outcome.upper.store(&mut *self.upper, row);
        }
        if DEPTH >= 2 {
            outcome.divisor.store(&mut *self.divisor, row);
        }
    }
}
