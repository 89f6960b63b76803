//! Sets of models, given wherever a model is.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

mod common;

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
