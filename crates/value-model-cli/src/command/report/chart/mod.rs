//! Drawings of the page: charts with axes, and the geometry of bars.
//!
//! Charts are drawn with plotters in marker colours, which then become classes: the page's style gives them colours for
//! light, dark and print, and patterns that tell bands apart without colour.

pub(super) mod bars;
pub(super) mod histogram;
pub(super) mod outcomes;
mod plane;

use plotters::style::RGBColor;
use serde::Serialize;

use crate::message::Failure;
use plane::Drawn;

/// A chart and what it shows in a sentence: one drawing for phones, and one for wide pages where it gains from it.
#[derive(Serialize)]
pub(super) struct Chart {
    wide: Option<String>,
    narrow: String,
    label: String,
    caption: String,
}

/// The size of a drawing in pixels; text has the same size on all of them.
#[derive(Clone, Copy)]
struct Size {
    width: u32,
    height: u32,
}

impl Size {
    const WIDE: Self = Self { width: 720, height: 280 };
    const NARROW: Self = Self { width: 340, height: 250 };

    /// Whether it is the one for phones.
    const fn is_narrow(self) -> bool {
        self.width < Self::WIDE.width
    }
}

/// What a part of a chart is; its colour is the style's matter.
#[derive(Clone, Copy)]
enum Paint {
    /// Text.
    Ink,
    /// Lines behind the data.
    Grid,
    /// A line that is meant to be seen, such as the cut of a band, or what chance would give.
    Mark,
    /// The data of a chart without bands.
    Data,
    /// A band, by its look.
    Band(usize),
}

const PAINTS: [(Paint, &str); 9] = [
    (Paint::Ink, "ink"),
    (Paint::Grid, "grid"),
    (Paint::Mark, "mark"),
    (Paint::Data, "data"),
    (Paint::Band(0), "band0"),
    (Paint::Band(1), "band1"),
    (Paint::Band(2), "band2"),
    (Paint::Band(3), "band3"),
    (Paint::Band(4), "band4"),
];

impl Paint {
    /// The marker colour.
    fn color(self) -> RGBColor {
        let number = match self {
            Self::Ink => 1,
            Self::Grid => 2,
            Self::Mark => 3,
            Self::Data => 4,
            Self::Band(look) => 16 + u8::try_from(look.min(4)).unwrap_or(4),
        };
        RGBColor(0, 0, number)
    }

    fn hex(self) -> String {
        let RGBColor(red, green, blue) = self.color();
        format!("#{red:02X}{green:02X}{blue:02X}")
    }
}

/// Draws for phones, and for wide pages where `wide` asks for it.
fn chart(
    (label, caption): (String, &str),
    wide: bool,
    draw: impl Fn(&mut String, Size) -> Drawn,
) -> Result<Chart, Failure> {
    let one = |size: Size| {
        let mut text = String::new();
        draw(&mut text, size).map_err(|error| Failure::new("chart", error.to_string()))?;
        Ok::<_, Failure>(styled(&text, size))
    };
    let wide = wide.then(|| one(Size::WIDE)).transpose()?;
    Ok(Chart { wide, narrow: one(Size::NARROW)?, label, caption: caption.to_owned() })
}

/// Marker colours become classes, and the outermost tag is left to the template, which names it for screen readers.
fn styled(drawn: &str, size: Size) -> String {
    let inner = drawn.split_once(">\n").map_or(drawn, |(_, inner)| inner);
    let inner = inner.trim_end().strip_suffix("</svg>").unwrap_or(inner);
    let mut text = inner.replace(" opacity=\"1\"", "").replace(" font-family=\"sans-serif\"", "");
    text = text.replace(" stroke=\"none\"", "").replace(" stroke-width=\"1\"", "");
    for (paint, class) in PAINTS {
        let hex = paint.hex();
        text = text.replace(&format!(" fill=\"{hex}\""), &format!(" class=\"f-{class}\""));
        text = text.replace(&format!(" stroke=\"{hex}\""), &format!(" class=\"s-{class}\""));
    }
    let Size { width, height } = size;
    format!("viewBox=\"0 0 {width} {height}\">{text}")
}
