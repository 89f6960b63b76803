//! The bytes of a file that is read here and there: from several threads, and never beyond its end.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

/// Bytes at their places: a file, or what a pipe gave.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    bytes: Held,
    length: u64,
    /// How many bytes have been read; shared with the progress bar.
    read: Arc<AtomicU64>,
}

#[derive(Clone, Debug)]
enum Held {
    File(Arc<File>),
    Memory(Bytes),
}

impl Place {
    /// A file of this length.
    pub(crate) fn file(file: File, length: u64, read: Arc<AtomicU64>) -> Self {
        Self { bytes: Held::File(Arc::new(file)), length, read }
    }

    /// Bytes in memory.
    pub(crate) fn memory(bytes: Vec<u8>, read: Arc<AtomicU64>) -> Self {
        let length = bytes.len() as u64;
        Self { bytes: Held::Memory(bytes.into()), length, read }
    }

    /// Reads from the first byte on.
    pub(crate) fn reader(&self) -> io::BufReader<From> {
        io::BufReader::with_capacity(128 * 1024, From { place: self.clone(), at: 0 })
    }

    /// How many bytes there are.
    pub(crate) const fn length(&self) -> u64 {
        self.length
    }

    /// The bytes from `start` on; nothing is allocated for bytes that are not there.
    ///
    /// # Errors
    /// `UnexpectedEof` when there are not so many.
    pub(crate) fn at(&self, start: u64, count: u64) -> io::Result<Vec<u8>> {
        let end = start.checked_add(count).filter(|end| *end <= self.length);
        let (Some(_), Ok(count)) = (end, usize::try_from(count)) else {
            let message = format!("{count} bytes at {start} are named, the file has {}", self.length);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
        };
        let mut buffer = vec![0; count];
        self.fill(start, &mut buffer)?;
        Ok(buffer)
    }

    fn fill(&self, start: u64, mut buffer: &mut [u8]) -> io::Result<()> {
        let mut at = start;
        while !buffer.is_empty() {
            let count = self.some(at, buffer)?;
            if count == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter"));
            }
            at += count as u64;
            buffer = buffer.get_mut(count..).unwrap_or_default();
        }
        Ok(())
    }

    fn some(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &self.bytes {
            Held::File(file) => positioned(file, at, buffer)?,
            Held::Memory(bytes) => {
                let from = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
                let count = from.len().min(buffer.len());
                if let (Some(to), Some(from)) = (buffer.get_mut(..count), from.get(..count)) {
                    to.copy_from_slice(from);
                }
                count
            }
        };
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Reads at a place without moving a cursor that other threads share.
#[cfg(unix)]
fn positioned(file: &File, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

/// Reads at a place; on Windows the call moves the cursor, which nobody here relies on.
#[cfg(windows)]
fn positioned(file: &File, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

/// Reads on from a place.
#[derive(Debug)]
pub(crate) struct From {
    place: Place,
    at: u64,
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.place.some(self.at, buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Length for Place {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Place {
    type T = io::BufReader<From>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(io::BufReader::new(From { place: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        if let Held::Memory(bytes) = &self.bytes
            && let Ok(start) = usize::try_from(start)
            && start.checked_add(length).is_some_and(|end| end <= bytes.len())
        {
            self.read.fetch_add(length as u64, Ordering::Relaxed);
            return Ok(bytes.slice(start..start + length));
        }
        Ok(self.at(start, length as u64)?.into())
    }
}
