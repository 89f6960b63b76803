//! The JSON writer against `serde_json`: the same bytes for everything that serde can say.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use proptest::prelude::*;
use serde::ser::{
    SerializeMap, SerializeStructVariant, SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
};
use serde::{Serialize, Serializer};
use value_model::scale::Scale;
use value_model::scorecard::{Action, Group, Measure, Predicate, Scorecard};
use value_model_bridge::{record_from_json, to_json};

/// One call of a serializer, whichever it is.
#[derive(Clone, Debug)]
enum Any {
    Bool(bool),
    I8(i8),
    I64(i64),
    I128(i128),
    U8(u8),
    U32(u32),
    U64(u64),
    U128(u128),
    F32(f32),
    F64(f64),
    Char(char),
    Text(String),
    Bytes(Vec<u8>),
    Nothing,
    Unit,
    Variant(&'static str),
    Some(Box<Any>),
    Newtype(Box<Any>),
    NewtypeVariant(&'static str, Box<Any>),
    List(Vec<Any>),
    Tuple(Vec<Any>),
    TupleStruct(Vec<Any>),
    TupleVariant(&'static str, Vec<Any>),
    Map(Vec<(Any, Any)>),
    Declared(Box<Declared>),
    StructVariant(&'static str, Vec<Any>),
}

/// What `derive` makes of a type like those of the core: fields of every kind, one of them left out when empty.
#[derive(Clone, Debug, Serialize)]
struct Declared {
    id: String,
    score: Option<f64>,
    #[serde(rename = "override")]
    override_: Option<Any>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    flags: Vec<Any>,
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, f64>,
}

const NAMES: &[&str] = &["", "a", "unit", "a_name_of_more_than_thirty_two_characters", "Größe 3"];

impl Serialize for Any {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(flag) => s.serialize_bool(*flag),
            Self::I8(n) => s.serialize_i8(*n),
            Self::I64(n) => s.serialize_i64(*n),
            Self::I128(n) => s.serialize_i128(*n),
            Self::U8(n) => s.serialize_u8(*n),
            Self::U32(n) => s.serialize_u32(*n),
            Self::U64(n) => s.serialize_u64(*n),
            Self::U128(n) => s.serialize_u128(*n),
            Self::F32(x) => s.serialize_f32(*x),
            Self::F64(x) => s.serialize_f64(*x),
            Self::Char(c) => s.serialize_char(*c),
            Self::Text(text) => s.serialize_str(text),
            Self::Bytes(bytes) => s.serialize_bytes(bytes),
            Self::Nothing => s.serialize_none(),
            Self::Unit => s.serialize_unit_struct("Unit"),
            Self::Variant(name) => s.serialize_unit_variant("Any", 0, name),
            Self::Some(value) => s.serialize_some(value),
            Self::Newtype(value) => s.serialize_newtype_struct("Newtype", value),
            Self::NewtypeVariant(name, value) => s.serialize_newtype_variant("Any", 0, name, value),
            Self::List(list) => s.collect_seq(list),
            Self::Tuple(list) => {
                let mut open = s.serialize_tuple(list.len())?;
                list.iter().try_for_each(|entry| open.serialize_element(entry))?;
                open.end()
            }
            Self::TupleStruct(list) => {
                let mut open = s.serialize_tuple_struct("TupleStruct", list.len())?;
                list.iter().try_for_each(|entry| open.serialize_field(entry))?;
                open.end()
            }
            Self::TupleVariant(name, list) => {
                let mut open = s.serialize_tuple_variant("Any", 0, name, list.len())?;
                list.iter().try_for_each(|entry| open.serialize_field(entry))?;
                open.end()
            }
            Self::Map(entries) => {
                let mut open = s.serialize_map(None)?;
                entries.iter().try_for_each(|(key, value)| open.serialize_entry(key, value))?;
                open.end()
            }
            Self::Declared(declared) => declared.serialize(s),
            Self::StructVariant(name, list) => {
                let mut open = s.serialize_struct_variant("Any", 0, name, list.len())?;
                list.iter().zip(NAMES).try_for_each(|(value, name)| open.serialize_field(name, value))?;
                open.end()
            }
        }
    }
}

/// Numbers as results hold them, and every other bit pattern.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(-0.0),
        Just(1.0),
        (0..=100_000_i32).prop_map(|n| f64::from(n) / 1000.0),
        (0.0..=100.0),
        any::<u64>().prop_map(f64::from_bits),
    ]
}

/// Texts of every length around the sizes that are copied at once, with and without what JSON escapes.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_ ]{0,70}",
        "[a-zäß€😀\u{7f}\u{80}]{0,40}",
        "[ -~]{0,40}",
        "[\u{0}-\u{ff}\"\\\\]{0,40}",
        any::<String>(),
    ]
}

fn leaf() -> impl Strategy<Value = Any> {
    prop_oneof![
        any::<bool>().prop_map(Any::Bool),
        any::<i8>().prop_map(Any::I8),
        any::<i64>().prop_map(Any::I64),
        any::<i128>().prop_map(Any::I128),
        any::<u8>().prop_map(Any::U8),
        any::<u32>().prop_map(Any::U32),
        any::<u64>().prop_map(Any::U64),
        any::<u128>().prop_map(Any::U128),
        any::<u32>().prop_map(|bits| Any::F32(f32::from_bits(bits))),
        number().prop_map(Any::F64),
        any::<char>().prop_map(Any::Char),
        text().prop_map(Any::Text),
        prop::collection::vec(any::<u8>(), 0..4).prop_map(Any::Bytes),
        Just(Any::Nothing),
        Just(Any::Unit),
        prop::sample::select(NAMES).prop_map(Any::Variant),
    ]
}

fn anything() -> impl Strategy<Value = Any> {
    leaf().prop_recursive(4, 40, 6, |inner| {
        let list = || prop::collection::vec(inner.clone(), 0..5);
        let boxed = || inner.clone().prop_map(Box::new);
        let name = prop::sample::select(NAMES);
        // Most keys are texts; now and then something else, which is written as a text or refused.
        let key = prop_oneof![20 => text().prop_map(Any::Text), 1 => leaf(), 1 => inner.clone()];
        let rest = prop::collection::btree_map(text(), number(), 0..3);
        prop_oneof![
            boxed().prop_map(Any::Some),
            boxed().prop_map(Any::Newtype),
            (name.clone(), boxed()).prop_map(|(name, value)| Any::NewtypeVariant(name, value)),
            list().prop_map(Any::List),
            list().prop_map(Any::Tuple),
            list().prop_map(Any::TupleStruct),
            (name.clone(), list()).prop_map(|(name, list)| Any::TupleVariant(name, list)),
            (name, list()).prop_map(|(name, list)| Any::StructVariant(name, list)),
            prop::collection::vec((key, inner.clone()), 0..4).prop_map(Any::Map),
            (text(), prop::option::of(number()), prop::option::of(inner.clone()), list(), rest).prop_map(
                |(id, score, override_, flags, rest)| {
                    Any::Declared(Box::new(Declared { id, score, override_, flags, rest }))
                }
            ),
        ]
    })
}

/// Both writers agree: the same bytes after what stood there, or a refusal that leaves it as it was.
fn same(value: &impl Serialize) {
    let mut text = b"before ".to_vec();
    let written = to_json(value, &mut text);
    match serde_json::to_string(value) {
        Ok(expected) => {
            written.unwrap();
            assert_eq!(String::from_utf8(text).unwrap(), format!("before {expected}"));
        }
        Err(error) => {
            assert_eq!(written.unwrap_err().code, "invalid_input", "{error}");
            assert_eq!(text, b"before ");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn anything_is_written_as_serde_json_writes_it(value in anything()) {
        same(&value);
    }

    #[test]
    fn every_number_is_written_as_serde_json_writes_it(numbers in prop::collection::vec(number(), 1..50)) {
        same(&numbers);
    }

    #[test]
    fn every_text_is_written_as_serde_json_writes_it(texts in prop::collection::vec(text(), 1..20)) {
        same(&texts);
    }
}

#[test]
fn each_byte_is_escaped_or_not_wherever_it_stands() {
    for c in (0..0x250_u32).filter_map(char::from_u32) {
        for length in 0..40 {
            for at in 0..=length {
                same(&format!("{}{c}{}", "x".repeat(at), "x".repeat(length - at)));
            }
        }
    }
}

#[test]
fn a_buffer_grows_with_what_is_written() {
    let long = "a long text, again and again ".repeat(1000);
    same(&vec![long.as_str(); 3]);
    same(&(0..5000).map(f64::from).collect::<Vec<_>>());
}

#[test]
fn an_assessment_is_written_as_serde_json_writes_it() {
    let tree = Group::new("health")
        .child(Measure::new("csat", Scale::Likert { min: 1, max: 5 }))
        .child(Measure::new("goals", Scale::YesNo))
        .child(Measure::new("usage", Scale::Unit));
    let when = Predicate::Below { measure: "goals".to_owned(), unit: 0.5 };
    let card = Scorecard::new("a \"quoted\" id", "1", tree).rule("low", when, Action::Cap(0.4));
    let scorer = card.compile().unwrap();
    for answers in [
        r"{}",
        r#"{"csat": 4, "goals": true, "usage": 0.3}"#,
        r#"{"csat": [{"value": 4, "persona": "exec \\ CFO"}, {"value": 2, "persona": "user"}], "goals": false}"#,
        r#"{"goals": {"missing": "not_applicable"}, "usage": {"value": 0.1, "on": "2026-01-01"}}"#,
    ] {
        for rest in [
            "",
            r#", "override": {"score": 50, "reason": "say \"so\"", "author": "me", "made_on": "2026-10-30"}"#,
        ] {
            let text = format!(r#"{{"account": "Müller & Söhne", "answers": {answers}{rest}}}"#);
            let assessment =
                scorer.assess(&record_from_json(&text).unwrap(), "2026-11-01".parse().unwrap()).unwrap();
            same(&assessment);
        }
    }
}

#[test]
fn a_number_that_moves_when_it_becomes_a_key_is_copied_from_where_it_stands() {
    let key =
        |number| Any::Map(vec![(Any::F64(number), Any::F64(number)), (Any::F64(number), Any::F64(number))]);
    same(&[Any::F64(12.5), key(12.5), Any::F64(12.5), key(0.1), Any::F64(0.1)].as_slice());
}

#[test]
fn the_shortest_and_longest_numbers_are_copied_as_they_were_printed() {
    let numbers = [2.0, -f64::MIN_POSITIVE, 0.1, 1e300, 5e-324, -1.0 / 3.0, f64::MAX];
    same(&[numbers, numbers, numbers]);
}
