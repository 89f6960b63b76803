//! Accounts in Arrow columns, scored with the bits that one at a time gives.
//!
//! [`ColumnScorer`] matches a model to the columns of a table once and then scores any number of batches: into fresh
//! arrays ([`ColumnScorer::score`]), into memory that the caller owns ([`ColumnScorer::score_into`]), or chunk by chunk for
//! whoever takes them ([`ColumnScorer::score_chunks`]).
//! [`ColumnSetScorer`] does the same under a set of models. [`LongScorer`] scores tables with one row per answer, [`EntryScorer`] tables with one row per outcome, need or money
//! line, [`ValueScorer`] the customer value formula over one column for each kind of amount. [`ColumnPortfolio`] rolls
//! results up by the values of key columns. [`tidy`] prepares what other programs put into columns, and [`Frame`] scores it.

mod chunks;
mod decimals;
mod dispatch;
mod drive;
mod entries;
mod frame;
#[cfg(feature = "ipc")]
pub mod ipc;
mod keys;
mod kinds;
#[cfg(target_arch = "x86_64")]
mod lanes;
mod long;
mod made;
mod moments;
mod money;
mod named;
mod portfolio;
mod read;
mod scorer;
mod set;
mod source;
mod stop;
mod tables;
mod tidy;

pub use chunks::{CHUNK, Chunk};
pub use dispatch::Path;
pub use entries::{Cells, EntryModel, EntryScorer, Kind, MAX_ROWS, MoneyLines, Needs, Outcomes, Value};
pub use frame::{Frame, FrameSettings, kept};
pub use keys::MAX_KEYS;
pub use long::{LongMapping, LongScored, LongScorer, LongSettings, MAX_ENTRIES, Order};
pub use money::{ValueScorer, ValueSettings};
pub use named::{named, table};
pub use portfolio::{ColumnPortfolio, PortfolioSettings};
pub use scorer::{ColumnScorer, Mapping, Refused, Scored, Settings};
pub use set::{ColumnSetScorer, SetScored, SetSettings, parents_table};
pub use tidy::{nan_as_null, tidy};
