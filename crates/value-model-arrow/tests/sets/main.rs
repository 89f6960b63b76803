//! Columns under a set of models give what the set gives account by account, bit for bit.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::from_iter_instead_of_collect,
    unreachable_pub,
    reason = "random numbers are small, and some are cut on purpose; the type of an array is best named in front"
)]

mod attributes;
mod bad;
#[path = "../../../value-model/tests/common/mod.rs"]
mod common;
mod properties;
mod records;
mod rows;
#[path = "../table/mod.rs"]
mod table;
