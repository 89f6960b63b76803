//! One walk over the amounts of a block, or over their sums.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use std::slice::{ChunksExact, ChunksExactMut};

use super::super::terms::Terms;
use super::Amounts;
use crate::block::{Bits, Lane, NONE, ROWS, bits};

/// Amounts below this one are added and divided without an overflow, if those that others are divided by are not below
/// [`SMALL`].
pub(super) const LARGE: f64 = 1e150;
/// See [`LARGE`].
pub(super) const SMALL: f64 = 1e-150;

/// Some rows of a block.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    /// The rows that fill whole tiles, and the rest.
    pub(super) const fn of<N: Lane>(rows: usize) -> (Self, Self) {
        let whole = rows - rows % N::WIDTH;
        (Self { start: 0, end: whole }, Self { start: whole, end: rows })
    }

    /// The numbers of these rows, a tile at a time.
    #[inline(always)]
    pub(super) fn tiles<N: Lane>(self, from: &[f64]) -> ChunksExact<'_, f64> {
        from.get(self.start..self.end).unwrap_or_default().chunks_exact(N::WIDTH)
    }

    /// Where numbers of these rows go, a tile at a time.
    #[inline(always)]
    pub(super) fn tiles_mut<N: Lane>(self, to: &mut [f64]) -> ChunksExactMut<'_, f64> {
        to.get_mut(self.start..self.end).unwrap_or_default().chunks_exact_mut(N::WIDTH)
    }
}

/// What was seen on a walk.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    /// Some amount is below 0, not finite or too large.
    pub(super) bad: bool,
    /// Some sum by which others are divided is 0 or tiny.
    pub(super) low: bool,
}

impl Seen {
    /// From the least of the amounts, their total and the least of the sums.
    ///
    /// NaN is lost among the least numbers, but not in the total; a number below 0 the other way round.
    #[inline(always)]
    pub(super) fn of<N: Lane>(least: N, total: N, low: N) -> Self {
        let below = N::bits(N::splat(0.0).above(least));
        let large = N::bits(N::not(N::splat(LARGE).above(total)));
        Self { bad: below | large != 0, low: N::bits(N::splat(SMALL).above(low)) != 0 }
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self { bad: self.bad | other.bad, low: self.low | other.low }
    }
}

/// One number for each customer of a block, at the start of a line of the cache.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(super) struct Room(pub(super) [f64; ROWS]);

/// Two columns of amounts, 0 where they are not known, and what is computed from them.
#[derive(Clone, Copy)]
pub(super) struct Two<'a> {
    a: Amounts<'a>,
    b: Amounts<'a>,
}

/// What becomes of two amounts; `known` says where the first one is.
pub(super) trait Join {
    fn of<N: Lane>(a: N, b: N, known: N::Mask) -> N;
}

/// Tangible and perceived amounts together.
pub(super) struct Sum;
/// The alternative by its benefits alone; its costs are only checked.
pub(super) struct First;
/// The alternative by its benefits less its costs; nothing where its benefits are not known.
pub(super) struct Less;

impl Join for Sum {
    #[inline(always)]
    fn of<N: Lane>(a: N, b: N, _: N::Mask) -> N {
        a + b
    }
}

impl Join for First {
    #[inline(always)]
    fn of<N: Lane>(a: N, _: N, _: N::Mask) -> N {
        a
    }
}

impl Join for Less {
    #[inline(always)]
    fn of<N: Lane>(a: N, b: N, known: N::Mask) -> N {
        (a - b).keep(known)
    }
}

impl<'a> Two<'a> {
    pub(super) fn of(a: Option<Amounts<'a>>, b: Option<Amounts<'a>>) -> Self {
        const ZEROS: Amounts<'_> = Amounts { values: &[0.0; ROWS], valid: None };
        // Of the second one nobody asks where it is known.
        Self { a: a.unwrap_or(Amounts { valid: Some(&NONE), ..ZEROS }), b: b.unwrap_or(ZEROS) }
    }

    /// Joins the amounts of some rows, and says what was seen.
    #[inline(always)]
    pub(super) fn join<N: Lane, J: Join>(self, rows: usize, out: &mut Room) -> Seen {
        let (whole, rest) = Span::of::<N>(rows);
        let seen = if self.a.valid.is_none() && self.b.valid.is_none() {
            self.walk::<N, J, false>(whole, out)
        } else {
            self.walk::<N, J, true>(whole, out)
        };
        seen.and(self.walk::<f64, J, true>(rest, out))
    }

    #[inline(always)]
    fn walk<N: Lane, J: Join, const NULLS: bool>(self, span: Span, out: &mut Room) -> Seen {
        let (mut least, mut total, mut low) = (N::splat(0.0), N::splat(0.0), N::splat(LARGE));
        let every = N::not(N::mask(0));
        let mut row = span.start;
        for ((a, b), out) in span
            .tiles::<N>(self.a.values)
            .zip(span.tiles::<N>(self.b.values))
            .zip(span.tiles_mut::<N>(&mut out.0))
        {
            let (mut a, mut b, mut known) = (N::load(a, 0), N::load(b, 0), every);
            if NULLS {
                known = mask::<N>(self.a.valid, row);
                (a, b) = (a.keep(known), b.keep(mask::<N>(self.b.valid, row)));
                row += N::WIDTH;
            }
            let joined = J::of(a, b, known);
            least = least.least(a.least(b));
            total = total + (a + b);
            low = low.least(joined);
            joined.store(out, 0);
        }
        Seen::of(least, total, low)
    }
}

#[inline(always)]
fn mask<N: Lane>(valid: Option<&Bits>, row: usize) -> N::Mask {
    match valid {
        Some(valid) => N::mask(bits::from(valid, row)),
        None => N::not(N::mask(0)),
    }
}

/// One of the numbers that follow from the terms. A function with a name, because a closure would stay scalar.
pub(super) trait Wanted {
    /// The number.
    fn of<N: Lane>(terms: &Terms<N>) -> N;
}

macro_rules! wanted {
    ($($name:ident: |$terms:ident| $number:expr;)+) => {$(
        pub(super) struct $name;
        impl Wanted for $name {
            #[inline(always)]
            fn of<N: Lane>($terms: &Terms<N>) -> N {
                $number
            }
        }
    )+};
}

wanted! {
    Gross: |terms| terms.gross;
    Net: |terms| terms.net;
    Ratio: |terms| terms.benefit_cost_ratio();
    Index: |terms| terms.index();
    Haircut: |terms| terms.break_even_haircut();
}
