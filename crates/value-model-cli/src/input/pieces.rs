//! A table cut into pieces of whole records, so that several threads can read it.
//!
//! Only a quote makes the end of a record hard to find, so a piece without quotes is cut at its last line break, and in
//! one with quotes only the quotes are looked at. Two things the CSV format leaves open are decided here. A quote that is
//! never closed would swallow the rest of the file: a record may have 1 MiB at most, and one that is still open at the
//! end of the file is an error.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memrchr2};

use super::records::Piece;
use super::source::Source;
use crate::message::Failure;

/// The longest record, in bytes; one that a piece happens to hold as a whole may be longer by a piece.
const RECORD_BYTES: usize = 1024 * 1024;

/// The bytes of a piece: enough to be worth a turn, few enough to stay in the cache of a core.
pub(crate) const PIECE_BYTES: usize = 256 * 1024;

/// A table being cut.
pub(crate) struct Pieces {
    /// How messages name it.
    pub name: String,
    inner: Box<dyn Read + Send>,
    delimiter: u8,
    /// Bytes read in one go.
    size: usize,
    /// The beginning of a record that did not fit into the piece before.
    rest: Vec<u8>,
    /// The line on which the next piece starts.
    line: u64,
    /// There is nothing more to read, and why if that is an error.
    ended: bool,
    failure: Option<Failure>,
    /// Parts of a piece outside of quotes; kept so that the next piece allocates nothing.
    outside: Vec<(usize, usize)>,
}

impl Pieces {
    /// Cuts a text into pieces of about this many bytes.
    pub(super) fn new(source: Source, delimiter: u8, size: usize) -> Self {
        Self {
            name: source.name,
            inner: source.reader,
            delimiter,
            size,
            rest: Vec::new(),
            line: 1,
            ended: false,
            failure: None,
            outside: Vec::new(),
        }
    }

    /// Takes back what has not been read of the piece given last, and reads about so many bytes in one go from now on.
    pub(super) fn again(&mut self, piece: &mut Piece, size: usize) {
        let (rest, line) = piece.unread();
        self.rest.splice(..0, rest.iter().copied());
        self.line = line;
        self.size = size;
    }

    /// Reads the next piece; false at the end.
    ///
    /// # Errors
    /// `unterminated_quote`, `limit` for a record too long, and what the system says, after all whole records before it.
    pub(crate) fn next(&mut self, piece: &mut Piece) -> Result<bool, Failure> {
        let bytes = &mut piece.bytes;
        bytes.clear();
        bytes.append(&mut self.rest);
        let mut cut = loop {
            self.fill(bytes);
            let cut = self.cut(bytes);
            if cut.end > 0 || self.ended {
                break cut;
            }
            if bytes.len() > RECORD_BYTES {
                self.stop(self.too_long(bytes));
                break cut;
            }
        };
        if !self.ended {
            self.rest.extend_from_slice(bytes.get(cut.end..).unwrap_or_default());
        } else if self.failure.is_none() && cut.open {
            let at = format!("{}:{}", self.name, self.line_from(bytes, cut.end));
            let message = "a quote is opened here and never closed";
            self.failure = Some(Failure::new("unterminated_quote", message).at(at));
        } else if self.failure.is_none() {
            cut.end = bytes.len();
        }
        bytes.truncate(cut.end);
        let line = self.line;
        self.line += memchr_iter(b'\n', bytes).count() as u64;
        piece.begin(self.delimiter, line, cut.plain);
        match self.failure.take_if(|_| cut.end == 0) {
            Some(failure) => Err(failure),
            None => Ok(cut.end > 0),
        }
    }

    /// Appends the next bytes, and notes the end.
    fn fill(&mut self, bytes: &mut Vec<u8>) {
        let mut filled = bytes.len();
        bytes.resize(filled + if self.ended { 0 } else { self.size }, 0);
        while let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.inner.read(room) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.stop(Failure::io(&error, "read", &self.name));
                    break;
                }
            }
        }
        bytes.truncate(filled);
    }

    /// Nothing more is read because of this.
    fn stop(&mut self, failure: Failure) {
        self.ended = true;
        self.failure = Some(failure);
    }

    fn too_long(&self, bytes: &[u8]) -> Failure {
        Failure::new("limit", format!("the record is longer than {RECORD_BYTES} bytes"))
            .at(format!("{}:{}", self.name, self.line_from(bytes, 0)))
            .help("a quote is probably opened on this line and never closed")
    }

    /// The line of the first record from here on in a piece that starts on the current line.
    fn line_from(&self, bytes: &[u8], from: usize) -> u64 {
        let rest = bytes.get(from..).unwrap_or_default();
        let empty = rest.iter().take_while(|byte| is_break(**byte)).count();
        let before = bytes.get(..from + empty).unwrap_or_default();
        self.line + memchr_iter(b'\n', before).count() as u64
    }

    /// Finds where the last whole record ends. The bytes start outside of quotes.
    fn cut(&mut self, bytes: &[u8]) -> Cut {
        let Some(first) = memchr(b'"', bytes) else {
            let end = last_break(bytes).map_or(0, |place| place + 1);
            return Cut { end, open: false, plain: true };
        };
        self.outside.clear();
        let (mut from, mut quote, mut open) = (0, Some(first), false);
        while let Some(place) = quote {
            let before = place.checked_sub(1).and_then(|before| bytes.get(before));
            let mut next = place + 1;
            // Anywhere else a quote is a letter.
            if before.is_none_or(|byte| is_break(*byte) || *byte == self.delimiter) {
                self.outside.push((from, place));
                let Some(end) = closing(bytes, next) else {
                    open = true;
                    break;
                };
                next = end + 1;
                from = next;
            }
            quote = find(bytes, next);
        }
        if !open {
            self.outside.push((from, bytes.len()));
        }
        let end = self.outside.iter().rev().find_map(|(from, to)| {
            let place = last_break(bytes.get(*from..*to).unwrap_or_default())?;
            Some(from + place + 1)
        });
        Cut { end: end.unwrap_or(0), open, plain: false }
    }
}

/// Where a piece can end.
struct Cut {
    /// Behind the last record that is known to be whole; 0 when there is none.
    end: usize,
    /// A quote is open at the end of the bytes.
    open: bool,
    /// There is no quote.
    plain: bool,
}

/// The place of the quote that closes a field, whose text starts here.
fn closing(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let place = find(bytes, from)?;
        if bytes.get(place + 1) != Some(&b'"') {
            return Some(place);
        }
        from = place + 2;
    }
}

/// The place of the next quote.
fn find(bytes: &[u8], from: usize) -> Option<usize> {
    memchr(b'"', bytes.get(from..)?).map(|place| from + place)
}

fn last_break(bytes: &[u8]) -> Option<usize> {
    memrchr2(b'\n', b'\r', bytes)
}

const fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
