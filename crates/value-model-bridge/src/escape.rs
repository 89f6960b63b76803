//! What JSON escapes in a text: control characters, quotes and backslashes. Found eight bytes at a time.

const ONES: u64 = u64::from_le_bytes([1; 8]);

/// The highest bit of each byte of a word.
pub(crate) const HIGHEST: u64 = ONES << 7;

/// Sets the highest bit of bytes that JSON escapes; the other bits mean nothing.
///
/// Perhaps it sets that of bytes after such a one, too: the first that is set is always right.
#[inline]
pub(crate) fn escapes(word: u64) -> u64 {
    // Taking `c` from every byte of a word sets the highest bit of those below `c`, unless it was set already.
    let below = |word: u64, c: u64| word.wrapping_sub(ONES * c);
    // Turning the second bit puts the quote right after the control characters, and nothing else there.
    let (quote, backslash) = (word ^ (ONES * 2), word ^ (ONES * u64::from(b'\\')));
    (below(quote, 0x21) | below(backslash, 1)) & !word
}
