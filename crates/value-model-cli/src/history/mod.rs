//! Histories: assessments kept as Parquet files that any engine reads, and read back by the commands about time.
//!
//! A history is one file, or a folder with one file for each day. Every row holds an assessment and what gave it: the
//! answers of the account and the document of the model, both as JSON. So whatever is asked later is computed from what was
//! known then, by the same core.

pub(crate) mod append;
mod layout;
pub(crate) mod read;

pub(crate) use append::{Appended, Appender};
pub(crate) use read::{History, Wanted};

use std::path::{Path, PathBuf};

use value_model::Date;

/// What the files say about their form. A release reads its own and older ones.
const FORMAT: &str = "1";
/// The key of the metadata that says it.
const KEY: &str = "value-model.history";

/// An assessment is told apart by account, day, model and version.
type Key = (String, Date, String, String);

/// Whether a path is, or will be, a folder of files: one that does not end in `.parquet`.
fn is_folder(path: &Path) -> bool {
    let named = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("parquet"));
    path.is_dir() || (!path.exists() && !named)
}

/// The file in which the assessments of a day are kept.
fn file_of(path: &Path, as_of: Date) -> PathBuf {
    if is_folder(path) { path.join(format!("{as_of}.parquet")) } else { path.to_path_buf() }
}
