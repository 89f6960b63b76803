//! Standard output or a file: the bytes of every form of output go through here.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::atomic::AtomicFile;
use crate::message::Failure;

/// Standard output, or a file that appears whole.
#[derive(Debug)]
pub(crate) enum Target {
    /// Standard output.
    Stdout(io::Stdout),
    /// A file.
    File(Box<AtomicFile>),
}

impl Target {
    /// Opens a target, and says how messages name it; `None` and `-` are standard output.
    pub(crate) fn open(path: Option<&Path>) -> Result<(Self, String), Failure> {
        match path.filter(|path| *path != Path::new("-")) {
            None => Ok((Self::Stdout(io::stdout()), "standard output".to_owned())),
            Some(path) => Ok((Self::File(Box::new(AtomicFile::create(path)?)), path.display().to_string())),
        }
    }

    /// Whether a person would see the bytes.
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self, Self::Stdout(stdout) if stdout.is_terminal())
    }

    /// Writes what is still held back, and makes a file appear under its name.
    pub(crate) fn commit(self) -> Result<(), Failure> {
        match self {
            Self::Stdout(stdout) => {
                stdout.lock().flush().map_err(|error| Failure::io(&error, "write", "standard output"))
            }
            Self::File(file) => file.commit(),
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(stdout) => stdout.lock().write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(stdout) => stdout.lock().flush(),
            Self::File(file) => file.flush(),
        }
    }
}
