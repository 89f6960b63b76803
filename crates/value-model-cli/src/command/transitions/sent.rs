//! The ids of events that were told before.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::input::source::Source;
use crate::message::Failure;
use crate::output::Output;

/// Ids, one a line.
pub(super) struct Sent {
    path: PathBuf,
    ids: BTreeSet<String>,
}

impl Sent {
    /// Reads the file; one that does not exist yet is empty.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let empty = std::fs::metadata(path).is_ok_and(|facts| facts.is_file() && facts.len() == 0);
        let text = if !path.exists() || empty { String::new() } else { Source::open(path)?.document()? };
        let ids = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
        Ok(Self { path: path.to_path_buf(), ids })
    }

    /// Whether an event was told.
    pub(super) fn holds(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Adds events that have been told; the file is the old one or the whole new one.
    pub(super) fn add<'a>(&mut self, ids: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
        let before = self.ids.len();
        self.ids.extend(ids.map(str::to_owned));
        if self.ids.len() == before {
            return Ok(());
        }
        let mut output = Output::open(Some(&self.path))?;
        for id in &self.ids {
            output.text.extend_from_slice(id.as_bytes());
            output.text.push(b'\n');
            output.spill()?;
        }
        output.finish()
    }
}
