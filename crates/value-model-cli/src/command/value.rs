//! `value-model value`: from a table of money lines to customers, CSMs and the portfolio.

pub(crate) mod lines;

use std::path::PathBuf;

use clap::Args;
use value_model::Date;
use value_model::model::customer_value::CustomerValue;
use value_model::model::customer_value_portfolio::{
    CustomerValuePortfolio, CustomerValuePortfolioInput, CustomerValueRow, PortfolioKey,
    customer_value_portfolio,
};
use value_model_bridge::Tree;

use crate::args::{OutputArgs, RejectArgs, parse_byte, parse_date, parse_decimal};
use crate::message::{Done, Failure, Notes};
use crate::output::rejects::Rejects;
use crate::output::sheet::{Field, Sheet};
use crate::output::{Format, Output, differ};

/// Work out the customer value, in money, from a table of lines.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model value lines.csv --currency EUR --period year -o customers.csv --portfolio portfolio.csv

Columns: customer, id, kind (tangible_benefit, perceived_benefit, tangible_cost, perceived_cost, alternative_benefit,
alternative_cost), amount, currency, period (month, quarter, year, one_time); and where known source, on, share,
method (stated, proxy, or per_point with rate and points), csm, segment, arr.")]
pub(crate) struct Value {
    /// The lines: .csv, .tsv, .parquet or .arrow; `-` for standard input.
    #[arg(value_name = "FILE")]
    pub input: PathBuf,
    /// The currency of the results, where lines have others; needs a --rate for each.
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,
    /// What one unit of another currency is worth: `USD=0.92`. May be repeated.
    #[arg(long, value_name = "CODE=RATE", value_parser = parse_rate)]
    pub rate: Vec<(String, f64)>,
    /// The period of the results.
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// Turn amounts per month or quarter into amounts per year.
    #[arg(long)]
    pub annualise: bool,
    /// What the alternative counts: `literal` its benefits only, `net` its benefits less its costs.
    #[arg(long, value_name = "RULE")]
    pub alternative: Option<String>,
    /// Shares taken off benefits and put on costs for a cautious view: `0.2,0.1`.
    #[arg(long, value_name = "BENEFITS,COSTS", value_parser = parse_risk)]
    pub risk: Option<(f64, f64)>,
    /// The day of scoring; lines dated later are refused.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub as_of: Option<Date>,
    /// Write the sums by CSM, segment and all here.
    #[arg(long, value_name = "FILE")]
    pub portfolio: Option<PathBuf>,
    /// What stands between the columns; without it the header tells.
    #[arg(long, value_name = "CHARACTER", value_parser = parse_byte)]
    pub delimiter: Option<u8>,
    /// What stands before decimals: `.` or `,`.
    #[arg(long, value_name = "CHARACTER", value_parser = parse_decimal, default_value = ".")]
    pub decimal: char,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub rejects: RejectArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Value, notes: Notes) -> Result<Done, Failure> {
    differ(&args.input, args.output.output.as_ref())?;
    differ(&args.input, args.portfolio.as_ref())?;
    let mut rejects = Rejects::open(&args.rejects, args.output.raw, notes)?;
    rejects.read_from(&args.input.display().to_string());
    let customers = lines::customers(args, notes, &mut rejects)?;
    write_customers(args, &customers)?;
    let shown = args.output.is_table();
    if (shown || args.portfolio.is_some()) && !customers.is_empty() {
        if args.portfolio.is_none() {
            space()?;
        }
        let input = CustomerValuePortfolioInput { rows: customers, by: PortfolioKey::DEFAULT.to_vec() };
        write_portfolio(args, &customer_value_portfolio(&input)?)?;
    }
    rejects.finish()
}

/// An empty line between two tables.
fn space() -> Result<(), Failure> {
    let mut output = Output::open(None)?;
    output.text.push(b'\n');
    output.finish()
}

const CUSTOMER: [&str; 15] = [
    "customer",
    "csm",
    "segment",
    "currency",
    "period",
    "missing",
    "gross",
    "net",
    "tangible_benefits",
    "perceived_benefits",
    "tangible_costs",
    "perceived_costs",
    "alternative_benefits",
    "benefit_cost_ratio",
    "index",
];

/// One row per customer; a table for people leaves out the parts.
fn write_customers(args: &Value, customers: &[CustomerValueRow]) -> Result<(), Failure> {
    let shown = args.output.is_table();
    let columns = if shown { 8 } else { CUSTOMER.len() };
    let header: Vec<&str> = CUSTOMER.iter().take(columns).copied().collect();
    let mut sheet = Sheet::open(&args.output, &header, 6)?;
    for row in customers {
        if let Some(value) = &row.value {
            let mut fields = customer(row, value);
            fields.truncate(columns);
            sheet.row(&fields, value)?;
        }
    }
    sheet.finish()
}

fn customer(row: &CustomerValueRow, value: &CustomerValue) -> Vec<Field> {
    let missing: Vec<String> = value.missing_kinds.iter().map(lines::word).collect();
    let mut fields = vec![
        Field::Text(row.customer.clone()),
        Field::name(row.csm.as_deref()),
        Field::name(row.segment.as_deref()),
        Field::Text(value.currency.to_string()),
        Field::Text(lines::word(&value.period)),
        Field::Text(missing.join(" ")),
    ];
    fields.extend(
        [
            value.gross,
            value.net,
            value.tangible_benefits,
            value.perceived_benefits,
            value.tangible_costs,
            value.perceived_costs,
            value.alternative_benefits,
            value.benefit_cost_ratio,
            value.index,
        ]
        .map(Field::Number),
    );
    fields
}

/// One row per group: to the file asked for, or below the table of customers; a table leaves out the counts.
fn write_portfolio(args: &Value, portfolio: &CustomerValuePortfolio) -> Result<(), Failure> {
    let format = if args.portfolio.is_some() { None } else { Some(Format::Table) };
    let output = OutputArgs { output: args.portfolio.clone(), format, raw: args.output.raw };
    let shown = format.is_some();
    let mut header = vec!["by", "name", "customers"];
    if !shown {
        header.extend(["with_value", "partial"]);
    }
    header.extend(["sum", "mean", "median", "positive_share", "documented_share", "arr", "net_per_arr"]);
    let mut sheet = Sheet::open(&output, &header, 2)?;
    for row in &portfolio.rows {
        let count = |count: u32| Field::Count(count.into());
        let mut fields = vec![
            Field::Text(row.by.name().to_owned()),
            Field::name(row.key.as_deref()),
            count(row.customers),
        ];
        if !shown {
            fields.extend([count(row.with_value), count(row.partial)]);
        }
        fields.extend([row.sum, row.mean, row.median].map(Field::Number));
        fields.extend([row.positive_share, Some(row.documented_share)].map(Field::Share));
        fields.extend([Field::Number(row.arr), Field::Share(row.net_per_arr)]);
        sheet.row(&fields, row)?;
    }
    sheet.finish()
}

impl Value {
    /// What the flags say about every customer's calculation, as fields of the formula's input.
    fn fields(&self) -> Vec<(String, Tree)> {
        let mut fields = Vec::new();
        let mut text = |name: &str, value: Option<String>| {
            fields.extend(value.map(|value| (name.to_owned(), Tree::Text(value))));
        };
        text("currency", self.currency.clone());
        text("period", self.period.clone());
        text("alternative", self.alternative.clone());
        text("as_of", self.as_of.map(|date| date.to_string()));
        if self.annualise {
            fields.push(("annualise".to_owned(), Tree::Bool(true)));
        }
        if !self.rate.is_empty() {
            let rates = self.rate.iter().map(|(code, rate)| (code.clone(), Tree::Number(*rate)));
            fields.push(("rates".to_owned(), Tree::Record(rates.collect())));
        }
        if let Some((benefits, costs)) = self.risk {
            let shares = [("benefits", benefits), ("costs", costs)];
            let shares = shares.map(|(name, share)| (name.to_owned(), Tree::Number(share)));
            fields.push(("risk".to_owned(), Tree::Record(shares.to_vec())));
        }
        fields
    }
}

fn parse_rate(text: &str) -> Result<(String, f64), String> {
    text.split_once('=')
        .and_then(|(code, rate)| Some((code.to_owned(), rate.parse().ok()?)))
        .ok_or_else(|| "CODE=RATE is expected, such as USD=0.92".to_owned())
}

fn parse_risk(text: &str) -> Result<(f64, f64), String> {
    text.split_once(',')
        .and_then(|(benefits, costs)| Some((benefits.trim().parse().ok()?, costs.trim().parse().ok()?)))
        .ok_or_else(|| "two shares are expected, such as 0.2,0.1".to_owned())
}

#[cfg(test)]
mod tests {
    use value_model::model::customer_value::Kind;

    use super::{Value, lines};
    use clap::Args;

    #[test]
    fn the_help_names_every_kind() {
        let help = Value::augment_args(clap::Command::new("value")).render_help().to_string();
        for kind in Kind::ALL {
            assert!(help.contains(&lines::word(&kind)), "{kind:?}");
        }
    }
}
