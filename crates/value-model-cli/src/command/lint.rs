//! `value-model lint`: what is wrong with a model file, and what is probably not meant.

use clap::Args;
use value_model::scorecard::lint;
use value_model::set::{SetWarning, lint_set};
use value_model_bridge::Model;

use crate::message::{Done, Failure};
use crate::model;
use crate::output::{Format, Output, json};

/// Check a model file, and look for what is probably not meant.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model lint mine.toml

Errors end with exit code 2. Warnings end with 0, under --strict with 1.")]
pub(crate) struct Lint {
    /// A model file ending in .toml or .json, or a preset.
    #[arg(value_name = "MODEL")]
    pub model: String,
    /// Exit with 1 when there is a warning.
    #[arg(long)]
    pub strict: bool,
    /// JSON for programs, or a text for people.
    #[arg(long, value_name = "FORM")]
    pub format: Option<Format>,
}

/// Runs the command.
pub(crate) fn run(args: &Lint) -> Result<Done, Failure> {
    let at = |error: value_model::Error| Failure::from(error).at(&args.model);
    let warnings = match model::read(&args.model)? {
        Model::One(card) => lint(&card).map_err(at)?.into_iter().map(SetWarning::from).collect(),
        Model::Set(set) => lint_set(&set).map_err(at)?,
    };
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
