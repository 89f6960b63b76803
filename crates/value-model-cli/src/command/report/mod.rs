//! `value-model report`: one page for people about all accounts of a file, as HTML or Markdown.
//!
//! The page is gathered in one pass (`gather`), put into words (`page`), drawn (`chart`) and written (`render`).
//! Every number comes from the core.

mod chart;
mod gather;
mod outcomes;
mod page;
mod render;
mod setting;
mod top;
mod words;

use std::path::{Path, PathBuf};

use clap::Args;
use value_model::Date;

use crate::args::{InputArgs, ModelArgs, RejectArgs, parse_date};
use crate::message::{Done, Failure, Notes};
use crate::output::{Output, differ};

/// Panels of single accounts when nobody asks for a number: for a page, and for a comment in a chat or review.
const PANELS_HTML: u32 = 50;
const PANELS_MARKDOWN: u32 = 5;

/// Write a page for people: how the accounts stand, what moved, whom to call.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("tested").args(["outcomes", "outcome"]).multiple(true)))]
#[command(after_help = "\
Example:
  value-model report accounts.csv --model value-realization --as-of 2026-11-01 --by csm --revenue arr -o report.html
  value-model report october.csv --before september.csv --as-of-before 2026-10-01 \\
      --model value-realization --as-of 2026-11-01 -o report.md

The page is one file that needs no network and runs no script. Without --accounts, 50 accounts get a panel in HTML and
5 in Markdown: those that moved most, and those at risk; the page says how many it leaves out.")]
pub(crate) struct Report {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub model: ModelArgs,
    /// Columns (or attributes) to sum up by, such as csm,segment: one table for each.
    #[arg(long, value_name = "COLUMN,...", value_delimiter = ',')]
    pub by: Vec<String>,
    /// The column (or attribute) that holds the revenue.
    #[arg(long, value_name = "COLUMN")]
    pub revenue: Option<String>,
    /// An earlier file of the same accounts; what moved since then is explained. It is held in memory.
    #[arg(long, value_name = "FILE", requires = "as_of_before")]
    pub before: Option<PathBuf>,
    /// The day on which the earlier file was scored.
    #[arg(long, value_name = "DATE", value_parser = parse_date, requires = "before")]
    pub as_of_before: Option<Date>,
    /// The model of the earlier file, where it was another.
    #[arg(long, value_name = "PRESET|FILE", requires = "before")]
    pub model_before: Option<String>,
    /// A table of what became of the accounts (account, on, and the column --outcome): adds a back-test.
    #[arg(long, value_name = "FILE")]
    pub outcomes: Option<PathBuf>,
    /// The column that says what became of the account: of --outcomes, else of the accounts themselves.
    #[arg(long, value_name = "COLUMN")]
    pub outcome: Option<String>,
    /// Values that mean the account was kept, such as `yes`. Without --lost, the one other value means lost.
    #[arg(long, value_name = "VALUE,...", value_delimiter = ',', requires = "tested")]
    pub kept: Vec<String>,
    /// Values that mean the account was lost, such as `1` for a column named `churned`.
    #[arg(long, value_name = "VALUE,...", value_delimiter = ',', requires = "tested")]
    pub lost: Vec<String>,
    /// The work and hours of the team, as `value-model staffing` reads them: .toml or .json.
    #[arg(long, value_name = "FILE")]
    pub staffing: Option<PathBuf>,
    /// How many accounts get a panel of their own.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub accounts: Option<u32>,
    /// The title of the page; without it the title of the model.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Where the page goes; the file appears whole or not at all. `-` or nothing is standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The form of the page, where the file's name does not tell it. Standard output gets Markdown.
    #[arg(long, value_name = "FORM")]
    pub format: Option<Form>,
    #[command(flatten)]
    pub rejects: RejectArgs,
}

/// Forms of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// One HTML file, for browsers and print.
    Html,
    /// Markdown, for a pull request or a chat.
    Markdown,
}

impl Form {
    /// The form asked for, or told by the file's name.
    fn of(asked: Option<Self>, path: Option<&Path>) -> Result<Self, Failure> {
        if let Some(form) = asked {
            return Ok(form);
        }
        let Some(path) = path.filter(|path| *path != Path::new("-")) else { return Ok(Self::Markdown) };
        let extension = path.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "html" | "htm" => Ok(Self::Html),
            "md" | "markdown" => Ok(Self::Markdown),
            _ => Err(Failure::usage(format!(
                "the name of `{}` does not tell the form of the page; end it in .html or .md, or pass `--format`",
                path.display()
            ))),
        }
    }

    /// How many accounts get a panel.
    const fn panels(self, asked: Option<u32>) -> u32 {
        match (asked, self) {
            (Some(asked), _) => asked,
            (None, Self::Html) => PANELS_HTML,
            (None, Self::Markdown) => PANELS_MARKDOWN,
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: &Report, notes: Notes) -> Result<Done, Failure> {
    let form = Form::of(args.format, args.output.as_deref())?;
    for input in [&args.before, &args.staffing, &args.outcomes].into_iter().flatten() {
        differ(input, args.output.as_ref())?;
        differ(input, args.rejects.rejects.as_ref())?;
    }
    let (setting, gathered) = gather::gather(args, form.panels(args.accounts), notes)?;
    let page = page::page(args, &setting, &gathered)?;
    let text = render::render(form, &page)?;
    let mut output = Output::open(args.output.as_deref())?;
    output.write(text.as_bytes())?;
    output.finish()?;
    Ok(gathered.done)
}
