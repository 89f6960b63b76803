//! Long tables are read in pieces by several workers: order, lines and scores are those of one row at a time.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic, and counts are small"
)]

mod common;

use std::fmt::Write;
use std::fs::File;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use common::{Desk, SMALL};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// All answers are numbers: such a model is scored by columns.
const NUMBERS: &str = r#"
schema = "value-model/1"
id = "small"
version = "1"
title = "Numbers"
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
"#;

const ROWS: usize = 40_000;

/// Many rows, some of which are wrong in one of many ways or written in an odd one.
fn table(plans: [&str; 3]) -> Vec<u8> {
    let mut text = "account,csat,plan,goals,note\n".to_owned();
    for row in 0..ROWS {
        let (csat, plan) = (row % 1001, plans[row % 3]);
        let goals = ["yes", "no", "1", ""][row % 4];
        let result = match row % 997 {
            1 => writeln!(text, "a{row},1e400,{plan},{goals},x"),
            2 => writeln!(text, "a{row},{csat},nothing,{goals},x"),
            3 => writeln!(text, "a{row},{csat}"),
            4 => writeln!(text, ",{csat},{plan},{goals},x"),
            5 => writeln!(text, "\"a\n{row}\",1,{plan},{goals},x"),
            6 => writeln!(text, "\"=a\"\"{row}\",1e0,{plan},{goals},\"two\r\nlines, and more\""),
            7 => writeln!(text, "ä{row},,,,\r"),
            8 => writeln!(text, "\n\n\"a{row}\"tail,\"3\",{plan},{goals},\"\""),
            9 => writeln!(text, "a{row},{csat},900,{goals},x"),
            10 => writeln!(text, "a{row},3,{plan},{goals},NOT-UTF-8"),
            _ => writeln!(text, "a{row},{}.{:02},{plan},{goals},n{}", csat / 100, csat % 100, row % 7),
        };
        result.unwrap();
    }
    let mut bytes = text.into_bytes();
    let mark = b"NOT-UTF-8";
    let places: Vec<usize> =
        bytes.windows(mark.len()).enumerate().filter(|(_, found)| found == mark).map(|(at, _)| at).collect();
    for place in places {
        bytes[place] = 0xE9;
    }
    bytes
}

fn desk(model: &str, plans: [&str; 3]) -> Desk {
    let desk = Desk::new();
    desk.write("small.toml", model).write("long.csv", table(plans));
    desk
}

/// The cells of a column, quotes undone.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let place = reader.headers().unwrap().iter().position(|column| column == name).unwrap();
    reader.records().map(|record| record.unwrap()[place].to_owned()).collect()
}

fn score(desk: &Desk, output: &str, rejects: &str, more: &[&str]) {
    let always = ["score", "long.csv", "--model", "small.toml", "--as-of", "2026-11-01", "--keep", "note"];
    let run = desk.run(&[&always[..], &["-o", output, "--rejects", rejects], more].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

fn is_the_same_one_at_a_time(desk: &Desk) {
    score(desk, "fast.csv", "fast_rejects.csv", &[]);
    // Contributions are given by the full path, which takes one row after the other.
    score(desk, "full.csv", "full_rejects.csv", &["--contributions"]);
    let (fast, full) = (desk.read("fast.csv"), desk.read("full.csv"));
    let names = fast.lines().next().unwrap().to_owned();
    for name in names.split(',') {
        assert_eq!(column(&fast, name), column(&full, name), "{name}");
    }
    let rejects = desk.read("fast_rejects.csv");
    // The fast path names the column of an answer where the full one names the answer.
    assert_eq!(rejects, desk.read("full_rejects.csv").replace("answers.", ""));
    // Header and about six rows of each 997.
    assert!(rejects.lines().count() > 200, "{rejects}");
    assert!(rejects.contains("not UTF-8"), "{rejects}");
}

#[test]
fn rows_scored_alone_are_the_same_in_pieces() {
    is_the_same_one_at_a_time(&desk(SMALL, ["basic", "plus", "internal"]));
}

#[test]
fn rows_scored_by_columns_are_the_same_in_pieces() {
    is_the_same_one_at_a_time(&desk(NUMBERS, ["12.5", "", "1e1"]));
}

#[test]
fn a_columnar_file_holds_the_same_accounts() {
    for (model, plans) in [(SMALL, ["basic", "plus", "internal"]), (NUMBERS, ["12.5", "", "1e1"])] {
        let desk = desk(model, plans);
        score(&desk, "s.csv", "csv_rejects.csv", &["--raw"]);
        score(&desk, "s.parquet", "rejects.csv", &["--raw"]);
        assert_eq!(desk.read("rejects.csv"), desk.read("csv_rejects.csv"));
        let file = File::open(desk.path("s.parquet")).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
        let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
        let (mut names, mut scores, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for batch in &batches {
            let texts = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
            names.extend(texts("account").iter().map(|name| name.unwrap().to_owned()));
            notes.extend(texts("note").iter().map(|note| note.unwrap_or_default().to_owned()));
            let numbers = batch.column_by_name("score").unwrap().as_primitive::<Float64Type>();
            scores.extend(numbers.iter().map(|x| x.map_or(String::new(), |x| format!("{x:?}"))));
        }
        let csv = desk.read("s.csv");
        assert_eq!(column(&csv, "account"), names);
        assert_eq!(column(&csv, "score"), scores);
        assert_eq!(column(&csv, "note"), notes);
    }
}
