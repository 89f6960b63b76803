//! `value-model suggest-weights`: what the outcomes say about weights, as advice.

use std::path::{Path, PathBuf};

use clap::Args;
use value_model::backtest::Verdict;
use value_model::backtest::advice::{advised, next_version};
use value_model::backtest::weights::{MeasureUnits, SuggestWeightsInput, SuggestedWeights, suggest_weights};

use super::backtest::ResultArgs;
use super::backtest::accounts::{Accounts, From, ScoreArgs};
use super::backtest::outcome::OutcomeArgs;
use crate::args::{InputArgs, ModelArgs, RejectArgs};
use crate::message::{Done, Failure, Notes};
use crate::model;
use crate::output::Output;
use crate::output::table::{percent, table};

/// Say which weights would have told kept from lost accounts best.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model suggest-weights accounts.csv --model health.toml --as-of 2026-06-30 --outcome churned --lost 1 \\
    -o health-2.toml

This is advice: the model that was read stays as it is, and nothing uses the new file until you do.")]
pub(crate) struct SuggestWeights {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub model: ModelArgs,
    #[command(flatten)]
    pub outcome: OutcomeArgs,
    /// The penalty on large weights.
    #[arg(long, value_name = "NUMBER", default_value_t = 1.0)]
    pub ridge: f64,
    /// Parts into which accounts are dealt to judge the weights.
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    pub folds: u32,
    /// Where the advice goes, as a model file of a new version.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The version of that file; without it the model's own with its last number raised.
    #[arg(long, value_name = "VERSION", requires = "output")]
    pub new_version: Option<String>,
    #[command(flatten)]
    pub result: ResultArgs,
    #[command(flatten)]
    pub rejects: RejectArgs,
}

/// Runs the command.
pub(crate) fn run(args: &SuggestWeights, notes: Notes) -> Result<Done, Failure> {
    let own = PathBuf::from(&args.model.model);
    if args.output.as_ref().is_some_and(|path| *path == own) {
        return Err(Failure::usage("the advice must not replace the model it is about"));
    }
    let from = From {
        input: &args.input,
        rejects: &args.rejects,
        output: args.output.as_ref(),
        outcome: &args.outcome,
        revenue: None,
    };
    let scores = ScoreArgs {
        model: Some(args.model.model.clone()),
        score: None,
        as_of: args.model.as_of,
        missing_code: args.model.missing_code.clone(),
    };
    let (scorer, as_of) = scores.scorer(notes)?;
    let (accounts, done) = Accounts::read(&from, &scorer, as_of, notes)?;
    let known = |units: &[Option<f64>]| {
        let pairs = units.iter().zip(&accounts.outcomes);
        pairs.filter_map(|(unit, outcome)| outcome.map(|_| *unit)).collect()
    };
    let measures = scorer.measures().iter().zip(&accounts.units);
    let measures =
        measures.map(|(measure, units)| MeasureUnits { id: measure.id.to_string(), units: known(units) });
    let found = suggest_weights(&SuggestWeightsInput {
        measures: measures.collect(),
        outcomes: accounts.outcomes.iter().flatten().copied().collect(),
        ridge: args.ridge,
        folds: args.folds,
    })?;
    if let Some(path) = &args.output {
        write(args, path, &found)?;
    }
    args.result.print(&found, text)?;
    Ok(done)
}

/// Writes the model of a new version.
fn write(args: &SuggestWeights, path: &Path, found: &SuggestedWeights) -> Result<(), Failure> {
    let card = model::document(&args.model.model)?;
    let version = args.new_version.clone().unwrap_or_else(|| next_version(&card.version));
    if version == card.version {
        return Err(Failure::usage("the advice needs another version than the model it is about"));
    }
    let advice = advised(&card, &found.measures, &version)?;
    let written = value_model_bridge::scorecard_to_toml(&advice);
    let written = written.map_err(|refusal| Failure::new(refusal.code, refusal.message))?;
    let mut output = Output::open(Some(path))?;
    output.text.extend_from_slice(written.as_bytes());
    output.finish()
}

fn text(found: &SuggestedWeights) -> String {
    let rows: Vec<Vec<String>> = found
        .measures
        .iter()
        .map(|measure| {
            let remark = match (measure.helps, measure.alone.verdict) {
                (_, Verdict::WrongWay) => "points the WRONG WAY alone",
                (Some(false), _) => "does not help: weight 0",
                _ => "",
            };
            vec![
                measure.id.clone(),
                remark.to_owned(),
                measure.weight.map_or_else(|| "-".to_owned(), percent),
                measure.alone.auc.map_or_else(|| "-".to_owned(), |auc| format!("{auc:.3}")),
            ]
        })
        .collect();
    let header = ["measure", "remark", "weight", "AUC_alone"];
    format!("{}\n\n{}\n\nThis is advice; nothing was changed.\n", found.summary, table(&header, &rows, 2))
}
