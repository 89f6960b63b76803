//! The fast path: a wide table to CSV, without explanation and without memory per row.
//!
//! One thread reads batches of records, a few score them and write their lines into the batch, and this one puts the
//! batches out in the order in which they were read. They go round, so nothing is allocated once they have been filled.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use csv::ByteRecord;
use value_model::scale::Cell;
use value_model::scorecard::{Context, Scorer, Workspace};

use super::Tally;
use super::full::Run;
use crate::input::cells::Cells;
use crate::input::no_accounts;
use crate::input::table::Table;
use crate::input::wide::{Columns as Matched, Wide};
use crate::message::{Failure, Refused};
use crate::output::Output;
use crate::output::flat::{Columns, Line};
use crate::output::rejects::Rejects;

/// Records per batch, batches that wait at each worker, and the most workers: more would wait for the reader.
const BATCH: usize = 1024;
const WAITING: usize = 2;
const WORKERS: usize = 4;

/// Records read in one go, of which the first `used` hold rows, and what became of them.
#[derive(Default)]
struct Batch {
    records: Vec<ByteRecord>,
    used: usize,
    text: Vec<u8>,
    refused: Vec<Refused>,
    tally: Tally,
}

/// A batch on its way, or why no more can be read.
type Read = Result<Batch, Failure>;

/// What every worker knows.
#[derive(Clone, Copy)]
struct Job<'a> {
    scorer: &'a Scorer,
    columns: &'a Columns,
    matched: &'a Matched,
    attributes: &'a [String],
    context: Context,
    decimal: char,
}

/// Everything one row needs, made once.
struct Room {
    workspace: Workspace,
    row: Vec<Cell>,
    cells: Cells,
}

impl Run<'_> {
    /// Scores a wide table to CSV.
    pub(super) fn fast(
        &mut self,
        wide: Wide,
        output: &mut Output,
        rejects: &mut Rejects,
    ) -> Result<(), Failure> {
        let Wide { table, columns } = wide;
        let name = table.name.clone();
        let args = self.plan.args;
        let context =
            Context { as_of: self.as_of, default_source: args.default_source, default_on: args.default_on };
        let job = Job {
            scorer: self.plan.scorer,
            columns: self.columns,
            matched: &columns,
            attributes: self.plan.attributes,
            context,
            decimal: args.decimal,
        };
        let mut rows = 0;
        thread::scope(|scope| {
            let (empty_to, empty) = channel();
            let (mut to, mut from) = (Vec::new(), Vec::new());
            for _ in 0..thread::available_parallelism().map_or(1, |count| count.get().min(WORKERS)) {
                let (full_to, full) = sync_channel(WAITING);
                let (done_to, done) = sync_channel(WAITING);
                scope.spawn(move || job.work(&full, &done_to));
                to.push(full_to);
                from.push(done);
            }
            scope.spawn(move || read(table, &to, &empty));
            for done in from.iter().cycle() {
                let Ok(batch) = done.recv() else { break };
                rows += self.put(batch?, output, rejects, &empty_to)?;
            }
            Ok::<(), Failure>(())
        })?;
        if rows == 0 { Err(no_accounts(&name)) } else { Ok(()) }
    }

    /// Puts out what became of a batch, and sends it back to be filled again.
    fn put(
        &mut self,
        mut batch: Batch,
        output: &mut Output,
        rejects: &mut Rejects,
        empty: &Sender<Batch>,
    ) -> Result<usize, Failure> {
        output.text.extend_from_slice(&batch.text);
        for refused in batch.refused.drain(..) {
            rejects.add(&refused)?;
        }
        output.spill()?;
        self.tally.add(std::mem::take(&mut batch.tally));
        self.progress.tick();
        let rows = batch.used;
        // The reader may have come to the end and gone: then nobody needs the batch.
        let _ = empty.send(batch);
        Ok(rows)
    }
}

impl Job<'_> {
    /// Scores batches until there are no more, or nobody wants them.
    fn work(self, from: &Receiver<Read>, to: &SyncSender<Read>) {
        let mut room = Room {
            workspace: self.scorer.workspace(),
            row: Vec::with_capacity(self.scorer.measures().len()),
            cells: Cells::new(self.decimal),
        };
        for read in from {
            let done = read.map(|mut batch| {
                batch.text.clear();
                for record in batch.records.iter().take(batch.used) {
                    match self.row(record, &mut room, &mut batch.text) {
                        Ok(score) => batch.tally.count(score),
                        Err(refused) => batch.refused.push(refused),
                    }
                }
                batch
            });
            if to.send(done).is_err() {
                return;
            }
        }
    }

    #[inline]
    fn row(&self, record: &ByteRecord, room: &mut Room, out: &mut Vec<u8>) -> Result<Option<f64>, Refused> {
        let Self { scorer, columns, matched, .. } = *self;
        let account = matched.account(record)?;
        matched.cells(record, scorer, &mut room.cells, &mut room.row)?;
        let score = scorer
            .score(&room.row, &self.context, &mut room.workspace)
            .map_err(|error| matched.by(error, record, scorer))?;
        let start = out.len();
        columns.start(out, &Line::of_score(account.as_bytes(), &score, scorer.band_names()));
        for (place, cost) in &columns.groups {
            let group = room.workspace.group(*place);
            columns.style.next_number(out, group.score);
            if *cost {
                let cost = scorer.groups().get(*place).and_then(|compiled| compiled.cost_score(group.score));
                columns.style.next_number(out, cost);
            }
        }
        for (name, place) in self.attributes.iter().zip(&matched.attributes) {
            let text = record.get(*place).unwrap_or_default();
            if std::str::from_utf8(text).is_err() {
                out.truncate(start);
                return Err(matched.not_utf8(record, name, text));
            }
            columns.style.next_text(out, text);
        }
        out.push(b'\n');
        Ok(score.score)
    }
}

/// Reads batches, one worker after the other, until the table ends, something is wrong, or nobody wants more.
fn read(mut table: Table, to: &[SyncSender<Read>], empty: &Receiver<Batch>) {
    let mut failed = None;
    for worker in to.iter().cycle() {
        if let Some(failure) = failed.take() {
            let _ = worker.send(Err(failure)); // Nobody to tell is nobody who would mind.
            return;
        }
        let mut batch = empty.try_recv().unwrap_or_default();
        batch.used = 0;
        let end = fill(&mut table, &mut batch);
        // What was read before a failure is still given on, so that its rows are checked too.
        if worker.send(Ok(batch)).is_err() {
            return;
        }
        match end {
            None => {}
            Some(Ok(())) => return,
            Some(Err(failure)) => failed = Some(failure),
        }
    }
}

/// Fills a batch; says how the table ended, if it did.
fn fill(table: &mut Table, batch: &mut Batch) -> Option<Result<(), Failure>> {
    while batch.used < BATCH {
        if batch.used == batch.records.len() {
            batch.records.push(ByteRecord::new());
        }
        match table.read(batch.records.get_mut(batch.used)?) {
            Ok(true) => batch.used += 1,
            Ok(false) => return Some(Ok(())),
            Err(failure) => return Some(Err(failure)),
        }
    }
    None
}
