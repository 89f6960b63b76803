//! Many accounts side by side: the same kernel, over blocks of columns.
//!
//! A [`Block`] takes the answers of up to [`ROWS`] accounts at a time, column by column, and writes the columns of
//! results that were asked for. It is generic over a [`Lane`]: how many accounts one operation works on. Whoever drives
//! it brings the lanes of the machine; the crate `value-model-arrow` does, and is what most programs want.

mod alone;
pub(crate) mod bits;
mod child;
mod column;
mod finish;
mod flags;
mod fork;
mod groups;
mod power;
mod raw;
mod room;
mod select;
mod shares;
mod stage;
mod target;
mod tree;
mod walk;

pub use crate::divisor::Divisor;
pub use crate::lane::Lane;
pub use bits::{Bits, NONE, ROWS, present};
pub use column::{Column, FIXED};
pub use room::{Answers, Block, Input};
pub use select::Selection;
pub use target::{Target, Values};
