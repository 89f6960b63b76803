//! Value Unknown: value in places that nobody had planned for.

use super::input::{PerceivedValueInput, ValueArea};
use super::result::{AreaResult, UnplannedReason};
use crate::answer::Answer;
use crate::model::sheet::{Sheet, placed};
use crate::presets::perceived_value::VU;
use crate::{Error, check};

/// Every area, and what new areas make up.
pub(super) struct Areas {
    pub(super) judged: Vec<AreaResult>,
    pub(super) unplanned_share: Option<f64>,
    pub(super) unplanned_reason: Option<UnplannedReason>,
}

/// One kind of areas: what the counted ones sum to, and what they leave of 1 when each takes its part.
struct Found {
    sum: f64,
    left: f64,
}

/// Judges every area and adds the value of the new ones to the sheet.
pub(super) fn gather(input: &PerceivedValueInput, sheet: &mut Sheet) -> Result<Areas, Error> {
    let mut judged = Vec::new();
    let mut judge = |field, list: &Option<Vec<ValueArea>>, planned| match list {
        Some(list) => found(field, list, planned, input, &mut judged).map(Some),
        None => Ok(None),
    };
    let planned = judge("planned_areas", &input.planned_areas, true)?;
    let new = judge("new_areas", &input.new_areas, false)?;
    if let Some(new) = &new {
        // CHOICE: areas without evidence that counts are as if not found, so that adding one never lowers the score.
        sheet.answer(VU, "new_areas", vec![Answer::new(1.0 - new.left)]);
    }
    let (unplanned_share, unplanned_reason) = match (&new, &planned) {
        (Some(new), Some(planned)) if new.sum + planned.sum > 0.0 => {
            (Some(100.0 * new.sum / (new.sum + planned.sum)), None)
        }
        (Some(_), Some(_)) => (None, Some(UnplannedReason::NoValue)),
        _ => (None, Some(UnplannedReason::NotAsked)),
    };
    Ok(Areas { judged, unplanned_share, unplanned_reason })
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
        let value = check::unit(format!("{field}[{index}].value"), area.value)?;
        if let Some(on) = area.on {
            check::not_after(format!("{field}[{index}].on"), on, input.as_of)?;
        }
        let factor = input.evidence.factor(area.source.or(input.default_source));
        // CHOICE: under graded evidence an area counts by the grade of its source.
        found.sum += factor * value;
        found.left *= 1.0 - factor * value;
        out.push(AreaResult { id: area.id.clone(), planned, value, area: area.area, counted: factor > 0.0 });
    }
    Ok(found)
}
