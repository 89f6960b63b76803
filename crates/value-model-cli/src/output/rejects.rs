//! Rows that were not scored: to a file, counted, and the first few shown.

use std::path::PathBuf;

use super::cell::Style;
use super::{Format, Output, json};
use crate::message::{Done, Failure, Notes, Refused};

/// So many are shown on stderr; the file holds all of them.
const SHOWN: u64 = 5;

/// What becomes of refused rows.
pub(crate) struct Rejects {
    file: Option<(Output, Format)>,
    style: Style,
    source: String,
    notes: Notes,
    strict: bool,
    count: u64,
}

/// A refused row with its file.
#[derive(serde::Serialize)]
struct Located<'a> {
    #[serde(flatten)]
    row: &'a Refused,
    file: &'a str,
}

impl Rejects {
    /// Opens the file, if one is asked for.
    pub(crate) fn open(args: &crate::args::RejectArgs, raw: bool, notes: Notes) -> Result<Self, Failure> {
        let style = Style { delimiter: b',', raw };
        let file = match &args.rejects {
            None => None,
            Some(path) => {
                let format = Format::of(None, Some(path)).as_text()?;
                let mut output = Output::open(Some(path))?;
                if format == Format::Csv {
                    style.line(&mut output.text, &["line", "account", "field", "code", "message", "file"]);
                }
                Some((output, format))
            }
        };
        Ok(Self { file, style, source: String::new(), notes, strict: args.strict, count: 0 })
    }

    /// Where rejects go, so that it can be told from the main output.
    pub(crate) fn path(args: &crate::args::RejectArgs) -> Option<&PathBuf> {
        args.rejects.as_ref()
    }

    /// Says of which file the rows to come are.
    pub(crate) fn read_from(&mut self, name: &str) {
        name.clone_into(&mut self.source);
    }

    /// Takes one row.
    pub(crate) fn add(&mut self, row: &Refused) -> Result<(), Failure> {
        self.count += 1;
        if self.file.is_none() && self.count <= SHOWN {
            let who =
                if row.account.is_empty() { String::new() } else { format!(", account `{}`", row.account) };
            self.notes.warn(&format!("{}:{}{who}: {} [{}]", self.source, row.line, row.message, row.code));
        }
        let Some((output, format)) = &mut self.file else { return Ok(()) };
        if *format == Format::Csv {
            let line = row.line.to_string();
            let cells = [&*line, &row.account, &row.field, &row.code, &row.message, &self.source];
            self.style.line(&mut output.text, &cells);
        } else {
            json(&mut output.text, &Located { row, file: &self.source }, false)?;
            output.text.push(b'\n');
        }
        output.spill()
    }

    /// How many rows were refused so far.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// Finishes the file and says how many there were.
    pub(crate) fn finish(self) -> Result<Done, Failure> {
        if self.count > 0 {
            let rows = if self.count == 1 { "row was" } else { "rows were" };
            let rest = match &self.file {
                None if self.count > SHOWN => "; see all of them with `--rejects FILE`",
                _ => "",
            };
            self.notes.warn(&format!("{} {rows} refused{rest}", self.count));
        }
        if let Some((output, _)) = self.file {
            output.finish()?;
        }
        Ok(if self.strict && self.count > 0 { Done::RowsRefused } else { Done::Fully })
    }
}
