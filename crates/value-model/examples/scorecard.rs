//! A scorecard of one's own: two groups, a rule, one account.
#![allow(clippy::print_stdout, reason = "an example shows its result")]

use value_model::Error;
use value_model::answer::{Answer, Record, Source};
use value_model::scale::Scale;
use value_model::scorecard::{Action, Group, Measure, Predicate, Scorecard, lint};

fn main() -> Result<(), Error> {
    let outcomes = Group::new("outcomes")
        .weight(3.0)
        .child(Measure::new("goal", Scale::Progress { baseline: 14.0, target: 4.0, tolerance: None }))
        .child(Measure::new("reviewed", Scale::Within { days: 90 }));
    let experience = Group::new("experience")
        .child(Measure::new("csat", Scale::Likert { min: 1, max: 5 }))
        .child(Measure::new("open_tickets", Scale::Linear { worst: 20.0, best: 0.0 }));
    let tree = Group::new("health").child(outcomes).child(experience);
    let unhappy = Predicate::Below { measure: "csat".into(), unit: 0.25 };
    let card = Scorecard::new("my-health", "1", tree).rule("unhappy", unhappy, Action::Cap(0.5));
    for warning in lint(&card)? {
        println!("{warning}");
    }
    let scorer = card.compile()?;
    let record = Record::new("acme")
        .answer("goal", Answer::new(6.0).source(Source::Measured))
        .answer("reviewed", "2026-10-12")
        .answer("csat", 4.0);
    let result = scorer.assess(&record, "2026-11-01".parse()?)?;
    println!("{:?} {:?}, at least {}, at most {}", result.score, result.band, result.lower, result.upper);
    for measure in &result.measures {
        println!("{:>12}: {:5.2} points, {:?} to win", measure.id, measure.contribution, measure.headroom);
    }
    Ok(())
}
