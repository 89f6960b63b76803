//! The fast path: a wide table to CSV, without explanation and without memory per row.
//!
//! One thread reads batches of records, this one scores and writes them; the batches go round, so nothing is allocated
//! once they have been filled for the first time.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use csv::ByteRecord;
use value_model::scorecard::{Context, Workspace};

use super::full::Run;
use crate::input::cells::Cells;
use crate::input::no_accounts;
use crate::input::table::Table;
use crate::input::wide::{Columns as Matched, Wide};
use crate::message::{Failure, Refused};
use crate::output::Output;
use crate::output::flat::Line;
use crate::output::rejects::Rejects;

/// Records per batch, and batches on their way.
const BATCH: usize = 1024;
const BATCHES: usize = 4;

/// Records read in one go; the first `used` hold rows.
#[derive(Default)]
struct Batch {
    records: Vec<ByteRecord>,
    used: usize,
}

/// Everything one row needs, made once.
struct Room {
    workspace: Workspace,
    row: Vec<value_model::scale::Cell>,
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
        let scorer = self.plan.scorer;
        let context = Context {
            as_of: self.as_of,
            default_source: self.plan.args.default_source,
            default_on: self.plan.args.default_on,
        };
        let mut room = Room {
            workspace: scorer.workspace(),
            row: Vec::with_capacity(scorer.measures().len()),
            cells: Cells::new(self.plan.args.decimal),
        };
        self.columns.head(&mut output.text);
        let mut rows = 0_u64;
        thread::scope(|scope| {
            let (full_to, full) = sync_channel(BATCHES);
            let (empty_to, empty) = sync_channel(BATCHES);
            scope.spawn(move || read(table, &full_to, &empty));
            for batch in full {
                let batch: Batch = batch?;
                for record in batch.records.iter().take(batch.used) {
                    rows += 1;
                    match self.row(record, &columns, &context, &mut room, output) {
                        Ok(score) => self.tally.count(score),
                        Err(refused) => rejects.add(&refused)?,
                    }
                }
                output.spill()?;
                self.progress.tick();
                // The reader may have come to the end and gone: then nobody needs the batch.
                let _ = empty_to.try_send(batch);
            }
            Ok::<(), Failure>(())
        })?;
        if rows == 0 { Err(no_accounts(&name)) } else { Ok(()) }
    }

    #[inline]
    fn row(
        &self,
        record: &ByteRecord,
        matched: &Matched,
        context: &Context,
        room: &mut Room,
        output: &mut Output,
    ) -> Result<Option<f64>, Refused> {
        let scorer = self.plan.scorer;
        let account = matched.account(record)?;
        matched.cells(record, scorer, &mut room.cells, &mut room.row)?;
        let score = scorer
            .score(&room.row, context, &mut room.workspace)
            .map_err(|error| matched.by(error, record, scorer))?;
        let out = &mut output.text;
        let start = out.len();
        self.columns.start(out, &Line::of_score(account.as_bytes(), &score, scorer.band_names()));
        for (place, cost) in &self.columns.groups {
            let group = room.workspace.group(*place);
            self.columns.style.next_number(out, group.score);
            if *cost {
                let cost = scorer.groups().get(*place).and_then(|compiled| compiled.cost_score(group.score));
                self.columns.style.next_number(out, cost);
            }
        }
        for (name, place) in self.plan.attributes.iter().zip(&matched.attributes) {
            let text = record.get(*place).unwrap_or_default();
            if std::str::from_utf8(text).is_err() {
                out.truncate(start);
                return Err(matched.not_utf8(record, name, text));
            }
            self.columns.style.next_text(out, text);
        }
        out.push(b'\n');
        Ok(score.score)
    }
}

/// Reads batches until the table ends, something is wrong, or nobody wants more.
fn read(mut table: Table, to: &SyncSender<Result<Batch, Failure>>, empty: &Receiver<Batch>) {
    loop {
        let mut batch = empty.try_recv().unwrap_or_default();
        batch.used = 0;
        let end = loop {
            if batch.used == BATCH {
                break None;
            }
            if batch.used == batch.records.len() {
                batch.records.push(ByteRecord::new());
            }
            let Some(record) = batch.records.get_mut(batch.used) else { break None };
            match table.read(record) {
                Ok(true) => batch.used += 1,
                Ok(false) => break Some(Ok(())),
                Err(failure) => break Some(Err(failure)),
            }
        };
        // What was read before a failure is still given on, so that its rows are checked too.
        if to.send(Ok(batch)).is_err() {
            return;
        }
        match end {
            None => {}
            Some(Ok(())) => return,
            Some(Err(failure)) => {
                let _ = to.send(Err(failure)); // Nobody to tell is nobody who would mind.
                return;
            }
        }
    }
}
