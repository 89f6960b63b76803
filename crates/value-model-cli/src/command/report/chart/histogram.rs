//! How the scores lie on the scale, with the bands.

use value_model::compare::distribution::Distribution;
use value_model::scorecard::Scorer;

use super::super::page::look;
use super::super::words::{Tally, accounts, list, money, name};
use super::plane::{Axes, Drawn, Plane};
use super::{Chart, Paint, Size, chart};
use crate::message::Failure;

/// The histogram, with a sentence that says what it shows.
pub(in super::super) fn histogram(scorer: &Scorer, all: &Distribution) -> Result<Chart, Failure> {
    let caption = "Accounts by score, in steps of 5 points; lines mark where a band begins.";
    chart((label(scorer, all), caption), true, |text, size| draw(text, size, scorer, all))
}

fn label(scorer: &Scorer, all: &Distribution) -> String {
    let mut bands = vec![0; scorer.band_names().len()];
    let mut fullest = (0, 0, 0);
    for step in all.steps() {
        for (sum, count) in bands.iter_mut().zip(step.bands) {
            *sum += *count;
        }
        let total = step.bands.iter().sum::<u64>();
        if total > fullest.0 {
            fullest = (total, step.from, step.to);
        }
    }
    let bands: Vec<String> = (scorer.band_names().iter().zip(bands))
        .map(|(band, count)| format!("{} {}", Tally(count), name(band).to_lowercase()))
        .collect();
    format!(
        "Histogram of the scores of {}: {}. Most of them, {}, lie between {} and {}.",
        accounts(all.scored()),
        list(&bands),
        Tally(fullest.0),
        fullest.1,
        fullest.2
    )
}

fn draw(text: &mut String, size: Size, scorer: &Scorer, all: &Distribution) -> Drawn {
    let fullest = all.steps().map(|step| step.bands.iter().sum()).max().unwrap_or(0);
    let top = number(fullest.max(1)) * 1.16;
    let axes = Axes {
        across: (0.0, 100.0),
        up: (0.0, top),
        names: ("Score", "Accounts"),
        labels: (if size.is_narrow() { 5 } else { 11 }, if fullest < 5 { 3 } else { 5 }),
        format: (&|score| format!("{score:.0}"), &whole),
    };
    let mut plane = Plane::new(text, size, &axes)?;
    for step in all.steps() {
        let (mut base, bands) = (0.0, step.bands.len());
        for (place, count) in step.bands.iter().enumerate().filter(|(_, count)| **count > 0) {
            let end = base + number(*count);
            let corners = [(f64::from(step.from) + 0.3, base), (f64::from(step.to) - 0.3, end)];
            plane.bar(Paint::Band(look(place, bands)), corners)?;
            base = end;
        }
    }
    for cut in &scorer.scorecard().bands.cuts {
        plane.line(Paint::Mark, 1, vec![(*cut, 0.0), (*cut, top)])?;
    }
    names(&mut plane, scorer, top)?;
    plane.finish()
}

/// The names of the bands between their cuts. One that does not fit stands in the table alone.
fn names(plane: &mut Plane<'_>, scorer: &Scorer, top: f64) -> Drawn {
    const LETTER: f64 = 8.0;
    let cuts = &scorer.scorecard().bands.cuts;
    let edges: Vec<f64> = [0.0].into_iter().chain(cuts.iter().copied()).chain([100.0]).collect();
    for (band, pair) in scorer.band_names().iter().zip(edges.windows(2)) {
        let &[from, to] = pair else { continue };
        let title = name(band);
        let needed = LETTER * f64::from(u32::try_from(title.chars().count()).unwrap_or(u32::MAX));
        if needed < (to - from) * plane.pixels(100.0) {
            plane.text(title, (from.midpoint(to), top * 0.98))?;
        }
    }
    Ok(())
}

fn number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Whole numbers of accounts; the axis may offer halves.
fn whole(number: f64) -> String {
    if number.fract().abs() > 1e-9 { String::new() } else { money(number) }
}
