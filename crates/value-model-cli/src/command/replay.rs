//! `value-model replay`: a history under another version of its model, and what that alone does.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use value_model::Date;
use value_model::compare::State;
use value_model::compare::model_change::{change_of, known_to};
use value_model::compare::series::series;
use value_model::scorecard::Scorer;

use super::dry_run::Changes;
use super::past::{PastArgs, past};
use crate::args::OutputArgs;
use crate::history::{Appended, Appender};
use crate::message::{Done, Failure, Notes};
use crate::model;

/// Score a history again with another version of its model.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model replay history --model mine-2.toml
  value-model replay history --model mine-2.toml --append replayed --bands

Every assessment is scored again from the answers that were kept beside it, on its own day: answers are the same, so whatever
moves is the model's doing. --append keeps the new assessments, so that `trend` can show the past under one model.")]
pub(crate) struct Replay {
    #[command(flatten)]
    pub past: PastArgs,
    /// The new version: a preset, or a model file ending in .toml or .json.
    #[arg(long, short, value_name = "PRESET|FILE")]
    pub model: String,
    /// Only assessments whose band changes.
    #[arg(long)]
    pub bands: bool,
    /// Keep the new assessments in this history, which may be the same one.
    #[arg(long, value_name = "FILE|FOLDER")]
    pub append: Option<PathBuf>,
    /// Let new assessments of the same account, day, model and version take the place of old ones.
    #[arg(long, requires = "append")]
    pub replace: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Replay, notes: Notes) -> Result<Done, Failure> {
    let new = model::named(&args.model, &[])?;
    let history = past(&args.past, None, notes)?;
    let states = history.states();
    let series = series(&states)?;
    let own = args.past.of.is_some() || series.keys().all(|(_, model)| model != new.model());
    let mut changes = Changes::open(&args.output, true, args.bands)?;
    let mut others = 0_u64;
    let mut days: BTreeMap<Date, Vec<State<'_>>> = BTreeMap::new();
    for ((_, model), assessments) in &series {
        // Without `--of`, a history of several models is replayed where the new one is a version of the old.
        if !own && model != new.model() {
            others += assessments.len() as u64;
            continue;
        }
        for state in assessments {
            let change = change_of(state.scorer, &new, state.record, state.as_of)?;
            changes.write(Some(state.as_of), &change)?;
            days.entry(state.as_of).or_default().push(*state);
        }
    }
    if others > 0 {
        notes.note(&format!(
            "{others} assessments under other models than `{}` left out; `--of MODEL` names one",
            new.model()
        ));
    }
    changes.finish(notes)?;
    if let Some(path) = &args.append {
        let done = keep(path, args.replace, &new, &days)?;
        notes.note(&done.told(path));
    }
    Ok(Done::Fully)
}

/// Keeps the assessments of every day under the new model.
fn keep(
    path: &std::path::Path,
    replace: bool,
    new: &Scorer,
    days: &BTreeMap<Date, Vec<State<'_>>>,
) -> Result<Appended, Failure> {
    let mut all = Appended::default();
    for (day, states) in days {
        let mut history = Appender::open(path, *day, replace)?;
        for state in states {
            let record = known_to(new, state.record);
            let found = new.assess(&record, *day)?;
            // An account stands once per day in a series, so none is refused.
            let _ = history.add(&record, &found, (new, None, 0))?;
        }
        all.add(history.finish()?);
    }
    Ok(all)
}
