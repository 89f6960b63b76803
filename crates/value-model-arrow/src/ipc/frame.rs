//! Messages of Arrow files and streams, each looked at before memory is given to it.

use std::io::{self, Read};

use arrow_buffer::Buffer;
use arrow_ipc::{Block, CompressionType, MessageHeader, root_as_message};
use arrow_schema::ArrowError;

use super::caught::{Problem, caught};
use super::{MAX_BATCH, MAX_HEADER};

const MARK: [u8; 4] = [0xFF; 4];
const MAGIC: &[u8] = b"ARROW1";

/// Bytes that are read here and there.
pub trait Place: Send {
    /// How many bytes there are.
    fn length(&self) -> u64;

    /// So many bytes from `start` on; nothing is allocated for bytes that are not there.
    ///
    /// # Errors
    /// `UnexpectedEof` when there are not so many, and what the system says.
    fn at(&self, start: u64, count: u64) -> io::Result<Buffer>;
}

impl Place for Buffer {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn at(&self, start: u64, count: u64) -> io::Result<Buffer> {
        let end = start.checked_add(count).filter(|end| *end <= self.length());
        match (end, usize::try_from(start), usize::try_from(count)) {
            (Some(_), Ok(start), Ok(count)) => Ok(self.slice_with_length(start, count)),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// Bytes that are read from the first to the last.
pub(super) trait Tape: Send {
    /// A message with the bytes that follow what is there of it.
    fn more(&mut self, message: Buffer, count: u64) -> Result<Buffer, Problem>;
}

/// Bytes of a reader.
pub(super) struct Pipe(pub(super) Box<dyn Read + Send>);

impl Tape for Pipe {
    /// Memory grows with what there is, not with what was promised.
    fn more(&mut self, message: Buffer, count: u64) -> Result<Buffer, Problem> {
        let mut bytes = message.into_vec::<u8>().unwrap_or_else(|shared| shared.to_vec());
        let whole = bytes.len() as u64 + count;
        match (&mut self.0).take(count).read_to_end(&mut bytes) {
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(Problem::Io(error)),
            _ if bytes.len() as u64 == whole => Ok(Buffer::from_vec(bytes)),
            _ => Err(cut()),
        }
    }
}

/// Bytes in memory, of which so many have been read: messages are parts of it, not copies.
pub(super) struct Memory(pub(super) Buffer, pub(super) u64);

impl Tape for Memory {
    fn more(&mut self, message: Buffer, count: u64) -> Result<Buffer, Problem> {
        let length = message.len() as u64;
        let start = self.1.saturating_sub(length);
        let more = self.0.at(start, length.saturating_add(count)).map_err(|_| cut())?;
        self.1 += count;
        Ok(more)
    }
}

fn cut() -> Problem {
    Problem::damaged("the stream is cut: it ends without its end mark")
}

/// One message: a header and a body, behind each other.
pub(super) struct Frame {
    pub(super) bytes: Buffer,
    pub(super) block: Block,
}

impl Frame {
    /// The message at a place of a file.
    pub(super) fn of_file(place: &dyn Place, block: Block) -> Result<Self, Problem> {
        let wrong = || Problem::damaged("a batch lies outside of the file");
        let head = u64::try_from(block.metaDataLength()).map_err(|_| wrong())?;
        let body = u64::try_from(block.bodyLength()).map_err(|_| wrong())?;
        let start = u64::try_from(block.offset()).map_err(|_| wrong())?;
        if body > MAX_BATCH || head > MAX_HEADER {
            return Err(Problem::TooLarge { what: "a batch", found: body.max(head), limit: MAX_BATCH });
        }
        let bytes = place.at(start, head + body).map_err(|_| wrong())?;
        if bytes.len() < 8 || head < 8 {
            return Err(Problem::damaged("a batch is too short"));
        }
        Ok(Self { bytes, block })
    }

    /// The next message of a stream; none at its mark for the end. Streams from before 2020 had no marks and are refused.
    pub(super) fn of_stream(tape: &mut dyn Tape) -> Result<Option<Self>, Problem> {
        let bytes = tape.more(Buffer::from_vec(Vec::<u8>::new()), 4)?;
        if *bytes != MARK {
            return Err(Problem::damaged("what follows is no batch of an Arrow stream"));
        }
        let bytes = tape.more(bytes, 4)?;
        let length = bytes.last_chunk::<4>().copied().map(u32::from_le_bytes).unwrap_or_default();
        if length == 0 {
            return Ok(None);
        }
        if u64::from(length) > MAX_HEADER {
            let found = length.into();
            return Err(Problem::TooLarge { what: "the header of a batch", found, limit: MAX_HEADER });
        }
        let bytes = tape.more(bytes, length.into())?;
        let head = bytes.len();
        let block = |body: i64| Block::new(0, i32::try_from(head).unwrap_or(i32::MAX), body);
        let frame = Self { bytes, block: block(0) };
        let body = caught(|| frame.message().map(|message| message.bodyLength()))?;
        let size = u64::try_from(body).map_err(|_| Problem::damaged("a batch has a negative length"))?;
        if size > MAX_BATCH {
            return Err(Problem::TooLarge { what: "a batch", found: size, limit: MAX_BATCH });
        }
        let bytes = if size == 0 { frame.bytes } else { tape.more(frame.bytes, size)? };
        Ok(Some(Self { bytes, block: block(body) }))
    }

    /// The header of the message.
    pub(super) fn message(&self) -> Result<arrow_ipc::Message<'_>, ArrowError> {
        let bytes: &[u8] = &self.bytes;
        let start = if bytes.starts_with(&MARK) { 8 } else { 4 };
        root_as_message(bytes.get(start..).unwrap_or_default())
            .map_err(|error| ArrowError::IpcError(error.to_string()))
    }

    /// What the message holds.
    pub(super) fn kind(&self) -> Result<MessageHeader, Problem> {
        caught(|| self.message().map(|message| message.header_type()))
    }

    /// Looks at what a batch declares before it is decoded, and gives how many bytes it will take, and its rows.
    pub(super) fn check(&self) -> Result<(u64, u64), Problem> {
        let (size, rows, codec) = caught(|| {
            let message = self.message()?;
            let batch = match message.header_type() {
                MessageHeader::DictionaryBatch => {
                    message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data())
                }
                _ => message.header_as_record_batch(),
            };
            let batch = batch.ok_or_else(|| ArrowError::IpcError("a message is no batch".to_owned()))?;
            let start = usize::try_from(self.block.metaDataLength()).unwrap_or(usize::MAX);
            let body = self.bytes.get(start..).unwrap_or_default();
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
            let codec = batch.compression().map(|compression| compression.codec());
            Ok::<_, ArrowError>((size, batch.length(), codec))
        })?;
        if codec == Some(CompressionType::ZSTD) && !cfg!(feature = "zstd") {
            return Err(Problem::Unsupported("is packed with zstd; pack it with LZ4, or not at all"));
        }
        if size > MAX_BATCH {
            return Err(Problem::TooLarge { what: "a batch", found: size, limit: MAX_BATCH });
        }
        // A column takes a bit per row at least.
        let rows = u64::try_from(rows).ok().filter(|rows| *rows <= size.saturating_mul(8));
        let rows = rows.ok_or_else(|| Problem::damaged("a batch declares more rows than it holds"))?;
        Ok((size, rows))
    }
}

/// The bytes of the footer of a file.
pub(super) fn footer(place: &dyn Place) -> Result<Buffer, Problem> {
    const END: u64 = 10;
    let cut = || Problem::damaged("an Arrow file ends in `ARROW1`, this one does not");
    let start = place.length().checked_sub(END).ok_or_else(cut)?;
    let end = place.at(start, END).map_err(Problem::Io)?;
    let (length, magic) = end.split_first_chunk::<4>().ok_or_else(cut)?;
    if magic != MAGIC {
        return Err(cut());
    }
    let length = u64::from(u32::from_le_bytes(*length));
    if length > MAX_HEADER {
        return Err(Problem::TooLarge { what: "the footer", found: length, limit: MAX_HEADER });
    }
    let start =
        start.checked_sub(length).ok_or_else(|| Problem::damaged("its footer is longer than the file"))?;
    place.at(start, length).map_err(Problem::Io)
}
