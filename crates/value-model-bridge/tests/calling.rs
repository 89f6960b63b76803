//! The catalog call: results, and refusals of inputs that no text could hold.

#![expect(clippy::unwrap_used, reason = "a helper of tests")]

use value_model::metric::nps::{NpsInput, nps};
use value_model_bridge::{IDS, Tree, call, read_json, run};

fn tree(text: &str) -> Tree {
    read_json(text, &value_model_bridge::Limits::default()).unwrap()
}

#[test]
fn a_call_gives_what_the_function_gives() {
    let input = NpsInput { promoters: 55, passives: 30, detractors: 15 };
    let text = r#"{"promoters": 55, "passives": 30, "detractors": 15.0}"#;
    let expected = nps(&input).unwrap();
    assert_eq!(run(tree(text), nps).unwrap(), expected);
    let output = serde_json::to_string(&call("nps", tree(text)).unwrap()).unwrap();
    assert_eq!(output, serde_json::to_string(&expected).unwrap());
}

#[test]
fn a_misspelt_formula_is_refused_with_the_nearest() {
    let refusal = call("npss", Tree::Null).unwrap_err();
    assert_eq!((refusal.code, refusal.field.as_str()), ("unknown_id", "formula"));
    assert!(refusal.message.contains("did you mean `nps`?"), "{}", refusal.message);
}

#[test]
fn every_formula_refuses_shapes_without_panicking() {
    let shapes = [
        Tree::Null,
        Tree::Bool(true),
        Tree::Number(f64::NAN),
        Tree::Text("x".into()),
        Tree::List(vec![Tree::Null]),
        Tree::Record(vec![("no_such_field".into(), Tree::Null)]),
        Tree::Record(vec![(String::new(), Tree::List(vec![]))]),
    ];
    for id in IDS {
        for shape in &shapes {
            let refusal = call(id, shape.clone()).unwrap_err();
            assert!(value_model::Error::CODES.contains(&refusal.code), "{id}: {refusal:?}");
            assert!(
                !refusal.message.contains("struct ") && !refusal.message.contains("``"),
                "{id}: {refusal:?}"
            );
        }
        assert_eq!(call(id, Tree::Null).unwrap_err().code, "missing", "{id}");
    }
}
