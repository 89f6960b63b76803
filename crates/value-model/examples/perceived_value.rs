//! Are business outcomes realised, and does the customer perceive the value they bought this for?
#![allow(clippy::print_stdout, reason = "an example prints its result")]

use value_model::answer::{Answer, Source};
use value_model::model::perceived_value::{
    BusinessOutcome, ExpansionAnswer, IntendedValue, PerceivedValueInput, ValueArea, perceived_value,
};

fn main() -> Result<(), value_model::Error> {
    let said = Source::CustomerProvided;
    let by = |persona: &str, rating: f64| Answer::new(rating).persona(persona).source(said);
    let mut input = PerceivedValueInput::new("2026-11-01".parse()?);
    input.outcomes = vec![
        BusinessOutcome::new("handling_hours", 100.0, 60.0).weight(3.0).at(70.0, Source::Measured),
        BusinessOutcome::new("pages_moved", 0.0, 100.0).at(50.0, Source::VendorAsserted),
    ];
    input.intended_values =
        vec![IntendedValue::new("faster_support", vec![by("executive", 4.0), by("admin", 5.0)])];
    input.expansion = vec![ExpansionAnswer {
        potential: Some(4.0),
        openness: Some(3.0),
        source: Some(said),
        ..ExpansionAnswer::default()
    }];
    input.new_areas = Some(vec![ValueArea::new("fewer_audits", 0.5, said)]);
    let value = perceived_value(&input)?;
    let parts = [("RBO", value.rbo), ("VP", value.vp), ("VE", value.ve), ("VU", value.vu)];
    for (name, part) in parts {
        println!("{name:<4}{:>6.1}  adds {:>5.1} points", part.score.unwrap_or_default(), part.points);
    }
    println!("Value realized {:.1}, up to {:.1}", value.score.unwrap_or_default(), value.upper);
    for outcome in value.outcomes.iter().filter(|outcome| !outcome.counted) {
        println!("{} does not count: {:?}", outcome.id, outcome.reason);
    }
    Ok(())
}
