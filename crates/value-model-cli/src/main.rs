//! The command `value-model`: reads files, calls the core, shows what it says.
//!
//! Nothing is computed here: every number comes from `value_model`.
#![forbid(unsafe_code)]

mod args;
mod command;
mod history;
mod input;
mod message;
mod model;
mod output;
mod progress;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use args::Cli;
use message::{Done, Notes};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let shown = error.print();
            return ExitCode::from(if error.use_stderr() || shown.is_err() { 2 } else { 0 });
        }
    };
    // An interrupt leaves the old files as they were. Without a handler they are all the same; only a temporary stays.
    let _ = ctrlc::set_handler(|| {
        output::atomic::remove_all();
        std::process::exit(130);
    });
    let notes = Notes { quiet: cli.quiet };
    match command::run(cli, notes) {
        Ok(Done::Fully) => ExitCode::SUCCESS,
        Ok(Done::RowsRefused) => ExitCode::from(1),
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) if failure.is_said() => ExitCode::from(2),
        Err(failure) => {
            // When stderr is closed too, the exit code has to say it alone.
            let _ = writeln!(io::stderr().lock(), "{}", message::safe(&failure.to_string()));
            ExitCode::from(2)
        }
    }
}
