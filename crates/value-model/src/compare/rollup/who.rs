//! Which rows of a block are accounts, and which of those have a score, a bit for each.

use super::lines::{Codes, Lines};

/// The accounts of a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Who {
    /// A bit for each row.
    pub(super) every: u64,
    pub(super) scored: u64,
    /// Rows that are no account.
    pub(super) absent: u64,
    pub(super) not_applicable: u64,
}

/// Which codes are 0, 1 and 2.
struct Found {
    zeros: u64,
    ones: u64,
    twos: u64,
}

impl Who {
    /// None where an outcome does not go with its score, or where an account lacks a bound or its coverage.
    pub(super) fn of(lines: &Lines<'_>) -> Option<Self> {
        let every = u64::MAX >> (64 - lines.score.values.len().clamp(1, 64));
        let scored = every & word(lines.score.valid);
        let all = Self { every, scored, absent: 0, not_applicable: 0 };
        let who = match (lines.outcome, lines.lower) {
            (Some(codes), _) => all.by_outcome(codes)?,
            (None, Some(lower)) => Self { absent: every & !word(lower.valid), ..all },
            (None, None) => all,
        };
        let bounds = [lines.lower, lines.upper, lines.coverage].into_iter().flatten();
        let missing = bounds.fold(0, |missing, numbers| missing | !word(numbers.valid));
        (missing & every & !who.left_out() == 0).then_some(who)
    }

    /// Those that add nothing.
    pub(super) const fn left_out(&self) -> u64 {
        self.absent | self.not_applicable
    }

    fn by_outcome(self, codes: Codes<'_>) -> Option<Self> {
        let known = self.every & word(codes.valid);
        let absent = self.every & !known;
        // As a rule no model is without meaning for an account, and codes say which scores are missing.
        if zeros_and_ones(codes.values).is_some_and(|ones| ones & known == known & !self.scored) {
            return Some(Self { absent, ..self });
        }
        let found = Found::of(codes.values);
        let not_applicable = known & found.twos;
        let rest = known & !found.twos;
        let good = rest & self.scored & !found.zeros == 0 && rest & !self.scored & !found.ones == 0;
        good.then_some(Self { absent, not_applicable, ..self })
    }
}

impl Found {
    fn of(codes: &[u8]) -> Self {
        let mut found = Self { zeros: 0, ones: 0, twos: 0 };
        for (at, code) in codes.iter().enumerate() {
            let place = match code {
                0 => &mut found.zeros,
                1 => &mut found.ones,
                2 => &mut found.twos,
                _ => continue,
            };
            *place |= 1 << at;
        }
        found
    }
}

/// Which codes of a block are 1, if all of them are 0 or 1: eight at a time, because there are many.
fn zeros_and_ones(codes: &[u8]) -> Option<u64> {
    const LOWEST: u64 = 0x0101_0101_0101_0101;
    /// Brings the lowest bits of eight bytes together in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (whole, rest) = codes.as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(place, code)| *place = *code);
    let (mut ones, mut others) = (0, 0);
    for (number, eight) in whole.iter().chain(std::iter::once(&last)).enumerate().take(8) {
        let eight = u64::from_le_bytes(*eight);
        others |= eight & !LOWEST;
        ones |= ((eight & LOWEST).wrapping_mul(GATHER) >> 56) << (8 * number);
    }
    (others == 0).then_some(ones)
}

/// The bits of a block.
pub(super) fn word(valid: Option<&[u64]>) -> u64 {
    valid.map_or(u64::MAX, |words| words.first().copied().unwrap_or(0))
}

/// Calls `found` with the place of each bit.
#[inline]
pub(super) fn each(mut bits: u64, mut found: impl FnMut(usize)) {
    while bits != 0 {
        found(usize::try_from(bits.trailing_zeros()).unwrap_or(usize::MAX));
        bits &= bits - 1;
    }
}
