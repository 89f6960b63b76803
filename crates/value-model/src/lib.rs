//! Customer value, scored one way everywhere.
//!
//! This crate says what every score means: domain types, scorecards and formulas, each with its source. It reads no
//! file, no clock and no network, starts no thread and holds no unsafe code, so that the same bits come out in an
//! application, a notebook, a browser and a nightly job.
#![forbid(unsafe_code)]

pub mod answer;
pub mod backtest;
pub mod block;
pub mod catalog;
pub mod check;
pub mod compare;
pub mod date;
mod divisor;
pub mod error;
mod lane;
pub mod math;
pub mod metric;
pub mod model;
pub mod presets;
pub mod scale;
pub mod scorecard;
pub mod set;
pub mod suggest;

pub use date::Date;
pub use error::Error;

/// The Rust blocks of the README, run as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
