//! Every command shown in the documentation is run, and prints what is shown.
//!
//! `TRYCMD=overwrite cargo test -p value-model-cli --test readme` writes what is printed now.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod common;

use std::fs;
use std::path::Path;

use common::Desk;

/// Pages with the least number of commands they must show.
const PAGES: [(&str, usize); 5] = [
    ("README.md", 3),
    ("docs/command-line.md", 12),
    ("docs/does_your_score_lead.md", 3),
    ("docs/model-sets.md", 1),
    ("docs/history.md", 12),
];

#[test]
fn commands_in_the_documentation_print_what_is_shown() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (page, least) in PAGES {
        let text = fs::read_to_string(root.join(page)).unwrap();
        let commands = text.lines().filter(|line| line.starts_with("$ value-model ")).count();
        assert!(commands >= least, "{page} shows {commands} commands, at least {least} are expected");
        if commands == 0 {
            continue;
        }
        let desk = Desk::new();
        let copy = desk.path("page.md");
        fs::write(&copy, &text).unwrap();
        // The folder in which trycmd runs the commands of a page.
        fs::create_dir(desk.path("page.in")).unwrap();
        fill(&desk);
        // A page may bring a table of its own.
        if let Some((_, rest)) = text.split_once("```csv\n") {
            desk.write("page.in/acme.csv", rest.split_once("```").unwrap().0);
        }
        // The page about sets shows one.
        if let Some((_, rest)) = text.split_once("```toml\nschema = \"value-model-set/1\"") {
            let set = rest.split_once("```").unwrap().0;
            desk.write("page.in/set.toml", format!("schema = \"value-model-set/1\"{set}"));
        }
        let cases = trycmd::TestCases::new();
        cases.register_bin("value-model", Path::new(env!("CARGO_BIN_EXE_value-model"))).case(&copy);
        cases.run();
        if std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite") {
            fs::copy(&copy, root.join(page)).unwrap();
        }
    }
}

/// The files that the pages speak of: those of the demo, and three small ones.
fn fill(desk: &Desk) {
    desk.run(&["demo", "--dir", "page.in/value-model-demo"]).ok();
    let closer = desk.run(&["init", "value-realization"]).ok();
    desk.write("page.in/closer.toml", closer.replacen("\"value-realization\"", "\"closer\"", 1));
    desk.write("page.in/accounts.csv", accounts());
    // Another version: it asks twice as much of full usage, and its bands are cut elsewhere.
    let next = desk.run(&["init", "value-realization"]).ok();
    let next = next.replacen("version = \"1\"", "version = \"2\"", 1);
    let next = next.replacen("id = \"full_usage\"", "id = \"full_usage\"\nweight = 4", 1);
    desk.write("page.in/next.toml", next);
    for (name, rows) in [("september", SEPTEMBER), ("october", OCTOBER), ("broken", BROKEN)] {
        desk.write(&format!("page.in/{name}.csv"), format!("{HEADER}\n{rows}"));
    }
}

/// The accounts of October with attributes; two of them belong to one group.
fn accounts() -> String {
    let attributes = ["small,18000,", "enterprise,210000,northwind", "small,12000,northwind"];
    let rows = OCTOBER.lines().zip(attributes).map(|(row, attributes)| format!("{row},{attributes}\n"));
    format!("{HEADER},segment,arr,group\n{}", rows.collect::<String>())
}

const HEADER: &str = "account,executive_confirmation,full_usage,goals_documented,metrics_documented,\
                      metrics_progressing,reviewed_internally,experience,financial,change_management,emotional,\
                      learning,opportunity";
const SEPTEMBER: &str = "\
aurora_bakery,2026-08-20,0.8,yes,1,0.5,2026-09-01,0.2,0.3,0.2,0.1,0.3,0.2
delta_freight,2026-08-01,0.3,no,0.2,0.1,2026-07-20,0.6,0.7,0.5,0.8,0.6,0.5
ember_studio,2026-09-10,0.7,yes,0.5,0.5,2026-09-10,0.3,0.4,0.9,0.2,0.3,0.2
";
const OCTOBER: &str = "\
aurora_bakery,2026-08-20,0.8,yes,1,0.5,2026-09-01,0.2,0.3,0.2,0.1,0.3,0.2
delta_freight,2026-10-12,0.6,yes,0.5,0.3,2026-10-20,0.5,0.7,0.4,0.6,0.6,0.5
ember_studio,2026-09-10,0.7,yes,0.5,0.5,2026-09-10,0.3,0.4,,0.2,0.3,0.2
";
const BROKEN: &str = "\
acme,2026-10-01,\"0,8\",yes,1,0.5,2026-10-01,0.2,0.3,0.2,0.1,0.3,0.2
blue,2026-10-01,1.8,yes,1,0.5,2026-10-01,0.2,0.3,0.2,0.1,0.3,0.2
cedar,2026-11-30,0.8,yes,1,0.5,2026-10-01,0.2,0.3,0.2,0.1,0.3,0.2
zoo,2026-10-01,0.8
";
