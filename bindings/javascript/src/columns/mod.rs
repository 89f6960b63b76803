//! Tables: one column per measure, scored block by block with the core's kernel.
//!
//! Who calls brings the columns of numbers, the memory for results and the instructions of the machine ([`Kernel`]).

mod drive;
mod options;
mod sheet;
mod source;

use value_model::block::{Bits, Block, Input, Target};
use value_model::scorecard::Scorer;

pub use drive::{Bench, Refused};
pub use options::ArrowOptions;
pub use sheet::{MAX_BANDS, NO_CODE, Sheet};

/// The instructions that score blocks.
pub trait Kernel {
    /// Scores a block: see [`Block::score`].
    fn score(
        &self,
        block: &mut Block,
        scorer: &Scorer,
        input: &Input<'_>,
        targets: &mut [Target<'_>],
        at: usize,
    ) -> Bits;
    /// Which numbers are not NaN.
    fn present(&self, values: &[f64]) -> Bits;
}
