//! Records of a table: where their fields stand in a piece of it, with quotes undone.
//!
//! The rules are those of RFC 4180 as files really follow them. A field that starts with a quote ends at the next quote
//! that is not doubled; what stands between that quote and the separator belongs to it. A quote anywhere else is a
//! letter. A record ends with `\n`, `\r` or both, outside of quotes; empty lines are no records; `\r\n` inside of quotes
//! is one line break, `\n`.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

/// Whole records of a table, read in order.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    /// The text of the records.
    pub bytes: Vec<u8>,
    /// What stands between fields.
    delimiter: u8,
    /// No quote stands in it: its fields stand there as they are.
    plain: bool,
    /// Where the next record, or empty lines before it, start.
    at: usize,
    /// The line on which it starts.
    first: u64,
    /// How far lines have been counted, and the line there.
    counted: (usize, u64),
}

/// Where the fields of one record stand in its piece. Reuse it for the next.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    start: usize,
    places: Vec<Range<usize>>,
    /// Fields that do not stand in the piece as they are; their places start behind the piece.
    rewritten: Vec<u8>,
}

/// One record with its own text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    text: Vec<u8>,
    ends: Vec<usize>,
    line: u64,
}

impl Row {
    /// A record of these fields on this line.
    pub(crate) fn of<T: AsRef<[u8]>>(line: u64, fields: impl IntoIterator<Item = T>) -> Self {
        let mut row = Self { line, ..Self::default() };
        for field in fields {
            row.text.extend_from_slice(field.as_ref());
            row.ends.push(row.text.len());
        }
        row
    }

    /// The number of fields.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field by its place.
    pub(crate) fn get(&self, place: usize) -> Option<&[u8]> {
        self.text.get(self.range(place)?)
    }

    /// Where a field stands in [`Row::text`].
    pub(crate) fn range(&self, place: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        Some(start..end)
    }

    /// All fields as one text, if it is UTF-8.
    pub(crate) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.text).ok()
    }

    /// Its fields in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).filter_map(|place| self.get(place))
    }

    /// The line on which it starts.
    pub(crate) const fn line(&self) -> u64 {
        self.line
    }

    /// Becomes the record of a piece whose fields these are.
    pub(crate) fn copy(&mut self, piece: &mut Piece, fields: &Fields) {
        self.line = piece.line(fields);
        self.text.clear();
        self.ends.clear();
        for place in 0..fields.len() {
            self.text.extend_from_slice(fields.get(&piece.bytes, place));
            self.ends.push(self.text.len());
        }
    }
}

impl Fields {
    /// The number of fields.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// A field by its place, from the bytes of its piece; a field that is not there is empty.
    #[inline]
    pub(crate) fn get<'a>(&'a self, bytes: &'a [u8], place: usize) -> &'a [u8] {
        let range = self.range(place);
        match bytes.get(range.clone()) {
            Some(field) => field,
            None => self.moved(&range, bytes.len()),
        }
    }

    /// Where a field stands: in its piece, or behind it when it does not stand there as it is.
    #[inline]
    pub(crate) fn range(&self, place: usize) -> Range<usize> {
        self.places.get(place).cloned().unwrap_or_default()
    }

    fn moved(&self, range: &Range<usize>, behind: usize) -> &[u8] {
        let place = range.start.saturating_sub(behind)..range.end.saturating_sub(behind);
        self.rewritten.get(place).unwrap_or_default()
    }

    /// Where the record starts in its piece.
    pub(crate) const fn start(&self) -> usize {
        self.start
    }

    fn clear(&mut self, start: usize) {
        self.start = start;
        self.places.clear();
        self.rewritten.clear();
    }
}

impl Piece {
    /// Becomes whole records that start on this line, each with fields between `delimiter`.
    pub(super) fn begin(&mut self, delimiter: u8, line: u64, plain: bool) {
        self.delimiter = delimiter;
        self.plain = plain;
        self.at = 0;
        self.first = line;
        self.counted = (0, line);
    }

    /// Finds the fields of the next record; false at the end.
    #[inline]
    pub(crate) fn read(&mut self, fields: &mut Fields) -> bool {
        while matches!(self.bytes.get(self.at), Some(b'\n' | b'\r')) {
            self.at += 1;
        }
        fields.clear(self.at);
        if self.at >= self.bytes.len() {
            return false;
        }
        self.at = if self.plain { self.plain(fields) } else { self.quoted(fields) };
        true
    }

    /// Starts again with the first record.
    pub(crate) const fn rewind(&mut self) {
        self.at = 0;
    }

    /// Finds the fields of a record that starts here, once more.
    pub(crate) fn read_from(&mut self, start: usize, fields: &mut Fields) {
        let at = std::mem::replace(&mut self.at, start);
        self.read(fields);
        self.at = at;
    }

    /// The line on which a record starts. Asking in the order of the records takes the least time.
    pub(crate) fn line(&mut self, fields: &Fields) -> u64 {
        let (from, line) = if self.counted.0 <= fields.start { self.counted } else { (0, self.first) };
        let lines = self.bytes.get(from..fields.start).unwrap_or_default();
        self.counted = (fields.start, line + memchr_iter(b'\n', lines).count() as u64);
        self.counted.1
    }

    /// What has not been read, and the line on which it starts.
    pub(super) fn unread(&mut self) -> (&[u8], u64) {
        let here = Fields { start: self.at.min(self.bytes.len()), ..Fields::default() };
        let line = self.line(&here);
        (self.bytes.get(here.start..).unwrap_or_default(), line)
    }

    /// Finds the fields of a record that holds no quote, and gives the place behind it.
    ///
    /// Most fields of a table of answers have few bytes: eight are looked at together, and each end in them is a field.
    #[inline]
    fn plain(&self, fields: &mut Fields) -> usize {
        let (mut start, mut at) = (self.at, self.at);
        while let Some(eight) = self.bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let word = u64::from_le_bytes(*eight);
            let breaks = equal(word, b'\n') | equal(word, b'\r');
            let mut ends = breaks | equal(word, self.delimiter);
            while ends != 0 {
                let end = at + (ends.trailing_zeros() / 8) as usize;
                fields.places.push(start..end);
                start = end + 1;
                if breaks & ends & ends.wrapping_neg() != 0 {
                    return start;
                }
                ends &= ends - 1;
            }
            at += 8;
        }
        loop {
            let end = self.end_of_field(start);
            fields.places.push(start..end);
            start = end + 1;
            if self.bytes.get(end) != Some(&self.delimiter) {
                return start;
            }
        }
    }

    /// Finds the fields of a record that may hold quotes, and gives the place behind it.
    fn quoted(&self, fields: &mut Fields) -> usize {
        let mut start = self.at;
        loop {
            let end = if self.bytes.get(start) == Some(&b'"') {
                self.quoted_field(start + 1, fields)
            } else {
                let end = self.end_of_field(start);
                fields.places.push(start..end);
                end
            };
            start = end + 1;
            if self.bytes.get(end) != Some(&self.delimiter) {
                return start;
            }
        }
    }

    /// Finds one field behind its opening quote, and gives the place of the separator or line break after it.
    fn quoted_field(&self, start: usize, fields: &mut Fields) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let end = start + memchr(b'"', rest).unwrap_or(rest.len());
        let after = self.bytes.get(end + 1);
        let ends = after.is_none_or(|byte| self.ends(*byte));
        let inside = self.bytes.get(start..end).unwrap_or_default();
        if ends && memchr(b'\r', inside).is_none() {
            fields.places.push(start..end);
            return end + 1;
        }
        let from = self.bytes.len() + fields.rewritten.len();
        let end = self.rewrite(start, &mut fields.rewritten);
        fields.places.push(from..self.bytes.len() + fields.rewritten.len());
        end
    }

    /// Writes a field behind its opening quote as it is meant, and gives the place after it.
    fn rewrite(&self, start: usize, out: &mut Vec<u8>) -> usize {
        let (mut at, mut quoted) = (start, true);
        while let Some(&byte) = self.bytes.get(at) {
            let next = self.bytes.get(at + 1);
            match byte {
                b'"' if quoted && next == Some(&b'"') => {
                    out.push(b'"');
                    at += 1;
                }
                b'"' if quoted => quoted = false,
                b'\r' if quoted && next == Some(&b'\n') => {}
                _ if !quoted && self.ends(byte) => return at,
                _ => out.push(byte),
            }
            at += 1;
        }
        at
    }

    /// The place of the separator or line break after a field without quotes.
    fn end_of_field(&self, start: usize) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        start + rest.iter().position(|byte| self.ends(*byte)).unwrap_or(rest.len())
    }

    /// Whether a byte ends a field.
    const fn ends(&self, byte: u8) -> bool {
        byte == self.delimiter || matches!(byte, b'\n' | b'\r')
    }
}

/// The highest bit of each byte of `word` that is `byte`, and nothing else.
pub(super) const fn equal(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let differs = word ^ u64::from_le_bytes([byte; 8]);
    !((differs & LOW).wrapping_add(LOW) | differs | LOW)
}
