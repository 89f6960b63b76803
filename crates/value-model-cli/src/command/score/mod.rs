//! `value-model score`: every account of a file.

pub(crate) mod batch;
mod block;
mod columns;
mod fast;
pub(crate) mod full;
pub(crate) mod gathered;
mod long;
mod objects;
mod row;
mod set;
mod set_columns;
mod sheet;
mod shown;
mod writer;

use std::path::PathBuf;

use clap::Args;
use value_model::Date;
use value_model::answer::Record;
use value_model::scorecard::{Assessment, Scorer};

use crate::args::{InputArgs, ModelArgs, OutputArgs, RejectArgs};
use crate::history::Appender;
use crate::input::files::Files;
use crate::input::{self, Input, Plan};
use crate::message::{Done, Failure, Notes};
use crate::model::{self, Model};
use crate::output::Format;
use crate::output::flat::{Columns, More};
use crate::output::rejects::Rejects;
use writer::Writer;

/// Score every account of a file.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model score accounts.csv --model value-realization --as-of 2026-11-01 -o scores.csv
  value-model score accounts.csv --model mine.toml --as-of 2026-11-01 --append history.parquet
  value-model score jan.parquet feb.csv archive/ --model mine.toml --as-of 2026-11-01 --keep csm -o scores.parquet

One line per account: score, band, coverage, the bounds between which the score can end once everything is answered,
and one column per group. Rows that cannot be read are refused and counted; the others are scored.")]
pub(crate) struct Score {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub model: ModelArgs,
    #[command(flatten)]
    pub output: OutputArgs,
    /// Columns (or attributes) to carry over into the output.
    #[arg(long, value_name = "COLUMN,...", value_delimiter = ',')]
    pub keep: Vec<String>,
    /// Add one column per measure: the points it contributes to the score.
    #[arg(long)]
    pub contributions: bool,
    /// Add columns of true and false: answers without a date where age matters, values that moved away from their
    /// target, and rules that fired.
    #[arg(long)]
    pub flags: bool,
    /// The most accounts that a table shows.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub rows: u32,
    #[command(flatten)]
    pub rejects: RejectArgs,
    #[command(flatten)]
    pub history: HistoryArgs,
}

impl Score {
    /// Columns that are there on request.
    const fn more(&self) -> More {
        More { contributions: self.contributions, flags: self.flags }
    }

    /// Whether results go to a history and nowhere else.
    fn is_kept_alone(&self) -> bool {
        self.history.append.is_some() && self.output.output.is_none() && self.output.format.is_none()
    }
}

/// Keeping assessments.
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// Keep the assessments with their answers in this history: a .parquet file, or a folder with one for each day.
    /// What is already there is not added again. Without `-o` or `--format` results go nowhere else.
    #[arg(long, value_name = "FILE|FOLDER")]
    pub append: Option<PathBuf>,
    /// Let new assessments of the same account, day, model and version take the place of old ones.
    #[arg(long, requires = "append")]
    pub replace: bool,
}

impl HistoryArgs {
    /// Opens the history of a day, if one is kept.
    fn open(&self, as_of: Date) -> Result<Option<Appender>, Failure> {
        self.append.as_ref().map(|path| Appender::open(path, as_of, self.replace)).transpose()
    }

    /// Closes the history and says what became of the assessments.
    fn finish(&self, kept: Option<Appender>, notes: Notes) -> Result<(), Failure> {
        let (Some(kept), Some(path)) = (kept, &self.append) else { return Ok(()) };
        notes.note(&kept.finish()?.told(path));
        Ok(())
    }
}

/// What the scoring of a file counts.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    scored: u64,
    without: u64,
}

impl Tally {
    fn count(&mut self, score: Option<f64>) {
        match score {
            Some(_) => self.scored += 1,
            None => self.without += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.scored += other.scored;
        self.without += other.without;
    }
}

/// Runs the command.
pub(crate) fn run(args: &Score, notes: Notes) -> Result<Done, Failure> {
    let model = model::any(&args.model)?;
    match &model {
        Model::One(scorer) => one(args, scorer, notes),
        Model::Set(set) => set::run(args, &model, set, notes),
    }
}

/// Scores with one model.
fn one(args: &Score, scorer: &Scorer, notes: Notes) -> Result<Done, Failure> {
    let mut files = Files::list(&args.input.input, notes)?;
    files.differ(args.output.output.as_ref())?;
    files.differ(Rejects::path(&args.rejects))?;
    files.differ(args.history.append.as_ref())?;
    let as_of = model::as_of(&args.model, notes)?;
    let columns = Columns::new(scorer, &args.keep, args.more(), args.output.style())?;
    let columnar = Format::of(args.output.format, args.output.output.as_deref()).is_columnar();
    let kept = if columnar && !args.keep.is_empty() { files.kept(&args.keep)? } else { Vec::new() };
    let mut rejects = Rejects::open(&args.rejects, args.output.raw, notes)?;
    let progress = files.progress(notes);
    let attributes = input::attributes(&args.input, &args.keep);
    let plan = Plan { args: &args.input, scorer, set: None, attributes: &attributes, notes };
    let keep = &args.keep;
    let mut history = args.history.open(as_of)?;
    let watched = history.is_some();
    let mut watch = |line: u64, record: &Record, found: &Assessment| match &mut history {
        Some(history) => history.add(record, found, (scorer, None, line)),
        None => Ok(Ok(())),
    };
    let mut run = full::Run {
        plan,
        as_of,
        columns: &columns,
        keep,
        progress: &progress,
        tally: Tally::default(),
        watch: if watched { Some(&mut watch) } else { None },
    };
    let mut writer = Writer::open(&run, args, &kept)?;
    files.each(notes, &mut |opened| {
        rejects.read_from(opened.name());
        let kept = opened.kept(keep);
        writer.add(&mut run, (Input::open(opened, &plan)?, &kept), &mut rejects)?;
        Ok(true)
    })?;
    let Tally { scored, without } = run.tally;
    drop(progress);
    writer.finish()?;
    args.history.finish(history, notes)?;
    let refused = rejects.count();
    let done = rejects.finish()?;
    let plural = |n: u64| if n == 1 { "account" } else { "accounts" };
    let without =
        if without > 0 { format!(", {without} without a score (see `outcome`)") } else { String::new() };
    let refused = if refused > 0 { format!(", {refused} refused") } else { String::new() };
    let (accounts, model) = (plural(scored), &args.model.model);
    notes.note(&format!("{scored} {accounts} scored with {model} as of {as_of}{without}{refused}"));
    Ok(done)
}
