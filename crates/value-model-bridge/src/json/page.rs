//! The buffer that JSON is written into, and the few kinds of bytes that go there.

use super::memo::{LONGEST, Memo, Place};
use crate::escape::{self, HIGHEST};

/// A buffer, and which numbers stand in it.
pub(super) struct Sheet {
    pub(super) out: Vec<u8>,
    pub(super) memo: Memo,
}

/// A sheet, and where its next byte goes.
///
/// The buffer is made longer than what is written, with zeros, and cut once at the end. So only `at` moves, and because
/// every value takes a page and gives the next place back, it stays in a register: a vector that grows by each piece
/// stores its length and loads it again for the next, which takes longer than the bytes themselves.
pub(super) struct Page<'a> {
    pub(super) sheet: &'a mut Sheet,
    pub(super) at: usize,
}

impl Page<'_> {
    /// Fills the next `length` bytes.
    #[inline(always)]
    fn fill<T>(&mut self, length: usize, fill: impl Fn(&mut [u8]) -> T) -> T {
        let end = self.at + length;
        loop {
            if let Some(place) = self.sheet.out.get_mut(self.at..end) {
                self.at = end;
                return fill(place);
            }
            lengthen(&mut self.sheet.out, end);
        }
    }

    /// Puts bytes, best of a length that the compiler knows.
    #[inline(always)]
    pub(super) fn put(&mut self, bytes: &[u8]) {
        self.fill(bytes.len(), |place| place.copy_from_slice(bytes));
    }

    /// Puts a number that is finite; the text of one that stands there already is copied.
    #[inline]
    pub(super) fn number(&mut self, number: f64) {
        let start = self.at;
        if let Some(before) = self.sheet.memo.find(number) {
            self.copy(before);
            return;
        }
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(number);
        self.fill(text.len(), |place| copy(place, text.as_bytes()));
        self.sheet.memo.keep(number, Place { start, length: text.len() });
    }

    /// Puts once more what a number left at a place.
    #[inline(always)]
    fn copy(&mut self, from: Place) {
        // Whole numbers of the longest text: what follows a shorter one is written over.
        let start = self.at;
        self.fill(LONGEST, |_| ());
        let text = self.sheet.out.get(from.start..).and_then(<[u8]>::first_chunk::<LONGEST>).copied();
        let place = self.sheet.out.get_mut(start..).and_then(<[u8]>::first_chunk_mut::<LONGEST>);
        if let (Some(place), Some(text)) = (place, text) {
            *place = text;
        }
        self.at = start + from.length;
    }

    /// Puts a name that a type declares, between quotes.
    #[inline(always)]
    pub(super) fn name(&mut self, name: &str) {
        debug_assert!(is_plain(name.as_bytes()), "`{name}` needs escapes");
        self.fill(name.len() + 2, |place| quote(place, name.as_bytes(), <[u8]>::copy_from_slice));
    }

    /// Puts `lead`, a name that a type declares, between quotes, and a colon.
    #[inline(always)]
    pub(super) fn key(&mut self, lead: u8, name: &str) {
        debug_assert!(is_plain(name.as_bytes()), "`{name}` needs escapes");
        self.fill(name.len() + 4, |place| {
            if let [first, place @ .., last] = place {
                (*first, *last) = (lead, b':');
                quote(place, name.as_bytes(), <[u8]>::copy_from_slice);
            }
        });
    }

    /// Puts a text between quotes, unless it holds something that JSON escapes.
    #[inline(always)]
    pub(super) fn plain(&mut self, text: &str) -> bool {
        let start = self.at;
        let plain = self.fill(text.len() + 2, |place| quote(place, text.as_bytes(), copy));
        if !plain {
            self.at = start;
        }
        plain
    }
}

#[inline(always)]
fn quote<T: Default>(place: &mut [u8], text: &[u8], copy: impl Fn(&mut [u8], &[u8]) -> T) -> T {
    match place {
        [open, place @ .., close] => {
            (*open, *close) = (b'"', b'"');
            copy(place, text)
        }
        _ => T::default(),
    }
}

#[cold]
#[inline(never)]
fn lengthen(out: &mut Vec<u8>, end: usize) {
    out.resize(end + 1024, 0);
}

/// Copies a text into a place of its length, and says whether it holds nothing that JSON escapes: no control character,
/// quote or backslash.
///
/// Most texts are short: two pieces that overlap in the middle are copied before a call to copy them has begun.
#[inline(always)]
fn copy(place: &mut [u8], text: &[u8]) -> bool {
    match text.len() {
        4..8 => copy_ends::<4>(place, text),
        8..16 => copy_ends::<8>(place, text),
        16..=32 => copy_ends::<16>(place, text),
        _ => {
            place.copy_from_slice(text);
            is_plain(text)
        }
    }
}

/// Copies the first and the last `N` bytes, and says whether they hold nothing that JSON escapes.
#[inline(always)]
fn copy_ends<const N: usize>(place: &mut [u8], text: &[u8]) -> bool {
    let (Some(first), Some(last)) = (text.first_chunk::<N>(), text.last_chunk::<N>()) else { return false };
    if let Some(to) = place.first_chunk_mut::<N>() {
        *to = *first;
    }
    if let Some(to) = place.last_chunk_mut::<N>() {
        *to = *last;
    }
    (escapes(first) | escapes(last)) & HIGHEST == 0
}

/// Whether a text holds nothing that JSON escapes.
fn is_plain(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks::<8>();
    let found = words.iter().fold(escapes(rest), |found, word| found | escapes(word));
    found & HIGHEST == 0
}

/// Has a highest bit set if JSON escapes one of these bytes; the other bits mean nothing.
#[inline(always)]
fn escapes(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let found = words.iter().fold(0, |found, word| found | escape::escapes(u64::from_le_bytes(*word)));
    // A space needs no escape.
    let mut last = [b' '; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    found | escape::escapes(u64::from_le_bytes(last))
}
