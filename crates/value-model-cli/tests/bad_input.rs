//! What is wrong with real files, through the command: a typed error or a refused row, never a panic.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a test may panic, and counts are small"
)]

mod common;

use common::{AS_OF, Desk, Run, SMALL, column, rows};

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("small.toml", SMALL);
    desk
}

fn score(desk: &Desk, more: &[&str]) -> Run {
    desk.run(&[&["score"], more, &AS_OF[..]].concat())
}

/// Scores this table; every row but `good` is refused, with this code at this line.
fn refused_row(content: impl AsRef<[u8]>, line: &str, code: &str) -> String {
    let desk = desk();
    desk.write("a.csv", content);
    let run = score(&desk, &["a.csv", "--rejects", "r.csv"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(column(&run.stdout, "account"), ["good"], "{}", run.stdout);
    let rejects = desk.read("r.csv");
    let lines = rows(&rejects);
    assert_eq!(lines[0], ["line", "account", "field", "code", "message", "file"]);
    assert_eq!((lines[1][0].as_str(), lines[1][3].as_str()), (line, code), "{rejects}");
    assert_eq!(score(&desk, &["a.csv", "--strict"]).code, Some(1));
    rejects
}

#[test]
fn numbers_that_are_not_finite_refuse_their_row() {
    for cell in ["NaN", "nan", "inf", "-inf", "Infinity", "1e400", "-1e999"] {
        let rejects =
            refused_row(format!("account,csat,plan\nbad,{cell},pro\ngood,5,pro\n"), "2", "not_finite");
        assert!(rejects.contains(",csat,"), "{rejects}");
    }
}

#[test]
fn a_value_outside_the_scale_refuses_its_row() {
    let rejects = refused_row("account,csat,plan\ngood,5,pro\nbad,5,platinum\n", "3", "outside_scale");
    assert!(rejects.contains("platinum") && rejects.contains(",plan,"), "{rejects}");
}

#[test]
fn undeclared_codes_words_and_blanks_refuse_their_row() {
    for cell in ["N/A", "?", "seven", " 7", "7 ", "1 000", "\u{2212}5", "1'000"] {
        refused_row(format!("account,csat,plan\ngood,5,pro\nbad,{cell},pro\n"), "3", "outside_scale");
    }
}

#[test]
fn a_decimal_comma_refuses_its_row_with_the_flag_to_pass() {
    let rejects = refused_row("account;csat;plan\nbad;7,5;pro\ngood;5;pro\n", "2", "outside_scale");
    assert!(rejects.contains("--decimal ,"), "{rejects}");
}

#[test]
fn ragged_rows_are_refused_with_both_counts() {
    let rejects = refused_row("account,csat,plan\nbad,5\ngood,5,pro\nbad2,5,pro,1\n", "2", "ragged_row");
    assert!(rejects.contains("the row has 2 fields, the header has 3"), "{rejects}");
    assert!(rejects.contains("4,bad2,,ragged_row,"), "{rejects}");
}

#[test]
fn a_row_without_account_is_refused() {
    refused_row("account,csat,plan\n,5,pro\ngood,5,pro\n", "2", "missing");
}

#[test]
fn latin_1_refuses_its_row_with_what_to_do() {
    let rejects = refused_row(b"account,csat,plan\ncaf\xE9,5,pro\ngood,5,pro\n", "2", "encoding");
    assert!(rejects.contains("0xE9") && rejects.contains("iconv"), "{rejects}");
    let desk = desk();
    desk.write("a.csv", b"account,zufriedenheit,pl\xE4n\nacme,5,pro\n");
    assert!(score(&desk, &["a.csv"]).refused("encoding").contains("a.csv:1"));
}

#[test]
fn a_date_after_the_day_of_scoring_refuses_its_row() {
    let desk = desk();
    desk.write(
        "m.toml",
        SMALL.replace("scale.linear = { worst = 0, best = 10 }", "scale.within = { days = 90 }"),
    );
    desk.write("a.csv", "account,csat,plan\nbad,2026-11-02,pro\ngood,2026-11-01,pro\nodd,2026-02-30,pro\n");
    let run =
        desk.run(&["score", "a.csv", "--model", "m.toml", "--as-of", "2026-11-01", "--rejects", "r.csv"]);
    assert_eq!(column(&run.ok(), "account"), ["good"]);
    let rejects = desk.read("r.csv");
    assert!(rejects.contains("2,bad,csat,after_as_of,"), "{rejects}");
    assert!(rejects.contains("4,odd,csat,invalid_date,"), "{rejects}");
}

#[test]
fn files_that_are_no_table_are_named() {
    let desk = desk();
    let utf16: Vec<u8> = "account,csat\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&b"\xFF\xFE"[..], &utf16].concat();
    for (content, code) in [
        (&b""[..], "empty"),
        (b"\n\n", "empty"),
        (b"account,csat,plan\n", "empty"),
        (b"account,csat,plan", "empty"),
        (&utf16, "encoding"),
        (&marked, "encoding"),
        (b"PK\x03\x04....", "format"),
        (b"account,csat,csat\nacme,1,2\n", "duplicate"),
        (b"account,csat,plan\nacme,\"5,pro\nzoo,5,pro\n", "unterminated_quote"),
        (b"name,csat,plan\nacme,5,pro\n", "unknown_id"),
        (b"account,a,b\nacme,5,pro\n", "missing"),
    ] {
        desk.write("a.csv", content);
        let stderr = score(&desk, &["a.csv", "-o", "out.csv"]).refused(code);
        assert!(stderr.contains("a.csv"), "{stderr}");
        assert!(!desk.path("out.csv").exists(), "{code}");
    }
    score(&desk, &["nowhere.csv"]).refused("io");
    score(&desk, &["nowhere"]).refused("io");
}

#[test]
fn an_unknown_measure_is_refused_with_the_nearest() {
    let desk = desk();
    desk.write("a.csv", "account,csat,plan\nacme,5,pro\n");
    let stderr = score(&desk, &["a.csv", "--map", "cast=csat"]).refused("unknown_id");
    assert!(stderr.contains("did you mean `csat`?"), "{stderr}");
    let stderr = score(&desk, &["a.csv", "--map", "csat=cast"]).refused("unknown_id");
    assert!(stderr.contains("did you mean `csat`?"), "{stderr}");
    let stderr = score(&desk, &["a.csv", "--keep", "plam"]).refused("unknown_id");
    assert!(stderr.contains("did you mean `plan`?"), "{stderr}");
    desk.write("r.ndjson", "{\"account\":\"a\",\"answers\":{\"cast\":5}}\n");
    let run = score(&desk, &["r.ndjson", "--strict"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("did you mean `csat`?"), "{}", run.stderr);
}

#[test]
fn broken_records_refuse_their_line_and_the_others_go_on() {
    let desk = desk();
    desk.write(
        "r.ndjson",
        "{\"account\":\"a\",\"answers\":{\"csat\":5,\"plan\":\"pro\"}}\n\
         not json\n\
         {\"account\":\"b\",\"answers\":{\"csat\":1e400}}\n\
         {\"account\":\"c\",\"answers\":{\"csat\":5,\"csat\":6}}\n\
         {\"account\":\"d\",\"answres\":{}}\n\
         {\"account\":\"e\",\"answers\":{\"csat\":9,\"plan\":\"pro\"}}\n",
    );
    let run = score(&desk, &["r.ndjson", "--rejects", "x.ndjson", "--format", "csv"]);
    assert_eq!(column(&run.ok(), "account"), ["a", "e"]);
    let rejects = desk.read("x.ndjson");
    let codes: Vec<(u64, String)> = rejects
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| (row["line"].as_u64().unwrap(), row["code"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [(2, "invalid_input"), (3, "not_finite"), (4, "duplicate"), (5, "unknown_field")];
    assert_eq!(codes, expected.map(|(line, code)| (line, code.to_owned())), "{rejects}");
}

#[test]
fn a_broken_json_list_ends_with_its_place() {
    let desk = desk();
    desk.write("r.json", "[{\"account\":\"a\",\"answers\":{\"csat\":5,\"plan\":\"pro\"}},\n{\"account\":");
    assert!(score(&desk, &["r.json"]).refused("invalid_input").contains("r.json:2:"));
    desk.write("r.json", "[]");
    score(&desk, &["r.json"]).refused("empty");
    let deep = format!("[{}", "[".repeat(100_000));
    desk.write("r.json", deep);
    score(&desk, &["r.json"]).refused("invalid_input");
}

#[test]
fn a_long_table_out_of_order_is_refused_under_sorted() {
    let desk = desk();
    desk.write("l.csv", "account,measure,value\nb,csat,5\nb,plan,pro\na,csat,5\n");
    let stderr = score(&desk, &["l.csv", "--sorted"]).refused("not_sorted");
    assert!(stderr.contains("l.csv:4"), "{stderr}");
}

#[test]
fn a_wrong_answer_in_the_long_layout_refuses_its_account_once() {
    let desk = desk();
    desk.write(
        "l.csv",
        "account,measure,value,source,on,missing\n\
         good,csat,5,,,\ngood,plan,,,,not_applicable\n\
         a,csta,5,,,\na,csat,x,,,\nb,csat,5,gossip,,\nc,csat,5,,2026-13-01,\nd,csat,5,,,stale\n,csat,5,,,\n",
    );
    let run = score(&desk, &["l.csv", "--rejects", "r.csv"]);
    assert_eq!(column(&run.ok(), "account"), ["good"]);
    let rejects = desk.read("r.csv");
    let codes: Vec<String> =
        rows(&rejects)[1..].iter().map(|row| format!("{}:{}:{}", row[0], row[2], row[3])).collect();
    assert_eq!(
        codes,
        [
            "4:measure:unknown_id",
            "6:source:unknown_id",
            "7:on:invalid_date",
            "8:missing:conflict",
            "9:account:missing"
        ]
    );
}
