//! Every other command, run as a person would.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a test may panic, and counts are small"
)]

mod common;

use common::{Desk, SMALL, column, demo};

fn made_up(name: &str) -> String {
    demo().join("made_up").join(name).to_str().unwrap().to_owned()
}

const REALIZATION: [&str; 4] = ["--model", "value-realization", "--as-of", "2026-11-01"];

#[test]
fn explain_says_what_a_csm_needs_to_know() {
    let desk = Desk::new();
    let run = |account: &str| {
        desk.run(&[&["explain", &made_up("answers.csv"), "--account", account], &REALIZATION[..]].concat())
    };
    let text = run("blue_fjord").ok();
    for part in [
        "blue_fjord: 72.7 of 100, watch",
        "92% of it is answered",
        "between 67.5 and 75.9",
        "Full usage",
        "####",
        "Emotional: nobody answered",
        "Next best value\n  1. ",
        "Experience: executive 65%, user 42%",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(run("juniper_retail").ok().contains("no score, because"));
    assert!(run("blue_fiord").refused("unknown_id").contains("did you mean `blue_fjord`?"));
}

#[test]
fn explain_names_rules_overrides_and_why_answers_are_missing() {
    let desk = Desk::new();
    let rule = "[[rules]]\nid = \"calm\"\ntitle = \"No more than half without a plan\"\n\
                when.below = { measure = \"plan\", unit = 0.2 }\nthen.cap = 0.5\n";
    desk.write(
        "m.toml",
        format!("recency.window.days = 90\nevidence = \"customer_backed\"\n{SMALL}\n{rule}"),
    );
    desk.write(
        "r.json",
        r#"[{"account": "acme", "default_source": "measured", "answers": {"csat": 9, "plan": "basic"},
            "override": {"score": 20, "reason": "they told us so", "author": "ana", "made_on": "2026-10-20"}},
           {"account": "old", "answers": {"csat": {"value": 9, "on": "2026-01-01", "source": "measured"}, "plan": "pro"}}]"#,
    );
    let run = |account: &str| {
        desk.run(&["explain", "r.json", "-a", account, "--model", "m.toml", "--as-of", "2026-11-01"]).ok()
    };
    let text = run("acme");
    assert!(text.contains("ana set the score to 20.0") && text.contains("they told us so"), "{text}");
    let text = run("old");
    assert!(text.contains("csat: the answer is too old"), "{text}");
    assert!(text.contains("plan: only the vendor says so"), "{text}");
    desk.write(
        "one.json",
        r#"{"account": "acme", "default_source": "measured", "answers": {"csat": 10, "plan": "basic"}}"#,
    );
    let text =
        desk.run(&["explain", "one.json", "-a", "acme", "--model", "m.toml", "--as-of", "2026-11-01"]).ok();
    assert!(text.contains("no date"), "{text}");
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let desk = Desk::new();
    desk.write("small.toml", SMALL.replace("title = \"Small\"", "title = \"Small\\u001b[31m\""));
    desk.write("a.csv", "account,csat,plan,note\nacme,8,plus,\x1b[2J\n\x1b[2Jbad,8,plus,\n");
    for form in
        [&["score", "a.csv", "--format", "table", "--keep", "note"][..], &["explain", "a.csv", "-a", "acme"]]
    {
        let run = desk.run(&[form, &["--model", "small.toml", "--as-of", "2026-11-01"]].concat());
        assert!(!run.stderr.contains('\x1b'), "{:?}", run.stderr);
        let text = run.ok();
        assert!(text.contains("acme") && !text.contains('\x1b'), "{text:?}");
    }
    for form in [&["score", "a.csv", "--strict"][..], &["score", "a.csv", "--strict", "--format", "json"]] {
        let run = desk.run(&[form, &["--model", "small.toml", "--as-of", "2026-11-01"]].concat());
        assert_eq!(run.code, Some(1));
        assert!(run.stderr.contains("[invalid_text]") && !run.stderr.contains('\x1b'), "{:?}", run.stderr);
    }
}

#[test]
fn portfolio_sums_by_any_column_and_in_total() {
    let desk = Desk::new();
    desk.write("small.toml", SMALL).write(
        "a.csv",
        "account,csat,plan,csm,arr\na,8,pro,x,120000\nb,4,basic,x,30000.50\nc,6,plus,y,50000\nd,,,,1\ne,5,pro,y,much\n",
    );
    let run = desk.run(&[
        "portfolio",
        "a.csv",
        "--model",
        "small.toml",
        "--as-of",
        "2026-11-01",
        "--by",
        "csm",
        "--revenue",
        "arr",
        "--rejects",
        "r.csv",
    ]);
    let out = run.ok();
    assert_eq!(column(&out, "csm"), ["(none)", "x", "y", "(all)"]);
    assert_eq!(column(&out, "accounts"), ["1", "2", "1", "4"]);
    assert_eq!(column(&out, "revenue"), ["1.0", "150000.5", "50000.0", "200001.5"]);
    assert_eq!(column(&out, "min"), ["", "20.0", "55.0", "20.0"]);
    assert!(desk.read("r.csv").contains("6,e,arr,invalid_input"), "{}", desk.read("r.csv"));
}

#[test]
fn delta_tells_behaviour_from_coverage() {
    let desk = Desk::new();
    desk.write("small.toml", SMALL)
        .write("b.csv", "account,csat,plan\na,8,pro\nb,2,pro\nc,5,pro\ngone,1,pro\n")
        .write("a.csv", "account,csat,plan\na,6,pro\nb,,pro\nc,5,pro\nnew,1,pro\n");
    let flags = ["--model", "small.toml", "--as-of-before", "2026-10-01", "--as-of", "2026-11-01"];
    let run = desk.run(&[&["delta", "b.csv", "a.csv"], &flags[..]].concat());
    assert!(run.stderr.contains("1 accounts only in the older file, 1 only in the newer"), "{}", run.stderr);
    let out = run.ok();
    assert_eq!(column(&out, "account"), ["a", "b", "c"]);
    assert_eq!(column(&out, "change")[1], "40.0");
    assert_eq!(column(&out, "coverage")[1], "40.0");
    assert!(out.contains("only because a bad answer went missing"), "{out}");
    let moved = desk.run(&[&["delta", "b.csv", "a.csv", "--bands"], &flags[..]].concat()).ok();
    assert_eq!(column(&moved, "account"), ["b"]);
    desk.write("twice.csv", "account,csat,plan\na,8,pro\na,8,pro\n");
    desk.run(&[&["delta", "twice.csv", "a.csv"], &flags[..]].concat()).refused("duplicate");
}

#[test]
fn robustness_says_whether_a_band_can_change() {
    let desk = Desk::new();
    desk.write("small.toml", SMALL).write("a.csv", "account,csat,plan\na,5,plus\nb,10,pro\nc,9,plus\n");
    let flags = ["robustness", "a.csv", "--model", "small.toml", "--as-of", "2026-11-01"];
    let out = desk.run(&flags).ok();
    assert_eq!(column(&out, "band_can_change"), ["false", "false", "false"]);
    assert_eq!(column(&out, "low")[0], "50.0");
    let wide = desk.run(&[&flags[..], &["--relative", "0.5"]].concat()).ok();
    assert_eq!(column(&wide, "band_can_change"), ["false", "false", "true"]);
    desk.run(&[&flags[..], &["--relative", "1.5"]].concat()).refused("out_of_range");
}

#[test]
fn value_goes_from_lines_to_customers_and_portfolio() {
    let desk = Desk::new();
    desk.write(
        "lines.csv",
        "customer,csm,arr,id,kind,amount,currency,period,source,method,rate,points\n\
         acme,x,120000,hours,tangible_benefit,120000,EUR,year,measured,,,\n\
         acme,x,120000,trust,perceived_benefit,,EUR,year,customer_provided,per_point,1000,30\n\
         acme,x,120000,fee,tangible_cost,60000,EUR,year,measured,,,\n\
         acme,x,120000,change,perceived_cost,15000,EUR,year,customer_provided,stated,,\n\
         acme,x,120000,diy,alternative_benefit,40000,EUR,year,measured,,,\n\
         mixed,x,,a,tangible_benefit,1,EUR,year,measured,,,\n\
         mixed,x,,b,tangible_benefit,1,USD,year,measured,,,\n\
         slow,x,,a,tangible_benefit,1,EUR,year,measured,,,\n\
         slow,x,,b,tangible_benefit,1,EUR,month,measured,,,\n\
         odd,x,,a,tangible_benefit,1e400,EUR,year,measured,,,\n\
         slip,x,,a,tangible_benefits,1,EUR,year,measured,,,\n",
    );
    let run = desk.run(&["value", "lines.csv", "-o", "c.csv", "--portfolio", "p.csv", "--rejects", "r.csv"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let customers = desk.read("c.csv");
    assert_eq!(
        (column(&customers, "gross"), column(&customers, "net")),
        (vec!["75000.0".into()], vec!["35000.0".into()])
    );
    let portfolio = desk.read("p.csv");
    assert_eq!(column(&portfolio, "by"), ["csm", "segment", "all"]);
    assert_eq!(column(&portfolio, "sum"), ["35000.0", "35000.0", "35000.0"]);
    let codes = column(&desk.read("r.csv"), "code");
    assert_eq!(codes, ["currency", "period", "not_finite", "unknown_id"]);
    let flags = ["--rate", "USD=0.5", "--currency", "EUR", "--annualise"];
    let out = desk.run(&[&["value", "lines.csv", "--quiet"], &flags[..]].concat()).ok();
    assert_eq!(column(&out, "customer"), ["acme", "mixed", "slow"]);
    assert_eq!(column(&out, "tangible_benefits"), ["120000.0", "1.5", "13.0"]);
}

#[test]
fn staffing_reads_toml_and_json() {
    let desk = Desk::new();
    let text = desk.run(&["staffing", &made_up("team.toml")]).ok();
    assert!(text.starts_with("2 people\n"), "{text}");
    let input = r#"{"paid_hours": 1800, "admin_share": 0.35, "accounts": [{"id": "a", "accounts": 40, "hours": 67.5}],
        "events": [{"id": "b", "events": 150, "hours": 24}, {"id": "c", "events": 800, "hours": 3}]}"#;
    let out = desk.pipe(&["staffing", "-", "--format", "json"], input).ok();
    let team: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((team["hours"].as_f64(), team["heads"].as_u64()), (Some(8700.0), Some(9)));
    desk.write("t.toml", "paid_hours = 1800\nadmin_shares = 0.1\n");
    assert!(
        desk.run(&["staffing", "t.toml"]).refused("unknown_field").contains("did you mean `admin_share`?")
    );
}

#[test]
fn call_gives_json_and_refuses_in_json() {
    let desk = Desk::new();
    let out = desk.pipe(&["call", "nps"], r#"{"promoters": 55, "passives": 30, "detractors": 15}"#).ok();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap()["nps"], 40.0);
    let run = desk.pipe(&["call", "nps"], r#"{"promoters": 55, "passives": 30}"#);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    let refusal: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!((&refusal["code"], &refusal["field"]), (&"missing".into(), &"detractors".into()));
    let run = desk.run(&["call", "npss"]);
    assert!(run.stderr.contains("did you mean `nps`?"), "{}", run.stderr);
}

#[test]
fn every_formula_can_be_described_and_has_a_schema() {
    let desk = Desk::new();
    for formula in value_model::catalog::ALL {
        assert!(desk.run(&["describe", formula.id]).ok().contains(formula.expression), "{}", formula.id);
        let schema = desk.run(&["schema", formula.id]).ok();
        assert!(serde_json::from_str::<serde_json::Value>(&schema).unwrap().is_object());
    }
    assert!(desk.run(&["describe", "goals_documented"]).ok().contains("scale: yes_no"));
    assert!(desk.run(&["describe", "goals_documentd"]).refused("unknown_id").contains("`goals_documented`"));
    for of in ["scorecard", "record"] {
        assert!(desk.run(&["schema", of]).ok().contains("\"properties\""));
    }
}

#[test]
fn init_lint_and_score_follow_each_other() {
    let desk = Desk::new();
    for preset in value_model::presets::all() {
        desk.run(&["init", preset.id, "-o", "mine.toml", "--force"]).ok();
        desk.run(&["lint", "mine.toml"]).ok();
        assert!(desk.run(&["describe", "mine.toml"]).ok().contains(preset.title));
    }
    assert!(desk.run(&["init", "value-realization", "-o", "mine.toml"]).refused("usage").contains("--force"));
    desk.run(&["init", "value-realisation"]).refused("unknown_id");
    desk.write("odd.toml", SMALL.replace("id = \"csat\"", "id = \"csat\"\nweight = 0"));
    let run = desk.run(&["lint", "odd.toml", "--strict"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("[zero_weight]"), "{}", run.stdout);
    assert_eq!(column(&desk.run(&["presets"]).ok(), "id").len(), 5);
}

#[test]
fn the_demo_runs_anywhere_and_writes_what_it_shows() {
    let desk = Desk::new();
    let out = desk.run(&["demo"]).ok();
    assert!(out.contains("Eight made-up accounts") && out.contains("Next best value"), "{out}");
    let results = desk.read("value-model-demo/results.ndjson");
    assert_eq!(results.lines().count(), 8);
    for line in results.lines() {
        let account: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(out.contains(account["account"].as_str().unwrap()));
        for model in
            ["value_realization", "perceived_value", "value_generated", "customers_metric", "customer_value"]
        {
            assert!(account[model].is_object(), "{model}");
        }
    }
    assert_eq!(desk.read("value-model-demo/saas_scores.csv").lines().count(), 2001);
    for line in out.lines().filter_map(|line| line.strip_prefix("  value-model ")) {
        desk.run(&line.split(' ').collect::<Vec<_>>()).ok();
    }
    assert_eq!(desk.run(&["demo", "--dir", "mine.toml/x"]).code, Some(2));
}

#[test]
fn every_command_has_help_with_an_example() {
    let desk = Desk::new();
    let help = desk.run(&["--help"]).ok();
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|word| !word.is_empty()))
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() >= 15, "{commands:?}");
    for command in commands {
        let text = desk.run(&[command, "--help"]).ok();
        assert!(text.contains("Example:"), "{command}");
        assert!(text.contains(&format!("value-model {command}")), "{command}");
    }
}

#[test]
fn completions_exist_for_common_shells() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(desk.run(&["completions", shell]).ok().contains("portfolio"), "{shell}");
    }
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let desk = Desk::new();
    for line in [
        &["scroe"][..],
        &["score"],
        &["score", "a.csv"],
        &["score", "a.csv", "-m", "x", "--as-of", "1.2.2026"],
        &[],
    ] {
        assert_eq!(desk.run(line).code, Some(2), "{line:?}");
    }
    assert!(desk.run(&["--version"]).ok().starts_with("value-model "));
}
