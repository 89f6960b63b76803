//! How much value is generated, for the customer and for the company?
#![allow(clippy::print_stdout, reason = "an example prints its result")]

use value_model::metric::csat::CsatInput;
use value_model::metric::discount::Convention;
use value_model::metric::nps::NpsInput;
use value_model::model::value_generated::{
    BusinessValueInput, Flows, SmartKpi, ValueGeneratedInput, value_generated,
};

fn main() -> Result<(), value_model::Error> {
    let mut input = ValueGeneratedInput::new("2026-11-01".parse()?);
    let (benefits, costs) = (vec![0.0, 90_000.0, 120_000.0], vec![40_000.0, 20_000.0, 20_000.0]);
    let flows = Flows::Haircut { benefits, costs, benefit_haircut: 0.2, cost_overrun: 0.1 };
    let convention = Convention::AtStart;
    input.business_value = Some(BusinessValueInput { rate: 0.1, convention, flows, pillars: None });
    input.experience_value.nps = Some(NpsInput { promoters: 55, passives: 30, detractors: 15 });
    input.experience_value.csat = Some(CsatInput { satisfied: 42, responses: 50 });
    let hours = SmartKpi::new("handling_hours", "hours", 100.0, 60.0, "2027-01-01".parse()?);
    let start = Some("2026-01-01".parse()?);
    input.performance_value.kpis = vec![SmartKpi { current: Some(70.0), start, ..hours }];
    input.business_outcomes.revenue = Some(1.08.into());
    input.business_outcomes.tenure = Some(30.0.into());
    let value = value_generated(&input)?;
    println!("Value generated {:.1}", value.score.unwrap_or_default());
    println!("Business value {:.1}", value.business_value.score.unwrap_or_default());
    println!("  net present value {:.0}", value.npv.unwrap_or_default());
    for kpi in &value.kpis {
        println!("{}: planned {:?}, actual {:?}, next {:?}", kpi.id, kpi.planned, kpi.actual, kpi.next_step);
    }
    Ok(())
}
