//! Generated files: written by `gen`, compared by `gen --check`. Nobody edits them by hand.

mod api;
mod javascript;
mod names;
mod page;
mod presets;
mod python;
mod schema;
mod vectors;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::shell::{root, say};

/// A generated file.
pub(crate) struct Generated {
    /// Its path below the root.
    path: String,
    /// What it should hold.
    content: String,
}

impl Generated {
    fn new(path: impl Into<String>, content: impl Into<String>) -> Self {
        Self { path: path.into(), content: content.into() }
    }

    fn json(path: impl Into<String>, value: &impl serde::Serialize) -> Result<Self> {
        Ok(Self::new(path, format!("{}\n", serde_json::to_string_pretty(value)?)))
    }

    fn target(&self) -> PathBuf {
        root().join(&self.path)
    }

    fn is_current(&self) -> bool {
        fs::read_to_string(self.target()).is_ok_and(|found| found == self.content)
    }

    fn write(&self) -> Result<()> {
        let target = self.target();
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&target, &self.content).with_context(|| self.path.clone())
    }
}

fn everything() -> Result<Vec<Generated>> {
    let mut files = presets::files()?;
    let vectors = vectors::files()?;
    files.push(schema::file()?);
    files.push(api::file()?);
    files.extend(page::files(&vectors)?);
    files.extend(javascript::files()?);
    files.extend(python::files()?);
    files.extend(vectors);
    Ok(files)
}

/// Writes what is out of date.
pub(crate) fn write() -> Result<()> {
    for file in everything()?.iter().filter(|file| !file.is_current()) {
        file.write()?;
        say(&format!("wrote {}", file.path));
    }
    Ok(())
}

/// Fails if anything is out of date.
pub(crate) fn check() -> Result<()> {
    let files = everything()?;
    let stale: Vec<&str> =
        files.iter().filter(|file| !file.is_current()).map(|file| file.path.as_str()).collect();
    if !stale.is_empty() {
        bail!("out of date: {}\nrun `cargo xtask gen` and commit what it writes", stale.join(", "));
    }
    say(&format!("{} generated files are up to date", files.len()));
    Ok(())
}

/// The text of a file below the root, or nothing when there is none.
fn optional(path: &str) -> Result<Option<String>> {
    match fs::read_to_string(root().join(path)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| path.to_owned()),
    }
}
