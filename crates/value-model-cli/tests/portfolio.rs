//! Portfolios summed up in columns by all cores: what one account at a time gives.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic, and counts are small"
)]

mod common;

use std::fmt::Write as _;
use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int64Array, StringArray,
};
use common::columnar::{batch, write};
use common::{Desk, SMALL};

/// All answers are numbers.
const NUMBERS: &str = r#"
schema = "value-model/1"
id = "small"
version = "1"
title = "Numbers"
recency = { half_life = { days = 90 } }
[tree]
id = "health"
[[tree.children]]
id = "csat"
scale.linear = { worst = 0, best = 10 }
[[tree.children]]
id = "goals"
scale = "yes_no"
"#;

/// Under a set every account is looked at by itself, so it says what columns must say.
const SET: &str = "schema = \"value-model-set/1\"\nid = \"ours\"\nversion = \"1\"\ndefault = [\"small\"]\n\
                   [models]\nsmall = \"small.toml\"\n";

fn desk(model: &str) -> Desk {
    let desk = Desk::new();
    desk.write("small.toml", model).write("set.toml", SET);
    desk
}

/// What a run prints, refuses, says and ends with.
fn outcome(desk: &Desk, model: &str, more: &[&str]) -> (String, String, String, Option<i32>) {
    desk.write("bad.csv", "");
    let flags = ["--model", model, "--as-of", "2026-11-01", "--rejects", "bad.csv", "--strict"];
    let run = desk.run(&[&["portfolio"], more, &flags[..]].concat());
    (run.stdout, desk.read("bad.csv"), run.stderr, run.code)
}

/// Columns and one account at a time say the same; gives the sums and how many rows were refused.
fn same(desk: &Desk, more: &[&str]) -> (String, usize) {
    let columns = outcome(desk, "small.toml", more);
    assert_eq!(columns, outcome(desk, "set.toml", more), "{more:?}");
    (columns.0, columns.1.lines().count().saturating_sub(1))
}

/// Numbers that look random and are the same in every run.
fn random(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

/// Rows with keys, revenue and days, some of which are wrong in one of many ways.
fn table(rows: usize, seed: u64, sign: char) -> String {
    let mut text = "account;csat;plan;goals;csm;segment;arr;seen\n".to_owned();
    let mut state = seed;
    for row in 0..rows {
        let mut pick =
            |from: &[&'static str]| from[usize::try_from(random(&mut state, from.len() as u64)).unwrap()];
        let csat = match pick(&["n", "n", "n", "n", "", "1e1", "x", "11", "NaN", "-99"]) {
            "n" => format!("{}{sign}5", row % 10),
            other => other.to_owned(),
        };
        let plan = pick(&["basic", "plus", "pro", "internal", "", "basic", "plus", "pro", "gold"]);
        let goals = pick(&["yes", "no", "1", "", "TRUE", "0", "2"]);
        let csm = pick(&["ann", "bob", "", "=1+2", "\"x;y\"", "7", "7.0", "true"]);
        let segment = pick(&["small", "large", ""]);
        let arr = match pick(&["n", "n", "n", "n", "n", "n", "", "-1", "much", "1e14", "inf"]) {
            "n" => format!("{}{sign}25", row * 10),
            other => other.to_owned(),
        };
        let seen = pick(&["2026-10-20", "", "2026-01-05", "soon", "2027-01-01"]);
        match row % 211 {
            17 => writeln!(text, "a{row};{csat};{plan}"),
            18 => writeln!(text, ";{csat};{plan};{goals};{csm};{segment};{arr};{seen}"),
            19 => writeln!(text, "\"a\n{row}\";{csat};{plan};{goals};{csm};{segment};{arr};{seen}"),
            _ => writeln!(text, "a{row};{csat};{plan};{goals};{csm};{segment};{arr};{seen}"),
        }
        .unwrap();
    }
    text
}

#[test]
fn a_text_is_summed_up_as_one_account_at_a_time() {
    for (model, mapped) in [(SMALL, "csat=csat"), (NUMBERS, "goals=goals")] {
        let desk = desk(model);
        for (seed, sign, decimal) in [(1, '.', "."), (2, ',', ",")] {
            desk.write("a.csv", table(3_000, seed, sign));
            for more in [
                &["--by", "csm", "--revenue", "arr"][..],
                &["--by", "csm,segment,csm"],
                &["--revenue", "arr", "--format", "ndjson"],
                &["--by", "segment", "--on", "seen", "--revenue", "arr", "--default-on", "2026-08-01"],
                &["--by", "arr", "--map", mapped, "--default-source", "measured", "--format", "table"],
            ] {
                let (out, refused) = same(&desk, &[&["a.csv", "--decimal", decimal], more].concat());
                assert!(out.lines().count() > 1 || out.contains("\"accounts\""), "{out}");
                assert!(refused > 100, "{more:?}: {refused}");
            }
        }
    }
}

#[test]
fn codes_for_missing_values_and_bytes_that_are_no_text_are_told_as_before() {
    let desk = desk(SMALL);
    let mut bytes = table(800, 7, '.').into_bytes();
    let all =
        [&b"z;8;pro;yes;caf\xe9;small;1;\n"[..], b"y\xff;8;pro;yes;c;small;1;\n", b"x;8;pr\xf8;1;c;;1;\n"];
    for row in all {
        bytes.extend_from_slice(row);
    }
    desk.write("a.csv", bytes);
    for more in [&["--missing-code", "-99=no_data"][..], &["--missing-code", "pro=not_applicable"], &[]] {
        let (_, refused) = same(&desk, &[&["a.csv", "--by", "csm", "--revenue", "arr"], more].concat());
        assert!(refused > 100, "{refused}");
    }
}

#[test]
fn many_pieces_come_to_the_same_sums() {
    // Several pieces of text for each of several workers.
    let desk = desk(NUMBERS);
    desk.write("a.csv", table(150_000, 3, '.'));
    let (out, refused) = same(&desk, &["a.csv", "--by", "csm,segment", "--revenue", "arr"]);
    assert!(out.lines().count() > 20 && refused > 10_000, "{refused} {out}");
}

/// Columns of many types: `csat` and `arr` as given, the others fixed.
fn columns(rows: usize, csat: ArrayRef, arr: ArrayRef) -> Vec<(&'static str, ArrayRef)> {
    let name = |row: usize| if row % 97 == 5 { None } else { Some(format!("a{row}")) };
    let plan = |row: usize| ["basic", "plus", "", "pro", "gold"][if row % 50 == 4 { 4 } else { row % 4 }];
    let csm = |row: usize| ["ann", "bob", ""][row % 3];
    vec![
        ("account", Arc::new((0..rows).map(name).collect::<StringArray>())),
        ("csat", csat),
        ("plan", Arc::new((0..rows).map(|row| Some(plan(row))).collect::<StringArray>())),
        ("csm", Arc::new((0..rows).map(csm).collect::<DictionaryArray<Int8Type>>())),
        (
            "size",
            Arc::new((0..rows).map(|row| [1.0, 2.5, f64::NAN][row % 3]).map(Some).collect::<Float64Array>()),
        ),
        ("number", Arc::new((0..rows).map(|row| i64::try_from(row % 4).ok()).collect::<Int64Array>())),
        (
            "vip",
            Arc::new((0..rows).map(|row| (row % 3 > 0).then_some(row % 2 == 0)).collect::<BooleanArray>()),
        ),
        (
            "since",
            Arc::new(
                (0..rows).map(|row| [Some(20_000), None, Some(20_001)][row % 3]).collect::<Date32Array>(),
            ),
        ),
        (
            "seen",
            Arc::new(
                (0..rows).map(|row| [Some(20_746), None, Some(20_999)][row % 3]).collect::<Date32Array>(),
            ),
        ),
        ("arr", arr),
    ]
}

#[test]
fn columnar_files_are_summed_up_as_one_account_at_a_time() {
    let rows = 20_000_usize;
    let number = |row: usize| match row % 40 {
        7 => None,
        9 => Some(f64::NAN),
        11 => Some(-99.0),
        13 => Some(1e300),
        _ => Some(f64::from(u16::try_from(row % 100).unwrap()) / 10.0),
    };
    let text = |row: usize| {
        number(row).map(|number| if row.is_multiple_of(41) { "x".to_owned() } else { number.to_string() })
    };
    let kinds: [ArrayRef; 4] = [
        Arc::new((0..rows).map(number).collect::<Float64Array>()),
        Arc::new(
            (0..rows)
                .map(|row| number(row).map(|x| if x > 9.0 { 0.1 } else { 7.3 }))
                .collect::<Float32Array>(),
        ),
        Arc::new((0..rows).map(text).collect::<StringArray>()),
        Arc::new(
            (0..rows)
                .map(|row| i128::try_from(row % 90).ok())
                .collect::<Decimal128Array>()
                .with_precision_and_scale(10, 1)
                .unwrap(),
        ),
    ];
    let desk = desk(SMALL);
    for (place, csat) in kinds.iter().enumerate() {
        let all = batch(columns(rows, csat.clone(), kinds[(place + 1) % 4].clone()));
        for name in ["a.parquet", "a.arrow"] {
            write(&desk.path(name), &[all.slice(0, 9_999), all.slice(9_999, rows - 9_999)], 3_000);
            for more in [
                &["--by", "csm,plan", "--revenue", "arr"][..],
                &["--by", "size,number,vip,since", "--on", "seen"],
                &["--revenue", "arr", "--missing-code", "-99=no_data", "--format", "json"],
            ] {
                let (_, refused) = same(&desk, &[&[name], more].concat());
                assert!(refused > 100, "{place} {name} {more:?}: {refused}");
            }
        }
    }
}

#[test]
fn several_files_of_several_kinds_are_one_portfolio() {
    let desk = desk(SMALL);
    let arr: ArrayRef = Arc::new((0..100).map(|row| Some(f64::from(row))).collect::<Float64Array>());
    write(&desk.path("a.parquet"), &[batch(columns(100, arr.clone(), arr))], 30);
    desk.write("b.csv", table(500, 5, '.')).write("empty.csv", "account,csat,plan,csm,arr\n").write(
        "c.ndjson",
        "{\"account\":\"z\",\"attributes\":{\"csm\":\"ann\",\"arr\":3000},\"answers\":{\"csat\":8}}\n{\"account\":1}\n",
    );
    desk.write("d.csv", "account,csm,arr,measure,value\nl,ann,5,csat,8\nl,,,plan,pro\nm,bob,5,plan,gold\n");
    let files = ["a.parquet", "b.csv", "empty.csv", "c.ndjson", "d.csv", "--by", "csm", "--revenue", "arr"];
    let (out, refused) = same(&desk, &files);
    assert!(out.contains("ann") && refused > 50, "{refused}: {out}");
    for wrong in [["empty.csv", "--by", "csm"], ["b.csv", "--by", "cms"], ["a.parquet", "--by", "cms"]] {
        let (out, _) = same(&desk, &wrong);
        assert_eq!(out, "");
    }
}
