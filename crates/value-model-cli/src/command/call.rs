//! `value-model call`: any formula of the catalog, JSON in and JSON out.

mod lines;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use value_model_bridge::{Refusal, call};

use super::document::tree;
use crate::args::RejectArgs;
use crate::message::{Done, Failure, Notes};
use crate::output::{Output, differ, json};

/// Apply any formula of the catalog to an input in JSON or TOML.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  echo '{\"promoters\": 55, \"passives\": 30, \"detractors\": 15}' | value-model call nps

The result is JSON on standard output. A refusal is JSON on standard error (code, field, message), with exit code 2.
`value-model describe ID` says what a formula takes.

A file of many inputs, one JSON object a line (.ndjson, .jsonl, or --lines), gives one line of output for each: its result,
or its refusal. One bad line does not stop the others.")]
pub(crate) struct Call {
    /// The formula, such as `customer_value`; see `value-model describe`.
    #[arg(value_name = "ID")]
    pub id: String,
    /// The input: .json or .toml, or .ndjson for many; without it JSON on standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    pub input: PathBuf,
    /// The input has one JSON object a line, whatever its name.
    #[arg(long)]
    pub lines: bool,
    /// Where results go; the file appears whole or not at all. `-` or nothing is standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub rejects: RejectArgs,
}

impl Call {
    /// Whether every line of the input is one.
    fn has_lines(&self) -> bool {
        let extension = self.input.extension().and_then(std::ffi::OsStr::to_str);
        self.lines || extension.is_some_and(|name| ["ndjson", "jsonl"].contains(&&*name.to_ascii_lowercase()))
    }
}

/// Runs the command.
pub(crate) fn run(args: &Call, notes: Notes) -> Result<Done, Failure> {
    differ(&args.input, args.output.as_ref())?;
    if args.has_lines() {
        return match value_model::catalog::find(&args.id) {
            Ok(_) => lines::run(args, notes),
            Err(error) => Err(said(&error.into())),
        };
    }
    let result = match read(&args.id, &args.input)? {
        Ok(result) => result,
        Err(refusal) => return Err(said(&refusal)),
    };
    let mut output = Output::open(args.output.as_deref())?;
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
