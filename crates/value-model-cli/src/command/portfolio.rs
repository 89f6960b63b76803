//! `value-model portfolio`: the scores of a file summed up by CSM, segment or any column.

use clap::Args;
use value_model::Error;
use value_model::answer::Record;
use value_model::compare::portfolio::{Line, Portfolio as Sums, PortfolioRow};
use value_model::scorecard::Scorer;
use value_model::set::SetScorer;

use super::each::{Refusal, each};
use super::score::full::full_text;
use crate::args::{InputArgs, ModelArgs, OutputArgs, RejectArgs};
use crate::input::cells;
use crate::message::{Done, Failure, Notes};
use crate::model::{self, Model};
use crate::output::sheet::{Field, Sheet};

/// Sum up the scores of a file by CSM, segment or any column.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model portfolio accounts.csv --model value-realization --as-of 2026-11-01 --by csm,segment --revenue arr

Accounts without the column form a row of their own. The last row is the whole file.")]
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
    let mut sums = Sums::new(scorer);
    let done = each(
        (&args.input, &args.rejects, args.output.output.as_ref()),
        &model,
        &attributes,
        notes,
        &mut |record| {
            let added = revenue(&record, args.revenue.as_ref(), args.input.decimal).and_then(|revenue| {
                // A parent that is rolled up is its children, which are summed up here.
                let Some((scorer, record)) = model.headline(&record)? else { return Ok(()) };
                let result = scorer.assess(&record, as_of)?;
                let key = args.by.iter().map(|name| record.attributes.get(name).map(full_text)).collect();
                sums.add(key, revenue, &Line::of(&result, scorer))
            });
            Ok(added.map_err(|error| Refusal { error, account: record.account }))
        },
    )?;
    let report = sums.report(args.revenue.is_some());
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
