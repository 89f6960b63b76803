//! Business value: discounted benefits against discounted costs, with or without allowance for risk.

use crate::metric::discount::Convention;
use crate::metric::roi::{Roi, RoiInput, roi};
use crate::model::sheet::{Place, Sheet, placed, weights};
use crate::presets::value_generated::BUSINESS_VALUE;
use crate::scale::Scale;
use crate::scorecard::{Group, Measure, Node};
use crate::{Error, check};

/// Benefits and costs by period, in one currency.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BusinessValueInput {
    /// Discount rate per period, as a fraction above -1.
    pub rate: f64,
    /// Whether the first period is discounted; by default it is not.
    #[serde(default)]
    pub convention: Convention,
    /// Benefits and costs, all of them 0 or more.
    pub flows: Flows,
    /// Scores of the organisation's own pillars of business value; with them, business value is the mean of both. Ids
    /// are unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pillars: Option<Vec<Pillar>>,
}

/// Benefits and costs, and how much of them to believe.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Flows {
    /// As they are.
    Plain {
        /// Benefit of each period.
        benefits: Vec<f64>,
        /// Cost of each period.
        costs: Vec<f64>,
    },
    /// Benefits cut and costs raised by a share.
    Haircut {
        /// Benefit of each period.
        benefits: Vec<f64>,
        /// Cost of each period.
        costs: Vec<f64>,
        /// The share by which benefits are cut, 0..1.
        benefit_haircut: f64,
        /// The share by which costs are raised, 0 or more.
        cost_overrun: f64,
    },
    /// Estimates of three points each, of which the mean counts.
    Triangular {
        /// Benefit of each period.
        benefits: Vec<Estimate>,
        /// Cost of each period.
        costs: Vec<Estimate>,
    },
}

/// An estimate of three points, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// The least it can be, 0 or more.
    pub low: f64,
    /// What it most likely is.
    pub likely: f64,
    /// The most it can be.
    pub high: f64,
}

/// One pillar of business value, judged by people.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pillar {
    /// The pillar's id.
    pub id: String,
    /// Its weight, 0 or more.
    #[serde(default = "super::one")]
    pub weight: f64,
    /// Its score, 0..100; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
}

/// The group of pillars.
pub(super) const PILLARS: &str = "pillars";
const CASH: &str = "cash";

/// Values the flows, adds what they say to the sheet, and gives the node of business value.
pub(super) fn gather(input: &BusinessValueInput, sheet: &mut Sheet) -> Result<(Roi, Node), Error> {
    let value = valued(input)?;
    let answers: Vec<_> = value.score.into_iter().map(Into::into).collect();
    let pillars = input.pillars.as_deref().filter(|pillars| !pillars.is_empty());
    let Some(pillars) = pillars else {
        sheet.answer(BUSINESS_VALUE, "business_value", answers);
        return Ok((value, Measure::new(BUSINESS_VALUE, Scale::Score).into()));
    };
    sheet.answer(CASH, "business_value", answers);
    weights("pillars", "weight", pillars.iter().map(|pillar| pillar.weight))?;
    let mut group = Group::new(PILLARS);
    for (index, pillar) in placed("pillars", pillars, |pillar| &pillar.id)? {
        let id = format!("pillar_{index}");
        let answers = pillar.score.into_iter().map(Into::into).collect();
        sheet.answer(&id, Place::Entry("business_value.pillars", index, "score"), answers);
        group = group.child(Measure::new(id, Scale::Score).weight(pillar.weight));
    }
    let cash = Measure::new(CASH, Scale::Score);
    Ok((value, Group::new(BUSINESS_VALUE).child(cash).child(group).into()))
}

fn valued(input: &BusinessValueInput) -> Result<Roi, Error> {
    let (tag, benefits, costs) = match &input.flows {
        Flows::Plain { benefits, costs } => ("plain", benefits.clone(), costs.clone()),
        Flows::Haircut { benefits, costs, benefit_haircut, cost_overrun } => {
            let cut = check::unit("flows.haircut.benefit_haircut", *benefit_haircut)?;
            let overrun = check::not_negative("flows.haircut.cost_overrun", *cost_overrun)?;
            ("haircut", scaled(benefits, 1.0 - cut), scaled(costs, 1.0 + overrun))
        }
        Flows::Triangular { benefits, costs } => {
            let (benefits, costs) = (means("benefits", benefits), means("costs", costs));
            let place = |error: Error| error.within("flows.triangular");
            ("triangular", benefits.map_err(place)?, costs.map_err(place)?)
        }
    };
    let list = |field: &str| field.starts_with("benefits") || field.starts_with("costs");
    let place = |error: Error| {
        if list(error.field()) { error.within(&format!("flows.{tag}")) } else { error }
    };
    roi(&RoiInput { rate: input.rate, benefits, costs, convention: input.convention }).map_err(place)
}

fn scaled(flows: &[f64], factor: f64) -> Vec<f64> {
    flows.iter().map(|flow| flow * factor).collect()
}

/// The mean of each triangular estimate.
fn means(field: &str, estimates: &[Estimate]) -> Result<Vec<f64>, Error> {
    let mean = |(index, estimate): (usize, &Estimate)| {
        let Estimate { low, likely, high } = *estimate;
        let place = |point: &str| format!("{field}[{index}].{point}");
        check::not_negative(place("low"), low)?;
        check::finite(place("likely"), likely)?;
        check::finite(place("high"), high)?;
        for (point, below, above) in [("likely", low, likely), ("high", likely, high)] {
            if above < below {
                let reason = "must not be below the point before it: low, likely, high".into();
                return Err(Error::Conflict { field: place(point).into(), reason });
            }
        }
        check::computed(place("high"), (low + likely + high) / 3.0)
    };
    estimates.iter().enumerate().map(mean).collect()
}
