//! Was guidance there before the customer asked, just in time, and did it work?
#![allow(clippy::print_stdout, reason = "an example prints its result")]

use value_model::Date;
use value_model::model::customers_metric::{CustomersMetricInput, Need, customers_metric};

fn main() -> Result<(), value_model::Error> {
    let needed: Date = "2026-10-01".parse()?;
    let met = |id: &str, anticipated, on: &str, effective| {
        Ok::<_, value_model::Error>(Need::new(id, anticipated, needed).delivered(on.parse()?, effective))
    };
    let input = CustomersMetricInput::new(
        "2026-11-01".parse()?,
        vec![
            met("first_report", true, "2026-10-01", Some(1.0))?,
            met("year_end_close", true, "2026-09-26", Some(1.0))?,
            met("new_admin", false, "2026-10-03", Some(1.0))?,
            met("new_team", true, "2026-10-07", Some(0.5))?,
            met("audit", true, "2026-10-01", None)?,
            Need::new("migration", true, needed),
        ],
    );
    let metric = customers_metric(&input)?;
    let percent =
        |share: Option<f64>| share.map_or("unknown".into(), |share| format!("{:.0}%", 100.0 * share));
    let score = metric.score.map_or("unknown".into(), |score| format!("{score:.1}"));
    println!("Customer's metric {score}, from {:.1} to {:.1}", metric.lower, metric.upper);
    println!("  anticipated {}", percent(metric.anticipated.map(|share| share.share)));
    println!("  in time     {}", percent(metric.timeliness));
    println!("  effective   {}", percent(metric.effectiveness.mean));
    for need in metric.needs {
        println!("  {:<16}{}", need.id, percent(need.unit));
    }
    Ok(())
}
