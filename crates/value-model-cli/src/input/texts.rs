//! Texts gathered one after the other, without an allocation for each.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer};
use arrow_schema::ArrowError;

/// Texts one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    bytes: Vec<u8>,
    ends: Vec<i32>,
}

impl Texts {
    /// No texts yet.
    pub(crate) fn new() -> Self {
        Self { bytes: Vec::new(), ends: vec![0] }
    }

    /// Appends a text.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(i32::try_from(self.bytes.len()).unwrap_or(i32::MAX));
    }

    /// A text by its row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> &[u8] {
        let place = |row: usize| self.ends.get(row).and_then(|end| usize::try_from(*end).ok());
        let range = |row| Some(Range { start: place(row)?, end: place(row + 1)? });
        range(row).and_then(|range| self.bytes.get(range)).unwrap_or_default()
    }

    /// The texts as an array; none are left. An empty one is null, if that is wanted.
    pub(crate) fn take(&mut self, nulls: bool) -> Result<ArrayRef, ArrowError> {
        let Self { mut bytes, mut ends } = std::mem::replace(self, Self::new());
        bytes.shrink_to_fit();
        ends.shrink_to_fit();
        let rows = ends.len() - 1;
        let present = |row: usize| ends.get(row) != ends.get(row + 1);
        let nulls = nulls.then(|| NullBuffer::new(BooleanBuffer::collect_bool(rows, present)));
        let texts = StringArray::try_new(OffsetBuffer::new(ends.into()), Buffer::from_vec(bytes), nulls)?;
        Ok(Arc::new(texts))
    }

    /// No texts are left.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.truncate(1);
    }
}
