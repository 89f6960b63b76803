//! Files of accounts in pieces: each is read, and something is made of it, on one of several threads.
//!
//! A piece of a Parquet file is decoded by the thread that works on it; an Arrow file is read by one thread and cut into
//! pieces without copying, a text is cut into whole records. A few pieces are in memory at a time, however long the file.

use arrow_array::RecordBatch;

use super::in_order::{in_order, workers};
use crate::input::columns::{Table, ipc, parquet, slices};
use crate::input::pieces::Pieces;
use crate::input::records::Piece;
use crate::message::Failure;

/// What the numbers of a piece may take, and between how many rows it may have.
const PIECE_BYTES: usize = 16 * 1024 * 1024;
const LEAST: usize = 8 * 1024;
const MOST: usize = 128 * 1024;
/// Rows that are decoded and worked on in one go: few enough to stay in the cache.
const BATCH: usize = 8 * 1024;

/// What becomes of a piece, in the order of the file.
pub(super) type Take<'a, D> = dyn FnMut(D) -> Result<(), Failure> + 'a;

/// Rows of a columnar file.
enum Rows {
    /// Rows to be read.
    Unread(parquet::Piece),
    /// Rows that have been read, with the number of the first one.
    Read(u64, RecordBatch),
}

/// A piece of a columnar file.
pub(super) struct Batches<'a> {
    file: Option<&'a parquet::File>,
    reads: &'a [usize],
    rows: Rows,
}

impl Batches<'_> {
    /// Gives the columns that are read to `visit`, batch by batch, with the number of the first row from 0.
    ///
    /// # Errors
    /// `format`, `limit`, `io`, and what `visit` gives.
    pub(super) fn each(
        self,
        visit: &mut dyn FnMut(u64, RecordBatch) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match (self.rows, self.file) {
            (Rows::Unread(piece), Some(file)) => {
                file.read(&piece, self.reads, BATCH, &mut |first, batch| visit(first, batch).map(|()| true))
            }
            (Rows::Unread(_), None) => Ok(()),
            (Rows::Read(mut first, batch), _) => {
                for part in slices(&batch, BATCH) {
                    let rows = part.num_rows() as u64;
                    visit(first, part)?;
                    first += rows;
                }
                Ok(())
            }
        }
    }
}

/// Works on a columnar file, of which these columns are read; `also` so many numbers are made for each row.
///
/// # Errors
/// What makes reading on impossible, and what `make` and `take` give.
pub(super) fn columns<D: Send>(
    table: Table,
    (reads, also): (&[usize], usize),
    make: &(dyn Fn(Batches<'_>) -> Result<D, Failure> + Sync),
    take: &mut Take<'_, D>,
) -> Result<(), Failure> {
    let size = piece_rows(reads.len() + also);
    match table {
        Table::Parquet(file) => {
            let make = |rows| make(Batches { file: Some(&file), reads, rows });
            in_order(workers(), file.pieces(size).map(|piece| Ok(Rows::Unread(piece))), &make, take)
        }
        Table::Arrow(batches) => {
            let make = |rows| make(Batches { file: None, reads, rows });
            in_order(workers(), cut(batches.only(reads), size), &make, take)
        }
    }
}

/// Works on a text.
///
/// # Errors
/// As [`columns`].
pub(super) fn texts<D: Send>(
    mut pieces: Pieces,
    make: &(dyn Fn(Piece) -> Result<D, Failure> + Sync),
    take: &mut Take<'_, D>,
) -> Result<(), Failure> {
    let work = std::iter::from_fn(move || {
        let mut piece = Piece::default();
        match pieces.next(&mut piece) {
            Ok(true) => Some(Ok(piece)),
            Ok(false) => None,
            Err(failure) => Some(Err(failure)),
        }
    });
    in_order(workers(), work, make, take)
}

/// The batches of an Arrow file in pieces.
fn cut(mut batches: ipc::Batches, rows: usize) -> impl Iterator<Item = Result<Rows, Failure>> {
    let (mut first, mut waiting) = (0_u64, Vec::new().into_iter());
    std::iter::from_fn(move || {
        loop {
            if let Some(piece) = waiting.next() {
                let piece: RecordBatch = piece;
                let work = Rows::Read(first, piece.clone());
                first += piece.num_rows() as u64;
                return Some(Ok(work));
            }
            match batches.next().transpose()? {
                Ok(batch) => waiting = slices(&batch, rows).collect::<Vec<_>>().into_iter(),
                Err(failure) => return Some(Err(failure)),
            }
        }
    })
}

/// Rows of a piece that has this many columns.
const fn piece_rows(columns: usize) -> usize {
    let rows = PIECE_BYTES / (8 * columns) / BATCH * BATCH;
    if rows < LEAST {
        LEAST
    } else if rows > MOST {
        MOST
    } else {
        rows
    }
}
