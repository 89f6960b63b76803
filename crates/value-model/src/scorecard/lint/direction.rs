//! Whether a higher raw value gives a higher unit, and whether the label agrees.

use super::super::document::Measure;
use super::words::{Expected, expected};
use crate::scale::Scale;

/// What is wrong and what to do, where a scale's direction contradicts its label.
pub(super) fn contradiction(measure: &Measure) -> Option<(String, &'static str)> {
    let rises = rises(&measure.scale)? != measure.reverse;
    match expected(measure)? {
        (Expected::Less, word) if rises => Some((
            format!(
                "gives a higher score the more there is, but `{word}` in `{}` is better when low",
                measure.id
            ),
            "set `reverse`, or put `worst` above `best`",
        )),
        (Expected::More, word) if !rises => Some((
            format!(
                "gives a lower score the more there is, but `{word}` in `{}` is better when high",
                measure.id
            ),
            "take out `reverse`, or put `best` above `worst`",
        )),
        _ => None,
    }
}

/// Whether the unit rises with the raw value; `None` where it does neither, or where values have no order.
fn rises(scale: &Scale) -> Option<bool> {
    match scale {
        Scale::YesNo
        | Scale::Unit
        | Scale::Percent
        | Scale::Score
        | Scale::Likert { .. }
        | Scale::Growth
        | Scale::Peer { .. } => Some(true),
        Scale::Linear { worst, best } | Scale::LinearBounded { worst, best } => Some(best > worst),
        Scale::Steps { below, steps } => {
            trend(std::iter::once(*below).chain(steps.iter().map(|step| step.unit)))
        }
        Scale::Points(points) => trend(points.iter().map(|point| point.unit)),
        Scale::Progress { baseline, target, tolerance: None }
        | Scale::Pace { baseline, target, tolerance: None, .. } => Some(target > baseline),
        Scale::Levels(_) | Scale::Within { .. } | Scale::Progress { .. } | Scale::Pace { .. } => None,
    }
}

fn trend(units: impl Iterator<Item = f64>) -> Option<bool> {
    let (mut last, mut up, mut down) = (None, false, false);
    for unit in units {
        up |= last.is_some_and(|last| unit > last);
        down |= last.is_some_and(|last| unit < last);
        last = Some(unit);
    }
    (up != down).then_some(up)
}
