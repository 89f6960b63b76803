//! Accounts summed up by CSM, segment or any other column.

use std::cmp::Reverse;

use serde::Serialize;
use value_model::compare::portfolio::PortfolioRow;
use value_model::math::ten_thousandths;

use super::super::Report;
use super::super::chart::bars::{self, Bar};
use super::super::gather::Gathered;
use super::super::words::{Tally, column as column_name, cut, money, score, share};
use super::look;

/// The most rows of one table.
const ROWS: usize = 100;

/// One table.
#[derive(Serialize)]
pub(super) struct Portfolio {
    column: String,
    rows: Vec<Row>,
    total: Row,
    /// Whether some account has no score, or some answer is missing: columns without news are not shown.
    unscored: bool,
    unanswered: bool,
    /// Rows that are not shown.
    left_out: String,
}

/// One row of it.
#[derive(Serialize)]
struct Row {
    name: String,
    /// Whether the accounts have no value in this column.
    without: bool,
    accounts: String,
    without_score: String,
    mean: String,
    weighted: String,
    coverage: String,
    bounds: String,
    bands: Vec<Share>,
    at_risk: String,
    revenue: String,
    revenue_at_risk: String,
    revenue_at_risk_share: String,
    /// The bands as one bar; for people who see it only, the numbers stand beside.
    bar: Bar,
}

/// A band's part of a row.
#[derive(Serialize)]
struct Share {
    look: usize,
    accounts: String,
    percent: String,
}

/// A table for each column asked for.
pub(super) fn portfolios(args: &Report, gathered: &Gathered) -> Vec<Portfolio> {
    let with_revenue = args.revenue.is_some();
    let table = |(column, sums): &(String, value_model::compare::portfolio::Portfolio)| {
        let report = sums.report(with_revenue);
        let mut rows: Vec<&PortfolioRow> = report.rows.iter().collect();
        // What needs a look first stands first; the sort is stable, so equal rows keep the order of their names.
        rows.sort_by_key(|row| Reverse(alarm(row)));
        let more = rows.len().saturating_sub(ROWS);
        Portfolio {
            column: column_name(column),
            unscored: report.total.insufficient > 0,
            unanswered: report.total.coverage.is_some_and(|coverage| coverage < 1.0),
            rows: rows.into_iter().take(ROWS).map(row).collect(),
            total: Row { name: "All".to_owned(), without: false, ..row(&report.total) },
            left_out: if more == 0 {
                String::new()
            } else {
                Tally(u64::try_from(more).unwrap_or(0)).to_string()
            },
        }
    };
    gathered.by.iter().map(table).collect()
}

/// How much a row asks for attention: its revenue at risk, then its accounts at risk.
fn alarm(row: &PortfolioRow) -> (i64, u32) {
    row.bands.first().map_or((0, 0), |lowest| (ten_thousandths(lowest.revenue), lowest.accounts))
}

fn row(row: &PortfolioRow) -> Row {
    let key = row.key.first().cloned().flatten().filter(|key| !key.is_empty());
    let lowest = row.bands.first();
    let count = row.bands.len();
    let shares = row.bands.iter().enumerate().map(|(place, band)| (look(place, count), band.share));
    Row {
        without: key.is_none(),
        name: key.map_or_else(|| "(none)".to_owned(), |key| cut(&key)),
        accounts: Tally(row.accounts.into()).to_string(),
        without_score: Tally(row.insufficient.into()).to_string(),
        mean: score(row.mean),
        weighted: score(row.revenue_weighted_mean),
        coverage: share(row.coverage),
        bounds: match (row.lower, row.upper) {
            (Some(lower), Some(upper)) => format!("{lower:.0} to {upper:.0}"),
            _ => "–".to_owned(),
        },
        bands: (row.bands.iter().enumerate())
            .map(|(place, band)| Share {
                look: look(place, count),
                accounts: Tally(band.accounts.into()).to_string(),
                percent: share(Some(band.share)),
            })
            .collect(),
        at_risk: lowest.map_or_else(String::new, |band| Tally(band.accounts.into()).to_string()),
        revenue: money(row.revenue),
        revenue_at_risk: lowest.map_or_else(String::new, |band| money(band.revenue)),
        revenue_at_risk_share: share(lowest.and_then(|band| row.revenue_share(band))),
        bar: bars::stacked(shares),
    }
}
