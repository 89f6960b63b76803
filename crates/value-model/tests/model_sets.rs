//! What holds for every set of models: each model alone, parents and their children, and what is refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Knobs, as_of, bits, cases};
use proptest::prelude::*;
use value_model::answer::Record;
use value_model::compare::ModelRef;
use value_model::compare::portfolio::{PortfolioInput, portfolio};
use value_model::scale::Scale;
use value_model::scorecard::{Group, Measure, Outcome, Scorecard};
use value_model::set::{Case, Condition, ModelSet, Parents, SetInput, SetReport, lint_set, score_set};

fn health(id: &str) -> Scorecard {
    Scorecard::new(id, "1", Group::new("health").child(Measure::new("score", Scale::Score)))
}

fn one(parents: Parents) -> ModelSet {
    ModelSet::new("ours", "1", ["health"]).model("health", health("health")).parents(parents)
}

fn report(set: ModelSet, records: Vec<Record>) -> SetReport {
    score_set(&SetInput { set, records, as_of: as_of() }).unwrap()
}

fn refused(set: &ModelSet, records: Vec<Record>) -> (&'static str, String) {
    let error = score_set(&SetInput { set: set.clone(), records, as_of: as_of() }).unwrap_err();
    (error.code(), error.field().to_owned())
}

/// A child of `parent` with revenue and perhaps a score.
fn child(id: usize, parent: &str, arr: f64, score: Option<f64>) -> Record {
    let record = Record::new(format!("c{id:03}")).attribute("parent", parent).attribute("arr", arr);
    match score {
        Some(score) => record.answer("score", score),
        None => record,
    }
}

proptest! {
    #![proptest_config(common::config())]

    #[test]
    fn a_set_gives_the_bits_of_each_model_alone(a in cases(Knobs::ALL), b in cases(Knobs::ALL), large in any::<bool>()) {
        let set = ModelSet::new("ours", "1", ["a"])
            .model("a", a.card.clone())
            .model("b", b.card.clone())
            .case(Case::new("large", ["b", "a"]).when(Condition::from("arr", 100.0)));
        let set = set.compile().unwrap();
        let (card, mut record) = if large { (&b.card, b.record()) } else { (&a.card, a.record()) };
        record = record.attribute("arr", if large { 100.0 } else { 99.0 });
        let alone = card.compile().unwrap().assess(&record, as_of());
        match (set.assess(&record, as_of()), alone) {
            (Ok(found), Ok(alone)) => {
                prop_assert_eq!(&*found[0].case, if large { "large" } else { "default" });
                prop_assert_eq!(bits(&found[0].assessment), bits(&alone));
                prop_assert_eq!(&found[0].assessment, &alone);
            }
            // The other model of the case may refuse answers that this one takes.
            (Err(_), alone) => prop_assert!(large || alone.is_err()),
            (Ok(_), Err(error)) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn a_parent_is_the_portfolio_of_its_children(
        children in prop::collection::vec((0.0..1e6, prop::option::weighted(0.8, 0.0..=100.0)), 1..30),
        by_revenue in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let mut records: Vec<Record> = children.iter().enumerate()
            .map(|(id, (arr, score))| child(id, "group", *arr, *score)).collect();
        let parents = if by_revenue { Parents::by_revenue("parent", "arr") } else { Parents::by_count("parent") };
        let set = one(Parents { min_coverage: 0.0, ..parents });
        let found = report(set.clone(), records.clone()).parents.remove(0);
        let sums = portfolio(&PortfolioInput {
            model: health("health").into(), records: records.clone(), as_of: as_of(), by: vec![],
            revenue: Some("arr".to_owned()),
        }).unwrap().total;
        let mean = if by_revenue { sums.revenue_weighted_mean } else { sums.mean };
        prop_assert_eq!(found.score.is_some(), mean.is_some());
        if let (Some(score), Some(mean)) = (found.score, mean) {
            prop_assert!((score - mean).abs() < 1e-6, "{score} {mean}");
            let parts: f64 = found.children.iter().map(|part| part.contribution).sum();
            prop_assert!((parts - score).abs() < 1e-9);
        }
        if !by_revenue {
            prop_assert!((found.lower - sums.lower.unwrap()).abs() < 1e-6);
            prop_assert!((found.upper - sums.upper.unwrap()).abs() < 1e-6);
            prop_assert!((found.coverage - sums.coverage.unwrap()).abs() < 1e-6);
        }
        // The order in which accounts arrive changes no bit.
        let turn = usize::try_from(seed % records.len() as u64).unwrap();
        records.rotate_left(turn);
        prop_assert_eq!(report(set, records).parents.remove(0), found);
    }
}

#[test]
fn c18_a_parent_weighs_its_children_by_revenue() {
    let children = [(120e3, 80.0), (30e3, 40.0), (50e3, 65.0)];
    let records = || {
        let all = children.iter().enumerate();
        all.map(|(id, (arr, score))| child(id, "group", *arr, Some(*score))).collect::<Vec<_>>()
    };
    let found = report(one(Parents::by_revenue("parent", "arr")), records());
    assert_eq!(found.parents[0].score, Some(70.25));
    assert_eq!(found.parents[0].band.as_deref(), Some("watch"));
    let found = report(one(Parents::by_count("parent")), records());
    assert_eq!(found.parents[0].score, Some(185.0 / 3.0));
}

#[test]
fn grandparents_sum_up_parents() {
    let records = vec![
        child(0, "north", 10.0, Some(80.0)),
        child(1, "north", 30.0, Some(40.0)),
        child(2, "world", 60.0, Some(90.0)),
        Record::new("north").attribute("parent", "world").attribute("kind", "holding"),
    ];
    let set = one(Parents::by_revenue("parent", "arr"))
        .case(Case::roll_up("holdings").when(Condition::is("kind", ["holding"])));
    let found = report(set, records).parents;
    let scores: Vec<_> = found.iter().map(|parent| (parent.account.as_str(), parent.score)).collect();
    assert_eq!(scores, [("north", Some(50.0)), ("world", Some(74.0))]);
    // A parent without revenue of its own has that of its children.
    assert!((found[1].children[1].weight - 40.0).abs() < 1e-12);
}

#[test]
fn a_parent_may_have_a_card_of_its_own() {
    let records = vec![child(0, "group", 1.0, Some(20.0)), Record::new("group").answer("score", 90.0)];
    let found = report(one(Parents::by_count("parent")), records);
    assert!(found.parents.is_empty());
    assert_eq!(found.assessments[1].assessment.score, Some(90.0));
}

#[test]
fn too_little_known_about_children_is_no_score() {
    let records = vec![child(0, "group", 90.0, None), child(1, "group", 10.0, Some(80.0))];
    let found = report(one(Parents::by_revenue("parent", "arr")), records).parents.remove(0);
    assert_eq!((found.outcome, found.score), (Outcome::Insufficient, None));
    assert_eq!((found.lower, found.upper, found.coverage), (8.0, 98.0, 0.1));
}

#[test]
fn a_circle_of_parents_is_refused() {
    let link =
        |id: &str, parent: &str| Record::new(id).attribute("parent", parent).attribute("kind", "holding");
    let set = one(Parents::by_count("parent"))
        .case(Case::roll_up("holdings").when(Condition::is("kind", ["holding"])));
    assert_eq!(refused(&set, vec![link("a", "b"), link("b", "a")]), ("conflict", "parents".to_owned()));
    assert_eq!(refused(&set, vec![link("a", "a")]), ("conflict", "parents".to_owned()));
    // A chain longer than any stack is walked.
    let chain: Vec<Record> = (0..20_000).map(|id| link(&format!("{id}"), &format!("{}", id + 1))).collect();
    assert_eq!(report(set, chain).parents.len(), 20_001);
}

#[test]
fn the_first_case_that_holds_decides() {
    let set = ModelSet::new("ours", "1", ["rest"])
        .model("rest", health("rest"))
        .model("big", health("big"))
        .model("new", health("new"))
        .case(Case::new("young", ["new"]).when(Condition::is("lifecycle", ["onboarding", "trial"])))
        .case(
            Case::new("large", ["big"])
                .when(Condition::from("arr", 100.0))
                .when(Condition::is("paying", [true])),
        )
        .case(Case::new("nameless", ["rest", "new"]).when(Condition::missing("arr")))
        .compile()
        .unwrap();
    let case = |record: Record| set.choose(&record).unwrap().case().to_string();
    let account = || Record::new("acme").attribute("arr", 100.0);
    assert_eq!(case(account().attribute("lifecycle", "trial").attribute("paying", true)), "young");
    assert_eq!(case(account().attribute("paying", true)), "large");
    assert_eq!(case(account().attribute("paying", "yes")), "large", "a table writes yes");
    assert_eq!(case(account()), "default");
    assert_eq!(case(Record::new("acme").attribute("arr", "")), "nameless", "a blank is no value");
    assert_eq!(case(Record::new("acme").attribute("arr", "120.50").attribute("paying", true)), "large");
    let error = set.choose(&Record::new("acme").attribute("arr", "lots")).unwrap_err();
    assert_eq!((error.code(), error.field()), ("invalid_input", "attributes.arr"));
}

#[test]
fn tables_may_write_numbers_and_flags_as_texts() {
    let holds = |asked: Condition, found: value_model::answer::Value| {
        let set = ModelSet::new("ours", "1", ["health"])
            .model("health", health("health"))
            .case(Case::new("x", ["health"]).when(asked))
            .compile()
            .unwrap();
        let record = Record::new("acme").attribute("a", found);
        &**set.choose(&record).unwrap().case() == "x"
    };
    assert!(holds(Condition::is("a", [7.0]), "7.0".into()), "a column of fractions");
    assert!(holds(Condition::is("a", [7.0]), 7.0.into()));
    assert!(holds(Condition::is("a", ["7"]), 7.0.into()));
    assert!(!holds(Condition::is("a", ["007"]), 7.0.into()), "an id is no number");
    assert!(!holds(Condition::is("a", ["7.0"]), "7".into()), "letter by letter");
    assert!(holds(Condition::is("a", [true]), "true".into()));
    assert!(holds(Condition::is("a", ["false"]), false.into()));
    assert!(!holds(Condition::is("a", [true]), "no".into()));
    assert!(!holds(Condition::is("a", [1.0]), true.into()));
}

#[test]
fn an_account_that_is_refused_leaves_the_first_one_as_it_was() {
    let set = one(Parents::by_revenue("parent", "arr")).compile().unwrap();
    let mut roll_up = value_model::set::RollUp::new(&set);
    let add = |roll_up: &mut value_model::set::RollUp, record: &Record| {
        roll_up.add(record, &set.assess(record, as_of()).unwrap())
    };
    add(&mut roll_up, &child(1, "p", 10.0, Some(80.0))).unwrap();
    assert_eq!(add(&mut roll_up, &child(1, "p", 10.0, Some(20.0))).unwrap_err().code(), "duplicate");
    assert_eq!(roll_up.finish(as_of()).unwrap()[0].score, Some(80.0));
}

#[test]
fn wrong_sets_are_refused_with_their_place() {
    let set = || ModelSet::new("ours", "1", ["health"]).model("health", health("health"));
    let case = |condition: Condition| set().case(Case::new("x", ["health"]).when(condition));
    let wrong = Condition { from: Some(1.0), missing: true, ..Condition::missing("arr") };
    let expected = [
        (ModelSet { schema: "value-model-set/2".into(), ..set() }, "schema_version", "schema"),
        (ModelSet { default: vec![], ..set() }, "empty", "default"),
        (ModelSet { default: vec!["helth".into()], ..set() }, "unknown_id", "default[0]"),
        (ModelSet { models: std::collections::BTreeMap::new(), ..set() }, "empty", "models"),
        (set().model("other", ModelRef::Preset("nothing".into())), "unknown_id", "models.other"),
        (set().case(Case::new("x", ["health"])), "empty", "cases[0].when"),
        (set().case(Case::new("default", ["health"])), "duplicate", "cases"),
        (case(Condition::from("arr", f64::NAN)), "not_finite", "cases[0].when[0].from"),
        (
            case(Condition { below: Some(1.0), ..Condition::from("arr", 1.0) }),
            "conflict",
            "cases[0].when[0].below",
        ),
        (case(wrong), "conflict", "cases[0].when[0]"),
        (case(Condition::is("", ["x"])), "invalid_text", "cases[0].when[0].attribute"),
        (set().case(Case::roll_up("x").when(Condition::missing("y"))), "conflict", "cases[0].roll_up"),
        (
            set().parents(Parents { revenue: None, ..Parents::by_revenue("p", "r") }),
            "missing",
            "parents.revenue",
        ),
        (
            set().parents(Parents { min_coverage: 2.0, ..Parents::by_count("p") }),
            "out_of_range",
            "parents.min_coverage",
        ),
    ];
    for (set, code, field) in expected {
        let error = set.compile().unwrap_err();
        assert_eq!((error.code(), error.field()), (code, field), "{error}");
    }
    let answers = vec![Record::new("acme").answer("scor", 1.0)];
    assert_eq!(refused(&set(), answers), ("unknown_id", "records[0].answers".to_owned()));
    let twice = vec![Record::new("acme"), Record::new("acme")];
    assert_eq!(refused(&set(), twice), ("duplicate", "records".to_owned()));
}

#[test]
fn the_linter_finds_cases_and_models_that_are_never_used() {
    let set = ModelSet::new("ours", "1", ["a"])
        .model("a", health("a"))
        .model("b", health("b"))
        .model("c", health("c"))
        .case(Case::new("large", ["b"]).when(Condition::from("arr", 10.0)))
        .case(Case::new("larger", ["a"]).when(Condition::from("arr", 20.0)).when(Condition::is("x", ["y"])))
        .case(Case::new("small", ["a"]).when(Condition::below("arr", 20.0)));
    let warnings = lint_set(&set).unwrap();
    let found: Vec<_> =
        warnings.iter().map(|warning| (warning.code.as_str(), warning.field.as_str())).collect();
    assert_eq!(found, [("never_reached", "cases[1]"), ("unused_model", "models.c")]);
}
