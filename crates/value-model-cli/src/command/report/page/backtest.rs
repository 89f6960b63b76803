//! Does the score lead? What it said, held against what happened later.

use serde::Serialize;
use value_model::backtest::calibrate::{CalibrateInput, Method, calibrate};
use value_model::backtest::lead::LeadCurve;
use value_model::backtest::reliability::Reliability;
use value_model::backtest::report::Backtest as Found;
use value_model::metric::interval::Interval;

use super::super::chart::{Chart, outcomes as charts};
use super::super::outcomes::{NoLead, Test};
use super::super::words::{Tally, accounts, money, name, score, share};
use super::look;
use crate::message::Failure;

/// Parts into which accounts are dealt to judge likelihoods.
const FOLDS: u32 = 5;

/// The section.
#[derive(Serialize)]
pub(super) struct Backtest {
    sentences: Vec<String>,
    charts: Vec<Chart>,
    facts: Vec<(String, String)>,
    tables: Vec<Table>,
}

/// A table with its title.
#[derive(Serialize)]
struct Table {
    title: String,
    header: Vec<&'static str>,
    rows: Vec<Row>,
}

/// A row; the first cell names it.
#[derive(Serialize)]
struct Row {
    name: String,
    /// The look of the band that it is about.
    look: Option<usize>,
    cells: Vec<String>,
}

/// The section of the page.
pub(super) fn section(test: &Test, with_revenue: bool) -> Result<Backtest, Failure> {
    let found = &test.result;
    let summary = sentence(&found.summary);
    let (scores, outcomes) = test.pairs.clone();
    let input = CalibrateInput { scores, outcomes, method: Method::Platt, folds: FOLDS, model: None };
    let reliability = calibrate(&input)?.reliability;
    let (mut drawn, mut tables) = (Vec::new(), vec![bands(found, with_revenue)]);
    if !found.roc.is_empty() {
        drawn.push(charts::roc(&found.roc, &summary)?);
        drawn.push(charts::lift(&found.deciles)?);
        tables.push(tenths(found));
    }
    let known = |curve: &&LeadCurve| curve.points.iter().any(|point| point.auc.auc.is_some());
    if let Some(curve) = test.lead.as_ref().ok().filter(known) {
        drawn.push(charts::lead(&curve.points)?);
        tables.push(leads(curve));
    }
    if let Some(reliability) = &reliability {
        drawn.push(charts::reliability(reliability)?);
        tables.push(likelihoods(reliability));
    }
    Ok(Backtest {
        sentences: sentences(test, summary, reliability.as_ref()),
        charts: drawn,
        facts: facts(found),
        tables,
    })
}

/// A sentence of the core as one of the page.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}

fn sentences(test: &Test, summary: String, reliability: Option<&Reliability>) -> Vec<String> {
    let mut said = vec![summary];
    if !test.dated {
        said.push(
            "The outcomes have no dates: that they came after the day of scoring is taken on trust."
                .to_owned(),
        );
    }
    if test.result.without_outcome > 0 {
        said.push(format!("Of {} the outcome is not known.", accounts(test.result.without_outcome.into())));
    }
    if test.unknown > 0 {
        let unknown = u64::try_from(test.unknown).unwrap_or(u64::MAX);
        said.push(format!("Outcomes of {} that the file does not hold are left out.", accounts(unknown)));
    }
    match &test.lead {
        Ok(_) => {}
        Err(NoLead::Undated) => said.push(
            "There is no lead curve: some answers have no date, so nobody can say when they were known."
                .to_owned(),
        ),
        Err(NoLead::TooMany) => said.push("There is no lead curve for so many accounts.".to_owned()),
    }
    if let Some(skill) = reliability.and_then(|found| found.skill) {
        said.push(format!(
            "A score is no probability. A renewal likelihood learnt from these outcomes has a Brier score {} better than \
             giving every account the kept share, on accounts it was not learnt from.",
            share(Some(skill.max(0.0)))
        ));
    }
    said
}

fn interval(interval: Option<Interval>, digits: usize) -> String {
    interval.map_or_else(String::new, |found| format!("{:.digits$} to {:.digits$}", found.low, found.high))
}

fn facts(found: &Found) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut fact = |label: &str, value: Option<String>| {
        facts.extend(value.map(|value| (label.to_owned(), value)));
    };
    let of = |value: Option<f64>| value.map(|value| format!("{value:.3}"));
    fact("Accounts looked at", Some(Tally(found.accounts.into()).to_string()));
    fact("Kept", Some(share(found.kept_rate)));
    fact("AUC (.5 is a coin, 1 is perfect)", of(found.auc.auc));
    fact("Its 95% interval", found.auc.interval.map(|found| interval(Some(found), 3)));
    fact("AUC weighted by revenue", of(found.revenue_weighted_auc));
    fact("Average precision, to be held against the kept share", of(found.average_precision));
    let apart = found.ks.map(|ks| format!("{:.3}, at a score of {:.1}", ks.value, ks.score));
    fact("Largest distance of kept and lost (KS)", apart);
    facts
}

fn bands(found: &Found, with_revenue: bool) -> Table {
    let count = found.bands.len();
    let mut header = vec!["Band", "Accounts", "Kept", "Share", "95% interval"];
    if with_revenue {
        header.extend(["Revenue", "Revenue kept"]);
    }
    let rows = found.bands.iter().enumerate().map(|(place, band)| {
        let low_high = |found: Interval| format!("{} to {}", share(Some(found.low)), share(Some(found.high)));
        let mut cells = vec![
            Tally(band.accounts.into()).to_string(),
            Tally(band.kept.into()).to_string(),
            share(band.kept_rate),
            band.interval.map_or_else(|| "–".to_owned(), low_high),
        ];
        if with_revenue {
            cells.extend([money(band.revenue), money(band.revenue_kept)]);
        }
        Row { name: name(&band.band), look: Some(look(place, count)), cells }
    });
    Table { title: "What became of each band".to_owned(), rows: rows.collect(), header }
}

fn tenths(found: &Found) -> Table {
    let rows = found.deciles.iter().map(|tenth| Row {
        name: tenth.decile.to_string(),
        look: None,
        cells: vec![
            format!("{:.1} to {:.1}", tenth.low, tenth.high),
            Tally(tenth.accounts.into()).to_string(),
            share(Some(tenth.lost_rate)),
            score(tenth.lift),
            share(tenth.gain),
        ],
    });
    let header = vec!["Tenth", "Score", "Accounts", "Lost", "Lift", "Of all lost so far"];
    Table {
        title: "Tenths of the accounts, the lowest scores first".to_owned(),
        header,
        rows: rows.collect(),
    }
}

fn leads(curve: &LeadCurve) -> Table {
    let rows = curve.points.iter().map(|point| Row {
        name: format!("{} days", point.lead_days),
        look: None,
        cells: vec![
            point.auc.auc.map_or_else(|| "–".to_owned(), |auc| format!("{auc:.3}")),
            interval(point.auc.interval, 3),
            Tally((point.auc.kept + point.auc.lost).into()).to_string(),
            Tally(point.without_score.into()).to_string(),
        ],
    });
    let header = vec!["Known before", "AUC", "95% interval", "Accounts", "Without score"];
    Table { title: "How early the score knows".to_owned(), header, rows: rows.collect() }
}

fn likelihoods(found: &Reliability) -> Table {
    let rows = found.bins.iter().map(|bin| Row {
        name: format!("{} to {}", share(Some(bin.from)), share(Some(bin.to))),
        look: None,
        cells: vec![
            Tally(bin.accounts.into()).to_string(),
            share(Some(bin.mean_likelihood)),
            share(Some(bin.kept_rate)),
            format!("{} to {}", share(Some(bin.interval.low)), share(Some(bin.interval.high))),
        ],
    });
    let header = vec!["Likelihood", "Accounts", "Mean likelihood", "Kept", "95% interval"];
    let title = format!("Renewal likelihood against what happened (Brier score {:.3})", found.brier);
    Table { title, header, rows: rows.collect() }
}
