//! A back-test for people.

use std::fmt::Write as _;

use value_model::backtest::Verdict;
use value_model::backtest::auc::Auc;
use value_model::backtest::bands::BandOutcome;
use value_model::backtest::deciles::Decile;
use value_model::backtest::lead::LeadCurve;
use value_model::backtest::report::Backtest;

use crate::output::table::{percent, points, readable, table};

/// Writing to a `String` cannot fail.
macro_rules! line {
    ($out:expr, $($words:tt)*) => {{ let _ = writeln!($out, $($words)*); }};
}

/// The whole back-test.
pub(super) fn whole(found: &Backtest, revenue: bool) -> String {
    let mut out = String::new();
    line!(out, "{}", found.summary);
    if let Some(auc) = found.revenue_weighted_auc {
        line!(out, "  weighted by revenue: AUC {auc:.3}");
    }
    if let (Some(precision), Some(kept)) = (found.average_precision, found.kept_rate) {
        line!(out, "  average precision {precision:.3}, to be held against {} kept", percent(kept));
    }
    if let Some(ks) = &found.ks {
        line!(
            out,
            "  kept and lost lie furthest apart ({}) at a score of {}",
            percent(ks.value),
            points(Some(ks.score))
        );
    }
    for (count, what) in [(found.without_score, "score"), (found.without_outcome, "outcome")] {
        if count > 0 {
            line!(out, "  {count} accounts have no {what} and were left out");
        }
    }
    if found.accounts > 0 {
        line!(out, "\n{}\n\n{}", bands(&found.bands, revenue), deciles(&found.deciles));
        line!(out, "\nLift: how many times more of the lost accounts than a tenth drawn by lot.");
    }
    out
}

fn bands(rows: &[BandOutcome], revenue: bool) -> String {
    let mut header = vec!["band", "accounts", "kept", "95%_interval"];
    header.extend(revenue.then_some(["revenue", "revenue_kept"]).into_iter().flatten());
    let row = |band: &BandOutcome| {
        let mut cells = vec![
            band.band.to_string(),
            band.accounts.to_string(),
            band.kept_rate.map_or_else(|| "-".to_owned(), percent),
            band.interval
                .map_or_else(|| "-".to_owned(), |i| format!("{} to {}", percent(i.low), percent(i.high))),
        ];
        cells.extend(
            revenue
                .then(|| [band.revenue, band.revenue_kept].map(|sum| readable(Some(sum))))
                .into_iter()
                .flatten(),
        );
        cells
    };
    table(&header, &rows.iter().map(row).collect::<Vec<_>>(), 1)
}

fn deciles(rows: &[Decile]) -> String {
    let header = ["tenth", "accounts", "scores", "lost", "share_lost", "lift", "found_so_far"];
    let none = || "-".to_owned();
    let row = |tenth: &Decile| {
        vec![
            tenth.decile.to_string(),
            tenth.accounts.to_string(),
            format!("{} to {}", points(Some(tenth.low)), points(Some(tenth.high))),
            format!("{:.1}", tenth.lost),
            percent(tenth.lost_rate),
            tenth.lift.map_or_else(none, |lift| format!("{lift:.2}")),
            tenth.gain.map_or_else(none, percent),
        ]
    };
    table(&header, &rows.iter().map(row).collect::<Vec<_>>(), 1)
}

/// The lead curve.
pub(super) fn lead(found: &LeadCurve) -> String {
    let header =
        ["days_before", "AUC", "95%_interval", "says", "kept", "lost", "without_score", "days_older"];
    let rows: Vec<Vec<String>> = found
        .points
        .iter()
        .map(|point| {
            vec![
                point.lead_days.to_string(),
                point.auc.auc.map_or_else(|| "-".to_owned(), |auc| format!("{auc:.3}")),
                interval(&point.auc),
                says(point.auc.verdict).to_owned(),
                point.auc.kept.to_string(),
                point.auc.lost.to_string(),
                point.without_score.to_string(),
                readable(point.mean_age_days),
            ]
        })
        .collect();
    let mut out = format!("{}\n", table(&header, &rows, 1));
    if found.unknown_accounts > 0 {
        line!(
            out,
            "\n{} accounts have an outcome and no score: {}",
            found.unknown_accounts,
            found.unknown.join(", ")
        );
    }
    if found.without_outcome > 0 {
        line!(out, "\n{} accounts have scores and no outcome", found.without_outcome);
    }
    if found.later_scores > 0 {
        line!(out, "\n{} scores dated after the last outcome were left out", found.later_scores);
    }
    out
}

/// An interval, or why there is none.
pub(crate) fn interval(auc: &Auc) -> String {
    match auc.interval {
        Some(interval) => format!("{:.3} to {:.3}", interval.low, interval.high),
        None => "-".to_owned(),
    }
}

/// A verdict in words.
pub(crate) const fn says(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Leads => "leads",
        Verdict::WrongWay => "WRONG WAY",
        Verdict::Unclear => "unclear",
        _ => "too few",
    }
}
