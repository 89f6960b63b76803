//! Files of accounts in pieces: each is read, and something is made of it, on one of several threads.
//!
//! A piece of a Parquet file is decoded by the thread that works on it; an Arrow file is read by one thread and cut into
//! pieces without copying, a text is cut into whole records. A few pieces are in memory at a time, however long the file.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;

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

/// What is made of a piece.
type MakeOfBatches<'a, C, D> = dyn Fn(Batches<'_>, Link<C>) -> Result<D, Failure> + Sync + 'a;
type MakeOfTexts<'a, C, D> = dyn Fn(Piece, Link<C>) -> Result<D, Failure> + Sync + 'a;

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

/// What one piece hands to the next, whichever threads work on them.
pub(super) struct Link<C> {
    /// What the piece before hands over, once it is known.
    before: Receiver<C>,
    /// Where the next piece waits for it.
    after: SyncSender<C>,
    /// Whether no piece follows.
    pub(super) last: bool,
}

impl<C> Link<C> {
    /// What the piece before hands over.
    ///
    /// # Errors
    /// `io` when that piece has failed, which has been told then.
    pub(super) fn receive(&self) -> Result<C, Failure> {
        self.before.recv().map_err(|_| Failure::new("io", "an earlier piece of the file could not be read"))
    }

    /// Hands something to the next piece.
    pub(super) fn send(&self, carried: C) {
        let _ = self.after.send(carried); // When nobody waits for it, the run has failed.
    }
}

/// Pieces, each with its links to those before and after it.
fn linked<W, C: Default>(
    work: impl Iterator<Item = Result<W, Failure>>,
) -> impl Iterator<Item = Result<(W, Link<C>), Failure>> {
    let mut work = work.peekable();
    let (first, mut before) = sync_channel(1);
    let _ = first.send(C::default()); // The other end is in our hands.
    std::iter::from_fn(move || {
        let work_here = match work.next()? {
            Ok(found) => found,
            Err(failure) => return Some(Err(failure)),
        };
        let (after, next) = sync_channel(1);
        let before = std::mem::replace(&mut before, next);
        Some(Ok((work_here, Link { before, after, last: work.peek().is_none() })))
    })
}

impl Batches<'_> {
    /// All rows of the piece together, with the number of the first one from 0.
    ///
    /// # Errors
    /// `format`, `limit`, `io`.
    pub(super) fn whole(self) -> Result<(u64, Option<RecordBatch>), Failure> {
        let (mut first, mut all) = (None, Vec::new());
        self.in_batches(usize::MAX, &mut |row, batch| {
            first.get_or_insert(row);
            all.push(batch);
            Ok(())
        })?;
        let whole = match all.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            [one, ..] => Some(
                concat_batches(&one.schema(), &all)
                    .map_err(|error| Failure::new("invalid_input", error.to_string()))?,
            ),
        };
        Ok((first.unwrap_or_default(), whole))
    }

    /// Gives the columns that are read to `visit`, batch by batch, with the number of the first row from 0.
    ///
    /// # Errors
    /// `format`, `limit`, `io`, and what `visit` gives.
    pub(super) fn each(
        self,
        visit: &mut dyn FnMut(u64, RecordBatch) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.in_batches(BATCH, visit)
    }

    fn in_batches(
        self,
        rows: usize,
        visit: &mut dyn FnMut(u64, RecordBatch) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match (self.rows, self.file) {
            (Rows::Unread(piece), Some(file)) => {
                file.read(&piece, self.reads, rows, &mut |first, batch| visit(first, batch).map(|()| true))
            }
            (Rows::Unread(_), None) => Ok(()),
            (Rows::Read(mut first, batch), _) => {
                for part in slices(&batch, rows) {
                    let count = part.num_rows() as u64;
                    visit(first, part)?;
                    first += count;
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
pub(super) fn columns<D: Send, C: Default + Send>(
    table: Table,
    (reads, also): (&[usize], usize),
    make: &MakeOfBatches<'_, C, D>,
    take: &mut Take<'_, D>,
) -> Result<(), Failure> {
    let size = piece_rows(reads.len() + also);
    match table {
        Table::Parquet(file) => {
            let make = |(rows, link)| make(Batches { file: Some(&file), reads, rows }, link);
            let work = file.pieces(size).map(|piece| Ok(Rows::Unread(piece)));
            in_order(workers(), linked(work), &make, take)
        }
        Table::Arrow(batches) => {
            let make = |(rows, link)| make(Batches { file: None, reads, rows }, link);
            in_order(workers(), linked(cut(batches.only(reads), size)), &make, take)
        }
    }
}

/// Works on a text.
///
/// # Errors
/// As [`columns`].
pub(super) fn texts<D: Send, C: Default + Send>(
    mut pieces: Pieces,
    make: &MakeOfTexts<'_, C, D>,
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
    in_order(workers(), linked(work), &|(piece, link)| make(piece, link), take)
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
