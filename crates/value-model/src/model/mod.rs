//! The models of the sources as typed functions, where a source needs more than a tree of answers.
//!
//! Those of answers gather their lists into a small scorecard, starting from their preset, and let the scorecard engine
//! do what engines do: means, missing answers, bounds, coverage, contributions. Those of money and of needs met add up
//! amounts and events, which are no answers.

pub mod customer_value;
pub mod customer_value_portfolio;
pub mod customers_metric;
mod part;
pub mod perceived_value;
mod sheet;
pub mod value_generated;
pub mod value_realization;

pub use part::{NoScore, Part};
