//! Tables as text: records of a CSV or TSV file with their line, safe against what files really hold.
//!
//! Two things the CSV format leaves open are decided here. A quote that is never closed would swallow the rest of the
//! file: a record may have 1 MiB at most, and one that is still open at the end of the file is an error. And a file
//! without any record, or with a column name given twice, is refused before the first row.

use std::io::{self, Read};

use csv::ByteRecord;

use super::detect;
use super::source::Source;
use crate::message::{Failure, names};

/// The longest record, in bytes.
const RECORD_BYTES: u64 = 1024 * 1024;

/// Put after the end of the file: it ends an open line, and an open quote swallows it, which shows.
const SENTINEL: &[u8] = b"\nx\n";
/// The record that the sentinel is when no quote was open.
const LAST: &[u8] = b"x";

/// The line on which a record that was read by [`Table::read`] starts.
///
/// The position is that of its end; lines inside of it are counted only now, when somebody asks.
pub(crate) fn line_of(record: &ByteRecord) -> u64 {
    let inside: usize = record.iter().map(|cell| cell.split(|byte| *byte == b'\n').count() - 1).sum();
    let end = record.position().map_or(0, csv::Position::line);
    end.saturating_sub(inside as u64 + 1).max(1)
}

/// A table being read.
pub(crate) struct Table {
    /// How messages name it.
    pub name: String,
    /// Column names in order.
    pub header: Vec<String>,
    reader: csv::Reader<Guarded>,
}

/// The bytes of the table, watched for the end of the file and for records without end.
///
/// Line ends of Windows become `\n` here, also inside of cells: with one byte per line end a record's line can be told
/// from the reader's.
struct Guarded {
    inner: Box<dyn Read + Send>,
    /// Bytes handed out.
    given: u64,
    /// Where the current record starts.
    record: u64,
    /// A `\r` was read last and is held back until the next byte is known.
    held: bool,
    /// Where the file ended, once known.
    end: Option<u64>,
    /// How much of the sentinel has been handed out.
    after: usize,
}

impl Guarded {
    /// Reads text with the line ends made one byte; 0 at the end.
    fn text(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let held = usize::from(std::mem::take(&mut self.held));
            if let (1, Some(first)) = (held, buffer.first_mut()) {
                *first = b'\r';
            }
            let read = self.inner.read(buffer.get_mut(held..).unwrap_or_default())?;
            let count = held + read;
            if read == 0 {
                return Ok(count);
            }
            let kept = match buffer.get_mut(..count) {
                Some(bytes) if bytes.contains(&b'\r') => self.without_returns(bytes),
                _ => count,
            };
            if kept > 0 {
                return Ok(kept);
            }
        }
    }

    /// Drops each `\r` before a `\n`, holds back one at the end, and gives how many bytes are left.
    fn without_returns(&mut self, bytes: &mut [u8]) -> usize {
        if bytes.last() == Some(&b'\r') {
            self.held = true;
        }
        let count = bytes.len() - usize::from(self.held);
        let mut kept = 0;
        for place in 0..count {
            let drop = bytes.get(place) == Some(&b'\r') && bytes.get(place + 1) == Some(&b'\n');
            if !drop {
                bytes.copy_within(place..=place, kept);
                kept += 1;
            }
        }
        kept
    }
}

impl Read for Guarded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given > self.record + RECORD_BYTES + buffer.len() as u64 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "record too long"));
        }
        if self.end.is_none() {
            let count = self.text(buffer)?;
            self.given += count as u64;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            self.end = Some(self.given);
        }
        let rest = SENTINEL.get(self.after..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.after += count;
        Ok(count)
    }
}

impl Table {
    /// Starts reading: the header is read and checked.
    ///
    /// # Errors
    /// `empty`, `duplicate` for a column name given twice, `encoding`, `unterminated_quote`.
    pub(crate) fn open(source: Source, delimiter: Option<u8>) -> Result<Self, Failure> {
        let delimiter = delimiter.unwrap_or_else(|| detect::delimiter(&source.beginning, &source.name));
        let guarded = Guarded { inner: source.reader, given: 0, record: 0, held: false, end: None, after: 0 };
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(128 * 1024)
            .from_reader(guarded);
        let mut table = Self { name: source.name, header: Vec::new(), reader };
        let mut first = ByteRecord::new();
        if !table.read(&mut first)? {
            return Err(Failure::new("empty", "the file is empty").at(&table.name));
        }
        for cell in &first {
            let text = detect::utf8(cell)
                .map_err(|message| Failure::new("encoding", message).at(table.place(line_of(&first))))?;
            table.header.push(text.trim().to_owned());
        }
        let mut sorted: Vec<&String> = table.header.iter().filter(|name| !name.is_empty()).collect();
        sorted.sort();
        let twice: Vec<&String> = sorted
            .windows(2)
            .filter_map(|pair| match pair {
                [a, b] if a == b => Some(*a),
                _ => None,
            })
            .collect();
        if !twice.is_empty() {
            let message = format!("the header holds {} twice", names(&twice));
            return Err(Failure::new("duplicate", message).at(table.place(line_of(&first))));
        }
        Ok(table)
    }

    /// Reads the next record; false at the end.
    ///
    /// # Errors
    /// `unterminated_quote`, `record_too_long` and what the system says. Nothing after that can be read.
    pub(crate) fn read(&mut self, record: &mut ByteRecord) -> Result<bool, Failure> {
        let start = self.reader.position().byte();
        let line = self.reader.position().line();
        self.reader.get_mut().record = start;
        match self.reader.read_byte_record(record) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(error) => return Err(self.explain(error, line)),
        }
        // The reader says where it started to look, before blank lines; where the record ended is exact.
        let after = self.reader.position();
        record.set_position(Some(after.clone()));
        // The sentinel's first line break may belong to the last record; its `x` never does.
        match self.reader.get_ref().end {
            Some(end) if after.byte() > end + 1 => {}
            _ => return Ok(true),
        }
        if record.len() == 1 && record.get(0) == Some(LAST) {
            return Ok(false);
        }
        // No line break ended this record: all of them were swallowed.
        let at = self.place(line_of(record) + 1);
        Err(Failure::new("unterminated_quote", "a quote is opened here and never closed").at(at))
    }

    fn explain(&self, error: csv::Error, line: u64) -> Failure {
        match error.into_kind() {
            csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                let message = format!("the record is longer than {RECORD_BYTES} bytes");
                Failure::new("limit", message)
                    .at(format!("{}:{line}", self.name))
                    .help("a quote is probably opened on this line and never closed")
            }
            csv::ErrorKind::Io(error) => Failure::io(&error, "read", &self.name),
            other => Failure::new("invalid_input", format!("{other:?}")).at(format!("{}:{line}", self.name)),
        }
    }

    fn place(&self, line: u64) -> String {
        format!("{}:{line}", self.name)
    }

    /// The place of a column by its name.
    pub(crate) fn find(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name == column)
    }

    /// The place of a column that must be there.
    ///
    /// # Errors
    /// `unknown_id` with the nearest name; `flag` says how to name another column.
    pub(crate) fn require(&self, column: &str, flag: &str) -> Result<usize, Failure> {
        self.find(column).ok_or_else(|| {
            let near = value_model::suggest::nearest(column, self.header.iter().map(String::as_str));
            let help = match near.0 {
                Some(name) => format!("did you mean `{name}`? say so with `{flag} {name}`"),
                None => format!("name it with `{flag} COLUMN`; the columns are {}", names(&self.header)),
            };
            Failure::new("unknown_id", format!("there is no column `{column}`"))
                .at(format!("{}:1", self.name))
                .help(help)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;
    use std::sync::atomic::AtomicU64;

    use csv::ByteRecord;

    use super::{Source, Table, line_of};

    fn source(bytes: &[u8]) -> Source {
        Source {
            name: "t.csv".into(),
            beginning: bytes.to_vec(),
            reader: Box::new(Cursor::new(bytes.to_vec())),
            length: None,
            read: Arc::new(AtomicU64::new(0)),
        }
    }

    fn rows(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, String> {
        let mut table = Table::open(source(bytes), None).map_err(|f| f.to_string())?;
        let (mut out, mut record) = (Vec::new(), ByteRecord::new());
        while table.read(&mut record).map_err(|f| f.to_string())? {
            let cells = record.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect();
            out.push((line_of(&record), cells));
        }
        Ok(out)
    }

    #[test]
    fn rows_are_read_with_their_line_whether_or_not_the_last_one_ends() {
        for text in [
            "a,b\n1,2\n\n\"x\ny\",4\n5,6\n",
            "a,b\n1,2\n\n\"x\ny\",4\n5,6",
            "a,b\r\n1,2\r\n\r\n\"x\ny\",4\r\n5,6\r\n",
        ] {
            let rows = rows(text.as_bytes()).unwrap();
            assert_eq!(rows.len(), 3, "{text:?}: {rows:?}");
            assert_eq!(rows[0], (2, vec!["1".into(), "2".into()]));
            assert_eq!(rows[1], (4, vec!["x\ny".into(), "4".into()]));
            assert_eq!(rows[2].1, ["5", "6"]);
        }
    }

    #[test]
    fn a_quote_at_the_very_end_is_closed() {
        assert_eq!(rows(b"a\n\"1\"").unwrap().len(), 1);
        assert_eq!(rows(b"a,b\n1,\"\"").unwrap().len(), 1);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_an_error_with_its_line() {
        for text in ["a,b\n1,2\n3,\"4\n5,6\n", "a,b\n1,2\n3,\"4", "a,b\n1,2\n3,\"", "a,b\n1,2\n3,\"4\"\""] {
            let error = rows(text.as_bytes()).unwrap_err();
            assert!(error.contains("t.csv:3") && error.contains("unterminated_quote"), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_record_without_end_is_refused_before_it_fills_the_memory() {
        let text = format!("a,b\n1,\"{}", "x\n".repeat(2_000_000));
        let error = rows(text.as_bytes()).unwrap_err();
        assert!(error.contains("t.csv:2") && error.contains("limit"), "{error}");
    }

    #[test]
    fn a_column_given_twice_is_refused() {
        assert!(rows(b"a,b,a\n1,2,3\n").unwrap_err().contains("duplicate"));
    }

    #[test]
    fn a_file_of_line_breaks_has_no_header() {
        assert!(rows(b"\n\n").unwrap_err().contains("empty"));
    }
}
