//! A long table on several threads, cut where an account begins.

use arrow_array::{Array, ArrayRef, RecordBatch};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use value_model::Error;

use super::{LongScored, LongScorer, Order};
use crate::keys::key_text;

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
        let cuts = match (self.settings.order, batch.columns().get(self.places.account)) {
            (Order::Any, _) | (_, None) => Vec::new(),
            (_, Some(names)) => cuts(names)?,
        };
        let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else {
            return Ok(vec![self.push(batch)?]);
        };
        // An account may have begun before this batch and go on behind it: those ends are this scorer's own.
        let mut done = vec![self.push(&batch.slice(0, *first))?];
        done.push(self.close()?);
        let parts: Vec<(usize, usize)> = cuts.iter().copied().zip(cuts.iter().skip(1).copied()).collect();
        let score = |(start, end): (usize, usize)| -> Result<[LongScored; 2], Error> {
            let mut part = self.fork(start - first)?;
            Ok([part.push(&batch.slice(start, end - start))?, part.finish()?])
        };
        let scored: Vec<[LongScored; 2]> =
            parts.into_par_iter().with_max_len(1).map(score).collect::<Result<_, Error>>()?;
        done.extend(scored.into_iter().flatten());
        self.rows += last - first;
        self.last.clear();
        if let Some(name) = batch.columns().get(self.places.account) {
            self.last.push_str(&key_text(name, last - 1)?.unwrap_or_default());
        }
        done.push(self.push(&batch.slice(*last, batch.num_rows() - last))?);
        Ok(done)
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

/// Rows about a part apart in which another account begins than stands before. In order: no name below the one before.
fn cuts(names: &ArrayRef) -> Result<Vec<usize>, Error> {
    let mut cuts = Vec::new();
    let mut row = PART;
    while row < names.len() {
        let before = key_text(names, row - 1)?;
        let here = key_text(names, row)?;
        // Rows without an account must stay with those around them; a name that sinks is for `push` to refuse.
        let begins = before.as_deref().is_some_and(|name| !name.is_empty())
            && here.as_deref().is_some_and(|name| !name.is_empty())
            && here > before;
        if begins {
            cuts.push(row);
            row += PART;
        } else {
            row += 1;
        }
    }
    Ok(cuts)
}
