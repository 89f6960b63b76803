//! Laws of perceived value, value realization and value generated, on random input.
#![expect(clippy::unwrap_used, reason = "a refused input fails the property")]

use approx::{assert_abs_diff_eq, assert_relative_eq};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use value_model::Date;
use value_model::answer::{Answer, Answers, Source};
use value_model::metric::csat::CsatInput;
use value_model::metric::discount::Convention;
use value_model::model::perceived_value::{
    BusinessOutcome, ExpansionAnswer, IntendedValue, PerceivedValue, PerceivedValueInput, ValueArea,
    perceived_value,
};
use value_model::model::value_generated::{
    BusinessValueInput, Flows, SmartKpi, ValueGenerated, ValueGeneratedInput, value_generated,
};
use value_model::model::value_realization::{ValueRealization, ValueRealizationInput, value_realization};

const SAID: Source = Source::CustomerProvided;
const TOLD: Source = Source::VendorAsserted;

fn as_of() -> Date {
    "2026-11-01".parse().unwrap()
}

/// A number of thousandths, 0..1.
fn unit() -> impl Strategy<Value = f64> {
    (0_u32..=1000).prop_map(|thousandths| f64::from(thousandths) / 1000.0)
}

fn weight() -> impl Strategy<Value = f64> {
    (1_u32..=40).prop_map(|quarters| f64::from(quarters) / 4.0)
}

fn source() -> impl Strategy<Value = Source> {
    select(&[SAID, TOLD, Source::ValidatedWithPersona, Source::Measured][..])
}

fn outcomes() -> impl Strategy<Value = Vec<BusinessOutcome>> {
    let one = (weight(), unit(), -10_i32..30, any::<bool>(), source());
    vec(one, 1..7).prop_map(|list| {
        let outcome = |(n, (weight, baseline, current, tangible, source)): (usize, _)| {
            let outcome = BusinessOutcome::new(format!("o{n}"), baseline, baseline + 20.0)
                .weight(weight)
                .at(f64::from(current), source);
            BusinessOutcome { tangible, ..outcome }
        };
        list.into_iter().enumerate().map(outcome).collect()
    })
}

fn values() -> impl Strategy<Value = Vec<IntendedValue>> {
    let answer =
        (1_i32..=5, option::of(select(&["executive", "admin", "user"][..]))).prop_map(|(rating, persona)| {
            let answer = Answer::new(f64::from(rating)).source(SAID);
            persona.map_or_else(|| answer.clone(), |persona| answer.clone().persona(persona))
        });
    vec((weight(), vec(answer, 1..5)), 1..6).prop_map(|list| {
        let value = |(n, (weight, answers))| IntendedValue::new(format!("v{n}"), answers).importance(weight);
        list.into_iter().enumerate().map(value).collect()
    })
}

fn areas() -> impl Strategy<Value = Vec<ValueArea>> {
    vec((unit(), source()), 0..6).prop_map(|list| {
        let area = |(n, (value, source))| ValueArea::new(format!("a{n}"), value, source);
        list.into_iter().enumerate().map(area).collect()
    })
}

/// A customer of whom every part of perceived value is known.
fn customer() -> impl Strategy<Value = PerceivedValueInput> {
    (outcomes(), values(), areas(), 1_i32..=5, 1_i32..=5).prop_map(
        |(outcomes, intended_values, new, potential, openness)| {
            let mut input = PerceivedValueInput::new(as_of());
            input.outcomes = outcomes;
            input.outcomes.push(BusinessOutcome::new("sure", 0.0, 1.0).weight(60.0).at(0.5, SAID));
            input.intended_values = intended_values;
            input.new_areas = Some(new);
            input.planned_areas = Some(vec![ValueArea::new("plan", 0.5, SAID)]);
            input.expansion = vec![ExpansionAnswer {
                potential: Some(f64::from(potential)),
                openness: Some(f64::from(openness)),
                source: Some(SAID),
                ..ExpansionAnswer::default()
            }];
            input
        },
    )
}

fn realized(input: &PerceivedValueInput) -> PerceivedValue {
    perceived_value(input).unwrap()
}

fn answers(units: &[Option<f64>; 6]) -> [Answers; 6] {
    units.map(|unit| unit.into_iter().map(Answer::new).collect())
}

/// Six indicators as shares (dates and yes or no at their ends) and six burdens.
fn sides(value: &[Option<f64>; 3], burdens: &[Option<f64>; 6]) -> ValueRealizationInput {
    let mut input = ValueRealizationInput::new(as_of());
    let [usage, documented, progressing] = value.map(|unit| unit.into_iter().map(Answer::new).collect());
    input.indicators.full_usage = usage;
    input.indicators.metrics_documented = documented;
    input.indicators.metrics_progressing = progressing;
    let [experience, financial, change_management, emotional, learning, opportunity] = answers(burdens);
    input.costs.experience = experience;
    input.costs.financial = financial;
    input.costs.change_management = change_management;
    input.costs.emotional = emotional;
    input.costs.learning = learning;
    input.costs.opportunity = opportunity;
    input
}

fn weighed(input: &ValueRealizationInput) -> ValueRealization {
    value_realization(input).unwrap()
}

fn three() -> impl Strategy<Value = [Option<f64>; 3]> {
    [unit(), unit(), unit()].prop_map(|units| units.map(Some))
}

fn six() -> impl Strategy<Value = [Option<f64>; 6]> {
    [unit(), unit(), unit(), unit(), unit(), unit()].prop_map(|units| units.map(Some))
}

fn kpis() -> impl Strategy<Value = Vec<SmartKpi>> {
    vec((weight(), -5_i32..15), 1..6).prop_map(|list| {
        let kpi = |(n, (weight, current)): (usize, _)| SmartKpi {
            weight,
            current: Some(f64::from(current)),
            ..SmartKpi::new(format!("k{n}"), "hours", 0.0, 10.0, as_of())
        };
        list.into_iter().enumerate().map(kpi).collect()
    })
}

fn amounts() -> impl Strategy<Value = Vec<f64>> {
    vec((0_u32..1_000_000).prop_map(|cents| f64::from(cents) / 100.0), 1..6)
}

fn business(benefits: Vec<f64>, costs: Vec<f64>, rate: f64) -> BusinessValueInput {
    let flows = Flows::Plain { benefits, costs };
    BusinessValueInput { rate, convention: Convention::AtStart, flows, pillars: None }
}

/// A customer of whom every step of value generated is known.
fn steps() -> impl Strategy<Value = ValueGeneratedInput> {
    (kpis(), amounts(), amounts(), unit(), 0_u32..=50, 0.5_f64..1.5).prop_map(
        |(kpis, benefits, mut costs, retention, satisfied, revenue)| {
            costs.push(1.0);
            let mut input = ValueGeneratedInput::new(as_of());
            input.business_value = Some(business(benefits, costs, 0.1));
            input.experience_value.csat = Some(CsatInput { satisfied, responses: 50 });
            input.experience_value.retention = Some(retention);
            input.performance_value.kpis = kpis;
            input.business_outcomes.revenue = Some(revenue.into());
            input.business_outcomes.tenure = Some(12.0.into());
            input
        },
    )
}

fn generated(input: &ValueGeneratedInput) -> ValueGenerated {
    value_generated(input).unwrap()
}

proptest! {
    #[test]
    fn realized_outcomes_never_rise_when_an_unproven_one_is_added(input in customer(), weight in weight()) {
        let before = realized(&input).rbo;
        let mut more = input;
        more.outcomes.push(BusinessOutcome::new("claimed", 0.0, 1.0).weight(weight).at(1.0, TOLD));
        let after = realized(&more).rbo;
        prop_assert!(after.score <= before.score && after.coverage <= before.coverage);
    }

    #[test]
    fn unknown_value_never_falls_when_an_area_is_found(input in customer(), value in unit(), source in source()) {
        let before = realized(&input);
        let mut more = input;
        more.new_areas.as_mut().unwrap().push(ValueArea::new("a00", value, source));
        let after = realized(&more);
        prop_assert!(after.vu.score >= before.vu.score);
    }

    #[test]
    fn the_order_of_lists_with_ids_changes_no_bit_of_perceived_value(input in customer()) {
        let mut turned = input.clone();
        turned.outcomes.reverse();
        turned.intended_values.reverse();
        turned.new_areas.as_mut().unwrap().reverse();
        // Results are compared as written, so that even the sign of a zero would show.
        let text = |input| serde_json::to_string(&realized(input)).unwrap();
        prop_assert_eq!(text(&input), text(&turned));
    }

    #[test]
    fn without_uplift_value_realized_is_the_mean_of_outcomes_and_perception(input in customer()) {
        let mut plain = input;
        plain.expansion.clear();
        plain.new_areas = Some(vec![]);
        let result = realized(&plain);
        let mean = f64::midpoint(result.rbo.score.unwrap(), result.vp.score.unwrap());
        assert_abs_diff_eq!(result.score.unwrap(), mean, epsilon = 1e-9);
    }

    #[test]
    fn uplift_fills_at_most_half_of_the_room(input in customer()) {
        let result = realized(&input);
        let base = f64::midpoint(result.rbo.score.unwrap(), result.vp.score.unwrap());
        let score = result.score.unwrap();
        prop_assert!(base - 1e-9 <= score && score <= f64::midpoint(base, 100.0) + 1e-9);
    }

    #[test]
    fn the_four_parts_sum_to_value_realized_inside_its_bounds(input in customer()) {
        let result = realized(&input);
        let sum = result.rbo.points + result.vp.points + result.ve.points + result.vu.points;
        let score = result.score.unwrap();
        assert_relative_eq!(sum, score, max_relative = 1e-12, epsilon = 1e-12);
        prop_assert!(result.lower <= score + 1e-9 && score <= result.upper + 1e-9);
    }

    #[test]
    fn what_only_the_vendor_says_never_moves_perceived_value(input in customer(), rating in 1_i32..=5) {
        let before = realized(&input);
        let mut told = input;
        told.intended_values[0].responses.push(Answer::new(f64::from(rating)).persona("vendor").source(TOLD));
        let after = realized(&told);
        prop_assert_eq!((before.score, before.vp), (after.score, after.vp));
    }

    #[test]
    fn equal_value_and_costs_are_break_even(units in three()) {
        let [a, b, c] = units;
        let result = weighed(&sides(&units, &[a, b, c, None, None, None]));
        assert_relative_eq!(result.score.unwrap(), 50.0, max_relative = 1e-12);
    }

    #[test]
    fn more_burden_never_raises_the_final_score(value in three(), burdens in six(), which in 0_usize..6, more in unit()) {
        let before = weighed(&sides(&value, &burdens));
        let mut heavier = burdens;
        heavier[which] = heavier[which].map(|burden| burden.max(more));
        let after = weighed(&sides(&value, &heavier));
        prop_assert!(after.score.unwrap() <= before.score.unwrap() + 1e-9);
        prop_assert!(after.pcs.score.unwrap() >= before.pcs.score.unwrap() - 1e-9);
    }

    #[test]
    fn losing_an_answer_never_raises_the_lower_bound(value in three(), burdens in six(), which in 0_usize..6) {
        let before = weighed(&sides(&value, &burdens));
        let mut fewer = burdens;
        fewer[which] = None;
        let after = weighed(&sides(&value, &fewer));
        prop_assert!(after.lower <= before.lower + 1e-9 && before.upper <= after.upper + 1e-9);
    }

    #[test]
    fn the_final_score_stands_at_the_same_side_of_fifty_as_the_difference(value in three(), burdens in six()) {
        let result = weighed(&sides(&value, &burdens));
        let (score, difference) = (result.score.unwrap(), result.difference.unwrap());
        assert_abs_diff_eq!(score, 50.0 + difference / 2.0, epsilon = 1e-9);
    }

    #[test]
    fn business_value_is_fifty_exactly_when_benefits_equal_costs(mut flows in amounts(), rate in unit()) {
        flows.push(1.0);
        let mut input = ValueGeneratedInput::new(as_of());
        input.business_value = Some(business(flows.clone(), flows, rate));
        let result = generated(&input);
        prop_assert_eq!((result.business_value.score, result.npv), (Some(50.0), Some(0.0)));
    }

    #[test]
    fn value_generated_lies_between_its_lowest_and_highest_step(input in steps()) {
        let result = generated(&input);
        let steps = [result.outside_in, result.performance_value, result.business_outcomes].map(|s| s.score.unwrap());
        let (low, high) = (steps.into_iter().fold(100.0, f64::min), steps.into_iter().fold(0.0, f64::max));
        let score = result.score.unwrap();
        prop_assert!(low - 1e-9 <= score && score <= high + 1e-9);
    }

    #[test]
    fn the_order_of_kpis_changes_no_bit_of_value_generated(input in steps()) {
        let mut turned = input.clone();
        turned.performance_value.kpis.reverse();
        let text = |input| serde_json::to_string(&generated(input)).unwrap();
        prop_assert_eq!(text(&input), text(&turned));
    }

    #[test]
    fn a_kpi_that_loses_its_due_date_lowers_coverage_and_never_the_upper_bound(input in steps()) {
        let before = generated(&input);
        let mut vague = input;
        vague.performance_value.kpis[0].due = None;
        let after = generated(&vague);
        prop_assert!(after.coverage < before.coverage && after.upper >= before.upper - 1e-9);
        prop_assert!(after.lower <= before.lower + 1e-9);
    }
}
