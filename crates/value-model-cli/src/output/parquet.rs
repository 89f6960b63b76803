//! Results as a Parquet file: row groups are encoded wherever there is time, and put into the file in order.

use std::io::{BufWriter, Write};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use super::Target;
use crate::message::Failure;

/// A file being written.
pub(crate) struct File {
    name: String,
    writer: SerializedFileWriter<BufWriter<Target>>,
}

/// Encodes row groups of one file; shared between threads.
pub(crate) struct Encoder {
    schema: SchemaRef,
    factory: ArrowRowGroupWriterFactory,
}

/// A row group, encoded.
pub(crate) type RowGroup = Vec<ArrowColumnChunk>;

/// Starts a file with these columns. What the schema says beside them becomes metadata of the file.
///
/// # Errors
/// `io`, and `invalid_input` for a column whose type the format does not have.
pub(crate) fn create(schema: &SchemaRef, target: Target, name: String) -> Result<(File, Encoder), Failure> {
    let metadata = schema.metadata().iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    let mut metadata: Vec<KeyValue> = metadata.collect();
    metadata.sort_by(|a, b| a.key.cmp(&b.key));
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_key_value_metadata(Some(metadata));
    for field in schema.fields() {
        // Scores hardly repeat: looking for repeats costs time and, for most columns, space.
        if field.data_type().is_floating() || field.name() == "account" {
            let path = ColumnPath::new(vec![field.name().clone()]);
            properties = properties.set_column_dictionary_enabled(path, false);
        }
    }
    let target = BufWriter::with_capacity(super::CHUNK, target);
    let writer = ArrowWriter::try_new(target, Arc::clone(schema), Some(properties.build()));
    let (writer, factory) =
        writer.and_then(ArrowWriter::into_serialized_writer).map_err(|error| failure(error, &name))?;
    Ok((File { name, writer }, Encoder { schema: Arc::clone(schema), factory }))
}

impl Encoder {
    /// Encodes batches as one row group.
    ///
    /// # Errors
    /// `invalid_input` when the batches do not have the columns of the file.
    pub(crate) fn encode(&self, batches: &[RecordBatch]) -> Result<RowGroup, Failure> {
        let failed = |error| failure(error, "results");
        let mut writers = self.factory.create_column_writers(0).map_err(failed)?;
        for batch in batches {
            let mut next = writers.iter_mut();
            for (field, column) in self.schema.fields().iter().zip(batch.columns()) {
                for leaf in compute_leaves(field, column).map_err(failed)? {
                    if let Some(writer) = next.next() {
                        writer.write(&leaf).map_err(failed)?;
                    }
                }
            }
        }
        writers.into_iter().map(ArrowColumnWriter::close).collect::<Result<_, _>>().map_err(failed)
    }
}

impl File {
    /// Puts a row group at the end of the file.
    pub(crate) fn put(&mut self, group: RowGroup) -> Result<(), Failure> {
        let append = || {
            let mut writer = self.writer.next_row_group()?;
            for chunk in group {
                chunk.append_to_row_group(&mut writer)?;
            }
            writer.close().map(|_| ())
        };
        append().map_err(|error| failure(error, &self.name))
    }

    /// Writes the end of the file and makes it appear under its name.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let name = self.name;
        let mut buffer = self.writer.into_inner().map_err(|error| failure(error, &name))?;
        buffer.flush().map_err(|error| Failure::io(&error, "write", &name))?;
        let (target, _) = buffer.into_parts();
        target.commit()
    }
}

/// What the format's writer could not do.
fn failure(error: ParquetError, name: &str) -> Failure {
    match error {
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(error) => Failure::io(&error, "write", name),
            Err(error) => Failure::new("io", format!("cannot write `{name}`: {error}")),
        },
        other => Failure::new("invalid_input", format!("cannot write `{name}`: {other}")),
    }
}
