//! The linter: one test per warning, one per near miss.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use value_model::presets;
use value_model::scale::{Level, Point, Scale, Step};
use value_model::scorecard::{
    Action, Aggregator, Bands, Edge, Group, LintCode, Measure, MissingRule, Predicate, Scorecard, lint,
};

fn card(tree: Group) -> Scorecard {
    Scorecard::new("linted", "1", tree)
}

/// Codes and fields of all warnings.
fn found(card: &Scorecard) -> Vec<(LintCode, String)> {
    lint(card).unwrap().into_iter().map(|warning| (warning.code, warning.field)).collect()
}

fn one(code: LintCode, field: &str) -> Vec<(LintCode, String)> {
    vec![(code, field.to_owned())]
}

fn weights(weights: &[f64]) -> Scorecard {
    let children = weights.iter().enumerate();
    card(children.fold(Group::new("root"), |root, (number, weight)| {
        root.child(Measure::new(format!("m{number}"), Scale::Unit).weight(*weight))
    }))
}

/// A card of one measure with this label and scale.
fn labelled(label: &str, scale: Scale) -> Scorecard {
    card(Group::new("root").child(Measure::new(label, scale)))
}

fn asked(question: &str, scale: Scale) -> Scorecard {
    card(Group::new("root").child(Measure::new("m", scale).asked("", question)))
}

fn linear(worst: f64, best: f64) -> Scale {
    Scale::Linear { worst, best }
}

fn levels(units: &[f64]) -> Scale {
    Scale::Levels(units.iter().map(|unit| (format!("level {unit}"), Level::Unit(*unit))).collect())
}

#[test]
fn an_error_stays_an_error() {
    assert_eq!(lint(&weights(&[])).unwrap_err().code(), "empty");
}

#[test]
fn a_plain_card_has_no_warnings() {
    assert_eq!(found(&weights(&[1.0, 2.0])), []);
}

#[test]
fn a_weight_of_0_is_named() {
    assert_eq!(found(&weights(&[1.0, 0.0, 1.0])), one(LintCode::ZeroWeight, "tree.children[1].weight"));
    let inner = Group::new("inner").weight(0.0).child(Measure::new("x", Scale::Unit));
    let tree = Group::new("root").child(inner).child(Measure::new("y", Scale::Unit));
    assert_eq!(found(&card(tree)), one(LintCode::ZeroWeight, "tree.children[0].weight"));
}

#[test]
fn a_small_weight_is_a_weight() {
    assert_eq!(found(&weights(&[1.0, 1e-9])), []);
}

#[test]
fn percentages_that_miss_100_are_named() {
    let expected = one(LintCode::WeightsNotHundred, "tree.children");
    assert_eq!(found(&weights(&[40.0, 30.0, 25.0])), expected);
    assert_eq!(found(&weights(&[50.0, 30.0, 30.0])), expected);
    let message = lint(&weights(&[40.0, 30.0, 25.0])).unwrap()[0].to_string();
    assert!(message.contains("sum to 95"), "{message}");
}

#[test]
fn ratios_are_not_percentages() {
    assert_eq!(found(&weights(&[40.0, 30.0, 30.0])), [], "they sum to 100");
    assert_eq!(found(&weights(&[33.33, 33.33, 33.33])), [], "thirds");
    assert_eq!(found(&weights(&[3.0, 2.0, 1.0])), [], "plain ratios");
    assert_eq!(found(&weights(&[60.0, 60.0])), [], "far from 100");
    assert_eq!(found(&weights(&[95.0, 1.0])), [], "a weight of 1 is the default");
    assert_eq!(found(&weights(&[95.0])), [], "one child carries everything");
}

#[test]
fn no_min_coverage_is_named() {
    let tree = Group::new("root").min_coverage(0.0).child(Measure::new("x", Scale::Unit));
    assert_eq!(found(&card(tree)), one(LintCode::NoMinCoverage, "tree.min_coverage"));
    let tree = Group::new("root").min_coverage(1e-6).child(Measure::new("x", Scale::Unit));
    assert_eq!(found(&card(tree)), []);
}

#[test]
fn a_column_read_twice_is_named() {
    let reads = |id: &str, column: Option<&str>| Measure {
        column: column.map(str::to_owned),
        ..Measure::new(id, Scale::Unit)
    };
    let tree = |b: Measure| card(Group::new("root").child(reads("a", Some("seats"))).child(b));
    let expected = |field| one(LintCode::SharedColumn, field);
    assert_eq!(found(&tree(reads("b", Some("seats")))), expected("tree.children[1].column"));
    assert_eq!(found(&tree(reads("seats", None))), expected("tree.children[1].id"), "the id is its column");
    assert_eq!(found(&tree(reads("b", Some("Seats")))), [], "columns are told apart by case");
    assert_eq!(found(&tree(reads("a2", None))), []);
}

#[test]
fn a_scale_that_contradicts_its_label_is_named() {
    let expected = one(LintCode::ScaleDirection, "tree.children[0].scale");
    for label in ["cost", "churn_rate", "open_tickets", "Overdue invoices", "delay", "risks", "complaints"] {
        assert_eq!(found(&labelled(label, linear(0.0, 10.0))), expected, "{label}");
    }
    for label in ["effort", "burden", "openTickets"] {
        assert_eq!(found(&labelled(label, Scale::Likert { min: 1, max: 7 })), expected, "{label}");
    }
    for label in ["satisfaction", "adoption", "usage"] {
        assert_eq!(found(&labelled(label, linear(10.0, 0.0))), expected, "{label}");
    }
    assert_eq!(found(&asked("How many tickets are open?", linear(0.0, 9.0))), expected, "the question");
}

#[test]
fn every_scale_with_a_direction_is_read() {
    let expected = one(LintCode::ScaleDirection, "tree.children[0].scale");
    let step = |from, unit| Step { from, unit };
    let point = |at, unit| Point { at, unit };
    let rising = [
        Scale::YesNo,
        Scale::Percent,
        Scale::Growth,
        Scale::Steps { below: 0.0, steps: vec![step(5.0, 0.5), step(9.0, 1.0)] },
        Scale::Points(vec![point(0.0, 0.0), point(9.0, 1.0)]),
        Scale::Progress { baseline: 0.0, target: 9.0, tolerance: None },
    ];
    for scale in rising {
        assert_eq!(found(&labelled("churn", scale.clone())), expected, "{scale:?}");
    }
    let unordered = [
        levels(&[0.0, 1.0]),
        Scale::Within { days: 90 },
        Scale::Points(vec![point(0.0, 0.0), point(5.0, 1.0), point(9.0, 0.0)]),
        Scale::Progress { baseline: 0.0, target: 9.0, tolerance: Some(1.0) },
    ];
    for scale in unordered {
        assert_eq!(found(&labelled("churn", scale.clone())), [], "{scale:?}");
    }
}

#[test]
fn a_scale_that_agrees_with_its_label_is_right() {
    assert_eq!(found(&labelled("open_tickets", linear(10.0, 0.0))), []);
    assert_eq!(found(&labelled("satisfaction", Scale::Likert { min: 1, max: 5 })), []);
    let reversed = Measure::new("burden", Scale::Likert { min: 1, max: 5 }).reversed();
    assert_eq!(found(&card(Group::new("root").child(reversed))), []);
}

#[test]
fn a_label_that_says_both_or_turns_its_meaning_says_nothing() {
    for label in ["cost_savings", "churn_prevented", "tickets resolved", "risk mitigation", "delays avoided"]
    {
        assert_eq!(found(&labelled(label, Scale::Unit)), [], "{label}");
    }
    for label in ["ticket_satisfaction", "usage_cost", "lack_of_adoption"] {
        assert_eq!(found(&labelled(label, linear(10.0, 0.0))), [], "{label}");
        assert_eq!(found(&labelled(label, linear(0.0, 10.0))), [], "{label}");
    }
    assert_eq!(found(&labelled("costume", Scale::Unit)), [], "part of a word is another word");
    let measure = Measure::new("fit", Scale::Unit).asked("Satisfaction", "And with what it costs?");
    assert_eq!(found(&card(Group::new("root").child(measure))), [], "the title speaks before the question");
}

#[test]
fn all_of_nothing_is_true() {
    let expected = one(LintCode::VacuouslyTrue, "tree.children[0].scale");
    for question in
        ["Are all goals documented?", "Does every goal have a metric?", "Has each user logged in?"]
    {
        assert_eq!(found(&asked(question, Scale::YesNo)), expected, "{question}");
    }
    assert_eq!(found(&labelled("all_goals_documented", Scale::YesNo)), expected);
}

#[test]
fn a_question_that_names_the_empty_case_is_not_vacuous() {
    for question in [
        "Are all goals documented (no if there are none)?",
        "Is there at least one goal, and are all of them documented?",
        "Do they use it at all?",
        "Do they log in every week?",
        "Overall, is it worth it?",
    ] {
        assert_eq!(found(&asked(question, Scale::YesNo)), [], "{question}");
    }
    assert_eq!(
        found(&asked("Which share of all goals is documented?", Scale::Unit)),
        [],
        "a share of nothing"
    );
}

#[test]
fn a_band_out_of_reach_is_named() {
    let expected = |index| one(LintCode::UnreachableBand, &format!("bands.names[{index}]"));
    assert_eq!(found(&labelled("tier", levels(&[0.0, 0.7]))), expected(2));
    assert_eq!(found(&labelled("tier", levels(&[0.5, 1.0]))), expected(0));
    let reversed = Measure::new("tier", levels(&[0.5, 1.0])).reversed();
    assert_eq!(found(&card(Group::new("root").child(reversed))), expected(2));
    let mut edge = weights(&[1.0]);
    edge.bands = Bands {
        cuts: vec![50.0, 100.0],
        names: ["a", "b", "c"].map(str::to_owned).to_vec(),
        edge: Edge::Gainsight,
    };
    assert_eq!(found(&edge), expected(2), "nothing lies above 100");
    edge.bands.edge = Edge::Above;
    assert_eq!(found(&edge), [], "100 itself belongs to the band above");
}

#[test]
fn a_band_that_something_reaches_is_right() {
    assert_eq!(found(&labelled("tier", levels(&[0.0, 0.75]))), [], "the cut itself");
    let low = labelled("tier", levels(&[0.0, 0.7]));
    let below = Predicate::Below { measure: "tier".into(), unit: 0.2 };
    assert_eq!(found(&low.clone().rule("lift", below.clone(), Action::Set(0.8))), [], "a rule reaches it");
    assert_eq!(found(&low.clone().rule("lift", below, Action::Floor(0.8))), [], "a floor reaches it");
    let never = Predicate::Above { measure: "tier".into(), unit: 0.7 };
    assert_eq!(
        found(&low.rule("lift", never, Action::Set(0.8))).len(),
        1,
        "a rule that cannot fire does not"
    );
    let high = |rule| card(Group::new("root").missing(rule).child(Measure::new("tier", levels(&[0.5, 1.0]))));
    assert_eq!(found(&high(MissingRule::Zero)), [], "a missing answer counts as 0");
    assert_eq!(found(&high(MissingRule::Neutral(0.2))), []);
    let capped =
        high(MissingRule::Fail).rule("cap", Predicate::Missing { measure: "tier".into() }, Action::Cap(0.1));
    assert_eq!(found(&capped), [], "a cap reaches down");
}

#[test]
fn uplift_reaches_above_its_base() {
    let tree = |aggregator| {
        Group::new("root")
            .aggregator(aggregator)
            .child(Measure::new("base", levels(&[0.0, 0.6])))
            .child(Measure::new("more", levels(&[0.0, 0.6])).weight(0.5))
    };
    assert_eq!(found(&card(tree(Aggregator::Mean))), one(LintCode::UnreachableBand, "bands.names[2]"));
    // 0.6 + 0.4 * 0.5 * 0.6 = 0.72
    let lifted = tree(Aggregator::Headroom { uplift: vec!["more".into()] });
    assert_eq!(found(&lifted_to(lifted.clone(), 72.0)), []);
    assert_eq!(found(&lifted_to(lifted, 73.0)).len(), 1);
}

fn lifted_to(tree: Group, cut: f64) -> Scorecard {
    let mut card = card(tree);
    card.bands.cuts = vec![50.0, cut];
    card
}

#[test]
fn warnings_are_data() {
    let warning = &lint(&weights(&[1.0, 0.0])).unwrap()[0];
    let json = serde_json::to_value(warning).unwrap();
    assert_eq!(json["code"], warning.code.code());
    assert_eq!(json["code"], "zero_weight");
}

#[test]
fn presets_have_no_warning_that_is_not_known() {
    // Every preset is listed with its warnings, so that a new one is a decision.
    for preset in presets::all() {
        let warnings = found(&presets::scorecard(preset.id).unwrap());
        let expected: &[LintCode] = match preset.id {
            // A measure that a rule reads, and factors for reading: both are shown and do not count.
            "customer-value" | "customers-metric" => &[LintCode::ZeroWeight],
            _ => &[],
        };
        let codes: Vec<LintCode> = warnings.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, expected, "{}: {warnings:?}", preset.id);
    }
}
