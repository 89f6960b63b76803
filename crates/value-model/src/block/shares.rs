//! What each measure contributes, handed down the tree as for one account.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::bits::ROWS;
use super::child::{Kid, Known, Tile};
use super::groups::steps;
use super::raw::{PLAIN, REVERSED, Raw};
use super::room::{Block, Input, Reading, States, room};
use crate::lane::Lane;
use crate::scorecard::kernel::{self, Children};
use crate::scorecard::{CompiledGroup, Kind, Place, Plan};

impl Block {
    /// Points of the score before rules by measure: see `Plan::shares` for one account.
    #[inline(always)]
    pub(super) fn shares<N: Lane>(&mut self, plan: &Plan, input: &Input<'_>) {
        self.points.resize_with(plan.measures.len(), room);
        self.held.resize_with(plan.groups.len(), room);
        for (index, group) in plan.groups.iter().enumerate() {
            let (states, later) = self.states.split_at(index + 1);
            let Some(states) = states.last() else { continue };
            let reading = self.readings.get(index).copied().unwrap_or(Reading::Units);
            let (lines, leaves) = (&self.lines, &self.leaves);
            let known = Known { plan, input, lines, leaves, states: later, first: index + 1 };
            let raws = known.raws(group, reading);
            let kids = known.kids(group, &raws);
            let (above, below) = self.held.split_at_mut(index + 1);
            let Some(held) = above.last() else { continue };
            for (place, kid) in kids.iter().enumerate() {
                let to = match kid.slot.place {
                    Place::Leaf(leaf) => self.points.get_mut(leaf),
                    Place::Group(inner) => below.get_mut(inner.wrapping_sub(index + 1)),
                };
                let Some(to) = to else { continue };
                let part = Part { group, kids: &kids, place, states, held: (index > 0).then_some(&**held) };
                part.hand::<N>(input.rows, to);
            }
        }
    }
}

/// One child's part of what its group holds.
#[derive(Clone, Copy)]
struct Part<'a> {
    group: &'a CompiledGroup,
    kids: &'a [Kid<'a>],
    place: usize,
    states: &'a States,
    /// The points of the group; the root holds the score.
    held: Option<&'a [f64; ROWS]>,
}

impl Part<'_> {
    #[inline(always)]
    fn hand<N: Lane>(self, rows: usize, to: &mut [f64; ROWS]) {
        let kid = self.kids.get(self.place);
        let plain = self.group.kind == Kind::Mean && self.group.fill.is_none();
        match kid.and_then(Kid::raw).filter(|raw| plain && raw.line.is_identity()) {
            Some(raw) if raw.reverse => self.of_raw::<N, REVERSED>(raw, rows, to),
            Some(raw) => self.of_raw::<N, PLAIN>(raw, rows, to),
            None => self.of_any::<N>(rows, to),
        }
    }

    /// Of a weighted mean of raw numbers: what most models are made of.
    #[inline(always)]
    fn of_raw<N: Lane, const SHAPE: u8>(self, raw: &Raw<'_>, rows: usize, to: &mut [f64; ROWS]) {
        for row in steps::<N>(rows) {
            let outcome = self.states.outcome::<N>(row);
            let (child, _) = raw.child::<N, SHAPE>(row, (raw.bits(row), 0), false);
            let part = kernel::contribution(Kind::Mean, None, &outcome, &child, N::splat(1.0));
            points(self.held.map(|held| N::load(held, row)), outcome.unit, part).store(to, row);
        }
    }

    #[inline(always)]
    fn of_any<N: Lane>(self, rows: usize, to: &mut [f64; ROWS]) {
        let group = self.group;
        let tied = matches!(group.kind, Kind::Min | Kind::Max);
        for row in steps::<N>(rows) {
            let outcome = self.states.outcome::<N>(row);
            let tile = Tile { kids: self.kids, row };
            let ties = if tied { kernel::ties(group.fill, &outcome, tile) } else { N::splat(1.0) };
            let child = tile.child(self.place);
            let part = kernel::contribution(group.kind, group.fill, &outcome, &child, ties);
            points(self.held.map(|held| N::load(held, row)), outcome.unit, part).store(to, row);
        }
    }
}

/// The points that go with a part of a group's unit, where the group holds so many points; the root holds the score.
#[inline(always)]
pub(super) fn points<N: Lane>(held: Option<N>, unit: N, part: N) -> N {
    let (zero, hundred) = (N::splat(0.0), N::splat(100.0));
    let (given, points) = match held {
        // As for one account, the root's own points take no division.
        None => (unit * hundred, part * hundred + zero),
        Some(given) => (given, given * (part / unit)),
    };
    points.keep(N::both(given.above(zero), unit.above(zero)))
}
