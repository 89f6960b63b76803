//! Long tables scored in columns by all cores: what one account at a time gives.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic, and counts are small"
)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int16Array,
    Int64Array, LargeStringArray, RecordBatch, StringArray,
};
use common::columnar::{batch, batches, csv, write};
use common::{Desk, SMALL, column};

/// All answers are numbers; source, day and persona matter, and a group must have an answer.
const NUMBERS: &str = r#"
schema = "value-model/1"
id = "small"
version = "1"
title = "Numbers"
recency = { half_life = { days = 90 } }
evidence = { graded = { unstated = 0.5, vendor_asserted = 0.25, customer_provided = 0.75, validated_with_persona = 1, measured = 1 } }
[persona_weights]
executive = 2
[tree]
id = "health"
[[tree.children]]
id = "csat"
scale.linear = { worst = 0, best = 10 }
[[tree.children]]
id = "plan"
scale = "percent"
[[tree.children]]
id = "goals"
scale = "yes_no"
[[tree.children]]
id = "calls"
scale.linear = { worst = 9, best = 0 }
"#;

fn desk(model: &str) -> Desk {
    let desk = Desk::new();
    desk.write("small.toml", model);
    desk
}

/// What a run writes, refuses, says and ends with. With a history every account is assessed by itself.
fn outcome(desk: &Desk, history: bool, out: &str, more: &[&str]) -> (String, String, String, Option<i32>) {
    for name in ["bad.csv", "history.parquet", out] {
        let _ = fs::remove_file(desk.path(name));
    }
    let kept: &[&str] = if history { &["--append", "history.parquet"] } else { &[] };
    let flags =
        ["--model", "small.toml", "--as-of", "2026-11-01", "--rejects", "bad.csv", "--strict", "-o", out];
    let run = desk.run(&[&["score"], more, kept, &flags[..]].concat());
    let read = |name: &str| if desk.path(name).exists() { desk.read(name) } else { String::new() };
    let said = run.stderr.lines().filter(|line| !line.contains("history.parquet"));
    let text = match out.rsplit_once('.') {
        Some((_, "csv" | "tsv")) => read(out),
        _ if desk.path(out).exists() => csv(&batches(&desk.path(out))),
        _ => String::new(),
    };
    (text, read("bad.csv"), said.collect::<Vec<_>>().join("\n"), run.code)
}

/// Columns and one account at a time say the same; gives the scores and how many rows were refused.
fn same(desk: &Desk, out: &str, more: &[&str]) -> (String, usize) {
    let columns = outcome(desk, false, out, more);
    let alone = outcome(desk, true, out, more);
    for (place, (columns, alone)) in
        [(&columns.0, &alone.0), (&columns.1, &alone.1), (&columns.2, &alone.2)].iter().enumerate()
    {
        for (line, (columns, alone)) in columns.lines().zip(alone.lines()).enumerate() {
            assert_eq!(columns, alone, "{place} line {line} of {out} {more:?}");
        }
    }
    assert_eq!(columns, alone, "{out} {more:?}");
    assert!(columns.3 != Some(2) || columns.0.is_empty(), "{}", columns.2);
    (columns.0, columns.1.lines().count().saturating_sub(1))
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// The rows of an account, some of which are wrong in one of many ways; `clean` of hundred are not.
fn account(
    random: &mut Random,
    name: &str,
    (levels, clean): (bool, usize),
    sign: char,
    rows: &mut Vec<String>,
) {
    let wrong = random.below(100) >= clean;
    for _ in 0..=random.below(7) {
        let odd = wrong && random.below(3) == 0;
        let measure = if odd {
            random.pick(&["cast", "", "csat", "health"])
        } else {
            random.pick(if levels { &["csat", "plan"] } else { &["csat", "plan", "goals", "calls"] })
        };
        let mut value = match measure {
            "plan" if levels => random.pick(&["basic", "plus", "pro", "internal", ""]).to_owned(),
            "plan" => format!("{}", random.below(101)),
            "goals" => random.pick(&["yes", "no", "1", "0", "TRUE", ""]).to_owned(),
            "calls" => format!("{}", random.below(10)),
            _ => format!("{}{sign}{}", random.below(10), random.below(10)),
        };
        if odd && random.below(2) == 0 {
            let odd = random.pick(&[
                "11",
                "x",
                "1e400",
                "NaN",
                " 7",
                "7.5",
                "7,5",
                "-99",
                "gold",
                "\"x, \"\"y\"\"\"",
            ]);
            odd.clone_into(&mut value);
        }
        let source = if odd {
            random.pick(&["guessed", "", "measured"])
        } else {
            random.pick(&["measured", "vendor_asserted", "", "customer_provided", "validated_with_persona"])
        };
        let persona = random.pick(&["", "user", "executive", "\"a;b\"", "user"]);
        let on = if odd {
            random.pick(&["soon", "2027-01-01", "", "2026-02-30"])
        } else {
            random.pick(&["2026-10-01", "2026-01-01", "", "2025-06-30"])
        };
        let missing = if random.below(12) == 0 {
            random.pick(&["stale", "not_applicable", "no_data", "unvalidated"])
        } else if odd {
            random.pick(&["", "never"])
        } else {
            ""
        };
        if !missing.is_empty() && random.below(4) > 0 {
            value.clear();
        }
        let before = if random.below(60) == 0 { random.pick(&["4", "x", "inf"]) } else { "" };
        let csm = random.pick(&["", "", "ann", "=bob", "7", "\"c;d\""]);
        rows.push(match if odd { random.below(30) } else { 9 } {
            0 => format!("{name};{measure};{value}"),
            1 => {
                format!("{name};{measure};{value};{source};{persona};{on};{missing};{before};note;{csm};more")
            }
            2 => format!(
                "{name};{measure};{value};{source};\"two\n\n;lines\";{on};{missing};{before};\"a\nb\";{csm}"
            ),
            _ => format!("{name};{measure};{value};{source};{persona};{on};{missing};{before};;{csm}"),
        });
    }
}

/// A table of so many accounts.
fn table(accounts: usize, seed: u64, kind: (bool, usize), sign: char, sorted: bool) -> String {
    let (mut random, mut rows) = (Random(seed), Vec::new());
    for number in 0..accounts {
        let name = match number % 501 {
            300 => format!("a{number:07}ä"),
            301 => format!("a{number:07}\t"),
            302 => format!("\"a{number:07} \"\"x\"\"\""),
            _ => format!("a{number:07}"),
        };
        account(&mut random, &name, kind, sign, &mut rows);
        if number == 0 && sorted {
            // Rows without an account: first in byte order.
            let mut none = Vec::new();
            account(&mut random, "", kind, sign, &mut none);
            rows.splice(0..0, none);
        } else if number % 97 == 0 && !sorted {
            account(&mut random, "", kind, sign, &mut rows);
        }
    }
    if !sorted {
        for place in 0..rows.len() {
            let other = random.below(rows.len());
            rows.swap(place, other);
        }
    }
    let mut text = "account;measure;value;source;persona;on;missing;before;note;csm\n".to_owned();
    for row in rows {
        writeln!(text, "{row}").unwrap();
    }
    text
}

#[test]
fn a_text_is_scored_as_one_account_at_a_time() {
    for (model, levels) in [(SMALL, true), (NUMBERS, false)] {
        let desk = desk(model);
        for (seed, sign, decimal, sorted) in [(1, '.', ".", false), (2, ',', ",", true), (3, '.', ".", true)]
        {
            desk.write("a.csv", table(1_500, seed, (levels, 70), sign, sorted));
            let order: &[&str] = if sorted { &["--sorted"] } else { &[] };
            for (out, more) in [
                ("out.csv", &["--keep", "csm,persona"][..]),
                ("out.parquet", &["--keep", "csm", "--contributions"]),
                ("out.arrow", &["--default-source", "measured", "--default-persona", "user"]),
                (
                    "out.tsv",
                    &["--default-on", "2026-08-01", "--missing-code", "-99=no_data", "--contributions"],
                ),
                ("out.csv", &["--missing-code", "gold=not_applicable", "--keep", "value"]),
            ] {
                let (text, refused) =
                    same(&desk, out, &[&["a.csv", "--decimal", decimal], order, more].concat());
                assert!(text.lines().count() > 500 && refused > 100, "{refused}: {out} {more:?} {text}");
            }
        }
    }
}

#[test]
fn a_table_of_plain_numbers_is_scored_as_one_account_at_a_time() {
    let desk = desk(NUMBERS);
    let mut random = Random(11);
    let mut text = "account,measure,value\n".to_owned();
    for number in 0..40_000 {
        for measure in ["csat", "plan", "goals", "calls"] {
            let value = if random.below(5_000) == 0 { 10 } else { random.below(2) };
            let _ = writeln!(text, "a{number:06},{measure},{value}");
        }
    }
    desk.write("a.csv", text);
    for more in
        [&["--sorted"][..], &["--sorted", "--contributions"], &["--default-on", "2026-12-01", "--sorted"]]
    {
        let (text, refused) = same(&desk, "out.csv", &[&["a.csv"], more].concat());
        // A day after the one of scoring refuses everybody.
        let all = more.contains(&"--default-on");
        assert!(if all { text.lines().count() == 1 } else { refused > 0 && refused < 40_000 }, "{refused}");
    }
}

#[test]
fn words_among_numbers_are_read_wherever_they_begin() {
    // Pieces of numbers alone, then one with words, then numbers again.
    let desk = desk(SMALL);
    let mut text = "account,measure,value\n".to_owned();
    for number in 0..220_000 {
        let _ = match number {
            100_007 => writeln!(text, "a{number:06},plan,pro\na{number:06},csat,\na{number:06},plan,"),
            100_009 | 219_000 => writeln!(text, "a{number:06},plan,gold"),
            _ => writeln!(text, "a{number:06},csat,{}", number % 11),
        };
    }
    desk.write("a.csv", text);
    for out in ["out.csv", "out.parquet"] {
        let (text, refused) = same(&desk, out, &["a.csv", "--sorted"]);
        assert_eq!((text.lines().count(), refused), (219_999, 2));
    }
}

#[test]
fn a_columnar_file_that_breaks_off_leaves_no_output() {
    let desk = desk(NUMBERS);
    let value: ArrayRef = Arc::new((0..40_000).map(|row| Some(f64::from(row % 2))).collect::<Float64Array>());
    for name in ["a.parquet", "a.arrow", "a.arrows"] {
        write(&desk.path(name), &[answers(40_000, value.clone(), true, &["csat"])], 5_000);
        let mut bytes = fs::read(desk.path(name)).unwrap();
        if name == "a.parquet" {
            let half = bytes.len() / 2;
            bytes[half..half + 2_000].fill(0xEE);
        } else {
            bytes.truncate(bytes.len() * 2 / 3);
        }
        desk.write(name, bytes).write("out.csv", "old");
        let flags = ["-o", "out.csv", "--model", "small.toml", "--as-of", "2026-11-01"];
        for more in [
            &["score", name][..],
            &["score", name, "--sorted"],
            &["portfolio", name, "--by", "csm", "--layout", "wide", "--map", "csat=value"],
        ] {
            let said = desk.run(&[more, &flags[..]].concat()).refused("format");
            assert!(said.contains(name), "{said}");
            assert_eq!(desk.read("out.csv"), "old", "{more:?}");
        }
    }
}

#[test]
fn an_account_may_be_longer_than_a_piece_and_files_are_cut_anywhere() {
    let desk = desk(NUMBERS);
    let mut text = "account,measure,value,persona\nb,goals,1,\n".to_owned();
    for number in 0..300_000 {
        let _ = writeln!(text, "c,csat,{},p{}", number % 11, number % 7);
    }
    text.push_str("d,csat,5,\nd,csat,6,\n");
    desk.write("a.csv", text.clone())
        .write("b.csv", "account,measure,value\n\n\n")
        .write("c.csv", "account,measure,value\nx,csat,1\n");
    let (out, refused) = same(&desk, "out.csv", &["a.csv", "b.csv", "c.csv", "--sorted"]);
    assert_eq!((column(&out, "account"), refused), (["b", "c", "d", "x"].map(str::to_owned).to_vec(), 0));
    text.push_str("d,csat,x,\n");
    desk.write("a.csv", text);
    let (out, refused) = same(&desk, "out.csv", &["a.csv", "--sorted"]);
    assert_eq!((column(&out, "account"), refused), (["b", "c"].map(str::to_owned).to_vec(), 1));
}

#[test]
fn a_row_out_of_order_is_refused_with_what_came_before() {
    let desk = desk(NUMBERS);
    let row = |name: usize| format!("a{name:06},csat,{}\n", name % 13);
    let all: String = (0..150_000).map(row).collect();
    for (rest, line) in [("a,csat,1\n", 150_002), ("a149999,csat,1\na149998,csat,x\n", 150_003)] {
        desk.write("a.csv", format!("account,measure,value\n{all}{rest}{all}"));
        let columns = outcome(&desk, false, "out.csv", &["a.csv", "--sorted"]);
        assert_eq!(columns, outcome(&desk, true, "out.csv", &["a.csv", "--sorted"]));
        assert!(
            columns.2.contains(&format!("a.csv:{line}: ")) && columns.2.contains("[not_sorted]"),
            "{}",
            columns.2
        );
        assert_eq!((columns.0.as_str(), columns.3), ("", Some(2)));
    }
}

/// Answers in columns: accounts that repeat, measures by dictionary, values as given.
fn answers(rows: usize, value: ArrayRef, sorted: bool, measures: &[&str]) -> RecordBatch {
    let name = |row: usize| {
        let number = if sorted { row / 4 } else { row * 7_919 % (rows / 4) };
        (sorted || number % 97 != 5).then(|| format!("a{number:06}"))
    };
    let measure = |row: usize| if row % 401 == 7 { "cast" } else { measures[row % measures.len()] };
    let source = |row: usize| ["measured", "", "customer_provided"][row % 3];
    let day = |row: usize| [Some(20_700), None, Some(20_999)][if row % 307 == 1 { 2 } else { row % 2 }];
    let text = |of: &dyn Fn(usize) -> &'static str| -> ArrayRef {
        Arc::new((0..rows).map(|row| Some(of(row))).collect::<LargeStringArray>())
    };
    batch(vec![
        ("account", Arc::new((0..rows).map(name).collect::<StringArray>())),
        ("measure", Arc::new((0..rows).map(measure).collect::<DictionaryArray<Int8Type>>())),
        ("value", value),
        ("source", text(&source)),
        ("persona", text(&|row| ["user", "executive"][row % 2])),
        ("on", Arc::new((0..rows).map(day).collect::<Date32Array>())),
        ("before", Arc::new((0..rows).map(|row| (row % 977 == 3).then_some(2.0)).collect::<Float64Array>())),
        ("csm", text(&|row| ["ann", "", "bob"][row % 3])),
        ("junk", text(&|_| "x")),
    ])
}

#[test]
fn columnar_files_are_scored_as_one_account_at_a_time() {
    let rows = 12_000_usize;
    let number = |row: usize| match row % 400 {
        7 => None,
        9 => Some(f64::NAN),
        11 => Some(-99.0),
        13 => Some(1e300),
        _ => Some(f64::from(u16::try_from(row % 2).unwrap())),
    };
    let kinds: [ArrayRef; 6] = [
        Arc::new((0..rows).map(number).collect::<Float64Array>()),
        Arc::new((0..rows).map(|row| number(row).map(|number| number.to_string())).collect::<StringArray>()),
        Arc::new((0..rows).map(|row| (row % 91 > 0).then_some(row % 3 == 0)).collect::<BooleanArray>()),
        Arc::new((0..rows).map(|row| i16::try_from(row % 3).ok()).collect::<Int16Array>()),
        Arc::new((0..rows).map(|row| i64::try_from(row % 2).ok()).collect::<Int64Array>()),
        Arc::new(
            (0..rows)
                .map(|row| i128::try_from(row % 11).ok())
                .collect::<Decimal128Array>()
                .with_precision_and_scale(10, 1)
                .unwrap(),
        ),
    ];
    let all = ["csat", "plan", "goals", "calls"];
    for (model, measures, missing) in
        [(NUMBERS, &all[..], &[][..]), (SMALL, &["csat"], &["--missing-code", "-99=no_data"])]
    {
        let desk = desk(model);
        for value in &kinds {
            for (sorted, name) in
                [(true, "a.parquet"), (false, "a.arrow"), (false, "b.parquet"), (true, "b.arrow")]
            {
                let all = answers(rows, value.clone(), sorted, measures);
                let half = all.num_rows() / 2 + 1;
                write(&desk.path(name), &[all.slice(0, half), all.slice(half, all.num_rows() - half)], 1_000);
                let order: &[&str] = if sorted { &["--sorted"] } else { &[] };
                let out = if sorted { "out.csv" } else { "out.parquet" };
                let kept: &[&str] = if sorted { &[] } else { &["--keep", "csm,on"] };
                let kept = if out == "out.parquet" { &kept[..0] } else { kept };
                same(&desk, out, &[&[name], order, kept, missing].concat());
            }
        }
    }
}

#[test]
fn every_output_of_several_files_is_the_same() {
    let desk = desk(NUMBERS);
    let value: ArrayRef = Arc::new((0..400).map(|row| Some(f64::from(row % 2))).collect::<Float64Array>());
    write(&desk.path("a.parquet"), &[answers(400, value, false, &["csat", "plan"])], 100);
    desk.write("b.csv", "account,measure,value,csm\nz,csat,7,\nz,plan,40,cid\ny,calls,1,dan\n")
        .write("c.csv", "account,csat,plan,csm\nw,8,50,ann\n")
        .write("d.ndjson", "{\"account\":\"v\",\"answers\":{\"csat\":8}}\n")
        .write("e.csv", "account,measure,value,csm\n");
    for out in ["out.csv", "out.parquet", "out.arrows"] {
        let kept: &[&str] = if out == "out.csv" { &["--keep", "csm"] } else { &[] };
        let wide = ["b.csv", "a.parquet"];
        let (text, _) = same(&desk, out, &[&wide[..], &["e.csv"], kept].concat());
        assert!(text.contains("\nz,") && text.contains("\ny,"), "{text}");
        let (text, _) = same(&desk, out, &["b.csv", "c.csv", "d.ndjson"]);
        assert_eq!(column(&text, "account"), ["z", "y", "w", "v"]);
    }
    let (text, _) = same(&desk, "out.csv", &["e.csv"]);
    assert_eq!(text, "");
}
