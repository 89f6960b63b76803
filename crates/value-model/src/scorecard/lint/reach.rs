//! Which bands a score can reach at all.

use std::collections::BTreeSet;

use super::super::document::{Action, Aggregator, Group, Measure, MissingRule, Node, Predicate, Scorecard};
use super::super::scorer::Scorer;
use super::{LintCode, Warning};
use crate::scale::{Level, Scale};

/// Units from the first to the second.
type Range = (f64, f64);

/// A warning for each band that no score reaches.
pub(super) fn unreachable_bands(card: &Scorecard, scorer: &Scorer) -> Vec<Warning> {
    let Some(range) = group(&card.tree) else { return Vec::new() };
    let points = after_rules(card, range);
    let mut reached: BTreeSet<u32> =
        (scorer.band_of(range.0 * 100.0)..=scorer.band_of(range.1 * 100.0)).collect();
    reached.extend(points.iter().map(|unit| scorer.band_of(unit * 100.0)));
    let bands = card.bands.names.iter().enumerate();
    bands
        .filter(|(index, _)| !u32::try_from(*index).is_ok_and(|index| reached.contains(&index)))
        .map(|(index, name)| Warning {
            code: LintCode::UnreachableBand,
            field: format!("bands.names[{index}]"),
            message: format!(
                "`{name}` is out of reach: scores of this tree lie from {} to {}",
                range.0 * 100.0,
                range.1 * 100.0
            ),
            suggestion: "move the cut points, or let the scales reach further".into(),
        })
        .collect()
}

/// The units that rules can put beside the range of the tree.
///
/// A rule that fires leaves the score or moves it to its own unit, and whether it fires may depend on the account;
/// so rules only ever add single units.
fn after_rules(card: &Scorecard, (low, high): Range) -> Vec<f64> {
    let mut points: Vec<f64> = Vec::new();
    for rule in card.rules.iter().filter(|rule| can_fire(&rule.when, &card.tree)) {
        let least = points.iter().copied().fold(low, f64::min);
        let most = points.iter().copied().fold(high, f64::max);
        match rule.then {
            Action::Cap(to) if most >= to => points.push(to),
            Action::Floor(to) if least <= to => points.push(to),
            Action::Set(to) => points.push(to),
            Action::Cap(_) | Action::Floor(_) => {}
        }
    }
    points
}

fn can_fire(when: &Predicate, tree: &Group) -> bool {
    let range = |id: &str| find(tree, id).and_then(measure);
    match when {
        Predicate::Missing { .. } => true,
        Predicate::Below { measure, unit } => range(measure).is_some_and(|(low, _)| low < *unit),
        Predicate::Above { measure, unit } => range(measure).is_some_and(|(_, high)| high > *unit),
        Predicate::Equals { measure, unit } => {
            range(measure).is_some_and(|(low, high)| (low..=high).contains(unit))
        }
    }
}

fn find<'a>(group: &'a Group, id: &str) -> Option<&'a Measure> {
    group.children.iter().find_map(|child| match child {
        Node::Group(inner) => find(inner, id),
        Node::Measure(measure) => (measure.id == id).then_some(measure),
    })
}

/// The units a group can have. Any child may be missing or not apply, so that the others carry its weight: the worst
/// group is its worst child alone. `None` where it never has a unit.
fn group(group: &Group) -> Option<Range> {
    let uplift = match &group.aggregator {
        Aggregator::Headroom { uplift } => uplift.as_slice(),
        _ => &[],
    };
    let lifts = |child: &Node| uplift.iter().any(|id| id == child.id());
    let counted = || group.children.iter().filter(|child| child.weight() > 0.0);
    let base = counted().filter(|child| !lifts(child)).filter_map(node);
    let fill = match group.missing {
        MissingRule::Renormalise | MissingRule::Fail => None,
        MissingRule::Zero => Some((0.0, 0.0)),
        MissingRule::Neutral(unit) => Some((unit, unit)),
    };
    let (low, high) = base.chain(fill).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    let lift: f64 = counted()
        .filter(|child| lifts(child))
        .filter_map(|child| node(child).map(|range| child.weight() * range.1))
        .sum();
    Some((low, high + (1.0 - high) * lift))
}

fn node(node: &Node) -> Option<Range> {
    match node {
        Node::Group(inner) => group(inner),
        Node::Measure(leaf) => measure(leaf),
    }
}

/// The units a measure can have; `None` where no answer gives one.
fn measure(measure: &Measure) -> Option<Range> {
    let whole = Some((0.0, 1.0));
    let hull = |units: &mut dyn Iterator<Item = f64>| {
        units.map(|unit| (unit, unit)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    };
    let range = match &measure.scale {
        Scale::Levels(levels) => hull(&mut levels.values().filter_map(|level| match level {
            Level::Unit(unit) => Some(*unit),
            Level::NotApplicable => None,
        })),
        Scale::Steps { below, steps } => {
            hull(&mut std::iter::once(*below).chain(steps.iter().map(|step| step.unit)))
        }
        Scale::Points(points) => hull(&mut points.iter().map(|point| point.unit)),
        _ => whole,
    };
    range.map(|(low, high)| if measure.reverse { (1.0 - high, 1.0 - low) } else { (low, high) })
}
