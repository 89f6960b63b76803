//! How well the accounts are known: what is answered, and why the rest is not.

use serde::Serialize;
use value_model::compare::portfolio::PortfolioRow;
use value_model::compare::quality::MeasureQuality;

use super::super::chart::bars::{self, Bar};
use super::super::gather::Gathered;
use super::super::words::{Tally, accounts, cut, name, share};

/// The section.
#[derive(Serialize)]
pub(super) struct Quality {
    sentences: Vec<String>,
    measures: Vec<Measure>,
    /// Whether any account has answers of these kinds: empty columns are not shown.
    unvalidated: bool,
    stale: bool,
    undated: bool,
    not_applicable: bool,
    disagreed: bool,
    refused: Vec<Reason>,
}

/// One measure.
#[derive(Serialize)]
struct Measure {
    title: String,
    answered: String,
    no_data: String,
    stale: String,
    unvalidated: String,
    not_applicable: String,
    undated: String,
    disagreed: String,
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
    let any = |count: fn(&MeasureQuality) -> u32| found.iter().any(|measure| count(measure) > 0);
    Quality {
        sentences: sentences(gathered, total),
        measures: found.iter().map(measure).collect(),
        unvalidated: any(|measure| measure.unvalidated),
        stale: any(|measure| measure.stale),
        undated: any(|measure| measure.undated),
        not_applicable: any(|measure| measure.not_applicable),
        disagreed: any(|measure| measure.disagreed),
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

fn measure(found: &MeasureQuality) -> Measure {
    let tally = |count: u32| Tally(count.into()).to_string();
    Measure {
        title: cut(&found.title),
        answered: share(found.answered_share()),
        no_data: tally(found.no_data),
        stale: tally(found.stale),
        unvalidated: tally(found.unvalidated),
        not_applicable: tally(found.not_applicable),
        undated: tally(found.undated),
        disagreed: tally(found.disagreed),
        bar: bars::plain(found.answered_share()),
    }
}
