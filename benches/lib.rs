//! What the benches measure and measure with: accounts, models and data from `manifest.json`, and the machine's limit.
//!
//! The same library is built for C, so that a Python process can time the core on the buffers that its peers read.

mod accounts;
mod data;
mod jobs;
mod model;
#[cfg(target_arch = "x86_64")]
pub mod native;
#[cfg(target_arch = "x86_64")]
pub mod native_auc;
#[cfg(target_arch = "x86_64")]
pub mod native_formula;
#[cfg(target_arch = "x86_64")]
pub mod native_long;
#[cfg(target_arch = "x86_64")]
pub mod native_rollup;
#[cfg(target_arch = "x86_64")]
pub mod native_table;
mod table;
#[cfg(target_arch = "x86_64")]
mod traffic;

pub use accounts::{RECORD, as_of, full, many, scorer};
pub use data::{Filling, fill};
pub use jobs::{Job, Results, jobs};
pub use model::{Fan, Shape};
pub use table::{Table, column};
#[cfg(target_arch = "x86_64")]
pub use traffic::{Streams, traffic};
