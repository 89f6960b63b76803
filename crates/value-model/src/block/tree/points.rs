//! What each measure contributes to the scores of a span, handed down the tree as for one account.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::super::raw::{LINE, PLAIN, REVERSED, Raw};
use super::super::shares::points;
use super::super::walk::shape;
use super::super::{Column, Target, Values};
use super::SPAN;
use super::step::Tile;
use crate::lane::Lane;
use crate::scorecard::kernel::{self, Child};
use crate::scorecard::{Kind, Place, Plan, Slot};

/// A group on the way down.
struct From<'a> {
    group: &'a Tile,
    /// Whether it holds other points than the score.
    inner: bool,
}

/// Hands the score of each account down to the measures, and writes what is asked for of them.
#[inline(always)]
pub(super) fn hand<N: Lane>(
    plan: &Plan,
    (tiles, raws): (&mut [Tile], &[Raw<'_>]),
    row: usize,
    targets: &mut [Target<'_>],
    (at, stream): (usize, bool),
) {
    for (index, group) in plan.groups.iter().enumerate() {
        let (above, below) = tiles.split_at_mut(index + 1);
        let Some(tile) = above.last() else { continue };
        let from = From { group: tile, inner: index > 0 };
        for slot in &group.children {
            let Place::Group(inner) = slot.place else { continue };
            if let Some(inner) = below.get_mut(inner.wrapping_sub(index + 1)) {
                from.to_group::<N>(slot, inner);
            }
        }
    }
    for target in targets {
        let Column::Contribution(index) = target.column else { continue };
        let Values::Numbers(values) = &mut target.values else { continue };
        let (Some(measure), Some(raw)) = (plan.measures.get(index), raws.get(index)) else { continue };
        if let (Some(group), Some(to)) = (tiles.get(measure.parent), values.get_mut(at..at + SPAN)) {
            From { group, inner: measure.parent > 0 }.to_measure::<N>(raw, row, to, stream);
        }
    }
}

impl From<'_> {
    #[inline(always)]
    fn to_group<N: Lane>(&self, slot: &Slot, inner: &mut Tile) {
        for place in (0..SPAN).step_by(N::WIDTH) {
            let child = inner.child::<N>(slot.weight, place);
            self.part(place, &child).store(&mut inner.held, place);
        }
    }

    #[inline(always)]
    fn to_measure<N: Lane>(&self, raw: &Raw<'_>, row: usize, to: &mut [f64], stream: bool) {
        match shape(std::slice::from_ref(raw)) {
            PLAIN => self.of_shape::<N, PLAIN>(raw, row, to, stream),
            REVERSED => self.of_shape::<N, REVERSED>(raw, row, to, stream),
            _ => self.of_shape::<N, LINE>(raw, row, to, stream),
        }
    }

    #[inline(always)]
    fn of_shape<N: Lane, const SHAPE: u8>(&self, raw: &Raw<'_>, row: usize, to: &mut [f64], stream: bool) {
        let bits = raw.bits(row);
        for place in (0..SPAN).step_by(N::WIDTH) {
            let (child, _) = raw.child::<N, SHAPE>(row + place, (bits >> place, 0), false);
            let points = self.part(place, &child);
            if stream {
                points.stream(to, place);
            } else {
                points.store(to, place);
            }
        }
    }

    /// What a child has of the points of its group.
    #[inline(always)]
    fn part<N: Lane>(&self, place: usize, child: &Child<N>) -> N {
        let outcome = self.group.outcome::<N>(place);
        let part = kernel::contribution(Kind::Mean, None, &outcome, child, N::splat(1.0));
        let held = self.inner.then(|| N::load(&self.group.held, place));
        points(held, outcome.unit, part)
    }
}
