//! One row per answer has the bits of a record with the same answers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

#[path = "../../../value-model/tests/common/mod.rs"]
mod common;
mod properties;
mod rows;
mod tables;
