//! A plane with axes, and what is drawn on it.

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{Paint, Size};

/// Height of the text; plotters divides it by 1.24.
const TEXT: u32 = 16;

/// The end of a drawing.
pub(super) type Drawn = Result<(), Box<dyn std::error::Error>>;

type Chart<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// What the axes say. Both begin at the start of their range.
pub(super) struct Axes<'a> {
    pub(super) across: (f64, f64),
    pub(super) up: (f64, f64),
    pub(super) names: (&'a str, &'a str),
    /// About how many labels each axis has.
    pub(super) labels: (usize, usize),
    pub(super) format: (&'a dyn Fn(f64) -> String, &'a dyn Fn(f64) -> String),
}

/// A drawing in progress.
pub(super) struct Plane<'a> {
    root: DrawingArea<SVGBackend<'a>, Shift>,
    chart: Chart<'a>,
    /// The pixels between the ends of the axis across.
    room: f64,
}

impl<'a> Plane<'a> {
    /// Draws the axes.
    pub(super) fn new(
        text: &'a mut String,
        size: Size,
        axes: &Axes<'_>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        const EDGE: u32 = 20;
        let root = SVGBackend::with_string(text, (size.width, size.height)).into_drawing_area();
        // The end of the axis may be a number that has no label.
        let longest = [axes.up.1, axes.up.1.floor()].map(|end| (axes.format.1)(end).chars().count());
        let longest = longest.into_iter().max().unwrap_or(0);
        let left = 26 + 8 * u32::try_from(longest).unwrap_or(8);
        let mut chart = ChartBuilder::on(&root)
            .margin_top(10)
            .margin_left(4)
            .margin_right(EDGE)
            .x_label_area_size(42)
            .y_label_area_size(left)
            .build_cartesian_2d(axes.across.0..axes.across.1, axes.up.0..axes.up.1)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(Paint::Grid.color())
            .axis_style(Paint::Grid.color())
            .label_style(ink())
            .x_labels(axes.labels.0)
            .y_labels(axes.labels.1)
            .x_label_formatter(&|number| (axes.format.0)(*number))
            .y_label_formatter(&|number| (axes.format.1)(*number))
            .x_desc(axes.names.0)
            .y_desc(axes.names.1)
            .draw()?;
        let room = f64::from(size.width.saturating_sub(left + EDGE + 4));
        Ok(Self { root, chart, room })
    }

    /// How many pixels of the axis across each unit has, if the range is `width` units wide.
    pub(super) fn pixels(&self, width: f64) -> f64 {
        self.room / width
    }

    /// A filled rectangle between two corners.
    pub(super) fn bar(&mut self, paint: Paint, corners: [(f64, f64); 2]) -> Drawn {
        self.chart.draw_series([Rectangle::new(corners, paint.color().filled())])?;
        Ok(())
    }

    /// A line through points.
    pub(super) fn line(&mut self, paint: Paint, width: u32, points: Vec<(f64, f64)>) -> Drawn {
        self.chart.draw_series([PathElement::new(points, paint.color().stroke_width(width))])?;
        Ok(())
    }

    /// A point, with the ends of its interval where there is one.
    pub(super) fn point(&mut self, at: (f64, f64), interval: Option<(f64, f64)>) -> Drawn {
        if let Some((low, high)) = interval {
            self.line(Paint::Data, 2, vec![(at.0, low), (at.0, high)])?;
        }
        self.chart.draw_series([Circle::new(at, 4, Paint::Data.color().filled())])?;
        Ok(())
    }

    /// A text below a point, in its middle.
    pub(super) fn text(&mut self, text: String, at: (f64, f64)) -> Drawn {
        let style = ink().pos(Pos::new(HPos::Center, VPos::Top));
        self.chart.draw_series([Text::new(text, at, style)])?;
        Ok(())
    }

    /// Ends the drawing.
    pub(super) fn finish(self) -> Drawn {
        self.root.present()?;
        Ok(())
    }
}

fn ink() -> TextStyle<'static> {
    ("sans-serif", TEXT).into_font().color(&Paint::Ink.color())
}
