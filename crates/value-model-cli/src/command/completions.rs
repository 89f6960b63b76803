//! `value-model completions`: what a shell needs to complete the command line.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::args::Cli;
use crate::message::{Done, Failure};
use crate::output::Output;

/// Print the completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model completions bash > ~/.local/share/bash-completion/completions/value-model")]
pub(crate) struct Completions {
    /// The shell.
    pub shell: Shell,
}

/// Runs the command.
pub(crate) fn run(args: &Completions) -> Result<Done, Failure> {
    let mut output = Output::open(None)?;
    generate(args.shell, &mut Cli::command(), "value-model", &mut output.text);
    output.finish()?;
    Ok(Done::Fully)
}
