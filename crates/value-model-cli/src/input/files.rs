//! The files of one input: as named, and those in the folders that are named.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arrow_schema::Field;

use super::Opened;
use crate::message::{Failure, Notes};
use crate::output::differ;
use crate::progress::Progress;

/// What files in a folder are read by.
const KNOWN: [&str; 10] =
    ["csv", "tsv", "ndjson", "jsonl", "json", "parquet", "arrow", "feather", "ipc", "arrows"];

/// The files of one input, in the order in which they are read.
pub(crate) struct Files {
    paths: Vec<PathBuf>,
    /// How many bytes have been read of all of them.
    read: Arc<AtomicU64>,
    /// The first one, if it had to be looked at already.
    first: Option<Opened>,
}

impl Files {
    /// Lists the files. A folder gives those with a known extension, in byte order of their names.
    ///
    /// # Errors
    /// `io`, `empty` for a folder without such files, `usage` for an input that is named twice.
    pub(crate) fn list(inputs: &[PathBuf], notes: Notes) -> Result<Self, Failure> {
        let mut paths = Vec::new();
        for input in inputs {
            if input != Path::new("-") && input.is_dir() {
                paths.extend(folder(input, notes)?);
            } else {
                paths.push(input.clone());
            }
        }
        for (place, path) in paths.iter().enumerate() {
            if paths.iter().take(place).any(|earlier| earlier == path) {
                return Err(Failure::usage(format!("`{}` is named twice", path.display())));
            }
        }
        Ok(Self { paths, read: Arc::default(), first: None })
    }

    /// Refuses to write a file that is being read.
    pub(crate) fn differ(&self, output: Option<&PathBuf>) -> Result<(), Failure> {
        self.paths.iter().try_for_each(|path| differ(path, output))
    }

    /// A bar over the bytes of all files.
    pub(crate) fn progress(&self, notes: Notes) -> Progress {
        let length =
            |path: &PathBuf| fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|facts| facts.len());
        let length = self.paths.iter().map(length).sum::<Option<u64>>();
        Progress::new(length, Arc::clone(&self.read), notes.quiet)
    }

    /// The types of the columns that are carried over into a columnar output: those of the first file.
    ///
    /// # Errors
    /// `conflict` when another file has another type for one of them, and what makes a file unreadable.
    pub(crate) fn kept(&mut self, keep: &[String]) -> Result<Vec<Field>, Failure> {
        let Some((path, others)) = self.paths.split_first() else { return Ok(Vec::new()) };
        let first = Opened::open(path, &self.read)?;
        let kept = first.kept(keep);
        for path in others.iter().filter(|path| *path != Path::new("-")) {
            match Opened::open(path, &Arc::default()) {
                Ok(other) => agree(&kept, &other.kept(keep), (first.name(), other.name()))?,
                Err(failure) if failure.code == "empty" => {}
                Err(failure) => return Err(failure),
            }
        }
        self.first = Some(first);
        Ok(kept)
    }

    /// Gives every file to `visit`, until it says `false`. Where there are several, one without accounts is passed over.
    ///
    /// # Errors
    /// What `visit` gives, and `empty` when no file holds an account.
    pub(crate) fn each(
        &mut self,
        notes: Notes,
        visit: &mut dyn FnMut(Opened) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        let mut empty = None;
        let mut any = false;
        for path in &self.paths {
            let opened = self.first.take().map_or_else(|| Opened::open(path, &self.read), Ok);
            match opened.and_then(&mut *visit) {
                Ok(true) => any = true,
                Ok(false) => return Ok(()),
                Err(failure) if self.paths.len() > 1 && failure.code == "empty" => {
                    notes.warn(&format!("{}: {}", failure.place, failure.message));
                    empty = Some(failure);
                }
                Err(failure) => return Err(failure),
            }
        }
        match empty {
            Some(failure) if !any => Err(failure),
            _ => Ok(()),
        }
    }
}

/// Refuses kept columns of another type than those of the first file.
pub(crate) fn agree(expected: &[Field], found: &[Field], names: (&str, &str)) -> Result<(), Failure> {
    match expected.iter().zip(found).find(|(expected, found)| expected.data_type() != found.data_type()) {
        None => Ok(()),
        Some((expected, found)) => {
            let (column, is) = (found.name(), found.data_type());
            let message =
                format!("column `{column}` holds {is}, in `{}` it holds {}", names.0, expected.data_type());
            Err(Failure::new("conflict", message).at(names.1).help("write CSV, or leave it out of `--keep`"))
        }
    }
}

/// The files of a folder that can be read.
fn folder(path: &Path, notes: Notes) -> Result<Vec<PathBuf>, Failure> {
    let name = path.display().to_string();
    let cannot = |error: std::io::Error| Failure::io(&error, "read", &name);
    let (mut found, mut others) = (Vec::new(), 0_usize);
    for entry in fs::read_dir(path).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) || path.is_dir() {
            continue;
        }
        if is_known(&path) { found.push(path) } else { others += 1 }
    }
    found.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
    if found.is_empty() {
        let help = format!("files are read that end in {}", crate::message::names(&KNOWN));
        return Err(Failure::new("empty", "the folder holds no file of accounts").at(name).help(help));
    }
    if others > 0 {
        let files = if others == 1 { "file" } else { "files" };
        notes.note(&format!("{others} {files} of another kind not read in `{name}`"));
    }
    Ok(found)
}

fn is_known(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    KNOWN.iter().any(|known| extension.eq_ignore_ascii_case(known))
}
