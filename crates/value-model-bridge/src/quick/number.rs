//! A number as JSON writes it.

use super::Unread;

/// A number of the kind that `serde_json` would take it for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Whole(u64),
    Negative(i64),
    Float(f64),
}

/// What a short number is divided by for its digits behind the point.
const TENS: [f64; 10] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/// So many digits make a number below 2^32.
const SHORT: usize = 9;

impl Number {
    /// The number at the beginning of a text, and its length.
    #[inline]
    pub(super) fn read(text: &str) -> Result<(Self, usize), Unread> {
        let bytes = text.as_bytes();
        let sign = usize::from(bytes.first() == Some(&b'-'));
        let (whole, point) = digits(bytes, sign, 0);
        let count = point - sign;
        if count == 0 || (count > 1 && bytes.get(sign) == Some(&b'0')) {
            return Err(Unread);
        }
        match bytes.get(point) {
            Some(b'.') => {
                let (value, end) = digits(bytes, point + 1, whole);
                let behind = end - point - 1;
                match (u32::try_from(value), TENS.get(behind), bytes.get(end)) {
                    _ if behind == 0 => Err(Unread),
                    (_, _, Some(b'e' | b'E')) => exponent(text, end),
                    // Both are exact, so one division rounds as reading the whole would.
                    (Ok(value), Some(ten), _) if count + behind <= SHORT => {
                        let number = f64::from(value) / ten;
                        Ok((Self::Float(if sign == 1 { -number } else { number }), end))
                    }
                    _ => float(text, end),
                }
            }
            Some(b'e' | b'E') => exponent(text, point),
            _ if count <= SHORT && sign == 0 => Ok((Self::Whole(whole), point)),
            _ => integer(text, point),
        }
    }
}

/// Goes over digits, each of which is added to ten times what was there; gives the place after the last.
#[inline]
fn digits(bytes: &[u8], mut at: usize, mut value: u64) -> (u64, usize) {
    while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        at += 1;
    }
    (value, at)
}

fn exponent(text: &str, at: usize) -> Result<(Number, usize), Unread> {
    let sign = matches!(text.as_bytes().get(at + 1), Some(b'+' | b'-'));
    let start = at + 1 + usize::from(sign);
    let (_, end) = digits(text.as_bytes(), start, 0);
    if end == start { Err(Unread) } else { float(text, end) }
}

fn integer(text: &str, end: usize) -> Result<(Number, usize), Unread> {
    let digits = text.get(..end).ok_or(Unread)?;
    match (digits.parse(), digits.parse()) {
        (Ok(number), _) => Ok((Number::Whole(number), end)),
        // -0 is a number of its own.
        (_, Ok(number)) if number != 0 => Ok((Number::Negative(number), end)),
        _ => float(text, end),
    }
}

fn float(text: &str, end: usize) -> Result<(Number, usize), Unread> {
    let number: f64 = text.get(..end).and_then(|text| text.parse().ok()).ok_or(Unread)?;
    if number.is_finite() { Ok((Number::Float(number), end)) } else { Err(Unread) }
}
