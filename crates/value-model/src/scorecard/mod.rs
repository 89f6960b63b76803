//! Scorecards: a document is checked once into a [`Scorer`], which then scores any number of accounts.

mod answered;
mod assess;
mod assessment;
mod bands;
mod branch;
mod builder;
mod children;
mod compile;
mod document;
mod evaluate;
mod gather;
pub(crate) mod kernel;
mod lint;
mod node;
mod pivot;
mod respond;
mod rules;
mod scorer;
mod waterfall;
mod whatif;

pub use assessment::{
    AppliedOverride, Assessment, Contribution, ContributionKind, FiredRule, Flag, GroupResult,
    InsufficientReason, MeasureResult,
};
pub use builder::MIN_COVERAGE;
pub use children::{MAX_DEPTH, MAX_NODES, MAX_WEIGHT};
pub use compile::{CompiledGroup, CompiledMeasure, Id};
pub use document::{
    Action, Aggregator, Area, Bands, Edge, Group, Measure, MissingRule, Node, Polarity, Predicate, Rule,
    SCHEMA, Scorecard,
};
pub use evaluate::{GroupScore, Workspace};
pub use lint::{LintCode, Warning, lint};
pub use pivot::{Details, Gathering, Persona, Pivot};
pub use scorer::{Context, Outcome, Score, Scorer};
pub use waterfall::WaterfallStep;

pub(crate) use answered::answered_mean;
pub(crate) use assess::Evaluated;
pub(crate) use bands::CompiledBands;
pub(crate) use branch::Branch;
pub(crate) use children::bounded;
pub(crate) use compile::Slot;
pub(crate) use compile::{Codes, Place, check_counting};
pub(crate) use evaluate::{Final, Leaf, child};
pub(crate) use gather::Gathered;
pub(crate) use kernel::{Child, Kind};
pub(crate) use respond::{Asked, Response};
pub(crate) use scorer::Plan;
