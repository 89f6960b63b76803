//! The columnar path: batches of accounts, scored by several threads and put out in the order of the file.

use arrow_array::Array;

use super::Tally;
use super::batch::Matched;
use super::full::Run;
use crate::command::in_pieces::{self, Batches, Link};
use crate::input::{Columnar, Input, no_accounts};
use crate::message::{Failure, Refused};
use crate::output::rejects::Rejects;
use crate::output::rows::Rows;
use crate::output::scored::Layout;
use crate::output::sink::{Encoder, Piece};

/// Rows per piece of a columnar output, where they are scored one at a time.
const ROWS: usize = 64 * 1024;

/// Where pieces go.
pub(super) type Put<'a> = dyn FnMut(Piece) -> Result<(), Failure> + 'a;

/// What became of a piece.
#[derive(Default)]
pub(super) struct Done {
    pub(super) piece: Option<Piece>,
    pub(super) refused: Vec<Refused>,
    pub(super) tally: Tally,
    pub(super) rows: u64,
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
        let also = layout.schema().fields().len();
        let mut rows = 0;
        let take = &mut |done: Done| {
            rows += done.rows;
            self.put_piece(done, put, rejects)
        };
        let make = |batches: Batches<'_>, _: Link<()>| one(&matched, encoder, batches);
        in_pieces::columns(table, (&matched.reads, also), &make, take).map_err(at)?;
        if rows == 0 { Err(no_accounts(&name)) } else { Ok(()) }
    }

    /// Puts out what became of a piece.
    pub(super) fn put_piece(
        &mut self,
        done: Done,
        put: &mut Put<'_>,
        rejects: &mut Rejects,
    ) -> Result<(), Failure> {
        self.tally.add(done.tally);
        done.refused.iter().try_for_each(|refused| rejects.add(refused))?;
        done.piece.map_or(Ok(()), put)?;
        self.progress.tick();
        Ok(())
    }
}

fn one(matched: &Matched<'_>, encoder: &Encoder, batches: Batches<'_>) -> Result<Done, Failure> {
    let (mut accounts, mut done) = (Vec::new(), Done::default());
    batches.each(&mut |first, batch| {
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
        Ok(())
    })?;
    if !accounts.is_empty() {
        done.piece = Some(encoder.encode(accounts)?);
    }
    Ok(done)
}
