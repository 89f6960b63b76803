//! Many customers side by side, whose amounts are already one number for each kind.
//!
//! Money is an `f64` here as it is for one customer: the formula adds three numbers and divides two, and each of these
//! steps is rounded once, the same way on every path. (Totals over many customers are another matter: they are whole
//! numbers, see [`Total`](crate::metric::money::Total).)

mod pass;
mod run;

use super::terms::Terms;
use super::{Alternative, CustomerValue};
use crate::block::{Bits, Lane, NONE, ROWS, bits};
use pass::{First, Gross, Haircut, Index, Less, Net, Ratio, Room, Seen, Span, Sum, Two, Wanted};

pub use run::{RUN, Run, Three};

/// A column of results: one number per customer, none where the formula gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Column {
    /// [`CustomerValue::gross`].
    Gross,
    /// [`CustomerValue::net`].
    Net,
    /// [`CustomerValue::benefit_cost_ratio`].
    BenefitCostRatio,
    /// [`CustomerValue::index`].
    Index,
    /// [`CustomerValue::break_even_haircut`].
    BreakEvenHaircut,
}

impl Column {
    /// Every column, in the order in which tables show them.
    pub const ALL: [Self; 5] =
        [Self::Gross, Self::Net, Self::BenefitCostRatio, Self::Index, Self::BreakEvenHaircut];

    /// The name of the column in a table of results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gross => "gross",
            Self::Net => "net",
            Self::BenefitCostRatio => "benefit_cost_ratio",
            Self::Index => "index",
            Self::BreakEvenHaircut => "break_even_haircut",
        }
    }

    /// What the column holds for one customer.
    pub const fn of(self, value: &CustomerValue) -> Option<f64> {
        match self {
            Self::Gross => value.gross,
            Self::Net => value.net,
            Self::BenefitCostRatio => value.benefit_cost_ratio,
            Self::Index => value.index,
            Self::BreakEvenHaircut => value.break_even_haircut,
        }
    }
}

/// The amounts of one kind.
#[derive(Clone, Copy, Debug)]
pub struct Amounts<'a> {
    /// One number per customer. What stands where it is not known does not matter.
    pub values: &'a [f64],
    /// Of whom it is known; none means of all.
    pub valid: Option<&'a Bits>,
}

/// The customers of a block.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// How many there are, [`ROWS`] at most.
    pub rows: usize,
    /// The amounts of each kind in the order of [`Kind::ALL`](super::Kind::ALL); none where no customer has any.
    pub amounts: [Option<Amounts<'a>>; 6],
    /// How the alternative counts.
    pub alternative: Alternative,
    /// Whether results go past the caches where the lane can: right for those that do not fit into them.
    pub stream: bool,
}

/// One column of results and the memory it is written to.
#[derive(Debug)]
pub struct Target<'a> {
    /// What is written.
    pub column: Column,
    /// One number per customer; what stands under a missing one is 0.
    pub values: &'a mut [f64],
    /// One bit per customer, least significant first: whether there is a number.
    pub valid: &'a mut [u8],
}

/// Room for a block of customers; reuse it for the next.
#[derive(Clone, Debug)]
pub struct Block {
    benefits: Box<Room>,
    costs: Box<Room>,
    against: Box<Room>,
}

impl Default for Block {
    fn default() -> Self {
        let room = || Room([0.0; ROWS]);
        Self { benefits: Box::new(room()), costs: Box::new(room()), against: Box::new(room()) }
    }
}

/// What holds for the customers of a block.
struct Known {
    every: Bits,
    /// Of whom something is known.
    any: Bits,
    /// Who has a value: benefits and costs are known.
    value: Bits,
}

impl Block {
    /// Computes the customers of a block from the row `at` of the targets on, and says which of them must be looked at
    /// one by one by [`customer_value`](super::customer_value): nothing is known of them, or an amount is refused or
    /// may be too large to compute with. What the targets hold for those has no meaning.
    ///
    /// `at` must be a multiple of [`ROWS`].
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the whole body is compiled once per instruction set")]
    pub fn score<N: Lane>(&mut self, input: &Input<'_>, targets: &mut [Target<'_>], at: usize) -> Bits {
        let rows = input.rows.min(ROWS);
        let known = input.known(rows);
        let seen = self.sums::<N>(input, rows);
        let (benefits, costs) = if seen.low {
            (Self::above::<N>(&self.benefits, &known.every), Self::above::<N>(&self.costs, &known.every))
        } else {
            (known.every, known.every)
        };
        for target in targets {
            let Some(out) = target.values.get_mut(at..at + rows) else { continue };
            let of = |of: &Bits| bits::zip(&known.value, of, |value, of| value & of);
            let valid = match target.column {
                Column::Gross => self.write::<N, Gross>(input.stream, out, known.value),
                Column::Net => self.write::<N, Net>(input.stream, out, known.value),
                Column::BenefitCostRatio => self.write::<N, Ratio>(input.stream, out, of(&costs)),
                Column::Index => {
                    let either = bits::zip(&costs, &benefits, |costs, benefits| costs | benefits);
                    self.write::<N, Index>(input.stream, out, of(&either))
                }
                Column::BreakEvenHaircut => self.write::<N, Haircut>(input.stream, out, of(&benefits)),
            };
            validity(target.valid, at, rows, &valid);
        }
        let mut doubtful = bits::zip(&known.every, &known.any, |row, any| row & !any);
        if seen.low | seen.bad {
            input.doubt(rows, &mut doubtful);
        }
        doubtful
    }

    /// The sums of all amounts by side.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    fn sums<N: Lane>(&mut self, input: &Input<'_>, rows: usize) -> Seen {
        let [tb, pb, tc, pc, ab, ac] = input.amounts;
        let benefits = Two::of(tb, pb).join::<N, Sum>(rows, &mut self.benefits);
        let costs = Two::of(tc, pc).join::<N, Sum>(rows, &mut self.costs);
        let alternative = Two::of(ab, ac);
        let against = match input.alternative {
            Alternative::Literal => alternative.join::<N, First>(rows, &mut self.against),
            Alternative::Net => alternative.join::<N, Less>(rows, &mut self.against),
        };
        benefits.and(costs).and(Seen { low: false, ..against })
    }

    /// Writes a column of results, 0 where there is none.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    fn write<N: Lane, W: Wanted>(&self, stream: bool, out: &mut [f64], valid: Bits) -> Bits {
        let (whole, rest) = Span::of::<N>(out.len());
        let all = valid == bits::first(out.len());
        match (all, stream) {
            (true, true) => self.put::<N, W, true, true>(whole, out, &valid),
            (true, false) => self.put::<N, W, true, false>(whole, out, &valid),
            (false, true) => self.put::<N, W, false, true>(whole, out, &valid),
            (false, false) => self.put::<N, W, false, false>(whole, out, &valid),
        }
        self.put::<f64, W, false, false>(rest, out, &valid);
        valid
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    fn put<N: Lane, W: Wanted, const ALL: bool, const STREAM: bool>(
        &self,
        span: Span,
        out: &mut [f64],
        valid: &Bits,
    ) {
        let mut row = span.start;
        let sums = span.tiles::<N>(&self.benefits.0).zip(span.tiles::<N>(&self.costs.0));
        let sums = sums.zip(span.tiles::<N>(&self.against.0));
        for (((benefits, costs), against), out) in sums.zip(span.tiles_mut::<N>(out)) {
            let terms = Terms::of(N::load(benefits, 0), N::load(costs, 0), N::load(against, 0));
            let mut number = W::of(&terms);
            if !ALL {
                number = number.keep(N::mask(bits::from(valid, row)));
                row += N::WIDTH;
            }
            if STREAM {
                number.stream(out, 0);
            } else {
                number.store(out, 0);
            }
        }
    }

    /// Of whom a sum is above 0.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    fn above<N: Lane>(sums: &Room, every: &Bits) -> Bits {
        let mut above = NONE;
        for (tile, sums) in sums.0.chunks_exact(N::WIDTH).enumerate() {
            let sums = N::load(sums, 0);
            bits::put(&mut above, tile * N::WIDTH, N::bits(sums.above(N::splat(0.0))));
        }
        bits::zip(&above, every, |above, row| above & row)
    }
}

impl Input<'_> {
    fn known(&self, rows: usize) -> Known {
        let every = bits::first(rows);
        let of = |amounts: &Option<Amounts<'_>>| match amounts {
            None => NONE,
            Some(Amounts { valid: None, .. }) => every,
            Some(Amounts { valid: Some(valid), .. }) => bits::zip(&every, valid, |row, known| row & known),
        };
        let or = |a: &Bits, b: &Bits| bits::zip(a, b, |a, b| a | b);
        let [tb, pb, tc, pc, ab, ac] = &self.amounts;
        let (benefits, costs, alternative) = (or(&of(tb), &of(pb)), or(&of(tc), &of(pc)), of(ab));
        let any = or(&or(&benefits, &costs), &or(&alternative, &of(ac)));
        let value = bits::zip(&benefits, &costs, |benefits, costs| benefits & costs);
        Known { every, any, value }
    }

    /// Marks every customer whose amounts may not be computed with.
    fn doubt(&self, rows: usize, doubtful: &mut Bits) {
        for row in 0..rows {
            let amount = |amounts: &Option<Amounts<'_>>| match amounts {
                Some(Amounts { values, valid }) if valid.is_none_or(|valid| bits::has(valid, row)) => {
                    values.get(row).copied().unwrap_or(0.0)
                }
                _ => 0.0,
            };
            let [tb, pb, tc, pc, ab, ac] = self.amounts.each_ref().map(amount);
            let fits = [tb, pb, tc, pc, ab, ac].iter().all(|x| (0.0..pass::LARGE).contains(x));
            let tiny = |sum: f64| sum > 0.0 && sum < pass::SMALL;
            bits::put(doubtful, row, u64::from(!fits || tiny(tb + pb) || tiny(tc + pc)));
        }
    }
}

/// Writes who has a number.
fn validity(to: &mut [u8], at: usize, rows: usize, valid: &Bits) {
    let Some(to) = to.get_mut(at / 8..at / 8 + rows.div_ceil(8)) else { return };
    for (to, from) in to.chunks_mut(8).zip(valid) {
        let from = from.to_le_bytes();
        match <&mut [u8; 8]>::try_from(&mut *to) {
            Ok(whole) => *whole = from,
            Err(_) => to.iter_mut().zip(from).for_each(|(to, from)| *to = from),
        }
    }
}
