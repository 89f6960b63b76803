//! `value-model demo`: made-up accounts through all five models, from a copy inside the command.

mod files;
mod results;

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Parser};

use crate::args::Cli;
use crate::message::{Done, Failure, Notes};
use crate::output::table::{percent, points, readable, table};
use crate::output::{Output, json};

/// The day on which the example is scored; fixed, so that everybody sees the same numbers.
const AS_OF: &str = "2026-11-01";
/// The account that is explained.
const EXPLAINED: &str = "blue_fjord";

/// Score made-up accounts with all five models, and explain one of them.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model demo

Writes its inputs, results and a report to a folder, so that every step can be done again by hand.")]
pub(crate) struct Demo {
    /// Where inputs and results go.
    #[arg(long, value_name = "FOLDER", default_value = "value-model-demo")]
    pub dir: PathBuf,
}

/// Runs the command.
pub(crate) fn run(args: &Demo, notes: Notes) -> Result<Done, Failure> {
    let input = args.dir.join("input");
    fs::create_dir_all(&input).map_err(|error| Failure::io(&error, "write", &input.display().to_string()))?;
    for (name, text) in files::ALL {
        write(&input.join(name), |out| {
            out.extend_from_slice(text.as_bytes());
            Ok(())
        })?;
    }
    let quiet = Notes { quiet: true };
    score(
        &args.dir,
        "answers.csv",
        &["--model", "value-realization", "--keep", "csm,segment,arr"],
        "value_realization.csv",
    )?;
    score(&args.dir, "answers.csv", &["--model", "value-realization"], "value_realization.ndjson")?;
    let saas = input.join("saas.toml").display().to_string();
    let churn = ["--model", &saas, "--account-column", "id", "--keep", "churned"];
    score(&args.dir, "saas_churn.csv", &churn, "saas_scores.csv")?;
    report(&args.dir, &input)?;
    let accounts = results::all(&input, quiet)?;
    write(&args.dir.join("results.ndjson"), |out| {
        for account in &accounts {
            json(out, account, false)?;
            out.push(b'\n');
        }
        Ok(())
    })?;
    show(&accounts, &input)?;
    notes.note(&format!("inputs, results and a report to open in a browser are in {}", args.dir.display()));
    Ok(Done::Fully)
}

/// Runs `value-model score` as from the shell.
fn score(dir: &Path, input: &str, flags: &[&str], output: &str) -> Result<(), Failure> {
    let (input, output) =
        (dir.join("input").join(input).display().to_string(), dir.join(output).display().to_string());
    let line = [&["value-model", "score", &input, "--as-of", AS_OF, "-o", &output], flags].concat();
    super::run(again(&line)?, Notes { quiet: true }).map(|_| ())
}

/// Runs `value-model report` as from the shell.
fn report(dir: &Path, input: &Path) -> Result<(), Failure> {
    let shown = |path: std::path::PathBuf| path.display().to_string();
    let (answers, team) = (shown(input.join("answers.csv")), shown(input.join("team.toml")));
    let output = shown(dir.join("report.html"));
    let line = ["value-model", "report", &answers, "--model", "value-realization", "--as-of", AS_OF];
    let flags = ["--by", "csm,segment", "--revenue", "arr", "--staffing", &team, "-o", &output];
    super::run(again(&[&line[..], &flags].concat())?, Notes { quiet: true }).map(|_| ())
}

/// Reads a command line of the demo itself.
fn again(line: &[&str]) -> Result<Cli, Failure> {
    Cli::try_parse_from(line).map_err(|error| Failure::usage(error.to_string()))
}

fn write(path: &Path, fill: impl FnOnce(&mut Vec<u8>) -> Result<(), Failure>) -> Result<(), Failure> {
    let mut output = Output::open(Some(path))?;
    fill(&mut output.text)?;
    output.finish()
}

/// Prints the table, the explanation and what to try next.
fn show(accounts: &[results::Account], input: &Path) -> Result<(), Failure> {
    let header = [
        "account",
        "csm",
        "value against costs",
        "perceived value",
        "value generated",
        "customer's metric",
        "net value, EUR a year",
        "band",
    ];
    let rows: Vec<Vec<String>> = accounts.iter().map(row).collect();
    let mut output = Output::open(None)?;
    let answers = input.join("answers.csv").display().to_string();
    let mut text = format!("Eight made-up accounts, five models, as of {AS_OF}\n\n");
    text.push_str(&table(&header, &rows, 2));
    text.push_str(
        "\n\n  * too little is known for a score; it ends between these two once everything is answered",
    );
    text.push_str("\n  ~ without what nobody has put a number on yet\n\n");
    output.text.extend_from_slice(text.as_bytes());
    output.finish()?;
    let line = [
        "value-model",
        "explain",
        &answers,
        "--model",
        "value-realization",
        "--as-of",
        AS_OF,
        "--account",
        EXPLAINED,
    ];
    super::run(again(&line)?, Notes { quiet: true })?;
    let mut output = Output::open(None)?;
    let next = format!(
        "\nTry next\n  \
         value-model explain {answers} --model value-realization --as-of {AS_OF} --account juniper_retail\n  \
         value-model portfolio {answers} --model value-realization --as-of {AS_OF} --by csm --revenue arr\n  \
         value-model report {answers} --model value-realization --as-of {AS_OF} --by csm --revenue arr -o report.html\n  \
         value-model init value-realization -o mine.toml\n"
    );
    output.text.extend_from_slice(next.as_bytes());
    output.finish()
}

fn row(account: &results::Account) -> Vec<String> {
    let shown = |score: Option<f64>, lower: f64, upper: f64| match score {
        Some(_) => points(score),
        None => format!("{lower:.0}..{upper:.0} *"),
    };
    let headline = |found: &results::Headline| shown(found.score, found.lower, found.upper);
    let realization = &account.value_realization;
    let band = match (&realization.band, realization.score) {
        (Some(band), Some(_)) => band.to_string(),
        _ => format!("{} answered", percent(realization.coverage)),
    };
    vec![
        account.id.clone(),
        account.csm.clone(),
        shown(realization.score, realization.lower, realization.upper),
        headline(&account.headlines.perceived_value),
        headline(&account.headlines.value_generated),
        headline(&account.headlines.customers_metric),
        format!(
            "{}{}",
            if account.customer_value.partial { "~ " } else { "" },
            readable(account.customer_value.net)
        ),
        band,
    ]
}
