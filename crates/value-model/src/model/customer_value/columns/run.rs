//! What most tables consist of: long runs of customers whose amounts are all known, and the results that most ask for.
//!
//! One walk reads every column once and writes every result once and stops for nothing, so that memory is the limit.

#![expect(
    clippy::inline_always,
    reason = "one body is compiled once per instruction set; a call in between would keep it scalar"
)]

use super::super::terms::Terms;
use super::pass::{LARGE, SMALL};
use super::{Column, Target};
use crate::block::{Lane, ROWS};

/// The most customers of a run: some blocks.
pub const RUN: usize = 8 * ROWS;

/// Customers whose bits fill a word.
const WORD: usize = 64;

/// Customers all of whose amounts are known: benefits and costs, tangible and perceived, and the benefits of the
/// alternative, 0 where nobody has any.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// One number per customer in each column: as many as there are customers, a multiple of 64, [`RUN`] at most.
    pub amounts: [&'a [f64]; 5],
    /// Whether results go past the caches where the lane can: right for those that do not fit into them.
    pub stream: bool,
}

/// Where the results that most ask for go.
#[derive(Debug)]
pub struct Three<'a> {
    gross: &'a mut [f64],
    net: &'a mut [f64],
    ratio: &'a mut [f64],
    /// Of whom there is each of them.
    valid: [&'a mut [u8]; 3],
}

impl<'a> Three<'a> {
    /// The targets of so many customers from the row `at` on, a multiple of 8, if they are these three.
    pub fn of(targets: &'a mut [Target<'_>], at: usize, rows: usize) -> Option<Self> {
        let (mut gross, mut net, mut ratio) = (None, None, None);
        for target in targets {
            let place = match target.column {
                Column::Gross => &mut gross,
                Column::Net => &mut net,
                Column::BenefitCostRatio => &mut ratio,
                _ => return None,
            };
            let valid = target.valid.get_mut(at / 8..at / 8 + rows.div_ceil(8));
            *place = target.values.get_mut(at..at + rows).zip(valid);
        }
        let ((gross, a), (net, b), (ratio, c)) = (gross?, net?, ratio?);
        Some(Self { gross, net, ratio, valid: [a, b, c] })
    }
}

impl Run<'_> {
    /// Computes every customer. False if one of them may have to be looked at one by one: then the results have no
    /// meaning, and the blocks of the run say which one.
    #[inline(always)]
    #[must_use]
    pub fn score<N: Lane>(&self, three: &mut Three<'_>) -> bool {
        let [gross, net, ratios] = &mut three.valid;
        gross.fill(u8::MAX);
        net.fill(u8::MAX);
        let mut watch = Watch::new();
        let [tb, pb, tc, pc, ab] = self.amounts.map(|amounts| amounts.chunks_exact(WORD));
        let out = three.gross.chunks_exact_mut(WORD).zip(three.net.chunks_exact_mut(WORD));
        let out = out.zip(three.ratio.chunks_exact_mut(WORD)).zip(ratios.chunks_exact_mut(WORD / 8));
        let amounts = tb.zip(pb).zip(tc.zip(pc)).zip(ab);
        for ((((tb, pb), (tc, pc)), ab), (((gross, net), ratio), valid)) in amounts.zip(out) {
            let amounts = [tb, pb, tc, pc, ab];
            let paid = if self.stream {
                word::<N, true>(amounts, [gross, net, ratio], &mut watch)
            } else {
                word::<N, false>(amounts, [gross, net, ratio], &mut watch)
            };
            if let Ok(valid) = <&mut [u8; WORD / 8]>::try_from(valid) {
                *valid = paid.to_le_bytes();
            }
        }
        watch.fine()
    }
}

/// Computes as many customers as a word has bits, and says whose costs are above 0.
#[inline(always)]
fn word<N: Lane, const STREAM: bool>(
    [tb, pb, tc, pc, ab]: [&[f64]; 5],
    [gross, net, ratio]: [&mut [f64]; 3],
    watch: &mut Watch<N>,
) -> u64 {
    let mut paid = 0;
    let mut row = 0;
    while row < WORD {
        let (tb, pb) = (N::load(tb, row), N::load(pb, row));
        let (tc, pc) = (N::load(tc, row), N::load(pc, row));
        let against = N::load(ab, row);
        let terms = Terms::of(tb + pb, tc + pc, against);
        let costs = watch.see([tb, pb, tc, pc], &terms);
        put::<N, STREAM>(terms.gross, gross, row);
        put::<N, STREAM>(terms.net, net, row);
        put::<N, STREAM>(terms.benefit_cost_ratio().keep(costs), ratio, row);
        paid |= N::bits(costs) << row;
        row += N::WIDTH;
    }
    paid
}

#[inline(always)]
fn put<N: Lane, const STREAM: bool>(number: N, out: &mut [f64], row: usize) {
    if STREAM {
        number.stream(out, row);
    } else {
        number.store(out, row);
    }
}

/// What must hold for every customer of a run.
struct Watch<N> {
    /// The least of the amounts: 0 or more. NaN is lost here, but not in the total.
    least: N,
    /// The sum of the amounts: below [`LARGE`].
    total: N,
    /// The least of the sums that are not 0: not below [`SMALL`].
    small: N,
}

impl<N: Lane> Watch<N> {
    #[inline(always)]
    fn new() -> Self {
        Self { least: N::splat(0.0), total: N::splat(0.0), small: N::splat(1.0) }
    }

    /// Looks at some customers and says whose costs are above 0.
    #[inline(always)]
    fn see(&mut self, [tb, pb, tc, pc]: [N; 4], terms: &Terms<N>) -> N::Mask {
        let zero = N::splat(0.0);
        let (benefits, costs) = (terms.benefits.above(zero), terms.costs.above(zero));
        self.least = self.least.least((tb.least(pb)).least(tc.least(pc)).least(terms.against));
        self.total = self.total + (terms.both() + terms.against);
        // Without a sum above 0 there is nothing small.
        let gained = N::select(benefits, terms.benefits, self.small);
        self.small = self.small.least(gained).least(N::select(costs, terms.costs, self.small));
        costs
    }

    #[inline(always)]
    fn fine(&self) -> bool {
        let below = N::bits(N::splat(0.0).above(self.least));
        let large = N::bits(N::not(N::splat(LARGE).above(self.total)));
        let small = N::bits(N::splat(SMALL).above(self.small));
        below | large | small == 0
    }
}
