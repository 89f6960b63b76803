use approx::assert_relative_eq;

use super::{
    BusinessValueInput, Estimate, Flows, NextStep, PerformanceBy, Pillar, Ranged, SmartKpi, SmartLetter,
    ValueGenerated, ValueGeneratedInput, value_generated,
};
use crate::metric::ces::{CesInput, CesVariant};
use crate::metric::csat::CsatInput;
use crate::metric::discount::Convention;
use crate::metric::nps::NpsInput;
use crate::metric::pace::PaceStatus;
use crate::model::NoScore;
use crate::{Date, Error};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn flows(flows: Flows) -> BusinessValueInput {
    BusinessValueInput { rate: 0.10, convention: Convention::AtStart, flows, pillars: None }
}

/// The KPIs of S3-11.
fn kpis() -> Vec<SmartKpi> {
    let kpi = |id: &str, baseline, target, current| SmartKpi {
        current: Some(current),
        start: Some(day("2026-01-01")),
        ..SmartKpi::new(id, "hours", baseline, target, day("2027-01-01"))
    };
    vec![
        SmartKpi { weight: 2.0, ..kpi("a", 100.0, 60.0, 70.0) },
        kpi("b", 0.4, 0.8, 0.7),
        kpi("c", 10.0, 20.0, 9.0),
    ]
}

/// Everything of S3-13: the flows of S3-1, the surveys of S3-10, the KPIs of S3-11, the outcomes of S3-12.
fn whole() -> ValueGeneratedInput {
    let mut input = ValueGeneratedInput::new(day("2026-11-01"));
    input.business_value = Some(flows(Flows::Plain {
        benefits: vec![0.0, 1_606_511.0, 3_061_331.0, 4_229_760.0],
        costs: vec![53_150.0, 666_715.0, 636_772.0, 647_783.0],
    }));
    let experience = &mut input.experience_value;
    experience.nps = Some(NpsInput { promoters: 55, passives: 30, detractors: 15 });
    experience.csat = Some(CsatInput { satisfied: 42, responses: 50 });
    let counts = vec![80, 210, 140, 110, 160, 180, 120];
    experience.ces = Some(CesInput { counts, variant: CesVariant::Mean7 });
    experience.retention = Some(0.92);
    input.performance_value.kpis = kpis();
    let outcomes = &mut input.business_outcomes;
    outcomes.revenue = Some(1.08.into());
    outcomes.tenure = Some(30.0.into());
    outcomes.advocacy = Some(2.0.into());
    outcomes.cost_to_serve = Some(0.12.into());
    input
}

fn score(input: &ValueGeneratedInput) -> ValueGenerated {
    value_generated(input).unwrap()
}

fn with(change: impl FnOnce(&mut ValueGeneratedInput)) -> ValueGeneratedInput {
    let mut input = whole();
    change(&mut input);
    input
}

#[test]
fn s3_3_business_value_beside_its_net_present_value() {
    // S3-3
    let result = score(&whole());
    assert_relative_eq!(result.business_value.score.unwrap(), 81.084_920_758_858_9, max_relative = 1e-12);
    assert_relative_eq!(result.npv.unwrap(), 5_496_170.105_184_071, max_relative = 1e-12);
}

#[test]
fn s3_10_experience_value_of_four_surveys() {
    // S3-10
    let result = score(&whole());
    assert_relative_eq!(result.nps.unwrap().unit, 0.70, max_relative = 1e-12);
    assert_relative_eq!(result.csat.unwrap().share, 0.84, max_relative = 1e-12);
    assert_relative_eq!(result.ces.unwrap().unit, 0.513_333_333_3, max_relative = 1e-9);
    assert_relative_eq!(result.experience_value.score.unwrap(), 74.333_333_33, max_relative = 1e-9);
}

#[test]
fn s3_11_performance_value_of_three_kpis() {
    // S3-11
    let result = score(&whole());
    assert_relative_eq!(result.performance_value.score.unwrap(), 56.25, max_relative = 1e-12);
    let regressed: Vec<bool> = result.kpis.iter().map(|kpi| kpi.regressed).collect();
    assert_eq!(regressed, [false, false, true]);
}

#[test]
fn s3_12_business_outcomes_in_their_ranges() {
    // S3-12
    let result = score(&whole());
    assert_relative_eq!(result.business_outcomes.score.unwrap(), 64.583_333_33, max_relative = 1e-9);
    let units: Vec<f64> = result.outcomes.iter().map(|outcome| outcome.unit.unwrap()).collect();
    for (unit, expected) in units.iter().zip([0.6, 30.0 / 36.0, 0.5, 0.65]) {
        assert_relative_eq!(*unit, expected, max_relative = 1e-12);
    }
}

#[test]
fn s3_13_value_generated_in_three_steps() {
    // S3-13
    let result = score(&whole());
    assert_relative_eq!(result.outside_in.score.unwrap(), 77.709_127_046_096_12, max_relative = 1e-12);
    assert_relative_eq!(result.score.unwrap(), 66.180_820_126_476_49, max_relative = 1e-12);
    let steps = [result.outside_in.points, result.performance_value.points, result.business_outcomes.points];
    assert_relative_eq!(steps.iter().sum::<f64>(), result.score.unwrap(), max_relative = 1e-12);
    let gap = f64::midpoint(77.709_127_046_096_12, 56.25) - result.business_outcomes.score.unwrap();
    assert_relative_eq!(result.gap.unwrap(), gap, max_relative = 1e-12);
    assert_eq!((result.lower, result.upper), (result.score.unwrap(), result.score.unwrap()));
}

#[test]
fn a_whole_step_missing_means_no_score() {
    let result = score(&with(|i| i.performance_value.kpis.clear()));
    assert_eq!((result.score, result.reason), (None, Some(NoScore::RequiredMissing)));
    assert_eq!(result.performance_value.reason, Some(NoScore::NoData));
    assert_eq!((result.gap, result.npv.is_some()), (None, true));
    // Half of the first step is enough to score it.
    let result = score(&with(|i| i.business_value = None));
    assert_eq!((result.outside_in.score, result.outside_in.coverage), (result.experience_value.score, 0.5));
    assert_eq!((result.business_value.score, result.npv), (None, None));
}

#[test]
fn risk_cuts_benefits_and_raises_costs() {
    let of = |given: Flows| score(&with(|i| i.business_value = Some(flows(given)))).cash.unwrap();
    let (benefits, costs) = (vec![100.0], vec![50.0]);
    let cut = of(Flows::Haircut { benefits, costs, benefit_haircut: 0.2, cost_overrun: 0.1 });
    assert_relative_eq!(cut.npv, 80.0 - 55.0, max_relative = 1e-12);
    let estimate = |low, likely, high| vec![Estimate { low, likely, high }];
    let mean =
        of(Flows::Triangular { benefits: estimate(60.0, 90.0, 150.0), costs: estimate(40.0, 50.0, 60.0) });
    assert_relative_eq!(mean.npv, 50.0, max_relative = 1e-12);
}

#[test]
fn pillars_are_half_of_business_value() {
    let pillar = |id: &str, score| Pillar { id: id.into(), weight: 1.0, score };
    let result = score(&with(|i| {
        let (benefits, costs) = (vec![3.0], vec![1.0]);
        let pillars = Some(vec![pillar("b", Some(20.0)), pillar("a", Some(40.0)), pillar("c", None)]);
        let cash = flows(Flows::Plain { benefits, costs });
        i.business_value = Some(BusinessValueInput { pillars, ..cash });
    }));
    assert_relative_eq!(result.pillars.unwrap().score.unwrap(), 30.0, max_relative = 1e-12);
    assert_relative_eq!(result.business_value.score.unwrap(), 52.5, max_relative = 1e-12);
    assert_relative_eq!(result.business_value.coverage, 5.0 / 6.0, max_relative = 1e-12);
}

#[test]
fn a_kpi_that_is_not_smart_is_listed_and_does_not_count() {
    let result = score(&with(|i| {
        let kpi = &mut i.performance_value.kpis[2];
        kpi.unit = Some(" ".into());
        kpi.feasible = None;
        kpi.due = None;
    }));
    assert_eq!(result.kpis[2].not_smart, [SmartLetter::S, SmartLetter::R, SmartLetter::T]);
    assert_eq!(result.kpis[2].next_step, NextStep::MakeSmart);
    assert_relative_eq!(result.performance_value.score.unwrap(), 75.0, max_relative = 1e-12);
    assert_relative_eq!(result.performance_value.coverage, 0.75, max_relative = 1e-12);
    let result = score(&with(|i| {
        i.performance_value.kpis[2].target = None;
        i.performance_value.kpis[2].current = None;
    }));
    assert_eq!(result.kpis[2].not_smart, [SmartLetter::M, SmartLetter::A]);
}

#[test]
fn pace_sets_progress_against_time_and_names_the_next_step() {
    let result = score(&with(|i| {
        i.performance_value.by = PerformanceBy::Pace;
        i.performance_value.kpis[1].current = Some(0.8);
    }));
    // 304 of 365 days have gone.
    let [a, b, c] = result.kpis.as_slice() else { panic!("three KPIs") };
    assert_eq!((a.status, a.next_step), (Some(PaceStatus::AtRisk), NextStep::Correct));
    assert_eq!((b.status, b.next_step), (Some(PaceStatus::OnTrack), NextStep::Standardise));
    assert_eq!((c.status, c.next_step), (Some(PaceStatus::OffTrack), NextStep::Replan));
    assert_eq!((a.planned, a.actual, a.gap), (Some(60.0), Some(70.0), Some(-10.0)));
    let pace = 0.75 / (304.0 / 365.0);
    assert_relative_eq!(a.pace.unwrap(), pace, max_relative = 1e-12);
    assert_relative_eq!(
        result.performance_value.score.unwrap(),
        25.0 * (2.0 * pace + 1.0),
        max_relative = 1e-12
    );
}

#[test]
fn errors_name_the_place_on_the_wire() {
    let refused = |change: &dyn Fn(&mut ValueGeneratedInput)| value_generated(&with(change)).unwrap_err();
    let plain = |benefits: Vec<f64>, costs: Vec<f64>| Some(flows(Flows::Plain { benefits, costs }));
    let estimate = |low, likely, high| {
        let one = vec![Estimate { low, likely, high }];
        Some(flows(Flows::Triangular { benefits: one.clone(), costs: one }))
    };
    let range = |worst, best| Some(Ranged { value: 1.0, worst, best });
    let cases: Vec<(Error, &str, &str)> = vec![
        (
            refused(&|i| i.business_value = plain(vec![-1.0], vec![1.0])),
            "out_of_range",
            "business_value.flows.plain.benefits[0]",
        ),
        (
            refused(&|i| i.business_value = plain(vec![1.0], vec![])),
            "empty",
            "business_value.flows.plain.costs",
        ),
        (refused(&|i| i.business_value.as_mut().unwrap().rate = -1.0), "out_of_range", "business_value.rate"),
        (
            refused(&|i| i.business_value = estimate(2.0, 1.0, 3.0)),
            "conflict",
            "business_value.flows.triangular.benefits[0].likely",
        ),
        (
            refused(&|i| i.experience_value.csat = Some(CsatInput { satisfied: 2, responses: 1 })),
            "out_of_range",
            "experience_value.csat.satisfied",
        ),
        (
            refused(&|i| i.experience_value.retention = Some(1.1)),
            "outside_scale",
            "experience_value.retention",
        ),
        (
            refused(&|i| i.performance_value.kpis[1].target = Some(0.4)),
            "conflict",
            "performance_value.kpis[1].target",
        ),
        (
            refused(&|i| i.performance_value.kpis[1].due = Some(day("2026-01-01"))),
            "conflict",
            "performance_value.kpis[1].due",
        ),
        (refused(&|i| i.performance_value.kpis[1].id = "a".into()), "duplicate", "performance_value.kpis"),
        (
            refused(&|i| i.business_outcomes.revenue = range(Some(1.2), None)),
            "conflict",
            "business_outcomes.revenue.best",
        ),
        (
            refused(&|i| i.business_outcomes.tenure = Some(f64::NAN.into())),
            "not_finite",
            "business_outcomes.tenure.value",
        ),
    ];
    for (error, code, field) in cases {
        assert_eq!((error.code(), error.field()), (code, field), "{error}");
    }
}
