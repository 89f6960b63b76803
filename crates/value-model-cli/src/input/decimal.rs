//! Short decimals such as `7`, `0.85` or `-12.5` as numbers, without a loop over their digits.
//!
//! Up to eight characters are read as one word. Their digits make a whole number below 10^8 and their places a power of
//! ten up to 10^7: both are exact, so one division gives the nearest number, as the standard library's reader does.

use std::ops::Range;

const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);
const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
const POWERS: [f64; 8] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];

/// The number that stands in this range of `bytes`, with `sign` before its decimals.
///
/// Nothing for a longer or another text: it may still be a number.
#[inline]
pub(crate) fn short(bytes: &[u8], range: Range<usize>, sign: u8) -> Option<f64> {
    let length = range.end.checked_sub(range.start).filter(|length| (1..=8).contains(length))?;
    let word = match bytes.get(range.start..).and_then(<[u8]>::first_chunk) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => last(bytes.get(range)?),
    };
    // The last character goes to the highest byte; zeros take the place of what is missing before the first.
    let unused = 8 * (8 - length);
    let zeros = ZEROS & !(u64::MAX << unused);
    let word = (word << unused) | zeros;
    match word & 0xFF << unused {
        minus if minus == u64::from(b'-') << unused && length > 1 => {
            Some(-unsigned(word ^ (u64::from(b'-') ^ u64::from(b'0')) << unused, sign)?)
        }
        _ => unsigned(word, sign),
    }
}

/// The word of fewer than eight bytes.
#[cold]
fn last(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// The number written in eight characters.
#[inline]
fn unsigned(word: u64, sign: u8) -> Option<f64> {
    let marks = super::records::equal(word, sign);
    if marks == 0 {
        return digits(word).map(f64::from);
    }
    // The lowest mark; a second one is no digit. Everything before it moves up by a byte to close the gap.
    let through = marks ^ marks.wrapping_sub(1);
    let decimals = (through.leading_zeros() / 8) as usize;
    let before = word & (through >> 8);
    let closed = (word & !through) | before << 8 | u64::from(b'0');
    // `5.` is left to others, as is a mark alone.
    if decimals == 0 {
        return None;
    }
    Some(f64::from(digits(closed)?) / POWERS.get(decimals)?)
}

/// The whole number written in eight digits.
#[inline]
fn digits(word: u64) -> Option<u32> {
    const PAIRS: u64 = 0x0000_00FF_0000_00FF;
    let digits = word ^ ZEROS;
    if (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & HIGH != 0 {
        return None;
    }
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let high = (pairs & PAIRS).wrapping_mul(100 + (1_000_000 << 32));
    let low = (pairs >> 16 & PAIRS).wrapping_mul(1 + (10_000 << 32));
    u32::try_from(high.wrapping_add(low) >> 32).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::short;

    /// Reads a text alone, and among others.
    fn read(text: &str, sign: u8) -> Option<f64> {
        let alone = short(text.as_bytes(), 0..text.len(), sign);
        let among = format!("12,{text},34567890");
        let inside = short(among.as_bytes(), 3..3 + text.len(), sign);
        assert_eq!(alone.map(f64::to_bits), inside.map(f64::to_bits), "{text:?}");
        alone
    }

    #[test]
    fn short_decimals_are_read() {
        for text in ["0", "7", "0.5", "1.00", "-3", "-0", "-0.0", "0.01", "12345678", "0.123456", "-999.999"]
        {
            let number: f64 = text.parse().unwrap();
            assert_eq!(read(text, b'.').map(f64::to_bits), Some(number.to_bits()), "{text}");
        }
        assert_eq!(read("7,25", b','), Some(7.25));
    }

    #[test]
    fn other_texts_are_left_to_others() {
        for text in
            ["", "-", ".", "5.", "1e3", "NaN", "1.2.3", "--1", "1-", " 1", "1,5", "123456789", "٣", "0x1"]
        {
            assert_eq!(read(text, b'.'), None, "{text:?}");
        }
        assert_eq!(read("7.25", b','), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

        #[test]
        fn what_is_read_is_what_the_standard_library_reads(text in "-?[0-9]{0,8}\\.?[0-9]{0,7}|[-+.0-9e,]{0,9}") {
            if let Some(number) = read(&text, b'.') {
                prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits());
            } else {
                // Nothing short and plain is missed.
                let plain = text.len() <= 8 && text.trim_start_matches('-').split('.').all(|part| !part.is_empty());
                let digits = text.strip_prefix('-').unwrap_or(&text);
                let only = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
                prop_assert!(!(plain && only && text.parse::<f64>().is_ok()), "{} was missed", text);
            }
        }
    }
}
