//! The models of the sources as typed functions, where a source needs more than a tree of answers.
//!
//! Each one gathers its lists into a small scorecard, starting from its preset, and lets the scorecard engine do what
//! engines do: means, missing answers, bounds, coverage, contributions.

mod part;
pub mod perceived_value;
mod sheet;

pub use part::{NoScore, Part};
