//! The four scores and the one that they make, from lists that have been read.

use super::frame::Frame;
use super::input::{IntendedValue, PerceivedValueInput};
use super::outcomes::{self, Judged};
use super::{expansion, perception, unknown};
use crate::Error;
use crate::answer::{Answer, Missing};
use crate::model::sheet::strongest;
use crate::model::{NoScore, Part};
use crate::scale::CompiledScale;
use crate::scorecard::{
    Asked, Branch, Child, CompiledGroup, CompiledMeasure, InsufficientReason, Leaf, Response, Slot, bounded,
    check_counting,
};

/// What was said, list by list.
pub(super) struct Said<'a> {
    pub(super) outcomes: &'a [Judged],
    /// With their places on the wire.
    pub(super) values: &'a [(usize, &'a IntendedValue)],
    /// The scale of their responses.
    pub(super) rating: CompiledScale,
    pub(super) expansion: &'a [Answer],
    /// What new areas make up, if anybody asked.
    pub(super) unknown: Option<&'a Answer>,
}

/// The scores, and what the answers came to.
pub(super) struct Marks {
    pub(super) root: Part,
    pub(super) rbo: Part,
    pub(super) vp: Part,
    pub(super) ve: Part,
    pub(super) vu: Part,
    /// One for each intended value.
    pub(super) values: Vec<(Leaf, Response)>,
    pub(super) expansion: Response,
}

/// One of the four.
enum Side<'a> {
    /// A list, and the strongest reason for which an entry has no unit.
    List(Branch<'a>, Option<Missing>),
    /// One measure.
    Measure(Leaf, Option<Missing>),
}

impl Side<'_> {
    fn child(&self, slot: &Slot) -> Child<f64> {
        match self {
            Self::List(branch, _) => branch.child(slot.weight, slot.uplift),
            Self::Measure(leaf, _) => leaf.child(slot.weight, slot.uplift),
        }
    }

    const fn missing(&self) -> Option<Missing> {
        match self {
            Self::List(_, missing) | Self::Measure(_, missing) => *missing,
        }
    }

    fn part(&self, points: f64) -> Part {
        match self {
            Self::List(branch, missing) => part(branch, *missing, points),
            Self::Measure(leaf, missing) => {
                Part::of_measure(missing.is_none().then_some(leaf.unit), leaf.factor, *missing, points)
            }
        }
    }
}

/// A group; where nothing is answered it says the strongest reason of what is in it.
fn part(branch: &Branch, missing: Option<Missing>, points: f64) -> Part {
    let reason = branch.reason();
    let part = Part::of_group(&branch.score(), reason, points);
    if reason == Some(InsufficientReason::NothingAnswered) {
        return Part { reason: Some(missing.map_or(NoScore::NoData, NoScore::from)), ..part };
    }
    part
}

impl<'a> Side<'a> {
    /// A list of this group's children; an empty one is a measure that nobody answered.
    fn list(
        group: &'a CompiledGroup,
        children: &'a [Child<f64>],
        missing: impl IntoIterator<Item = Missing>,
    ) -> Self {
        if children.is_empty() {
            return Self::Measure(Leaf::MISSING, Some(Missing::NoData));
        }
        Self::List(Branch::new(group, children), strongest(missing))
    }
}

/// Scores what was said.
///
/// # Errors
/// Those of the rules by which answers count, and of answers.
pub(super) fn scored(input: &PerceivedValueInput, said: Said<'_>) -> Result<Marks, Error> {
    check_counting(&input.evidence, input.recency, &input.persona_weights)?;
    weigh(0, said.outcomes.iter().map(|judged| judged.weight))?;
    weigh(1, said.values.iter().map(|(_, value)| value.importance))?;
    let frame = Frame::of(input.combine)?;
    let asked = Asked {
        as_of: input.as_of,
        source: input.default_source,
        persona: None,
        on: input.default_on,
        codes: &frame.codes,
        weights: &input.persona_weights,
    };
    asked.check()?;
    let outcomes = outcomes::answered(asked, &frame.outcome.under(input), said.outcomes)?;
    let value = CompiledMeasure { scale: said.rating, ..frame.value.under(input) };
    let values = perception::answered(asked, &value, said.values)?;
    let (ve, expansion) = expansion::answered(asked, &frame.expansion.under(input), said.expansion)?;
    let (vu, unknown) = unknown::answered(asked, &frame.unknown.under(input), said.unknown)?;
    let weighed = said.outcomes.iter().zip(&outcomes);
    let children: Vec<_> = weighed.map(|(judged, (leaf, _))| leaf.child(judged.weight, false)).collect();
    let rbo = Side::list(&frame.outcomes, &children, outcomes.iter().filter_map(|(_, missing)| *missing));
    let weighed = said.values.iter().zip(&values);
    let children: Vec<_> =
        weighed.map(|((_, value), (leaf, _))| leaf.child(value.importance, false)).collect();
    let vp = Side::list(&frame.values, &children, values.iter().filter_map(|(_, said)| said.missing));
    let sides = [rbo, vp, Side::Measure(ve, expansion.missing), Side::Measure(vu, unknown)];
    let (root, [rbo, vp, ve, vu]) = joined(&frame.root, &sides);
    Ok(Marks { root, rbo, vp, ve, vu, values, expansion })
}

/// The root, and its four parts with their points.
fn joined(root: &CompiledGroup, sides: &[Side<'_>; 4]) -> (Part, [Part; 4]) {
    let mut children = [Child::nothing(); 4];
    for ((child, side), slot) in children.iter_mut().zip(sides).zip(&root.children) {
        *child = side.child(slot);
    }
    let root = Branch::new(root, &children);
    let mut parts = [Part::UNKNOWN; 4];
    for ((part, side), points) in parts.iter_mut().zip(sides).zip(root.points()) {
        *part = side.part(points);
    }
    (part(&root, strongest(sides.iter().filter_map(Side::missing)), 0.0), parts)
}

/// Checks the weights of a list, which is this child of the root.
fn weigh(child: u8, weights: impl Iterator<Item = f64>) -> Result<(), Error> {
    bounded("children", weights.fold(0.0, |sum, weight| sum + weight))
        .map_err(|error| error.within(&format!("tree.children[{child}]")))?;
    Ok(())
}
