//! Scorecards and records from text: round trips, and the exact words of refusals.

use value_model::answer::Value;
use value_model::presets;
use value_model_bridge::{
    Refusal, Tree, record_from_json, record_from_tree, scorecard_from_json, scorecard_from_toml,
    scorecard_from_tree, scorecard_to_toml,
};

const CARD: &str = r#"{
  "schema": "value-model/1", "id": "mine", "version": "1", "title": "Mine",
  "tree": {"id": "root", "children": [
    {"id": "a", "scale": "yes_no"},
    {"id": "b", "scale": {"likert": {"min": 1, "max": 5}}, "weight": 2},
    {"id": "c", "scale": {"likert": {"mn": 1, "max": 5}}}
  ]}
}"#;

fn told(refusal: &Refusal) -> (&str, &str) {
    (refusal.code, &refusal.field)
}

#[test]
fn presets_survive_toml_and_json() {
    for preset in presets::all() {
        let card = presets::scorecard(preset.id).unwrap();
        assert_eq!(scorecard_from_toml(preset.document).unwrap(), card, "{}", preset.id);
        assert_eq!(scorecard_from_toml(scorecard_to_toml(&card).unwrap()).unwrap(), card);
        assert_eq!(scorecard_from_json(serde_json::to_string(&card).unwrap()).unwrap(), card);
    }
}

#[test]
fn a_slip_deep_in_the_tree_is_named_by_path_place_and_suggestion() {
    let refusal = scorecard_from_json(CARD).unwrap_err();
    assert_eq!(told(&refusal), ("unknown_field", "tree.children[2].scale.likert.mn"));
    assert_eq!(
        refusal.message,
        "`tree.children[2].scale.likert.mn` is not a known field; did you mean `min`? (line 6, column 44)"
    );
}

#[test]
fn each_slip_gets_its_own_code() {
    let ok = CARD.replace("\"mn\"", "\"min\"");
    assert!(scorecard_from_json(&ok).is_ok());
    let cases = [
        (
            "\"min\": 1, \"max\": 5}}, \"weight\"",
            "\"min\": 1.5, \"max\": 5}}, \"weight\"",
            "invalid_input",
            "tree.children[1].scale.likert.min",
        ),
        (
            "\"min\": 1, \"max\": 5}}, \"weight\"",
            "\"min\": 1e12, \"max\": 5}}, \"weight\"",
            "out_of_range",
            "tree.children[1].scale.likert.min",
        ),
        (
            "\"min\": 1, \"max\": 5}}, \"weight\"",
            "\"min\": 1}}, \"weight\"",
            "missing",
            "tree.children[1].scale.likert.max",
        ),
        ("\"weight\": 2", "\"weight\": \"2\"", "invalid_input", "tree.children[1].weight"),
        ("\"yes_no\"", "\"yesno\"", "unknown_id", "tree.children[0].scale"),
        ("\"yes_no\"", "\"likert\"", "invalid_input", "tree.children[0].scale"),
        ("\"yes_no\"", "{\"yes_no\": 1}", "invalid_input", "tree.children[0].scale"),
        ("\"yes_no\"", "{\"unit\": null, \"score\": null}", "invalid_input", "tree.children[0].scale"),
        ("\"id\": \"root\"", "\"id\": null", "missing", "tree.id"),
        ("\"version\": \"1\",", "", "missing", "version"),
        ("value-model/1", "value-model/2", "schema_version", "schema"),
        ("\"schema\": \"value-model/1\",", "", "missing", "schema"),
        ("\"schema\": \"value-model/1\"", "\"schema\": 1", "invalid_input", "schema"),
        ("\"id\": \"a\", ", "", "missing", "tree.children[0].id"),
    ];
    for (from, to, code, field) in cases {
        assert!(ok.contains(from), "{from}");
        let refusal = scorecard_from_json(ok.replacen(from, to, 1)).unwrap_err();
        assert_eq!(told(&refusal), (code, field), "{to}: {}", refusal.message);
    }
}

#[test]
fn whole_numbers_fit_every_numeric_field_and_fractions_only_floats() {
    let card = |days: f64| {
        let text = |t: &str| Tree::Text(t.into());
        let record = |fields: Vec<(&str, Tree)>| {
            Tree::Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        };
        let scale = record(vec![("within", record(vec![("days", Tree::Number(days))]))]);
        let leaf = record(vec![("id", text("a")), ("scale", scale), ("weight", Tree::Number(2.0))]);
        let root = record(vec![("id", text("r")), ("children", Tree::List(vec![leaf]))]);
        scorecard_from_tree(record(vec![
            ("schema", text("value-model/1")),
            ("id", text("m")),
            ("version", text("1")),
            ("title", text("M")),
            ("tree", root),
        ]))
    };
    assert!(card(90.0).is_ok() && card(0.0).is_ok() && card(-0.0).is_ok());
    for (days, code, words) in [
        (1.5, "invalid_input", "expected a whole number, found 1.5"),
        (-1.0, "out_of_range", "a whole number between 0 and 4294967295"),
        (1e300, "out_of_range", "a whole number between 0 and 4294967295"),
        (f64::NAN, "not_finite", "finite"),
    ] {
        let refusal = card(days).unwrap_err();
        assert_eq!(told(&refusal), (code, "tree.children[0].scale.within.days"));
        assert!(refusal.message.contains(words), "{}", refusal.message);
    }
}

#[test]
fn a_record_reads_the_same_fast_and_through_the_tree() {
    let text = r#"{"account": "acme", "answers": {"csat": 9, "goals": [true, {"value": "high", "on": "2026-10-01",
        "source": "customer_provided"}], "nps": null}, "attributes": {"csm": "kim", "arr": 5e4}, "default_persona": "executive"}"#;
    let fast = record_from_json(text).unwrap();
    let tree: Tree = serde_json::from_str(text).unwrap();
    assert_eq!(record_from_tree(tree).unwrap(), fast);
    assert_eq!(fast.answers["csat"][0].value, Some(Value::Number(9.0)));
}

#[test]
fn record_refusals_name_path_and_place() {
    let cases = [
        (
            r#"{"account": "a", "answers": {"x": {"value": 1, "on": "01.02.2026"}}}"#,
            "invalid_date",
            "answers.x.on",
        ),
        (
            r#"{"account": "a", "answers": {"x": [1, {"source": "customer"}]}}"#,
            "unknown_id",
            "answers.x[1].source",
        ),
        (r#"{"account": "a", "answers": {"x": 1, "x": 2}}"#, "duplicate", "answers"),
        (r#"{"account": "a", "acount": "b"}"#, "unknown_field", "acount"),
        (r#"{"answers": {}}"#, "missing", "account"),
        (r#"{"account": 7}"#, "invalid_input", "account"),
        (r#"{"account": "a", "answers": [1]}"#, "invalid_input", "answers"),
        (r#"{"account": "a", "answers": {"x": 1e400}}"#, "not_finite", "answers.x"),
        ("[]", "missing", "account"),
        ("null", "missing", ""),
    ];
    for (text, code, field) in cases {
        let refusal = record_from_json(text).unwrap_err();
        assert_eq!(told(&refusal), (code, field), "{text}: {}", refusal.message);
    }
    assert_eq!(record_from_json("null").unwrap_err().message, "the input is required (line 1, column 4)");
}
