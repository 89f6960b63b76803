//! Parquet and Arrow files, opened by what they hold and not by what they are called.

mod caught;
#[cfg(test)]
mod hostile;
pub(crate) mod ipc;
mod pages;
pub(crate) mod parquet;
mod place;
pub(crate) mod text;
mod thrift;

use std::fs::File;
use std::io::{Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use self::caught::too_large;
use self::place::Place;
use crate::message::Failure;

/// The most bytes of a pipe that are held in memory: these forms are read from their end.
pub(crate) const MAX_PIPE: u64 = 1024 * 1024 * 1024;

/// An opened file whose columns are known.
pub(crate) enum Table {
    /// A Parquet file.
    Parquet(parquet::File),
    /// An Arrow file or stream.
    Arrow(Box<ipc::Batches>),
}

/// Forms of files that hold columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Parquet.
    Parquet,
    /// An Arrow file.
    Arrow,
    /// An Arrow stream.
    Arrows,
}

/// The form told by the first bytes.
pub(crate) fn form(beginning: &[u8]) -> Option<Form> {
    if beginning.starts_with(b"PAR1") || beginning.starts_with(b"PARE") {
        Some(Form::Parquet)
    } else if beginning.starts_with(b"ARROW1") {
        Some(Form::Arrow)
    } else if beginning.starts_with(&[0xFF; 4]) {
        Some(Form::Arrows)
    } else {
        None
    }
}

/// Where the bytes come from.
pub(crate) enum Bytes {
    /// A file of this length.
    File(File, u64),
    /// A pipe.
    Pipe(Box<dyn Read + Send>),
}

impl Table {
    /// Reads what the file says about its columns.
    ///
    /// # Errors
    /// `format` for a file that is cut or damaged, `limit` for one that asks for too much memory.
    pub(crate) fn open(form: Form, bytes: Bytes, name: &str, read: Arc<AtomicU64>) -> Result<Self, Failure> {
        let name = name.to_owned();
        match (form, bytes) {
            (Form::Arrows, Bytes::File(file, length)) => {
                let place = Place::file(file, length, read);
                Ok(Self::Arrow(Box::new(ipc::Batches::stream(Box::new(place.reader()), name)?)))
            }
            (Form::Arrows, Bytes::Pipe(reader)) => {
                Ok(Self::Arrow(Box::new(ipc::Batches::stream(reader, name)?)))
            }
            (form, bytes) => {
                let place = match bytes {
                    Bytes::File(file, length) => Place::file(file, length, read),
                    Bytes::Pipe(reader) => Place::memory(whole(reader, &name)?, read),
                };
                match form {
                    Form::Parquet => Ok(Self::Parquet(parquet::File::open(place, name)?)),
                    _ => Ok(Self::Arrow(Box::new(ipc::Batches::file(&place, name)?))),
                }
            }
        }
    }

    /// All columns with their types.
    pub(crate) fn schema(&self) -> &SchemaRef {
        match self {
            Self::Parquet(file) => file.schema(),
            Self::Arrow(batches) => batches.schema(),
        }
    }

    /// Gives these columns in batches of at most `rows` rows to `visit`, with the number of the first row from 0, until
    /// it says `false`.
    ///
    /// # Errors
    /// `format`, `limit`, `io`, and what `visit` gives.
    pub(crate) fn each(
        self,
        columns: &[usize],
        rows: usize,
        visit: &mut dyn FnMut(u64, RecordBatch) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        match self {
            Self::Parquet(file) => {
                let mut go = true;
                for piece in file.pieces(usize::MAX) {
                    file.read(&piece, columns, rows, &mut |first, batch| {
                        go = visit(first, batch)?;
                        Ok(go)
                    })?;
                    if !go {
                        break;
                    }
                }
                Ok(())
            }
            Self::Arrow(batches) => {
                let (mut batches, mut first) = (batches.only(columns), 0);
                while let Some(batch) = batches.next()? {
                    for piece in slices(&batch, rows) {
                        let count = piece.num_rows() as u64;
                        if !visit(first, piece)? {
                            return Ok(());
                        }
                        first += count;
                    }
                }
                Ok(())
            }
        }
    }
}

/// A batch in parts of at most `rows` rows, without copying.
pub(crate) fn slices(batch: &RecordBatch, rows: usize) -> impl Iterator<Item = RecordBatch> + '_ {
    let count = batch.num_rows();
    (0..count).step_by(rows.max(1)).map(move |start| batch.slice(start, rows.min(count - start)))
}

/// Everything a pipe gives.
fn whole(reader: Box<dyn Read + Send>, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = reader.take(MAX_PIPE + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::io(&error, "read", name))?;
    if bytes.len() as u64 > MAX_PIPE {
        return Err(too_large(name, "this form through a pipe", bytes.len() as u64, MAX_PIPE)
            .help("name the file instead, or pipe an Arrow stream"));
    }
    Ok(bytes)
}

/// The bytes of a pipe whose beginning has been looked at.
pub(crate) fn pipe(beginning: Vec<u8>, rest: impl Read + Send + 'static) -> Bytes {
    Bytes::Pipe(Box::new(Cursor::new(beginning).chain(rest)))
}
