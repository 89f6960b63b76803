//! Value realization: indicators of value against the costs of working together.

mod goals;
mod input;
mod result;
#[cfg(test)]
mod tests;

pub use goals::{Goal, GoalKind, GoalResult, Kpi};
pub use input::{Alternative, Costs, Indicators, Price, ValueRealizationInput};
pub use result::{NoRatio, ValueRealization};

use super::part::Part;
use super::sheet::{Sheet, change, replace};
use crate::answer::{Answer, Answers};
use crate::catalog::{Formula, Source};
use crate::presets::value_realization::{COSTS, ID, VALUE};
use crate::scale::{CompiledScale, Scale};
use crate::scorecard::{Measure, Node, Scorecard};
use crate::{Error, check, math, presets};
use goals::Derived;

/// Catalog entry of [`value_realization`].
pub const FORMULA: Formula = Formula {
    id: "value_realization",
    version: 1,
    source: Source::ValueRealization,
    expression: "pvs = 100 * mean(indicators); pcs = 100 * mean(burdens); score = a*pvs + (1-a)*(100 - pcs); \
                 difference = pvs - pcs; ratio = pvs/pcs; share = 100 * pvs/(pvs + pcs); \
                 relative = score - score(alternative)",
};

/// The final score, 0..100, with both of its sides; 50 is break-even.
///
/// # Errors
/// [`Error::OutsideScale`] and [`Error::InvalidDate`] for an answer, [`Error::AfterAsOf`] for a day that has not come,
/// [`Error::Conflict`] for an indicator that is both answered and derived, [`Error::OutOfRange`], [`Error::NotFinite`],
/// [`Error::Text`], [`Error::Duplicate`], [`Error::Overflow`].
///
/// # Examples
/// ```
/// use value_model::Date;
/// use value_model::model::value_realization::{ValueRealizationInput, value_realization};
/// let as_of: Date = "2026-11-01".parse()?;
/// let mut input = ValueRealizationInput::new(as_of);
/// input.indicators.executive_confirmation = vec!["2026-09-30".into()];
/// input.indicators.full_usage = vec![0.5.into()];
/// input.indicators.goals_documented = vec![true.into()];
/// for cost in [&mut input.costs.financial, &mut input.costs.learning, &mut input.costs.emotional] {
///     *cost = vec![0.25.into()];
/// }
/// let result = value_realization(&input)?;
/// assert_eq!((result.pcs.score, result.pvs.coverage), (Some(25.0), 0.5));
/// assert!((result.score.unwrap() - 79.16666666666667).abs() < 1e-12);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn value_realization(input: &ValueRealizationInput) -> Result<ValueRealization, Error> {
    let derived = input.goals.as_deref().map(|goals| goals::derive(goals, input.as_of)).transpose()?;
    let sheet = gather(input, derived.as_ref())?;
    let marks = sheet.assess(card(input)?, input.as_of)?;
    let (pvs, pcs) = (marks.part(VALUE), turned(marks.part(COSTS)));
    let both = pvs.score.zip(pcs.score);
    let (ratio, ratio_reason) = per(both, |pvs, pcs| (pvs, pcs));
    let (share, share_reason) = per(both, |pvs, pcs| (100.0 * pvs, pvs + pcs));
    let alternative_score = input.alternative.map(|other| judged(other, input)).transpose()?.flatten();
    let root = marks.root;
    Ok(ValueRealization {
        score: root.score,
        reason: root.reason,
        lower: root.lower,
        upper: root.upper,
        coverage: root.coverage,
        pvs,
        pcs,
        difference: both.map(|(pvs, pcs)| math::unsigned_zero(pvs - pcs)),
        ratio,
        ratio_reason,
        share,
        share_reason,
        alternative_score,
        relative: root.score.zip(alternative_score).map(|(us, other)| math::unsigned_zero(us - other)),
        goals: derived.map_or_else(Vec::new, |derived| derived.goals),
        measures: marks.measures,
    })
}

/// Every answer, stated or derived.
fn gather(input: &ValueRealizationInput, derived: Option<&Derived>) -> Result<Sheet, Error> {
    let mut sheet = Sheet::new();
    sheet.record.default_source = input.default_source;
    sheet.record.default_on = input.default_on;
    for (measure, stated) in input.indicators.each() {
        let derived = derived.and_then(|derived| from_goals(measure, derived));
        let place = format!("indicators.{measure}");
        let answers = either(&place, stated, derived, "`goals` are given, which say the same")?;
        sheet.answer(measure, place, answers);
    }
    let financial = input.price.map(burden).transpose()?;
    for (measure, stated) in input.costs.each().filter(|(measure, _)| *measure != "experience_liking") {
        let place = format!("costs.{measure}");
        let answers = match measure {
            "financial" => {
                either(&place, stated, financial.clone(), "`price` is given, which says the same")?
            }
            "experience" if !input.costs.experience_liking.is_empty() => {
                let reason = "`experience_liking` is given, which says the same";
                either(&place, stated, Some(Answer::default()), reason)?;
                sheet.answer(measure, "costs.experience_liking", input.costs.experience_liking.clone());
                continue;
            }
            _ => stated.clone(),
        };
        sheet.answer(measure, place, answers);
    }
    Ok(sheet)
}

fn from_goals(measure: &str, derived: &Derived) -> Option<Answer> {
    match measure {
        "goals_documented" => Some(derived.goals_documented.into()),
        "metrics_documented" => Some(derived.metrics_documented.into()),
        "metrics_progressing" => Some(derived.metrics_progressing.into()),
        _ => None,
    }
}

/// What is stated or what is derived; two versions of one fact are refused.
fn either(
    place: &str,
    stated: &Answers,
    derived: Option<Answer>,
    why: &'static str,
) -> Result<Answers, Error> {
    match derived {
        None => Ok(stated.clone()),
        Some(derived) if stated.is_empty() => Ok(vec![derived]),
        Some(_) => {
            let reason = format!("must not be answered when {why}").into();
            Err(Error::Conflict { field: place.to_owned().into(), reason })
        }
    }
}

/// The financial burden: price per documented benefit, severe from the point on where the price eats all of it.
fn burden(price: Price) -> Result<Answer, Error> {
    let paid = check::not_negative("price.annual_price", price.annual_price)?;
    let benefit = check::positive("price.documented_annual_benefit", price.documented_annual_benefit)?;
    Ok(math::clamp_unit(paid / benefit).into())
}

/// The preset with this input's weight and scales.
fn card(input: &ValueRealizationInput) -> Result<Scorecard, Error> {
    let value = check::unit("value_weight", input.value_weight)?;
    CompiledScale::new(&input.burden_scale).map_err(|error| error.within("burden_scale"))?;
    let mut card = presets::scorecard(ID)?;
    for child in &mut card.tree.children {
        if let Node::Group(group) = child {
            group.weight = if group.id == COSTS { 1.0 - value } else { value };
        }
    }
    for (cost, _) in input.costs.each() {
        // A burden that was derived is a unit already.
        if cost != "financial" || input.price.is_none() {
            change(&mut card.tree, cost, &mut |measure| measure.scale = input.burden_scale.clone());
        }
    }
    if !input.costs.experience_liking.is_empty() {
        change(&mut card.tree, "experience", &mut |measure| measure.reverse = false);
    }
    Ok(card)
}

/// The score of the alternative, by the same root over its two scores.
fn judged(other: Alternative, input: &ValueRealizationInput) -> Result<Option<f64>, Error> {
    let mut card = card(input)?;
    replace(&mut card.tree, VALUE, &Measure::new(VALUE, Scale::Score).into());
    replace(&mut card.tree, COSTS, &Measure::new(COSTS, Scale::Score).reversed().into());
    let mut sheet = Sheet::new();
    for (side, place, score) in [(VALUE, "alternative.pvs", other.pvs), (COSTS, "alternative.pcs", other.pcs)]
    {
        sheet.answer(side, place, vec![check::between(place, score, 0.0, 100.0)?.into()]);
    }
    Ok(sheet.assess(card, input.as_of)?.root.score)
}

/// Costs as they are read: higher is worse, so the most that is missing becomes the least of what there is.
fn turned(costs: Part) -> Part {
    Part {
        score: costs.score.map(|score| 100.0 - score),
        lower: 100.0 - costs.upper,
        upper: 100.0 - costs.lower,
        ..costs
    }
}

fn per(both: Option<(f64, f64)>, parts: fn(f64, f64) -> (f64, f64)) -> (Option<f64>, Option<NoRatio>) {
    match both.map(|(pvs, pcs)| parts(pvs, pcs)) {
        None => (None, Some(NoRatio::SideMissing)),
        Some((_, below)) if below <= 0.0 => (None, Some(NoRatio::DivisionByZero)),
        Some((above, below)) => (Some(above / below), None),
    }
}
