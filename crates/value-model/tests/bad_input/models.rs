//! Models that are refused.

use value_model::Date;
use value_model::answer::{EvidenceRule, Grades, RecencyRule, Record};
use value_model::scale::{Level, Point, Scale, Step};
use value_model::scorecard::{
    Action, Aggregator, Bands, Edge, Group, MAX_DEPTH, MAX_NODES, Measure, MissingRule, Node, Predicate,
    Scorecard,
};

use crate::{NOT_FINITE, as_of, card, leaf, pair, refused, scaled, weighted};

#[test]
fn weights() {
    for weight in NOT_FINITE {
        refused(&card(weighted(1.0, weight)), "not_finite", "tree.children[1].weight");
    }
    refused(&card(weighted(1.0, -1.0)), "weight", "tree.children[1].weight");
    refused(&card(weighted(0.0, 0.0)), "zero_weight", "tree.children");
    refused(&card(weighted(1e308, 1e308)), "overflow", "tree.children");
    refused(&card(weighted(1e13, 1.0)), "overflow", "tree.children");
    let uplift = |b, uplift: &str| {
        card(weighted(1.0, b).aggregator(Aggregator::Headroom { uplift: vec![uplift.into()] }))
    };
    refused(&uplift(1.5, "b"), "out_of_range", "tree.aggregator.headroom.uplift");
    refused(&uplift(1e308, "b"), "out_of_range", "tree.aggregator.headroom.uplift");
    refused(&uplift(0.5, "c"), "unknown_id", "tree.aggregator.headroom.uplift[0]");
    for (weight, code) in [(0.0, "out_of_range"), (f64::NAN, "not_finite"), (1e308, "overflow")] {
        let mut several = card(pair());
        several.persona_weights.insert("cfo".into(), weight);
        refused(&several, code, "persona_weights.cfo");
    }
}

#[test]
fn trees() {
    refused(&card(Group::new("root")), "empty", "tree.children");
    refused(&card(pair().child(Group::new("inner"))), "empty", "tree.children[2].children");
    refused(&card(pair().child(leaf("a"))), "duplicate", "tree.children[2].id");
    refused(&card(pair().child(leaf("root"))), "duplicate", "tree.children[2].id");
    let inner = Group::new("inner").child(leaf("b"));
    refused(&card(pair().child(inner)), "duplicate", "tree.children[2].children[0].id");
    for bad in ["", "a\u{0}b", "tab\tid", "line\nid", "\u{7f}", "\u{9b}31m"] {
        refused(&card(pair().child(leaf(bad))), "invalid_text", "tree.children[2].id");
        refused(&card(Group::new(bad).child(leaf("a"))), "invalid_text", "tree.id");
        refused(&Scorecard::new(bad, "1", pair()), "invalid_text", "id");
        refused(&Scorecard::new("m", bad, pair()), "invalid_text", "version");
    }
    for coverage in [-0.1, 1.1, f64::NAN] {
        let code = if coverage.is_nan() { "not_finite" } else { "out_of_range" };
        refused(&card(pair().min_coverage(coverage)), code, "tree.min_coverage");
        refused(&card(pair().missing(MissingRule::Neutral(coverage))), code, "tree.missing.neutral");
    }
    refused(&card(pair().require(&["b", "c"])), "unknown_id", "tree.require[1]");
    let effort = Measure { effort: Some(0.0), ..leaf("c") };
    refused(&card(pair().child(effort)), "out_of_range", "tree.children[2].effort");
}

#[test]
fn schemas() {
    for schema in ["value-model/2", "value-model/1 ", "", "VALUE-MODEL/1"] {
        let other = Scorecard { schema: schema.into(), ..card(pair()) };
        refused(&other, "schema_version", "schema");
    }
    let long = Scorecard { schema: "x".repeat(1_000_000), ..card(pair()) };
    assert!(long.compile().unwrap_err().to_string().len() < 200, "a message never carries a whole file");
}

/// Groups inside each other, `depth` of them, around one measure.
fn nested(depth: u32) -> Group {
    let innermost = Group::new("g0").child(leaf("m"));
    (1..depth).fold(innermost, |inner, number| Group::new(format!("g{number}")).child(inner))
}

/// Takes a deep tree apart from the outside, because dropping it whole would recurse.
fn dismantle(mut group: Group) {
    while let Some(node) = group.children.pop() {
        if let Node::Group(inner) = node {
            group = inner;
        }
    }
}

#[test]
fn depth() {
    assert!(card(nested(MAX_DEPTH)).compile().is_ok());
    let too_deep = card(nested(MAX_DEPTH + 1));
    refused(&too_deep, "limit", "tree");
    let hostile = card(nested(100_000));
    refused(&hostile, "limit", "tree");
    dismantle(hostile.tree);
}

#[test]
fn size() {
    let limit = usize::try_from(MAX_NODES).unwrap();
    // The root counts too; ids are not looked at before the size is.
    let children: Vec<Node> = (0..limit).map(|_| leaf("").into()).collect();
    let mut large = card(Group { children, ..Group::new("root") });
    let started = std::time::Instant::now();
    refused(&large, "limit", "tree");
    assert!(started.elapsed().as_secs() < 5, "refused before anything is made of the children");
    large.tree.children.truncate(100_000);
    for (number, child) in large.tree.children.iter_mut().enumerate() {
        if let Node::Measure(measure) = child {
            measure.id = format!("m{number}");
        }
    }
    // Lists of names are looked up, not searched: a hundred thousand of each take no time.
    large.tree.require = (0..100_000).map(|number| format!("m{number}")).collect();
    let missing = |number| Predicate::Missing { measure: format!("m{number}") };
    for number in 0..100_000 {
        large = large.rule(&format!("r{number}"), missing(number), Action::Cap(0.5));
    }
    assert!(large.compile().is_ok());
    assert!(started.elapsed().as_secs() < 60, "lookups, not searches");
}

#[test]
fn scales() {
    let refused = |scale: Scale, code: &str, field: &str| {
        refused(&scaled(scale), code, &format!("tree.children[0].scale.{field}"));
    };
    let nan = f64::NAN;
    refused(Scale::Likert { min: 5, max: 5 }, "conflict", "likert");
    refused(Scale::Likert { min: 5, max: 1 }, "conflict", "likert");
    refused(Scale::Levels([].into()), "empty", "levels");
    refused(Scale::Levels([("low".into(), Level::Unit(1.5))].into()), "out_of_range", "levels.low");
    refused(Scale::Levels([("lo\nw".into(), Level::Unit(0.5))].into()), "invalid_text", "levels");
    refused(Scale::Linear { worst: 1.0, best: 1.0 }, "conflict", "linear.best");
    refused(Scale::Linear { worst: nan, best: 1.0 }, "not_finite", "linear.worst");
    refused(Scale::Linear { worst: -1e308, best: 1e308 }, "overflow", "linear.best");
    refused(Scale::LinearBounded { worst: 0.0, best: nan }, "not_finite", "linear_bounded.best");
    refused(Scale::Steps { below: 0.0, steps: vec![] }, "empty", "steps.steps");
    refused(Scale::Steps { below: 2.0, steps: vec![] }, "out_of_range", "steps.below");
    let steps = vec![Step { from: 1.0, unit: 0.1 }, Step { from: 1.0, unit: 0.2 }];
    refused(Scale::Steps { below: 0.0, steps }, "conflict", "steps.steps[1]");
    refused(Scale::Points(vec![Point { at: nan, unit: 0.1 }]), "not_finite", "points[0]");
    refused(Scale::Points(vec![Point { at: 0.0, unit: -0.1 }]), "out_of_range", "points[0].unit");
    let goal = |baseline, target, tolerance| Scale::Progress { baseline, target, tolerance };
    refused(goal(1.0, 1.0, None), "conflict", "progress.target");
    refused(goal(nan, 1.0, None), "not_finite", "progress.baseline");
    refused(goal(1.0, 2.0, Some(-1.0)), "out_of_range", "progress.tolerance");
    let pace =
        |start: Date, due: Date| Scale::Pace { baseline: 0.0, target: 1.0, tolerance: None, start, due };
    refused(pace(as_of(), as_of()), "conflict", "pace.due");
    refused(Scale::Peer { cohort: vec![] }, "empty", "peer.cohort");
    refused(Scale::Peer { cohort: vec![1.0, nan] }, "not_finite", "peer.cohort[1]");
}

#[test]
fn rules_of_evidence_and_recency() {
    let grades = Grades {
        unstated: 0.0,
        vendor_asserted: 0.0,
        customer_provided: 1.5,
        validated_with_persona: 1.0,
        measured: 1.0,
    };
    let mut model = card(pair());
    model.evidence = EvidenceRule::Graded(grades);
    refused(&model, "out_of_range", "evidence.graded.customer_provided");
    let mut model = card(pair());
    model.recency = RecencyRule::HalfLife { days: 0 };
    refused(&model, "out_of_range", "recency.half_life.days");
    let own = leaf("c").recency(RecencyRule::HalfLife { days: 0 });
    refused(&card(pair().child(own)), "out_of_range", "tree.children[2].recency.half_life.days");
}

#[test]
fn bands() {
    let bands = |cuts: &[f64], names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Scorecard { bands: Bands { cuts: cuts.to_vec(), names, edge: Edge::Above }, ..card(pair()) }
    };
    refused(&bands(&[50.0, 50.0], &["a", "b", "c"]), "conflict", "bands.cuts[1]");
    refused(&bands(&[75.0, 50.0], &["a", "b", "c"]), "conflict", "bands.cuts[1]");
    refused(&bands(&[50.0, 50.000_000_000_1], &["a", "b", "c"]), "conflict", "bands.cuts[1]");
    refused(&bands(&[50.0], &["a", "b", "c"]), "conflict", "bands.names");
    refused(&bands(&[], &[]), "conflict", "bands.names");
    refused(&bands(&[101.0], &["a", "b"]), "out_of_range", "bands.cuts[0]");
    refused(&bands(&[f64::NAN], &["a", "b"]), "not_finite", "bands.cuts[0]");
    refused(&bands(&[50.0], &["a", "a"]), "duplicate", "bands.names");
    refused(&bands(&[50.0], &["a", "b\u{1b}"]), "invalid_text", "bands.names[1]");
}

#[test]
fn rules() {
    let below = |measure: &str, unit| Predicate::Below { measure: measure.into(), unit };
    let ruled =
        |when, then| card(Group::new("root").child(leaf("csat")).child(leaf("goals"))).rule("r", when, then);
    let unknown = ruled(below("csta", 0.5), Action::Cap(0.5));
    refused(&unknown, "unknown_id", "rules[0].when.below.measure");
    let message = unknown.compile().unwrap_err().to_string();
    assert!(message.ends_with("did you mean `csat`?"), "{message}");
    refused(&ruled(below("root", 0.5), Action::Cap(0.5)), "unknown_id", "rules[0].when.below.measure");
    refused(&ruled(below("csat", 50.0), Action::Cap(0.5)), "out_of_range", "rules[0].when.below.unit");
    refused(&ruled(below("csat", f64::NAN), Action::Cap(0.5)), "not_finite", "rules[0].when.below.unit");
    for action in [Action::Cap(49.0), Action::Floor(49.0), Action::Set(49.0)] {
        refused(&ruled(below("csat", 0.5), action), "out_of_range", "rules[0].then");
    }
    let twice = ruled(below("csat", 0.5), Action::Cap(0.5)).rule("r", below("goals", 0.5), Action::Cap(0.5));
    refused(&twice, "duplicate", "rules[1].id");
    let unnamed = card(pair()).rule("", below("a", 0.5), Action::Cap(0.5));
    refused(&unnamed, "invalid_text", "rules[0].id");
}

#[test]
fn documents() {
    let text = serde_json::to_string(&card(pair())).unwrap();
    let read = |text: &str| serde_json::from_str::<Scorecard>(text).map_err(|error| error.to_string());
    assert!(read(&text).is_ok());
    let unknown = read(&text.replacen("\"id\":\"a\"", "\"wieght\":2,\"id\":\"a\"", 1)).unwrap_err();
    assert!(unknown.contains("unknown field `wieght`"), "{unknown}");
    let twice = read(&text.replacen("\"id\":\"a\"", "\"id\":\"a\",\"id\":\"c\"", 1)).unwrap_err();
    assert!(twice.contains("duplicate field `id`"), "{twice}");
    assert!(read(&text.replacen("\"id\":\"a\"", "\"id\":\"a\",\"weight\":1e400", 1)).is_err());
    let answers = r#"{"account": "acme", "answers": {"a": 1, "a": 2}}"#;
    let twice = serde_json::from_str::<Record>(answers).unwrap_err().to_string();
    assert!(twice.contains("`a` stands twice"), "{twice}");
    // Nested far beyond what any reader recurses into.
    let deep = format!("{}{}", "{\"tree\":".repeat(200_000), "}".repeat(200_000));
    assert!(read(&deep).is_err());
}
