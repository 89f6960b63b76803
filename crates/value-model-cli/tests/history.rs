//! Histories: kept, followed over time, told as events, replayed under another model.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a test may panic, and counts are small"
)]

mod common;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use arrow_array::{RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use common::{Desk, SMALL, column, rows};
use parquet::arrow::ArrowWriter;

const DAYS: [(&str, &str, &str); 3] = [
    ("september", "2026-09-01", "acme,9,pro\nblue,9,basic\ncedar,6,plus\n"),
    ("october", "2026-10-01", "acme,6,pro\nblue,9,\ncedar,6,plus\n"),
    ("november", "2026-11-01", "acme,2,plus\nblue,9,\ncedar,6,plus\n"),
];

/// A desk with three months of three accounts, and a second version of the model that weighs `plan` thrice.
fn desk() -> Desk {
    let desk = Desk::new();
    let next = SMALL
        .replace("version = \"1\"", "version = \"2\"")
        .replace("id = \"plan\"", "id = \"plan\"\nweight = 3");
    desk.write("small.toml", SMALL).write("next.toml", next);
    for (name, _, rows) in DAYS {
        desk.write(&format!("{name}.csv"), format!("account,csat,plan\n{rows}"));
    }
    desk
}

fn append(desk: &Desk, month: usize, model: &str, history: &str) -> String {
    let (name, day, _) = DAYS[month];
    let run =
        desk.run(&["score", &format!("{name}.csv"), "--model", model, "--as-of", day, "--append", history]);
    let told = run.stderr.clone();
    assert_eq!(run.ok(), "", "results go to the history alone");
    told
}

/// Three months under the first version.
fn kept(history: &str) -> Desk {
    let desk = desk();
    (0..3).for_each(|month| {
        assert!(append(&desk, month, "small.toml", history).contains("3 assessments added"));
    });
    desk
}

#[test]
fn what_is_there_is_not_added_again() {
    for history in ["h.parquet", "h"] {
        let desk = kept(history);
        let file = if history == "h" { "h/2026-10-01.parquet" } else { history };
        let before = fs::read(desk.path(file)).unwrap();
        let told = append(&desk, 1, "small.toml", history);
        assert!(told.contains("0 assessments added") && told.contains("3 already there"), "{told}");
        assert_eq!(fs::read(desk.path(file)).unwrap(), before, "not a byte changes");
        let trend = desk.run(&["trend", history, "-q"]).ok();
        assert_eq!(column(&trend, "days"), ["3", "3", "3"]);
    }
}

#[test]
fn other_answers_on_the_same_day_take_the_place_of_old_ones_only_when_asked() {
    for history in ["h.parquet", "h"] {
        let desk = kept(history);
        desk.write("october.csv", "account,csat,plan\nacme,10,pro\nblue,9,\ndelta,1,pro\n");
        let again =
            ["score", "october.csv", "--model", "small.toml", "--as-of", "2026-10-01", "--append", history];
        let text = desk.run(&again).refused("conflict");
        assert!(text.contains("`acme` on 2026-10-01 under small 1") && text.contains("--replace"), "{text}");
        assert_eq!(
            column(&desk.run(&["trend", history, "-q"]).ok(), "days"),
            ["3"; 3],
            "nothing was written"
        );
        let run = desk.run(&[&again[..], &["--replace"]].concat());
        assert!(
            run.stderr.contains("1 assessments added") && run.stderr.contains("1 replaced, 1 already there")
        );
        let days = desk.run(&["trend", history, "-q", "--account", "acme"]).ok();
        assert_eq!(column(&days, "score"), ["95.0", "100.0", "35.0"]);
    }
}

#[test]
fn an_account_that_stands_twice_with_other_answers_is_refused() {
    let desk = desk();
    desk.write("twice.csv", "account,csat,plan\nacme,9,pro\nacme,8,pro\nacme,9,pro\n");
    let run =
        desk.run(&["score", "twice.csv", "--model", "small.toml", "--as-of", "2026-11-01", "--append", "h"]);
    assert!(
        run.stderr.contains("1 assessments added") && run.stderr.contains("[duplicate]"),
        "{}",
        run.stderr
    );
}

#[test]
fn results_are_written_beside_the_history_as_without_it() {
    let desk = desk();
    let score = ["score", "october.csv", "-q", "--model", "small.toml", "--as-of", "2026-10-01"];
    for form in ["csv", "ndjson", "table"] {
        let alone = desk.run(&[&score[..], &["--format", form]].concat()).ok();
        let kept = desk.run(&[&score[..], &["--format", form, "--append", "h"]].concat()).ok();
        assert_eq!(alone, kept, "{form}");
    }
    desk.run(&[&score[..], &["-o", "a.parquet"]].concat()).ok();
    desk.run(&[&score[..], &["-o", "b.parquet", "--append", "h"]].concat()).ok();
    assert_eq!(fs::read(desk.path("a.parquet")).unwrap(), fs::read(desk.path("b.parquet")).unwrap());
    // Columns in, a history out.
    desk.run(&[
        "score",
        "october.csv",
        "-q",
        "--model",
        "small.toml",
        "--as-of",
        "2026-10-01",
        "--keep",
        "csat,plan",
        "-o",
        "in.parquet",
    ])
    .ok();
    let run =
        desk.run(&["score", "in.parquet", "--model", "small.toml", "--as-of", "2026-10-01", "--append", "h"]);
    assert!(run.stderr.contains("0 assessments added"), "{}", run.stderr);
}

#[test]
fn a_trend_says_what_moved_and_why() {
    let desk = kept("h");
    let trend = desk.run(&["trend", "h", "-q"]).ok();
    assert_eq!(column(&trend, "account"), ["acme", "cedar", "blue"], "the largest fall first");
    assert_eq!(column(&trend, "change"), ["-60.0", "0.0", "45.0"]);
    assert_eq!(column(&trend, "behaviour"), ["-60.0", "0.0", "0.0"]);
    assert_eq!(
        column(&trend, "coverage"),
        ["0.0", "0.0", "45.0"],
        "it rose only because a bad answer went missing"
    );
    assert_eq!(column(&trend, "band_since"), ["2026-11-01", "2026-09-01", "2026-10-01"]);
    let days = desk.run(&["trend", "h", "-q", "--account", "acme", "--since", "2026-10-01"]).ok();
    assert_eq!(column(&days, "as_of"), ["2026-10-01", "2026-11-01"]);
    let text = desk.run(&["trend", "h", "--account", "blue", "--format", "table"]).ok();
    assert!(text.contains("only because of which answers are known"), "{text}");
    assert!(text.lines().next().unwrap().len() <= 100, "{text}");
    assert!(desk.run(&["trend", "h", "--account", "nobody"]).refused("empty").contains("asked for"));
    desk.run(&["trend", "h", "-q", "-o", "t.parquet"]).ok();
    assert!(fs::read(desk.path("t.parquet")).unwrap().starts_with(b"PAR1"));
}

#[test]
fn a_new_model_is_marked_and_kept_apart() {
    let desk = desk();
    append(&desk, 0, "small.toml", "h");
    append(&desk, 1, "next.toml", "h");
    let trend = desk.run(&["trend", "h", "-q"]).ok();
    let numbers = |name: &str| column(&trend, name);
    // acme: 95 under 1, 97.5 under 2 with the same answers, then its csat falls by 3 points of 10 at a weight of a quarter.
    let acme = numbers("account").iter().position(|account| account == "acme").unwrap();
    let near = |name: &str, expected: f64| {
        let found: f64 = numbers(name)[acme].parse().unwrap();
        assert!((found - expected).abs() < 1e-9, "{name}: {found}");
    };
    near("change", -5.0);
    near("model_effect", 2.5);
    near("behaviour", -7.5);
    let days = desk.run(&["trend", "h", "-q", "-a", "acme", "--format", "table"]).ok();
    assert!(days.contains("2 (new)") && days.contains("new model: version 2"), "{days}");
}

#[test]
fn delta_reads_a_history() {
    let desk = kept("h.parquet");
    let csv =
        desk.run(&["delta", "h.parquet", "-q", "--as-of-before", "2026-09-15", "--as-of", "2026-10-15"]).ok();
    assert_eq!(column(&csv, "account"), ["acme", "blue", "cedar"]);
    assert_eq!(column(&csv, "behaviour"), ["-15.000000000000002", "0.0", "0.0"]);
    let bands = desk.run(&["delta", "h.parquet", "-q", "--bands", "--as-of-before", "2026-09-15"]).ok();
    assert_eq!(column(&bands, "account"), ["acme", "blue"]);
    desk.run(&["delta", "september.csv", "october.csv", "--as-of-before", "2026-09-01"]).refused("usage");
}

#[test]
fn every_event_is_told_once_under_the_same_id() {
    let desk = kept("h");
    let tell = ["transitions", "h", "--format", "ndjson", "--sent", "sent.txt"];
    let first = desk.run(&tell);
    assert!(first.stderr.contains("events"), "{}", first.stderr);
    let first = first.ok();
    let ids: Vec<String> = first
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(ids.contains(&"band_crossed:2026-11-01:small:healthy>at_risk:acme".to_owned()), "{ids:?}");
    assert!(ids.contains(&"coverage_lost:2026-10-01:small:drop:blue".to_owned()), "{ids:?}");
    assert_eq!(desk.run(&tell).ok(), "", "nothing twice");
    let again = desk.run(&["transitions", "h", "-q", "--format", "ndjson"]).ok();
    assert_eq!(again, first, "without --sent the same events under the same ids");
    // A later day brings its own events and no others.
    desk.write("december.csv", "account,csat,plan\nacme,9,pro\nblue,9,\ncedar,6,plus\n");
    desk.run(&["score", "december.csv", "--model", "small.toml", "--as-of", "2026-12-01", "--append", "h"])
        .ok();
    let late = desk.run(&tell).ok();
    assert!(
        late.lines().count() == 2 && late.lines().all(|line| line.contains("\"as_of\":\"2026-12-01\"")),
        "{late}"
    );
    let since = desk.run(&["transitions", "h", "-q", "--since", "2026-12-01", "--kind", "band_crossed"]).ok();
    assert_eq!(rows(&since).len(), 2);
    let table = desk.run(&["transitions", "h", "-q", "--format", "table"]).ok();
    assert!(table.lines().next().unwrap().len() <= 100, "{table}");
}

#[test]
fn an_override_that_ends_soon_is_told() {
    let desk = desk();
    let record = |day: &str| {
        let wish = r#"{"score": 60, "reason": "a call", "author": "ana", "made_on": "2026-10-01", "expires_on": "2026-11-10"}"#;
        desk.write(
            "r.ndjson",
            format!(
                "{{\"account\":\"acme\",\"answers\":{{\"csat\":9,\"plan\":\"pro\"}},\"override\":{wish}}}\n"
            ),
        );
        desk.run(&["score", "r.ndjson", "--model", "small.toml", "--as-of", day, "--append", "h"]).ok();
    };
    for day in ["2026-10-10", "2026-11-01", "2026-11-02"] {
        record(day);
    }
    let csv = desk.run(&["transitions", "h", "-q"]).ok();
    assert_eq!(column(&csv, "kind"), ["override_expiring"]);
    assert_eq!(column(&csv, "as_of"), ["2026-11-01"]);
    assert_eq!(column(&csv, "expires_on"), ["2026-11-10"]);
    let csv = desk.run(&["transitions", "h", "-q", "--expiring", "60"]).ok();
    assert_eq!(column(&csv, "as_of"), ["2026-10-10"]);
}

#[test]
fn replay_gives_the_effect_of_the_model_alone() {
    let desk = kept("h");
    let run = desk.run(&["replay", "h", "--model", "next.toml", "--append", "replayed"]);
    assert!(run.stderr.contains("9 assessments added to replayed"), "{}", run.stderr);
    assert!(run.stderr.contains("of 9 assessments change their band"), "{}", run.stderr);
    let csv = run.ok();
    let place = rows(&csv).iter().position(|row| row[..2] == ["2026-09-01", "blue"]).unwrap();
    assert_eq!(rows(&csv)[place][2..4], ["at_risk", "at_risk"]);
    assert_eq!(column(&csv, "model_effect")[place - 1], "-22.5");
    assert!(csv.contains("`csat` gives 22.5 points less"), "{csv}");
    let table = desk.run(&["replay", "h", "--model", "next.toml", "-q", "--format", "table"]).ok();
    assert!(table.contains("\nacme, 2026-10-01: ") && table.contains("`csat` gives"), "{table}");
    let rows_end = table.find("\n\n").unwrap();
    assert!(table[..rows_end].lines().all(|line| line.len() <= 100), "{table}");
    // The past under one model: nothing of it is the model's doing.
    let trend = desk.run(&["trend", "replayed", "-q"]).ok();
    assert!(column(&trend, "model_effect").iter().all(|effect| effect == "0.0"), "{trend}");
    // Into the same history: the newest version of each day counts.
    desk.run(&["replay", "h", "--model", "next.toml", "--append", "h"]).ok();
    assert_eq!(desk.run(&["trend", "h", "-q"]).ok(), trend);
    let bands = desk.run(&["replay", "replayed", "--model", "small.toml", "-q", "--bands"]).ok();
    assert!(rows(&bands)[1..].iter().all(|row| row[2] != row[3]), "{bands}");
}

#[test]
fn lint_against_the_old_model_says_who_would_move_and_changes_nothing() {
    let desk = desk();
    let names = desk.names();
    let run = desk.run(&[
        "lint",
        "next.toml",
        "--against",
        "small.toml",
        "september.csv",
        "--as-of",
        "2026-09-01",
        "--bands",
    ]);
    assert!(run.stderr.contains("0 of 3 accounts change their band"), "{}", run.stderr);
    assert_eq!(run.ok().lines().count(), 1);
    let cut = SMALL
        .replace("[tree]", "[bands]\ncuts = [50, 96]\nnames = [\"at_risk\", \"watch\", \"healthy\"]\n[tree]");
    desk.write("cut.toml", cut);
    let run =
        desk.run(&["lint", "cut.toml", "--against", "small.toml", "september.csv", "--as-of", "2026-09-01"]);
    assert!(run.stderr.contains("1 of 3 accounts change their band, 1 to a worse one"), "{}", run.stderr);
    let csv = run.ok();
    assert_eq!(rows(&csv)[1][..4], ["acme", "healthy", "watch", "the bands are cut elsewhere"]);
    assert_eq!(desk.names().len(), names.len() + 1);
    // A measure that only the new model has is read for it.
    desk.write(
        "more.toml",
        format!("{SMALL}\n[[tree.children]]\nid = \"calls\"\nscale.linear = {{ worst = 0, best = 4 }}\n"),
    );
    desk.write("calls.csv", "account,csat,plan,calls\nacme,9,pro,0\n");
    let csv = desk
        .run(&["lint", "more.toml", "--against", "small.toml", "calls.csv", "--as-of", "2026-09-01", "-q"])
        .ok();
    assert!(csv.contains("acme,healthy,watch,") && csv.contains("95.0"), "{csv}");
    desk.run(&["lint", "next.toml", "--against", "small.toml"]);
    assert_eq!(desk.run(&["lint", "next.toml", "september.csv"]).code, Some(2));
}

#[test]
fn a_set_keeps_each_of_its_models() {
    let desk = desk();
    let other = SMALL.replace("id = \"small\"", "id = \"other\"").replace("best = 10", "best = 20");
    desk.write("other.toml", other);
    desk.write("set.toml", "schema = \"value-model-set/1\"\nid = \"s\"\nversion = \"1\"\ndefault = [\"a\", \"b\"]\n[models]\na = \"small.toml\"\nb = \"other.toml\"\n");
    (0..2).for_each(|month| assert!(append(&desk, month, "set.toml", "h").contains("6 assessments added")));
    let trend = desk.run(&["trend", "h", "-q", "--format", "table"]).ok();
    assert!(trend.contains("other") && trend.contains("small"), "{trend}");
    assert_eq!(rows(&desk.run(&["trend", "h", "-q", "--of", "other"]).ok()).len(), 4);
    let replay = desk.run(&["replay", "h", "--model", "next.toml"]);
    assert!(
        replay.stderr.contains("6 assessments under other models than `small` left out"),
        "{}",
        replay.stderr
    );
}

/// A Parquet file with one text column and this metadata.
fn foreign(desk: &Desk, name: &str, metadata: &[(&str, &str)]) {
    let metadata: HashMap<String, String> =
        metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let schema = Schema::new_with_metadata(vec![Field::new("account", DataType::Utf8, false)], metadata);
    let schema = Arc::new(schema);
    let batch =
        RecordBatch::try_new(Arc::clone(&schema), vec![Arc::new(StringArray::from(vec!["acme"]))]).unwrap();
    let mut writer = ArrowWriter::try_new(fs::File::create(desk.path(name)).unwrap(), schema, None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn what_is_no_history_is_named() {
    let desk = kept("h.parquet");
    foreign(&desk, "other.parquet", &[]);
    foreign(&desk, "newer.parquet", &[("value-model.history", "2")]);
    foreign(&desk, "bare.parquet", &[("value-model.history", "1")]);
    let whole = fs::read(desk.path("h.parquet")).unwrap();
    desk.write("cut.parquet", &whole[..whole.len() / 2]);
    fs::create_dir(desk.path("empty")).unwrap();
    for (history, code) in [
        ("september.csv", "format"),
        ("other.parquet", "format"),
        ("bare.parquet", "format"),
        ("cut.parquet", "format"),
        ("newer.parquet", "schema_version"),
        ("empty", "empty"),
        ("gone.parquet", "io"),
    ] {
        for command in ["trend", "transitions"] {
            desk.run(&[command, history]).refused(code);
        }
        if !matches!(code, "empty" | "io") {
            let before = fs::read(desk.path(history)).unwrap();
            let append =
                ["score", "october.csv", "--model", "small.toml", "--as-of", "2026-10-01", "--append"];
            desk.run(&[&append[..], &[history]].concat()).refused(code);
            assert_eq!(fs::read(desk.path(history)).unwrap(), before, "{history} is left as it was");
        }
    }
    assert!(desk.names().iter().all(|name| !name.contains("value-model-tmp")), "{:?}", desk.names());
}

#[test]
fn a_row_that_stands_in_two_files_must_be_the_same() {
    let desk = kept("h");
    fs::copy(desk.path("h/2026-10-01.parquet"), desk.path("h/copy.parquet")).unwrap();
    assert_eq!(column(&desk.run(&["trend", "h", "-q"]).ok(), "days"), ["3"; 3]);
    desk.write("october.csv", "account,csat,plan\nacme,1,pro\n");
    desk.run(&[
        "score",
        "october.csv",
        "--model",
        "small.toml",
        "--as-of",
        "2026-10-01",
        "--append",
        "h/more.parquet",
    ])
    .ok();
    assert!(desk.run(&["trend", "h"]).refused("conflict").contains("`acme` stands twice on 2026-10-01"));
}

#[test]
fn a_run_that_is_killed_leaves_a_whole_history() {
    let desk = kept("h.parquet");
    let mut table = "account,csat,plan\n".to_owned();
    for number in 0..3000 {
        let _ = writeln!(table, "a{number},{},pro", number % 11);
    }
    desk.write("many.csv", table);
    let append = [
        "score",
        "many.csv",
        "--model",
        "small.toml",
        "--as-of",
        "2026-12-01",
        "--append",
        "h.parquet",
        "-q",
    ];
    for number in 0..8 {
        let mut child = desk.command(&append).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(20 * number));
        let _ = child.kill();
        child.wait().unwrap();
        let days = desk.run(&["trend", "h.parquet", "-q", "--account", "acme"]).ok();
        assert_eq!(rows(&days).len(), 4, "after {number}");
    }
    desk.run(&append).ok();
    assert_eq!(rows(&desk.run(&["trend", "h.parquet", "-q"]).ok()).len(), 3004);
    assert!(desk.names().iter().all(|name| !name.contains("value-model-tmp")), "{:?}", desk.names());
}
