//! The rows of a columnar file as lines of CSV, for everything that looks at one account at a time.
//!
//! Every reader of tables then reads these files too, with the same rules for measures, attributes and long layouts.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};

use super::Table;
use crate::input::plain;
use crate::message::Failure;

/// Rows per batch, and batches made ahead.
const ROWS: usize = 4096;
const AHEAD: usize = 2;
/// Between cells of the text.
pub(crate) const DELIMITER: u8 = b',';

/// The lines of a table, made by a thread of their own.
pub(crate) struct Lines {
    from: Receiver<Result<Vec<u8>, Failure>>,
    text: Vec<u8>,
    at: usize,
}

impl Lines {
    /// The header with all columns, and the lines with the texts of the columns that `wanted` names; other cells are
    /// empty, because they are not read.
    ///
    /// # Errors
    /// `invalid_input` for a wanted column of a type that no cell can hold.
    pub(crate) fn new(table: Table, name: &str, wanted: impl Fn(&str) -> bool) -> Result<Self, Failure> {
        let schema = table.schema().clone();
        let columns: Vec<usize> = (schema.fields().iter().enumerate())
            .filter_map(|(place, field)| wanted(field.name()).then_some(place))
            .collect();
        check(&schema, &columns, name)?;
        let text = head(&schema);
        let (to, from) = sync_channel(AHEAD);
        let width = schema.fields().len();
        thread::spawn(move || {
            let done = table.each(&columns, ROWS, &mut |_, batch| {
                // When nobody reads on, the account was found or the run has failed.
                Ok(to.send(Ok(lines(&batch, &columns, width))).is_ok())
            });
            if let Err(failure) = done {
                let _ = to.send(Err(failure));
            }
        });
        Ok(Self { from, text, at: 0 })
    }
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() {
            match self.from.recv() {
                Ok(Ok(text)) => (self.text, self.at) = (text, 0),
                Ok(Err(failure)) => return Err(io::Error::other(Carried(failure))),
                Err(_) => return Ok(0),
            }
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}

/// The line with the names of the columns.
pub(crate) fn head(schema: &Schema) -> Vec<u8> {
    let mut text = Vec::new();
    for (place, field) in schema.fields().iter().enumerate() {
        cell(&mut text, place, field.name());
    }
    text.push(b'\n');
    text
}

/// A failure on its way through a reader of bytes.
#[derive(Debug)]
struct Carried(Failure);

impl std::fmt::Display for Carried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Carried {}

/// The failure that came through a reader of bytes, if one did.
pub(crate) fn carried(error: &io::Error) -> Option<&Failure> {
    error.get_ref()?.downcast_ref::<Carried>().map(|carried| &carried.0)
}

fn check(schema: &SchemaRef, columns: &[usize], name: &str) -> Result<(), Failure> {
    for field in columns.iter().filter_map(|place| schema.fields().get(*place)) {
        if !plain::is_plain(field.data_type()) {
            let message = format!("column `{}` holds {}", field.name(), field.data_type());
            return Err(Failure::new("invalid_input", message)
                .at(name)
                .help("numbers, booleans, dates, times and texts are read"));
        }
    }
    Ok(())
}

fn lines(batch: &RecordBatch, columns: &[usize], width: usize) -> Vec<u8> {
    let mut text = Vec::new();
    for row in 0..batch.num_rows() {
        let mut arrays = columns.iter().zip(batch.columns()).peekable();
        for place in 0..width {
            let array = arrays.next_if(|(column, _)| **column == place);
            let shown = array.and_then(|(_, array)| plain::text(array.as_ref(), row));
            cell(&mut text, place, shown.as_deref().unwrap_or_default());
        }
        text.push(b'\n');
    }
    text
}

/// Appends a cell; one that could be misread is quoted. A line that would be empty is a quoted empty cell.
fn cell(out: &mut Vec<u8>, place: usize, text: &str) {
    if place > 0 {
        out.push(DELIMITER);
    }
    let plain = !text.is_empty() || place > 0;
    if plain && !text.bytes().any(|byte| matches!(byte, b'"' | b'\n' | b'\r' | DELIMITER)) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
