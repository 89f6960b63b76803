//! Results piece by piece, for whoever writes them on and never holds them all.

use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, Ordering};

use arrow_array::RecordBatch;
use rayon::prelude::*;
use value_model::Error;
use value_model::block::Target;

use crate::drive::{Drive, PIECE};
use crate::made::{self, Store};
use crate::scorer::{ColumnScorer, Scored};
use crate::stop::KeepOn;

/// Rows of a chunk, but for the last one.
pub const CHUNK: usize = PIECE;

/// The results of some rows of a batch that stand together.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The row of the batch that the first row of the results is about.
    pub start: usize,
    /// The results of the chunk. Refused rows are counted from the start of the batch, as [`ColumnScorer::score`] counts
    /// them, so [`Scored::codes`] is not for chunks: [`Chunk::codes`] is.
    pub scored: Scored,
}

/// A piece that was scored, or none, if it was stopped before.
type Piece = Result<Option<Chunk>, Error>;

impl Chunk {
    /// The code of each refused row of the chunk, null where the row was scored.
    pub fn codes(&self) -> arrow_array::ArrayRef {
        self.scored.codes_from(self.start)
    }
}

impl ColumnScorer {
    /// Scores a batch and hands the results over chunk by chunk, in the order of the rows: each has [`CHUNK`] of them, the
    /// last one what is left. The bits are those of [`ColumnScorer::score`].
    ///
    /// `each` runs on the calling thread while the threads of the current rayon pool score the chunks that come next. No
    /// more than two chunks for each of them are held at once, however long the batch is. A batch without rows has no
    /// chunks. Where `each` breaks off or fails, scoring ends within a few hundred rows; the scorer may be used again.
    ///
    /// # Errors
    /// What `each` fails with; as [`ColumnScorer::score`].
    ///
    /// # Examples
    /// ```
    /// use std::ops::ControlFlow;
    /// use std::sync::Arc;
    /// use arrow_array::{ArrayRef, Float64Array, RecordBatch};
    /// use value_model::block::Column;
    /// use value_model::scorecard::Context;
    /// use value_model_arrow::{CHUNK, Chunk, ColumnScorer, Mapping, Settings};
    /// let scorer = value_model::presets::scorecard("value-realization")?.compile()?;
    /// let usage = (0..CHUNK + 3).map(|row| if row == CHUNK + 1 { 7.0 } else { 0.5 });
    /// let usage: ArrayRef = Arc::new(usage.map(Some).collect::<Float64Array>());
    /// let batch = RecordBatch::try_from_iter([("full_usage", usage)]).expect("one column");
    /// let settings = Settings { context: Context::new("2026-11-01".parse()?), columns: vec![Column::Lower] };
    /// let columns = ColumnScorer::new(&scorer, &batch.schema(), &Mapping::default(), settings)?;
    /// let mut seen = Vec::new();
    /// columns.score_chunks(&batch, |chunk: Chunk| {
    ///     seen.push((chunk.start, chunk.scored.results.num_rows(), chunk.scored.refused.first().map(|one| one.row)));
    ///     Ok::<_, value_model::Error>(ControlFlow::Continue(()))
    /// })?;
    /// assert_eq!(seen, [(0, CHUNK, None), (CHUNK, 3, Some(CHUNK + 1))]);
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn score_chunks<E: From<Error>>(
        &self,
        batch: &RecordBatch,
        mut each: impl FnMut(Chunk) -> Result<ControlFlow<()>, E>,
    ) -> Result<ControlFlow<()>, E> {
        let drive = Drive::new(self, batch, self.checked(batch)?).in_caches();
        let stop = AtomicBool::new(false);
        let keep_on = || !stop.load(Ordering::Relaxed);
        let mut starts = (0..batch.num_rows()).step_by(CHUNK);
        let wave = rayon::current_num_threads();
        let mut ready: Vec<Piece> = Vec::new();
        loop {
            let ahead: Vec<usize> = starts.by_ref().take(wave).collect();
            if ahead.is_empty() && ready.is_empty() {
                return Ok(ControlFlow::Continue(()));
            }
            let mut next = Vec::new();
            let told = rayon::in_place_scope(|scope| {
                scope.spawn(|_| next = self.wave(&drive, &ahead, &keep_on));
                let told = hand_over(std::mem::take(&mut ready), &mut each);
                stop.store(!matches!(told, Ok(ControlFlow::Continue(()))), Ordering::Relaxed);
                told
            })?;
            if told.is_break() {
                return Ok(told);
            }
            ready = next;
        }
    }

    /// The chunks that begin in these rows, scored side by side.
    fn wave(&self, drive: &Drive<'_>, starts: &[usize], keep_on: KeepOn<'_>) -> Vec<Piece> {
        let chunk = |bench: &mut _, start: usize| -> Piece {
            let rows = Range { start, end: drive.batch.num_rows().min(start + CHUNK) };
            let columns = &self.settings().columns;
            let mut stores: Vec<Store> =
                columns.iter().map(|column| Store::new(*column, rows.len())).collect();
            let targets: Vec<Target<'_>> = stores.iter_mut().map(Store::target).collect();
            let count = rows.len();
            let Some(refused) = drive.piece(bench, rows, targets, keep_on) else { return Ok(None) };
            let results = made::table(self.schema(), stores, count)?;
            Ok(Some(Chunk { start, scored: Scored { results, refused } }))
        };
        starts
            .par_iter()
            .with_max_len(1)
            .map_init(|| drive.bench(), |bench, start| chunk(bench, *start))
            .collect()
    }
}

/// Gives chunks to whoever takes them, until told to stop.
fn hand_over<E: From<Error>>(
    ready: Vec<Piece>,
    each: &mut impl FnMut(Chunk) -> Result<ControlFlow<()>, E>,
) -> Result<ControlFlow<()>, E> {
    for piece in ready {
        if let Some(chunk) = piece?
            && each(chunk)?.is_break()
        {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}
