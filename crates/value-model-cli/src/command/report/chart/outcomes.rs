//! Charts of a back-test: how scores and what happened later hang together.

use value_model::backtest::curve::RocPoint;
use value_model::backtest::deciles::Decile;
use value_model::backtest::lead::LeadPoint;
use value_model::backtest::reliability::Reliability;

use super::plane::{Axes, Plane};
use super::{Chart, Paint, chart};
use crate::message::Failure;
use crate::output::table::percent;

/// Shares of kept accounts against shares of lost ones, from the highest scores down.
pub(in super::super) fn roc(points: &[RocPoint], summary: &str) -> Result<Chart, Failure> {
    let label = format!(
        "ROC curve: the share of kept accounts against the share of lost ones, from the highest score down. {summary}"
    );
    let caption =
        "ROC curve. The further it bends away from the dashed line, the better the score tells who stays.";
    chart((label, caption), false, |text, size| {
        let mut plane = Plane::new(text, size, &shares(("Lost accounts", "Kept accounts")))?;
        plane.line(Paint::Mark, 1, vec![(0.0, 0.0), (1.0, 1.0)])?;
        let curve = points.iter().map(|point| (point.lost_share, point.kept_share));
        plane.line(Paint::Data, 2, [(0.0, 0.0)].into_iter().chain(curve).collect())?;
        plane.finish()
    })
}

/// How much more often accounts of each tenth were lost than accounts at large.
pub(in super::super) fn lift(deciles: &[Decile]) -> Result<Chart, Failure> {
    let lift = |decile: &Decile| decile.lift.unwrap_or(0.0);
    let ends = [deciles.first(), deciles.last()].map(|end| end.map_or(0.0, lift));
    let label = format!(
        "Bars of the lift of each tenth of the accounts, from the lowest scores to the highest: from {:.1} times as \
         many lost accounts as on average to {:.1} times.",
        ends[0], ends[1]
    );
    let caption =
        "Lift: lost accounts in each tenth, as a multiple of the average, which is the dashed line.";
    let most = deciles.iter().map(lift).fold(1.0, f64::max);
    chart((label, caption), false, |text, size| {
        let axes = Axes {
            across: (0.5, 10.5),
            up: (0.0, most * 1.08),
            names: ("Tenth, lowest scores first", "Lift"),
            labels: (10, 4),
            format: (&|tenth| format!("{tenth:.0}"), &|lift| format!("{lift:.1}")),
        };
        let mut plane = Plane::new(text, size, &axes)?;
        for decile in deciles {
            let at = f64::from(decile.decile);
            plane.bar(Paint::Data, [(at - 0.38, 0.0), (at + 0.38, lift(decile))])?;
        }
        plane.line(Paint::Mark, 1, vec![(0.5, 1.0), (10.5, 1.0)])?;
        plane.finish()
    })
}

/// The AUC of what was known some days before.
pub(in super::super) fn lead(points: &[LeadPoint]) -> Result<Chart, Failure> {
    let told: Vec<String> = (points.iter())
        .filter_map(|point| Some(format!("{:.3} at {} days", point.auc.auc?, point.lead_days)))
        .collect();
    let label =
        format!("Points with intervals: the AUC of what was known some days before. {}.", told.join(", "));
    let caption = "Lead curve: how well the score tells who stays, known so many days before. .5 is a coin.";
    let longest = points.iter().map(|point| f64::from(point.lead_days)).fold(30.0, f64::max);
    let lowest =
        points.iter().filter_map(|point| point.auc.interval).map(|interval| interval.low).fold(0.5, f64::min);
    chart((label, caption), false, |text, size| {
        let axes = Axes {
            across: (-longest * 0.04, longest * 1.04),
            up: ((lowest * 10.0).floor() / 10.0, 1.0),
            names: ("Days before", "AUC"),
            labels: (6, 5),
            format: (&|days| format!("{days:.0}"), &|auc| format!("{auc:.1}")),
        };
        let mut plane = Plane::new(text, size, &axes)?;
        plane.line(
            Paint::Mark,
            1,
            vec![axes.across.0, axes.across.1].into_iter().map(|x| (x, 0.5)).collect(),
        )?;
        let known = points.iter().filter_map(|point| Some((f64::from(point.lead_days), point.auc.auc?)));
        plane.line(Paint::Data, 1, known.collect())?;
        for point in points {
            if let Some(auc) = point.auc.auc {
                let interval = point.auc.interval.map(|interval| (interval.low, interval.high));
                plane.point((f64::from(point.lead_days), auc), interval)?;
            }
        }
        plane.finish()
    })
}

/// Whether likelihoods hold what they say.
pub(in super::super) fn reliability(found: &Reliability) -> Result<Chart, Failure> {
    let told: Vec<String> = (found.bins.iter())
        .map(|bin| format!("{} said, {} kept", percent(bin.mean_likelihood), percent(bin.kept_rate)))
        .collect();
    let label = format!(
        "Points with intervals: the likelihood that was said and the share that was kept. {}.",
        told.join("; ")
    );
    let caption = "Reliability of a renewal likelihood, on accounts it was not learnt from. On the dashed line it holds what it says.";
    chart((label, caption), false, |text, size| {
        let mut plane = Plane::new(text, size, &shares(("Likelihood that was said", "Kept")))?;
        plane.line(Paint::Mark, 1, vec![(0.0, 0.0), (1.0, 1.0)])?;
        for bin in &found.bins {
            let interval = Some((bin.interval.low, bin.interval.high));
            plane.point((bin.mean_likelihood, bin.kept_rate), interval)?;
        }
        plane.finish()
    })
}

/// Axes of two shares.
fn shares<'a>(names: (&'a str, &'a str)) -> Axes<'a> {
    Axes { across: (0.0, 1.0), up: (0.0, 1.0), names, labels: (5, 5), format: (&percent, &percent) }
}
