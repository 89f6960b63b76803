//! A table being scored: columns of numbers where they are, results in memory that becomes JavaScript's.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::{AsyncTask, Either, Float64Array, Float64ArraySlice, Uint8Array};
use napi::{Env, Task};
use napi_derive::napi;
use rayon::prelude::*;
use value_model::block::{Bits, Block, Input, Target, Values};
use value_model::scorecard::Scorer;
use value_model_arrow::Path;
use value_model_javascript::{Bench, Kernel, Packed, Refused, Sheet, refuse};

use crate::{NativeScorer, safely};

/// Rows that one thread scores at a time: fixed, so that nothing depends on how many threads there are.
const PIECE: usize = 64 * 1024;

/// Results of this many bytes do not fit into the caches: they are written past them.
const LARGE: usize = 16 * 1024 * 1024;

type Column = Either<Float64Array, Uint8Array>;

/// The instructions of this processor.
struct Instructions(Path);

impl Kernel for Instructions {
    fn score(
        &self,
        block: &mut Block,
        scorer: &Scorer,
        input: &Input<'_>,
        targets: &mut [Target<'_>],
        at: usize,
    ) -> Bits {
        self.0.score(block, scorer, input, targets, at)
    }

    fn present(&self, values: &[f64]) -> Bits {
        self.0.present(values)
    }
}

/// What scoring leaves behind for whoever asks.
#[derive(Debug, Default)]
struct State {
    stop: AtomicBool,
    pieces: AtomicU32,
    refused: Mutex<Vec<Refused>>,
}

/// A model matched to the columns of a table.
#[napi]
#[derive(Debug)]
pub struct NativeTable {
    sheet: Arc<Sheet>,
    state: Arc<State>,
}

#[napi]
impl NativeTable {
    /// Matches a model to a table.
    ///
    /// # Errors
    /// `!` and a refusal.
    #[napi(constructor, catch_unwind)]
    pub fn new(scorer: &NativeScorer, numbers: Float64ArraySlice<'_>, texts: String) -> napi::Result<Self> {
        let sheet = safely(|| Sheet::new(scorer.scorer(), Packed::new(&numbers, &texts)))?;
        Ok(Self { sheet: Arc::new(sheet), state: Arc::default() })
    }

    /// What to give, and what comes back.
    ///
    /// # Errors
    /// None is expected.
    #[napi(catch_unwind)]
    pub fn about(&self) -> napi::Result<String> {
        safely(|| self.sheet.about())
    }

    /// Takes a column of values, packed as a list.
    ///
    /// # Errors
    /// None is expected.
    #[napi(catch_unwind)]
    pub fn give(&mut self, place: u32, numbers: Float64ArraySlice<'_>, texts: String) -> napi::Result<()> {
        safely(|| {
            if let (Some(sheet), Ok(place)) = (Arc::get_mut(&mut self.sheet), usize::try_from(place)) {
                sheet.give(place, Packed::new(&numbers, &texts));
            }
            Ok(())
        })
    }

    /// Scores every row.
    ///
    /// # Errors
    /// `!` and a refusal.
    #[napi(catch_unwind)]
    pub fn score(&self, columns: Vec<Float64ArraySlice<'_>>) -> napi::Result<Vec<Column>> {
        let columns: Vec<&[f64]> = columns.iter().map(|column| &**column).collect();
        safely(|| run(&self.sheet, &self.state, &columns))
            .map(|results| results.into_iter().map(given).collect())
    }

    /// Scores every row on another thread. The numbers are copied first: whoever gave them may change them or give their
    /// memory away meanwhile.
    #[napi(catch_unwind)]
    pub fn score_async(&self, columns: Vec<Float64ArraySlice<'_>>) -> AsyncTask<Scoring> {
        let columns = columns.iter().map(|column| column.to_vec()).collect();
        AsyncTask::new(Scoring { sheet: Arc::clone(&self.sheet), state: Arc::clone(&self.state), columns })
    }

    /// Ends scoring on the other thread soon.
    #[napi(catch_unwind)]
    pub fn stop(&self) {
        self.state.stop.store(true, Ordering::Relaxed);
    }

    /// How many rows are done, about.
    #[napi(catch_unwind)]
    pub fn done(&self) -> f64 {
        let piece = u32::try_from(PIECE).unwrap_or(u32::MAX);
        f64::from(self.state.pieces.load(Ordering::Relaxed)) * f64::from(piece)
    }

    /// The refused rows as JSON.
    ///
    /// # Errors
    /// `!` and the first of them, where the options say so.
    #[napi(catch_unwind)]
    pub fn refusals(&self) -> napi::Result<String> {
        let refused = self.state.refused.lock().unwrap_or_else(PoisonError::into_inner);
        safely(|| self.sheet.refusals(&refused))
    }
}

/// Scoring on another thread.
#[derive(Debug)]
pub struct Scoring {
    sheet: Arc<Sheet>,
    state: Arc<State>,
    columns: Vec<Vec<f64>>,
}

impl Task for Scoring {
    type Output = Vec<Memory>;
    type JsValue = Vec<Column>;

    fn compute(&mut self) -> napi::Result<Vec<Memory>> {
        let columns: Vec<&[f64]> = self.columns.iter().map(Vec::as_slice).collect();
        safely(|| run(&self.sheet, &self.state, &columns))
    }

    fn resolve(&mut self, _: Env, results: Vec<Memory>) -> napi::Result<Vec<Column>> {
        Ok(results.into_iter().map(given).collect())
    }
}

/// The memory of a column of results.
#[derive(Debug)]
pub enum Memory {
    /// Numbers.
    Numbers(Vec<f64>),
    /// Codes.
    Codes(Vec<u8>),
}

fn given(memory: Memory) -> Column {
    match memory {
        Memory::Numbers(numbers) => Either::A(Float64Array::new(numbers)),
        Memory::Codes(codes) => Either::B(Uint8Array::new(codes)),
    }
}

/// Scores every row, in pieces on all threads.
fn run(sheet: &Sheet, state: &State, columns: &[&[f64]]) -> Result<Vec<Memory>, String> {
    let rows = sheet.rows();
    let path = Path::best().map_err(refuse)?;
    let wanted = sheet.results();
    let mut memory: Vec<Memory> =
        wanted
            .iter()
            .map(|column| {
                if column.is_code() { Memory::Codes(vec![0; rows]) } else { Memory::Numbers(vec![0.0; rows]) }
            })
            .collect();
    let mut valid: Vec<Vec<u8>> = wanted.iter().map(|_| vec![0; rows.div_ceil(8)]).collect();
    let targets = wanted.iter().zip(&mut memory).zip(&mut valid).map(|((&column, memory), valid)| {
        let values = match memory {
            Memory::Numbers(numbers) => Values::Numbers(numbers),
            Memory::Codes(codes) => Values::Codes(codes),
        };
        Target { column, values, valid }
    });
    let pieces = pieces(targets.collect(), rows);
    let large = rows * size_of::<f64>() * wanted.len() > LARGE;
    let keep_on = || !state.stop.load(Ordering::Relaxed);
    let piece = |bench: &mut Bench, (span, mut targets): (Range<usize>, Vec<Target<'_>>)| {
        let kernel = Instructions(path);
        let done =
            sheet.score(bench, &kernel, (columns, 0), (span.start, span.len()), &mut targets, &keep_on);
        path.finish();
        state.pieces.fetch_add(1, Ordering::Relaxed);
        done
    };
    let done: Vec<Option<Vec<Refused>>> = if pieces.len() < 2 {
        let mut bench = Bench::new(sheet, large);
        pieces.into_iter().map(|work| piece(&mut bench, work)).collect()
    } else {
        pieces.into_par_iter().map_init(|| Bench::new(sheet, large), piece).collect()
    };
    let mut refused = state.refused.lock().unwrap_or_else(PoisonError::into_inner);
    for piece in done {
        refused.extend(piece.into_iter().flatten());
    }
    Ok(memory)
}

/// The targets cut into pieces, each with its rows.
fn pieces(targets: Vec<Target<'_>>, rows: usize) -> Vec<(Range<usize>, Vec<Target<'_>>)> {
    let mut pieces = Vec::with_capacity(rows.div_ceil(PIECE));
    let (mut rest, mut start) = (targets, 0);
    while start < rows {
        let end = rows.min(start + PIECE);
        let (piece, after) = rest.into_iter().map(|target| target.split_at(end - start)).unzip();
        pieces.push((start..end, piece));
        (rest, start) = (after, end);
    }
    pieces
}
