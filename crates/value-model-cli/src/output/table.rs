//! Tables and bars for people, as wide as the terminal.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

/// The width of the terminal, or of a page where there is none.
pub(crate) fn width() -> u16 {
    terminal_size::terminal_size_of(std::io::stdout()).map_or(100, |(width, _)| width.0.clamp(40, 200))
}

/// A table whose columns after the first `texts` are numbers, set flush right.
pub(crate) fn table<S: AsRef<str>>(header: &[S], rows: &[Vec<String>], texts: usize, ascii: bool) -> String {
    let mut table = Table::new();
    table
        .load_style(if ascii { presets::ASCII_MARKDOWN } else { presets::UTF8_HORIZONTAL_ONLY })
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width());
    table.set_header(header.iter().map(|name| printable(name.as_ref())));
    for row in rows {
        table.add_row(row.iter().enumerate().map(|(column, text)| {
            let side = if column < texts { CellAlignment::Left } else { CellAlignment::Right };
            Cell::new(printable(text)).set_alignment(side)
        }));
    }
    table.trim_fmt()
}

/// A number for people: at most one decimal, and the word `none` where there is no score.
pub(crate) fn points(score: Option<f64>) -> String {
    score.map_or_else(|| "-".to_owned(), |score| format!("{score:.1}"))
}

/// A share for people.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

#[cfg_attr(not(test), expect(dead_code, reason = "drawn by `explain`, which comes next"))]
/// A bar for a number between 0 and `full`, `width` characters wide at most.
pub(crate) fn bar(number: f64, full: f64, width: u16, ascii: bool) -> String {
    let cells = if full > 0.0 { (number.abs() / full).clamp(0.0, 1.0) * f64::from(width) } else { 0.0 };
    let mut drawn = String::new();
    for cell in 0..width {
        let rest = cells - f64::from(cell);
        match (rest, ascii) {
            (rest, true) if rest >= 0.5 => drawn.push('#'),
            (rest, false) if rest >= 0.75 => drawn.push('█'),
            (rest, false) if rest >= 0.25 => drawn.push('▌'),
            _ => break,
        }
    }
    drawn
}

/// A text without control characters, which could move the cursor or change colours.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{bar, printable};

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        assert_eq!(bar(50.0, 100.0, 10, true), "#####");
        assert_eq!(bar(100.0, 100.0, 4, false), "████");
        assert_eq!(bar(37.5, 100.0, 4, false), "█▌");
        assert_eq!(bar(0.0, 100.0, 4, false), "");
        assert_eq!(bar(1.0, 0.0, 4, false), "");
    }

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(printable("\u{1b}[31mred"), "\u{FFFD}[31mred");
    }
}
