//! `value-model calibrate`: from scores to renewal likelihoods, and how far these hold.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use value_model::backtest::calibrate::{CalibrateInput, Calibration, Curve, Method, calibrate};

use super::backtest::ResultArgs;
use super::backtest::accounts::{Accounts, From, ScoreArgs};
use super::backtest::outcome::OutcomeArgs;
use crate::args::{InputArgs, RejectArgs, word};
use crate::message::{Done, Failure, Notes};
use crate::output::table::{percent, table};
use crate::output::{Output, json};

/// Learn a renewal likelihood from scores and what happened later.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model calibrate accounts.csv --model health.toml --as-of 2026-06-30 --outcome churned --lost 1 \\
    -o health.calibration.json

A score is no probability. What is read off the curve is one: `value-model call likelihood`.")]
pub(crate) struct Calibrate {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub scores: ScoreArgs,
    #[command(flatten)]
    pub outcome: OutcomeArgs,
    /// The form of the curve: `platt` for hundreds of accounts, `isotonic` for thousands.
    #[arg(long, value_name = "FORM", value_parser = method, default_value = "platt")]
    pub method: Method,
    /// Parts into which accounts are dealt to judge the curve.
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    pub folds: u32,
    /// Where the calibration goes, as JSON to keep beside the model.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub result: ResultArgs,
    #[command(flatten)]
    pub rejects: RejectArgs,
}

fn method(text: &str) -> Result<Method, String> {
    word(text)
}

/// Runs the command.
pub(crate) fn run(args: &Calibrate, notes: Notes) -> Result<Done, Failure> {
    let from = From {
        input: &args.input,
        rejects: &args.rejects,
        output: args.output.as_ref(),
        outcome: &args.outcome,
        revenue: None,
    };
    let (scorer, as_of) = args.scores.scorer(notes)?;
    let (accounts, done) = Accounts::read(&from, &scorer, as_of, notes)?;
    let (scores, outcomes) = accounts.known();
    let model = args.scores.model.is_some().then(|| format!("{} {}", scorer.model(), scorer.version()));
    let found =
        calibrate(&CalibrateInput { scores, outcomes, method: args.method, folds: args.folds, model })?;
    if let Some(path) = args.output.as_ref().filter(|_| found.curve.is_some()) {
        let mut output = Output::open(Some(path))?;
        json(&mut output.text, &found, true)?;
        output.text.push(b'\n');
        output.finish()?;
    }
    args.result.print(&found, text)?;
    Ok(done)
}

fn text(found: &Calibration) -> String {
    let (kept, lost) = (found.auc.kept, found.auc.lost);
    let mut out = match &found.curve {
        None => format!("no curve can be learnt from {kept} kept and {lost} lost accounts\n"),
        Some(Curve::Platt(curve)) => format!(
            "renewal likelihood = 1 / (1 + exp(-({:.5} * score {} {:.5}))), from {kept} kept and {lost} lost accounts\n",
            curve.slope,
            if curve.intercept < 0.0 { "-" } else { "+" },
            curve.intercept.abs()
        ),
        Some(Curve::Isotonic(knots)) => {
            format!("a curve of {} knots, from {kept} kept and {lost} lost accounts\n", knots.len())
        }
    };
    if found.auc.verdict == value_model::backtest::Verdict::WrongWay {
        out.push_str("the score points the WRONG WAY: mend it instead of calibrating it\n");
    }
    let Some(judged) = &found.reliability else {
        out.push_str("too few accounts to judge it by those it was not learnt from\n");
        return out;
    };
    let skill = judged
        .skill
        .map_or_else(String::new, |skill| format!(", {} better than one likelihood for all", percent(skill)));
    // Writing to a `String` cannot fail.
    let _ = write!(out, "on accounts not learnt from: Brier score {:.4}{skill}\n\n", judged.brier);
    let rows: Vec<Vec<String>> = judged
        .bins
        .iter()
        .map(|bin| {
            vec![
                format!("{} to {}", percent(bin.from), percent(bin.to)),
                bin.accounts.to_string(),
                percent(bin.mean_likelihood),
                percent(bin.kept_rate),
                format!("{} to {}", percent(bin.interval.low), percent(bin.interval.high)),
            ]
        })
        .collect();
    let header = ["likelihood", "accounts", "said", "kept", "95%_interval"];
    out.push_str(&table(&header, &rows, 1));
    out.push('\n');
    out
}
