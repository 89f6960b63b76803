//! The command line: one subcommand per question, and the flags they share.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use value_model::Date;
use value_model::answer::{Missing, Source};

use crate::command;
use crate::output::Format;
use crate::output::cell::Style;

/// Score customer value from files, the same way everywhere.
#[derive(Debug, Parser)]
#[command(
    name = "value-model",
    version,
    max_term_width = 100,
    after_help = "Start with `value-model demo`. Exit codes: 0 done, 1 rows refused under --strict, 2 error."
)]
pub(crate) struct Cli {
    /// Say nothing on stderr but errors.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// The questions.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Score every account of a file.
    Score(command::score::Score),
    /// Explain the score of one account.
    Explain(command::explain::Explain),
    /// Sum up the scores of a file by CSM, segment or any column.
    Portfolio(command::portfolio::Portfolio),
    /// Explain what changed between two files.
    Delta(command::delta::Delta),
    /// Write a page for people: how the accounts stand, what moved, whom to call.
    Report(command::report::Report),
    /// Show how scores moved over a history, and why.
    Trend(command::trend::Trend),
    /// Tell the events of a history, once each, for people or another system.
    Transitions(command::transitions::Transitions),
    /// Score a history again with another version of its model.
    Replay(command::replay::Replay),
    /// Say whether other weights would change the bands.
    Robustness(command::robustness::Robustness),
    /// Hold scores against what happened later.
    Backtest(command::backtest::Backtest),
    /// Learn a renewal likelihood from scores and what happened later.
    Calibrate(command::calibrate::Calibrate),
    /// Say which weights would have told kept from lost accounts best.
    SuggestWeights(command::suggest_weights::SuggestWeights),
    /// Work out how many people a team needs.
    Staffing(command::staffing::Staffing),
    /// Work out the customer value, in money, from a table of lines.
    Value(command::value::Value),
    /// Apply any formula of the catalog to an input in JSON or TOML.
    Call(command::call::Call),
    /// Write a model file to start from.
    Init(command::init::Init),
    /// Check a model file, and look for what is probably not meant.
    Lint(command::lint::Lint),
    /// List the models that come with the command.
    Presets(command::presets::Presets),
    /// Explain a formula, a model or a measure.
    Describe(command::describe::Describe),
    /// Print the JSON Schema of model files, records, or a formula's input.
    Schema(command::schema::Schema),
    /// Score made-up accounts with all five models, and explain one of them.
    Demo(command::demo::Demo),
    /// Print the completions for a shell.
    Completions(command::completions::Completions),
}

/// The model and the day of scoring.
#[derive(Debug, Args)]
pub(crate) struct ModelArgs {
    /// A preset (see `value-model presets`), or a model file or model set ending in .toml or .json.
    #[arg(long, short, value_name = "PRESET|FILE")]
    pub model: String,
    /// The day of scoring, such as 2026-11-01. Without it today (UTC), which is then said on stderr.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub as_of: Option<Date>,
    /// A raw value that means "missing", with its reason: `-99=no_data`, `N/A=not_applicable`. May be repeated.
    #[arg(long, value_name = "CODE=REASON", value_parser = parse_missing_code, allow_hyphen_values = true)]
    pub missing_code: Vec<(String, Missing)>,
}

/// How the accounts of a file are read.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// The accounts: .csv, .tsv, .ndjson, .json, .parquet, .arrow, .feather or .arrows; `-` for standard input.
    /// Several files are one input, and a folder stands for the files in it.
    #[arg(value_name = "FILE", required = true)]
    pub input: Vec<PathBuf>,
    /// The form of a text, where the file's name does not tell it. Parquet and Arrow are told by their first bytes.
    #[arg(long, value_name = "FORM")]
    pub input_format: Option<InputFormat>,
    /// One row per account, or one row per answer (account, measure, value, source, persona, on).
    /// Without it the header tells: `measure` and `value` mean long.
    #[arg(long)]
    pub layout: Option<Layout>,
    /// The column of a measure, where it is not the one the model names. May be repeated.
    #[arg(long, value_name = "MEASURE=COLUMN", value_parser = parse_pair)]
    pub map: Vec<(String, String)>,
    /// The column that names the account.
    #[arg(long, value_name = "COLUMN", default_value = "account")]
    pub account_column: String,
    /// The column that holds the day of each row's answers, where there is one row per account.
    #[arg(long, value_name = "COLUMN")]
    pub on: Option<String>,
    /// What stands between the columns; without it the header tells: comma, semicolon or tab.
    #[arg(long, value_name = "CHARACTER", value_parser = parse_byte)]
    pub delimiter: Option<u8>,
    /// What stands before decimals: `.` or `,`.
    #[arg(long, value_name = "CHARACTER", value_parser = parse_decimal, default_value = ".")]
    pub decimal: char,
    /// Who stands behind answers that do not say.
    #[arg(long, value_name = "SOURCE", value_parser = parse_source)]
    pub default_source: Option<Source>,
    /// The role behind answers that do not say.
    #[arg(long, value_name = "PERSONA")]
    pub default_persona: Option<String>,
    /// The day of answers that do not say.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub default_on: Option<Date>,
    /// The long layout is sorted by account (bytes ascending): any length is then read in flat memory. Without it
    /// `score` holds up to 16,777,216 answers, or 500,000 where it reads account by account, as other commands do.
    #[arg(long)]
    pub sorted: bool,
}

/// What happens to rows that cannot be scored.
#[derive(Debug, Args)]
pub(crate) struct RejectArgs {
    /// Write refused rows here: line, account, field, code, message, file (CSV, or NDJSON by the name).
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Exit with 1 when a row was refused.
    #[arg(long)]
    pub strict: bool,
}

/// Where results go and in which form.
#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Where results go; the file appears whole or not at all. `-` or nothing is standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The form of the output, where the file's name does not tell it. NDJSON and JSON hold every detail.
    #[arg(long, value_name = "FORM")]
    pub format: Option<Format>,
    /// Leave cells as they are, even those that a spreadsheet would run as a formula.
    #[arg(long)]
    pub raw: bool,
}

impl OutputArgs {
    /// Whether the output is a table for people.
    pub(crate) fn is_table(&self) -> bool {
        Format::of(self.format, self.output.as_deref()) == Format::Table
    }

    /// How cells of CSV are written.
    pub(crate) fn style(&self) -> Style {
        let extension = self.output.as_ref().and_then(|path| path.extension());
        let tabbed = extension.is_some_and(|extension| extension == "tsv");
        Style { delimiter: if tabbed { b'\t' } else { b',' }, raw: self.raw }
    }
}

/// Forms of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum InputFormat {
    /// A table with a header, separated by comma, semicolon or tab.
    Csv,
    /// One JSON record per line.
    Ndjson,
    /// A JSON list of records, or one record.
    Json,
}

/// Layouts of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Layout {
    /// One row per account, one column per measure.
    Wide,
    /// One row per answer.
    Long,
}

/// Reads a date argument.
pub(crate) fn parse_date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a date such as 2026-11-01 is expected".to_owned())
}

/// Reads `measure=column`.
fn parse_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((measure, column)) if !measure.is_empty() && !column.is_empty() => {
            Ok((measure.to_owned(), column.to_owned()))
        }
        _ => Err("MEASURE=COLUMN is expected".to_owned()),
    }
}

pub(crate) fn parse_missing_code(text: &str) -> Result<(String, Missing), String> {
    let (code, reason) = text.rsplit_once('=').ok_or("CODE=REASON is expected, such as -99=no_data")?;
    Ok((code.to_owned(), word(reason)?))
}

fn parse_source(text: &str) -> Result<Source, String> {
    word(text)
}

/// One of the words of an enum, as the documents spell it.
pub(crate) fn word<T: for<'de> serde::Deserialize<'de>>(text: &str) -> Result<T, String> {
    T::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(text))
        .map_err(|error| error.to_string())
}

pub(crate) fn parse_byte(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"\\t" | b"tab" => Ok(b'\t'),
        [byte] if byte.is_ascii_punctuation() || *byte == b'\t' => Ok(*byte),
        _ => Err("one character is expected, such as `;` or `tab`".to_owned()),
    }
}

pub(crate) fn parse_decimal(text: &str) -> Result<char, String> {
    match text {
        "." => Ok('.'),
        "," => Ok(','),
        _ => Err("`.` or `,` is expected".to_owned()),
    }
}
