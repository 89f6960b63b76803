//! Long tables scored in columns by all cores: rows are read into columns, and whole accounts go to the engine together.
//!
//! A row that columns cannot hold, and an account that the engine refuses, are read once more by themselves, so that
//! what is said of them is what one account at a time says.

mod answers;
mod columns;
mod matched;
mod sorted;
mod texts;
mod unsorted;
mod words;

use self::answers::Answers;
use self::matched::{Found, Matched};
use self::sorted::Carried;
use self::unsorted::{MOST, MOST_ODD, Store};
use super::columns::{Done, Put};
use super::full::Run;
use crate::command::in_order::{in_order, workers};
use crate::command::in_pieces::{self, Batches, Link, Take};
use crate::input::long::Long;
use crate::input::{Columnar, Input, no_accounts};
use crate::message::{Failure, Notes};
use crate::output::rejects::Rejects;
use crate::output::scored::Layout;
use crate::output::sink::Encoder;

/// The bytes of a piece of text: many enough that few accounts are cut, few enough for every core to have some.
const TEXT_BYTES: usize = 2 * 1024 * 1024;

/// What a worker makes of a piece: accounts, or rows that are still to be put in order.
struct Worked {
    rows: u64,
    done: Option<Done>,
    unsorted: Option<Answers>,
    /// Why nothing after this can be read.
    failure: Option<Failure>,
}

/// Gives every piece of a table to a worker as rows of answers.
type Each<'a> = dyn FnOnce(
        &(dyn Fn(Answers, &Link<Carried>) -> Result<Worked, Failure> + Sync),
        &mut Take<'_, Worked>,
    ) -> Result<(), Failure>
    + 'a;

impl Run<'_> {
    /// Scores a long table, or gives it back to be read one account at a time.
    pub(super) fn long(
        &mut self,
        input: Input,
        (layout, encoder): (&Layout, &Encoder),
        put: &mut Put<'_>,
        rejects: &mut Rejects,
    ) -> Result<Option<Input>, Failure> {
        match input {
            // A history keeps every answer.
            input if self.watch.is_some() => Ok(Some(input)),
            Input::Long(long) => self.long_texts(long, (layout, encoder), put, rejects),
            Input::Answers(columnar) => self.long_columns(columnar, (layout, encoder), put, rejects),
            other => Ok(Some(other)),
        }
    }

    fn long_texts(
        &mut self,
        long: Long,
        (layout, encoder): (&Layout, &Encoder),
        put: &mut Put<'_>,
        rejects: &mut Rejects,
    ) -> Result<Option<Input>, Failure> {
        let columns = long.columns.clone();
        let how = (self.plan.args.decimal, self.plan.args.sorted);
        let Some(reading) = texts::Reading::new(self.plan.scorer, &columns, how) else {
            return Ok(Some(Input::Long(long)));
        };
        let Some(matched) = Matched::new(self, reading.shape(), layout) else {
            return Ok(Some(Input::Long(long)));
        };
        let pieces = long.table.into_pieces(TEXT_BYTES);
        let each: Box<Each<'_>> = Box::new(|work, take| {
            in_pieces::texts(pieces, &|piece, link| work(reading.read(piece)?, &link), take)
        });
        self.answers((&matched, encoder), each, put, rejects).map(|()| None)
    }

    fn long_columns(
        &mut self,
        columnar: Columnar,
        (layout, encoder): (&Layout, &Encoder),
        put: &mut Put<'_>,
        rejects: &mut Rejects,
    ) -> Result<Option<Input>, Failure> {
        // What is to be said about the columns is said by whoever reads the file.
        let plan = crate::input::Plan { notes: Notes { quiet: true }, ..self.plan };
        let Ok(Long { columns, .. }) = columnar.head().and_then(|head| Long::new(head, &plan)) else {
            return Ok(Some(Input::Answers(columnar)));
        };
        let how = (self.plan.args.decimal, self.plan.args.sorted);
        let schema = columnar.table.schema().clone();
        let Some(reading) = columns::Reading::new(self.plan.scorer, &columns, &schema, how) else {
            return Ok(Some(Input::Answers(columnar)));
        };
        let Some(matched) = Matched::new(self, reading.shape(), layout) else {
            return Ok(Some(Input::Answers(columnar)));
        };
        Long::new(columnar.head()?, &self.plan)?;
        let Columnar { name, table } = columnar;
        let also = layout.schema().fields().len();
        let each: Box<Each<'_>> = Box::new(|work, take| {
            let make = |batches: Batches<'_>, link| {
                let (first, batch) = batches.whole()?;
                let batch = batch.unwrap_or_else(|| arrow_array::RecordBatch::new_empty(schema.clone()));
                work(reading.read(first, &batch)?, &link)
            };
            in_pieces::columns(table, (&reading.reads, also), &make, take)
        });
        let at = |failure: Failure| if failure.place.is_empty() { failure.at(&name) } else { failure };
        self.answers((&matched, encoder), each, put, rejects).map_err(at).map(|()| None)
    }

    /// Scores the pieces of a table in their order, or all of them once they are there.
    fn answers(
        &mut self,
        (matched, encoder): (&Matched<'_>, &Encoder),
        each: Box<Each<'_>>,
        put: &mut Put<'_>,
        rejects: &mut Rejects,
    ) -> Result<(), Failure> {
        let sorted = self.plan.args.sorted;
        let mut store = Store::new((MOST, MOST_ODD));
        let mut rows = 0;
        let work = |answers: Answers, link: &Link<Carried>| {
            let rows = answers.lines.len() as u64;
            if !sorted {
                return Ok(Worked { rows, done: None, unsorted: Some(answers), failure: None });
            }
            let (found, failure) = sorted::score(matched, &answers, link)?;
            Ok(Worked { rows, done: Some(encoded(found, encoder)?), unsorted: None, failure })
        };
        each(&work, &mut |worked: Worked| {
            rows += worked.rows;
            worked.done.map_or(Ok(()), |done| self.put_piece(done, put, rejects))?;
            worked.unsorted.map_or(Ok(()), |answers| store.add(answers, matched.shape))?;
            self.progress.tick();
            worked.failure.map_or(Ok(()), Err)
        })?;
        if rows == 0 {
            return Err(no_accounts(&matched.shape.columns.name));
        }
        let ordered = store.ordered();
        let score = |accounts: std::ops::Range<usize>| {
            let (mut found, runs) = (Found::default(), 0..accounts.len());
            matched.score(&ordered.answers(accounts)?, runs, &mut found)?;
            encoded(found, encoder)
        };
        in_order(workers(), ordered.cuts().map(Ok), &score, &mut |done| self.put_piece(done, put, rejects))
    }
}

/// Accounts made ready to be put out.
fn encoded(found: Found, encoder: &Encoder) -> Result<Done, Failure> {
    let Found { accounts, refused, tally } = found;
    let piece = if accounts.is_empty() { None } else { Some(encoder.encode(accounts)?) };
    Ok(Done { piece, refused, tally, rows: 0 })
}
