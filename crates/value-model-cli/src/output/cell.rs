//! Cells of CSV: quoted where needed, and never a formula that a spreadsheet would run.

/// How cells are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Between cells.
    pub delimiter: u8,
    /// Leaves texts as they are, even those that a spreadsheet would run.
    pub raw: bool,
}

impl Style {
    /// Appends a text.
    ///
    /// One that starts like a formula (`=`, `+`, `-`, `@`, tab, line break or NUL) and is not a plain number gets a
    /// leading `'`, which spreadsheets show as nothing and take as "this is text".
    pub(crate) fn text(self, out: &mut Vec<u8>, text: &[u8]) {
        let defused = !self.raw && runs(text);
        let quoted = text.iter().any(|byte| matches!(byte, b'"' | b'\n' | b'\r') || *byte == self.delimiter);
        if !quoted {
            if defused {
                out.push(b'\'');
            }
            out.extend_from_slice(text);
            return;
        }
        out.push(b'"');
        if defused {
            out.push(b'\'');
        }
        for byte in text {
            if *byte == b'"' {
                out.push(b'"');
            }
            out.push(*byte);
        }
        out.push(b'"');
    }

    /// Appends a separator and a text.
    pub(crate) fn next_text(self, out: &mut Vec<u8>, text: &[u8]) {
        out.push(self.delimiter);
        self.text(out, text);
    }

    /// Appends a separator and a number in the fewest digits that read back as the same number; nothing for `None`.
    pub(crate) fn next_number(self, out: &mut Vec<u8>, number: Option<f64>) {
        out.push(self.delimiter);
        if let Some(number) = number {
            out.extend_from_slice(zmij::Buffer::new().format(number).as_bytes());
        }
    }

    /// Appends a line of texts.
    pub(crate) fn line<S: AsRef<str>>(self, out: &mut Vec<u8>, cells: &[S]) {
        for (number, cell) in cells.iter().enumerate() {
            if number > 0 {
                out.push(self.delimiter);
            }
            self.text(out, cell.as_ref().as_bytes());
        }
        out.push(b'\n');
    }
}

fn runs(text: &[u8]) -> bool {
    match text.first() {
        Some(b'=' | b'@' | b'\t' | b'\r' | b'\n' | 0) => true,
        Some(b'+' | b'-') => !is_number(text),
        _ => false,
    }
}

fn is_number(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
        && std::str::from_utf8(text).is_ok_and(|text| text.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::Style;

    fn written(text: &str, raw: bool) -> String {
        let mut out = Vec::new();
        Style { delimiter: b',', raw }.text(&mut out, text.as_bytes());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_made_text() {
        for text in ["=1+2", "+1+2", "-1+2", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "-x", "\0=1"] {
            assert!(written(text, false).starts_with('\''), "{text:?}");
        }
        assert_eq!(written("\r=1", false), "\"'\r=1\"");
        assert_eq!(written("=HYPERLINK(\"a\",\"b\")", false), "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"");
        assert_eq!(written("=1+2", true), "=1+2");
    }

    #[test]
    fn numbers_and_plain_texts_stay_what_they_are() {
        for text in ["-5", "+5", "-1.5e3", "acme", "a-b", "", "'quoted'", "Zoë"] {
            assert_eq!(written(text, false), text);
        }
    }

    #[test]
    fn separators_quotes_and_line_breaks_are_quoted() {
        assert_eq!(written("a,b", false), "\"a,b\"");
        assert_eq!(written("a\"b", false), "\"a\"\"b\"");
        assert_eq!(written("a\nb", false), "\"a\nb\"");
    }
}
