//! The fast path: a wide table, without explanation and without memory per row.
//!
//! A few workers take turns at cutting pieces of whole records from the table; each reads, scores and writes its piece
//! into a batch, and this thread puts the batches out in the order of the table. They go round, so nothing is allocated
//! once they have been filled, and there is a fixed number of them, so a slow worker does not let the others run ahead.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use value_model::scorecard::Context;

use super::full::Run;
use super::row::{Batch, Job};
use super::sheet::{Form, Made};
use crate::command::in_order::start;
use crate::input::no_accounts;
use crate::input::pieces::{PIECE_BYTES, Pieces};
use crate::input::wide::Wide;
use crate::message::Failure;
use crate::output::Output;
use crate::output::rejects::Rejects;
use crate::output::scored::Layout;
use crate::output::sink::{Encoder, Sink};

/// Batches per worker: one in its hands, one on its way to be put out, one on its way back.
const BATCHES: usize = 3;

/// The bytes of a piece that becomes a row group: some ten thousands of rows, as readers like them.
const GROUP_BYTES: usize = 3 * 1024 * 1024;

/// Text of fewer bytes is gathered before it is written.
const SHORT: usize = 64 * 1024;

/// Where accounts go.
pub(super) enum To<'a> {
    /// Lines of CSV.
    Text(&'a mut Output),
    /// A columnar file.
    Columns(&'a Layout, &'a mut Sink, &'a Encoder),
}

/// A batch by its place in the table, or why no more can be read.
type Done = (u64, Result<Batch, Failure>);

/// Where workers get their batches, filled with a piece.
struct Feed {
    empty: Receiver<Batch>,
    pieces: Pieces,
    next: u64,
}

impl Run<'_> {
    /// Scores a wide table.
    pub(super) fn fast(&mut self, wide: Wide, mut to: To<'_>, rejects: &mut Rejects) -> Result<(), Failure> {
        let Wide { table, columns, .. } = wide;
        let (name, args) = (table.name.clone(), self.plan.args);
        let (form, size) = match &to {
            To::Text(_) => (Form::Lines(self.columns), PIECE_BYTES),
            To::Columns(layout, _, encoder) => (Form::Columns(layout, encoder), GROUP_BYTES),
        };
        let job = Job {
            scorer: self.plan.scorer,
            form,
            matched: &columns,
            attributes: self.plan.attributes,
            context: Context {
                as_of: self.as_of,
                default_source: args.default_source,
                default_on: args.default_on,
            },
            decimal: args.decimal,
        };
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let (empty_to, empty) = channel();
        for _ in 0..workers * BATCHES {
            let _ = empty_to.send(Batch::default()); // The other end is in our hands.
        }
        let feed = &Mutex::new(Feed { empty, pieces: table.into_pieces(size), next: 0 });
        let rows = thread::scope(|scope| {
            let (done_to, done) = channel();
            for _ in 0..workers {
                let done_to = done_to.clone();
                start(scope, move || work(job, feed, &done_to))?;
            }
            drop(done_to);
            self.gather(&done, empty_to, &mut to, rejects)
        })?;
        if rows == 0 { Err(no_accounts(&name)) } else { Ok(()) }
    }

    /// Puts out batches in the order of the table, until there are no more or something is wrong; counts their rows.
    #[expect(clippy::needless_pass_by_value, reason = "workers stop waiting once the sender is gone")]
    fn gather(
        &mut self,
        done: &Receiver<Done>,
        empty: Sender<Batch>,
        to: &mut To<'_>,
        rejects: &mut Rejects,
    ) -> Result<u64, Failure> {
        let (mut waiting, mut next, mut rows) = (BTreeMap::new(), 0, 0);
        for (place, batch) in done {
            waiting.insert(place, batch);
            while let Some(batch) = waiting.remove(&next) {
                let mut batch: Batch = batch?;
                rows += batch.rows;
                to.put(&mut batch.made)?;
                for refused in batch.refused.drain(..) {
                    rejects.add(&refused)?;
                }
                self.tally.add(std::mem::take(&mut batch.tally));
                self.progress.tick();
                let _ = empty.send(batch); // Workers may be through: then nobody needs it.
                next += 1;
            }
        }
        Ok(rows)
    }
}

impl To<'_> {
    /// Puts out what was made of a piece.
    fn put(&mut self, made: &mut Made) -> Result<(), Failure> {
        match self {
            Self::Text(output) if made.text.len() < SHORT => {
                output.text.extend_from_slice(&made.text);
                output.spill()
            }
            Self::Text(output) => output.write(&made.text),
            Self::Columns(_, sink, _) => made.group.take().map_or(Ok(()), |group| sink.put(group)),
        }
    }
}

impl Feed {
    /// The next piece in an empty batch; nothing at the end, or when nobody wants more.
    fn next(&mut self) -> Option<Done> {
        let mut batch = self.empty.recv().ok()?;
        let read = match self.pieces.next(&mut batch.piece) {
            Ok(true) => Ok(batch),
            Ok(false) => return None,
            Err(failure) => Err(failure),
        };
        self.next += 1;
        Some((self.next - 1, read))
    }
}

/// Scores pieces until there are no more, or nobody wants them.
fn work(job: Job<'_>, feed: &Mutex<Feed>, to: &Sender<Done>) {
    let mut room = job.room();
    loop {
        let next = feed.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some((place, piece)) = next else { return };
        let done = piece.and_then(|mut batch| job.score(&mut batch, &mut room).map(|()| batch));
        if to.send((place, done)).is_err() {
            return;
        }
    }
}
