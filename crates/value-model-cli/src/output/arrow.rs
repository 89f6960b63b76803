//! Results as an Arrow file or an Arrow stream: batches as they lie in memory, so that others can map the file.

use std::io::{BufWriter, Write};

use arrow_array::RecordBatch;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{ArrowError, SchemaRef};

use super::Target;
use crate::message::Failure;

/// A file or stream being written.
pub(crate) struct File {
    name: String,
    writer: Writer,
}

enum Writer {
    File(FileWriter<BufWriter<Target>>),
    Stream(StreamWriter<BufWriter<Target>>),
}

impl File {
    /// Starts a file, or a stream, with these columns.
    ///
    /// # Errors
    /// `io`, and `invalid_input` for a column whose type the format does not have.
    pub(crate) fn create(
        schema: &SchemaRef,
        stream: bool,
        target: Target,
        name: String,
    ) -> Result<Self, Failure> {
        let target = BufWriter::with_capacity(super::CHUNK, target);
        let writer = if stream {
            StreamWriter::try_new(target, schema).map(Writer::Stream)
        } else {
            FileWriter::try_new(target, schema).map(|mut writer| {
                // Readers that look at the footer only find it there too.
                let mut about: Vec<_> = schema.metadata().iter().collect();
                about.sort();
                for (key, value) in about {
                    writer.write_metadata(key, value);
                }
                Writer::File(writer)
            })
        };
        match writer {
            Ok(writer) => Ok(Self { name, writer }),
            Err(error) => Err(failure(error, &name)),
        }
    }

    /// Puts a batch at the end.
    pub(crate) fn put(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let written = match &mut self.writer {
            Writer::File(writer) => writer.write(batch),
            Writer::Stream(writer) => writer.write(batch),
        };
        written.map_err(|error| failure(error, &self.name))
    }

    /// Writes the end and makes the file appear under its name.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let name = self.name;
        let buffer = match self.writer {
            Writer::File(mut writer) => writer.finish().and_then(|()| writer.into_inner()),
            Writer::Stream(mut writer) => writer.finish().and_then(|()| writer.into_inner()),
        };
        let mut buffer = buffer.map_err(|error| failure(error, &name))?;
        buffer.flush().map_err(|error| Failure::io(&error, "write", &name))?;
        let (target, _) = buffer.into_parts();
        target.commit()
    }
}

/// What the format's writer could not do.
fn failure(error: ArrowError, name: &str) -> Failure {
    match error {
        ArrowError::IoError(_, error) => Failure::io(&error, "write", name),
        other => Failure::new("invalid_input", format!("cannot write `{name}`: {other}")),
    }
}
