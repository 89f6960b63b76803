//! Isotonic calibration: the best likelihood that never falls as the score rises.

use crate::math;

use super::rank::{Tie, score_of};

/// A point of the curve; between two points it is a straight line, outside it is flat.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Knot {
    /// The score.
    pub score: f64,
    /// The likelihood there, 0..1.
    pub likelihood: f64,
}

/// Neighbouring scores that share a likelihood.
#[derive(Clone, Copy)]
struct Block {
    kept: u64,
    all: u64,
    first: i64,
    last: i64,
}

impl Block {
    /// Whether this block's share of kept accounts is at least that of the one above it: then they are one.
    fn joins(self, above: Self) -> bool {
        u128::from(self.kept) * u128::from(above.all) >= u128::from(above.kept) * u128::from(self.all)
    }

    const fn with(self, above: Self) -> Self {
        Self { kept: self.kept + above.kept, all: self.all + above.all, first: self.first, last: above.last }
    }

    fn likelihood(self) -> f64 {
        math::nearest(self.kept.into()) / math::nearest(self.all.into())
    }
}

/// Fits the curve by joining neighbours that fall (pool adjacent violators). Whole numbers decide, so order cannot show.
pub(super) fn fit(ties: &[Tie]) -> Vec<Knot> {
    let mut blocks: Vec<Block> = Vec::new();
    for tie in ties.iter().filter(|tie| tie.accounts() > 0) {
        let (kept, all) = (u64::from(tie.kept), u64::from(tie.accounts()));
        let mut block = Block { kept, all, first: tie.billionths, last: tie.billionths };
        while let Some(below) = blocks.last().copied().filter(|below| below.joins(block)) {
            block = below.with(block);
            blocks.pop();
        }
        blocks.push(block);
    }
    let mut knots = Vec::new();
    for block in blocks {
        let knot = |billionths| Knot { score: score_of(billionths), likelihood: block.likelihood() };
        knots.push(knot(block.first));
        if block.last > block.first {
            knots.push(knot(block.last));
        }
    }
    knots
}

/// The likelihood at a score; knots rise in score.
pub(super) fn at(knots: &[Knot], score: f64) -> Option<f64> {
    // At 9 decimals, as it was fitted.
    let score = score_of(math::billionths(score));
    let above = knots.partition_point(|knot| knot.score < score);
    let high = knots.get(above).or(knots.last())?;
    let low = above.checked_sub(1).and_then(|place| knots.get(place)).unwrap_or(high);
    let width = high.score - low.score;
    if width <= 0.0 {
        return Some(high.likelihood);
    }
    Some(low.likelihood + (high.likelihood - low.likelihood) * ((score - low.score) / width))
}
