//! Model sets: which scorecards judge an account, by what is known about it, and how parents sum up their children.

mod choose;
mod compile;
mod condition;
mod document;
mod lint;
mod parents;
mod score;

pub use choose::Choice;
pub use compile::{MAX_CASES, NamedScorer, SetScorer};
pub use document::{Case, Condition, ModelSet, Parents, RollBy, SET_SCHEMA};
pub use lint::{SetWarning, lint_set};
pub use parents::{ChildPart, ParentAssessment, RollUp};
pub use score::{CardAssessment, FORMULA, SetInput, SetReport, score_set};

/// The name under which accounts are shown that no case took.
pub const DEFAULT_CASE: &str = "default";
