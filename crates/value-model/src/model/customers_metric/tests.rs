use approx::assert_relative_eq;

use super::*;
use crate::Date;

fn day(days_before: i32) -> Date {
    as_of().plus_days(-days_before).unwrap()
}

fn as_of() -> Date {
    "2026-11-01".parse().unwrap()
}

/// A need of 30 days ago, met so many days late.
fn met(id: &str, anticipated: bool, days_late: i32, effective: Option<f64>) -> Need {
    Need::new(id, anticipated, day(30)).delivered(day(30 - days_late), effective)
}

fn of(needs: Vec<Need>) -> CustomersMetric {
    customers_metric(&CustomersMetricInput::new(as_of(), needs)).unwrap()
}

fn refused(input: &CustomersMetricInput) -> (&'static str, String) {
    let error = customers_metric(input).unwrap_err();
    (error.code(), error.field().to_owned())
}

fn golden() -> Vec<Need> {
    vec![
        met("a", true, 0, Some(1.0)),
        met("b", true, -5, Some(1.0)),
        met("c", false, 2, Some(1.0)),
        met("d", true, 6, Some(1.0)),
        met("e", true, 0, Some(0.0)),
    ]
}

#[test]
fn s5_1_anticipated_in_time_and_effective() {
    // S5-1
    let metric = of(golden());
    assert_relative_eq!(metric.score.unwrap(), 48.0, max_relative = 1e-12);
    assert_relative_eq!(metric.anticipated.unwrap().share, 0.8, max_relative = 1e-12);
    assert_relative_eq!(metric.timeliness.unwrap(), 0.84, max_relative = 1e-12);
    assert_relative_eq!(metric.effectiveness.mean.unwrap(), 0.8, max_relative = 1e-12);
    assert_eq!((metric.outcome, metric.coverage), (CustomersMetricOutcome::Scored, 1.0));
    assert_eq!((Some(metric.lower), Some(metric.upper)), (metric.score, metric.score));
    assert!(metric.effectiveness.interval.is_some());
}

#[test]
fn a_need_that_was_never_met_counts_as_zero() {
    let mut needs = golden();
    needs.push(Need::new("f", true, day(0)));
    let metric = of(needs);
    assert_relative_eq!(metric.score.unwrap(), 40.0, max_relative = 1e-12);
    assert_eq!((metric.coverage, metric.effectiveness.known), (1.0, 6));
    let last = metric.needs.last().unwrap();
    assert_eq!((last.days_late, last.unit, last.counted), (None, Some(0.0), true));
    assert_eq!(last.reason, Some(NeedReason::NotDelivered));
}

#[test]
fn an_unknown_effect_leaves_the_score_to_the_others_and_widens_the_bounds() {
    let mut needs = golden();
    needs[4].effective = None;
    let metric = of(needs);
    assert_relative_eq!(metric.score.unwrap(), 60.0, max_relative = 1e-12);
    assert_relative_eq!(metric.lower, 48.0, max_relative = 1e-12);
    assert_relative_eq!(metric.upper, 68.0, max_relative = 1e-12);
    assert_relative_eq!(metric.coverage, 0.8);
    let effect = metric.effectiveness;
    assert_eq!((effect.mean, effect.lower, effect.upper, effect.known), (Some(1.0), 0.8, 1.0, 4));
    assert_eq!(metric.needs[4].reason, Some(NeedReason::UnknownEffect));
    assert!(!metric.needs[4].counted);
}

#[test]
fn below_the_asked_coverage_there_is_no_score() {
    let needs = vec![met("a", true, 0, Some(1.0)), met("b", true, 0, None), met("c", true, 0, None)];
    let metric = of(needs.clone());
    assert_eq!((metric.outcome, metric.score), (CustomersMetricOutcome::Insufficient, None));
    assert_relative_eq!(metric.lower, 100.0 / 3.0);
    assert_relative_eq!(metric.upper, 100.0);
    let at_edge = of(needs.into_iter().take(2).collect());
    assert_eq!((at_edge.coverage, at_edge.score), (0.5, Some(100.0)));
    let none_known = CustomersMetricInput {
        min_coverage: 0.0,
        ..CustomersMetricInput::new(as_of(), vec![met("a", true, 0, None)])
    };
    let metric = customers_metric(&none_known).unwrap();
    assert_eq!((metric.outcome, metric.score), (CustomersMetricOutcome::Insufficient, None));
    assert_eq!((metric.lower.to_bits(), metric.upper), (0, 100.0));
}

#[test]
fn the_window_includes_both_ends_and_lists_what_is_older() {
    let needs = vec![
        Need::new("today", true, day(0)),
        Need::new("edge", true, day(90)),
        Need::new("old", true, day(91)).delivered(day(91), Some(1.0)),
    ];
    let metric = of(needs);
    assert_eq!((metric.needs_in_window, metric.outside_window), (2, vec!["old".to_owned()]));
    let old = &metric.needs[1];
    assert_eq!((old.id.as_str(), old.counted, old.reason), ("old", false, Some(NeedReason::Stale)));
    assert_eq!(metric.score, Some(0.0));
}

#[test]
fn without_needs_there_is_nothing_to_score() {
    let metric = of(vec![]);
    assert_eq!((metric.outcome, metric.score), (CustomersMetricOutcome::NoNeeds, None));
    assert_eq!((metric.lower.to_bits(), metric.upper, metric.coverage), (0, 100.0, 0.0));
    assert!(
        metric.anticipated.is_none() && metric.timeliness.is_none() && metric.effectiveness.mean.is_none()
    );
    assert_eq!((metric.effectiveness.lower.to_bits(), metric.effectiveness.upper), (0, 1.0));
}

#[test]
fn effects_between_none_and_full_have_a_mean_but_no_interval_of_a_share() {
    let metric = of(vec![met("a", true, 0, Some(0.5)), met("b", true, 0, Some(1.0))]);
    assert_eq!((metric.effectiveness.mean, metric.effectiveness.interval), (Some(0.75), None));
}

#[test]
fn hours_and_cost_are_added_as_far_as_stated() {
    let mut needs = golden();
    assert_eq!((of(needs.clone()).hours, of(needs.clone()).cost), (None, None));
    needs[0].hours = Some(1.5);
    needs[2].hours = Some(2.0);
    needs[3].cost = Some(40.0);
    assert_eq!((of(needs.clone()).hours, of(needs.clone()).cost), (Some(3.5), Some(40.0)));
    needs[0].hours = Some(f64::MAX);
    needs[2].hours = Some(f64::MAX);
    assert_eq!(refused(&CustomersMetricInput::new(as_of(), needs)), ("overflow", "hours".into()));
}

#[test]
fn s5_3_channels_of_needs_are_compared_by_cost_per_effective_guidance() {
    // S5-3: 20 calls for 4000, 16 effective; 60 webinar seats for 1200, 30; 100 in-app hints for 300, 35.
    let mut needs = Vec::new();
    for (channel, n, effective, cost) in
        [("call", 20, 16, 200.0), ("webinar", 60, 30, 20.0), ("in_app", 100, 35, 3.0)]
    {
        for index in 0..n {
            let effect = f64::from(u8::from(index < effective));
            needs.push(met(&format!("{channel}_{index}"), true, 0, Some(effect)).through(channel, cost));
        }
    }
    needs.push(met("unpriced", true, 0, Some(1.0)));
    needs.push(met("unknown", true, 0, None).through("call", 9.0));
    let input = CustomersMetricInput {
        required_effectiveness: Some(0.35),
        ..CustomersMetricInput::new(as_of(), needs)
    };
    let metric = customers_metric(&input).unwrap();
    let advice = metric.channels.unwrap();
    let costs: Vec<f64> = advice.channels.iter().map(|channel| channel.cost_per_effective.unwrap()).collect();
    for (cost, expected) in costs.iter().zip([250.0, 8.571_428_571_428_571, 40.0]) {
        assert_relative_eq!(*cost, expected, max_relative = 1e-12);
    }
    assert_eq!((advice.advice.as_deref(), metric.channel_needs_left_out), (Some("webinar"), 2));
}

#[test]
fn dates_after_the_day_of_judgement_are_refused() {
    let at = |need| refused(&CustomersMetricInput::new(as_of(), vec![met("z", true, 0, None), need]));
    assert_eq!(at(Need::new("a", true, day(-1))), ("after_as_of", "needs[1].needed_on".into()));
    let need = Need::new("a", true, day(3)).delivered(day(-1), None);
    assert_eq!(at(need), ("after_as_of", "needs[1].delivered_on".into()));
}

#[test]
fn contradictions_and_bad_numbers_are_refused_by_place() {
    let at = |change: fn(&mut Need)| {
        let mut need = met("a", true, 0, Some(1.0));
        change(&mut need);
        refused(&CustomersMetricInput::new(as_of(), vec![need]))
    };
    assert_eq!(at(|need| need.delivered_on = None), ("conflict", "needs[0].effective".into()));
    assert_eq!(at(|need| need.effective = Some(1.1)), ("out_of_range", "needs[0].effective".into()));
    assert_eq!(at(|need| need.cost = Some(-1.0)), ("out_of_range", "needs[0].cost".into()));
    assert_eq!(at(|need| need.hours = Some(f64::NAN)), ("not_finite", "needs[0].hours".into()));
    assert_eq!(at(|need| need.channel = Some("\n".into())), ("invalid_text", "needs[0].channel".into()));
    assert_eq!(at(|need| need.id = String::new()), ("invalid_text", "needs[0].id".into()));
    let twice = vec![met("a", true, 0, None), met("a", true, 0, None)];
    assert_eq!(refused(&CustomersMetricInput::new(as_of(), twice)), ("duplicate", "needs".into()));
    let rules = |change: fn(&mut CustomersMetricInput)| {
        let mut input = CustomersMetricInput::new(as_of(), vec![]);
        change(&mut input);
        refused(&input)
    };
    assert_eq!(rules(|input| input.min_coverage = 2.0).1, "min_coverage");
    assert_eq!(rules(|input| input.required_effectiveness = Some(-0.1)).1, "required_effectiveness");
    assert_eq!(rules(|input| input.timeliness.late_full = 99).1, "timeliness.late_zero");
}

#[test]
fn the_wire_form_has_the_defaults_of_the_source() {
    let text =
        r#"{"as_of": "2026-11-01", "needs": [{"id": "a", "anticipated": true, "needed_on": "2026-10-30"}]}"#;
    let input: CustomersMetricInput = serde_json::from_str(text).unwrap();
    assert_eq!(input, CustomersMetricInput::new(as_of(), vec![Need::new("a", true, day(2))]));
    assert!(serde_json::from_str::<CustomersMetricInput>(&text.replace("needed_on", "needed")).is_err());
}
