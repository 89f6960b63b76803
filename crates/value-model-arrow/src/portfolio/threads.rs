//! Rolling up on several threads: whole numbers, so that their number never shows.

use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::RecordBatch;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use value_model::Error;

use super::ColumnPortfolio;
use crate::scorer::Refused;
use crate::stop::finished;

/// Rows that a thread takes at a time: few enough that all threads end at about the same time.
const PIECE: usize = 1 << 16;

/// What one thread added up: its portfolio, and refused rows each with the number of its batch.
type Part = (ColumnPortfolio, Vec<(usize, Refused)>);

impl ColumnPortfolio {
    /// Adds the accounts of many batches on the threads of the current rayon pool; refused rows stand by batch.
    ///
    /// # Errors
    /// As [`ColumnPortfolio::add`]. Then nothing is added.
    pub fn add_all(&mut self, batches: &[RecordBatch]) -> Result<Vec<Vec<Refused>>, Error> {
        finished(self.add_all_while(batches, &|| true)?)
    }

    /// As [`ColumnPortfolio::add_all`], as long as `keep_on` says so; it is asked every few thousand rows, by every
    /// thread. Once it has said no, nothing has been added: the portfolio is what it was before.
    ///
    /// # Errors
    /// As [`ColumnPortfolio::add_all`].
    pub fn add_all_while(
        &mut self,
        batches: &[RecordBatch],
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Vec<Vec<Refused>>>, Error> {
        let batches = batches.iter().map(|batch| self.read(batch)).collect::<Result<Vec<_>, _>>()?;
        let mut pieces = Vec::new();
        for (number, batch) in batches.iter().enumerate() {
            pieces.extend((0..batch.num_rows()).step_by(PIECE).map(|start| (number, start)));
        }
        let threads = rayon::current_num_threads().min(pieces.len());
        let next = AtomicUsize::new(0);
        // One portfolio for each thread, not for each piece: keys are few, pieces may be many.
        let work = |_| -> Result<Option<Part>, Error> {
            let (mut mine, mut refused) = (self.empty(), Vec::new());
            while let Some(&(number, start)) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
                let Some(batch) = batches.get(number) else { break };
                let piece = batch.slice(start, PIECE.min(batch.num_rows() - start));
                let Some(found) = mine.add_pieces(&piece, keep_on)? else { return Ok(None) };
                refused
                    .extend(found.into_iter().map(|one| (number, Refused { row: start + one.row, ..one })));
            }
            Ok(Some((mine, refused)))
        };
        let parts: Vec<Option<Part>> =
            (0..threads).into_par_iter().with_max_len(1).map(work).collect::<Result<_, _>>()?;
        let mut sum = self.clone();
        let mut refused: Vec<Vec<Refused>> = batches.iter().map(|_| Vec::new()).collect();
        for part in parts {
            let Some((part, rows)) = part.filter(|_| keep_on()) else { return Ok(None) };
            if sum.sums.rows() == 0 {
                sum = part;
            } else {
                sum.merge(&part)?;
            }
            for (number, row) in rows {
                if let Some(list) = refused.get_mut(number) {
                    list.push(row);
                }
            }
        }
        for list in &mut refused {
            list.sort_unstable_by_key(|one| one.row);
        }
        *self = sum;
        Ok(Some(refused))
    }
}
