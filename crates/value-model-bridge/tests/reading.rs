//! Text to tree: what is accepted, and what each bad text is told.

#![expect(clippy::unwrap_used, reason = "a helper of tests")]

use std::time::{Duration, Instant};

use value_model_bridge::{Limits, Refusal, Tree, read_json, read_toml};

fn json(text: impl AsRef<[u8]>) -> Result<Tree, Refusal> {
    read_json(text, &Limits::default())
}

fn toml(text: &str) -> Result<Tree, Refusal> {
    read_toml(text, &Limits::default())
}

/// Code, field and message of a refusal.
fn told(read: Result<Tree, Refusal>) -> (&'static str, String, String) {
    let refusal = read.unwrap_err();
    (refusal.code, refusal.field, refusal.message)
}

#[test]
fn json_and_toml_give_the_same_tree() {
    let from_json = json(r#"{"a": [1, -2.5, true, "x"], "b": {"c": "2026-11-01"}}"#).unwrap();
    let from_toml = toml("a = [1, -2.5, true, \"x\"]\nb.c = 2026-11-01\n").unwrap();
    assert_eq!(from_json, from_toml);
    assert_eq!(from_json.get("b").unwrap().get("c"), Some(&Tree::Text("2026-11-01".into())));
}

#[test]
fn every_printed_double_reads_back_to_the_same_bits() {
    for text in
        ["494040.41904729843", "0.1", "5e-324", "1.7976931348623157e308", "-0.0", "2.2250738585072011e-308"]
    {
        let Tree::Number(number) = json(text).unwrap() else { panic!("{text}") };
        assert_eq!(number.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
    }
}

#[test]
fn a_repeated_key_is_named_with_its_path_and_place() {
    let (code, field, message) = told(json("{\"tree\": {\n \"children\": [1, {\"id\": 1, \"id\": 2}]}}"));
    assert_eq!((code, field.as_str()), ("duplicate", "tree.children[1]"));
    assert_eq!(message, "`tree.children[1]` holds `id` twice (line 2, column 35)");
    let (code, _, message) = told(toml("[tree]\nid = 1\nid = 2\n"));
    assert_eq!((code, message.as_str()), ("duplicate", "the input holds `id` twice (line 3, column 1)"));
}

#[test]
fn numbers_that_cannot_be_held_are_refused_by_path() {
    let (code, field, _) = told(json(r#"{"a": [0, 1e400]}"#));
    assert_eq!((code, field.as_str()), ("not_finite", "a[1]"));
    for text in ["a = [0, inf]", "a = [0, nan]", "a = [0, 1e400]"] {
        let (code, field, _) = told(toml(text));
        assert_eq!((code, field.as_str()), ("not_finite", "a[1]"), "{text}");
    }
    for read in [
        json(r#"{"n": 9007199254740993}"#),
        toml("n = 9007199254740993"),
        json(r#"{"n": -9007199254740993}"#),
    ] {
        let (code, field, message) = told(read);
        assert_eq!((code, field.as_str()), ("invalid_input", "n"));
        assert!(message.contains("write ids as texts"), "{message}");
    }
    assert_eq!(json("9007199254740992").unwrap(), Tree::Number(9_007_199_254_740_992.0));
    assert!(told(json("[NaN]")).2.starts_with("this is not JSON: "));
}

#[test]
fn broken_syntax_is_told_with_its_place() {
    let (code, field, message) = told(json("{\"a\": 1,\n \"b\" 2}"));
    assert_eq!((code, field.as_str()), ("invalid_input", ""));
    assert_eq!(message, "this is not JSON: expected `:` (line 2, column 6)");
    let (code, _, message) = told(toml("a = 1\nb = = 2"));
    assert_eq!(code, "invalid_input");
    assert!(
        message.starts_with("this is not TOML: ") && message.ends_with("(line 2, column 5)"),
        "{message}"
    );
    for text in ["", " ", "{", "{}{}", "[1,]", "{\"a\":1,}", "01", "'a'", "\"\\ud800\""] {
        assert_eq!(told(json(text)).0, "invalid_input", "{text}");
    }
}

#[test]
fn encodings_are_recognised() {
    assert_eq!(json("\u{feff}{}").unwrap(), Tree::Record(vec![]));
    assert_eq!(toml("\u{feff}a = 1").unwrap().get("a"), Some(&Tree::Number(1.0)));
    let utf16: Vec<u8> = "{\"a\": 1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> = [vec![0xFF, 0xFE], utf16.clone()].concat();
    for bytes in [utf16, marked] {
        assert!(told(json(bytes)).2.contains("UTF-16"));
    }
    let (code, _, message) = told(json(b"{\"a\":\n \"caf\xE9\"}"));
    assert_eq!(code, "invalid_input");
    assert!(message.contains("not UTF-8") && message.ends_with("(line 2, column 6)"), "{message}");
}

#[test]
fn a_hundred_megabytes_are_refused_at_once() {
    let text = vec![b'['; 100_000_000];
    let start = Instant::now();
    assert_eq!(told(json(&text)).0, "limit");
    assert!(start.elapsed() < Duration::from_millis(100));
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    let refusal = read_json(&text, &limits).unwrap_err();
    assert_eq!(refusal.code, "limit");
    assert!(refusal.message.contains("levels of nesting"), "{}", refusal.message);
}

#[test]
fn nesting_stops_at_the_limit_in_both_formats() {
    let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(json(nested(64)).is_ok());
    assert_eq!(told(json(nested(65))).0, "limit");
    assert!(toml(&format!("a = {}", nested(63))).is_ok());
    assert_eq!(told(toml(&format!("a = {}", nested(64)))).0, "limit");
    assert_eq!(told(toml(&format!("a = {}", nested(100_000)))).0, "limit");
    assert_eq!(told(toml(&format!("{}a = 1", "a.".repeat(100_000)))).0, "limit");
    assert_eq!(told(toml(&format!("[{}a]\n", "a.".repeat(100_000)))).0, "limit");
    assert_eq!(told(json("{\"a\":".repeat(100_000))).0, "limit");
}

#[test]
fn values_are_counted() {
    let limits = Limits { values: 3, ..Limits::default() };
    assert!(read_json("[1, 2, 3]", &limits).is_ok());
    assert_eq!(read_json("[1, 2, 3, 4]", &limits).unwrap_err().code, "limit");
    assert_eq!(read_toml("a = 1\nb = 2\nc = [1, 2]", &limits).unwrap_err().code, "limit");
}
