use approx::assert_relative_eq;

use super::{
    BusinessOutcome, Combine, ExpansionAnswer, ExpansionRule, IntendedValue, OutcomeReason, PerceivedValue,
    PerceivedValueInput, UnplannedReason, ValueArea, perceived_value,
};
use crate::Error;
use crate::answer::{Answer, Source};
use crate::model::NoScore;

const SAID: Source = Source::CustomerProvided;
const PROVEN: Source = Source::ValidatedWithPersona;

fn empty() -> PerceivedValueInput {
    PerceivedValueInput::new("2026-11-01".parse().unwrap())
}

/// The outcomes of S1-1.
fn outcomes() -> Vec<BusinessOutcome> {
    vec![
        BusinessOutcome::new("o1", 100.0, 60.0).weight(3.0).at(70.0, PROVEN),
        BusinessOutcome::new("o2", 0.4, 0.8).weight(2.0).at(0.7, SAID),
        BusinessOutcome::new("o3", 10.0, 20.0).at(9.0, PROVEN),
        BusinessOutcome::new("o4", 0.0, 100.0).weight(2.0).at(50.0, Source::VendorAsserted),
    ]
}

/// The intended values of S1-2.
fn values() -> Vec<IntendedValue> {
    let by = |persona: &str, rating: f64| Answer::new(rating).persona(persona).source(SAID);
    vec![
        IntendedValue::new("a", vec![by("exec", 4.0), by("admin", 5.0), by("user", 3.0)]).importance(3.0),
        IntendedValue::new("b", vec![by("exec", 2.0), by("admin", 4.0)]).importance(2.0),
    ]
}

/// The expansion answer of S1-3.
fn expansion() -> Vec<ExpansionAnswer> {
    vec![answered("exec", 4.0, 3.0)]
}

fn answered(persona: &str, potential: f64, openness: f64) -> ExpansionAnswer {
    ExpansionAnswer {
        persona: Some(persona.into()),
        potential: Some(potential),
        openness: Some(openness),
        source: Some(SAID),
        on: None,
    }
}

fn areas(values: &[f64]) -> Vec<ValueArea> {
    values.iter().enumerate().map(|(n, value)| ValueArea::new(format!("area{n}"), *value, SAID)).collect()
}

/// Everything of S1-5.
fn whole() -> PerceivedValueInput {
    PerceivedValueInput {
        outcomes: outcomes(),
        intended_values: values(),
        expansion: expansion(),
        planned_areas: Some(areas(&[0.7, 0.6, 0.5, 0.2])),
        new_areas: Some(areas(&[0.5, 0.25])),
        ..empty()
    }
}

fn score(input: &PerceivedValueInput) -> PerceivedValue {
    perceived_value(input).unwrap()
}

fn refused(change: impl FnOnce(&mut PerceivedValueInput)) -> Error {
    let mut input = whole();
    change(&mut input);
    perceived_value(&input).unwrap_err()
}

#[test]
fn s1_1_realized_business_outcomes() {
    // S1-1
    let result = score(&PerceivedValueInput { outcomes: outcomes(), ..empty() });
    assert_relative_eq!(result.rbo.score.unwrap(), 46.875, max_relative = 1e-12);
    assert_relative_eq!(result.rbo.upper, 71.875, max_relative = 1e-12);
    assert_relative_eq!(result.rbo.coverage, 0.75, max_relative = 1e-12);
    let regressed: Vec<bool> = result.outcomes.iter().map(|outcome| outcome.regressed).collect();
    assert_eq!(regressed, [false, false, true, false]);
    assert_eq!(result.outcomes[3].reason, Some(OutcomeReason::Unvalidated));
    assert_eq!(result.outcomes[3].progress, Some(0.5));
    assert_eq!((result.score, result.reason), (None, Some(NoScore::RequiredMissing)));
}

#[test]
fn s1_2_value_perceived_by_persona() {
    // S1-2
    let result = score(&PerceivedValueInput { intended_values: values(), ..empty() });
    assert_relative_eq!(result.vp.score.unwrap(), 65.0, max_relative = 1e-12);
    let expected = [("admin", 0.9), ("exec", 0.55), ("user", 0.5)];
    for ((name, mean), (wanted, value)) in result.personas.iter().zip(expected) {
        assert_eq!(name, wanted);
        assert_relative_eq!(*mean, value, max_relative = 1e-12);
    }
    assert_relative_eq!(result.disagreement.unwrap(), 0.4, max_relative = 1e-12);
    assert_relative_eq!(result.values[0].disagreement.unwrap(), 0.5, max_relative = 1e-12);
    assert!(result.values[0].undated);
}

#[test]
fn s1_3_value_expansion_needs_belief_and_openness() {
    // S1-3
    let of = |rule| {
        let input = PerceivedValueInput { expansion: expansion(), expansion_rule: rule, ..empty() };
        score(&input).ve.score.unwrap()
    };
    assert_relative_eq!(of(ExpansionRule::Geometric), 61.237_243_569_579_45, max_relative = 1e-12);
    assert_relative_eq!(of(ExpansionRule::Min), 50.0, max_relative = 1e-12);
    assert_relative_eq!(of(ExpansionRule::Mean), 62.5, max_relative = 1e-12);
}

#[test]
fn s1_4_value_unknown_and_the_share_of_unplanned_value() {
    // S1-4
    let result = score(&whole());
    assert_relative_eq!(result.vu.score.unwrap(), 62.5, max_relative = 1e-12);
    assert_relative_eq!(result.unplanned_share.unwrap(), 27.272_727_272_727_273, max_relative = 1e-12);
    assert_eq!(result.areas.iter().filter(|area| area.planned).count(), 4);
}

#[test]
fn s1_5_value_realized_is_the_sum_of_its_parts() {
    // S1-5
    let result = score(&whole());
    let total = result.score.unwrap();
    assert_relative_eq!(total, 69.567_930_736_961_49, max_relative = 1e-12);
    let parts = [result.rbo.points, result.vp.points, result.ve.points, result.vu.points];
    for (part, value) in parts.iter().zip([23.4375, 32.5, 6.745_665_111_961_487, 6.884_765_625]) {
        assert_relative_eq!(*part, value, max_relative = 1e-12);
    }
    assert_relative_eq!(parts.iter().sum::<f64>(), total, max_relative = 1e-12);
    assert_relative_eq!(result.gap.unwrap(), 18.125, max_relative = 1e-12);
    let mean = score(&PerceivedValueInput { combine: Combine::Mean, ..whole() });
    assert_relative_eq!(mean.score.unwrap(), 58.903_060_892_394_855, max_relative = 1e-12);
    // The unproven outcome is all that is open: half of the base, a quarter of it.
    assert!(result.lower <= total && result.upper > total);
}

#[test]
fn s1_7_full_outcomes_and_perception_leave_no_room() {
    // S1-7
    let by = |rating: f64| Answer::new(rating).source(SAID);
    let result = score(&PerceivedValueInput {
        outcomes: vec![BusinessOutcome::new("o", 0.0, 1.0).at(1.0, SAID)],
        intended_values: vec![IntendedValue::new("v", vec![by(5.0)])],
        expansion: vec![answered("exec", 1.0, 5.0)],
        new_areas: Some(Vec::new()),
        ..empty()
    });
    assert_eq!((result.rbo.score, result.vp.score), (Some(100.0), Some(100.0)));
    assert_eq!((result.ve.score, result.vu.score, result.score), (Some(0.0), Some(0.0), Some(100.0)));
}

#[test]
fn never_asked_is_not_the_same_as_none_found() {
    let asked = score(&PerceivedValueInput { new_areas: Some(Vec::new()), ..whole() });
    let never = score(&PerceivedValueInput { new_areas: None, ..whole() });
    assert_eq!((asked.vu.score, asked.vu.coverage), (Some(0.0), 1.0));
    assert_eq!((never.vu.score, never.vu.reason), (None, Some(NoScore::NoData)));
    assert_eq!(never.unplanned_reason, Some(UnplannedReason::NotAsked));
    assert!(never.upper > asked.upper && never.coverage < asked.coverage);
    assert_eq!(never.score, asked.score);
}

#[test]
fn an_outcome_that_is_neither_tangible_nor_explainable_is_not_realised() {
    let mut outcome = BusinessOutcome::new("o", 0.0, 1.0).at(1.0, PROVEN);
    outcome.explainable = false;
    let result = score(&PerceivedValueInput { outcomes: vec![outcome.clone()], ..empty() });
    assert_eq!((result.rbo.score, result.rbo.upper), (Some(0.0), 100.0));
    assert_eq!(result.outcomes[0].reason, Some(OutcomeReason::NotExplainable));
    outcome.tangible = false;
    let result = score(&PerceivedValueInput { outcomes: vec![outcome], ..empty() });
    assert_eq!(result.outcomes[0].reason, Some(OutcomeReason::NotTangible));
}

#[test]
fn perception_goes_stale_after_a_quarter_and_outcomes_do_not() {
    let old = "2026-08-02".parse().unwrap(); // 91 days before
    let mut input = whole();
    input.outcomes.iter_mut().for_each(|outcome| outcome.on = Some(old));
    input.intended_values.iter_mut().flat_map(|v| &mut v.responses).for_each(|answer| answer.on = Some(old));
    let result = score(&input);
    assert_relative_eq!(result.rbo.score.unwrap(), 46.875, max_relative = 1e-12);
    assert_eq!((result.vp.score, result.vp.reason), (None, Some(NoScore::Stale)));
    assert_eq!(result.values[0].reason, Some(NoScore::Stale));
    assert_eq!(result.gap, None);
}

#[test]
fn errors_name_the_place_on_the_wire() {
    let cases: Vec<(Error, &str, &str)> = vec![
        (
            refused(|i| i.intended_values[0].responses[1] = 6.0.into()),
            "outside_scale",
            "intended_values[0].responses[1]",
        ),
        (
            refused(|i| i.intended_values[1].responses = vec![2.5.into()]),
            "outside_scale",
            "intended_values[1].responses",
        ),
        (
            refused(|i| i.intended_values[0].responses[0].on = "2026-11-02".parse().ok()),
            "after_as_of",
            "intended_values[0].responses[0].on",
        ),
        (refused(|i| i.outcomes[2].target = 10.0), "conflict", "outcomes[2].target"),
        (refused(|i| i.outcomes[2].current = Some(f64::NAN)), "not_finite", "outcomes[2].current"),
        (refused(|i| i.outcomes[1].id = "o1".into()), "duplicate", "outcomes"),
        (refused(|i| i.outcomes[1].weight = -1.0), "weight", "outcomes[1].weight"),
        (refused(|i| i.outcomes.iter_mut().for_each(|o| o.weight = 0.0)), "zero_weight", "outcomes"),
        (refused(|i| i.expansion[0].potential = Some(0.0)), "outside_scale", "expansion[0].potential"),
        (refused(|i| i.expansion[0].on = "2027-01-01".parse().ok()), "after_as_of", "expansion[0].on"),
        (refused(|i| i.new_areas = Some(areas(&[1.5]))), "out_of_range", "new_areas[0].value"),
        (refused(|i| i.rating.max = 1), "conflict", "rating"),
        (
            refused(|i| {
                i.persona_weights.insert("exec".into(), 0.0);
            }),
            "out_of_range",
            "persona_weights.exec",
        ),
    ];
    for (error, code, field) in cases {
        assert_eq!((error.code(), error.field()), (code, field), "{error}");
    }
}
