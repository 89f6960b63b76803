//! Opening a file or standard input, with its beginning looked at.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{columns, detect};
use crate::message::Failure;

/// Whole documents (models, staffing plans) may have this many bytes.
pub(crate) const DOCUMENT_BYTES: u64 = 64 * 1024 * 1024;

/// An opened input: a text without byte order mark, and what is known about it.
pub(crate) struct Source {
    /// How messages name it.
    pub name: String,
    /// Its first bytes, without a byte order mark.
    pub beginning: Vec<u8>,
    /// Its bytes from the beginning on.
    pub reader: Box<dyn Read + Send>,
    /// Its length in bytes; unknown for pipes.
    pub length: Option<u64>,
}

/// An opened input of which only the beginning has been looked at.
pub(crate) struct Raw {
    /// How messages name it.
    pub name: String,
    /// Its first bytes.
    pub beginning: Vec<u8>,
    /// The bytes behind the beginning.
    rest: Counted<From>,
    /// Its length in bytes; unknown for pipes.
    pub length: Option<u64>,
}

enum From {
    File(File),
    Pipe(Box<dyn Read + Send>),
}

impl Raw {
    /// Opens a file, or standard input for `-`; what is read of it is counted in `read`.
    pub(crate) fn open(path: &Path, read: &Arc<AtomicU64>) -> Result<Self, Failure> {
        let (inner, name, length) = if path == Path::new("-") {
            (From::Pipe(Box::new(io::stdin())), "standard input".to_owned(), None)
        } else {
            let name = path.display().to_string();
            let file = File::open(path).map_err(|error| Failure::io(&error, "read", &name))?;
            let facts = file.metadata().map_err(|error| Failure::io(&error, "read", &name))?;
            if facts.is_dir() {
                return Err(Failure::new("io", format!("cannot read `{name}`: it is a folder")));
            }
            // A device or a named pipe has no end to read from.
            let length = facts.is_file().then_some(facts.len());
            (if length.is_some() { From::File(file) } else { From::Pipe(Box::new(file)) }, name, length)
        };
        let mut rest = Counted { inner, read: Arc::clone(read) };
        let mut beginning = Vec::new();
        let taken = rest.by_ref().take(detect::BEGINNING as u64).read_to_end(&mut beginning);
        taken.map_err(|error| Failure::io(&error, "read", &name))?;
        Ok(Self { name, beginning, rest, length })
    }

    /// The input as text.
    ///
    /// # Errors
    /// `encoding`, `format`, `empty` for what is no text.
    pub(crate) fn text(self) -> Result<Source, Failure> {
        let Self { name, mut beginning, rest, length } = self;
        let mark = detect::text_start(&beginning, &name)?;
        beginning.drain(..mark);
        let reader = Box::new(Cursor::new(beginning.clone()).chain(rest));
        Ok(Source { name, beginning, reader, length })
    }

    /// The input as bytes that are read here and there.
    pub(crate) fn bytes(self) -> columns::Bytes {
        match (self.rest.inner, self.length) {
            (From::File(file), Some(length)) => columns::Bytes::File(file, length),
            (inner, _) => {
                let rest = Counted { inner, read: self.rest.read };
                columns::pipe(self.beginning, rest)
            }
        }
    }
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Pipe(pipe) => pipe.read(buffer),
        }
    }
}

impl Source {
    /// Opens a file, or standard input for `-`.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        Raw::open(path, &Arc::new(AtomicU64::new(0)))?.text()
    }

    /// The whole text of a document.
    ///
    /// # Errors
    /// `limit` above [`DOCUMENT_BYTES`], before more than that is read; `encoding` when it is not UTF-8.
    pub(crate) fn document(self) -> Result<String, Failure> {
        let too_long = |found: u64| value_model::Error::Limit {
            field: "document".into(),
            what: "bytes",
            found,
            limit: DOCUMENT_BYTES,
        };
        if let Some(length) = self.length.filter(|length| *length > DOCUMENT_BYTES) {
            return Err(Failure::from(too_long(length)).at(self.name));
        }
        let mut bytes = Vec::new();
        let taken = self.reader.take(DOCUMENT_BYTES + 1).read_to_end(&mut bytes);
        taken.map_err(|error| Failure::io(&error, "read", &self.name))?;
        let found = bytes.len() as u64;
        if found > DOCUMENT_BYTES {
            return Err(Failure::from(too_long(found)).at(self.name));
        }
        match detect::utf8(&bytes) {
            Ok(_) => String::from_utf8(bytes).map_err(|error| Failure::new("encoding", error.to_string())),
            Err(message) => Err(Failure::new("encoding", message).at(self.name)),
        }
    }
}

/// Counts what passes through, for the progress bar.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
