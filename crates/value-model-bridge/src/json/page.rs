//! The buffer that JSON is written into, and the few kinds of bytes that go there.

/// A buffer, and where the next byte goes.
///
/// The buffer is made longer than what is written, with zeros, and cut once at the end. So only `at` moves, and because
/// every value takes a page and gives the next place back, it stays in a register: a vector that grows by each piece
/// stores its length and loads it again for the next, which takes longer than the bytes themselves.
pub(super) struct Page<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) at: usize,
}

impl Page<'_> {
    /// Fills the next `length` bytes.
    #[inline(always)]
    fn fill<T>(&mut self, length: usize, fill: impl Fn(&mut [u8]) -> T) -> T {
        let end = self.at + length;
        loop {
            if let Some(place) = self.out.get_mut(self.at..end) {
                self.at = end;
                return fill(place);
            }
            lengthen(self.out, end);
        }
    }

    /// Puts bytes, best of a length that the compiler knows.
    #[inline(always)]
    pub(super) fn put(&mut self, bytes: &[u8]) {
        self.fill(bytes.len(), |place| place.copy_from_slice(bytes));
    }

    /// Puts the text of a number.
    #[inline(always)]
    pub(super) fn number(&mut self, text: &str) {
        self.fill(text.len(), |place| copy(place, text.as_bytes()));
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
        let plain = is_plain(text.as_bytes());
        if plain {
            self.fill(text.len() + 2, |place| quote(place, text.as_bytes(), copy));
        }
        plain
    }
}

#[inline(always)]
fn quote(place: &mut [u8], text: &[u8], copy: impl Fn(&mut [u8], &[u8])) {
    if let [open, place @ .., close] = place {
        (*open, *close) = (b'"', b'"');
        copy(place, text);
    }
}

#[cold]
#[inline(never)]
fn lengthen(out: &mut Vec<u8>, end: usize) {
    out.resize(end + 1024, 0);
}

/// Copies a text into a place of its length. Most are short: two copies that overlap in the middle are done before a
/// call to copy them has begun.
#[inline(always)]
fn copy(place: &mut [u8], text: &[u8]) {
    match text.len() {
        4..=7 => copy_ends::<4>(place, text),
        8..=15 => copy_ends::<8>(place, text),
        16..=32 => copy_ends::<16>(place, text),
        _ => place.copy_from_slice(text),
    }
}

/// Copies the first and the last `N` bytes.
#[inline(always)]
fn copy_ends<const N: usize>(place: &mut [u8], text: &[u8]) {
    if let (Some(to), Some(from)) = (place.first_chunk_mut::<N>(), text.first_chunk::<N>()) {
        *to = *from;
    }
    if let (Some(to), Some(from)) = (place.last_chunk_mut::<N>(), text.last_chunk::<N>()) {
        *to = *from;
    }
}

/// Whether a text holds nothing that JSON escapes: no control character, quote or backslash.
#[inline(always)]
fn is_plain(text: &[u8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    // Taking `c` from every byte of a word sets the high bit of those below `c`, unless it was set already, and perhaps
    // that of a byte after such a one.
    let below = |word: u64, c: u64| word.wrapping_sub(ONES * c);
    let is = |word: u64, c: u8| below(word ^ (ONES * u64::from(c)), 1);
    let escapes = |bytes: [u8; 8]| {
        let word = u64::from_le_bytes(bytes);
        (below(word, 0x20) | is(word, b'"') | is(word, b'\\')) & !word
    };
    let found = match (text.last_chunk::<8>(), text.first_chunk::<4>(), text.last_chunk::<4>()) {
        (Some(last), ..) => {
            let words = text.as_chunks::<8>().0.iter();
            words.fold(escapes(*last), |found, word| found | escapes(*word))
        }
        (None, Some([a, b, c, d]), Some([e, f, g, h])) => escapes([*a, *b, *c, *d, *e, *f, *g, *h]),
        // A space needs no escape.
        _ => text.iter().fold(0, |found, byte| found | escapes([*byte, 32, 32, 32, 32, 32, 32, 32])),
    };
    found & (ONES << 7) == 0
}
