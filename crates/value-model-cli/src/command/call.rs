//! `value-model call`: any formula of the catalog, JSON in and JSON out.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use value_model_bridge::{Refusal, call};

use super::document::tree;
use crate::message::{Done, Failure};
use crate::output::{Output, json};

/// Apply any formula of the catalog to an input in JSON or TOML.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  echo '{\"promoters\": 55, \"passives\": 30, \"detractors\": 15}' | value-model call nps

The result is JSON on standard output. A refusal is JSON on standard error (code, field, message), with exit code 2.
`value-model describe ID` says what a formula takes.")]
pub(crate) struct Call {
    /// The formula, such as `customer_value`; see `value-model describe`.
    #[arg(value_name = "ID")]
    pub id: String,
    /// The input: .json or .toml; without it JSON on standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    pub input: PathBuf,
}

/// Runs the command.
pub(crate) fn run(args: &Call) -> Result<Done, Failure> {
    let result = match read(&args.id, &args.input)? {
        Ok(result) => result,
        Err(refusal) => return Err(said(&refusal)),
    };
    let mut output = Output::open(None)?;
    json(&mut output.text, &result, true)?;
    output.text.push(b'\n');
    output.finish()?;
    Ok(Done::Fully)
}

type Called = Result<value_model_bridge::Output, Refusal>;

/// An unknown formula is refused before its input is waited for.
fn read(id: &str, input: &Path) -> Result<Called, Failure> {
    if let Err(error) = value_model::catalog::find(id) {
        return Ok(Err(error.into()));
    }
    Ok(call(id, tree(input)?))
}

/// Prints the refusal as JSON; `main` has nothing to add but the exit code.
fn said(refusal: &Refusal) -> Failure {
    let text = serde_json::to_string(refusal).unwrap_or_default();
    let _ = writeln!(std::io::stderr().lock(), "{text}"); // When stderr is closed, the exit code says it alone.
    Failure::said()
}
