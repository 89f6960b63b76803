//! Checks of a group's children: their weights, and the lists that name them.

use std::collections::BTreeSet;

use super::document::{Aggregator, Group, Node};
use crate::suggest::nearest;
use crate::{Error, check};

/// The largest sum of a group's weights that compiles. Weights are ratios, so nobody needs more; and divided by a unit,
/// as the harmonic mean does, they stay far inside the range of numbers.
// CHOICE: 10^12.
pub const MAX_WEIGHT: f64 = 1e12;

/// The deepest tree that compiles. Deeper ones are mistakes or attacks.
pub const MAX_DEPTH: u32 = 64;
/// The most measures and groups that compile.
pub const MAX_NODES: u32 = 1_000_000;

/// Refuses a tree that is too deep or too large before anything is made of it; recursion never meets one.
pub(super) fn limited(tree: &Group) -> Result<(), Error> {
    let limit = |what, found: usize, limit: u32| {
        let found = u64::try_from(found).unwrap_or(u64::MAX);
        if found <= u64::from(limit) {
            return Ok(());
        }
        Err(Error::Limit { field: "tree".into(), what, found, limit: limit.into() })
    };
    let (mut level, mut depth, mut nodes) = (vec![tree], 0, 1);
    while !level.is_empty() {
        depth += 1;
        limit("levels of groups", depth, MAX_DEPTH)?;
        nodes += level.iter().map(|group| group.children.len()).sum::<usize>();
        limit("measures and groups", nodes, MAX_NODES)?;
        let children = level.iter().flat_map(|group| &group.children);
        level = children
            .filter_map(|child| if let Node::Group(inner) = child { Some(inner) } else { None })
            .collect();
    }
    Ok(())
}

/// Weights are ratios: not negative, with a positive sum that does not overflow; uplift weights sum to at most 1.
pub(super) fn weights(group: &Group) -> Result<(), Error> {
    if let Aggregator::Headroom { uplift } = &group.aggregator {
        known(group, uplift, "aggregator.headroom.uplift")?;
    }
    let uplift = uplift(group);
    let (mut base, mut lift) = (0.0, 0.0);
    for (number, child) in group.children.iter().enumerate() {
        let weight = check::weight("weight", child.weight()).map_err(|error| of_child(number, error))?;
        if uplift.contains(child.id()) {
            lift += weight;
        } else {
            base += weight;
        }
    }
    bounded("children", base)?;
    if base <= 0.0 {
        return Err(Error::ZeroWeight { field: "children".into() });
    }
    if lift > 1.0 + 1e-9 {
        return Err(Error::OutOfRange {
            field: "aggregator.headroom.uplift".into(),
            value: lift,
            allowed: "weights that sum to at most 1".into(),
        });
    }
    Ok(())
}

/// An error of a child as one of its group: paths are put together on the way up, so that they cost nothing where all
/// is well.
pub(super) fn of_child(number: usize, error: Error) -> Error {
    error.within(&format!("children[{number}]"))
}

/// A weight, or a sum of weights, that is not too large.
pub(crate) fn bounded(field: &'static str, weight: f64) -> Result<f64, Error> {
    if weight > MAX_WEIGHT { Err(Error::Overflow { field: field.into() }) } else { Ok(weight) }
}

/// Names to look up.
pub(super) fn set(ids: &[String]) -> BTreeSet<&str> {
    ids.iter().map(String::as_str).collect()
}

/// The uplift children of a headroom group.
pub(super) fn uplift(group: &Group) -> BTreeSet<&str> {
    if let Aggregator::Headroom { uplift } = &group.aggregator { set(uplift) } else { BTreeSet::new() }
}

/// Refuses a list that names what is not a child of the group.
pub(super) fn known(group: &Group, ids: &[String], list: &str) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let children: BTreeSet<&str> = group.children.iter().map(Node::id).collect();
    for (number, id) in ids.iter().enumerate() {
        if !children.contains(id.as_str()) {
            return Err(Error::UnknownId {
                field: format!("{list}[{number}]").into(),
                id: crate::error::excerpt(id),
                suggestion: nearest(id, group.children.iter().map(Node::id)),
            });
        }
    }
    Ok(())
}
