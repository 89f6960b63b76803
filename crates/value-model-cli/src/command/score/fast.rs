//! The fast path: a wide table to CSV, without explanation and without memory per row.
//!
//! A few workers take turns at cutting pieces of whole records from the table; each reads, scores and writes its piece
//! into a batch, and this thread puts the batches out in the order of the table. They go round, so nothing is allocated
//! once they have been filled, and there is a fixed number of them, so a slow worker does not let the others run ahead.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use value_model::scale::Cell;
use value_model::scorecard::{Context, Score, Scorer, Workspace};

use super::Tally;
use super::full::Run;
use crate::input::cells::Cells;
use crate::input::no_accounts;
use crate::input::pieces::Pieces;
use crate::input::records::{Fields, Piece, Row};
use crate::input::wide::{Columns as Matched, Wide};
use crate::message::{Failure, Refused};
use crate::output::Output;
use crate::output::flat::{Columns, Line};
use crate::output::numbers::Numbers;
use crate::output::rejects::Rejects;

/// Batches per worker: one in its hands, one on its way in each direction.
const BATCHES: usize = 3;

/// Text of fewer bytes is gathered before it is written.
const SHORT: usize = 64 * 1024;

/// Records read in one go, and what became of them.
#[derive(Default)]
struct Batch {
    piece: Piece,
    rows: u64,
    text: Vec<u8>,
    refused: Vec<Refused>,
    tally: Tally,
}

/// A batch by its place in the table, or why no more can be read.
type Done = (u64, Result<Batch, Failure>);

/// Where workers get their batches, filled with a piece.
struct Feed {
    empty: Receiver<Batch>,
    /// What was read together with the header.
    first: Option<Piece>,
    pieces: Pieces,
    next: u64,
}

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
    cells: Vec<Cell>,
    reader: Cells,
    numbers: Numbers,
    fields: Fields,
    /// A record that needs a closer look.
    row: Row,
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
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let (empty_to, empty) = channel();
        for _ in 0..workers * BATCHES {
            let _ = empty_to.send(Batch::default()); // The other end is in our hands.
        }
        let feed = Mutex::new(Feed { empty, first: Some(table.piece), pieces: table.pieces, next: 0 });
        let feed = &feed;
        let rows = thread::scope(|scope| {
            let (done_to, done) = channel();
            for _ in 0..workers {
                let done_to = done_to.clone();
                scope.spawn(move || job.work(feed, &done_to));
            }
            drop(done_to);
            self.gather(&done, empty_to, output, rejects)
        })?;
        if rows == 0 { Err(no_accounts(&table.name)) } else { Ok(()) }
    }

    /// Puts out batches in the order of the table, until there are no more or something is wrong; counts their rows.
    #[expect(clippy::needless_pass_by_value, reason = "workers stop waiting once the sender is gone")]
    fn gather(
        &mut self,
        done: &Receiver<Done>,
        empty: Sender<Batch>,
        output: &mut Output,
        rejects: &mut Rejects,
    ) -> Result<u64, Failure> {
        let (mut waiting, mut next, mut rows) = (BTreeMap::new(), 0, 0);
        for (place, batch) in done {
            waiting.insert(place, batch);
            while let Some(batch) = waiting.remove(&next) {
                let mut batch: Batch = batch?;
                rows += batch.rows;
                self.put(&mut batch, output, rejects)?;
                let _ = empty.send(batch); // Workers may be through: then nobody needs it.
                next += 1;
            }
        }
        Ok(rows)
    }

    /// Puts out what became of a batch.
    fn put(&mut self, batch: &mut Batch, output: &mut Output, rejects: &mut Rejects) -> Result<(), Failure> {
        if batch.text.len() < SHORT {
            output.text.extend_from_slice(&batch.text);
            output.spill()?;
        } else {
            output.write(&batch.text)?;
        }
        for refused in batch.refused.drain(..) {
            rejects.add(&refused)?;
        }
        self.tally.add(std::mem::take(&mut batch.tally));
        self.progress.tick();
        Ok(())
    }
}

impl Feed {
    /// The next piece in an empty batch; nothing at the end, or when nobody wants more.
    fn next(&mut self) -> Option<Done> {
        let mut batch = self.empty.recv().ok()?;
        let place = self.next;
        self.next += 1;
        if let Some(first) = self.first.take() {
            batch.piece = first;
            return Some((place, Ok(batch)));
        }
        match self.pieces.next(&mut batch.piece) {
            Ok(true) => Some((place, Ok(batch))),
            Ok(false) => None,
            Err(failure) => Some((place, Err(failure))),
        }
    }
}

impl Job<'_> {
    /// Scores pieces until there are no more, or nobody wants them.
    fn work(self, feed: &Mutex<Feed>, to: &Sender<Done>) {
        let mut room = Room {
            workspace: self.scorer.workspace(),
            cells: Vec::with_capacity(self.scorer.measures().len()),
            reader: Cells::new(self.decimal),
            numbers: Numbers::new(),
            fields: Fields::default(),
            row: Row::default(),
        };
        loop {
            let next = feed.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((place, piece)) = next else { return };
            let done = piece.map(|mut batch| {
                self.score(&mut batch, &mut room);
                batch
            });
            if to.send((place, done)).is_err() {
                return;
            }
        }
    }

    /// Scores the records of a piece.
    fn score(self, batch: &mut Batch, room: &mut Room) {
        batch.text.clear();
        batch.rows = 0;
        while batch.piece.read(&mut room.fields) {
            batch.rows += 1;
            match self.row(&mut batch.piece, room, &mut batch.text) {
                Ok(score) => batch.tally.count(score),
                Err(refused) => batch.refused.push(refused),
            }
        }
    }

    #[inline]
    fn row(&self, piece: &mut Piece, room: &mut Room, out: &mut Vec<u8>) -> Result<Option<f64>, Refused> {
        let Self { scorer, matched, .. } = *self;
        let Room { fields, row, reader, cells, workspace, .. } = room;
        if !matched.quick((&piece.bytes, fields), scorer, reader, cells) {
            row.copy(piece, fields);
            matched.account(row)?;
            matched.cells(row, scorer, reader, cells)?;
        }
        let score = scorer.score(cells, &self.context, workspace).map_err(|error| {
            row.copy(piece, fields);
            matched.by(error, row, scorer)
        })?;
        let start = out.len();
        if let Err((name, bytes)) = self.write(&piece.bytes, &score, room, out) {
            out.truncate(start);
            room.row.copy(piece, &room.fields);
            return Err(matched.not_utf8(&room.row, name, &bytes));
        }
        Ok(score.score)
    }

    /// Appends the line of an account. Fails with the name and the bytes of a kept cell that is not UTF-8.
    #[inline]
    fn write(
        &self,
        bytes: &[u8],
        score: &Score,
        room: &mut Room,
        out: &mut Vec<u8>,
    ) -> Result<(), (&str, Vec<u8>)> {
        let Self { scorer, columns, matched, .. } = *self;
        let Room { fields, workspace, numbers, .. } = room;
        let delimiter = columns.style.delimiter;
        let mut number = |out: &mut Vec<u8>, number: Option<f64>| {
            out.push(delimiter);
            if let Some(number) = number {
                numbers.write(out, number);
            }
        };
        columns.start(out, &Line::of_score(matched.name(bytes, fields), score, columns), &mut number);
        for (place, cost) in &columns.groups {
            let group = workspace.group(*place);
            number(out, group.score);
            if *cost {
                let cost = scorer.groups().get(*place).and_then(|compiled| compiled.cost_score(group.score));
                number(out, cost);
            }
        }
        for (name, place) in self.attributes.iter().zip(&matched.attributes) {
            let text = fields.get(bytes, *place);
            if std::str::from_utf8(text).is_err() {
                return Err((name, text.to_vec()));
            }
            columns.style.next_text(out, text);
        }
        out.push(b'\n');
        Ok(())
    }
}
