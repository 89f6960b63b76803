//! Where batches of scored accounts go: lines of CSV, Parquet or Arrow, each in two steps.
//!
//! An [`Encoder`] turns batches into a piece, on any thread; the [`Sink`] puts pieces out in the order of the input.

use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::lines::Lines;
use super::{Format, Output, Target, arrow, parquet};
use crate::message::Failure;

/// Encodes batches; shared between threads.
pub(crate) enum Encoder {
    /// Lines of text.
    Csv(Lines),
    /// Row groups.
    Parquet(parquet::Encoder),
    /// Nothing to do beforehand.
    Arrow,
}

/// Batches made ready to be put out.
pub(crate) enum Piece {
    /// Lines of CSV.
    Text(Vec<u8>),
    /// A row group.
    RowGroup(parquet::RowGroup),
    /// Batches as they are.
    Batches(Vec<RecordBatch>),
}

/// A columnar file being written.
pub(crate) enum Sink {
    /// A Parquet file.
    Parquet(Box<parquet::File>),
    /// An Arrow file or stream.
    Arrow(Box<arrow::File>),
}

impl Encoder {
    /// Encodes batches. Their rows stand in the piece in this order; of several pieces the sink keeps the order.
    ///
    /// # Errors
    /// `invalid_input` when the batches do not have the columns of the output.
    pub(crate) fn encode(&self, batches: Vec<RecordBatch>) -> Result<Piece, Failure> {
        match self {
            Self::Csv(lines) => {
                let mut text = Vec::new();
                for batch in &batches {
                    lines.append(&mut text, batch);
                }
                Ok(Piece::Text(text))
            }
            Self::Parquet(encoder) => encoder.encode(&batches).map(Piece::RowGroup),
            Self::Arrow => Ok(Piece::Batches(batches)),
        }
    }
}

impl Piece {
    /// Puts lines out.
    ///
    /// # Errors
    /// `io`; `invalid_input` for a piece of another form.
    pub(crate) fn text(self, output: &mut Output) -> Result<(), Failure> {
        match self {
            Self::Text(text) => output.write(&text),
            _ => Err(other_form()),
        }
    }
}

/// A piece that was made for another output.
fn other_form() -> Failure {
    Failure::new("invalid_input", "the results are in another form than the output")
}

impl Sink {
    /// Starts a columnar output.
    ///
    /// # Errors
    /// `io`; `usage` for bytes on a terminal.
    pub(crate) fn open(
        format: Format,
        schema: &SchemaRef,
        path: Option<&Path>,
    ) -> Result<(Self, Encoder), Failure> {
        let (target, name) = Target::open(path)?;
        if target.is_terminal() {
            return Err(Failure::usage("this form is not for a terminal; name a file with `-o FILE`"));
        }
        if format == Format::Parquet {
            let (file, encoder) = parquet::create(schema, target, name)?;
            return Ok((Self::Parquet(Box::new(file)), Encoder::Parquet(encoder)));
        }
        let file = arrow::File::create(schema, format == Format::Arrows, target, name)?;
        Ok((Self::Arrow(Box::new(file)), Encoder::Arrow))
    }

    /// Puts out a piece.
    pub(crate) fn put(&mut self, piece: Piece) -> Result<(), Failure> {
        match (self, piece) {
            (Self::Parquet(file), Piece::RowGroup(group)) => file.put(group),
            (Self::Arrow(file), Piece::Batches(batches)) => {
                batches.iter().try_for_each(|batch| file.put(batch))
            }
            _ => Err(other_form()),
        }
    }

    /// Writes the end and makes a file appear under its name.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Parquet(file) => file.finish(),
            Self::Arrow(file) => file.finish(),
        }
    }
}
