//! Bars beside numbers: parts of a strip that is 100 wide.
//!
//! They repeat what stands beside them as a number, so they are hidden from screen readers.

use serde::Serialize;

/// A strip of parts.
#[derive(Default, Serialize)]
pub(in super::super) struct Bar(Vec<Part>);

/// A part of a strip.
#[derive(Serialize)]
struct Part {
    x: String,
    width: String,
    class: String,
}

fn part(x: f64, width: f64, class: impl Into<String>) -> Part {
    Part { x: format!("{x:.2}"), width: format!("{width:.2}"), class: class.into() }
}

/// Shares side by side, each with the look of its band.
pub(in super::super) fn stacked(shares: impl Iterator<Item = (usize, f64)>) -> Bar {
    let mut x = 0.0;
    let mut parts = Vec::new();
    for (look, share) in shares {
        if share > 0.0 {
            parts.push(part(x, share * 100.0, format!("f-band{look}")));
        }
        x += share * 100.0;
    }
    Bar(parts)
}

/// One share.
pub(in super::super) fn plain(share: Option<f64>) -> Bar {
    Bar(share.map(|share| part(0.0, share * 100.0, "f-share")).into_iter().collect())
}

/// The size of a change; `widest` reaches the edge.
pub(in super::super) fn change(points: f64, widest: f64) -> Bar {
    let width = if widest > 0.0 { points.abs() / widest * 100.0 } else { 0.0 };
    Bar(vec![part(0.0, width, if points < 0.0 { "f-down" } else { "f-up" })])
}

/// A step of a waterfall from one score to another; a step of nothing is a thin line.
pub(in super::super) fn step(from: f64, to: f64) -> Bar {
    const THIN: f64 = 0.4;
    let class = if to < from { "f-down" } else { "f-up" };
    Bar(vec![part(from.min(to), (to - from).abs().max(THIN), class)])
}
