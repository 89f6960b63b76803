//! One bit per account of a block.

use crate::lane::Lane;

/// The most accounts of a block.
pub const ROWS: usize = 1024;

/// One bit per account of a block, least significant first.
pub type Bits = [u64; ROWS / 64];

/// No account.
pub const NONE: Bits = [0; ROWS / 64];

/// Every account of a full block.
pub(crate) const EVERY: Bits = [u64::MAX; ROWS / 64];

/// Which numbers of a block are there: those that are not NaN, where a table says "missing" so.
///
/// # Examples
/// ```
/// use value_model::block::present;
///
/// assert_eq!(present::<f64>(&[1.0, f64::NAN, 0.0])[0], 0b101);
/// ```
#[inline(always)]
#[expect(clippy::inline_always, reason = "the whole body is compiled once per instruction set")]
pub fn present<N: Lane>(values: &[f64]) -> Bits {
    let mut out = NONE;
    // A word at a time: it stays in a register until it is whole.
    for (word, values) in out.iter_mut().zip(values.chunks(64)) {
        let whole = values.len() / N::WIDTH * N::WIDTH;
        for at in (0..whole).step_by(N::WIDTH) {
            let lane = N::load(values, at);
            *word |= N::bits(lane.same(lane)) << at;
        }
        for (at, value) in values.iter().enumerate().skip(whole) {
            *word |= u64::from(!value.is_nan()) << at;
        }
    }
    out
}

/// The bits from `row` on, the first one lowest.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a few instructions inside of the kernel's innermost loop")]
pub(crate) fn from(bits: &Bits, row: usize) -> u64 {
    // The remainder spares a check: `row` is below the number of rows.
    bits.get(row / 64 % bits.len()).map_or(0, |word| word >> (row % 64))
}

/// Sets the bits of the accounts from `row` on, which were 0.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a few instructions inside of the kernel's loops")]
pub(crate) fn put(bits: &mut Bits, row: usize, set: u64) {
    let count = bits.len();
    if let Some(word) = bits.get_mut(row / 64 % count) {
        *word |= set << (row % 64);
    }
}

/// Whether the bit of an account is set.
#[inline]
pub(crate) fn has(bits: &Bits, row: usize) -> bool {
    from(bits, row) & 1 != 0
}

/// The first `rows` bits.
pub(crate) fn first(rows: usize) -> Bits {
    let mut out = NONE;
    for (index, word) in out.iter_mut().enumerate() {
        let left = rows.saturating_sub(index * 64);
        *word = if left >= 64 { u64::MAX } else { (1 << left) - 1 };
    }
    out
}

/// Word by word.
#[inline]
pub(crate) fn zip(a: &Bits, b: &Bits, f: impl Fn(u64, u64) -> u64) -> Bits {
    let mut out = NONE;
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = f(*a, *b);
    }
    out
}
