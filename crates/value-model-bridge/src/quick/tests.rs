//! The quick reader against `serde_json`: it reads the same texts, and the same from them.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use value_model::answer::Record;
use value_model::model::perceived_value::PerceivedValueInput;
use value_model::model::value_generated::{BusinessValueInput, Flows};

use super::read;
use crate::{Limits, call, call_json, read_json, to_json};

/// What `serde_json` makes of a text, bit for bit: values are equal when -0 stands for 0. Says whether it makes anything.
fn same_of<T: DeserializeOwned + Debug>(text: &str) -> bool {
    let bits = |value: &T| format!("{value:?}");
    let expected = serde_json::from_str::<T>(text).ok();
    assert_eq!(read::<T>(text).ok().as_ref().map(bits), expected.as_ref().map(bits), "{text}");
    expected.is_some()
}

fn same(text: &str) {
    same_of::<Record>(text);
}

/// Inputs of formulas, with variants of every kind and lists that stand for objects.
const PERCEIVED: &str = r#"{"as_of":"2026-11-01","outcomes":[{"id":"o","weight":2,"baseline":100.0,"target":50,
"current":7e1,"tangible":true,"explainable":false,"source":"measured"},["p",1,0,9,null,null,true,true]],
"intended_values":[{"id":"v","responses":[4,{"value":2,"persona":"u\u0073er","on":"2026-10-20"},null]},{"id":"w",
"responses":{"missing":"stale"}}],"expansion":[{"potential":1,"openness":4}],"new_areas":[],"rating":[0,10],"combine":
{"mean":null},"evidence":{"graded":{"unstated":0,"vendor_asserted":0.25,"customer_provided":1,"validated_with_persona":1,
"measured":1}},"recency":{"half_life":{"days":30}},"persona_weights":{"user":2.5},"default_source":"vendor_asserted"}"#;
const BUSINESS: &str = r#"{"rate":0.1,"convention":"spreadsheet","flows":{"triangular":{"benefits":[{"low":1,
"likely":2,"high":3},[1,2,3]],"costs":[]}},"pillars":[{"id":"p","weight":1,"score":60}]}"#;
const FLOWS: &str =
    r#"{"haircut":{"benefits":[1,-2.5],"costs":[3],"benefit_haircut":0.1,"cost_overrun":0.2}}"#;

/// The texts changed at one place each, by one byte more, less or another, and cut there.
fn changed(text: &str, same: impl Fn(&str) -> bool) {
    assert!(same(text), "{text}");
    for at in 0..text.len() {
        if let Some((before, after)) = text.split_at_checked(at) {
            same(before);
            same(&format!("{before}{}", after.get(1..).unwrap_or_default()));
            for byte in "\"\\{}[],: -0.9entx\n\u{1}".chars() {
                same(&format!("{before}{byte}{after}"));
                same(&format!("{before}{byte}{}", after.get(1..).unwrap_or_default()));
            }
        }
    }
}

#[test]
fn inputs_of_formulas_and_what_is_almost_one_are_read_as_serde_json_reads_them() {
    changed(PERCEIVED, same_of::<PerceivedValueInput>);
    changed(BUSINESS, same_of::<BusinessValueInput>);
    changed(FLOWS, same_of::<Flows>);
}

/// A line gives what its tree gives, or its words. Says whether it gives a result.
fn answered(id: &str, text: &str) -> bool {
    let tree = read_json(text, &Limits::default()).and_then(|tree| call(id, tree));
    let mut expected = Vec::new();
    let tree = tree.and_then(|result| to_json(&result, &mut expected));
    let mut line = Vec::new();
    let done = call_json(id, text, &mut line);
    assert_eq!((&done, line), (&tree, expected), "{text}");
    done.is_ok()
}

#[test]
fn a_line_is_answered_as_its_tree_is() {
    changed(PERCEIVED, |text| answered("perceived_value", text));
}

#[test]
fn long_numbers_of_a_line_are_answered_as_its_tree_is() {
    for digits in 14..25 {
        for digit in ["1", "8", "9"] {
            let number = digit.repeat(digits);
            let written = ["", ".0", ".5", "e0", "e-3"].map(|end| format!("{number}{end}"));
            for number in written.iter().flat_map(|number| [number.clone(), format!("-{number}")]) {
                answered("npv", &format!(r#"{{"rate":0.1,"flows":[{number},1]}}"#));
                answered("npv", &format!(r#"{{"rate":0.1,"flows":[1,0.{number}]}}"#));
            }
        }
    }
}

/// A number as JSON writes it, and sometimes almost.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<f64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| format!("{number:e}")),
        any::<u64>().prop_map(|number| number.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<i128>().prop_map(|number| number.to_string()),
        "-?[0-9]{1,12}(\\.[0-9]{1,12})?([eE][+-]?[0-9]{1,3})?",
        "-?(0|[1-9][0-9]{0,5})\\.[0-9]{1,5}",
        "[-+.eE0-9]{1,8}",
    ]
}

/// A text with what stands in ids and notes, escapes in it, and sometimes a wrong one.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[a-z_ ]{0,12}",
        1 => "[äß€😀\u{7f}]{1,3}",
        1 => prop::sample::select(&[r"\n", r#"\""#, r"\\", r"\/", r"\u00e4", r"\ud83d\ude00", r"\ud83d", r"\x", "\t", "\u{1}"][..])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        number(),
        text(),
        prop::sample::select(&["true", "false", "null", "nul", "[]", "{}"][..]).prop_map(str::to_owned)
    ]
}

fn details() -> impl Strategy<Value = String> {
    let field = prop_oneof![
        value().prop_map(|value| format!(r#""value": {value}"#)),
        number().prop_map(|number| format!(r#""before":{number}"#)),
        text().prop_map(|text| format!(r#""persona":{text}"#)),
        text().prop_map(|text| format!(r#""note" :{text}"#)),
        prop::sample::select(
            &[
                r#""missing":"stale""#,
                r#""missing":"stale\u0020""#,
                r#""missing":"never""#,
                r#""missing":null"#,
                r#""source":"validated_with_persona""#,
                r#""source":{"reported":null}"#,
                r#""on":"2026-02-28""#,
                r#""on":"2026-02-30""#,
                r#""valeu":1"#,
            ][..]
        )
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(field, 0..3).prop_map(|fields| format!("{{{}}}", fields.join(",")))
}

fn answers() -> impl Strategy<Value = String> {
    let answer = || prop_oneof![3 => value(), 1 => details()];
    prop_oneof![3 => answer(), 1 => prop::collection::vec(answer(), 0..3).prop_map(|list| format!("[ {} ]", list.join(" ,\n")))]
}

fn record() -> impl Strategy<Value = String> {
    let answers = prop::collection::vec(("[a-d]{1,2}", answers()), 0..5).prop_map(|list| {
        list.iter().map(|(id, answers)| format!("\"{id}\":{answers}")).collect::<Vec<_>>().join(",")
    });
    let rest = prop::collection::vec(
        prop_oneof![
            value().prop_map(|value| format!(r#", "attributes": {{"csm": {value}}}"#)),
            number().prop_map(|score| format!(
                r#","override":{{"score":{score},"reason":"r","author":"a","made_on":"2026-01-01"}}"#
            )),
            prop::sample::select(
                &[
                    r#","default_source":"inferred""#,
                    r#","default_on":"2026-01-01""#,
                    r#","default_persona":null"#,
                    ",",
                    r#","account":"b""#,
                    "}",
                    " \t\r\n",
                ][..]
            )
            .prop_map(str::to_owned),
        ],
        0..2,
    );
    (text(), answers, rest).prop_map(|(account, answers, rest)| {
        format!(r#"{{"account":{account},"answers":{{{answers}}}{}}}"#, rest.concat())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn every_record_is_read_as_serde_json_reads_it(text in record()) {
        same(&text);
    }

    #[test]
    fn every_number_is_read_as_serde_json_reads_it(number in number()) {
        same(&format!(r#"{{"account":"a","answers":{{"m":{number}}}}}"#));
    }

    #[test]
    fn a_text_cut_or_changed_anywhere_is_read_as_serde_json_reads_it(
        text in record(), at in any::<prop::sample::Index>(), byte in "[ -~]",
    ) {
        let at = at.index(text.len());
        if let (Some(before), Some(after)) = (text.get(..at), text.get(at + 1..)) {
            same(before);
            same(&format!("{before}{byte}{after}"));
            same(&format!("{before}{byte}{}", text.get(at..).unwrap_or_default()));
        }
    }
}

#[test]
fn most_records_of_these_tests_are_right() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let read = (0..1000).filter(|_| {
        let text = record().new_tree(&mut runner).map(|tree| tree.current()).unwrap_or_default();
        super::read::<Record>(&text).is_ok()
    });
    assert!(read.count() > 200);
}

#[test]
fn numbers_at_the_edges_are_read_as_serde_json_reads_them() {
    for number in [
        "0",
        "-0",
        "-0.0",
        "00",
        "01",
        "-",
        "1.",
        ".5",
        "1.5e",
        "1e5",
        "1E+5",
        "1e400",
        "-1e400",
        "1e-400",
        "5e-324",
        "9007199254740992",
        "9007199254740993",
        "-9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "999999999",
        "4294967296",
        "0.999999999",
        "0.1234567890123456789",
        "123456789.0",
        "0.1 ",
        "1 2",
        "+1",
        "1e",
        "0x1",
        "NaN",
        "Infinity",
        "2.2250738585072011e-308",
    ] {
        same(&format!(r#"{{"account":"a","answers":{{"m":{number}}}}}"#));
        same(&format!(r#"{{"account":"a","answers":{{"m":{{"value":1,"before":{number}}}}}}}"#));
    }
}
