//! Accounts from files: tables in two layouts, NDJSON and JSON, read one at a time.

#[cfg(test)]
mod against_csv;
pub(crate) mod cells;
pub(crate) mod decimal;
pub(crate) mod detect;
pub(crate) mod json;
pub(crate) mod long;
pub(crate) mod ndjson;
pub(crate) mod pieces;
#[allow(dead_code, reason = "for readers of columns")]
pub(crate) mod plain;
pub(crate) mod records;
pub(crate) mod source;
pub(crate) mod table;
pub(crate) mod wide;

use std::ops::ControlFlow;

use value_model::answer::Record;
use value_model::scorecard::Scorer;

use crate::args::{InputArgs, InputFormat, Layout};
use crate::message::{Failure, Notes, Refused};
use source::Source;
use table::Table;

/// What is done with each account, given its line. Breaking stops the reading.
pub(crate) type Visit<'a> = dyn FnMut(u64, Result<Record, Refused>) -> Result<ControlFlow<()>, Failure> + 'a;

/// How accounts are to be read.
#[derive(Clone, Copy)]
pub(crate) struct Plan<'a> {
    /// The flags.
    pub args: &'a InputArgs,
    /// The model whose measures are read.
    pub scorer: &'a Scorer,
    /// Columns that are read as attributes of the account.
    pub attributes: &'a [String],
    /// Where to say what was noticed.
    pub notes: Notes,
}

/// An opened input in its form.
pub(crate) enum Input {
    /// A table with one row per account.
    Wide(wide::Wide),
    /// A table with one row per answer.
    Long(long::Long),
    /// One record per line.
    Ndjson(Source),
    /// A list of records, or one.
    Json(Source),
}

impl Input {
    /// Looks at the beginning of an input and prepares to read it.
    pub(crate) fn open(source: Source, plan: &Plan<'_>) -> Result<Self, Failure> {
        if plan.args.input_format.unwrap_or_else(|| format(&source)) != InputFormat::Csv {
            return Self::records(source, plan);
        }
        let table = Table::open(source, plan.args.delimiter)?;
        let long = table.find("measure").is_some() && table.find("value").is_some();
        match plan.args.layout.unwrap_or(if long { Layout::Long } else { Layout::Wide }) {
            Layout::Wide => Ok(Self::Wide(wide::Wide::new(table, plan)?)),
            Layout::Long => Ok(Self::Long(long::Long::new(table, plan)?)),
        }
    }

    fn records(source: Source, plan: &Plan<'_>) -> Result<Self, Failure> {
        if !plan.args.map.is_empty() || plan.args.layout.is_some() {
            return Err(Failure::usage("`--map` and `--layout` are for tables; records name their measures"));
        }
        let list = source.beginning.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        match plan.args.input_format.unwrap_or_else(|| format(&source)) {
            InputFormat::Json => Ok(Self::Json(source)),
            // A list in a file for lines: the name is wrong, the content is clear.
            _ if list => Ok(Self::Json(source)),
            _ => Ok(Self::Ndjson(source)),
        }
    }

    /// Gives every account to `visit`, in the order of the file.
    ///
    /// # Errors
    /// What makes reading on impossible, `empty` for a file without accounts, and what `visit` gives.
    pub(crate) fn each(self, plan: &Plan<'_>, visit: &mut Visit<'_>) -> Result<(), Failure> {
        match self {
            Self::Wide(wide) => wide.each(plan, visit),
            Self::Long(long) => long.each(plan, visit),
            Self::Ndjson(source) => ndjson::each(source, plan, visit),
            Self::Json(source) => json::each(source, plan, visit),
        }
    }
}

/// The form told by the name, else by the first byte.
fn format(source: &Source) -> InputFormat {
    let name = source.name.to_ascii_lowercase();
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("csv" | "tsv") => InputFormat::Csv,
        Some("ndjson" | "jsonl") => InputFormat::Ndjson,
        Some("json") => InputFormat::Json,
        _ => match source.beginning.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => InputFormat::Ndjson,
            Some(b'[') => InputFormat::Json,
            _ => InputFormat::Csv,
        },
    }
}

/// The refusal of a file that has a beginning but no account.
pub(crate) fn no_accounts(name: &str) -> Failure {
    Failure::new("empty", "the file holds no account").at(name)
}

/// Fills in what the flags say about answers that do not say it themselves.
pub(crate) fn with_defaults(mut record: Record, args: &InputArgs) -> Record {
    record.default_source = record.default_source.or(args.default_source);
    record.default_on = record.default_on.or(args.default_on);
    if record.default_persona.is_none() {
        record.default_persona.clone_from(&args.default_persona);
    }
    record
}
