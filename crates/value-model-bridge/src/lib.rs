//! Host values to value-model and back.
//!
//! Every surface (command, Python, Node, browser) turns what it was given into a [`Tree`], hands it to [`call`] or
//! [`run`] and gets either a result that it serialises or a [`Refusal`]. Reading JSON and TOML text lives here too, so
//! that a typing mistake is refused with the same code, field and words everywhere.
#![forbid(unsafe_code)]

mod call;
mod column;
mod deserializer;
mod document;
mod escape;
mod inside;
mod json;
mod locate;
mod model;
mod problem;
mod quick;
mod record;
mod refusal;
mod text;
mod tree;

#[cfg(feature = "schema")]
pub use call::schemas;
pub use call::{IDS, Output, call, call_json, run};
pub use column::Column;
pub use document::{scorecard_from_json, scorecard_from_toml, scorecard_from_tree, scorecard_to_toml};
pub use json::to_json;
pub use model::{Beside, Model, model_from_json, model_from_toml, model_from_tree};
pub use problem::Problem;
pub use record::{record_from_json, record_from_tree};
pub use refusal::Refusal;
pub use text::{Limits, read_json, read_toml};
pub use tree::Tree;
