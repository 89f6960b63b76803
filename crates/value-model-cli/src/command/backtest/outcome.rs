//! Which values of a column mean that an account was kept, and which that it was lost.

use std::collections::BTreeSet;

use clap::Args;
use value_model::answer::Record;

use crate::command::score::full::full_text;
use crate::message::{Failure, Notes, names};

/// What became of the accounts.
#[derive(Debug, Args)]
pub(crate) struct OutcomeArgs {
    /// The column that says what became of the account. An empty cell means that it is not known yet.
    #[arg(long, value_name = "COLUMN", required = true)]
    pub outcome: String,
    /// Values that mean the account was kept, such as `yes`. Without --lost, the one other value means lost.
    #[arg(long, value_name = "VALUE,...", value_delimiter = ',')]
    pub kept: Vec<String>,
    /// Values that mean the account was lost, such as `1` for a column named `churned`.
    #[arg(long, value_name = "VALUE,...", value_delimiter = ',')]
    pub lost: Vec<String>,
}

/// Reads outcomes, and remembers which values were met.
pub(crate) struct Outcomes<'a> {
    args: &'a OutcomeArgs,
    others: BTreeSet<String>,
}

impl<'a> Outcomes<'a> {
    pub(crate) fn new(args: &'a OutcomeArgs) -> Result<Self, Failure> {
        if args.kept.is_empty() && args.lost.is_empty() {
            let message = format!("which values of `{}` mean kept, and which lost?", args.outcome);
            return Err(Failure::usage(message).help("pass `--kept yes`, or `--lost 1`, or both"));
        }
        if let Some(both) = args.kept.iter().find(|value| args.lost.contains(value)) {
            return Err(Failure::usage(format!("`{both}` cannot mean both kept and lost")));
        }
        Ok(Self { args, others: BTreeSet::new() })
    }

    /// Whether the account was kept; nothing when that is not known.
    pub(crate) fn of(&mut self, record: &Record) -> Result<Option<bool>, Failure> {
        let Some(value) = record.attributes.get(&self.args.outcome).map(full_text) else { return Ok(None) };
        let value = value.trim();
        if value.is_empty() {
            return Ok(None);
        }
        let is = |known: &[String]| known.iter().any(|known| known == value);
        if is(&self.args.kept) || is(&self.args.lost) {
            return Ok(Some(is(&self.args.kept)));
        }
        if !self.others.contains(value) {
            self.others.insert(value.to_owned());
        }
        // One side named: the other side is one other value. A third value is a mistake that nobody would see.
        if self.others.len() > 1 || !(self.args.kept.is_empty() || self.args.lost.is_empty()) {
            let met: Vec<&str> = self.others.iter().map(String::as_str).collect();
            return Err(Failure::new(
                "outside_scale",
                format!("`{}` holds {} too", self.args.outcome, names(&met)),
            )
            .at(record.account.clone())
            .help("say what every value means with --kept and --lost"));
        }
        Ok(Some(self.args.kept.is_empty()))
    }

    /// Says how values were read where that was not said.
    pub(crate) fn say(&self, notes: Notes) {
        if let Some(other) = self.others.first() {
            let meaning = if self.args.kept.is_empty() { "kept" } else { "lost" };
            notes.note(&format!("`{other}` in `{}` was read as {meaning}", self.args.outcome));
        }
    }
}
