//! How well the accounts are known: what is answered, and why the rest is not.

use serde::Serialize;
use value_model::compare::portfolio::PortfolioRow;
use value_model::compare::quality::MeasureQuality;

use super::super::chart::bars::{self, Bar};
use super::super::gather::Gathered;
use super::super::words::{Tally, accounts, cut, name, share};

/// A column that is shown where it has a number, and the number.
type Column = (&'static str, fn(&MeasureQuality) -> u32);

const COLUMNS: [Column; 5] = [
    ("Too old", |measure| measure.stale),
    ("Not validated", |measure| measure.unvalidated),
    ("Does not apply", |measure| measure.not_applicable),
    ("Without a date", |measure| measure.undated),
    ("People disagree", |measure| measure.disagreed),
];

/// The section.
#[derive(Serialize)]
pub(super) struct Quality {
    sentences: Vec<String>,
    measures: Vec<Measure>,
    /// The columns in which any measure has a number: empty ones are not shown.
    columns: Vec<&'static str>,
    refused: Vec<Reason>,
}

/// One measure.
#[derive(Serialize)]
struct Measure {
    title: String,
    answered: String,
    no_data: String,
    /// One number for each of the columns.
    counts: Vec<String>,
    bar: Bar,
}

/// Why rows were refused.
#[derive(Serialize)]
struct Reason {
    code: String,
    rows: String,
}

/// The section of the page.
pub(super) fn quality(gathered: &Gathered, total: &PortfolioRow) -> Quality {
    let found = gathered.quality.measures();
    Quality {
        sentences: sentences(gathered, total),
        columns: COLUMNS
            .iter()
            .filter(|(_, count)| found.iter().any(|one| count(one) > 0))
            .map(|(title, _)| *title)
            .collect(),
        measures: found.iter().map(|one| measure(one, found)).collect(),
        refused: (gathered.refused.iter())
            .map(|(code, rows)| Reason { code: name(code), rows: Tally(*rows).to_string() })
            .collect(),
    }
}

fn sentences(gathered: &Gathered, total: &PortfolioRow) -> Vec<String> {
    let quality = &gathered.quality;
    let mut said = Vec::new();
    if let Some(coverage) = total.coverage {
        said.push(format!(
            "{} of the weight of the model is answered, {} is backed by the customer or a measurement, {} is fresh.",
            share(Some(coverage)),
            share(quality.validated_share()),
            share(quality.fresh_share())
        ));
    }
    let worst = (quality.measures().iter())
        .filter(|measure| measure.answered_share().is_some_and(|share| share < 1.0))
        .min_by(|a, b| {
            let share = |measure: &MeasureQuality| measure.answered_share().unwrap_or(1.0);
            share(a).total_cmp(&share(b))
        });
    if let Some(worst) = worst {
        let known = share(worst.answered_share());
        said.push(format!(
            "Least is known about “{}”: {known} of the accounts have an answer.",
            cut(&worst.title)
        ));
    }
    if total.not_applicable > 0 {
        let count = accounts(total.not_applicable.into());
        said.push(format!("To {count} nothing of the model applies; they are counted nowhere."));
    }
    said
}

fn measure(one: &MeasureQuality, all: &[MeasureQuality]) -> Measure {
    let tally = |count: u32| Tally(count.into()).to_string();
    let shown = COLUMNS.iter().filter(|(_, count)| all.iter().any(|one| count(one) > 0));
    Measure {
        title: cut(&one.title),
        answered: share(one.answered_share()),
        no_data: tally(one.no_data),
        counts: shown.map(|(_, count)| tally(count(one))).collect(),
        bar: bars::plain(one.answered_share()),
    }
}
