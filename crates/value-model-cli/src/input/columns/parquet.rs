//! Parquet files: some columns of some rows, read from any thread.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, RowGroups, RowSelection, RowSelector,
};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};
use parquet::column::page::{PageIterator, PageReader};
use parquet::errors::{ParquetError, Result as Read};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::serialized_reader::SerializedPageReader;

use super::caught::{caught, damaged, too_large};
use super::pages::{self, Checked, Chunk};
use super::place::Place;
use super::thrift::{STRUCT, Walk};
use crate::message::Failure;

/// The longest footer, which holds 100 bytes or so per column of each row group.
pub(crate) const MAX_FOOTER: u64 = 64 * 1024 * 1024;
/// What the pages that must be unpacked at the same time may take, for all columns that are read.
pub(crate) const MAX_PAGES: u64 = 512 * 1024 * 1024;

/// An opened file: its footer has been read and nothing else.
pub(crate) struct File {
    name: String,
    place: Arc<Place>,
    metadata: ArrowReaderMetadata,
    /// Per row group: whether its pages have been looked at.
    checked: Vec<AtomicBool>,
}

/// Rows that are read in one go.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    groups: Range<usize>,
    skip: usize,
    take: usize,
    /// The number of the first row, from 0.
    pub first: u64,
}

impl File {
    /// Reads the footer.
    ///
    /// # Errors
    /// `format` for a file that is cut or damaged, `limit` for a footer above [`MAX_FOOTER`].
    pub(crate) fn open(place: Place, name: String) -> Result<Self, Failure> {
        footer(&place, &name)?;
        let options = ArrowReaderOptions::new();
        let metadata = caught(&name, || ArrowReaderMetadata::load(&place, options))?;
        let groups = metadata.metadata().row_groups();
        let mut rows = 0_u64;
        for group in groups {
            rows = u64::try_from(group.num_rows())
                .ok()
                .and_then(|count| rows.checked_add(count))
                .filter(|rows| usize::try_from(*rows).is_ok())
                .ok_or_else(|| damaged(&name, "the number of its rows makes no sense"))?;
        }
        let checked = groups.iter().map(|_| AtomicBool::new(false)).collect();
        Ok(Self { name, place: Arc::new(place), metadata, checked })
    }

    /// All columns with their types.
    pub(crate) fn schema(&self) -> &SchemaRef {
        self.metadata.schema()
    }

    /// The file in pieces of about this many rows, in order: parts of large row groups, several small ones together.
    pub(crate) fn pieces(&self, rows: usize) -> impl Iterator<Item = Piece> + '_ {
        let groups = self.metadata.metadata().row_groups();
        let size = |group: usize| groups.get(group).map_or(0, |group| usize_of(group.num_rows()));
        let (mut group, mut skip, mut first) = (0, 0, 0_u64);
        std::iter::from_fn(move || {
            while group < groups.len() && size(group) == skip {
                (group, skip) = (group + 1, 0);
            }
            if group >= groups.len() {
                return None;
            }
            let start = group;
            let mut take = (size(group) - skip).min(rows);
            let piece_skip = skip;
            if skip + take < size(group) {
                skip += take;
            } else {
                (group, skip) = (group + 1, 0);
                while group < groups.len() && take.saturating_add(size(group)) <= rows {
                    take += size(group);
                    group += 1;
                }
            }
            let end = if skip > 0 { group + 1 } else { group };
            let piece = Piece { groups: start..end, skip: piece_skip, take, first };
            first += take as u64;
            Some(piece)
        })
    }

    /// Reads these columns (places among the fields of the schema, rising) of a piece, in batches.
    ///
    /// # Errors
    /// `format`, `limit`, `io`, and what `visit` gives.
    pub(crate) fn read(
        &self,
        piece: &Piece,
        columns: &[usize],
        batch: usize,
        visit: &mut dyn FnMut(u64, RecordBatch) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        let schema = self.metadata.parquet_schema();
        let mask = ProjectionMask::roots(schema, columns.iter().copied());
        for group in piece.groups.clone() {
            self.check(group, &mask)?;
        }
        let mut reader = caught(&self.name, || {
            let levels = parquet_to_arrow_field_levels(schema, mask, Some(self.schema().fields()))?;
            let groups = Groups { file: self, range: piece.groups.clone(), rows: piece.skip + piece.take };
            let selection =
                RowSelection::from(vec![RowSelector::skip(piece.skip), RowSelector::select(piece.take)]);
            let batch = batch.min(piece.take);
            ParquetRecordBatchReader::try_new_with_row_groups(&levels, &groups, batch, Some(selection))
        })?;
        let (mut first, mut left) = (piece.first, piece.take);
        while let Some(batch) = caught(&self.name, || reader.next().transpose())? {
            let rows = batch.num_rows();
            left = left
                .checked_sub(rows)
                .ok_or_else(|| damaged(&self.name, "it holds more rows than it says"))?;
            if rows > 0 && !visit(first, batch)? {
                return Ok(());
            }
            first += rows as u64;
        }
        if left > 0 { Err(damaged(&self.name, "it holds fewer rows than it says")) } else { Ok(()) }
    }

    /// Looks at the pages of the columns that are read, once per row group.
    fn check(&self, group: usize, mask: &ProjectionMask) -> Result<(), Failure> {
        if self.checked.get(group).is_none_or(|checked| checked.load(Ordering::Relaxed)) {
            return Ok(());
        }
        let Some(found) = self.metadata.metadata().row_groups().get(group) else { return Ok(()) };
        let mut needed = 0_u64;
        for (leaf, column) in found.columns().iter().enumerate().filter(|(leaf, _)| mask.leaf_included(*leaf))
        {
            let nested = self.metadata.parquet_schema().column(leaf).max_rep_level() > 0;
            if !nested && column.num_values() != found.num_rows() {
                return Err(damaged(&self.name, "a column has another number of rows than its row group"));
            }
            let start = column.dictionary_page_offset().filter(|start| *start > 0);
            let start = start.map_or(column.data_page_offset(), |start| start.min(column.data_page_offset()));
            let chunk = (|| {
                let start = u64::try_from(start).ok()?;
                let end = start.checked_add(u64::try_from(column.compressed_size()).ok()?)?;
                Some(Chunk { start, end, values: u64::try_from(column.num_values()).ok()? })
            })();
            let chunk = chunk.filter(|chunk| chunk.end <= self.place.length());
            let chunk = chunk.ok_or_else(|| damaged(&self.name, "a column lies outside of the file"))?;
            needed += pages::check(&self.place, &self.name, chunk)?;
        }
        if needed > MAX_PAGES {
            return Err(too_large(&self.name, "the pages of a row group", needed, MAX_PAGES));
        }
        if let Some(checked) = self.checked.get(group) {
            checked.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Looks at the footer before it is read: its length, and that no list in it claims more than there is.
fn footer(place: &Place, name: &str) -> Result<(), Failure> {
    const END: u64 = 8;
    let cut = || damaged(name, "a Parquet file ends in `PAR1`, this one does not");
    let start = place.length().checked_sub(END).ok_or_else(cut)?;
    let end = place.at(start, END).map_err(|error| Failure::io(&error, "read", name))?;
    let (length, magic) = end.split_first_chunk::<4>().ok_or_else(cut)?;
    if magic == b"PARE" {
        return Err(Failure::new("format", "the file is encrypted").at(name));
    }
    if magic != b"PAR1" {
        return Err(cut());
    }
    let length = u64::from(u32::from_le_bytes(*length));
    if length > MAX_FOOTER {
        return Err(too_large(name, "the footer", length, MAX_FOOTER));
    }
    let start =
        start.checked_sub(length).ok_or_else(|| damaged(name, "its footer is longer than the file"))?;
    let bytes = place.at(start, length).map_err(|error| Failure::io(&error, "read", name))?;
    Walk::new(&bytes).skip(STRUCT).ok_or_else(|| damaged(name, "its footer makes no sense"))
}

fn usize_of(rows: i64) -> usize {
    usize::try_from(rows).unwrap_or(0)
}

/// Some row groups of a file, as the reader of batches asks for them.
struct Groups<'a> {
    file: &'a File,
    range: Range<usize>,
    rows: usize,
}

impl RowGroups for Groups<'_> {
    fn num_rows(&self) -> usize {
        self.rows
    }

    fn column_chunks(&self, leaf: usize) -> Read<Box<dyn PageIterator>> {
        let column = self.file.metadata.parquet_schema().column(leaf);
        let levels = (column.max_def_level() > 0, column.max_rep_level() > 0);
        let mut readers = Vec::new();
        for group in self.row_groups() {
            let rows = usize_of(group.num_rows());
            let place = Arc::clone(&self.file.place);
            let inner = SerializedPageReader::new(place, group.column(leaf), rows, None)?;
            readers.push(Box::new(Checked { inner, levels }) as Box<dyn PageReader>);
        }
        Ok(Box::new(Readers(readers.into_iter())))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        let groups = self.file.metadata.metadata().row_groups().get(self.range.clone());
        Box::new(groups.unwrap_or_default().iter())
    }

    fn metadata(&self) -> &ParquetMetaData {
        self.file.metadata.metadata()
    }
}

/// The pages of one column, row group by row group.
struct Readers(std::vec::IntoIter<Box<dyn PageReader>>);

impl Iterator for Readers {
    type Item = Result<Box<dyn PageReader>, ParquetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(Ok)
    }
}

impl PageIterator for Readers {}
