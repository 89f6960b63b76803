//! Model sets: which scorecards judge an account, by what is known about it, and how parents sum up their children.

mod attribute;
mod choose;
mod columns;
mod compile;
mod condition;
mod document;
mod lint;
mod parents;
mod score;

pub use attribute::Attribute;
pub use choose::Choice;
pub use columns::SetColumn;
pub use compile::{MAX_CASES, NamedScorer, SetScorer};
pub use document::{Case, Condition, ModelSet, Parents, RollBy, SET_SCHEMA};
pub use lint::{SetWarning, lint_set};
pub use parents::{ChildPart, Headline, ParentAssessment, RollUp};
pub use score::{CardAssessment, FORMULA, SetInput, SetReport, score_set};

/// The name under which accounts are shown that no case took.
pub const DEFAULT_CASE: &str = "default";
