//! The report, written by the built command: what it says, and that text stays text.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use common::{Desk, SMALL, demo};

const REALIZATION: [&str; 4] = ["--model", "value-realization", "--as-of", "2026-11-01"];
const SMALL_AT: [&str; 4] = ["--model", "small.toml", "--as-of", "2026-11-01"];

fn made_up(name: &str) -> String {
    demo().join("made_up").join(name).to_str().unwrap().to_owned()
}

/// Writes a report of `accounts.csv` under the small model and gives it back.
fn report(desk: &Desk, flags: &[&str], output: &str) -> String {
    let line = [&["report", "accounts.csv", "-o", output], &SMALL_AT[..], flags].concat();
    desk.run(&line).ok();
    desk.read(output)
}

fn desk(accounts: &str) -> Desk {
    let desk = Desk::new();
    desk.write("small.toml", SMALL).write("accounts.csv", accounts);
    desk
}

/// Every value of this attribute in the page.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let pattern = format!(" {name}=\"");
    html.split(&pattern).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// What the page may and may not hold, whatever its input.
fn harmless(html: &str) {
    let lower = html.to_ascii_lowercase();
    for word in [
        "<script",
        "javascript:",
        " style=",
        "<iframe",
        "<img",
        "<form",
        "<a href=\"http",
        "http:",
        "https:",
        "@import",
    ] {
        assert!(!lower.contains(word), "{word} in the page");
    }
    // Outside of the values of attributes, which are in double quotes, no tag has a handler.
    let bare = |tag: &str| tag.split('>').next().unwrap().split('"').step_by(2).collect::<String>();
    let handler = lower.split('<').map(bare).find(|tag| tag.contains(" on"));
    assert!(handler.is_none(), "{handler:?}");
    let style = lower.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    assert_eq!(style.matches("url(").count(), style.matches("url(#look").count(), "an address in the style");
    assert_eq!(lower.matches("<style").count(), 1);
    let ids = attributes(html, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "ids are unique");
    for target in attributes(html, "href").into_iter().filter(|target| *target != "data:,") {
        let id = target.strip_prefix('#').unwrap_or_else(|| panic!("{target} leads out of the page"));
        assert!(unique.contains(id), "{target} leads nowhere");
    }
}

#[test]
fn the_markdown_of_the_example_is_what_it_was() {
    let desk = Desk::new();
    let (answers, team) = (made_up("answers.csv"), made_up("team.toml"));
    let line = [
        "report",
        &answers,
        "--by",
        "csm,segment",
        "--revenue",
        "arr",
        "--staffing",
        &team,
        "--accounts",
        "3",
    ];
    let text = desk.run(&[&line[..], &REALIZATION].concat()).ok();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/report.md");
    if std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite") {
        std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
        std::fs::write(&golden, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(golden).unwrap());
}

#[test]
fn the_page_says_what_the_other_commands_say() {
    let desk = Desk::new();
    let answers = made_up("answers.csv");
    let line = ["report", &answers, "--by", "csm", "--revenue", "arr", "-o", "page.html"];
    desk.run(&[&line[..], &REALIZATION].concat()).ok();
    let html = desk.read("page.html");
    harmless(&html);
    for part in [
        "<h1>Value realization</h1>",
        "1 of 7 scored accounts is “at risk”, the lowest band, with 210,000 of 902,000 revenue (23%).",
        "The mean score is 73.6 of 100; weighted by revenue it is 72.4.",
        "Histogram of the scores of 7 accounts: 1 at risk, 2 watch and 4 healthy.",
        "Every account has a panel, the most urgent first.",
        "There is no score, because nothing can be said without &quot;Perceived costs&quot;.",
        "Experience: executive 41%, user 33%",
    ] {
        assert!(html.contains(part), "{part} is missing");
    }
    assert_eq!(html.matches("<details class=\"panel\">").count(), 8);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let desk = desk("account,csat,plan,csm\na,9,pro,x\nb,3,basic,\n");
    assert_eq!(report(&desk, &["--by", "csm"], "one.html"), report(&desk, &["--by", "csm"], "two.html"));
}

/// Names as an attacker or an export would have them.
const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "=HYPERLINK(\"\"https://evil.example\"\",\"\"x\"\")",
    "javascript:alert(1)",
    "</style><style>*{display:none}</style>",
    "]]><!--",
    "{{ 7 * 7 }}{% include 'x' %}",
    "\u{202E}txt.exe",
    "[x](javascript:alert(1))|`|",
    "www.evil.example @everyone https://evil.example",
    "url(https://evil.example/x.png)",
];

fn hostile() -> Desk {
    let mut rows = "account,csat,plan,csm,arr\n".to_owned();
    for (number, name) in HOSTILE.iter().enumerate() {
        let _ = writeln!(rows, "\"{name}\",{},basic,\"{name}\",{number}", number % 10);
    }
    let desk = desk(&rows);
    let model = SMALL.replace("title = \"Small\"", "title = \"</title><script>alert(2)</script>\"");
    let model = model.replace("id = \"csat\"", "id = \"csat\"\ntitle = \"<svg onload=alert(3)>\"");
    desk.write("small.toml", model);
    desk.write("before.csv", rows.replace(",basic,", ",pro,"));
    desk
}

const EVERYTHING: [&str; 8] =
    ["--by", "csm", "--revenue", "arr", "--before", "before.csv", "--as-of-before", "2026-10-01"];

#[test]
fn hostile_names_are_shown_as_text_in_html() {
    let desk = hostile();
    let title = ["--title", "<script>alert(4)</script>&copy;\" onload=\"x"];
    let html = report(&desk, &[&EVERYTHING[..], &title].concat(), "page.html");
    let shown = html.replace("javascript:alert", "").replace("https:&#x2f;&#x2f;evil.example", "");
    harmless(&shown);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"), "the name is there, as text");
    assert!(html.contains("<h1>&lt;script&gt;alert(4)"), "the title is there, as text");
    assert!(html.contains("&lt;svg onload=alert(3)&gt;"), "the measure is there, as text");
    assert!(html.contains("{{ 7 * 7 }}"), "a template in a name is text");
    assert!(!html.contains('\u{202E}'), "a name does not turn the direction of the page");
    assert!(html.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
}

#[test]
fn hostile_names_are_shown_as_text_in_markdown() {
    let desk = hostile();
    let text = report(&desk, &[&EVERYTHING[..], &["--accounts", "20"]].concat(), "page.md");
    assert!(text.contains("\\[x\\](javascript:alert(1))\\|\\`\\|"), "the name is there, as text: {text}");
    let text = text.replace("\\]", "");
    for word in ["<script", "<img", "<svg", "](", "https://", " www.evil", "@everyone"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    // A table keeps its columns whatever a name holds.
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    for table in text.split("\n\n").filter(|block| block.starts_with('|')) {
        let first = cells(table.lines().next().unwrap());
        assert!(table.lines().all(|line| cells(line) == first), "{table}");
    }
}

#[test]
fn what_moved_is_taken_apart() {
    let desk = desk("account,csat,plan\na,9,pro\nb,3,\nc,5,plus\nnew,5,plus\n");
    desk.write("before.csv", "account,csat,plan\na,3,pro\nb,3,pro\nc,5,plus\ngone,1,pro\n");
    let html = report(&desk, &["--before", "before.csv", "--as-of-before", "2026-10-01"], "page.html");
    harmless(&html);
    for part in [
        "Since 2026-10-01, of 3 accounts 1 rose and 1 fell.",
        "3 accounts stand in both files.",
        "1 account only in the earlier file, 1 only in the later one.",
        "only because a good answer went missing",
        "because of what the customer does or says",
        "<b>+30.0</b>",
    ] {
        assert!(html.contains(part), "{part} is missing");
    }
    let other = SMALL.replace("best = 10", "best = 20");
    desk.write("other.toml", other);
    let flags = ["--before", "accounts.csv", "--as-of-before", "2026-10-01", "--model-before", "other.toml"];
    let text = report(&desk, &flags, "page.md");
    assert!(text.contains("from the model"), "{text}");
}

#[test]
fn the_page_says_what_it_leaves_out() {
    let mut rows = "account,csat,plan\n".to_owned();
    for number in 0..300 {
        let _ = writeln!(rows, "a{number},{},pro", number % 11);
    }
    rows.push_str("bad,100x,pro\n");
    let desk = desk(&rows);
    let html = report(&desk, &[], "page.html");
    assert_eq!(html.matches("<details class=\"panel\">").count(), 50);
    assert!(html.contains("50 of 300 accounts have a panel"), "the number of panels is said");
    assert!(html.contains("250 are left out here"), "the rest is said");
    assert!(html.contains("1 row was refused and not counted"), "refused rows are said");
    assert!(
        html.contains("<th scope=\"row\">Outside scale</th><td class=\"number\">1</td>"),
        "with the reason"
    );
    assert_eq!(report(&desk, &["--accounts", "0"], "page.html").matches("class=\"panel\"").count(), 0);
    assert_eq!(report(&desk, &["--accounts", "7"], "page.md").matches("\n### ").count(), 7);
}

#[test]
fn an_account_with_bad_revenue_is_counted_nowhere() {
    let desk = desk("account,csat,plan,arr\na,9,pro,10\nb,1,basic,-5\nc,1,basic,much\n");
    let html = report(&desk, &["--revenue", "arr"], "page.html");
    assert!(html.contains("None of 1 scored accounts is “at risk”"), "the two refused ones do not count");
    assert!(html.contains("2 rows were refused"));
}

#[test]
fn nothing_is_written_when_the_command_line_cannot_be_used() {
    let desk = desk("account,csat,plan\na,9,pro\n");
    let run = |flags: &[&str]| desk.run(&[&["report", "accounts.csv"], &SMALL_AT[..], flags].concat());
    assert!(run(&["-o", "page.txt"]).refused("usage").contains("--format"));
    assert!(run(&["-o", "accounts.csv", "--format", "html"]).refused("usage").contains("both the input"));
    let same = ["--before", "b.csv", "--as-of-before", "2026-10-01", "-o", "b.csv", "--format", "html"];
    desk.write("b.csv", "account,csat,plan\na,9,pro\n");
    assert!(run(&same).refused("usage").contains("both the input"));
    assert_eq!(run(&["--before", "b.csv", "-o", "page.html"]).code, Some(2));
    run(&["--staffing", "nosuch.toml", "-o", "page.html"]).refused("io");
    let later = ["--before", "b.csv", "--as-of-before", "2027-01-01", "-o", "page.html"];
    run(&later).refused("conflict");
    assert_eq!(desk.names(), ["accounts.csv", "b.csv", "small.toml"]);
}

#[test]
fn a_column_of_names_is_no_group() {
    let mut rows = "account,csat,plan\n".to_owned();
    for number in 0..10_001 {
        let _ = writeln!(rows, "a{number},5,pro");
    }
    let desk = desk(&rows);
    let line = ["report", "accounts.csv", "--by", "account", "-o", "page.html"];
    assert!(desk.run(&[&line[..], &SMALL_AT].concat()).refused("limit").contains("--by"));
    assert_eq!(desk.names(), ["accounts.csv", "small.toml"]);
}

#[test]
fn a_page_of_ten_thousand_accounts_is_small() {
    let mut rows = "account,csat,plan,csm,arr\n".to_owned();
    for number in 0..10_000 {
        let _ = writeln!(rows, "account {number},{}.5,pro,csm {},{number}", number % 10, number % 40);
    }
    let desk = desk(&rows);
    let html = report(&desk, &["--by", "csm", "--revenue", "arr", "--accounts", "500"], "page.html");
    assert_eq!(html.matches("<details class=\"panel\">").count(), 500);
    assert!(html.len() < 5_000_000, "{} bytes", html.len());
}

#[test]
fn a_page_without_any_score_says_so() {
    let desk = desk("account,csat,plan\na,,\nb,,\n");
    let html = report(&desk, &[], "page.html");
    harmless(&html);
    assert!(html.contains("No account has a score."));
    assert!(!html.contains("<figure>"));
    let none = desk.write("accounts.csv", "account,csat,plan\na,5,internal\n");
    assert!(report(none, &[], "page.md").contains("50.0"), "one of two measures applies");
}

/// A hundred accounts of which those with the higher scores stay more often, with the days of their answers.
fn renewals() -> Desk {
    let (mut answers, mut outcomes) =
        ("account,csat,plan,day\n".to_owned(), "account,on,renewed\n".to_owned());
    for number in 0..100 {
        let day = if number % 2 == 0 { "2026-04-01" } else { "2026-10-15" };
        let _ = writeln!(answers, "a{number},{},pro,{day}", number % 10);
        let renewed = if number % 10 + number / 10 % 4 >= 6 { "yes" } else { "no" };
        let _ = writeln!(outcomes, "a{number},2026-12-01,{renewed}");
    }
    outcomes.push_str("unknown,2026-12-01,yes\n");
    let desk = desk(&answers);
    desk.write("outcomes.csv", outcomes);
    desk
}

const RENEWALS: [&str; 6] = ["--outcomes", "outcomes.csv", "--outcome", "renewed", "--kept", "yes"];

#[test]
fn outcomes_add_a_back_test_with_a_lead_curve() {
    let desk = renewals();
    let html = report(&desk, &[&RENEWALS[..], &["--on", "day"]].concat(), "page.html");
    harmless(&html);
    for part in [
        "The score leads: accounts that stayed had the higher scores",
        "ROC curve: the share of kept accounts",
        "Bars of the lift of each tenth",
        "the AUC of what was known some days before.",
        "the likelihood that was said and the share that was kept",
        "Outcomes of 1 account that the file does not hold are left out.",
        "How early the score knows",
    ] {
        assert!(html.contains(part), "{part} is missing");
    }
    assert!(!html.contains("taken on trust"), "these outcomes have dates");
    // Half of the accounts had no answer 180 days before.
    let text = report(&desk, &[&RENEWALS[..], &["--on", "day"]].concat(), "page.md");
    let row = text.lines().find(|line| line.starts_with("| 180 days |")).unwrap();
    assert!(row.ends_with("| 50 | 50 |"), "{row}");
}

#[test]
fn a_back_test_says_what_it_cannot_show() {
    let desk = renewals();
    let text = report(&desk, &RENEWALS, "page.md");
    assert!(text.contains("There is no lead curve: some answers have no date"), "{text}");
    desk.write("accounts.csv", "account,csat,plan,left\na,9,pro,0\nb,3,pro,0\n");
    let text = report(&desk, &["--outcome", "left", "--lost", "1"], "page.md");
    assert!(text.contains("No account was lost (2 kept), so nothing can be told apart."), "{text}");
    assert!(text.contains("taken on trust"), "{text}");
    let html = report(&desk, &["--outcome", "left", "--lost", "1"], "page.html");
    harmless(&html);
    assert!(!html.contains("ROC curve"));
}

#[test]
fn outcomes_that_a_score_may_know_are_refused() {
    let desk = renewals();
    let line = ["report", "accounts.csv", "-o", "page.html"];
    let run = |flags: &[&str]| desk.run(&[&line[..], &SMALL_AT, flags].concat());
    desk.write("early.csv", "account,on,renewed\na1,2026-10-31,yes\n");
    let early = ["--outcomes", "early.csv", "--outcome", "renewed", "--kept", "yes"];
    assert!(run(&early).refused("after_as_of").contains("2026-10-31"));
    desk.write("twice.csv", "account,on,renewed\na1,2026-12-01,yes\na1,2026-12-02,no\n");
    let twice = ["--outcomes", "twice.csv", "--outcome", "renewed", "--kept", "yes"];
    assert!(run(&twice).refused("duplicate").contains("a1"));
    assert!(run(&["--outcome", "plan"]).refused("usage").contains("--kept"));
    assert_eq!(run(&["--kept", "yes"]).code, Some(2), "values without a column");
    assert!(!desk.names().contains(&"page.html".to_owned()));
}
