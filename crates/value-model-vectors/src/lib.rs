//! Test vectors: inputs with the results or refusals that every language must give, bit for bit.
//!
//! One file per formula, `vectors/ID.json`. Inputs are written by hand; results are filled in once by
//! `cargo xtask gen`, judged by the oracle and by the golden numbers of the sources, and never edited again: a changed
//! result is a new version of its formula.
#![forbid(unsafe_code)]

mod compare;
mod differ;
mod file;
mod fill;

pub use compare::same;
pub use differ::{Difference, differences};
pub use file::{Case, Fault, File, parse};
pub use fill::{Filled, Moved, agrees, fill};

/// Name and text of every vector file, in byte order of the name.
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));
