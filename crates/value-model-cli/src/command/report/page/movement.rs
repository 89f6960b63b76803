//! What moved since an earlier file, and why.

use serde::Serialize;
use value_model::compare::delta::Delta;
use value_model::scorecard::Scorer;

use super::super::chart::bars::{self, Bar};
use super::super::gather::{Gathered, Kept, Moved};
use super::super::setting::Setting;
use super::super::words::{Tally, accounts, cut, name, score, signed};
use super::look;
use crate::message::Failure;

/// The section.
#[derive(Serialize)]
pub(super) struct Movement {
    sentences: Vec<String>,
    fell: Vec<Mover>,
    rose: Vec<Mover>,
    /// Bands of the later file, the columns of the table.
    bands: Vec<String>,
    crossings: Vec<Crossing>,
}

/// One account that moved.
#[derive(Serialize)]
struct Mover {
    account: String,
    /// The number of its panel, if it has one.
    panel: Option<u64>,
    before: String,
    after: String,
    band_before: String,
    band_after: String,
    look: usize,
    change: String,
    behaviour: String,
    coverage: String,
    model: String,
    override_: String,
    summary: String,
    bar: Bar,
}

/// Where the accounts of one band went.
#[derive(Serialize)]
struct Crossing {
    from: String,
    cells: Vec<Cell>,
}

/// How many went from one band to another.
#[derive(Serialize)]
struct Cell {
    count: String,
    /// `same`, `up`, `down`, `other` or `nobody`.
    way: &'static str,
}

/// The change of one account.
pub(super) fn change(setting: &Setting, kept: &Kept) -> Result<Option<Delta>, Failure> {
    let Some(old) = &kept.before else { return Ok(None) };
    Ok(setting.change(old, &kept.record)?)
}

/// The section of the page.
pub(super) fn movement(setting: &Setting, gathered: &Gathered) -> Result<Option<Movement>, Failure> {
    let Some((before, moved)) = setting.before.as_ref().zip(gathered.moved.as_ref()) else {
        return Ok(None);
    };
    let old = &before.scorer;
    let mut changes = Vec::new();
    for kept in moved.fell.iter().chain(&moved.rose) {
        changes.push((kept, change(setting, kept)?));
    }
    let points = |delta: &Option<Delta>| delta.as_ref().and_then(|delta| delta.change).unwrap_or(0.0);
    let widest = changes.iter().map(|(_, delta)| points(delta).abs()).fold(0.0, f64::max);
    let (mut fell, mut rose) = (Vec::new(), Vec::new());
    for (kept, delta) in &changes {
        let Some(delta) = delta else { continue };
        let side = if delta.change.is_some_and(|change| change < 0.0) { &mut fell } else { &mut rose };
        let panel = gathered.panels.iter().any(|panel| panel.number == kept.number);
        side.push(Mover {
            panel: panel.then_some(kept.number),
            ..mover(setting, old, (kept, delta), widest)
        });
    }
    let mut bands: Vec<String> = setting.scorer.band_names().iter().map(|band| name(band)).collect();
    bands.push("No score".to_owned());
    let crossings = crossings(old, &setting.scorer, moved);
    Ok(Some(Movement { sentences: sentences(moved), fell, rose, bands, crossings }))
}

fn sentences(moved: &Moved) -> Vec<String> {
    let mut said = Vec::new();
    let compared = accounts(moved.movement.compared().into());
    said.push(format!("{compared} stand in both files."));
    if moved.movement.without_score() > 0 {
        let count = accounts(moved.movement.without_score().into());
        said.push(format!("{count} had no score before, or has none now."));
    }
    let gone = u64::try_from(moved.gone).unwrap_or(u64::MAX);
    if gone > 0 || moved.new > 0 {
        said.push(format!(
            "{} only in the earlier file, {} only in the later one.",
            accounts(gone),
            Tally(moved.new)
        ));
    }
    if moved.refused > 0 {
        said.push(format!("{} rows of the earlier file were refused.", Tally(moved.refused)));
    }
    said
}

fn mover(setting: &Setting, old: &Scorer, (kept, delta): (&Kept, &Delta), widest: f64) -> Mover {
    let new = &setting.scorer;
    let band = |scorer: &Scorer, score: Option<f64>| {
        score.map_or_else(|| "No score".to_owned(), |score| name(&scorer.band_name(scorer.band_of(score))))
    };
    let place = delta.after.map_or(0, |score| usize::try_from(new.band_of(score)).unwrap_or(0));
    Mover {
        account: cut(&kept.record.account),
        panel: None,
        before: score(delta.before),
        after: score(delta.after),
        band_before: band(old, delta.before),
        band_after: band(new, delta.after),
        look: look(place, new.band_names().len()),
        change: signed(delta.change),
        behaviour: signed(delta.behaviour),
        coverage: signed(delta.coverage),
        model: signed(delta.model),
        override_: signed(delta.override_),
        summary: delta.summary.clone(),
        bar: bars::change(delta.change.unwrap_or(0.0), widest),
    }
}

/// Rows of bands before, columns of bands after; the last of each is "no score".
fn crossings(old: &Scorer, new: &Scorer, moved: &Moved) -> Vec<Crossing> {
    let places = |scorer: &Scorer| {
        let bands = (0_u32..).zip(scorer.band_names()).map(|(place, band)| (Some(place), name(band)));
        bands.chain([(None, "No score".to_owned())]).collect::<Vec<_>>()
    };
    let same_bands = old.band_names() == new.band_names();
    let count = |from: Option<u32>, to: Option<u32>| {
        moved
            .movement
            .bands()
            .filter(|found| (found.0, found.1) == (from, to))
            .map(|found| found.2)
            .sum::<u32>()
    };
    let way = |from: Option<u32>, to: Option<u32>| match (from, to) {
        (Some(from), Some(to)) if same_bands => match from.cmp(&to) {
            std::cmp::Ordering::Less => "up",
            std::cmp::Ordering::Equal => "same",
            std::cmp::Ordering::Greater => "down",
        },
        _ => "other",
    };
    let row = |(from, title): (Option<u32>, String)| Crossing {
        from: title,
        cells: (places(new).into_iter())
            .map(|(to, _)| match count(from, to) {
                0 => Cell { count: "0".to_owned(), way: "nobody" },
                count => Cell { count: Tally(count.into()).to_string(), way: way(from, to) },
            })
            .collect(),
    };
    places(old).into_iter().map(row).collect()
}
