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
    /// The number at the beginning of a text, and what follows it.
    #[inline]
    pub(super) fn read(text: &[u8]) -> Result<(Self, &[u8]), Unread> {
        let unsigned = text.strip_prefix(b"-").unwrap_or(text);
        let (whole, rest) = digits(unsigned, 0);
        let (count, negative) = (unsigned.len() - rest.len(), unsigned.len() != text.len());
        if count == 0 || (count > 1 && unsigned.first() == Some(&b'0')) {
            return Err(Unread);
        }
        match rest {
            [b'.', fraction @ ..] => {
                let (value, rest) = digits(fraction, whole);
                let behind = fraction.len() - rest.len();
                match (u32::try_from(value), TENS.get(behind), rest.first()) {
                    _ if behind == 0 => Err(Unread),
                    (_, _, Some(b'e' | b'E')) => exponent(text, rest),
                    // Both are exact, so one division rounds as reading the whole would.
                    (Ok(value), Some(ten), _) if count + behind <= SHORT => {
                        let number = f64::from(value) / ten;
                        Ok((Self::Float(if negative { -number } else { number }), rest))
                    }
                    _ => float(text, rest),
                }
            }
            [b'e' | b'E', ..] => exponent(text, rest),
            _ if count <= SHORT && !negative => Ok((Self::Whole(whole), rest)),
            _ => integer(text, rest),
        }
    }
}

/// Goes over digits, each of which is added to ten times what was there; gives what follows the last.
#[inline]
fn digits(mut text: &[u8], mut value: u64) -> (u64, &[u8]) {
    while let [digit @ b'0'..=b'9', rest @ ..] = text {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        text = rest;
    }
    (value, text)
}

/// What stands in a text before one of its ends.
fn before<'a>(text: &'a [u8], rest: &[u8]) -> Result<&'a str, Unread> {
    let bytes = text.get(..text.len() - rest.len()).unwrap_or_default();
    std::str::from_utf8(bytes).map_err(|_| Unread)
}

fn exponent<'a>(text: &'a [u8], at: &'a [u8]) -> Result<(Number, &'a [u8]), Unread> {
    let ([_, b'+' | b'-', power @ ..] | [_, power @ ..]) = at else {
        return Err(Unread);
    };
    let (_, rest) = digits(power, 0);
    if rest.len() == power.len() { Err(Unread) } else { float(text, rest) }
}

fn integer<'a>(text: &'a [u8], rest: &'a [u8]) -> Result<(Number, &'a [u8]), Unread> {
    let digits = before(text, rest)?;
    match (digits.parse(), digits.parse()) {
        (Ok(number), _) => Ok((Number::Whole(number), rest)),
        // -0 is a number of its own.
        (_, Ok(number)) if number != 0 => Ok((Number::Negative(number), rest)),
        _ => float(text, rest),
    }
}

fn float<'a>(text: &'a [u8], rest: &'a [u8]) -> Result<(Number, &'a [u8]), Unread> {
    let number: f64 = before(text, rest)?.parse().map_err(|_| Unread)?;
    if number.is_finite() { Ok((Number::Float(number), rest)) } else { Err(Unread) }
}
