//! Where results go: standard output or a file that appears whole.

pub(crate) mod arrow;
pub(crate) mod atomic;
pub(crate) mod cell;
pub(crate) mod flat;
pub(crate) mod grid;
pub(crate) mod lines;
pub(crate) mod numbers;
pub(crate) mod parquet;
pub(crate) mod rejects;
pub(crate) mod rows;
pub(crate) mod scored;
pub(crate) mod sheet;
pub(crate) mod sink;
pub(crate) mod table;
mod target;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::message::Failure;
pub(crate) use target::Target;

/// Bytes gathered before they are written.
const CHUNK: usize = 256 * 1024;

/// The forms in which results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated values with a header.
    Csv,
    /// One JSON object per line, with every detail of the result.
    Ndjson,
    /// One JSON list, with every detail of the result.
    Json,
    /// A table for people, as wide as the terminal.
    Table,
    /// A Parquet file.
    Parquet,
    /// An Arrow file (also called Feather).
    Arrow,
    /// An Arrow stream.
    Arrows,
}

impl Format {
    /// The form asked for, or told by the file's name; for a terminal a table, for everything else CSV.
    pub(crate) fn of(asked: Option<Self>, path: Option<&Path>) -> Self {
        if let Some(format) = asked {
            return format;
        }
        let name = path.filter(|path| *path != Path::new("-"));
        match name.and_then(Path::extension).and_then(std::ffi::OsStr::to_str) {
            Some("ndjson" | "jsonl") => Self::Ndjson,
            Some("json") => Self::Json,
            Some("parquet") => Self::Parquet,
            Some("arrow" | "feather" | "ipc") => Self::Arrow,
            Some("arrows") => Self::Arrows,
            None if name.is_none() && io::IsTerminal::is_terminal(&io::stdout()) => Self::Table,
            _ => Self::Csv,
        }
    }

    /// Whether it is written by columns, in batches of accounts.
    pub(crate) const fn is_columnar(self) -> bool {
        matches!(self, Self::Parquet | Self::Arrow | Self::Arrows)
    }

    /// The same form, unless it is one that only `score` writes.
    ///
    /// # Errors
    /// `usage`.
    pub(crate) fn as_text(self) -> Result<Self, Failure> {
        if self.is_columnar() {
            return Err(Failure::usage(
                "Parquet and Arrow are written by `score` only; name a .csv or .ndjson file",
            ));
        }
        Ok(self)
    }
}

/// Text for standard output or a file, written in large pieces.
#[derive(Debug)]
pub(crate) struct Output {
    target: Target,
    name: String,
    /// Text not yet written. Append to it, and call [`spill`](Output::spill) now and then.
    pub text: Vec<u8>,
}

impl Output {
    /// Opens a target; `None` and `-` are standard output.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let (target, name) = Target::open(path)?;
        Ok(Self { target, name, text: Vec::with_capacity(CHUNK + CHUNK / 4) })
    }

    /// Writes what has gathered once it is much.
    pub(crate) fn spill(&mut self) -> Result<(), Failure> {
        if self.text.len() >= CHUNK { self.write_out() } else { Ok(()) }
    }

    /// Writes a long text after what has gathered.
    pub(crate) fn write(&mut self, text: &[u8]) -> Result<(), Failure> {
        self.write_out()?;
        self.target.write_all(text).map_err(|error| Failure::io(&error, "write", &self.name))
    }

    fn write_out(&mut self) -> Result<(), Failure> {
        let written = self.target.write_all(&self.text);
        self.text.clear();
        written.map_err(|error| Failure::io(&error, "write", &self.name))
    }

    /// Writes the rest and makes a file appear under its name.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.write_out()?;
        self.target.commit()
    }
}

/// Appends `value` as JSON.
pub(crate) fn json<T: serde::Serialize>(text: &mut Vec<u8>, value: &T, pretty: bool) -> Result<(), Failure> {
    if pretty {
        serde_json::to_writer_pretty(text, value)
            .map_err(|error| Failure::new("invalid_input", error.to_string()))
    } else {
        value_model_bridge::to_json(value, text)
            .map_err(|refusal| Failure::new(refusal.code, refusal.message))
    }
}

/// Refuses to write a file that is being read.
pub(crate) fn differ(input: &Path, output: Option<&PathBuf>) -> Result<(), Failure> {
    let same = |a: &Path, b: &Path| match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b && a.is_file(),
        _ => false,
    };
    match output {
        Some(output) if same(input, output) => {
            Err(Failure::usage(format!("`{}` is both the input and the output", output.display())))
        }
        _ => Ok(()),
    }
}
