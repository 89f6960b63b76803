//! `value-model portfolio`: the scores of a file summed up by CSM, segment or any column.

mod matched;
mod read;
mod sums;
mod texts;

use clap::Args;
use value_model::answer::Record;
use value_model::compare::portfolio::PortfolioRow;
use value_model::scorecard::Scorer;
use value_model::set::SetScorer;
use value_model::{Date, Error};

use self::sums::{Account, Layout, Sums};
use super::each::{Reader, Refusal, Seen, whole};
use super::score::full::full_text;
use crate::args::{InputArgs, ModelArgs, OutputArgs, RejectArgs};
use crate::input::{Input, Plan, cells};
use crate::message::{Done, Failure, Notes};
use crate::model::{self, Model};
use crate::output::sheet::{Field, Sheet};

/// Sum up the scores of a file by CSM, segment or any column.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model portfolio accounts.csv --model value-realization --as-of 2026-11-01 --by csm,segment --revenue arr

Accounts without the column form a row of their own. The last row is the whole file. Wide tables are summed up in columns
by all cores, in flat memory; the sums are exact, whatever the order of accounts.")]
pub(crate) struct Portfolio {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub model: ModelArgs,
    /// Columns (or attributes) to group by; one row per combination.
    #[arg(long, value_name = "COLUMN,...", value_delimiter = ',')]
    pub by: Vec<String>,
    /// The column (or attribute) that holds the revenue.
    #[arg(long, value_name = "COLUMN")]
    pub revenue: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub rejects: RejectArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Portfolio, notes: Notes) -> Result<Done, Failure> {
    let model = model::any(&args.model)?;
    let scorer = model.first()?;
    same_bands(&model, "sum up each model alone")?;
    let as_of = model::as_of(&args.model, notes)?;
    let mut attributes = args.by.clone();
    attributes.extend(args.revenue.iter().filter(|name| !args.by.contains(name)).cloned());
    let asked = Asked { by: &args.by, revenue: args.revenue.as_ref(), decimal: args.input.decimal };
    let sums = Sums::new(&asked.layout(scorer), scorer)?;
    let mut adding = Adding { model: &model, as_of, asked, sums };
    let files = (&args.input, &args.rejects, args.output.output.as_ref());
    let done = whole(files, &model, &attributes, notes, &mut adding)?.done;
    let report = adding.sums.report()?;
    let mut sheet = Sheet::with_header(&args.output, header(args, scorer), args.by.len().max(1))?;
    for row in &report.rows {
        let names =
            row.key.iter().map(|name| Field::Text(name.clone().unwrap_or_else(|| "(none)".to_owned())));
        sheet.row(&fields(names.collect(), row, args.revenue.is_some()), row)?;
    }
    let mut names = vec![Field::Text("(all)".to_owned())];
    names.resize(args.by.len().max(1), Field::Text(String::new()));
    sheet.row(&fields(names, &report.total, args.revenue.is_some()), &report.total)?;
    sheet.finish()?;
    Ok(done)
}

/// What is summed up, and by what.
pub(crate) struct Asked<'a> {
    by: &'a [String],
    revenue: Option<&'a String>,
    decimal: char,
}

impl Asked<'_> {
    fn layout(&self, scorer: &Scorer) -> Layout {
        Layout::new(scorer, self.by.len(), self.revenue.is_some())
    }
}

/// An account with what it is summed up by.
fn account_of(
    record: &Record,
    (scorer, as_of): (&Scorer, Date),
    asked: &Asked<'_>,
) -> Result<Account, Error> {
    let revenue = revenue(record, asked.revenue, asked.decimal)?;
    let result = scorer.assess(record, as_of)?;
    let key = asked.by.iter().map(|name| record.attributes.get(name).map(full_text)).collect();
    Ok(Account { key, revenue, result })
}

/// A portfolio being added up: in columns where one model reads a table, else account by account.
struct Adding<'a> {
    model: &'a Model,
    as_of: Date,
    asked: Asked<'a>,
    sums: Sums,
}

impl Reader for Adding<'_> {
    fn whole(
        &mut self,
        input: Input,
        plan: &Plan<'_>,
        seen: &mut Seen<'_>,
    ) -> Result<Option<Input>, Failure> {
        let Model::One(_) = self.model else { return Ok(Some(input)) };
        match input {
            Input::Columns(columnar) => self.columns(columnar, plan, seen),
            Input::Wide(wide) => self.texts(wide, plan, seen),
            other => Ok(Some(other)),
        }
    }

    fn step(&mut self, record: Record) -> Result<Result<(), Refusal>, Failure> {
        match self.account(&record) {
            Ok(None) => Ok(Ok(())),
            Ok(Some(account)) => self.sums.add(&account).map(Ok),
            Err(error) => Ok(Err(Refusal { error, account: record.account })),
        }
    }
}

impl Adding<'_> {
    fn account(&self, record: &Record) -> Result<Option<Account>, Error> {
        revenue(record, self.asked.revenue, self.asked.decimal)?;
        // A parent that is rolled up is its children, which are summed up here.
        let Some((scorer, known)) = self.model.headline(record)? else { return Ok(None) };
        let account = account_of(&known, (scorer, self.as_of), &self.asked)?;
        account.check(scorer)?;
        Ok(Some(account))
    }
}

/// Sums by band need one list of bands for all accounts.
pub(super) fn same_bands(model: &Model, instead: &str) -> Result<(), Failure> {
    let mut models = model.set().into_iter().flat_map(SetScorer::models);
    let Some(first) = models.next() else { return Ok(()) };
    match models.find(|other| other.scorer.scorecard().bands != first.scorer.scorecard().bands) {
        None => Ok(()),
        Some(other) => {
            let message = format!("`{}` and `{}` of the set have different bands", first.name, other.name);
            let help = format!("give the models of the set the same bands, or {instead}");
            Err(Failure::new("conflict", message).help(help))
        }
    }
}

/// The revenue of an account; an absent one is none, what is no number is refused.
pub(super) fn revenue(record: &Record, column: Option<&String>, decimal: char) -> Result<Option<f64>, Error> {
    let Some((column, found)) = column.and_then(|name| Some((name, record.attributes.get(name)?))) else {
        return Ok(None);
    };
    match cells::number(found, decimal) {
        Some(amount) => Ok(Some(amount)),
        None => Err(Error::Invalid {
            field: column.clone().into(),
            reason: format!("the revenue must be a number, got `{found}`"),
        }),
    }
}

fn header(args: &Portfolio, scorer: &Scorer) -> Vec<String> {
    let mut header = if args.by.is_empty() { vec!["accounts of".to_owned()] } else { args.by.clone() };
    header.extend(["accounts", "scored", "mean", "min", "lower", "upper", "coverage"].map(str::to_owned));
    if args.revenue.is_some() {
        header.extend(["weighted_mean", "revenue"].map(str::to_owned));
    }
    header.extend(scorer.band_names().iter().map(ToString::to_string));
    header
}

fn fields(names: Vec<Field>, row: &PortfolioRow, revenue: bool) -> Vec<Field> {
    let mut fields = names;
    fields.extend([Field::Count(row.accounts.into()), Field::Count(row.scored.into())]);
    fields.extend([row.mean, row.min, row.lower, row.upper].map(Field::Number));
    fields.push(Field::Share(row.coverage));
    if revenue {
        fields.extend([Field::Number(row.revenue_weighted_mean), Field::Number(Some(row.revenue))]);
    }
    fields.extend(row.bands.iter().map(|band| Field::Count(band.accounts.into())));
    fields
}
