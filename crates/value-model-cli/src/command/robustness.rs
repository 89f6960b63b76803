//! `value-model robustness`: whether other weights would change the bands.

use clap::Args;
use value_model::compare::State;
use value_model::compare::robustness::robustness;

use super::each::{Refusal, each};
use crate::args::{InputArgs, ModelArgs, OutputArgs, RejectArgs};
use crate::message::{Done, Failure, Notes};
use crate::model;
use crate::output::sheet::{Field, Sheet};

/// Say whether other weights would change the bands.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model robustness accounts.csv --model value-realization --as-of 2026-11-01 --relative 0.2

Every weight of the model moves freely by this share; low and high are the ends of the score.")]
pub(crate) struct Robustness {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub model: ModelArgs,
    /// How far each weight may move, as a share of it. Without it the core's own default.
    #[arg(long, value_name = "SHARE")]
    pub relative: Option<f64>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub rejects: RejectArgs,
}

#[derive(serde::Serialize)]
struct Row<'a> {
    account: &'a str,
    #[serde(flatten)]
    range: &'a value_model::compare::robustness::Robustness,
}

/// Runs the command.
pub(crate) fn run(args: &Robustness, notes: Notes) -> Result<Done, Failure> {
    let model = model::any(&args.model)?;
    let as_of = model::as_of(&args.model, notes)?;
    let relative = args.relative.unwrap_or(value_model::compare::robustness::RELATIVE);
    let header = ["account", "band", "low_band", "high_band", "score", "low", "high", "band_can_change"];
    let mut sheet = Sheet::open(&args.output, &header, 4)?;
    let (mut all, mut open) = (0_u64, 0_u64);
    let done =
        each((&args.input, &args.rejects, args.output.output.as_ref()), &model, &[], notes, &mut |record| {
            let (scorer, known) = match model.headline(&record) {
                Ok(Some(headline)) => headline,
                Ok(None) => return Ok(Ok(())),
                Err(error) => return Ok(Err(Refusal { error, account: record.account })),
            };
            let state = State { scorer, record: &known, as_of };
            let range = match robustness(&state, relative) {
                Ok(range) => range,
                Err(error) if error.field() == "relative" => {
                    return Err(Failure::from(error).at("--relative"));
                }
                Err(error) => return Ok(Err(Refusal { error, account: known.account.clone() })),
            };
            all += 1;
            open += u64::from(range.band_can_change);
            let fields = [
                Field::Text(record.account.clone()),
                Field::name(range.band.as_deref()),
                Field::name(range.low_band.as_deref()),
                Field::name(range.high_band.as_deref()),
                Field::Number(range.score),
                Field::Number(range.low),
                Field::Number(range.high),
                Field::Flag(range.band_can_change),
            ];
            sheet.row(&fields, &Row { account: &record.account, range: &range })?;
            Ok(Ok(()))
        })?;
    sheet.finish()?;
    notes.note(&format!("{open} of {all} accounts change their band when weights move by {relative}"));
    Ok(done)
}
