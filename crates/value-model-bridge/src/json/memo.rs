//! Which numbers have been written, and where their texts stand.
//!
//! A result says many of its numbers more than once: a score is its own bound where everything is answered, and a
//! measure's points stand beside the measure and among the contributions. To print a number takes longer than to copy it.

/// The longest text of a number: `-2.2250738585072014e-308`.
pub(super) const LONGEST: usize = 24;

/// How many numbers are remembered: the result of a dozen measures has about twenty different ones.
const SLOTS: usize = 64;

/// Where the text of a number stands in the buffer.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) length: usize,
}

/// One place for each of [`SLOTS`] hashes; the last number takes it.
pub(super) struct Memo([(u64, Place); SLOTS]);

impl Memo {
    /// Nothing is remembered, as if every slot held the place of 0: a zero is never asked for.
    pub(super) fn new() -> Self {
        Self([(0, Place::default()); SLOTS])
    }

    #[inline(always)]
    pub(super) fn find(&self, number: f64) -> Option<Place> {
        let bits = number.to_bits();
        self.0.get(slot(bits)).filter(|(known, _)| *known == bits).map(|(_, place)| *place)
    }

    #[inline(always)]
    pub(super) fn keep(&mut self, number: f64, place: Place) {
        let bits = number.to_bits();
        if let Some(slot) = self.0.get_mut(slot(bits)) {
            *slot = (bits, place);
        }
    }
}

/// The six highest bits of a product, in which all bits of the number have a part.
#[inline(always)]
fn slot(bits: u64) -> usize {
    usize::from((bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58).to_le_bytes()[0])
}
