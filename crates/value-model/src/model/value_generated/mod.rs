//! Value generated: what the customer gains, how the product performs, and what comes back.

mod business;
mod input;
mod performance;
mod result;
#[cfg(test)]
mod tests;

pub use business::{BusinessValueInput, Estimate, Flows, Pillar};
pub use input::{BusinessOutcomesInput, ExperienceValueInput, Ranged, ValueGeneratedInput};
pub use performance::{KpiResult, NextStep, PerformanceBy, PerformanceValueInput, SmartKpi, SmartLetter};
pub use result::ValueGenerated;

use super::part::Part;
use super::sheet::{Marks, Sheet, change, replace};
use crate::catalog::{Formula, Source};
use crate::metric::ces::{Ces, ces};
use crate::metric::csat::{Csat, csat};
use crate::metric::nps::{Nps, nps};
use crate::presets::value_generated::{
    BUSINESS_OUTCOMES, BUSINESS_VALUE, EXPERIENCE_VALUE, ID, OUTSIDE_IN, PERFORMANCE_VALUE,
};
use crate::scale::{CompiledScale, Scale};
use crate::scorecard::{Node, Scorecard};
use crate::{Error, math, presets};

/// Catalog entry of [`value_generated`].
pub const FORMULA: Formula = Formula {
    id: "value_generated",
    version: 1,
    source: Source::ValueGenerated,
    expression: "business = 100 * PVB/(PVB + PVC); experience = 100 * mean(nps, csat, ces, retention); \
                 outside_in = mean(business, experience); performance = 100 * sum w*progress / sum w; \
                 outcomes = 100 * mean(revenue, tenure, advocacy, cost_to_serve); \
                 score = mean(outside_in, performance, outcomes); gap = mean(outside_in, performance) - outcomes",
};

const fn one() -> f64 {
    1.0
}

/// Value generated, 0..100, in three equal steps.
///
/// # Errors
/// Those of [`roi`](crate::metric::roi::roi), [`nps`], [`csat`], [`ces`] and
/// [`progress`](crate::metric::progress::progress), under the path of their step; [`Error::Conflict`] for a range or an
/// estimate out of order, [`Error::OutsideScale`] for a retention or pillar outside its range, [`Error::Weight`],
/// [`Error::ZeroWeight`], [`Error::Text`], [`Error::Duplicate`].
///
/// # Examples
/// ```
/// use value_model::metric::csat::CsatInput;
/// use value_model::metric::discount::Convention;
/// use value_model::model::value_generated::{
///     BusinessValueInput, Flows, SmartKpi, ValueGeneratedInput, value_generated,
/// };
/// let mut input = ValueGeneratedInput::new("2026-11-01".parse()?);
/// input.business_value = Some(BusinessValueInput {
///     rate: 0.1,
///     convention: Convention::AtStart,
///     flows: Flows::Plain { benefits: vec![0.0, 330.0], costs: vec![100.0] },
///     pillars: None,
/// });
/// input.experience_value.csat = Some(CsatInput { satisfied: 42, responses: 50 });
/// input.experience_value.retention = Some(0.9);
/// let kpi = SmartKpi::new("handling_time", "minutes", 30.0, 20.0, "2026-12-31".parse()?);
/// input.performance_value.kpis = vec![SmartKpi { current: Some(24.0), ..kpi }];
/// input.business_outcomes.revenue = Some(1.08.into());
/// input.business_outcomes.tenure = Some(18.0.into());
/// let result = value_generated(&input)?;
/// assert!((result.business_value.score.unwrap() - 75.0).abs() < 1e-9);
/// assert!((result.score.unwrap() - 65.33333333333333).abs() < 1e-9);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn value_generated(input: &ValueGeneratedInput) -> Result<ValueGenerated, Error> {
    let mut card = presets::scorecard(ID)?;
    let mut sheet = Sheet::new();
    let mut cash = None;
    if let Some(business) = &input.business_value {
        let place = |error: Error| error.within("business_value");
        let (value, node) = business::gather(business, &mut sheet).map_err(place)?;
        cash = Some(value);
        replace(&mut card.tree, BUSINESS_VALUE, &node);
    }
    let experience =
        experience(input, &mut card, &mut sheet).map_err(|error| error.within("experience_value"))?;
    let (kpi_group, kpis) = performance::gather(&input.performance_value, input.as_of, &mut sheet)
        .map_err(|error| error.within("performance_value"))?;
    if let Some(group) = kpi_group {
        replace(&mut card.tree, PERFORMANCE_VALUE, &Node::Group(group));
    }
    outcomes(input, &mut card, &mut sheet)?;
    let marks = sheet.assess(card, input.as_of)?;
    Ok(ValueGenerated { cash, npv: cash.map(|cash| cash.npv), kpis, ..read(marks, experience) })
}

#[derive(Clone, Copy)]
struct Experience {
    nps: Option<Nps>,
    csat: Option<Csat>,
    ces: Option<Ces>,
}

/// Survey scores as units: the metrics say how each of them becomes one.
fn experience(
    input: &ValueGeneratedInput,
    card: &mut Scorecard,
    sheet: &mut Sheet,
) -> Result<Experience, Error> {
    let given = &input.experience_value;
    let nps = given.nps.as_ref().map(nps).transpose().map_err(|error| error.within("nps"))?;
    let csat = given.csat.as_ref().map(csat).transpose().map_err(|error| error.within("csat"))?;
    let ces = given.ces.as_ref().map(ces).transpose().map_err(|error| error.within("ces"))?;
    let units = [
        ("nps", nps.map(|nps| nps.unit)),
        ("csat", csat.map(|csat| csat.share)),
        ("ces", ces.map(|ces| ces.unit)),
        ("retention", given.retention),
    ];
    for (id, unit) in units {
        change(&mut card.tree, id, &mut |measure| measure.scale = Scale::Unit);
        sheet.answer(id, format!("experience_value.{id}"), unit.into_iter().map(Into::into).collect());
    }
    Ok(Experience { nps, csat, ces })
}

fn outcomes(input: &ValueGeneratedInput, card: &mut Scorecard, sheet: &mut Sheet) -> Result<(), Error> {
    for (id, ranged) in input.business_outcomes.known() {
        let place = format!("{BUSINESS_OUTCOMES}.{id}");
        let mut checked = Ok(());
        change(&mut card.tree, id, &mut |measure| {
            if let Scale::Linear { worst, best } = &mut measure.scale {
                *worst = ranged.worst.unwrap_or(*worst);
                *best = ranged.best.unwrap_or(*best);
            }
            checked = CompiledScale::new(&measure.scale).map(|_| ());
        });
        checked.map_err(|error| {
            let field = error.field().rsplit('.').next().unwrap_or_default().to_owned();
            error.at(format!("{place}.{field}"))
        })?;
        sheet.answer(id, format!("{place}.value"), vec![ranged.value.into()]);
    }
    Ok(())
}

fn read(marks: Marks, experience: Experience) -> ValueGenerated {
    let Experience { nps, csat, ces } = experience;
    let [outside_in, performance_value, business_outcomes] =
        [OUTSIDE_IN, PERFORMANCE_VALUE, BUSINESS_OUTCOMES].map(|step| marks.part(step));
    let gap = || {
        let inside = f64::midpoint(outside_in.score?, performance_value.score?);
        Some(math::unsigned_zero(inside - business_outcomes.score?))
    };
    let Part { score, reason, lower, upper, coverage, .. } = marks.root;
    ValueGenerated {
        score,
        reason,
        lower,
        upper,
        coverage,
        outside_in,
        business_value: marks.part(BUSINESS_VALUE),
        experience_value: marks.part(EXPERIENCE_VALUE),
        performance_value,
        business_outcomes,
        gap: gap(),
        npv: None,
        cash: None,
        pillars: marks.group(business::PILLARS).map(Part::from),
        nps,
        csat,
        ces,
        kpis: Vec::new(),
        outcomes: marks.measures.into_iter().filter(|measure| OUTCOME_IDS.contains(&&*measure.id)).collect(),
    }
}

const OUTCOME_IDS: [&str; 4] = ["revenue", "tenure", "advocacy", "cost_to_serve"];
