//! Scales that are one subtraction and one division: units, shares, Likert points, straight lines.

use crate::lane::Lane;
use crate::math;

/// A straight line from a raw number to a unit, for one account or many side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Affine {
    /// The number that is worth 0.
    pub(crate) from: f64,
    /// The number that is worth 1.
    pub(crate) to: f64,
    /// `to - from`.
    pub(crate) span: f64,
    /// What happens to numbers that are not between the two.
    pub(crate) beyond: Beyond,
    /// Whether only whole numbers are answers.
    pub(crate) whole: bool,
}

/// What a number beyond the ends of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// No answer to this question: an error.
    Refused,
    /// As good, or as bad, as the end.
    Clamped,
    /// Missing as `no_data`.
    Missing,
}

impl Affine {
    pub(crate) fn new(from: f64, to: f64, beyond: Beyond) -> Self {
        Self { from, to, span: to - from, beyond, whole: false }
    }

    /// Whether a number is its own unit.
    #[inline]
    pub(crate) fn is_identity(&self) -> bool {
        self.from.to_bits() == 0 && self.to.to_bits() == 1.0_f64.to_bits() && self.beyond == Beyond::Refused
    }

    /// `(x - from) / (to - from)`, not yet limited to 0..1.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "one body is compiled once per instruction set")]
    pub(crate) fn raw<N: Lane>(&self, x: N) -> N {
        (x - N::splat(self.from)) / N::splat(self.span)
    }

    /// Whether a number is an answer.
    #[inline]
    #[expect(clippy::float_cmp, reason = "a whole number equals itself without its fraction")]
    pub(super) fn has(&self, x: f64) -> bool {
        self.beyond != Beyond::Refused
            || ((self.from..=self.to).contains(&x) && (!self.whole || rounded(x) == x))
    }

    /// The unit of a number that is an answer.
    #[inline]
    pub(super) fn unit(&self, x: f64) -> f64 {
        // A division by 1 is spared: it would change nothing.
        math::unsigned_zero(if self.is_identity() { x } else { self.raw(x) })
    }

    /// What is an answer, in words.
    pub(super) fn allowed(&self) -> String {
        let number = if self.whole { "a whole number" } else { "a number" };
        match self.beyond {
            Beyond::Refused => format!("{number} from {} to {}", self.from, self.to),
            Beyond::Clamped | Beyond::Missing => number.into(),
        }
    }
}

/// The nearest whole number of one below 2^51: adding 1.5 * 2^52 leaves no room for a fraction.
#[inline(always)]
#[expect(clippy::inline_always, reason = "one body is compiled once per instruction set")]
pub(crate) fn rounded<N: Lane>(x: N) -> N {
    let shift = N::splat(6_755_399_441_055_744.0);
    (x + shift) - shift
}
