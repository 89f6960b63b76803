//! Sets of models, given wherever a model is.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

mod common;

use std::fmt::Write as _;

use common::{Desk, SMALL, column, demo, rows};

const SET: &str = r#"
schema = "value-model-set/1"
id = "ours"
version = "1"
default = ["small"]
[models]
small = "small.toml"
strict = "strict.toml"
[[cases]]
id = "large"
models = ["strict", "small"]
when = [{ attribute = "arr", from = 1000 }, { attribute = "segment", is = ["enterprise", "strategic"] }]
"#;

const PARENTS: &str = "[parents]\nattribute = \"group\"\nby = \"revenue\"\nrevenue = \"arr\"\n";

const ACCOUNTS: &str = "account,segment,arr,group,csat,plan\n\
    acme,enterprise,3000,g,8,pro\n\
    blue,small,1000,g,4,basic\n\
    cedar,strategic,999.5,,6,plus\n";

/// A desk with two models, a set of them and three accounts.
fn desk(set: &str) -> Desk {
    let desk = Desk::new();
    let strict = SMALL.replace("\"small\"", "\"strict\"").replace("best = 10", "best = 20");
    desk.write("small.toml", SMALL).write("strict.toml", strict).write("set.toml", set);
    desk.write("a.csv", ACCOUNTS);
    desk
}

const FLAGS: [&str; 4] = ["--model", "set.toml", "--as-of", "2026-11-01"];

#[test]
fn every_account_gets_its_models_and_their_bits() {
    let desk = desk(SET);
    let run = desk.run(&[&["score", "a.csv"], &FLAGS[..]].concat());
    assert!(run.stderr.contains("2026-11-01 (1 by `large`, 2 by `default`): 4 results"), "{}", run.stderr);
    let csv = run.ok();
    let found: Vec<String> = rows(&csv)[1..].iter().map(|row| row[..3].join(" ")).collect();
    assert_eq!(found, ["acme strict large", "acme small large", "blue small default", "cedar small default"]);
    for (model, places) in [("small", [1, 2, 3].as_slice()), ("strict", &[0])] {
        let alone =
            desk.run(&["score", "a.csv", "-q", "--model", &format!("{model}.toml"), "--as-of", "2026-11-01"]);
        let alone = alone.ok();
        for name in ["score", "lower", "upper", "coverage", "band", "outcome"] {
            let (set, all) = (column(&csv, name), column(&alone, name));
            let expected = if model == "small" { all } else { all[..1].to_vec() };
            let found: Vec<String> = places.iter().map(|place| set[*place].clone()).collect();
            assert_eq!(found, expected, "{model} {name}");
        }
    }
}

#[test]
fn every_form_of_input_and_output_says_the_same() {
    let desk = desk(SET);
    let csv = desk.run(&[&["score", "a.csv", "-q"], &FLAGS[..]].concat()).ok();
    desk.write(
        "a.ndjson",
        "{\"account\":\"acme\",\"attributes\":{\"segment\":\"enterprise\",\"arr\":3000},\"answers\":{\"csat\":8,\"plan\":\"pro\"}}\n\
         {\"account\":\"blue\",\"attributes\":{\"segment\":\"small\",\"arr\":1000},\"answers\":{\"csat\":4,\"plan\":\"basic\"}}\n\
         {\"account\":\"cedar\",\"attributes\":{\"segment\":\"strategic\",\"arr\":999.5},\"answers\":{\"csat\":6,\"plan\":\"plus\"}}\n",
    );
    desk.write(
        "long.csv",
        "account,segment,arr,measure,value\nacme,enterprise,3000,csat,8\nacme,,,plan,pro\nblue,small,1000,csat,4\n\
         blue,,,plan,basic\ncedar,strategic,999.5,csat,6\ncedar,,,plan,plus\n",
    );
    for input in ["a.ndjson", "long.csv"] {
        assert_eq!(desk.run(&[&["score", input, "-q"], &FLAGS[..]].concat()).ok(), csv, "{input}");
    }
    let keep = ["score", "a.csv", "-q", "--keep", "segment,arr,csat,plan", "-o"];
    desk.run(&[&keep[..], &["s.parquet"], &FLAGS[..]].concat()).ok();
    // Parquet in, too: the kept columns of the first row of each account are the input again.
    let small = ["score", "s.parquet", "-q", "--model", "small.toml", "--as-of", "2026-11-01"];
    assert_eq!(column(&desk.run(&small).ok(), "score").len(), 4);
    let again = desk.run(&[&["score", "s.parquet", "-q"], &FLAGS[..]].concat()).ok();
    assert_eq!(column(&again, "score").len(), 6, "acme stands twice and has two models");
    let json = desk.run(&[&["score", "a.csv", "-q", "--format", "ndjson"], &FLAGS[..]].concat()).ok();
    assert!(
        json.lines()
            .next()
            .unwrap()
            .starts_with("{\"case\":\"large\",\"card\":\"strict\",\"model\":\"strict\"")
    );
}

#[test]
fn children_are_rolled_up_into_their_parent() {
    let desk = desk(&format!("{SET}{PARENTS}"));
    let csv = desk.run(&[&["score", "a.csv", "-q"], &FLAGS[..]].concat()).ok();
    let last = rows(&csv).pop().unwrap();
    // acme has (0.4 + 1) / 2 under `strict`, blue 0.2 under `small`; they weigh 3 to 1.
    assert_eq!(last[..5], ["g", "ours", "roll_up", "57.5", "watch"]);
    let json = desk.run(&[&["score", "a.csv", "-q", "--format", "ndjson"], &FLAGS[..]].concat()).ok();
    assert!(
        json.lines()
            .last()
            .unwrap()
            .contains("\"children\":[{\"account\":\"acme\",\"score\":70.0,\"weight\":3000.0")
    );
}

#[test]
fn the_other_commands_take_a_set_too() {
    let desk = desk(&format!("{SET}{PARENTS}"));
    let run = |command: &[&str]| desk.run(&[command, &FLAGS[..]].concat()).ok();
    let text = run(&["explain", "a.csv", "--account", "acme"]);
    assert!(text.contains("(strict 1)") && text.contains("(small 1)"), "{text}");
    let csv = run(&["portfolio", "a.csv", "-q", "--by", "segment"]);
    assert_eq!(column(&csv, "mean"), ["70.0", "20.0", "55.0", "48.333333333333336"]);
    assert_eq!(column(&run(&["robustness", "a.csv", "-q"]), "band"), ["watch", "at_risk", "watch"]);
    desk.write("b.csv", ACCOUNTS.replace("4,basic", "10,basic"));
    let csv = run(&["delta", "a.csv", "b.csv", "-q", "--as-of-before", "2026-10-01"]);
    assert_eq!(column(&csv, "behaviour"), ["0.0", "30.0", "0.0"]);
    assert!(desk.run(&["lint", "set.toml"]).ok().contains("no warnings"));
    assert!(
        desk.run(&["describe", "set.toml"])
            .ok()
            .contains("when arr is 1000 or more and segment is enterprise")
    );
    let schema = desk.run(&["schema", "set"]).ok();
    assert!(schema.contains("value-model-set/1") && schema.contains("roll_up"), "{schema}");
}

#[test]
fn a_decimal_comma_is_read_in_conditions_too() {
    let desk = desk(SET);
    desk.write(
        "c.csv",
        "account;segment;arr;csat;plan\nacme;enterprise;1000,5;8;pro\nblue;enterprise;999,5;8;pro\n",
    );
    let csv = desk.run(&[&["score", "c.csv", "-q", "--decimal", ","], &FLAGS[..]].concat()).ok();
    assert_eq!(column(&csv, "case"), ["large", "large", "default"]);
}

#[test]
fn what_is_wrong_with_a_set_is_said_with_its_place() {
    let refused = |set: &str, code: &str| {
        let desk = desk(set);
        desk.run(&[&["score", "a.csv"], &FLAGS[..]].concat()).refused(code)
    };
    let text = refused(&SET.replace("default = [\"small\"]\n", ""), "missing");
    assert!(text.contains("`default`"), "{text}");
    let text = refused(&SET.replace("[\"strict\", \"small\"]", "[\"strikt\"]"), "unknown_id");
    assert!(text.contains("did you mean `strict`?"), "{text}");
    let text = refused(&SET.replace("from = 1000", "form = 1000"), "unknown_field");
    assert!(text.contains("did you mean `from`?") && text.contains("line "), "{text}");
    assert!(refused(&SET.replace("strict.toml", "gone.toml"), "io").contains("gone.toml"));
    for outside in ["../small.toml", "/etc/small.toml", ".hidden.toml", "a/b.toml", "C:small.toml"] {
        let text = refused(&SET.replace("strict.toml", outside), "invalid_input");
        assert!(text.contains("without a folder"), "{text}");
    }
    let text = refused(&SET.replace("value-model-set/1", "value-model-set/9"), "schema_version");
    assert!(text.contains("value-model-set/1"), "{text}");
    let text = refused(&SET.replace("attribute = \"segment\"", "attribute = \"segmant\""), "unknown_id");
    assert!(text.contains("did you mean `segment`?"), "{text}");
}

#[test]
fn a_text_where_a_number_is_compared_refuses_the_account_and_no_other() {
    let desk = desk(SET);
    desk.write("a.csv", ACCOUNTS.replace("1000", "lots"));
    let run = desk.run(&[&["score", "a.csv", "--rejects", "r.csv"], &FLAGS[..]].concat());
    assert_eq!(column(&run.ok(), "account"), ["acme", "acme", "cedar"]);
    assert!(desk.read("r.csv").contains("3,blue,attributes.arr,invalid_input"), "{}", desk.read("r.csv"));
}

#[test]
fn an_attribute_that_nobody_has_is_named() {
    let desk = desk(SET);
    desk.write("a.ndjson", "{\"account\":\"acme\",\"answers\":{\"csat\":8,\"plan\":\"pro\"}}\n");
    let run = desk.run(&[&["score", "a.ndjson"], &FLAGS[..]].concat());
    for name in ["arr", "segment"] {
        assert!(run.stderr.contains(&format!("no account has the attribute `{name}`")), "{}", run.stderr);
    }
    assert_eq!(column(&run.ok(), "case"), ["default"]);
}

#[test]
fn the_example_data_is_scored_by_segment() {
    let desk = Desk::new();
    let answers = demo().join("made_up").join("answers.csv");
    desk.write("set.toml", "schema = \"value-model-set/1\"\nid = \"s\"\nversion = \"1\"\ndefault = [\"all\"]\nmodels.all = \"value-realization\"\n[parents]\nattribute = \"csm\"\n");
    let csv = desk.run(&[&["score", answers.to_str().unwrap(), "-q"], &FLAGS[..]].concat()).ok();
    let found = column(&csv, "account");
    assert_eq!(found[found.len() - 2..], ["ana", "ben"]);
}

/// A report of these accounts as Markdown.
fn report(desk: &Desk, flags: &[&str]) -> String {
    desk.run(&[&["report", "a.csv", "-q"], flags, &FLAGS[..]].concat()).ok()
}

#[test]
fn a_report_judges_every_account_by_its_headline() {
    let desk = desk(SET);
    let text = report(&desk, &["--by", "segment", "--revenue", "arr"]);
    for part in [
        "# ours\n",
        "model ours 1\n",
        "- An account counts by the headline of its case: “default” for 2 and “large” for 1.\n",
        // 70 under `strict`, 20 and 55 under `small`, as `portfolio` has it.
        "The mean score is 48.3 of 100",
        "### acme: 70.0, Watch\n\nSegment enterprise · Revenue 3,000 · Case large · Model strict · Under small 90.0 (healthy)\n",
        "### blue: 20.0, At risk\n\nSegment small · Revenue 1,000 · Case default · Model small\n",
        "| enterprise | 1 | 70.0 |",
        "| plan | 100% | 0 |",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let page = ["-o", "page.html", "--title", "Ours & theirs"];
    report(&desk, &page);
    let html = desk.read("page.html");
    assert!(html.contains("<span>Case <bdi>large</bdi></span>"), "{html}");
    assert!(html.contains("the measures of the account's model"), "{html}");
}

#[test]
fn a_report_compares_headlines_and_tests_them() {
    let desk = desk(SET);
    // Last month blue was large: its score fell because another model judges it now.
    desk.write("old.csv", ACCOUNTS.replace("small,1000", "enterprise,1000"));
    let text = report(&desk, &["--before", "old.csv", "--as-of-before", "2026-10-01"]);
    let row = text.lines().find(|line| line.starts_with("| blue |")).unwrap();
    assert_eq!(
        row, "| blue | At risk | 10.0 → 20.0 | +10.0 | 0.0 | 0.0 | +10.0 | 0.0 |",
        "by the model alone"
    );
    let (mut many, mut renewed) = (String::new(), String::new());
    for n in 0..40 {
        let segment = if n % 2 == 0 { "enterprise" } else { "small" };
        let _ = writeln!(many, "x{n},{segment},3000,,{},pro", n % 10);
        let _ = writeln!(renewed, "x{n},2026-12-01,{}", if n % 10 > 4 { "yes" } else { "no" });
    }
    desk.write("a.csv", format!("account,segment,arr,group,csat,plan\n{many}"));
    desk.write("outcomes.csv", format!("account,on,renewed\n{renewed}"));
    let flags =
        ["--outcomes", "outcomes.csv", "--outcome", "renewed", "--kept", "yes", "--default-on", "2026-01-01"];
    // Under `small` alone `csat` tells all of them apart; the headlines of two models do not.
    let text = report(&desk, &flags);
    assert!(text.contains("(AUC 0.980"), "{text}");
    let small = ["report", "a.csv", "-q", "--model", "small.toml", "--as-of", "2026-11-01"];
    assert!(desk.run(&[&small[..], &flags].concat()).ok().contains("(AUC 1.000"));
    let row = text.lines().find(|line| line.starts_with("| 180 days |")).unwrap();
    assert!(row.starts_with("| 180 days | 0.980 |"), "{row}");
}

#[test]
fn a_report_leaves_parents_to_their_children() {
    let rolled =
        "[[cases]]\nid = \"group\"\nroll_up = true\nwhen = [{ attribute = \"segment\", is = [\"group\"] }]\n";
    let desk = desk(&format!("{SET}{rolled}{PARENTS}"));
    desk.write("a.csv", format!("{ACCOUNTS}g,group,,,,\n"));
    let text = report(&desk, &[]);
    assert!(text.contains("- 1 account is the roll-up of others, which are counted instead.\n"), "{text}");
    assert!(text.contains("Every account has a panel") && !text.contains("### g"), "{text}");
}

#[test]
fn a_report_needs_the_same_bands_in_all_models() {
    let desk = desk(SET);
    let bands = "\n[bands]\ncuts = [30]\nnames = [\"low\", \"fine\"]\n";
    desk.write("strict.toml", format!("{}{bands}", SMALL.replace("\"small\"", "\"strict\"")));
    let text = desk.run(&[&["report", "a.csv", "-q"], &FLAGS[..]].concat()).refused("conflict");
    assert!(
        text.contains("different bands") && text.contains("report on the accounts of each model alone"),
        "{text}"
    );
    let old = ["--before", "a.csv", "--as-of-before", "2026-10-01", "--model-before", "set.toml"];
    let line =
        [&["report", "a.csv", "-q", "--model", "small.toml", "--as-of", "2026-11-01"], &old[..]].concat();
    assert!(desk.run(&line).refused("conflict").contains("--model-before"));
}
