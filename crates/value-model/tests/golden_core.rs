//! Golden cases of the scorecard engine, by id: figures agreed before the code was written.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use approx::assert_relative_eq;
use value_model::Date;
use value_model::answer::{Answer, Missing, RecencyRule, Record};
use value_model::compare::State;
use value_model::compare::delta::{Method, delta};
use value_model::compare::portfolio::{Line, Portfolio};
use value_model::compare::robustness::robustness;
use value_model::scale::{Cell, Scale};
use value_model::scorecard::{
    Action, Aggregator, Assessment, Bands, Context, Edge, Group, Measure, MissingRule, Outcome, Predicate,
    Scorecard,
};

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

fn as_of() -> Date {
    "2026-11-01".parse().unwrap()
}

/// A flat card of unit scales with these weights.
fn card(aggregator: Aggregator, weights: &[f64]) -> Scorecard {
    let mut root = Group::new("root").aggregator(aggregator);
    for (name, weight) in NAMES.iter().zip(weights) {
        root = root.child(Measure::new(*name, Scale::Unit).weight(*weight));
    }
    Scorecard::new("golden", "1", root)
}

/// Units in order; NaN stands for a missing answer.
fn record(units: &[f64]) -> Record {
    NAMES.iter().zip(units).fold(Record::new("acme"), |record, (name, unit)| {
        if unit.is_nan() { record } else { record.answer(*name, *unit) }
    })
}

fn assess(aggregator: Aggregator, weights: &[f64], units: &[f64]) -> Assessment {
    card(aggregator, weights).compile().unwrap().assess(&record(units), as_of()).unwrap()
}

fn close(found: Option<f64>, expected: f64) {
    assert_relative_eq!(found.unwrap(), expected, max_relative = 1e-12);
}

fn points(assessment: &Assessment) -> Vec<f64> {
    assessment.contributions.iter().map(|part| part.points).collect()
}

#[test]
fn c1_weights_are_ratios() {
    // C1
    close(assess(Aggregator::Mean, &[20.0, 15.0, 22.0], &[0.47, 0.59, 0.21]).score, 40.122_807_017_543_86);
}

#[test]
fn c8_a_full_answer_has_no_bounds() {
    // C8
    let full = assess(Aggregator::Mean, &[1.0; 6], &[1.0, 0.8, 1.0, 0.5, 0.75, 0.0]);
    assert_eq!(full.score, Some(67.5));
    assert_eq!((full.lower.to_bits(), full.upper.to_bits()), (67.5_f64.to_bits(), 67.5_f64.to_bits()));
    assert_eq!(full.coverage.to_bits(), 1.0_f64.to_bits());
}

#[test]
fn c9_a_missing_answer_opens_the_bounds() {
    // C9
    let gap = assess(Aggregator::Mean, &[1.0; 6], &[1.0, f64::NAN, 1.0, 0.5, 0.75, 0.0]);
    close(gap.score, 65.0);
    assert_relative_eq!(gap.lower, 54.166_666_67, max_relative = 1e-9);
    assert_relative_eq!(gap.upper, 70.833_333_33, max_relative = 1e-9);
    assert_relative_eq!(gap.coverage, 0.833_333_333_3, max_relative = 1e-9);
    assert_eq!(gap.measure("b").unwrap().missing, Some(Missing::NoData));
}

#[test]
fn c10_losing_a_bad_answer_raises_the_score_and_not_its_lower_bound() {
    // C10
    let lost = assess(Aggregator::Mean, &[1.0; 6], &[1.0, 0.8, 1.0, 0.5, 0.75, f64::NAN]);
    close(lost.score, 81.0);
    assert_relative_eq!(lost.lower, 67.5, max_relative = 1e-12);
    assert_relative_eq!(lost.upper, 84.166_666_67, max_relative = 1e-9);
}

#[test]
fn c11_contributions_of_a_mean() {
    // C11
    let mean = assess(Aggregator::Mean, &[2.0, 1.0, 1.0], &[0.9, 0.6, 0.3]);
    close(mean.score, 67.5);
    for (found, expected) in points(&mean).iter().zip([45.0, 15.0, 7.5]) {
        assert_relative_eq!(*found, expected, max_relative = 1e-12);
    }
}

#[test]
fn c12_contributions_of_a_geometric_mean() {
    // C12
    let mean = assess(Aggregator::Geometric, &[2.0, 1.0, 1.0], &[0.9, 0.6, 0.3]);
    close(mean.score, 61.793_014_317_213_52);
    for (found, expected) in
        points(&mean).iter().zip([30.896_507_158_606_76, 15.448_253_579_303_38, 15.448_253_579_303_38])
    {
        assert_relative_eq!(*found, expected, max_relative = 1e-12);
    }
}

#[test]
fn c13_contributions_of_a_harmonic_mean() {
    // C13
    let mean = assess(Aggregator::Harmonic, &[2.0, 1.0, 1.0], &[0.9, 0.6, 0.3]);
    close(mean.score, 55.384_615_384_615_39);
    for (found, expected) in points(&mean).iter().zip([17.041_420_12, 12.781_065_09, 25.562_130_18]) {
        assert_relative_eq!(*found, expected, max_relative = 1e-9);
    }
}

#[test]
fn c14_a_change_is_behaviour_and_coverage() {
    // C14
    let scorer = card(Aggregator::Mean, &[0.5, 0.3, 0.2]).compile().unwrap();
    let (old, new) = (record(&[0.8, 0.6, 0.4]), record(&[0.7, 0.6, f64::NAN]));
    let state = |record| State { scorer: &scorer, record, as_of: as_of() };
    let split = delta(&state(&old), &state(&new)).unwrap();
    close(split.before, 66.0);
    close(split.after, 66.25);
    close(split.behaviour, -5.625);
    close(split.coverage, 5.875);
    close(split.model.map(|model| model + 1.0), 1.0);
    assert_eq!(split.method, Method::Bennet);
    assert!(split.summary.contains("only because a bad answer went missing"), "{}", split.summary);
}

#[test]
fn c17_weights_that_move_freely() {
    // C17
    let scorer = card(Aggregator::Mean, &[2.0, 1.0, 1.0]).compile().unwrap();
    let record = record(&[0.9, 0.6, 0.3]);
    let range = robustness(&State { scorer: &scorer, record: &record, as_of: as_of() }, 0.2).unwrap();
    close(range.low, 63.0);
    close(range.high, 72.0);
    assert!(!range.band_can_change);
}

#[test]
fn c18_a_portfolio_weighs_by_revenue() {
    // C18
    let scorer = card(Aggregator::Mean, &[1.0]).compile().unwrap();
    let mut portfolio = Portfolio::new(&scorer);
    let mut workspace = scorer.workspace();
    for (arr, unit) in [(120e3, 0.8), (30e3, 0.4), (50e3, 0.65)] {
        let score = scorer.score(&[Cell::Number(unit)], &Context::new(as_of()), &mut workspace).unwrap();
        portfolio.add(vec![Some("x".into())], Some(arr), &Line::from(&score)).unwrap();
    }
    let report = portfolio.report(true);
    assert_eq!(report.total.revenue_weighted_mean, Some(70.25));
    assert_relative_eq!(report.total.mean.unwrap(), 61.666_666_666_7, max_relative = 1e-11);
    assert_eq!((report.total.min, report.total.revenue), (Some(40.0), 200e3));
    assert_eq!(report.rows[0].key, [Some("x".to_owned())]);
}

#[test]
fn c15_silence_lowers_coverage_and_not_the_score() {
    // C15
    let mut card = card(Aggregator::Mean, &[1.0, 1.0, 1.0]);
    card.recency = RecencyRule::HalfLife { days: 90 };
    let answer = |unit: f64, age: i32| Answer::new(unit).on(as_of().plus_days(-age).unwrap());
    let record = Record::new("acme")
        .answer("a", answer(0.9, 0))
        .answer("b", answer(0.4, 90))
        .answer("c", answer(0.5, 180));
    let aged = card.compile().unwrap().assess(&record, as_of()).unwrap();
    close(aged.score, 70.0);
    assert_relative_eq!(aged.coverage, 0.583_333_333_3, max_relative = 1e-9);
}

#[test]
fn c19_a_score_on_a_cut_point_follows_the_edge() {
    // C19
    for (edge, band) in [(Edge::Above, "watch"), (Edge::Gainsight, "at_risk"), (Edge::Churnzero, "at_risk")] {
        let mut card = card(Aggregator::Mean, &[1.0]);
        card.bands = Bands { edge, ..Bands::default() };
        let result = card.compile().unwrap().assess(&record(&[0.5]), as_of()).unwrap();
        assert_eq!(result.band.as_deref(), Some(band));
    }
}

#[test]
fn c20_a_rule_caps_the_score_and_says_so() {
    // C20
    let card = card(Aggregator::Mean, &[0.5, 0.3, 0.2]).rule(
        "weak_third",
        Predicate::Below { measure: "c".into(), unit: 0.2 },
        Action::Cap(0.49),
    );
    let capped = card.compile().unwrap().assess(&record(&[0.9, 0.9, 0.1]), as_of()).unwrap();
    close(capped.raw, 74.0);
    close(capped.score, 49.0);
    assert_eq!(capped.rules.len(), 1);
    assert_eq!(&*capped.rules[0].id, "weak_third");
    assert_relative_eq!(points(&capped).iter().sum::<f64>(), 49.0, max_relative = 1e-12);
    assert_eq!(capped.outcome, Outcome::Scored);
}

#[test]
fn a_group_whose_only_child_is_a_group_of_one_answer_is_no_group_of_leaves() {
    // Found by the oracle: the leaf was read in the place of the inner group.
    let inner = Group::new("inner").missing(MissingRule::Zero).child(Measure::new("a", Scale::Unit));
    let mut card = Scorecard::new("nested", "1", Group::new("root").aggregator(Aggregator::Min).child(inner));
    card.recency = RecencyRule::HalfLife { days: 1 };
    let record = Record::new("acme").answer("a", Answer::new(0.5).on(as_of().plus_days(-1).unwrap()));
    let aged = card.compile().unwrap().assess(&record, as_of()).unwrap();
    assert_eq!((aged.score, aged.lower, aged.upper), (Some(25.0), 25.0, 75.0));
}
