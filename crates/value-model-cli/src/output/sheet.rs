//! Small results as rows: CSV, NDJSON, JSON or a table from the same values.

use super::cell::Style;
use super::table::{percent, printable, readable, table};
use super::{Format, Output, json};
use crate::args::OutputArgs;
use crate::message::Failure;

/// A table for people stops here; files hold everything.
const SHOWN: usize = 1000;

/// One cell.
#[derive(Clone, Debug)]
pub(crate) enum Field {
    /// A name or a sentence.
    Text(String),
    /// A number; none where there is no result.
    Number(Option<f64>),
    /// A share; people read it in percent.
    Share(Option<f64>),
    /// A count.
    Count(u64),
    /// Yes or no.
    Flag(bool),
}

/// Rows being written.
pub(crate) struct Sheet {
    header: Vec<String>,
    texts: usize,
    format: Format,
    style: Style,
    output: Output,
    shown: Vec<Vec<String>>,
    below: Vec<String>,
    /// Sentences that came after the first few.
    unsaid: usize,
    rows: usize,
}

impl Sheet {
    /// Starts rows of these columns, the first `texts` of which are texts.
    pub(crate) fn open(args: &OutputArgs, header: &[&str], texts: usize) -> Result<Self, Failure> {
        Self::with_header(args, header.iter().map(|name| (*name).to_owned()).collect(), texts)
    }

    /// The same for columns that are only known at run time.
    pub(crate) fn with_header(args: &OutputArgs, header: Vec<String>, texts: usize) -> Result<Self, Failure> {
        let style = args.style();
        let format = Format::of(args.format, args.output.as_deref()).as_text()?;
        let mut output = Output::open(args.output.as_deref())?;
        if format == Format::Csv {
            style.line(&mut output.text, &header);
        }
        let (shown, below) = (Vec::new(), Vec::new());
        Ok(Self { header, texts, format, style, output, shown, below, unsaid: 0, rows: 0 })
    }

    /// Writes one row; JSON forms write `whole`, which may say more than the row.
    pub(crate) fn row<T: serde::Serialize>(&mut self, fields: &[Field], whole: &T) -> Result<(), Failure> {
        self.rows += 1;
        let out = &mut self.output.text;
        match self.format {
            Format::Csv => {
                let cells: Vec<String> = fields.iter().map(Field::exact).collect();
                self.style.line(out, &cells);
            }
            Format::Ndjson => {
                json(out, whole, false)?;
                out.push(b'\n');
            }
            Format::Json => {
                out.extend_from_slice(if self.rows == 1 { b"[\n" } else { b",\n" });
                json(out, whole, false)?;
            }
            Format::Table if self.shown.len() < SHOWN => {
                self.shown.push(fields.iter().map(Field::rounded).collect());
            }
            _ => {}
        }
        self.output.spill()
    }

    /// Keeps a sentence to stand below a table; the first few are shown.
    pub(crate) fn below(&mut self, sentence: &str) {
        const SENTENCES: usize = 20;
        if self.format == Format::Table && self.below.len() < SENTENCES {
            self.below.push(printable(sentence));
        } else {
            self.unsaid += 1;
        }
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let out = &mut self.output.text;
        match self.format {
            Format::Json if self.rows == 0 => out.extend_from_slice(b"[]\n"),
            Format::Json => out.extend_from_slice(b"\n]\n"),
            Format::Table => {
                out.extend_from_slice(table(&self.header, &self.shown, self.texts).as_bytes());
                if self.rows > self.shown.len() {
                    let more = self.rows - self.shown.len();
                    out.extend_from_slice(
                        format!("\n... and {more} more; write all of them with `-o FILE`").as_bytes(),
                    );
                }
                out.push(b'\n');
                if !self.below.is_empty() {
                    out.extend_from_slice(format!("\n{}\n", self.below.join("\n")).as_bytes());
                }
                if self.unsaid > 0 {
                    let more = format!("and {} more; `--format json` has all of them\n", self.unsaid);
                    out.extend_from_slice(more.as_bytes());
                }
            }
            _ => {}
        }
        self.output.finish()
    }
}

impl Field {
    /// A name that may be absent.
    pub(crate) fn name(name: Option<&str>) -> Self {
        Self::Text(name.unwrap_or_default().to_owned())
    }

    fn exact(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) | Self::Share(number) => {
                number.map_or_else(String::new, |number| zmij::Buffer::new().format(number).to_owned())
            }
            Self::Count(count) => count.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }

    fn rounded(&self) -> String {
        match self {
            Self::Number(number) => readable(*number),
            Self::Share(share) => share.map_or_else(|| "-".to_owned(), percent),
            Self::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
            other => other.exact(),
        }
    }
}
