//! Checks of a group's children: their weights, and the lists that name them.

use std::collections::BTreeSet;

use super::document::{Aggregator, Group, Node};
use crate::suggest::nearest;
use crate::{Error, check};

/// The largest sum of a group's weights that compiles. Weights are ratios, so nobody needs more; and divided by a unit,
/// as the harmonic mean does, they stay far inside the range of numbers.
// CHOICE: 10^12.
pub const MAX_WEIGHT: f64 = 1e12;

/// Weights are ratios: not negative, with a positive sum that does not overflow; uplift weights sum to at most 1.
pub(super) fn weights(group: &Group, path: &str) -> Result<(), Error> {
    if let Aggregator::Headroom { uplift } = &group.aggregator {
        known(group, uplift, &format!("{path}.aggregator.headroom.uplift"))?;
    }
    let uplift = uplift(group);
    let (mut base, mut lift) = (0.0, 0.0);
    for (number, child) in group.children.iter().enumerate() {
        let weight = check::weight(format!("{path}.children[{number}].weight"), child.weight())?;
        if uplift.contains(child.id()) {
            lift += weight;
        } else {
            base += weight;
        }
    }
    bounded(format!("{path}.children"), base)?;
    if base <= 0.0 {
        return Err(Error::ZeroWeight { field: format!("{path}.children").into() });
    }
    if lift > 1.0 + 1e-9 {
        return Err(Error::OutOfRange {
            field: format!("{path}.aggregator.headroom.uplift").into(),
            value: lift,
            allowed: "weights that sum to at most 1".into(),
        });
    }
    Ok(())
}

/// A weight, or a sum of weights, that is not too large.
pub(super) fn bounded(field: String, weight: f64) -> Result<f64, Error> {
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
pub(super) fn known(group: &Group, ids: &[String], path: &str) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let children: BTreeSet<&str> = group.children.iter().map(Node::id).collect();
    for (number, id) in ids.iter().enumerate() {
        if !children.contains(id.as_str()) {
            return Err(Error::UnknownId {
                field: format!("{path}[{number}]").into(),
                id: crate::error::excerpt(id),
                suggestion: nearest(id, group.children.iter().map(Node::id)),
            });
        }
    }
    Ok(())
}
