use approx::assert_relative_eq;

use super::{
    Alternative, Goal, GoalKind, Kpi, NoRatio, Price, ValueRealization, ValueRealizationInput,
    value_realization,
};
use crate::answer::Answers;
use crate::metric::pace::PaceStatus;
use crate::model::NoScore;
use crate::scale::Scale;
use crate::{Date, Error};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn one(value: f64) -> Answers {
    vec![value.into()]
}

fn empty() -> ValueRealizationInput {
    ValueRealizationInput::new(day("2026-11-01"))
}

/// The indicators of S2-1 and the burdens of S2-2.
fn whole() -> ValueRealizationInput {
    let mut input = ValueRealizationInput { burden_scale: Scale::Likert { min: 1, max: 5 }, ..empty() };
    input.indicators.executive_confirmation = vec![day("2026-10-01").into()];
    input.indicators.full_usage = one(0.8);
    input.indicators.goals_documented = vec![true.into()];
    input.indicators.metrics_documented = one(0.5);
    input.indicators.metrics_progressing = one(0.75);
    input.indicators.reviewed_internally = vec![day("2026-01-01").into()];
    let costs = &mut input.costs;
    let all = [
        &mut costs.experience,
        &mut costs.financial,
        &mut costs.change_management,
        &mut costs.emotional,
        &mut costs.learning,
        &mut costs.opportunity,
    ];
    for (cost, burden) in all.into_iter().zip([2.0, 4.0, 3.0, 1.0, 2.0, 3.0]) {
        *cost = one(burden);
    }
    input
}

fn score(input: &ValueRealizationInput) -> ValueRealization {
    value_realization(input).unwrap()
}

fn refused(change: impl FnOnce(&mut ValueRealizationInput)) -> Error {
    let mut input = whole();
    change(&mut input);
    value_realization(&input).unwrap_err()
}

fn goal(id: &str, current: Option<f64>) -> Goal {
    let kpi = current.map(|current| Kpi {
        baseline: 10.0,
        target: 8.0,
        current,
        tolerance: None,
        start: Some(day("2026-01-01")),
        due: Some(day("2027-09-01")),
    });
    Goal { id: id.into(), kind: GoalKind::Cost, documented: true, visible: true, kpi }
}

#[test]
fn s2_1_perceived_value_score() {
    // S2-1
    assert_relative_eq!(score(&whole()).pvs.score.unwrap(), 67.5, max_relative = 1e-12);
}

#[test]
fn s2_2_perceived_costs_score() {
    // S2-2
    let pcs = score(&whole()).pcs;
    assert_relative_eq!(pcs.score.unwrap(), 37.5, max_relative = 1e-12);
    assert_relative_eq!(pcs.lower, 37.5, max_relative = 1e-12);
}

#[test]
fn s2_3_final_score_and_its_variants() {
    // S2-3
    let result = score(&whole());
    assert_relative_eq!(result.score.unwrap(), 65.0, max_relative = 1e-12);
    assert_relative_eq!(result.difference.unwrap(), 30.0, max_relative = 1e-12);
    assert_relative_eq!(result.ratio.unwrap(), 1.8, max_relative = 1e-12);
    assert_relative_eq!(result.share.unwrap(), 64.285_714_285_714_29, max_relative = 1e-12);
    let sum: f64 = result.measures.iter().map(|measure| measure.contribution).sum();
    assert_relative_eq!(sum, 65.0, max_relative = 1e-12);
    assert_relative_eq!(result.pvs.points + result.pcs.points, 65.0, max_relative = 1e-12);
    let heavier = score(&ValueRealizationInput { value_weight: 0.6, ..whole() });
    assert_relative_eq!(heavier.score.unwrap(), 65.5, max_relative = 1e-12);
}

#[test]
fn s2_4_a_missing_indicator_widens_the_bounds() {
    // S2-4
    let mut input = whole();
    input.indicators.full_usage.clear();
    let result = score(&input);
    assert_relative_eq!(result.pvs.score.unwrap(), 65.0, max_relative = 1e-12);
    assert_relative_eq!(result.pvs.lower, 54.166_666_666_7, max_relative = 1e-11);
    assert_relative_eq!(result.pvs.upper, 70.833_333_333_3, max_relative = 1e-11);
    assert_relative_eq!(result.score.unwrap(), 63.75, max_relative = 1e-12);
    assert_relative_eq!(result.lower, 58.333_333_333_3, max_relative = 1e-11);
    assert_relative_eq!(result.upper, 66.666_666_666_7, max_relative = 1e-11);
}

#[test]
fn s2_5_relative_to_the_next_best_alternative() {
    // S2-5
    let result =
        score(&ValueRealizationInput { alternative: Some(Alternative { pvs: 50.0, pcs: 70.0 }), ..whole() });
    assert_relative_eq!(result.alternative_score.unwrap(), 40.0, max_relative = 1e-12);
    assert_relative_eq!(result.relative.unwrap(), 25.0, max_relative = 1e-12);
}

#[test]
fn s2_7_an_executive_statement_counts_for_a_quarter() {
    // S2-7
    let unit = |on: &str| {
        let mut input = whole();
        input.indicators.executive_confirmation = vec![on.into()];
        value_realization(&input).map(|result| result.measures[0].unit)
    };
    assert_eq!(unit("2026-08-02").unwrap(), Some(0.0)); // 91 days before
    assert_eq!(unit("2026-08-03").unwrap(), Some(1.0)); // 90 days before
    let error = unit("2026-11-02").unwrap_err();
    assert_eq!((error.code(), error.field()), ("after_as_of", "indicators.executive_confirmation"));
}

#[test]
fn without_one_side_there_is_no_score_and_the_bounds_still_hold() {
    let result = score(&ValueRealizationInput { costs: empty().costs, ..whole() });
    assert_eq!((result.score, result.reason), (None, Some(NoScore::RequiredMissing)));
    assert_eq!((result.difference, result.ratio_reason), (None, Some(NoRatio::SideMissing)));
    assert_relative_eq!(result.lower, 33.75, max_relative = 1e-12);
    assert_relative_eq!(result.upper, 83.75, max_relative = 1e-12);
    assert_eq!((result.pcs.lower, result.pcs.upper), (0.0, 100.0));
}

#[test]
fn without_any_cost_there_is_no_ratio() {
    let mut input = ValueRealizationInput { burden_scale: Scale::Unit, ..whole() };
    input.costs = empty().costs;
    for cost in [&mut input.costs.experience, &mut input.costs.financial, &mut input.costs.learning] {
        *cost = one(0.0);
    }
    let result = score(&input);
    assert_eq!((result.pcs.score, result.ratio), (Some(0.0), None));
    assert_eq!((result.ratio_reason, result.share), (Some(NoRatio::DivisionByZero), Some(100.0)));
}

#[test]
fn goals_say_what_is_documented_and_what_progresses() {
    let mut input = whole();
    for answers in [
        &mut input.indicators.goals_documented,
        &mut input.indicators.metrics_documented,
        &mut input.indicators.metrics_progressing,
    ] {
        answers.clear();
    }
    let units = |goals: Vec<Goal>| {
        let result = score(&ValueRealizationInput { goals: Some(goals), ..input.clone() });
        let units = [2, 3, 4].map(|index: usize| result.measures[index].unit);
        (units, result.goals)
    };
    let (found, goals) =
        units(vec![goal("b", Some(9.5)), goal("a", Some(10.5)), goal("c", None), goal("d", None)]);
    assert_eq!(found, [Some(1.0), Some(0.5), Some(0.5)]);
    assert_eq!((goals[0].id.as_str(), goals[0].regressed, goals[0].progressing), ("a", true, false));
    assert_eq!((goals[1].progress, goals[1].status), (Some(0.25), Some(PaceStatus::AtRisk)));
    // No metric at all gives 0, not 1, and so does no goal at all.
    assert_eq!(units(vec![goal("a", None)]).0, [Some(1.0), Some(0.0), Some(0.0)]);
    assert_eq!(units(vec![]).0, [Some(0.0), Some(0.0), Some(0.0)]);
    assert_eq!(units(vec![Goal { visible: false, ..goal("a", None) }]).0[0], Some(0.0));
}

#[test]
fn price_and_liking_become_burdens() {
    let mut input = whole();
    input.costs.financial.clear();
    input.price = Some(Price { annual_price: 60_000.0, documented_annual_benefit: 80_000.0 });
    input.costs.experience.clear();
    input.costs.experience_liking = one(4.0);
    // A price of three quarters of the benefit is the 4 of S2-2, and a liking of 4 is its burden of 2.
    assert_relative_eq!(score(&input).pcs.score.unwrap(), 37.5, max_relative = 1e-12);
    input.price = Some(Price { annual_price: 3.0, documented_annual_benefit: 1.0 });
    assert_relative_eq!(score(&input).pcs.score.unwrap(), 100.0 * 2.5 / 6.0, max_relative = 1e-12);
}

#[test]
fn errors_name_the_place_on_the_wire() {
    let cases: Vec<(Error, &str, &str)> = vec![
        (refused(|i| i.indicators.full_usage = one(1.5)), "outside_scale", "indicators.full_usage"),
        (refused(|i| i.indicators.full_usage.push(2.0.into())), "outside_scale", "indicators.full_usage[1]"),
        (
            refused(|i| i.indicators.reviewed_internally = vec!["soon".into()]),
            "invalid_date",
            "indicators.reviewed_internally",
        ),
        (refused(|i| i.costs.learning = one(0.5)), "outside_scale", "costs.learning"),
        (refused(|i| i.costs.experience_liking = one(0.5)), "conflict", "costs.experience"),
        (refused(|i| i.goals = Some(vec![])), "conflict", "indicators.goals_documented"),
        (refused(|i| i.value_weight = 1.1), "out_of_range", "value_weight"),
        (
            refused(|i| i.alternative = Some(Alternative { pvs: -1.0, pcs: 0.0 })),
            "out_of_range",
            "alternative.pvs",
        ),
        (
            refused(|i| i.price = Some(Price { annual_price: 1.0, documented_annual_benefit: 0.0 })),
            "out_of_range",
            "price.documented_annual_benefit",
        ),
        (refused(|i| i.burden_scale = Scale::Likert { min: 5, max: 1 }), "conflict", "burden_scale.likert"),
        (
            refused(|i| i.goals = Some(vec![goal("a", Some(f64::INFINITY))])),
            "not_finite",
            "goals[0].kpi.current",
        ),
    ];
    for (error, code, field) in cases {
        assert_eq!((error.code(), error.field()), (code, field), "{error}");
    }
}
