//! Numbers as text, with those written lately remembered.
//!
//! Scores repeat: a few answers of two decimals have some thousand averages, and bounds and shares repeat more. Finding
//! the shortest digits again costs several times what copying them does.

/// Numbers remembered; they take 256 kB and stay in the second cache of a core.
const ENTRIES: usize = 1 << 13;

/// The longest text remembered: `-0.`, four zeros and 17 digits would not be written so; longer ones are rare.
const LONGEST: usize = 23;

/// Writes numbers in the fewest digits that read back as the same number.
#[derive(Debug)]
pub(crate) struct Numbers {
    entries: Vec<Entry>,
}

/// A number by its bits, and its text: the last byte holds how many of the others count.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Entry {
    bits: u64,
    text: [u8; LONGEST + 1],
}

impl Entry {
    /// What is written for `bits`; nothing when it is too long.
    fn of(bits: u64) -> Option<Self> {
        let mut buffer = zmij::Buffer::new();
        let digits = buffer.format(f64::from_bits(bits)).as_bytes();
        let mut text = [0; LONGEST + 1];
        text.get_mut(..LONGEST)?.get_mut(..digits.len())?.copy_from_slice(digits);
        *text.last_mut()? = u8::try_from(digits.len()).ok()?;
        Some(Self { bits, text })
    }
}

impl Numbers {
    /// Nothing is remembered yet but 0, in every entry.
    pub(crate) fn new() -> Self {
        let zero = Entry::of(0).unwrap_or(Entry { bits: 0, text: [0; LONGEST + 1] });
        Self { entries: vec![zero; ENTRIES] }
    }

    /// Appends a number.
    #[inline]
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, number: f64) {
        const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
        let bits = number.to_bits();
        let place = usize::try_from(bits.wrapping_mul(SPREAD) >> (64 - ENTRIES.trailing_zeros()));
        match place.ok().and_then(|place| self.entries.get_mut(place)) {
            Some(entry) if entry.bits == bits => copy(out, &entry.text),
            Some(entry) => match Entry::of(bits) {
                Some(new) => {
                    *entry = new;
                    copy(out, &new.text);
                }
                None => plain(out, number),
            },
            None => plain(out, number),
        }
    }
}

/// Appends the bytes that count. Copying a fixed number and taking back the rest is faster than copying just those.
#[inline]
fn copy(out: &mut Vec<u8>, text: &[u8; LONGEST + 1]) {
    let [.., length] = *text;
    let end = out.len() + usize::from(length);
    out.extend_from_slice(text);
    out.truncate(end);
}

#[cold]
fn plain(out: &mut Vec<u8>, number: f64) {
    out.extend_from_slice(zmij::Buffer::new().format(number).as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Numbers;

    fn written(numbers: &mut Numbers, number: f64) -> String {
        let mut out = b"x".to_vec();
        numbers.write(&mut out, number);
        String::from_utf8(out).unwrap().split_off(1)
    }

    #[test]
    fn a_number_is_written_the_same_the_second_time() {
        let mut numbers = Numbers::new();
        for number in
            [0.0, -0.0, 1.0, 100.0, 46.333_333_333_333_336, f64::MIN_POSITIVE, -1.234_567_890_123_456_7e-308]
        {
            let text = zmij::Buffer::new().format(number).to_owned();
            assert_eq!(written(&mut numbers, number), text);
            assert_eq!(written(&mut numbers, number), text);
        }
    }

    proptest! {
        #[test]
        fn numbers_read_back_as_they_were(many in prop::collection::vec(any::<f64>(), 1..200)) {
            let mut numbers = Numbers::new();
            for number in many.iter().chain(&many).filter(|number| number.is_finite()) {
                let back: f64 = written(&mut numbers, *number).parse().unwrap();
                prop_assert_eq!(back.to_bits(), number.to_bits());
            }
        }
    }
}
