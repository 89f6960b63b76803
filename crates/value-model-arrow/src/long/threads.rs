//! A long table on several threads, cut where an account begins.

use arrow_array::{Array, ArrayRef, RecordBatch};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use value_model::Error;

use super::{LongScored, LongScorer, Order, PIECE};
use crate::keys::key_text;
use crate::stop::{KeepOn, finished, not_spent};

/// Rows that one thread takes at a time: fixed, so that nothing depends on how many threads there are.
const PART: usize = 1 << 17;

impl LongScorer {
    /// As [`LongScorer::push`], on the threads of the current rayon pool: the same accounts in the same order, in several
    /// tables.
    ///
    /// Where accounts stand in no order, one thread gathers them.
    ///
    /// # Errors
    /// As [`LongScorer::push`].
    pub fn push_parallel(&mut self, batch: &RecordBatch) -> Result<Vec<LongScored>, Error> {
        finished(self.push_parallel_while(batch, &|| true)?)
    }

    /// As [`LongScorer::push_parallel`], as long as `keep_on` says so; it is asked every few thousand rows, by every
    /// thread. Once it has said no there is no result and the scorer is spent, as in [`LongScorer::push_while`].
    ///
    /// # Errors
    /// As [`LongScorer::push_while`].
    pub fn push_parallel_while(
        &mut self,
        batch: &RecordBatch,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Vec<LongScored>>, Error> {
        not_spent(self.spent)?;
        let done = self.push_parts(batch, keep_on)?;
        self.spent = done.is_none();
        Ok(done)
    }

    fn push_parts(
        &mut self,
        batch: &RecordBatch,
        keep_on: KeepOn<'_>,
    ) -> Result<Option<Vec<LongScored>>, Error> {
        let cuts = match (self.settings.order, batch.columns().get(self.places.account)) {
            (Order::Any, _) | (_, None) => Some(Vec::new()),
            (order, Some(names)) => cuts(names, order, keep_on)?,
        };
        let Some(cuts) = cuts else { return Ok(None) };
        let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else {
            return Ok(self.push_while(batch, keep_on)?.map(|done| vec![done]));
        };
        // An account may have begun before this batch and go on behind it: those ends are this scorer's own.
        let Some(begun) = self.push_while(&batch.slice(0, *first), keep_on)? else { return Ok(None) };
        let mut done = vec![begun, self.close()?];
        let parts: Vec<(usize, usize)> = cuts.iter().copied().zip(cuts.iter().skip(1).copied()).collect();
        // None where told to stop, so that no thread begins another part.
        let score = |(start, end): (usize, usize)| -> Result<[LongScored; 2], Option<Error>> {
            let mut part = self.fork(start - first)?;
            let scored = part.push_while(&batch.slice(start, end - start), keep_on)?.ok_or(None)?;
            Ok([scored, part.finish_while(keep_on)?.ok_or(None)?])
        };
        let scored: Result<Vec<_>, Option<Error>> =
            parts.into_par_iter().with_max_len(1).map(score).collect();
        let scored = match scored {
            Ok(scored) => scored,
            Err(None) => return Ok(None),
            Err(Some(error)) => return Err(error),
        };
        done.extend(scored.into_iter().flatten());
        self.rows += last - first;
        self.last.clear();
        if let Some(name) = batch.columns().get(self.places.account) {
            self.last.push_str(&key_text(name, last - 1)?.unwrap_or_default());
        }
        let rest = self.push_while(&batch.slice(*last, batch.num_rows() - last), keep_on)?;
        Ok(rest.map(|rest| {
            done.push(rest);
            done
        }))
    }

    /// The account that no more rows follow.
    fn close(&mut self) -> Result<LongScored, Error> {
        let mut refused = Vec::new();
        if let Some(mut account) = self.current.take() {
            self.score(&mut account, &mut refused);
        }
        self.hand_over(refused)
    }

    /// The same scorer for rows so many behind this one's.
    fn fork(&self, rows: usize) -> Result<Self, Error> {
        let settings = self.settings.clone();
        let mut part =
            Self::with_places(self.pivot.scorer(), self.places.clone(), self.names.clone(), settings)?;
        part.rows = self.rows + rows;
        Ok(part)
    }
}

/// Rows in which an account begins: one near each end of a table, and between them one about every part. Short tables have
/// none. None if told to stop: an account may be long.
fn cuts(names: &ArrayRef, order: Order, keep_on: KeepOn<'_>) -> Result<Option<Vec<usize>>, Error> {
    let (mut cuts, mut row) = (Vec::new(), 1);
    while names.len() > PART && row < names.len() {
        if row.is_multiple_of(PIECE) && !keep_on() {
            return Ok(None);
        }
        if begins(names, row, order)? {
            cuts.push(row);
            row += PART;
        } else {
            row += 1;
        }
    }
    let last = cuts.last().map_or(names.len(), |last| last + 1);
    for row in (last.max(names.len().saturating_sub(PIECE))..names.len()).rev() {
        if begins(names, row, order)? {
            cuts.push(row);
            break;
        }
    }
    Ok(Some(cuts))
}

/// Whether another account surely begins in a row than stands before it.
fn begins(names: &ArrayRef, row: usize, order: Order) -> Result<bool, Error> {
    let (before, here) = (key_text(names, row - 1)?, key_text(names, row)?);
    // Rows without an account must stay with those around them; a name that sinks is for `push` to refuse.
    let (Some(before), Some(here)) = (before, here) else { return Ok(false) };
    let follows = if order == Order::Sorted { here > before } else { here != before };
    Ok(follows && !before.is_empty() && !here.is_empty())
}
