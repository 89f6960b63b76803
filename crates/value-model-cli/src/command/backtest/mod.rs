//! `value-model backtest`: did the score know who would stay?

pub(crate) mod accounts;
mod lead;
pub(crate) mod outcome;
mod text;

use std::path::PathBuf;

use clap::Args;
use value_model::backtest::report::{BacktestInput, backtest};

use crate::args::{InputArgs, RejectArgs};
use crate::message::{Done, Failure, Notes};
use crate::output::{Format, Output, json};
use accounts::{Accounts, From, ScoreArgs};
use outcome::OutcomeArgs;

/// Hold scores against what happened later.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model backtest accounts.csv --model health.toml --as-of 2026-06-30 --outcome churned --lost 1 --revenue arr
  value-model backtest answers.csv --model health.toml --as-of 2026-06-30 --outcome renewed --kept yes --leads 0,90
  value-model backtest history.csv --score score --outcomes renewals.csv --outcome renewed --kept yes

The first scores accounts and tests the scores. The second scores them as they were known 0 and 90 days before, from
answers with dates. The third reads scores of many days (account, as_of, score) and outcomes (account, on).")]
pub(crate) struct Backtest {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub scores: ScoreArgs,
    #[command(flatten)]
    pub outcome: OutcomeArgs,
    /// The column (or attribute) that holds the revenue.
    #[arg(long, value_name = "COLUMN")]
    pub revenue: Option<String>,
    /// Days between what was known and the outcome: gives the lead curve.
    #[arg(long, value_name = "DAYS,...", value_delimiter = ',')]
    pub leads: Vec<u32>,
    /// A table of outcomes (account, on, and the column --outcome); the input then holds account, `as_of` and score.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["model", "revenue"])]
    pub outcomes: Option<PathBuf>,
    /// Leave out scores dated after the last outcome of their account, instead of ending the run.
    #[arg(long, requires = "outcomes")]
    pub ignore_later: bool,
    #[command(flatten)]
    pub result: ResultArgs,
    #[command(flatten)]
    pub rejects: RejectArgs,
}

/// Where a result that is no table goes.
#[derive(Debug, Args)]
pub(crate) struct ResultArgs {
    /// JSON for programs, or a text for people.
    #[arg(long, value_name = "FORM")]
    pub format: Option<Format>,
}

impl ResultArgs {
    /// Prints a result as a text for people, or whole as JSON.
    pub(crate) fn print<T: serde::Serialize>(
        &self,
        result: &T,
        text: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        let mut output = Output::open(None)?;
        match self.format {
            None | Some(Format::Table) => output.text.extend_from_slice(text(result).as_bytes()),
            Some(Format::Json | Format::Ndjson) => {
                json(&mut output.text, result, self.format == Some(Format::Json))?;
                output.text.push(b'\n');
            }
            Some(_) => return Err(Failure::usage("this result is no table; use json or table")),
        }
        output.finish()
    }
}

/// Runs the command.
pub(crate) fn run(args: &Backtest, notes: Notes) -> Result<Done, Failure> {
    if let Some(path) = &args.outcomes {
        return lead::of_scores(args, path, notes);
    }
    let from = From {
        input: &args.input,
        rejects: &args.rejects,
        output: None,
        outcome: &args.outcome,
        revenue: args.revenue.as_deref(),
    };
    let (scorer, as_of) = args.scores.scorer(notes)?;
    if !args.leads.is_empty() {
        return lead::of_answers(args, &from, (&scorer, as_of), notes);
    }
    let (accounts, done) = Accounts::read(&from, &scorer, as_of, notes)?;
    let bands = args.scores.model.as_deref().map(crate::model::document).transpose()?.map(|card| card.bands);
    let found = backtest(&BacktestInput {
        scores: accounts.scores,
        outcomes: accounts.outcomes,
        revenue: args.revenue.is_some().then_some(accounts.revenue),
        as_of: Some(as_of),
        inputs_on: None,
        bands,
    })?;
    args.result.print(&found, |found| text::whole(found, args.revenue.is_some()))?;
    Ok(done)
}
