//! One file per question.

pub(crate) mod backtest;
pub(crate) mod calibrate;
pub(crate) mod call;
pub(crate) mod completions;
pub(crate) mod delta;
pub(crate) mod demo;
pub(crate) mod describe;
mod document;
mod dry_run;
mod each;
pub(crate) mod explain;
mod in_order;
mod in_pieces;
pub(crate) mod init;
pub(crate) mod lint;
mod past;
pub(crate) mod portfolio;
pub(crate) mod presets;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod robustness;
pub(crate) mod schema;
pub(crate) mod score;
pub(crate) mod staffing;
pub(crate) mod suggest_weights;
pub(crate) mod transitions;
pub(crate) mod trend;
pub(crate) mod value;

use crate::args::{Cli, Command};
use crate::message::{Done, Failure, Notes};

/// Answers one question.
pub(crate) fn run(cli: Cli, notes: Notes) -> Result<Done, Failure> {
    match cli.command {
        Command::Score(args) => score::run(&args, notes),
        Command::Explain(args) => explain::run(&args, notes),
        Command::Portfolio(args) => portfolio::run(&args, notes),
        Command::Delta(args) => delta::run(&args, notes),
        Command::Report(args) => report::run(&args, notes),
        Command::Trend(args) => trend::run(&args, notes),
        Command::Transitions(args) => transitions::run(&args, notes),
        Command::Replay(args) => replay::run(&args, notes),
        Command::Robustness(args) => robustness::run(&args, notes),
        Command::Backtest(args) => backtest::run(&args, notes),
        Command::Calibrate(args) => calibrate::run(&args, notes),
        Command::SuggestWeights(args) => suggest_weights::run(&args, notes),
        Command::Staffing(args) => staffing::run(&args),
        Command::Value(args) => value::run(&args, notes),
        Command::Call(args) => call::run(&args, notes),
        Command::Init(args) => init::run(&args, notes),
        Command::Lint(args) => lint::run(&args, notes),
        Command::Presets(args) => presets::run(&args),
        Command::Describe(args) => describe::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Demo(args) => demo::run(&args, notes),
        Command::Completions(args) => completions::run(&args),
    }
}
