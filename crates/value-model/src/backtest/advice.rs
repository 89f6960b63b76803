//! Suggested weights as a model: a document of a new version, for somebody to read and decide.

use crate::Error;
use crate::scorecard::{Aggregator, Group, Node, Scorecard};

use super::weights::SuggestedWeight;

/// The scorecard with these weights, under a new version; everything else stays.
///
/// A group's weight becomes the sum of its measures' weights, so that each measure counts in the score what was advised.
/// A group none of whose measures helps gets the weight 0 and keeps the weights inside of it.
///
/// # Errors
/// [`Error::UnknownId`] for a measure without advice, [`Error::Conflict`] (`aggregator`) for a group that is no weighted
/// mean, whose weights mean something else, [`Error::ZeroWeight`] when there is no weight at all.
///
/// # Examples
/// ```
/// use value_model::backtest::advice::advised;
/// use value_model::backtest::weights::{MeasureUnits, SuggestWeightsInput, suggest_weights};
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, Measure, Scorecard};
/// let card = Scorecard::new("mine", "1", Group::new("health").child(Measure::new("usage", Scale::Unit)));
/// let measures = vec![MeasureUnits { id: "usage".into(), units: vec![Some(0.9), Some(0.1)] }];
/// let found = suggest_weights(&SuggestWeightsInput { measures, outcomes: vec![true, false], ridge: 1.0, folds: 5 })?;
/// assert_eq!(advised(&card, &found.measures, "2")?.version, "2");
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn advised(card: &Scorecard, weights: &[SuggestedWeight], version: &str) -> Result<Scorecard, Error> {
    let mut card = card.clone();
    version.clone_into(&mut card.version);
    let total = of_group(&mut card.tree, weights)?;
    if total <= 0.0 {
        return Err(Error::ZeroWeight { field: "weights".into() });
    }
    card.tree.weight = 1.0;
    Ok(card)
}

/// Sets the weights inside of a group and gives their sum, which is the group's own.
fn of_group(group: &mut Group, weights: &[SuggestedWeight]) -> Result<f64, Error> {
    if group.aggregator != Aggregator::Mean {
        return Err(Error::Conflict {
            field: "aggregator".into(),
            reason: format!("of `{}` is not `mean`, so fitted weights do not fit it", group.id).into(),
        });
    }
    let mut advice = Vec::with_capacity(group.children.len());
    for child in &mut group.children {
        advice.push(match child {
            Node::Group(inner) => of_group(inner, weights)?,
            Node::Measure(measure) => weight_of(&measure.id, weights)?,
        });
    }
    let total: f64 = advice.iter().sum();
    if total > 0.0 {
        for (child, weight) in group.children.iter_mut().zip(advice) {
            match child {
                Node::Group(inner) => inner.weight = weight,
                Node::Measure(measure) => measure.weight = weight,
            }
        }
    }
    Ok(total)
}

fn weight_of(id: &str, weights: &[SuggestedWeight]) -> Result<f64, Error> {
    match weights.iter().find(|weight| weight.id == id) {
        Some(found) => Ok(found.weight.unwrap_or_default()),
        None => Err(Error::UnknownId {
            field: "weights".into(),
            id: crate::error::excerpt(id),
            suggestion: crate::suggest::nearest(id, weights.iter().map(|weight| weight.id.as_str())),
        }),
    }
}

/// The version after this one: its last whole number is raised, or `-2` is put behind it.
///
/// # Examples
/// ```
/// use value_model::backtest::advice::next_version;
/// assert_eq!((next_version("1"), next_version("2.9"), next_version("beta")), ("2".into(), "2.10".into(), "beta-2".into()));
/// ```
pub fn next_version(version: &str) -> String {
    let start = version.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (before, digits) = version.split_at_checked(start).unwrap_or((version, ""));
    match digits.parse::<u64>().ok().and_then(|number| number.checked_add(1)) {
        Some(next) => format!("{before}{next}"),
        None => format!("{version}-2"),
    }
}
