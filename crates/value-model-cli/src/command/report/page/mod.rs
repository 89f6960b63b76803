//! What the page says, in the words and figures that both of its forms show.
//!
//! Everything here is ready to be shown: templates lay it out and escape it, and know nothing of scores.

mod account;
mod backtest;
mod headline;
mod movement;
mod portfolio;
mod quality;
mod staffing;
mod waterfall;

use serde::Serialize;
use value_model::compare::portfolio::PortfolioReport;
use value_model::scorecard::Scorer;

use super::Report;
use super::chart::{self, Chart};
use super::gather::Gathered;
use super::setting::Setting;
use super::words;
use super::words::{Tally, name, share};
use crate::message::Failure;

/// The whole page.
#[derive(Serialize)]
pub(super) struct Page {
    title: String,
    model: Model,
    as_of: String,
    before_as_of: Option<String>,
    files: String,
    version: &'static str,
    headline: headline::Headline,
    bands: Vec<Band>,
    with_revenue: bool,
    distribution: Distribution,
    portfolios: Vec<portfolio::Portfolio>,
    movement: Option<movement::Movement>,
    panels: account::Panels,
    quality: quality::Quality,
    backtest: Option<backtest::Backtest>,
    staffing: Option<staffing::Staffing>,
}

/// The model, for the page's head and its explanations.
#[derive(Serialize)]
struct Model {
    id: String,
    version: String,
    title: String,
    description: String,
    /// How many measures make a score; none under a set, where each model has its own.
    measures: Option<usize>,
}

impl Model {
    fn of(setting: &Setting) -> Self {
        let texts = |id: &str, version: &str, title: &str, description: &str, measures| Self {
            id: words::cut(id),
            version: words::cut(version),
            title: words::cut(if title.is_empty() { id } else { title }),
            description: words::clean(description),
            measures,
        };
        if let Some(set) = setting.model.set() {
            let document = set.set();
            return texts(set.id(), set.version(), &document.title, &document.description, None);
        }
        let card = setting.scorer.scorecard();
        let measures = Some(setting.scorer.measures().len());
        texts(&card.id, &card.version, &card.title, &card.description, measures)
    }
}

/// A band with what lies in it.
#[derive(Clone, Serialize)]
struct Band {
    name: String,
    /// Which of five looks it has, from the worst to the best.
    look: usize,
    range: String,
    accounts: String,
    share: String,
    revenue: String,
    revenue_share: String,
    lower_accounts: String,
}

/// How the scores lie.
#[derive(Serialize)]
struct Distribution {
    chart: Option<Chart>,
    steps: Vec<Step>,
}

/// One step of the scale.
#[derive(Serialize)]
struct Step {
    range: String,
    bands: Vec<String>,
    total: String,
    /// The same as a line of text with a bar, for Markdown.
    line: String,
}

/// Puts everything that was gathered into words.
pub(super) fn page(args: &Report, setting: &Setting, gathered: &Gathered) -> Result<Page, Failure> {
    let scorer = &setting.scorer;
    let model = Model::of(setting);
    let report = gathered.total.report(args.revenue.is_some());
    let bands = bands(scorer, &report);
    let test = gathered.test.as_ref();
    let test = test.map(|test| backtest::section(test, args.revenue.is_some())).transpose()?;
    let team = args.staffing.as_deref().map(staffing::staffing).transpose()?;
    Ok(Page {
        title: words::cut(args.title.as_deref().unwrap_or(&model.title)),
        model,
        as_of: setting.as_of.to_string(),
        before_as_of: setting.before.as_ref().map(|before| before.as_of.to_string()),
        files: words::files(&args.input.input),
        version: env!("CARGO_PKG_VERSION"),
        headline: headline::headline(args, setting, gathered, &report),
        distribution: distribution(scorer, gathered)?,
        portfolios: portfolio::portfolios(args, gathered),
        movement: movement::movement(setting, gathered)?,
        panels: account::panels(args, setting, gathered)?,
        quality: quality::quality(gathered, &report.total),
        backtest: test,
        staffing: team,
        with_revenue: args.revenue.is_some(),
        bands,
    })
}

fn bands(scorer: &Scorer, report: &PortfolioReport) -> Vec<Band> {
    let cuts = &scorer.scorecard().bands.cuts;
    let count = report.total.bands.len();
    let band = |(place, band): (usize, &value_model::compare::portfolio::BandRow)| Band {
        name: name(&band.band),
        look: look(place, count),
        range: range(place.checked_sub(1).and_then(|below| cuts.get(below)), cuts.get(place)),
        accounts: Tally(band.accounts.into()).to_string(),
        share: share(Some(band.share)),
        revenue: words::money(band.revenue),
        revenue_share: share(report.total.revenue_share(band)),
        lower_accounts: Tally(band.lower_accounts.into()).to_string(),
    };
    report.total.bands.iter().enumerate().map(band).collect()
}

/// Which of five looks a band has: the worst the first, the best the last.
pub(super) fn look(place: usize, count: usize) -> usize {
    if count < 2 { 4 } else { (place * 8 + count - 1) / (2 * (count - 1)) }
}

fn range(from: Option<&f64>, to: Option<&f64>) -> String {
    match (from, to) {
        (None, Some(to)) => format!("below {to}"),
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("{from} and above"),
        (None, None) => "0 to 100".to_owned(),
    }
}

fn distribution(scorer: &Scorer, gathered: &Gathered) -> Result<Distribution, Failure> {
    let all = &gathered.distribution;
    let fullest = all.steps().map(|step| step.bands.iter().sum::<u64>()).max().unwrap_or(0);
    let step = |step: value_model::compare::distribution::Step<'_>| {
        let total = step.bands.iter().sum::<u64>();
        Step {
            line: line(&step, total, fullest),
            range: format!("{} to {}", step.from, step.to),
            bands: step.bands.iter().map(|count| Tally(*count).to_string()).collect(),
            total: Tally(total).to_string(),
        }
    };
    Ok(Distribution {
        chart: (fullest > 0).then(|| chart::histogram::histogram(scorer, all)).transpose()?,
        steps: all.steps().map(step).collect(),
    })
}

fn line(step: &value_model::compare::distribution::Step<'_>, total: u64, fullest: u64) -> String {
    let range = format!("{} to {}", step.from, step.to);
    format!("{range:>9} {:>9} {}", Tally(total).to_string(), words::bar(total, fullest)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::look;

    #[test]
    fn the_worst_band_looks_worst_and_the_best_best() {
        let looks = |count: usize| (0..count).map(|place| look(place, count)).collect::<Vec<_>>();
        assert_eq!(looks(1), [4]);
        assert_eq!(looks(2), [0, 4]);
        assert_eq!(looks(3), [0, 2, 4]);
        assert_eq!(looks(4), [0, 1, 3, 4]);
        assert_eq!(looks(5), [0, 1, 2, 3, 4]);
        assert!(looks(9).is_sorted());
    }
}
