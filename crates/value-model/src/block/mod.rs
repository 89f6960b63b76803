//! Many accounts side by side: the same kernel, over blocks of columns.

mod column;
mod target;

pub use column::{Column, FIXED};
pub use target::{Target, Values};
