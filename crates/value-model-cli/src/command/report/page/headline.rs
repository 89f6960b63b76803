//! The first thing a reader sees: how things stand, in sentences and a few figures.

use serde::Serialize;
use value_model::compare::portfolio::{PortfolioReport, PortfolioRow};

use super::super::Report;
use super::super::gather::{Gathered, Moved};
use super::super::setting::Setting;
use super::super::words::{Tally, accounts, cut, money, name, score, share, signed_mean};
use super::backtest::sentence;

/// Sentences and figures.
#[derive(Serialize)]
pub(super) struct Headline {
    sentences: Vec<String>,
    figures: Vec<Figure>,
}

/// A figure with what it says.
#[derive(Serialize)]
struct Figure {
    label: String,
    value: String,
    note: String,
    /// The look of the lowest band, for figures about it.
    alarm: bool,
}

/// The headline of the page.
pub(super) fn headline(
    args: &Report,
    setting: &Setting,
    gathered: &Gathered,
    report: &PortfolioReport,
) -> Headline {
    let total = &report.total;
    let mut sentences = Vec::new();
    sentences.extend(at_risk(total, args.revenue.is_some()));
    sentences.push(mean(total));
    sentences.extend(unknown(total));
    if let (Some(moved), Some(before)) = (&gathered.moved, &setting.before) {
        sentences.extend(since(moved, &before.as_of.to_string()));
    }
    if let Some(test) = &gathered.test {
        sentences.push(sentence(&test.result.summary));
    }
    sentences.extend(decided(gathered));
    sentences.extend(refused(gathered));
    Headline { sentences, figures: figures(total, args.revenue.is_some()) }
}

/// How many are in the lowest band, and with how much revenue.
fn at_risk(total: &PortfolioRow, with_revenue: bool) -> Option<String> {
    let lowest = total.bands.first()?;
    let band = name(&lowest.band).to_lowercase();
    let scored = Tally(total.scored.into());
    let stand = match lowest.accounts {
        0 => format!("None of {scored} scored accounts is “{band}”, the lowest band"),
        1 => format!("1 of {scored} scored accounts is “{band}”, the lowest band"),
        many => format!("{} of {scored} scored accounts are “{band}”, the lowest band", Tally(many.into())),
    };
    let revenue = (lowest.accounts > 0 && with_revenue).then(|| {
        let of = share(total.revenue_share(lowest));
        format!(", with {} of {} revenue ({of})", money(lowest.revenue), money(total.revenue))
    });
    let more = match lowest.lower_accounts.saturating_sub(lowest.accounts) {
        0 => None,
        more => Some(format!(
            " {} more could end there, depending on answers that are missing.",
            Tally(more.into())
        )),
    };
    Some(format!("{stand}{}.{}", revenue.unwrap_or_default(), more.unwrap_or_default()))
}

fn mean(total: &PortfolioRow) -> String {
    let Some(mean) = total.mean else { return "No account has a score.".to_owned() };
    match total.revenue_weighted_mean {
        None => format!("The mean score is {mean:.1} of 100."),
        Some(weighted) => {
            format!("The mean score is {mean:.1} of 100; weighted by revenue it is {weighted:.1}.")
        }
    }
}

fn unknown(total: &PortfolioRow) -> Option<String> {
    let coverage = share(total.coverage);
    let answered = format!("{coverage} of what the model asks is answered");
    match total.insufficient {
        0 => total.coverage.map(|_| format!("{answered}.")),
        count => {
            let count = accounts(count.into());
            let have = if total.insufficient == 1 { "has" } else { "have" };
            Some(format!("{answered}; {count} {have} no score because too little is known."))
        }
    }
}

/// What moved since the earlier file.
fn since(moved: &Moved, day: &str) -> Vec<String> {
    let movement = &moved.movement;
    let compared = accounts(movement.compared().into());
    if movement.compared() == 0 {
        return vec![format!("No account of {day} is in the newer file.")];
    }
    let (rose, fell) = (Tally(movement.rose().into()), Tally(movement.fell().into()));
    let mut said = vec![format!("Since {day}, of {compared} {rose} rose and {fell} fell.")];
    if let Some(mean) = movement.mean() {
        let parts = [
            ("what customers do or say", mean.behaviour),
            ("which answers are known", mean.coverage),
            ("the model", mean.model),
            ("overrides", mean.override_),
        ];
        let parts: Vec<String> = (parts.into_iter())
            .filter(|(_, points)| signed_mean(*points) != "0.00")
            .map(|(what, points)| format!("{} from {what}", signed_mean(points)))
            .collect();
        let change = signed_mean(mean.change);
        if !parts.is_empty() {
            said.push(format!("The mean change is {change} points: {}.", super::super::words::list(&parts)));
        }
    }
    said
}

/// Under a set: which cases decided, and whom the page leaves out.
fn decided(gathered: &Gathered) -> Vec<String> {
    let mut said = Vec::new();
    let cases: Vec<String> = (gathered.cases.iter())
        .map(|(case, count)| format!("“{}” for {}", cut(case), Tally(*count)))
        .collect();
    if !cases.is_empty() {
        let list = super::super::words::list(&cases);
        said.push(format!("An account counts by the headline of its case: {list}."));
    }
    match gathered.rolled_up {
        0 => {}
        1 => said.push("1 account is the roll-up of others, which are counted instead.".to_owned()),
        many => {
            said.push(format!("{} are the roll-up of others, which are counted instead.", accounts(many)));
        }
    }
    said
}

fn refused(gathered: &Gathered) -> Option<String> {
    let rows = gathered.refused.values().sum::<u64>();
    let are = if rows == 1 { "row was" } else { "rows were" };
    (rows > 0).then(|| format!("{} {are} refused and not counted; see the quality of the data.", Tally(rows)))
}

fn figures(total: &PortfolioRow, with_revenue: bool) -> Vec<Figure> {
    let figure = |label: &str, value: String, note: String, alarm: bool| Figure {
        label: label.to_owned(),
        value,
        note,
        alarm,
    };
    let mut figures = vec![figure(
        "Accounts",
        Tally(total.accounts.into()).to_string(),
        format!("{} with a score", Tally(total.scored.into())),
        false,
    )];
    let weighted = total.revenue_weighted_mean.map(|mean| format!("{mean:.1} weighted by revenue"));
    let note = weighted.unwrap_or_else(|| "of 100".to_owned());
    figures.push(figure("Mean score", score(total.mean), note, false));
    if let Some(lowest) = total.bands.first() {
        let note = format!("{} of those with a score", share(Some(lowest.share)));
        figures.push(figure(&name(&lowest.band), Tally(lowest.accounts.into()).to_string(), note, true));
        if with_revenue {
            let note = format!("{} of {}", share(total.revenue_share(lowest)), money(total.revenue));
            figures.push(figure("Revenue at risk", money(lowest.revenue), note, true));
        }
    }
    figures.push(figure("Answered", share(total.coverage), "of the weight of the model".to_owned(), false));
    figures
}
