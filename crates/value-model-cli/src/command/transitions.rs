//! `value-model transitions`: what of a history somebody should act on.

mod sent;

use std::path::PathBuf;

use clap::Args;
use value_model::compare::delta::Cause;
use value_model::compare::signals::{Settings, Signal, SignalKind, signals_of};
use value_model::compare::transitions::Direction;

use super::past::{PastArgs, read};
use crate::args::OutputArgs;
use crate::history::Wanted;
use crate::message::{Done, Failure, Notes};
use crate::output::grid::Grid;
use crate::output::sheet::Field;
use sent::Sent;

/// Tell the events of a history: bands crossed, lower bounds crossed, coverage lost, overrides that expire.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model transitions history --since 2026-11-01
  value-model transitions history --format ndjson --sent sent.txt | ./to-the-crm

Each event has an id that is the same in every run. With --sent an event is told once: the file holds the ids of those that
were told, and is written after the output, so that a run which fails tells them again.")]
pub(crate) struct Transitions {
    #[command(flatten)]
    pub past: PastArgs,
    /// Only events of this account.
    #[arg(long, short, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Only events of these kinds.
    #[arg(long, value_name = "KIND,...", value_delimiter = ',')]
    pub kind: Vec<Kind>,
    /// Days before the end of an override at which it is told. Without it the core's own default.
    #[arg(long, value_name = "DAYS")]
    pub expiring: Option<u32>,
    /// How far coverage must fall from one day to the next to be told, as a share. Without it the core's own default.
    #[arg(long, value_name = "SHARE")]
    pub coverage_drop: Option<f64>,
    /// A file with the ids of events that were told before; they are left out, and the others are added to it.
    #[arg(long, value_name = "FILE")]
    pub sent: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The band of the score changed.
    BandCrossed,
    /// The band of the lower bound changed.
    LowerBoundCrossed,
    /// Much less is known than before, or too little for a score.
    CoverageLost,
    /// An override ends soon.
    OverrideExpiring,
}

impl Kind {
    const fn of(kind: SignalKind) -> Self {
        match kind {
            SignalKind::BandCrossed => Self::BandCrossed,
            SignalKind::LowerBoundCrossed => Self::LowerBoundCrossed,
            SignalKind::CoverageLost => Self::CoverageLost,
            SignalKind::OverrideExpiring => Self::OverrideExpiring,
        }
    }
}

/// The texts of a table for people, and of the other forms.
const TEXTS: [usize; 2] = [5, 13];

/// Runs the command.
pub(crate) fn run(args: &Transitions, notes: Notes) -> Result<Done, Failure> {
    let mut sent = args.sent.as_deref().map(Sent::open).transpose()?;
    // Days before `--since` are read too: an event is a change from one day to the next.
    let wanted = Wanted {
        account: args.account.clone(),
        model: args.past.of.clone(),
        since: None,
        until: args.past.until,
    };
    let history = read(&args.past.history, &wanted, notes)?;
    let mut settings = Settings { since: args.past.since, until: args.past.until, ..Settings::default() };
    settings.expiring_days = args.expiring.unwrap_or(settings.expiring_days);
    settings.coverage_drop = args.coverage_drop.unwrap_or(settings.coverage_drop);
    let mut found = signals_of(&history.states(), &settings)?.signals;
    found.retain(|signal| args.kind.is_empty() || args.kind.contains(&Kind::of(signal.kind)));
    let all = found.len();
    found.retain(|signal| sent.as_ref().is_none_or(|sent| !sent.holds(&signal.id)));
    write(args, &found)?;
    let before = all - found.len();
    if let Some(sent) = &mut sent {
        sent.add(found.iter().map(|signal| signal.id.as_str()))?;
    }
    let told = if before > 0 { format!(", {before} told before") } else { String::new() };
    let down = found.iter().filter(|signal| signal.direction == Some(Direction::Down)).count();
    notes.note(&format!("{} events, {down} of them to a worse band{told}", found.len()));
    Ok(Done::Fully)
}

fn write(args: &Transitions, found: &[Signal]) -> Result<(), Failure> {
    let text = |name: &str| (name.to_owned(), Field::Text(String::new()));
    let number = |name: &str| (name.to_owned(), Field::Number(None));
    let table = args.output.is_table();
    let mut header: Vec<(String, Field)> =
        ["as_of", "account", "event", "from_to", "cause"].map(text).to_vec();
    if table {
        header.extend(["score", "change"].map(number));
    } else {
        header = ["id", "kind", "as_of", "before", "account", "model", "version"].map(text).to_vec();
        header.extend(["from", "to", "direction", "cause", "expires_on", "reason"].map(text));
        header.push(("model_changed".to_owned(), Field::Flag(false)));
        header.extend(["score_before", "lower", "answered_before", "answered"].map(number));
        header.extend(["score", "change", "behaviour", "coverage", "model_effect", "override"].map(number));
    }
    let [short_texts, texts] = TEXTS;
    let texts = if table { short_texts } else { texts };
    let mut grid = Grid::open(&args.output, &header, texts)?;
    for signal in found {
        grid.row(if table { short(signal) } else { whole(signal) }, signal)?;
        grid.below(&format!("{} {}: {}", signal.as_of, signal.account, signal.reason));
    }
    grid.finish()
}

fn short(signal: &Signal) -> Vec<Field> {
    let what = match (signal.kind, &signal.from, &signal.to, signal.expires_on) {
        (_, Some(from), Some(to), _) => format!("{from} > {to}"),
        (_, _, _, Some(day)) => format!("ends {day}"),
        (SignalKind::CoverageLost, ..) => {
            let before = signal.answered_before.unwrap_or(0.0) * 100.0;
            format!("{before:.0}% > {:.0}%", signal.answered * 100.0)
        }
        _ => String::new(),
    };
    let event = match signal.kind {
        SignalKind::BandCrossed => "band",
        SignalKind::LowerBoundCrossed => "lower bound",
        SignalKind::CoverageLost => "coverage",
        SignalKind::OverrideExpiring => "override",
    };
    let cause = signal.cause.map_or("", Cause::name);
    let mut row = vec![Field::Text(signal.as_of.to_string()), Field::Text(signal.account.clone())];
    row.extend([Field::name(Some(event)), Field::Text(what), Field::name(Some(cause))]);
    row.extend([signal.score, signal.change].map(Field::Number));
    row
}

fn whole(signal: &Signal) -> Vec<Field> {
    let day =
        |day: Option<value_model::Date>| Field::Text(day.map(|day| day.to_string()).unwrap_or_default());
    let word = |word: Option<&str>| Field::name(word);
    let mut row =
        vec![Field::Text(signal.id.clone()), word(Some(signal.kind.name())), day(Some(signal.as_of))];
    row.extend([day(signal.before), Field::Text(signal.account.clone())]);
    row.extend([word(Some(&signal.model)), word(Some(&signal.version))]);
    row.extend([word(signal.from.as_deref()), word(signal.to.as_deref())]);
    row.extend([word(signal.direction.map(Direction::name)), word(signal.cause.map(Cause::name))]);
    row.extend([
        day(signal.expires_on),
        Field::Text(signal.reason.clone()),
        Field::Flag(signal.model_changed),
    ]);
    let shares = [signal.score_before, Some(signal.lower), signal.answered_before, Some(signal.answered)];
    let effects = [signal.change, signal.behaviour, signal.coverage, signal.model_effect, signal.override_];
    row.extend(shares.into_iter().chain([signal.score]).chain(effects).map(Field::Number));
    row
}
