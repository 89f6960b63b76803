//! Tables and bars for people, as wide as the terminal.

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width,
};

/// The width of the terminal, or of a page where there is none.
pub(crate) fn width() -> u16 {
    terminal_size::terminal_size_of(std::io::stdout()).map_or(100, |(width, _)| width.0.clamp(40, 200))
}

/// A line under the header and nothing else: rows stay dense, and text can be copied out of it.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('-').junction('-'));

/// A table whose columns after the first `texts` are numbers, set flush right. Underscores in the header become
/// spaces, so that a long name can be broken into lines. Cells are broken only where the terminal is too narrow.
pub(crate) fn table<S: AsRef<str>>(header: &[S], rows: &[Vec<String>], texts: usize) -> String {
    const GAP: u16 = 2;
    let side = |column: usize| if column < texts { CellAlignment::Left } else { CellAlignment::Right };
    let cell = |column: usize, text: &str| Cell::new(printable(text)).set_alignment(side(column));
    let names: Vec<String> = header.iter().map(|name| name.as_ref().replace('_', " ")).collect();
    let needed: Vec<u16> = (names.iter().enumerate())
        .map(|(column, name)| {
            let word = name.split(' ').map(columns_of).max().unwrap_or(0);
            rows.iter().filter_map(|row| row.get(column)).map(|text| columns_of(text)).fold(word, u16::max)
        })
        .collect();
    let gaps = GAP * u16::try_from(needed.len().saturating_sub(1)).unwrap_or(0);
    let fits = needed.iter().fold(gaps, |sum, width| sum.saturating_add(*width)) <= width();
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_header(names.iter().enumerate().map(|(column, name)| cell(column, name)));
    for row in rows {
        table.add_row(row.iter().enumerate().map(|(column, text)| cell(column, text)));
    }
    if !fits && std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width());
    } else {
        // The width of a column includes its gap.
        let gap = |column: usize| if column + 1 == needed.len() { 0 } else { GAP };
        let widths =
            needed.iter().enumerate().map(|(column, width)| Width::Fixed(width.saturating_add(gap(column))));
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(u16::MAX);
        table.set_constraints(widths.map(ColumnConstraint::Absolute));
    }
    let last = header.len().saturating_sub(1);
    for (number, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if number == last { 0 } else { GAP }));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// How many columns of a terminal a text takes, near enough for names.
fn columns_of(text: &str) -> u16 {
    u16::try_from(text.chars().count()).unwrap_or(u16::MAX)
}

/// A number for people: one decimal, whole and with separated thousands from a thousand on, `-` where there is none.
pub(crate) fn readable(number: Option<f64>) -> String {
    let Some(number) = number else { return "-".to_owned() };
    if number.abs() < 1000.0 {
        return format!("{number:.1}");
    }
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0.0 { format!("-{text}") } else { text }
}

/// A score for people: one decimal, `-` where there is none.
pub(crate) fn points(score: Option<f64>) -> String {
    score.map_or_else(|| "-".to_owned(), |score| format!("{score:.1}"))
}

/// A share for people.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

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
    use super::{bar, printable, readable};

    #[test]
    fn large_numbers_are_whole_and_grouped() {
        assert_eq!(readable(Some(24_800.4)), "24,800");
        assert_eq!(readable(Some(-1_234_567.0)), "-1,234,567");
        assert_eq!(readable(Some(999.94)), "999.9");
        assert_eq!(readable(None), "-");
    }

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
