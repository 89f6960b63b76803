//! Names, numbers and lists as people read them.

use std::fmt;
use std::path::PathBuf;

use crate::output::table::{bar as drawn, percent, printable, readable};

/// The longest name that is shown, in characters.
const LONGEST: usize = 80;

/// Characters in the longest bar of Markdown.
const BAR: u16 = 24;

/// A count with separated thousands.
pub(super) struct Tally(pub(super) u64);

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// A count with its noun: `1 account`, `2 accounts`.
pub(super) fn accounts(count: u64) -> String {
    format!("{} {}", Tally(count), if count == 1 { "account" } else { "accounts" })
}

/// A text without control characters, and without those that turn the direction of what follows.
pub(super) fn clean(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}');
    printable(text).chars().map(|c| if turns(c) { '\u{FFFD}' } else { c }).collect()
}

/// A name as it is shown: clean, and not longer than a line.
pub(super) fn cut(text: &str) -> String {
    let text = clean(text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// An id as words: `at_risk` is "At risk".
pub(super) fn name(id: &str) -> String {
    let text = cut(&id.replace('_', " "));
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The name of a column as words: short ones such as `csm` and `arr` are abbreviations.
pub(super) fn column(id: &str) -> String {
    if id.chars().count() <= 3 { cut(id).to_uppercase() } else { name(id) }
}

/// A share in percent; a dash where there is none. Shares that are not 0 or 1 are not shown as such.
pub(super) fn share(share: Option<f64>) -> String {
    match share {
        None => "–".to_owned(),
        Some(share) if share > 0.0 && share < 0.005 => "<1%".to_owned(),
        Some(share) if (0.995..1.0).contains(&share) => ">99%".to_owned(),
        Some(share) => percent(share),
    }
}

/// A score or a mean of scores.
pub(super) fn score(score: Option<f64>) -> String {
    score.map_or_else(|| "–".to_owned(), |score| format!("{score:.1}"))
}

/// Points with their sign; a change that shows as 0.0 has none.
pub(super) fn signed(points: Option<f64>) -> String {
    let Some(points) = points else { return "–".to_owned() };
    match format!("{points:+.1}").as_str() {
        "+0.0" | "-0.0" => "0.0".to_owned(),
        text => text.replace('-', "−"),
    }
}

/// Mean points with their sign: they are small, so they have two decimals.
pub(super) fn signed_mean(points: f64) -> String {
    match format!("{points:+.2}").as_str() {
        "+0.00" | "-0.00" => "0.00".to_owned(),
        text => text.replace('-', "−"),
    }
}

/// An amount of money; from a million on in millions, from a billion on in billions.
pub(super) fn money(amount: f64) -> String {
    for (unit, letter) in [(1e9, "B"), (1e6, "M")] {
        if amount.abs() >= unit {
            return format!("{}{letter}", readable(Some(amount / unit)));
        }
    }
    let text = readable(Some(amount));
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// A bar of characters.
pub(super) fn bar(count: u64, full: u64) -> String {
    let number = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    drawn(number(count), number(full), BAR, false)
}

/// A list in a sentence: `a`, `a and b`, `a, b and c`.
pub(super) fn list(names: &[String]) -> String {
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// The names of the inputs, without their folders.
pub(super) fn files(paths: &[PathBuf]) -> String {
    const SHOWN: usize = 3;
    let name = |path: &PathBuf| match path.file_name() {
        Some(name) if name != "-" => cut(&name.to_string_lossy()),
        _ => "standard input".to_owned(),
    };
    let mut names: Vec<String> = paths.iter().take(SHOWN).map(name).collect();
    if paths.len() > SHOWN {
        names.push(format!("{} more", paths.len() - SHOWN));
    }
    list(&names)
}

#[cfg(test)]
mod tests {
    use super::{Tally, clean, cut, list, money, name, share, signed};

    #[test]
    fn counts_are_grouped() {
        assert_eq!(Tally(7).to_string(), "7");
        assert_eq!(Tally(1_234_567).to_string(), "1,234,567");
    }

    #[test]
    fn names_read_as_words_and_stay_on_a_line() {
        assert_eq!(name("at_risk"), "At risk");
        assert_eq!(cut(&"x".repeat(500)).chars().count(), 80);
        assert_eq!(clean("a\u{202E}b\u{7}c\n"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}");
    }

    #[test]
    fn shares_do_not_round_to_nothing_or_all() {
        assert_eq!(share(Some(0.0001)), "<1%");
        assert_eq!(share(Some(0.9999)), ">99%");
        assert_eq!(
            (share(Some(0.0)), share(Some(1.0)), share(None)),
            ("0%".into(), "100%".into(), "–".into())
        );
    }

    #[test]
    fn large_amounts_are_short() {
        assert_eq!((money(999_999.0), money(16_966_000.0)), ("999,999".to_owned(), "17.0M".to_owned()));
        assert_eq!(money(2.5e9), "2.5B");
    }

    #[test]
    fn changes_have_a_sign_where_they_show_one() {
        assert_eq!(signed(Some(-3.25)), "−3.2");
        assert_eq!(signed(Some(-0.01)), "0.0");
        assert_eq!(signed(Some(2.0)), "+2.0");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
