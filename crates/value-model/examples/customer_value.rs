//! Does this customer get more value than they pay?
#![allow(clippy::print_stdout, reason = "an example prints its result")]

use value_model::answer::Source;
use value_model::metric::money::Period;
use value_model::model::customer_value::{CustomerValueInput, Haircuts, Kind, Line, Method, customer_value};

fn main() -> Result<(), value_model::Error> {
    let eur = "EUR".parse()?;
    let line = |id: &str, kind, amount| {
        Line::new(id, kind, amount, eur, Period::Year).source(Source::CustomerProvided).method(Method::Stated)
    };
    let mut input = CustomerValueInput::new(vec![
        line("hours_saved", Kind::TangibleBenefit, 120_000.0),
        line("fewer_worries", Kind::PerceivedBenefit, 30_000.0),
        line("subscription", Kind::TangibleCost, 60_000.0),
        line("tiring_change", Kind::PerceivedCost, 15_000.0),
        line("old_solution", Kind::AlternativeBenefit, 40_000.0),
        line("our_estimate", Kind::TangibleBenefit, 10_000.0).source(Source::VendorAsserted),
    ]);
    input.risk = Some(Haircuts { benefits: 0.2, costs: 0.1 });
    let value = customer_value(&input)?;
    let show = |name: &str, amount: Option<f64>| match amount {
        Some(amount) => println!("{name:<28}{amount:>12.0} {} a {}", value.currency, value.period),
        None => println!("{name:<28}{:>12}", "unknown"),
    };
    show("Gross customer value", value.gross);
    show("Net customer value", value.net);
    show("  at 20% less, 10% dearer", value.risk_adjusted.map(|adjusted| adjusted.net));
    show("  if our word counted", value.vendor_asserted.as_ref().and_then(|asserted| asserted.net));
    let answer = value.more_value_than_paid.map_or("unknown", |more| if more { "yes" } else { "no" });
    println!("More value than they pay? {answer}");
    Ok(())
}
