//! `value-model lint`: what is wrong with a model file, and what is probably not meant.

use std::path::PathBuf;

use clap::Args;
use value_model::Date;
use value_model::scorecard::lint;
use value_model::set::{SetWarning, lint_set};
use value_model_bridge::Model;

use super::dry_run::{Both, Changes};
use super::each::Refusal;
use crate::args::{InputArgs, OutputArgs, RejectArgs, parse_date};
use crate::message::{Done, Failure, Notes};
use crate::model;
use crate::output::{Format, Output, json};

/// Check a model file, and look for what is probably not meant; or try it on accounts beside the old one.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model lint mine.toml
  value-model lint mine-2.toml --against mine.toml accounts.csv --as-of 2026-11-01

Errors end with exit code 2. Warnings end with 0, under --strict with 1. With --against nothing is changed anywhere: it lists
the accounts that the new model would move, those whose band would change first among them, and why.",
    mut_arg("input", |arg| arg.required(false).requires("against")))]
pub(crate) struct Lint {
    /// A model file or model set ending in .toml or .json, or a preset.
    #[arg(value_name = "MODEL")]
    pub model: String,
    /// The model as it is now, to compare with on the accounts of FILE.
    #[arg(long, value_name = "PRESET|FILE", requires = "input")]
    pub against: Option<String>,
    /// The accounts to try both models on.
    #[command(flatten)]
    pub input: InputArgs,
    /// The day of scoring, such as 2026-11-01. Without it today (UTC), which is then said on stderr.
    #[arg(long, value_name = "DATE", value_parser = parse_date, requires = "against")]
    pub as_of: Option<Date>,
    /// Only accounts whose band would change.
    #[arg(long, requires = "against")]
    pub bands: bool,
    /// Exit with 1 when there is a warning or a row was refused.
    #[arg(long)]
    pub strict: bool,
    /// Write refused rows here: line, account, field, code, message, file (CSV, or NDJSON by the name).
    #[arg(long, value_name = "FILE", requires = "against")]
    pub rejects: Option<PathBuf>,
    /// JSON for programs, or a text for people; with --against also CSV, Parquet and Arrow.
    #[arg(long, value_name = "FORM")]
    pub format: Option<Format>,
    /// Where the accounts that would move go. `-` or nothing is standard output.
    #[arg(long, short, value_name = "FILE", requires = "against")]
    pub output: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &Lint, notes: Notes) -> Result<Done, Failure> {
    let at = |error: value_model::Error| Failure::from(error).at(&args.model);
    let warnings = match model::read(&args.model)? {
        Model::One(card) => lint(&card).map_err(at)?.into_iter().map(SetWarning::from).collect(),
        Model::Set(set) => lint_set(&set).map_err(at)?,
    };
    if let Some(old) = &args.against {
        for warning in &warnings {
            notes.warn(&format!("{}: {warning} [{}]", args.model, warning.code));
        }
        let done = dry_run(args, old, notes)?;
        let warned = args.strict && !warnings.is_empty();
        return Ok(if warned { Done::RowsRefused } else { done });
    }
    let mut output = Output::open(None)?;
    if matches!(args.format, Some(Format::Json | Format::Ndjson)) {
        json(&mut output.text, &warnings, true)?;
        output.text.push(b'\n');
    } else {
        for warning in &warnings {
            output
                .text
                .extend_from_slice(format!("{}: {warning} [{}]\n", args.model, warning.code).as_bytes());
        }
        let count = match warnings.len() {
            0 => "no warnings".to_owned(),
            1 => "1 warning".to_owned(),
            more => format!("{more} warnings"),
        };
        output.text.extend_from_slice(format!("{}: {count}\n", args.model).as_bytes());
    }
    output.finish()?;
    Ok(if args.strict && !warnings.is_empty() { Done::RowsRefused } else { Done::Fully })
}

/// Tries both models on accounts.
fn dry_run(args: &Lint, old: &str, notes: Notes) -> Result<Done, Failure> {
    let (new, old) = (model::any_named(&args.model, &[])?, model::any_named(old, &[])?);
    let as_of = model::day(args.as_of, notes)?;
    let output = OutputArgs { output: args.output.clone(), format: args.format, raw: false };
    let rejects = RejectArgs { rejects: args.rejects.clone(), strict: args.strict };
    let mut changes = Changes::open(&output, false, args.bands)?;
    let both = Both { new, old };
    let done = both.each((&args.input, &rejects, output.output.as_ref()), notes, &mut |record| {
        let change = both.change(&record, as_of);
        match change {
            Ok(Some(change)) => changes.write(None, &change).map(Ok),
            Ok(None) => Ok(Ok(())),
            Err(error) => Ok(Err(Refusal { error, account: record.account })),
        }
    })?;
    changes.finish(notes)?;
    Ok(done)
}
