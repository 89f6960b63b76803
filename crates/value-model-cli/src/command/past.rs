//! What the commands that read a history share.

use std::path::PathBuf;

use clap::Args;
use value_model::Date;

use crate::args::parse_date;
use crate::history::{History, Wanted};
use crate::message::{Failure, Notes};

/// Which part of a history is looked at.
#[derive(Debug, Args)]
pub(crate) struct PastArgs {
    /// The history: what `value-model score --append` wrote.
    #[arg(value_name = "HISTORY")]
    pub history: PathBuf,
    /// Only assessments under the model of this id.
    #[arg(long, value_name = "MODEL")]
    pub of: Option<String>,
    /// Only assessments of this day or later.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub since: Option<Date>,
    /// Only assessments of this day or earlier.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub until: Option<Date>,
}

/// Reads a history.
pub(super) fn past(args: &PastArgs, account: Option<&str>, notes: Notes) -> Result<History, Failure> {
    let wanted = Wanted {
        account: account.map(str::to_owned),
        model: args.of.clone(),
        since: args.since,
        until: args.until,
    };
    read(&args.history, &wanted, notes)
}

/// Reads what is wanted of a history, and says when it was written by a release with other formulas.
pub(super) fn read(path: &std::path::Path, wanted: &Wanted, notes: Notes) -> Result<History, Failure> {
    let history = History::read(path, wanted)?;
    if history.differ > 0 {
        notes.warn(&format!(
            "{} assessments have another score than this release gives for the same answers and model; what is shown is \
             computed anew",
            history.differ
        ));
    }
    Ok(history)
}
