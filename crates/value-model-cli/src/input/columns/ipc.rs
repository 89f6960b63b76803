//! Arrow files and streams: batches one after the other, each checked before memory is given to it.

use std::io::{self, Read};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::FileDecoder;
use arrow_ipc::{Block, MessageHeader, MetadataVersion, root_as_footer, root_as_message};
use arrow_schema::{ArrowError, SchemaRef};

use super::caught::{caught, damaged, too_large};
use super::place::Place;
use crate::message::Failure;

/// The largest batch, packed or unpacked. Writers make batches of about 1 MiB; some put a whole file into one.
pub(crate) const MAX_BATCH: u64 = 1024 * 1024 * 1024;
/// The longest header of a message, and the longest footer.
pub(crate) const MAX_HEADER: u64 = 64 * 1024 * 1024;

const MARK: [u8; 4] = [0xFF; 4];
const MAGIC: &[u8] = b"ARROW1";

/// A file or stream being read.
pub(crate) struct Batches {
    name: String,
    decoder: FileDecoder,
    schema: SchemaRef,
    frames: Frames,
    /// What dictionaries take that are kept for the batches to come.
    kept: u64,
}

enum Frames {
    /// The places of the batches of a file: offset, header and body.
    File(Place, std::vec::IntoIter<Block>),
    /// The bytes of a stream.
    Stream(Box<dyn Read + Send>),
}

/// One message: a header and a body, behind each other.
struct Frame {
    bytes: Buffer,
    block: Block,
}

impl Batches {
    /// Reads the footer and the dictionaries of a file.
    ///
    /// # Errors
    /// `format` for a file that is cut or damaged, `limit` for one that asks for too much.
    pub(crate) fn file(place: &Place, name: String) -> Result<Self, Failure> {
        let bytes = footer(place, &name)?;
        let (schema, version, dictionaries, batches) = caught(&name, || {
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
        let frames = Frames::File(place.clone(), batches.into_iter());
        let mut all = Self { name, decoder, schema, frames, kept: 0 };
        for block in dictionaries {
            let frame = from_file(place, &all.name, block)?;
            all.dictionary(&frame)?;
        }
        Ok(all)
    }

    /// Reads the head of a stream.
    ///
    /// # Errors
    /// As [`Batches::file`].
    pub(crate) fn stream(mut reader: Box<dyn Read + Send>, name: String) -> Result<Self, Failure> {
        let none = || damaged(&name, "it ends before it says what its columns are");
        let frame = from_stream(&mut reader, &name)?.ok_or_else(none)?;
        let schema = caught(&name, || {
            let message = message(&frame)?;
            let schema =
                message.header_as_schema().ok_or_else(|| ArrowError::IpcError("no schema".to_owned()))?;
            Ok::<_, ArrowError>((arrow_ipc::convert::try_fb_to_schema(schema)?, message.version()))
        });
        let (schema, version): (_, MetadataVersion) = schema?;
        let schema = Arc::new(schema);
        let decoder = FileDecoder::new(Arc::clone(&schema), version);
        Ok(Self { name, decoder, schema, frames: Frames::Stream(reader), kept: 0 })
    }

    /// All columns with their types.
    pub(crate) const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Reads only these columns, places among the fields of the schema.
    #[must_use]
    pub(crate) fn only(mut self, columns: &[usize]) -> Self {
        self.decoder = self.decoder.with_projection(columns.to_vec());
        self
    }

    /// The next batch.
    ///
    /// # Errors
    /// `format`, `limit`, `io`.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, Failure> {
        loop {
            let frame = match &mut self.frames {
                Frames::File(place, blocks) => {
                    blocks.next().map(|block| from_file(place, &self.name, block)).transpose()?
                }
                Frames::Stream(reader) => from_stream(reader, &self.name)?,
            };
            let Some(frame) = frame else { return Ok(None) };
            let kind = caught(&self.name, || message(&frame).map(|message| message.header_type()))?;
            if kind == MessageHeader::DictionaryBatch {
                self.dictionary(&frame)?;
                continue;
            }
            check(&frame, &self.name)?;
            let batch = caught(&self.name, || self.decoder.read_record_batch(&frame.block, &frame.bytes))?;
            if let Some(batch) = batch {
                return Ok(Some(batch));
            }
        }
    }

    fn dictionary(&mut self, frame: &Frame) -> Result<(), Failure> {
        self.kept = self.kept.saturating_add(check(frame, &self.name)?);
        if self.kept > MAX_BATCH {
            return Err(too_large(&self.name, "the dictionaries", self.kept, MAX_BATCH));
        }
        caught(&self.name, || self.decoder.read_dictionary(&frame.block, &frame.bytes))
    }
}

/// The bytes of the footer.
fn footer(place: &Place, name: &str) -> Result<Vec<u8>, Failure> {
    const END: u64 = 10;
    let cut = || damaged(name, "an Arrow file ends in `ARROW1`, this one does not");
    let start = place.length().checked_sub(END).ok_or_else(cut)?;
    let end = place.at(start, END).map_err(|error| Failure::io(&error, "read", name))?;
    let (length, magic) = end.split_first_chunk::<4>().ok_or_else(cut)?;
    if magic != MAGIC {
        return Err(cut());
    }
    let length = u64::from(u32::from_le_bytes(*length));
    if length > MAX_HEADER {
        return Err(too_large(name, "the footer", length, MAX_HEADER));
    }
    let start =
        start.checked_sub(length).ok_or_else(|| damaged(name, "its footer is longer than the file"))?;
    place.at(start, length).map_err(|error| Failure::io(&error, "read", name))
}

/// The message at a place of a file.
fn from_file(place: &Place, name: &str, block: Block) -> Result<Frame, Failure> {
    let wrong = || damaged(name, "a batch lies outside of the file");
    let head = u64::try_from(block.metaDataLength()).map_err(|_| wrong())?;
    let body = u64::try_from(block.bodyLength()).map_err(|_| wrong())?;
    let start = u64::try_from(block.offset()).map_err(|_| wrong())?;
    if body > MAX_BATCH || head > MAX_HEADER {
        return Err(too_large(name, "a batch", body.max(head), MAX_BATCH));
    }
    let bytes = place.at(start, head + body).map_err(|_| wrong())?;
    if bytes.len() < 8 || head < 8 {
        return Err(damaged(name, "a batch is too short"));
    }
    Ok(Frame { bytes: Buffer::from_vec(bytes), block })
}

/// The next message of a stream; none at its mark for the end. Streams from before 2020 had no marks and are refused.
fn from_stream(reader: &mut dyn Read, name: &str) -> Result<Option<Frame>, Failure> {
    let mut bytes = MARK.to_vec();
    if read(reader, 4, name)? != MARK {
        return Err(damaged(name, "what follows is no batch of an Arrow stream"));
    }
    let word = read(reader, 4, name)?;
    let length = <[u8; 4]>::try_from(word.as_slice()).map(u32::from_le_bytes).unwrap_or_default();
    if length == 0 {
        return Ok(None);
    }
    if u64::from(length) > MAX_HEADER {
        return Err(too_large(name, "the header of a batch", length.into(), MAX_HEADER));
    }
    bytes.extend_from_slice(&word);
    bytes.extend(read(reader, length.into(), name)?);
    let head = bytes.len();
    let block = |body: i64| Block::new(0, i32::try_from(head).unwrap_or(i32::MAX), body);
    let frame = Frame { bytes: Buffer::from_vec(bytes), block: block(0) };
    let body = caught(name, || message(&frame).map(|message| message.bodyLength()))?;
    let size = u64::try_from(body).map_err(|_| damaged(name, "a batch has a negative length"))?;
    if size > MAX_BATCH {
        return Err(too_large(name, "a batch", size, MAX_BATCH));
    }
    let mut bytes = frame.bytes.to_vec();
    bytes.extend(read(reader, size, name)?);
    Ok(Some(Frame { bytes: Buffer::from_vec(bytes), block: block(body) }))
}

/// The next bytes of a stream. Memory grows with what there is, not with what was promised.
fn read(reader: &mut dyn Read, count: u64, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let found = reader.take(count).read_to_end(&mut bytes);
    match found {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(Failure::io(&error, "read", name)),
        _ if bytes.len() as u64 == count => Ok(bytes),
        _ => Err(damaged(name, "the stream is cut: it ends without its end mark")),
    }
}

/// The header of a message.
fn message(frame: &Frame) -> Result<arrow_ipc::Message<'_>, ArrowError> {
    let bytes: &[u8] = &frame.bytes;
    let start = if bytes.starts_with(&MARK) { 8 } else { 4 };
    root_as_message(bytes.get(start..).unwrap_or_default())
        .map_err(|error| ArrowError::IpcError(error.to_string()))
}

/// Looks at what a batch declares before it is decoded, and gives how many bytes it will take.
fn check(frame: &Frame, name: &str) -> Result<u64, Failure> {
    let (size, rows) = caught(name, || {
        let message = message(frame)?;
        let batch = match message.header_type() {
            MessageHeader::DictionaryBatch => {
                message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data())
            }
            _ => message.header_as_record_batch(),
        };
        let batch = batch.ok_or_else(|| ArrowError::IpcError("a message is no batch".to_owned()))?;
        let start = usize::try_from(frame.block.metaDataLength()).unwrap_or(usize::MAX);
        let body = frame.bytes.get(start..).unwrap_or_default();
        let wrong = || ArrowError::IpcError("a column lies outside of its batch".to_owned());
        let mut size = 0_u64;
        for place in batch.buffers().iter().flatten() {
            let from = usize::try_from(place.offset()).map_err(|_| wrong())?;
            let length = usize::try_from(place.length()).map_err(|_| wrong())?;
            let end = from.checked_add(length).ok_or_else(wrong)?;
            let bytes = body.get(from..end).ok_or_else(wrong)?;
            let packed = batch.compression().is_some();
            let unpacked = bytes.split_first_chunk::<8>().filter(|_| packed);
            let unpacked = unpacked.map(|(size, _)| i64::from_le_bytes(*size)).filter(|size| *size >= 0);
            size = size.saturating_add(unpacked.map_or(length as u64, i64::cast_unsigned));
        }
        Ok::<_, ArrowError>((size, batch.length()))
    })?;
    if size > MAX_BATCH {
        return Err(too_large(name, "a batch", size, MAX_BATCH));
    }
    // Names of accounts take a byte per row at least.
    if u64::try_from(rows).map_or(true, |rows| rows > size.saturating_mul(8)) {
        return Err(damaged(name, "a batch declares more rows than it holds"));
    }
    Ok(size)
}
