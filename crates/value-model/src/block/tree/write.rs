//! From the groups of a span to the columns that were asked for.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::super::finish::{Form, bands_of_eight};
use super::super::{Column, Target, Values};
use super::SPAN;
use super::step::Tile;
use crate::lane::Lane;
use crate::scorecard::{Plan, Polarity};

/// Writes what is asked for of the accounts of a span, if it is a number or a band.
#[inline(always)]
pub(super) fn write<N: Lane>(plan: &Plan, tiles: &[Tile], target: &mut Target<'_>, at: usize, stream: bool) {
    let (index, form) = match target.column {
        Column::Group(index) => (index, Form::Points),
        Column::GroupCost(index) => (index, Form::Cost),
        Column::Coverage => (0, Form::Plain),
        Column::Contribution(_) => return,
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
            // One loop for each form, with no question in it.
            match form {
                Form::Plain => numbers::<N>(from, to, stream, Form::Plain, scored),
                Form::Points => numbers::<N>(from, to, stream, Form::Points, scored),
                Form::Cost => numbers::<N>(from, to, stream, Form::Cost, scored),
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

#[inline(always)]
fn numbers<N: Lane>(from: &[f64; SPAN], to: &mut [f64], stream: bool, form: Form, scored: u64) {
    if stream {
        for place in (0..SPAN).step_by(N::WIDTH) {
            form.of(N::load(from, place), N::mask(scored >> place)).stream(to, place);
        }
    } else {
        for place in (0..SPAN).step_by(N::WIDTH) {
            form.of(N::load(from, place), N::mask(scored >> place)).store(to, place);
        }
    }
}
