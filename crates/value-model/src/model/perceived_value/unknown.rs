//! Value Unknown: value in places that nobody had planned for.

use super::input::{PerceivedValueInput, ValueArea};
use super::result::{AreaResult, UnplannedReason};
use crate::answer::{Answer, Missing};
use crate::model::sheet::{Place, moved, placed};
use crate::scorecard::{Asked, CompiledMeasure, Leaf};
use crate::{Error, check};

/// Every area, and what new areas make up.
pub(super) struct Areas {
    pub(super) judged: Vec<AreaResult>,
    /// What the new ones make up together, if anybody asked.
    pub(super) unknown: Option<Answer>,
    pub(super) unplanned_share: Option<f64>,
    pub(super) unplanned_reason: Option<UnplannedReason>,
}

/// One kind of areas: what the counted ones sum to, and what they leave of 1 when each takes its part.
struct Found {
    sum: f64,
    left: f64,
}

/// Judges every area.
pub(super) fn judged(input: &PerceivedValueInput) -> Result<Areas, Error> {
    let count = |list: &Option<Vec<ValueArea>>| list.as_ref().map_or(0, Vec::len);
    let mut judged = Vec::with_capacity(count(&input.planned_areas) + count(&input.new_areas));
    let mut judge = |field, list: &Option<Vec<ValueArea>>, planned| match list {
        Some(list) => found(field, list, planned, input, &mut judged).map(Some),
        None => Ok(None),
    };
    let planned = judge("planned_areas", &input.planned_areas, true)?;
    let new = judge("new_areas", &input.new_areas, false)?;
    // CHOICE: areas without evidence that counts are as if not found, so that adding one never lowers the score.
    let unknown = new.as_ref().map(|new| Answer::new(1.0 - new.left));
    let (unplanned_share, unplanned_reason) = match (&new, &planned) {
        (Some(new), Some(planned)) if new.sum + planned.sum > 0.0 => {
            (Some(100.0 * new.sum / (new.sum + planned.sum)), None)
        }
        (Some(_), Some(_)) => (None, Some(UnplannedReason::NoValue)),
        _ => (None, Some(UnplannedReason::NotAsked)),
    };
    Ok(Areas { judged, unknown, unplanned_share, unplanned_reason })
}

/// What new areas come to.
pub(super) fn answered(
    asked: Asked<'_>,
    measure: &CompiledMeasure,
    unknown: Option<&Answer>,
) -> Result<(Leaf, Option<Missing>), Error> {
    let answers = unknown.map_or(&[][..], std::slice::from_ref);
    let (leaf, said) = asked.response(measure, answers).map_err(|error| moved(error, &"new_areas".into()))?;
    Ok((leaf, said.missing))
}

fn found(
    field: &'static str,
    list: &[ValueArea],
    planned: bool,
    input: &PerceivedValueInput,
    out: &mut Vec<AreaResult>,
) -> Result<Found, Error> {
    let mut found = Found { sum: 0.0, left: 1.0 };
    for (index, area) in placed(field, list, |area| &area.id)? {
        let at = |error: Error| error.within(&Place::Entry(field, index, "").to_string());
        let value = check::unit("value", area.value).map_err(at)?;
        if let Some(on) = area.on {
            check::not_after("on", on, input.as_of).map_err(at)?;
        }
        let factor = input.evidence.factor(area.source.or(input.default_source));
        // CHOICE: under graded evidence an area counts by the grade of its source.
        found.sum += factor * value;
        found.left *= 1.0 - factor * value;
        out.push(AreaResult { id: area.id.clone(), planned, value, area: area.area, counted: factor > 0.0 });
    }
    Ok(found)
}
