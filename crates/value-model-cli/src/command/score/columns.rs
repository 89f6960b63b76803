//! The columnar path: batches of accounts, scored by several threads and put out in the order of the file.
//!
//! A piece of a Parquet file is decoded, scored and encoded by one thread; an Arrow file is read by one thread and cut
//! into pieces without copying. Each worker holds a few pieces at most, so memory does not grow with the file.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use arrow_array::{Array, RecordBatch};

use super::Tally;
use super::batch::Matched;
use super::full::Run;
use crate::input::columns::{Table, ipc, parquet, slices};
use crate::input::{Columnar, Input, no_accounts};
use crate::message::{Failure, Refused};
use crate::output::rejects::Rejects;
use crate::output::rows::Rows;
use crate::output::scored::Layout;
use crate::output::sink::{Encoder, Piece};

/// Rows per piece of a columnar output, where they are scored one at a time.
const ROWS: usize = 64 * 1024;
/// What the numbers of a piece may take, and between how many rows it may have.
const PIECE_BYTES: usize = 16 * 1024 * 1024;
const LEAST: usize = 8 * 1024;
const MOST: usize = 128 * 1024;
/// Rows that are decoded and scored in one go: few enough to stay in the cache.
const BATCH: usize = 8 * 1024;
/// Pieces that wait at each worker, and the most workers.
const WAITING: usize = 1;
const WORKERS: usize = 16;

/// Where pieces go.
pub(super) type Put<'a> = dyn FnMut(Piece) -> Result<(), Failure> + 'a;

/// What a worker is given.
enum Work {
    /// Rows to be read.
    Rows(parquet::Piece),
    /// Rows that have been read, with the number of the first one.
    Batch(u64, RecordBatch),
}

/// What became of a piece.
#[derive(Default)]
struct Done {
    piece: Option<Piece>,
    refused: Vec<Refused>,
    tally: Tally,
    rows: u64,
}

impl Run<'_> {
    /// Scores accounts one at a time to a columnar output.
    pub(super) fn rows(
        &mut self,
        input: Input,
        (layout, encoder): (&Layout, &Encoder),
        put: &mut Put<'_>,
        rejects: &mut Rejects,
    ) -> Result<(), Failure> {
        let mut rows = Rows::new(layout, self.plan.scorer);
        self.each(input, rejects, &mut |result, keep| {
            rows.assessment(result, keep.iter().map(String::as_str));
            if rows.len() >= ROWS { put(encoder.encode(vec![rows.take()?])?) } else { Ok(()) }
        })?;
        if rows.len() > 0 { put(encoder.encode(vec![rows.take()?])?) } else { Ok(()) }
    }

    /// Scores a columnar file with one row per account.
    pub(super) fn columns(
        &mut self,
        columnar: Columnar,
        (layout, encoder): (&Layout, &Encoder),
        put: &mut Put<'_>,
        rejects: &mut Rejects,
    ) -> Result<(), Failure> {
        // The same checks and remarks as for a table of texts.
        crate::input::wide::Wide::new(columnar.head()?, &self.plan)?;
        let Columnar { name, table, .. } = columnar;
        let at = |failure: Failure| if failure.place.is_empty() { failure.at(&name) } else { failure };
        let plan = self.plan;
        let matched = Matched::new(&plan, self.as_of, table.schema(), self.keep, layout).map_err(at)?;
        let size = piece_rows(matched.reads.len() + layout.schema().fields().len());
        let (file, batches) = match table {
            Table::Parquet(file) => (Some(file), None),
            Table::Arrow(batches) => (None, Some(batches.only(&matched.reads))),
        };
        let rows = thread::scope(|scope| {
            let (file, matched) = (file.as_ref(), &matched);
            let (mut to, mut from) = (Vec::new(), Vec::new());
            for _ in 0..thread::available_parallelism().map_or(1, |count| count.get().min(WORKERS)) {
                let (work_to, work) = sync_channel(WAITING);
                let (done_to, done) = sync_channel(WAITING);
                scope.spawn(move || serve(matched, encoder, file, &work, &done_to));
                to.push(work_to);
                from.push(done);
            }
            scope.spawn(move || match (file, batches) {
                (Some(file), _) => file.pieces(size).map(|piece| Ok(Work::Rows(piece))).for_each_while(&to),
                (None, Some(batches)) => cut(batches, size).for_each_while(&to),
                (None, None) => {}
            });
            self.put_pieces(from, put, rejects).map_err(at)
        })?;
        if rows == 0 { Err(no_accounts(&name)) } else { Ok(()) }
    }

    /// Puts out pieces in the order of the file, until there are no more or something is wrong; counts their rows.
    #[expect(clippy::needless_pass_by_value, reason = "workers stop once nobody waits for what they do")]
    fn put_pieces(
        &mut self,
        from: Vec<Receiver<Result<Done, Failure>>>,
        put: &mut Put<'_>,
        rejects: &mut Rejects,
    ) -> Result<u64, Failure> {
        let mut rows = 0;
        for done in from.iter().cycle() {
            let Ok(done) = done.recv() else { break };
            let done = done?;
            rows += done.rows;
            self.tally.add(done.tally);
            done.refused.iter().try_for_each(|refused| rejects.add(refused))?;
            done.piece.map_or(Ok(()), &mut *put)?;
            self.progress.tick();
        }
        Ok(rows)
    }
}

/// Gives work to one worker after the other, until there is no more or nobody wants it.
trait Give: Iterator<Item = Result<Work, Failure>> + Sized {
    fn for_each_while(self, to: &[SyncSender<Result<Work, Failure>>]) {
        for (work, worker) in self.zip(to.iter().cycle()) {
            let failed = work.is_err();
            if worker.send(work).is_err() || failed {
                return;
            }
        }
    }
}

impl<I: Iterator<Item = Result<Work, Failure>>> Give for I {}

/// The batches of an Arrow file in pieces.
fn cut(mut batches: ipc::Batches, rows: usize) -> impl Iterator<Item = Result<Work, Failure>> {
    let (mut first, mut waiting) = (0_u64, Vec::new().into_iter());
    std::iter::from_fn(move || {
        loop {
            if let Some(piece) = waiting.next() {
                let piece: RecordBatch = piece;
                let work = Work::Batch(first, piece.clone());
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

/// Does work until there is no more, or nobody wants what became of it.
fn serve(
    matched: &Matched<'_>,
    encoder: &Encoder,
    file: Option<&parquet::File>,
    work: &Receiver<Result<Work, Failure>>,
    done: &SyncSender<Result<Done, Failure>>,
) {
    for work in work {
        if done.send(work.and_then(|work| one(matched, encoder, file, work))).is_err() {
            return;
        }
    }
}

fn one(
    matched: &Matched<'_>,
    encoder: &Encoder,
    file: Option<&parquet::File>,
    work: Work,
) -> Result<Done, Failure> {
    let (mut accounts, mut done) = (Vec::new(), Done::default());
    let mut take = |first: u64, batch: RecordBatch| {
        let scored = matched.score(first, &batch)?;
        done.rows += batch.num_rows() as u64;
        done.refused.extend(scored.refused);
        if let Some(scores) = scored.accounts.columns().get(1) {
            let without = scores.null_count() as u64;
            done.tally.add(Tally { scored: scores.len() as u64 - without, without });
        }
        if scored.accounts.num_rows() > 0 {
            accounts.push(scored.accounts);
        }
        Ok(true)
    };
    match (work, file) {
        (Work::Rows(piece), Some(file)) => file.read(&piece, &matched.reads, BATCH, &mut take)?,
        (Work::Rows(_), None) => {}
        (Work::Batch(first, batch), _) => {
            let mut first = first;
            for part in slices(&batch, BATCH) {
                let rows = part.num_rows() as u64;
                take(first, part)?;
                first += rows;
            }
        }
    }
    if !accounts.is_empty() {
        done.piece = Some(encoder.encode(accounts)?);
    }
    Ok(done)
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
