//! How the scores lie on the scale, with the bands.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use value_model::compare::distribution::Distribution;
use value_model::scorecard::Scorer;

use super::super::page::look;
use super::super::words::{Tally, accounts, list, name};
use super::{Chart, Paint, Size, TEXT, chart};
use crate::message::Failure;

/// The histogram, with a sentence that says what it shows.
pub(in super::super) fn histogram(scorer: &Scorer, all: &Distribution) -> Result<Chart, Failure> {
    chart(label(scorer, all), |text, size| draw(text, size, scorer, all).map_err(|error| error.to_string()))
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

fn draw(
    text: &mut String,
    size: Size,
    scorer: &Scorer,
    all: &Distribution,
) -> Result<(), Box<dyn std::error::Error>> {
    let count = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let most = all.steps().map(|step| count(step.bands.iter().sum())).fold(1.0, f64::max);
    let root = SVGBackend::with_string(text, (size.width, size.height)).into_drawing_area();
    let widest = Tally(all.steps().map(|step| step.bands.iter().sum()).max().unwrap_or(0)).to_string().len();
    let left = 26 + 8 * u32::try_from(widest).unwrap_or(8);
    let mut chart = ChartBuilder::on(&root)
        .margin_top(6)
        .margin_left(4)
        .margin_right(12)
        .x_label_area_size(42)
        .y_label_area_size(left)
        .build_cartesian_2d(0.0..100.0, 0.0..most * 1.16)?;
    let ink = ("sans-serif", TEXT).into_font().color(&Paint::Ink.color());
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(Paint::Grid.color())
        .axis_style(Paint::Grid.color())
        .label_style(ink.clone())
        .x_labels(if size.is_narrow() { 5 } else { 11 })
        .y_labels(if most < 5.0 { 3 } else { 5 })
        .y_label_formatter(&|number| whole(*number))
        .x_label_formatter(&|number| format!("{number:.0}"))
        .x_desc("Score")
        .y_desc("Accounts")
        .draw()?;
    for step in all.steps() {
        let (mut base, bands) = (0.0, step.bands.len());
        for (place, number) in step.bands.iter().enumerate().filter(|(_, number)| **number > 0) {
            let corners =
                [(f64::from(step.from) + 0.3, base), (f64::from(step.to) - 0.3, base + count(*number))];
            chart.draw_series([Rectangle::new(corners, Paint::Band(look(place, bands)).color().filled())])?;
            base += count(*number);
        }
    }
    let cuts = &scorer.scorecard().bands.cuts;
    for cut in cuts {
        let line = vec![(*cut, 0.0), (*cut, most * 1.16)];
        chart.draw_series([PathElement::new(line, Paint::Mark.color())])?;
    }
    let middle = Pos::new(HPos::Center, VPos::Top);
    let edges: Vec<f64> = [0.0].into_iter().chain(cuts.iter().copied()).chain([100.0]).collect();
    let room = f64::from(size.width.saturating_sub(left + 12));
    for (band, pair) in scorer.band_names().iter().zip(edges.windows(2)) {
        let &[from, to] = pair else { continue };
        let title = name(band);
        // A name that does not fit between its cuts stands in the legend alone.
        let needed = 8.0 * f64::from(u32::try_from(title.chars().count()).unwrap_or(u32::MAX));
        if needed < (to - from) / 100.0 * room {
            let style = ink.clone().pos(middle);
            chart.draw_series([Text::new(title, (from.midpoint(to), most * 1.14), style)])?;
        }
    }
    root.present()?;
    Ok(())
}

/// Whole numbers of accounts; the axis may offer halves.
fn whole(number: f64) -> String {
    if number.fract().abs() > 1e-9 { String::new() } else { super::super::words::money(number) }
}
