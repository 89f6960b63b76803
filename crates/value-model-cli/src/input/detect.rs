//! What kind of bytes a file holds, told from its beginning; what is not UTF-8 text is refused with what to do.

use crate::message::Failure;

/// How many bytes of the beginning are looked at.
pub(crate) const BEGINNING: usize = 64 * 1024;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The length of the byte order mark to skip.
///
/// # Errors
/// `encoding` for UTF-16, `format` for spreadsheets, columnar and compressed files, `empty` for nothing at all.
pub(crate) fn text_start(beginning: &[u8], name: &str) -> Result<usize, Failure> {
    let start = if beginning.starts_with(UTF8_MARK) { UTF8_MARK.len() } else { 0 };
    let text = beginning.get(start..).unwrap_or_default();
    if text.iter().all(u8::is_ascii_whitespace) && beginning.len() < BEGINNING {
        return Err(Failure::new("empty", "the file is empty").at(name));
    }
    if is_utf16(beginning) {
        return Err(Failure::new("encoding", "the file is UTF-16")
            .at(name)
            .help("save it as UTF-8 (in a spreadsheet: `CSV UTF-8`), or run `iconv -f UTF-16 -t UTF-8`"));
    }
    for (magic, what, help) in [
        (&b"PK\x03\x04"[..], "a spreadsheet or a zip archive", "export the sheet as CSV (UTF-8)"),
        (&b"\x1F\x8B"[..], "compressed with gzip", "unpack it first: `gzip -dc FILE | value-model ... -`"),
        (&b"PAR1"[..], "a Parquet file", "a text is expected here"),
        (&b"ARROW1"[..], "an Arrow file", "a text is expected here"),
        (&b"FEA1"[..], "a Feather file of the first version", "write it again as Parquet or Arrow"),
        (&b"\xD0\xCF\x11\xE0"[..], "an old spreadsheet", "export the sheet as CSV (UTF-8)"),
    ] {
        if beginning.starts_with(magic) {
            return Err(Failure::new("format", format!("the file is {what}")).at(name).help(help));
        }
    }
    Ok(start)
}

/// A byte order mark of UTF-16, or text whose every second byte is NUL.
fn is_utf16(beginning: &[u8]) -> bool {
    if beginning.starts_with(b"\xFF\xFE") || beginning.starts_with(b"\xFE\xFF") {
        return true;
    }
    let pairs: Vec<(bool, bool)> = beginning
        .chunks_exact(2)
        .take(32)
        .filter_map(|pair| <&[u8; 2]>::try_from(pair).ok())
        .map(|[a, b]| (*a == 0, *b == 0))
        .collect();
    pairs.len() > 1 && (pairs.iter().all(|(a, b)| *a && !*b) || pairs.iter().all(|(a, b)| *b && !*a))
}

/// The text of these bytes.
///
/// # Errors
/// What to say when they are not UTF-8: the byte, and that Latin-1 is the likely reason.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| {
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        format!(
            "the text is not UTF-8 (byte 0x{byte:02X}); the file is probably Latin-1: {}",
            "run `iconv -f WINDOWS-1252 -t UTF-8` on it"
        )
    })
}

/// The separator of a table: a comma, unless the header has none and has a semicolon or a tab instead.
pub(crate) fn delimiter(beginning: &[u8], name: &str) -> u8 {
    if name.to_ascii_lowercase().ends_with(".tsv") {
        return b'\t';
    }
    let header = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
    [b',', b';', b'\t'].into_iter().find(|separator| header.contains(separator)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::{delimiter, text_start, utf8};

    #[test]
    fn a_utf8_mark_is_skipped_and_utf16_is_named() {
        assert_eq!(text_start(b"\xEF\xBB\xBFaccount\n", "a.csv").unwrap(), 3);
        for bytes in [&b"\xFF\xFEa\0c\0"[..], b"\xFE\xFF\0a\0c", b"a\0c\0c\0", b"\0a\0c\0c"] {
            assert_eq!(text_start(bytes, "a.csv").unwrap_err().code, "encoding", "{bytes:?}");
        }
    }

    #[test]
    fn spreadsheets_and_empty_files_are_named() {
        assert_eq!(text_start(b"PK\x03\x04rest", "a.xlsx").unwrap_err().code, "format");
        for bytes in [&b""[..], b"\xEF\xBB\xBF", b"\n\r\n"] {
            assert_eq!(text_start(bytes, "a.csv").unwrap_err().code, "empty", "{bytes:?}");
        }
    }

    #[test]
    fn latin_1_is_told_with_the_byte() {
        assert!(utf8(b"caf\xE9").unwrap_err().contains("0xE9"));
    }

    #[test]
    fn a_header_without_comma_names_its_separator() {
        assert_eq!(delimiter(b"a;b\n1,5;2\n", "-"), b';');
        assert_eq!(delimiter(b"a,b;c\n", "-"), b',');
        assert_eq!(delimiter(b"a\tb\n", "-"), b'\t');
        assert_eq!(delimiter(b"a,b\n", "x.TSV"), b'\t');
    }
}
