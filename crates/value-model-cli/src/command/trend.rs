//! `value-model trend`: how scores moved over a history, and why.

use clap::Args;
use value_model::compare::trend::{Trend as Line, TrendPoint, trends};
use value_model::math;

use super::past::{PastArgs, past};
use crate::args::OutputArgs;
use crate::message::{Done, Failure, Notes};
use crate::output::grid::Grid;
use crate::output::sheet::Field;

/// Show how scores moved over a history, and why.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model score october.csv --model mine.toml --as-of 2026-10-01 --append history
  value-model score november.csv --model mine.toml --as-of 2026-11-01 --append history
  value-model trend history
  value-model trend history --account acme

One row per account, the largest fall first: what customers do or say (behaviour), which answers are known (coverage) and what
new versions of the model did, which is never read as behaviour. With --account one row per day.")]
pub(crate) struct Trend {
    #[command(flatten)]
    pub past: PastArgs,
    /// Show one account, day by day.
    #[arg(long, short, value_name = "ACCOUNT")]
    pub account: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Trend, notes: Notes) -> Result<Done, Failure> {
    let history = past(&args.past, args.account.as_deref(), notes)?;
    let found = trends(&history.states())?.trends;
    if args.account.is_some() {
        return days(args, &found);
    }
    accounts(args, found, notes)
}

/// One row per account and model, the largest fall first; without a change last.
fn accounts(args: &Trend, mut found: Vec<Line>, notes: Notes) -> Result<Done, Failure> {
    found.sort_by_key(|line| line.change.map_or((1, 0), |change| (0, math::billionths(change))));
    let table = args.output.is_table();
    let models = several(&found);
    let header = columns(&[
        ("account", Field::Text(String::new())),
        ("model", Field::Text(String::new())),
        ("band", Field::Text(String::new())),
        ("band_since", Field::Text(String::new())),
        ("days", Field::Count(0)),
        ("first", Field::Number(None)),
        ("last", Field::Number(None)),
        ("change", Field::Number(None)),
        ("behaviour", Field::Number(None)),
        ("coverage", Field::Number(None)),
        ("model_effect", Field::Number(None)),
        ("override", Field::Number(None)),
    ]);
    // A table for people leaves out what is the same everywhere.
    let overridden =
        found.iter().any(|line| line.override_.is_some_and(|effect| math::billionths(effect) != 0));
    let hidden = |name: &str| table && (name == "model" && !models || name == "override" && !overridden);
    let shown: Vec<bool> = header.iter().map(|(name, _)| !hidden(name)).collect();
    let texts = 4 - usize::from(hidden("model"));
    let header = pick(header, &shown);
    let mut grid = Grid::open(&args.output, &header, texts)?;
    for line in &found {
        let band = line.band.as_deref().unwrap_or("no score");
        let since = line.band_since.map(|day| day.to_string()).unwrap_or_default();
        let mut row = vec![Field::Text(line.account.clone()), Field::name(Some(&line.model))];
        row.extend([Field::name(Some(band)), Field::Text(since), Field::Count(line.points.len() as u64)]);
        let effects = [line.behaviour, line.coverage, line.model_effect, line.override_];
        row.extend([line.first, line.last, line.change].into_iter().chain(effects).map(Field::Number));
        grid.row(pick(row, &shown), line)?;
    }
    grid.finish()?;
    let moved = found.iter().filter(|line| line.change.is_some_and(|change| math::billionths(change) != 0));
    let versions = found.iter().filter(|line| line.points.iter().any(|point| point.model_changed)).count();
    let new = if versions > 0 {
        format!(", {versions} of them judged by a new model on the way")
    } else {
        String::new()
    };
    notes.note(&format!("{} of {} scores moved{new}", moved.count(), found.len()));
    Ok(Done::Fully)
}

/// One row per day of an account.
fn days(args: &Trend, found: &[Line]) -> Result<Done, Failure> {
    let table = args.output.is_table();
    let models = several(found);
    let header = columns(&[
        ("as_of", Field::Text(String::new())),
        ("model", Field::Text(String::new())),
        ("version", Field::Text(String::new())),
        ("band", Field::Text(String::new())),
        ("lower_band", Field::Text(String::new())),
        ("model_changed", Field::Flag(false)),
        ("score", Field::Number(None)),
        ("lower", Field::Number(None)),
        ("answered", Field::Share(None)),
        ("change", Field::Number(None)),
        ("behaviour", Field::Number(None)),
        ("coverage", Field::Number(None)),
        ("model_effect", Field::Number(None)),
        ("override", Field::Number(None)),
    ]);
    let hidden = |name: &str| {
        table && (name == "model" && !models || matches!(name, "lower_band" | "model_changed" | "override"))
    };
    let shown: Vec<bool> = header.iter().map(|(name, _)| !hidden(name)).collect();
    let texts = if table { 3 + usize::from(models) } else { 5 };
    let mut grid = Grid::open(&args.output, &pick(header, &shown), texts)?;
    for line in found {
        for point in &line.points {
            let row = day(line, point, table);
            if let Some(step) = &point.step {
                let new = if point.model_changed {
                    format!(" (new model: version {})", point.version)
                } else {
                    String::new()
                };
                grid.below(&format!("{}{new}: {}", point.as_of, step.summary));
            }
            grid.row(pick(row, &shown), point)?;
        }
    }
    grid.finish()?;
    Ok(Done::Fully)
}

fn day(line: &Line, point: &TrendPoint, table: bool) -> Vec<Field> {
    let mark = if table && point.model_changed { " (new)" } else { "" };
    let band = point.band.as_deref().unwrap_or(if table { "no score" } else { "" });
    let mut row = vec![Field::Text(point.as_of.to_string()), Field::name(Some(&line.model))];
    row.extend([Field::Text(format!("{}{mark}", point.version)), Field::name(Some(band))]);
    row.extend([Field::name(Some(&point.lower_band)), Field::Flag(point.model_changed)]);
    row.extend([
        Field::Number(point.score),
        Field::Number(Some(point.lower)),
        Field::Share(Some(point.answered)),
    ]);
    let step = point.step.as_ref();
    let effects = [
        step.and_then(|step| step.change),
        step.and_then(|step| step.behaviour),
        step.and_then(|step| step.coverage),
        step.and_then(|step| step.model),
        step.and_then(|step| step.override_),
    ];
    row.extend(effects.map(Field::Number));
    row
}

fn several(found: &[Line]) -> bool {
    found.iter().zip(found.iter().skip(1)).any(|(a, b)| a.model != b.model)
}

fn columns(named: &[(&str, Field)]) -> Vec<(String, Field)> {
    named.iter().map(|(name, kind)| ((*name).to_owned(), kind.clone())).collect()
}

/// The entries that are shown.
fn pick<T>(all: Vec<T>, shown: &[bool]) -> Vec<T> {
    all.into_iter().zip(shown).filter_map(|(entry, shown)| shown.then_some(entry)).collect()
}
