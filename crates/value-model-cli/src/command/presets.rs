//! `value-model presets`: the models that come with the command.

use clap::Args;
use value_model::presets;

use crate::args::OutputArgs;
use crate::message::{Done, Failure};
use crate::output::sheet::{Field, Sheet};

/// List the models that come with the command.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model presets

Look at one with `value-model describe PRESET`, start your own from it with `value-model init PRESET`.")]
pub(crate) struct Presets {
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(serde::Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    measures: usize,
}

/// Runs the command.
pub(crate) fn run(args: &Presets) -> Result<Done, Failure> {
    let mut sheet = Sheet::open(&args.output, &["id", "title", "measures"], 2)?;
    for preset in presets::all() {
        let scorer = presets::scorecard(preset.id)?.compile()?;
        let row = Row { id: preset.id, title: preset.title, measures: scorer.measures().len() };
        let count = Field::Count(row.measures as u64);
        sheet.row(&[Field::Text(row.id.to_owned()), Field::Text(row.title.to_owned()), count], &row)?;
    }
    sheet.finish()?;
    Ok(Done::Fully)
}
