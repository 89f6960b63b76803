//! `value-model delta`: what changed between two files, and why.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use value_model::answer::Record;
use value_model::compare::State;
use value_model::compare::delta::{Delta as Split, delta};
use value_model::compare::series::series;
use value_model::scorecard::{Id, Scorer};
use value_model::{Date, Error};

use super::each::{Refusal, each};
use super::past::read;
use crate::args::{InputArgs, ModelArgs, OutputArgs, RejectArgs, parse_date};
use crate::history::Wanted;
use crate::input::files::Files;
use crate::input::{self, Input, Plan};
use crate::message::{Done, Failure, Notes};
use crate::model::{self, Model};
use crate::output::sheet::{Field, Sheet};

/// The most accounts of the first file that are held in memory.
const IN_MEMORY: usize = 200_000;

/// Explain what changed between two files.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model delta september.csv october.csv --model value-realization \\
      --as-of-before 2026-10-01 --as-of 2026-11-01

  value-model delta history.parquet --as-of-before 2026-10-01 --as-of 2026-11-01

The change is split into behaviour (what customers do or say), coverage (which answers are known) and model. The first
file is held in memory; accounts that only one file holds are counted. A history (see `score --append`) stands alone: of each
account the last assessments on or before the two days are compared.",
    mut_arg("input", |arg| arg.required(false)),
    mut_arg("model", |arg| arg.required(false).default_value("").hide_default_value(true)))]
pub(crate) struct Delta {
    /// The older file, or a history.
    #[arg(value_name = "BEFORE|HISTORY")]
    pub before: PathBuf,
    /// The flags of both files; FILE is the newer one.
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub model: ModelArgs,
    /// The model of the older file, where it was another.
    #[arg(long, value_name = "PRESET|FILE")]
    pub model_before: Option<String>,
    /// The day on which the older file was scored.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub as_of_before: Date,
    /// Only accounts whose band changed.
    #[arg(long)]
    pub bands: bool,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub rejects: RejectArgs,
}

#[derive(serde::Serialize)]
struct Row<'a> {
    account: &'a str,
    band_before: Option<&'a str>,
    band_after: Option<&'a str>,
    #[serde(flatten)]
    delta: &'a Split,
}

/// Runs the command.
pub(crate) fn run(args: &Delta, notes: Notes) -> Result<Done, Failure> {
    if args.input.input.is_empty() {
        return of_history(args, notes);
    }
    if args.model.model.is_empty() {
        return Err(Failure::usage("two files need `--model`, under which their accounts are scored"));
    }
    let mut before = Files::list(std::slice::from_ref(&args.before), notes)?;
    before.differ(args.output.output.as_ref())?;
    let model = model::any(&args.model)?;
    let as_of = model::as_of(&args.model, notes)?;
    let old_model = match &args.model_before {
        Some(name) => model::any_named(name, &args.model.missing_code)?,
        None => model.clone(),
    };
    let (mut old, refused) = older(&args.input, &mut before, &old_model)?;
    if refused > 0 {
        let name = args.before.display();
        notes.warn(&format!(
            "{refused} rows of {name} were refused; see them with `value-model score {name}`"
        ));
    }
    let mut changes = Changes::open(args)?;
    let mut only_after = 0_u64;
    let done =
        each((&args.input, &args.rejects, args.output.output.as_ref()), &model, &[], notes, &mut |record| {
            let Some(before) = old.remove(&record.account) else {
                only_after += 1;
                return Ok(Ok(()));
            };
            let sides = old_model.headline(&before).and_then(|was| Ok(was.zip(model.headline(&record)?)));
            let ((old_scorer, before), (scorer, known)) = match sides {
                Ok(Some(sides)) => sides,
                Ok(None) => return Ok(Ok(())),
                Err(error) => return Ok(Err(Refusal { error, account: record.account })),
            };
            let split = match compare((old_scorer, &before, args.as_of_before), (scorer, &known, as_of)) {
                Ok(split) => split,
                Err(error) => return Ok(Err(Refusal { error, account: known.account.clone() })),
            };
            let (was, is) = (band(old_scorer, split.before), band(scorer, split.after));
            if !args.bands || was != is {
                changes.write(&record.account, (was.as_deref(), is.as_deref()), &split)?;
            }
            Ok(Ok(()))
        })?;
    changes.sheet.finish()?;
    if !old.is_empty() || only_after > 0 {
        notes.note(&format!("{} accounts only in the older file, {only_after} only in the newer", old.len()));
    }
    Ok(done)
}

/// Compares the last assessments of each account on or before two days.
fn of_history(args: &Delta, notes: Notes) -> Result<Done, Failure> {
    if args.model_before.is_some() {
        return Err(Failure::usage("a history knows its models; `--model-before` is for two files"));
    }
    let model = Some(&args.model.model).filter(|model| !model.is_empty()).cloned();
    let wanted = Wanted { model, until: args.model.as_of, ..Wanted::default() };
    let history = read(&args.before, &wanted, notes)?;
    let states = history.states();
    let mut changes = Changes::open(args)?;
    let (mut only_before, mut only_after) = (0_u64, 0_u64);
    for days in series(&states)?.into_values() {
        let before = days.iter().rev().find(|state| state.as_of <= args.as_of_before);
        let after = days.last().filter(|state| state.as_of > args.as_of_before);
        let (Some(before), Some(after)) = (before, after) else {
            only_before += u64::from(after.is_none());
            only_after += u64::from(before.is_none());
            continue;
        };
        let split = delta(before, after)?;
        let (was, is) = (band(before.scorer, split.before), band(after.scorer, split.after));
        if !args.bands || was != is {
            changes.write(&after.record.account, (was.as_deref(), is.as_deref()), &split)?;
        }
    }
    changes.sheet.finish()?;
    if only_before + only_after > 0 {
        let day = args.as_of_before;
        notes.note(&format!(
            "{only_before} accounts have no assessment after {day}, {only_after} none before"
        ));
    }
    Ok(Done::Fully)
}

fn compare(before: (&Scorer, &Record, Date), after: (&Scorer, &Record, Date)) -> Result<Split, Error> {
    let state = |(scorer, record, as_of)| State { scorer, record, as_of };
    delta(&state(before), &state(after))
}

fn band(scorer: &Scorer, score: Option<f64>) -> Option<Id> {
    score.map(|score| scorer.band_name(scorer.band_of(score)))
}

const HEADER: [&str; 11] = [
    "account",
    "band_before",
    "band_after",
    "before",
    "after",
    "change",
    "behaviour",
    "coverage",
    "model",
    "override",
    "summary",
];

/// The rows being written. In a table the sentences stand below it, for the accounts that changed.
struct Changes {
    sheet: Sheet,
    columns: usize,
}

impl Changes {
    fn open(args: &Delta) -> Result<Self, Failure> {
        let table = args.output.is_table();
        let columns = if table { HEADER.len() - 1 } else { HEADER.len() };
        let header: Vec<&str> = HEADER.iter().take(columns).copied().collect();
        Ok(Self { sheet: Sheet::open(&args.output, &header, 3)?, columns })
    }

    fn write(
        &mut self,
        account: &str,
        bands: (Option<&str>, Option<&str>),
        split: &Split,
    ) -> Result<(), Failure> {
        let (was, is) = bands;
        let mut fields = vec![Field::Text(account.to_owned()), Field::name(was), Field::name(is)];
        let effects = [split.behaviour, split.coverage, split.model, split.override_];
        fields.extend([split.before, split.after, split.change].map(Field::Number));
        fields.extend(effects.map(Field::Number));
        fields.push(Field::Text(split.summary.clone()));
        fields.truncate(self.columns);
        if split.before != split.after {
            self.sheet.below(&format!("{account}: {}", split.summary));
        }
        self.sheet.row(&fields, &Row { account, band_before: was, band_after: is, delta: split })
    }
}

/// The records of the older file by account.
pub(super) fn older(
    args: &InputArgs,
    files: &mut Files,
    model: &Model,
) -> Result<(BTreeMap<String, Record>, u64), Failure> {
    // What is to be said about columns is said about the newer file.
    let notes = Notes { quiet: true };
    let attributes = model.attributes(&input::attributes(args, &[]));
    let scorer = model.first()?;
    let plan = Plan { args, scorer, set: model.set(), attributes: &attributes, notes };
    let (mut found, mut refused) = (BTreeMap::new(), 0_u64);
    files.each(notes, &mut |opened| {
        let name = opened.name().to_owned();
        Input::open(opened, &plan)?.each(&plan, &mut |line, record| {
            match record {
                Err(_) => refused += 1,
                Ok(record) => {
                    add(&mut found, record).map_err(|failure| failure.at(format!("{name}:{line}")))?;
                }
            }
            Ok(std::ops::ControlFlow::Continue(()))
        })?;
        Ok(true)
    })?;
    Ok((found, refused))
}

/// Adds a record that no other of the same account stands beside.
fn add(found: &mut BTreeMap<String, Record>, record: Record) -> Result<(), Failure> {
    if found.len() >= IN_MEMORY {
        return Err(Failure::new("limit", format!("more than {IN_MEMORY} accounts do not fit in memory")));
    }
    let account = record.account.clone();
    if found.insert(account.clone(), record).is_some() {
        let message = format!("account `{}` stands twice", value_model::error::excerpt(&account));
        return Err(Failure::new("duplicate", message));
    }
    Ok(())
}
