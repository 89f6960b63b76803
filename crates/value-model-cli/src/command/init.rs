//! `value-model init`: a model file to start from.

use std::path::PathBuf;

use clap::Args;
use value_model::presets;

use crate::message::{Done, Failure, Notes};
use crate::output::Output;

/// Write a model file to start from.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model init value-realization -o mine.toml

Change its id, raise its version whenever a score can change, and check it with `value-model lint mine.toml`.")]
pub(crate) struct Init {
    /// The preset to start from; see `value-model presets`.
    #[arg(value_name = "PRESET")]
    pub preset: String,
    /// Where the file goes; `-` or nothing is standard output. A file that is there stays, unless --force is given.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long)]
    pub force: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Init, notes: Notes) -> Result<Done, Failure> {
    let document = match presets::all().iter().find(|preset| preset.id == args.preset) {
        Some(preset) => preset.document,
        None => {
            return Err(presets::scorecard(&args.preset)
                .err()
                .map_or_else(|| Failure::usage("no such preset"), Failure::from));
        }
    };
    if let Some(path) = args.output.as_ref().filter(|path| !args.force && path.exists()) {
        let message = format!("`{}` is there already", path.display());
        return Err(Failure::usage(message).help("pass `--force` to replace it"));
    }
    let mut output = Output::open(args.output.as_deref())?;
    output.text.extend_from_slice(document.as_bytes());
    output.finish()?;
    if let Some(path) = &args.output {
        notes.note(&format!("change it, then `value-model lint {}`", path.display()));
    }
    Ok(Done::Fully)
}
