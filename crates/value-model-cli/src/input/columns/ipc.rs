//! Arrow files and streams under their names.

use std::io::{self, Read};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_schema::SchemaRef;
use value_model_arrow::ipc;

use super::caught::failure;
use super::place::Place;
use crate::message::Failure;

/// A file or stream being read.
pub(crate) struct Batches {
    name: String,
    batches: ipc::Batches,
}

impl ipc::Place for Place {
    fn length(&self) -> u64 {
        Self::length(self)
    }

    fn at(&self, start: u64, count: u64) -> io::Result<Buffer> {
        Self::at(self, start, count).map(Buffer::from_vec)
    }
}

impl Batches {
    /// Reads the footer and the dictionaries of a file.
    ///
    /// # Errors
    /// `format` for a file that is cut or damaged, `limit` for one that asks for too much.
    pub(crate) fn file(place: &Place, name: String) -> Result<Self, Failure> {
        match ipc::Batches::file(Box::new(place.clone())) {
            Ok(batches) => Ok(Self { name, batches }),
            Err(problem) => Err(failure(&problem, &name)),
        }
    }

    /// Reads the head of a stream.
    ///
    /// # Errors
    /// As [`Batches::file`].
    pub(crate) fn stream(reader: Box<dyn Read + Send>, name: String) -> Result<Self, Failure> {
        match ipc::Batches::stream(reader) {
            Ok(batches) => Ok(Self { name, batches }),
            Err(problem) => Err(failure(&problem, &name)),
        }
    }

    /// All columns with their types.
    pub(crate) const fn schema(&self) -> &SchemaRef {
        self.batches.schema()
    }

    /// Reads only these columns, places among the fields of the schema.
    #[must_use]
    pub(crate) fn only(self, columns: &[usize]) -> Self {
        Self { name: self.name, batches: self.batches.only(columns) }
    }

    /// The next batch.
    ///
    /// # Errors
    /// `format`, `limit`, `io`.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, Failure> {
        self.batches.next_batch().map_err(|problem| failure(&problem, &self.name))
    }
}
