//! Does the value that a customer sees outweigh what it costs them to work with us?
#![allow(clippy::print_stdout, reason = "an example prints its result")]

use value_model::Date;
use value_model::model::value_realization::{Alternative, Price, ValueRealizationInput, value_realization};

fn main() -> Result<(), value_model::Error> {
    let mut input = ValueRealizationInput::new("2026-11-01".parse()?);
    let confirmed: Date = "2026-10-01".parse()?;
    input.indicators.executive_confirmation = vec![confirmed.into()];
    input.indicators.full_usage = vec![0.8.into()];
    input.indicators.goals_documented = vec![true.into()];
    input.indicators.metrics_documented = vec![0.5.into()];
    input.price = Some(Price { annual_price: 60_000.0, documented_annual_benefit: 80_000.0 });
    input.costs.experience_liking = vec![0.75.into()];
    input.costs.learning = vec![0.25.into()];
    input.alternative = Some(Alternative { pvs: 50.0, pcs: 70.0 });
    input.costs.change_management = vec![0.5.into()];
    let result = value_realization(&input)?;
    let show = |name: &str, score: Option<f64>| match score {
        Some(score) => println!("{name:<24}{score:>6.1}"),
        None => println!("{name:<24}unknown"),
    };
    show("Perceived Value Score", result.pvs.score);
    show("Perceived Costs Score", result.pcs.score);
    show("Final score", result.score);
    println!("{:<24}{:>6.1} to {:.1}", "once all is answered", result.lower, result.upper);
    show("More than alternative", result.relative);
    Ok(())
}
