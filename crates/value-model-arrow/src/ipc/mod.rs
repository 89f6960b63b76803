//! Arrow files and streams: batches one after the other, each checked before memory is given to it.

mod caught;
mod frame;

use std::io::Read;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::FileDecoder;
use arrow_ipc::{Block, MessageHeader, MetadataVersion, root_as_footer};
use arrow_schema::{ArrowError, SchemaRef};

pub use caught::{Problem, caught};
pub use frame::Place;
use frame::{Frame, Memory, Pipe, Tape, footer};

/// The largest batch, packed or unpacked. Writers make batches of about 1 MiB; some put a whole file into one.
const MAX_BATCH: u64 = 1024 * 1024 * 1024;
/// The longest header of a message, and the longest footer.
const MAX_HEADER: u64 = 64 * 1024 * 1024;

/// A file or stream being read.
pub struct Batches {
    decoder: FileDecoder,
    schema: SchemaRef,
    /// The columns that are read.
    read: SchemaRef,
    frames: Frames,
    /// What dictionaries take that are kept for the batches to come.
    kept: u64,
}

enum Frames {
    /// The places of the batches of a file: offset, header and body.
    File(Box<dyn Place>, std::vec::IntoIter<Block>),
    /// The bytes of a stream.
    Stream(Box<dyn Tape>),
    /// There are no more.
    Done,
}

impl std::fmt::Debug for Batches {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Batches").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl Batches {
    /// Reads the head of a file or of a stream in memory, whichever its first bytes say; nothing is copied that lies where
    /// its type needs it.
    ///
    /// # Errors
    /// [`Problem::Damaged`] for what is neither, [`Problem::TooLarge`] for what asks for too much.
    pub fn memory(bytes: Buffer) -> Result<Self, Problem> {
        if bytes.starts_with(b"ARROW1") {
            return Self::file(Box::new(bytes));
        }
        if bytes.starts_with(b"FEA1") {
            return Err(Problem::damaged("it is of Feather's first version; write Arrow's, or Feather 2"));
        }
        if !bytes.starts_with(&[0xFF; 4]) {
            return Err(Problem::damaged("it starts like neither a file nor a stream of Arrow"));
        }
        Self::tape(Box::new(Memory(bytes, 0)))
    }

    /// Reads the footer and the dictionaries of a file.
    ///
    /// # Errors
    /// [`Problem::Damaged`] for a file that is cut or damaged, [`Problem::TooLarge`] for one that asks for too much.
    pub fn file(place: Box<dyn Place>) -> Result<Self, Problem> {
        let bytes = footer(place.as_ref())?;
        let (schema, version, dictionaries, batches) = caught(|| {
            let footer = root_as_footer(&bytes).map_err(|error| ArrowError::IpcError(error.to_string()))?;
            let schema = footer.schema().ok_or_else(|| ArrowError::IpcError("no schema".to_owned()))?;
            let schema = arrow_ipc::convert::try_fb_to_schema(schema)?;
            let blocks = |blocks: Option<flatbuffers::Vector<'_, Block>>| -> Vec<Block> {
                blocks.iter().flatten().copied().collect()
            };
            let batches = blocks(footer.recordBatches());
            Ok::<_, ArrowError>((schema, footer.version(), blocks(footer.dictionaries()), batches))
        })?;
        let schema = Arc::new(schema);
        let decoder = FileDecoder::new(Arc::clone(&schema), version);
        let frames = Frames::File(place, dictionaries.into_iter());
        let mut all = Self { decoder, read: Arc::clone(&schema), schema, frames, kept: 0 };
        while let Some(frame) = all.frame()? {
            all.dictionary(&frame)?;
        }
        if let Frames::File(_, blocks) = &mut all.frames {
            *blocks = batches.into_iter();
        }
        Ok(all)
    }

    /// Reads the head of a stream.
    ///
    /// # Errors
    /// As [`Batches::file`].
    pub fn stream(reader: Box<dyn Read + Send>) -> Result<Self, Problem> {
        Self::tape(Box::new(Pipe(reader)))
    }

    fn tape(mut tape: Box<dyn Tape>) -> Result<Self, Problem> {
        let none = || Problem::damaged("it ends before it says what its columns are");
        let frame = Frame::of_stream(tape.as_mut())?.ok_or_else(none)?;
        let schema = caught(|| {
            let message = frame.message()?;
            let schema =
                message.header_as_schema().ok_or_else(|| ArrowError::IpcError("no schema".to_owned()))?;
            Ok::<_, ArrowError>((arrow_ipc::convert::try_fb_to_schema(schema)?, message.version()))
        });
        let (schema, version): (_, MetadataVersion) = schema?;
        let schema = Arc::new(schema);
        let decoder = FileDecoder::new(Arc::clone(&schema), version);
        Ok(Self { decoder, read: Arc::clone(&schema), schema, frames: Frames::Stream(tape), kept: 0 })
    }

    /// All columns with their types.
    pub const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Reads only these columns, places among the fields of the schema that exist.
    #[must_use]
    pub fn only(mut self, columns: &[usize]) -> Self {
        if let Ok(read) = self.schema.project(columns) {
            self.read = Arc::new(read);
            self.decoder = self.decoder.with_projection(columns.to_vec());
        }
        self
    }

    /// The columns that are read.
    pub const fn read_schema(&self) -> &SchemaRef {
        &self.read
    }

    /// The next batch.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn next_batch(&mut self) -> Result<Option<RecordBatch>, Problem> {
        loop {
            let Some(frame) = self.frame()? else { return Ok(None) };
            if frame.kind()? == MessageHeader::DictionaryBatch {
                self.dictionary(&frame)?;
                continue;
            }
            frame.check()?;
            let batch = caught(|| self.decoder.read_record_batch(&frame.block, &frame.bytes))?;
            if let Some(batch) = batch {
                return Ok(Some(batch));
            }
        }
    }

    /// How many rows all batches declare to have; none of them is decoded.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn count(mut self) -> Result<u64, Problem> {
        let mut rows = 0_u64;
        while let Some(frame) = self.frame()? {
            if frame.kind()? == MessageHeader::RecordBatch {
                rows = rows.saturating_add(frame.check()?.1);
            }
        }
        Ok(rows)
    }

    fn frame(&mut self) -> Result<Option<Frame>, Problem> {
        let frame = match &mut self.frames {
            Frames::File(place, blocks) => {
                return blocks.next().map(|block| Frame::of_file(place.as_ref(), block)).transpose();
            }
            Frames::Stream(tape) => Frame::of_stream(tape.as_mut())?,
            Frames::Done => None,
        };
        if frame.is_none() {
            // What follows the mark for the end is nobody's.
            self.frames = Frames::Done;
        }
        Ok(frame)
    }

    fn dictionary(&mut self, frame: &Frame) -> Result<(), Problem> {
        self.kept = self.kept.saturating_add(frame.check()?.0);
        if self.kept > MAX_BATCH {
            return Err(Problem::TooLarge { what: "the dictionaries", found: self.kept, limit: MAX_BATCH });
        }
        caught(|| self.decoder.read_dictionary(&frame.block, &frame.bytes))
    }
}
