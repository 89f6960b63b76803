//! Back-tests, calibrations and suggested weights, run as a person would.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod common;

use common::{Desk, SMALL, demo};

const OUTCOME: [&str; 4] = ["--outcome", "churned", "--lost", "1"];

fn saas(desk: &Desk, command: &str, more: &[&str]) -> common::Run {
    let (table, model) = (demo().join("saas_churn.csv"), demo().join("saas.toml"));
    let (table, model) = (table.to_str().unwrap(), model.to_str().unwrap());
    let asked = [command, table, "--model", model, "--account-column", "id", "--as-of", "2026-11-01"];
    desk.run(&[&asked[..], &OUTCOME, more].concat())
}

#[test]
fn a_back_test_of_the_simulated_table_has_the_numbers_of_other_libraries() {
    let desk = Desk::new();
    let text = saas(&desk, "backtest", &[]).ok();
    for part in [
        "the score leads",
        "AUC 0.811",
        "0.792 to 0.829",
        "1068 kept, 932 lost",
        "average precision 0.840",
        "24%",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let found: serde_json::Value =
        serde_json::from_str(&saas(&desk, "backtest", &["--format", "json"]).ok()).unwrap();
    // What scikit-learn 1.9 gives for these scores.
    for (path, expected) in
        [("/auc/auc", 0.810_568_066_740_608_7), ("/average_precision", 0.840_437_618_962_080_8)]
    {
        assert!((found.pointer(path).unwrap().as_f64().unwrap() - expected).abs() < 1e-9, "{path}");
    }
    assert_eq!(found["bands"][0]["accounts"], 84);
}

#[test]
fn suggested_weights_are_a_model_of_a_new_version_and_the_old_one_stays() {
    let desk = Desk::new();
    let before = std::fs::read_to_string(demo().join("saas.toml")).unwrap();
    let text = saas(&desk, "suggest-weights", &["-o", "advice.toml"]).ok();
    for part in
        ["AUC 0.90", "0.830 with equal weights", "csat", "36%", "This is advice; nothing was changed."]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(std::fs::read_to_string(demo().join("saas.toml")).unwrap(), before);
    assert!(desk.read("advice.toml").contains("version = \"2\""));
    desk.run(&["lint", "advice.toml"]).ok();
    let table = demo().join("saas_churn.csv");
    let asked = ["backtest", table.to_str().unwrap(), "--model", "advice.toml", "--account-column", "id"];
    let text = desk.run(&[&asked[..], &["--as-of", "2026-11-01"], &OUTCOME].concat()).ok();
    assert!(text.contains("AUC 0.908"), "{text}");
}

#[test]
fn a_calibration_is_saved_beside_the_model_and_judged() {
    let desk = Desk::new();
    let text = saas(&desk, "calibrate", &["-o", "c.json"]).ok();
    assert!(text.contains("renewal likelihood = 1 / (1 + exp(-(0.138"), "{text}");
    assert!(text.contains("on accounts not learnt from: Brier score 0.185"), "{text}");
    let saved: serde_json::Value = serde_json::from_str(&desk.read("c.json")).unwrap();
    assert_eq!(
        (&saved["schema"], &saved["model"]),
        (&"value-model-calibration/1".into(), &"saas-usage 1".into())
    );
    assert!(saas(&desk, "calibrate", &["--method", "isotonic"]).ok().contains("a curve of "));
}

#[test]
fn a_score_that_points_the_wrong_way_is_called_out() {
    let desk = Desk::new();
    let row = |row: u32| {
        let kept = row.is_multiple_of(9) || row < 15;
        format!("a{row},{},{}", 2 * row, if kept { "yes" } else { "no" })
    };
    let rows = (0..40).map(row).collect::<Vec<_>>().join("\n");
    desk.write("s.csv", format!("account,score,renewed\n{rows}\n"));
    let asked = ["backtest", "s.csv", "--score", "score", "--outcome", "renewed", "--kept", "yes"];
    assert!(desk.run(&asked).ok().contains("the score points the wrong way"));
    let asked = ["calibrate", "s.csv", "--score", "score", "--outcome", "renewed", "--kept", "yes"];
    assert!(desk.run(&asked).ok().contains("WRONG WAY"));
}

const SCORES: &str = "account,as_of,score\na,2026-10-31,80\na,2026-09-30,60\nb,2026-09-30,60\nb,2026-10-20,30\n\
                      c,2026-10-20,50\nd,2026-08-01,55\nd,2026-10-20,95\n";
const OUTCOMES: &str = "account,on,renewed\na,2026-11-01,yes\nb,2026-11-01,no\nc,2026-11-01,no\nd,2026-11-01,yes\nx,2026-11-01,yes\n";
const CURVE: [&str; 9] =
    ["backtest", "s.csv", "--score", "score", "--outcomes", "o.csv", "--outcome", "renewed", "--kept=yes"];

#[test]
fn a_lead_curve_reads_scores_of_many_days_and_refuses_those_after_the_outcome() {
    let desk = Desk::new();
    desk.write("s.csv", SCORES).write("o.csv", OUTCOMES);
    let plain = desk.run(&[&CURVE[..], &["--format", "json"]].concat()).ok();
    let found: serde_json::Value = serde_json::from_str(&plain).unwrap();
    assert_eq!((&found["points"][0]["auc"]["auc"], &found["unknown"][0]), (&1.0.into(), &"x".into()));
    desk.write("s.csv", format!("{SCORES}b,2026-12-01,99\n"));
    let message = desk.run(&CURVE).refused("after_as_of");
    assert!(message.contains("b on 2026-12-01") && message.contains("--ignore-later"), "{message}");
    let ignored = desk.run(&[&CURVE[..], &["--ignore-later", "--format", "json"]].concat()).ok();
    assert_eq!(ignored.replace("\"later_scores\": 1", "\"later_scores\": 0"), plain);
}

#[test]
fn duplicate_rows_of_a_curve_are_refused_and_their_order_is_not_asked_for() {
    let desk = Desk::new();
    desk.write("s.csv", format!("{SCORES}a,2026-10-31,81\n")).write("o.csv", OUTCOMES);
    assert!(desk.run(&CURVE).refused("duplicate").contains("a 2026-10-31"));
    let turned: Vec<&str> = SCORES.lines().skip(1).collect::<Vec<_>>().into_iter().rev().collect();
    desk.write("s.csv", SCORES);
    let plain = desk.run(&CURVE).ok();
    desk.write("s.csv", format!("account,as_of,score\n{}\n", turned.join("\n")));
    assert_eq!(desk.run(&CURVE).ok(), plain);
}

#[test]
fn a_lead_curve_of_answers_looks_at_nothing_that_came_later() {
    let desk = Desk::new();
    let rows = |late: &str| {
        let row = |(account, then, now, kept): &(&str, u32, u32, &str)| {
            format!(
                "{account},csat,{then},2026-06-01,{kept}\n{account},plan,pro,2026-06-01,{kept}\n{account},csat,{now},2026-10-15,{kept}\n"
            )
        };
        let rows = [("a", 5, 9, "yes"), ("b", 6, 1, "no"), ("c", 7, 8, "yes"), ("d", 4, 2, "no")];
        format!("account,measure,value,on,renewed\n{}{late}", rows.iter().map(row).collect::<String>())
    };
    desk.write("small.toml", SMALL).write("long.csv", rows(""));
    let asked =
        ["backtest", "long.csv", "--model", "small.toml", "--as-of", "2026-11-01", "--outcome", "renewed"];
    let asked = [&asked[..], &["--kept", "yes", "--leads", "0,60", "--format", "json"]].concat();
    let found: serde_json::Value = serde_json::from_str(&desk.run(&asked).ok()).unwrap();
    // Sixty days before, only the answers of June were known.
    assert_eq!(
        (&found["points"][0]["auc"]["auc"], &found["points"][1]["auc"]["auc"]),
        (&1.0.into(), &0.75.into())
    );
    desk.write("long.csv", rows("a,csat,9,2026-11-02,yes\n"));
    assert!(desk.run(&asked).refused("after_as_of").contains("knows the future"));
    desk.write("long.csv", rows("a,csat,9,,yes\n"));
    assert!(desk.run(&asked).stderr.contains("answers.csat"));
}

#[test]
fn outcomes_must_say_what_they_mean() {
    let desk = Desk::new();
    desk.write("s.csv", "account,score,end\na,10,yes\nb,20,no\nc,30,maybe\n");
    let base = ["backtest", "s.csv", "--score", "score", "--outcome", "end"];
    assert!(desk.run(&base).refused("usage").contains("which values of `end` mean kept"));
    assert!(
        desk.run(&[&base[..], &["--kept", "yes"]].concat())
            .refused("outside_scale")
            .contains("`maybe` and `no`")
    );
    let both = desk.run(&[&base[..], &["--kept", "yes", "--lost", "no,maybe"]].concat()).ok();
    assert!(both.contains("1 kept, 2 lost"), "{both}");
    desk.write("s.csv", "account,score,end\na,10,yes\na,20,no\n");
    assert!(desk.run(&[&base[..], &["--kept", "yes"]].concat()).refused("duplicate").contains("`a`"));
    desk.write("s.csv", "account,score,end\na,10,yes\nb,20,yes\n");
    assert!(desk.run(&[&base[..], &["--kept", "yes"]].concat()).ok().contains("no account was lost"));
}
