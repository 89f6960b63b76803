//! `value-model score` on good files.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a test may panic, and counts are small"
)]

mod common;

use common::{AS_OF, Desk, SMALL, column, demo};

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("small.toml", SMALL);
    desk
}

fn score(desk: &Desk, more: &[&str]) -> String {
    desk.run(&[&["score"], more, &AS_OF[..]].concat()).ok()
}

const WIDE: &str = "account,csat,plan\nacme,8,plus\nzoo,,pro\n";

#[test]
fn a_wide_table_gives_one_line_per_account() {
    let desk = desk();
    desk.write("a.csv", WIDE);
    assert_eq!(
        score(&desk, &["a.csv"]),
        "account,score,band,coverage,lower,upper,lower_band,validated_share,fresh_share,outcome\n\
         acme,65.0,watch,1.0,65.0,65.0,watch,0.0,0.0,scored\n\
         zoo,100.0,healthy,0.5,50.0,100.0,watch,0.0,0.0,scored\n"
    );
}

#[test]
fn the_same_bytes_come_from_a_file_a_pipe_a_mark_and_windows_line_ends() {
    let desk = desk();
    desk.write("a.csv", WIDE)
        .write("mark.csv", format!("\u{feff}{WIDE}"))
        .write("crlf.csv", WIDE.replace('\n', "\r\n"));
    let expected = score(&desk, &["a.csv"]);
    assert_eq!(score(&desk, &["mark.csv"]), expected);
    assert_eq!(score(&desk, &["crlf.csv"]), expected);
    assert_eq!(desk.pipe(&[&["score", "-"], &AS_OF[..]].concat(), WIDE).ok(), expected);
    let tabs = WIDE.replace(',', "\t");
    assert_eq!(desk.pipe(&[&["score", "-"], &AS_OF[..]].concat(), tabs).ok(), expected);
}

#[test]
fn the_long_layout_and_json_records_give_the_same_scores() {
    let desk = desk();
    desk.write("wide.csv", WIDE);
    desk.write("long.csv", "account,measure,value\nacme,csat,8\nzoo,plan,pro\nacme,plan,plus\n");
    desk.write("sorted.csv", "account,measure,value\nacme,csat,8\nacme,plan,plus\nzoo,plan,pro\n");
    desk.write(
        "records.ndjson",
        "{\"account\":\"acme\",\"answers\":{\"csat\":8,\"plan\":\"plus\"}}\n\n{\"account\":\"zoo\",\"answers\":{\"plan\":\"pro\"}}\n",
    );
    desk.write(
        "records.json",
        "[{\"account\":\"acme\",\"answers\":{\"csat\":8,\"plan\":\"plus\"}},\n{\"account\":\"zoo\",\"answers\":{\"plan\":\"pro\"}}]",
    );
    let expected = score(&desk, &["wide.csv"]);
    assert_eq!(score(&desk, &["long.csv"]), expected);
    assert_eq!(score(&desk, &["sorted.csv", "--sorted"]), expected);
    assert_eq!(score(&desk, &["records.ndjson", "--format", "csv"]), expected);
    assert_eq!(score(&desk, &["records.json", "--format", "csv"]), expected);
}

#[test]
fn the_explaining_path_gives_the_same_numbers_as_the_fast_one() {
    let data = demo().join("saas_churn.csv");
    let model = demo().join("saas.toml");
    let desk = Desk::new();
    let run = |more: &[&str]| {
        let base = &["score", data.to_str().unwrap(), "--model", model.to_str().unwrap()][..];
        desk.run(
            &[
                base,
                &["--account-column", "id", "--as-of", "2026-11-01", "--keep", "churned,us_region"],
                more,
            ]
            .concat(),
        )
        .ok()
    };
    let (fast, full) = (run(&[]), run(&["--contributions"]));
    assert_eq!(fast.lines().count(), 2001);
    for name in ["score", "lower", "value", "cost", "cost_cost", "band", "churned", "us_region"] {
        assert_eq!(column(&fast, name), column(&full, name), "{name}");
    }
    for (score, points) in column(&full, "score").iter().zip(full.lines().skip(1)) {
        let cells: Vec<f64> = points.split(',').skip(13).take(7).map(|cell| cell.parse().unwrap()).collect();
        assert!((score.parse::<f64>().unwrap() - cells.iter().sum::<f64>()).abs() < 1e-9);
    }
}

#[test]
fn sources_personas_and_dates_of_the_long_layout_count() {
    let desk = desk();
    desk.write(
        "strict.toml",
        SMALL.replace("title = \"Small\"", "title = \"Small\"\nevidence = \"customer_backed\""),
    );
    desk.write(
        "long.csv",
        "account,measure,value,source,persona,on\n\
         acme,csat,8,customer_provided,admin,2026-10-01\n\
         acme,csat,4,measured,user,2026-10-02\n\
         acme,plan,pro,vendor_asserted,,\n",
    );
    let out = desk
        .run(&["score", "long.csv", "--model", "strict.toml", "--as-of", "2026-11-01", "--format", "ndjson"])
        .ok();
    let result: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!((result["score"].as_f64().unwrap() - 60.0).abs() < 1e-9, "{result}");
    assert_eq!(result["validated_share"], 0.5);
    assert_eq!(result["fresh_share"], 0.5);
    assert_eq!(result["measures"][0]["personas"]["admin"], 0.8);
    assert_eq!(result["measures"][1]["missing"], "unvalidated");
}

#[test]
fn defaults_fill_in_what_answers_do_not_say() {
    let desk = desk();
    desk.write(
        "strict.toml",
        SMALL.replace("title = \"Small\"", "title = \"Small\"\nevidence = \"customer_backed\""),
    );
    desk.write("a.csv", WIDE);
    let base = ["score", "a.csv", "--model", "strict.toml", "--as-of", "2026-11-01"];
    assert_eq!(column(&desk.run(&base).ok(), "outcome"), ["insufficient", "insufficient"]);
    let backed =
        desk.run(&[&base[..], &["--default-source", "measured", "--default-on", "2026-10-30"]].concat()).ok();
    assert_eq!(column(&backed, "score"), ["65.0", "100.0"]);
    assert_eq!(column(&backed, "fresh_share"), ["1.0", "0.5"]);
}

#[test]
fn columns_are_mapped_and_missing_codes_are_read() {
    let desk = desk();
    desk.write("a.csv", "kunde,zufriedenheit,plan\nacme,-99,plus\nzoo,5,N/A\n");
    let flags = [
        "a.csv",
        "--account-column",
        "kunde",
        "--map",
        "csat=zufriedenheit",
        "--missing-code",
        "-99=no_data",
        "--missing-code",
        "N/A=not_applicable",
    ];
    let out = score(&desk, &flags);
    assert_eq!(column(&out, "coverage"), ["0.5", "1.0"]);
    assert_eq!(column(&out, "score"), ["50.0", "50.0"]);
}

#[test]
fn a_decimal_comma_is_read_when_it_is_named() {
    let desk = desk();
    desk.write("a.csv", "account;csat;plan\nacme;7,5;plus\n");
    assert_eq!(column(&score(&desk, &["a.csv", "--decimal", ","]), "score"), ["62.5"]);
}

#[test]
fn the_form_of_the_output_follows_its_name() {
    let desk = desk();
    desk.write("a.csv", WIDE);
    for name in ["o.csv", "o.tsv", "o.ndjson", "o.json"] {
        assert_eq!(score(&desk, &["a.csv", "-o", name]), "");
    }
    assert!(desk.read("o.tsv").starts_with("account\tscore\t"));
    let lines = desk.read("o.ndjson");
    let list: Vec<serde_json::Value> = serde_json::from_str(&desk.read("o.json")).unwrap();
    assert_eq!(
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<serde_json::Value>>(),
        list
    );
    assert!(score(&desk, &["a.csv", "--format", "table"]).contains("acme"));
}

#[test]
fn without_a_date_today_is_taken_and_said() {
    let desk = desk();
    desk.write("a.csv", WIDE);
    let run = desk.run(&["score", "a.csv", "--model", "small.toml"]);
    assert!(run.stderr.contains("as of today"), "{}", run.stderr);
    let quiet = desk.run(&["score", "a.csv", "--model", "small.toml", "--quiet"]);
    assert_eq!((quiet.code, quiet.stderr.as_str()), (Some(0), ""));
}

#[test]
fn columns_that_are_not_read_are_named_once() {
    let desk = desk();
    desk.write("a.csv", "account,cast,plan,region\nacme,8,plus,EU\nzoo,,pro,US\n");
    let run = desk.run(&[&["score", "a.csv"], &AS_OF[..]].concat());
    assert_eq!(run.stderr.matches("`cast`").count(), 2, "{}", run.stderr);
    assert!(run.stderr.contains("is `cast` meant to be `csat`?"), "{}", run.stderr);
    assert!(run.stderr.contains("no column `csat`: counted as `no_data`"), "{}", run.stderr);
    assert_eq!(run.stderr.matches("`region`").count(), 1, "{}", run.stderr);
}

#[test]
fn many_rows_come_out_in_their_order_whoever_scored_them() {
    let desk = desk();
    let mut table = String::from("account,csat,plan\n");
    for number in 0..20_000 {
        let answer = if number % 1000 == 999 { "x".to_owned() } else { (number % 11).to_string() };
        table.push_str(&["a", &number.to_string(), ",", &answer, ",pro\n"].concat());
    }
    desk.write("a.csv", &table).write("cut.csv", format!("{table}last,\"5,pro\n"));
    let run = desk.run(&[&["score", "a.csv", "--rejects", "r.csv"], &AS_OF[..]].concat());
    assert!(run.stderr.contains("20 rows were refused"), "{}", run.stderr);
    let accounts: Vec<u32> =
        column(&run.ok(), "account").iter().map(|name| name[1..].parse().unwrap()).collect();
    let expected: Vec<u32> = (0..20_000).filter(|number| number % 1000 != 999).collect();
    assert_eq!(accounts, expected);
    let lines: Vec<u32> =
        column(&desk.read("r.csv"), "line").iter().map(|line| line.parse().unwrap()).collect();
    assert_eq!(lines, (1..=20).map(|number| number * 1000 + 1).collect::<Vec<u32>>());
    let stderr =
        desk.run(&[&["score", "cut.csv", "-o", "o.csv"], &AS_OF[..]].concat()).refused("unterminated_quote");
    assert!(stderr.contains("cut.csv:20002"), "{stderr}");
    assert!(!desk.path("o.csv").exists());
}
