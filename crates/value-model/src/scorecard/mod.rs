//! Scorecards: a document is checked once into a `Scorer`, which then scores any number of accounts.

mod builder;
mod document;
mod node;

pub use builder::MIN_COVERAGE;
pub use document::{
    Action, Aggregator, Area, Bands, Edge, Group, Measure, MissingRule, Node, Polarity, Predicate, Rule,
    SCHEMA, Scorecard,
};
