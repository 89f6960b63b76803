//! Edges of the scorecard engine that a random case seldom meets: signs of zero, the last bit, groups that leave.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use value_model::Date;
use value_model::answer::{Answer, Missing, Override, RecencyRule, Record};
use value_model::scale::{Point, Scale};
use value_model::scorecard::{
    Action, Aggregator, Assessment, Group, MAX_WEIGHT, Measure, MissingRule, Outcome, Predicate, Scorecard,
};

fn as_of() -> Date {
    "2026-11-01".parse().unwrap()
}

fn assess(tree: Group, record: &Record) -> Assessment {
    Scorecard::new("edge", "1", tree).compile().unwrap().assess(record, as_of()).unwrap()
}

fn headroom(uplift: &[(&str, f64)]) -> Group {
    let ids = uplift.iter().map(|(id, _)| (*id).to_owned()).collect();
    let base = Group::new("inner")
        .aggregator(Aggregator::Headroom { uplift: ids })
        .child(Measure::new("base", Scale::Unit));
    uplift
        .iter()
        .fold(base, |group, (id, weight)| group.child(Measure::new(*id, Scale::Unit).weight(*weight)))
}

#[test]
fn uplift_leaves_with_its_base() {
    let tree = Group::new("root").child(Measure::new("a", Scale::Unit)).child(headroom(&[("more", 0.5)]));
    let record = Record::new("acme")
        .answer("a", 0.5)
        .answer("base", Answer::missing(Missing::NotApplicable))
        .answer("more", 1.0);
    let result = assess(tree, &record);
    assert_eq!(result.group("inner").unwrap().outcome, Outcome::NotApplicable);
    assert_eq!((result.score, result.lower, result.upper, result.coverage), (Some(50.0), 50.0, 50.0, 1.0));
}

#[test]
fn uplift_never_lifts_above_100() {
    // .7 + .2 + .1 is below 1 in binary, .1 + .2 + .7 above it.
    let tree = headroom(&[("a", 0.1), ("b", 0.2), ("c", 0.7)]);
    let record = Record::new("acme").answer("base", 0.0).answer("a", 1.0).answer("b", 1.0).answer("c", 1.0);
    let result = assess(tree, &record);
    assert_eq!((result.score, result.upper), (Some(100.0), 100.0));
}

#[test]
fn an_aged_answer_never_lifts_the_upper_bound_above_100() {
    let tree = Group::new("root").aggregator(Aggregator::Harmonic).missing(MissingRule::Neutral(1.0)).child(
        Measure::new("a", Scale::Unit)
            .weight(7.793_511_930_448_896)
            .recency(RecencyRule::HalfLife { days: 150 }),
    );
    let record = Record::new("acme").answer("a", Answer::new(1.0).on("2026-07-06".parse().unwrap()));
    for aggregator in [Aggregator::Harmonic, Aggregator::Mean, Aggregator::Geometric] {
        let result = assess(tree.clone().aggregator(aggregator), &record);
        assert!(result.score <= Some(100.0) && result.upper <= 100.0, "{result:?}");
    }
}

#[test]
fn results_hold_no_minus_zero() {
    let likert = Group::new("root").child(Measure::new("a", Scale::Likert { min: 0, max: 10 }));
    let likert = likert.aggregator(Aggregator::Min).missing(MissingRule::Neutral(-0.0));
    let always = Predicate::Below { measure: "a".into(), unit: 1.0 };
    let mut record = Record::new("acme").answer("a", -0.0);
    record.override_ = Some(Override {
        score: -0.0,
        reason: "gone".into(),
        author: "kim".into(),
        made_on: as_of(),
        expires_on: None,
    });
    for action in [Action::Cap(-0.0), Action::Set(-0.0), Action::Floor(-0.0)] {
        let card = Scorecard::new("edge", "1", likert.clone()).rule("r", always.clone(), action);
        let scorer = card.compile().unwrap();
        for record in [record.clone(), Record { override_: None, ..record.clone() }, Record::new("acme")] {
            let text = serde_json::to_string(&scorer.assess(&record, as_of()).unwrap()).unwrap();
            assert!(!text.contains("-0.0"), "{action:?} {text}");
        }
    }
}

#[test]
fn the_largest_weights_keep_their_ratio() {
    let tree = |aggregator| {
        Group::new("root")
            .aggregator(aggregator)
            .child(Measure::new("a", Scale::Unit).weight(MAX_WEIGHT / 2.0))
            .child(Measure::new("b", Scale::Unit).weight(MAX_WEIGHT / 2.0))
    };
    let record = Record::new("acme").answer("a", 1e-3).answer("b", 1e-3);
    for aggregator in [Aggregator::Mean, Aggregator::Harmonic, Aggregator::Min] {
        assert_eq!(assess(tree(aggregator), &record).score, Some(0.1));
    }
}

#[test]
fn points_too_far_apart_are_refused() {
    let points = vec![Point { at: -1e308, unit: 0.0 }, Point { at: 1e308, unit: 1.0 }];
    let tree = Group::new("root").child(Measure::new("a", Scale::Points(points)));
    let error = Scorecard::new("edge", "1", tree).compile().unwrap_err();
    assert_eq!((error.code(), error.field()), ("overflow", "tree.children[0].scale.points[1]"));
}

#[test]
fn a_group_of_one_leaf_is_no_leaf() {
    let aged = Measure::new("a", Scale::Unit).recency(RecencyRule::HalfLife { days: 30 });
    let tree = Group::new("root").missing(MissingRule::Zero).child(Group::new("inner").child(aged));
    let record = Record::new("acme").answer("a", Answer::new(0.5).on("2026-10-02".parse().unwrap()));
    let result = assess(tree, &record);
    // The inner group leaves out what age took from its answer, so nothing is missing for the root to count as 0.
    assert_eq!((result.score, result.coverage), (Some(50.0), 0.5));
    assert_eq!((result.lower, result.upper), (25.0, 75.0));
}
