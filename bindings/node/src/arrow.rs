//! A table of Arrow being scored: a file or stream in, a stream of results out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::writer::StreamWriter;
use bytes::Bytes;
use napi::bindgen_prelude::{AsyncTask, Float64ArraySlice, Uint8Array, Uint8ArraySlice};
use napi::{Env, Task};
use napi_derive::napi;
use rayon::prelude::*;
use value_model::Error;
use value_model::scorecard::Scorer;
use value_model_arrow::ipc::{Batches, Problem};
use value_model_arrow::{Frame, FrameSettings, Mapping, Settings};
use value_model_javascript::{ArrowOptions, Packed, refuse};

use crate::{NativeScorer, safely};

/// Rows that are read before they are scored: enough for every thread, few enough for memory.
const AHEAD: usize = 256 * 1024;

/// The name of the table in refusals.
const TABLE: &str = "table";

/// What whoever waits may say and ask.
#[derive(Debug, Default)]
struct State {
    stop: AtomicBool,
    done: AtomicU64,
    rows: AtomicU64,
}

#[derive(Debug)]
struct Job {
    scorer: Scorer,
    options: ArrowOptions,
    state: State,
}

/// How a table of Arrow is scored.
#[napi]
#[derive(Debug)]
pub struct NativeArrow(Arc<Job>);

#[napi]
impl NativeArrow {
    /// Reads the options.
    ///
    /// # Errors
    /// `!` and a refusal.
    #[napi(constructor, catch_unwind)]
    pub fn new(scorer: &NativeScorer, numbers: Float64ArraySlice<'_>, texts: String) -> napi::Result<Self> {
        let options = safely(|| ArrowOptions::new(Packed::new(&numbers, &texts)))?;
        Ok(Self(Arc::new(Job { scorer: scorer.scorer().clone(), options, state: State::default() })))
    }

    /// Scores every row. The table is read where it is.
    ///
    /// # Errors
    /// `!` and a refusal.
    #[napi(catch_unwind)]
    pub fn score(&self, table: Uint8Array) -> napi::Result<Uint8Array> {
        // Held until nothing reads it any more, so that it is this thread that gives it back.
        let table = Bytes::from_owner(table);
        safely(|| self.0.run(&Buffer::from(table.clone())).map_err(refuse)).map(Uint8Array::new)
    }

    /// Scores every row on another thread. The table is copied first: whoever gave it may change it meanwhile.
    #[napi(catch_unwind)]
    pub fn score_async(&self, table: Uint8ArraySlice<'_>) -> AsyncTask<Scoring> {
        AsyncTask::new(Scoring { job: Arc::clone(&self.0), table: Buffer::from_vec(table.to_vec()) })
    }

    /// Ends scoring on the other thread soon.
    #[napi(catch_unwind)]
    pub fn stop(&self) {
        self.0.state.stop.store(true, Ordering::Relaxed);
    }

    /// How many rows are done.
    #[napi(catch_unwind)]
    pub fn done(&self) -> f64 {
        number(&self.0.state.done)
    }

    /// How many rows there are; 0 before the table has been looked at.
    #[napi(catch_unwind)]
    pub fn rows(&self) -> f64 {
        number(&self.0.state.rows)
    }
}

/// Rows as a number of JavaScript.
fn number(rows: &AtomicU64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "progress, of fewer rows than memory holds")]
    let rows = rows.load(Ordering::Relaxed) as f64;
    rows
}

/// Scoring on another thread.
#[derive(Debug)]
pub struct Scoring {
    job: Arc<Job>,
    table: Buffer,
}

impl Task for Scoring {
    type Output = Vec<u8>;
    type JsValue = Uint8Array;

    fn compute(&mut self) -> napi::Result<Vec<u8>> {
        safely(|| self.job.run(&self.table).map_err(refuse))
    }

    fn resolve(&mut self, _: Env, results: Vec<u8>) -> napi::Result<Uint8Array> {
        Ok(Uint8Array::new(results))
    }
}

impl Job {
    /// The results of a table as a stream of Arrow.
    fn run(&self, table: &Buffer) -> Result<Vec<u8>, Error> {
        let rows = Batches::memory(table.clone()).and_then(Batches::count).map_err(wrong)?;
        self.state.rows.store(rows, Ordering::Relaxed);
        let keep_on = || !self.state.stop.load(Ordering::Relaxed);
        let all = Batches::memory(table.clone()).map_err(wrong)?;
        // All columns at first: a name that is none is explained by those that there are.
        let frame = self.frame(&all)?;
        let shape = frame.score(&RecordBatch::new_empty(Arc::clone(all.schema())), 0, &keep_on)?;
        let reads = frame.reads(all.schema());
        let mut batches = all.only(&reads);
        let frame = self.frame(&batches)?;
        let mut out =
            StreamWriter::try_new(Vec::new(), &shape.schema()).map_err(|error| unwritten(&error))?;
        let mut start = 0;
        loop {
            let (group, rows) = ahead(&mut batches, start)?;
            if group.is_empty() {
                break;
            }
            for scored in side_by_side(&frame, group, &keep_on)? {
                out.write(&scored).map_err(|error| unwritten(&error))?;
            }
            start += rows;
            self.state.done.store(start as u64, Ordering::Relaxed);
        }
        out.into_inner().map_err(|error| unwritten(&error))
    }

    /// The model, matched to the columns that are read.
    fn frame(&self, batches: &Batches) -> Result<Frame, Error> {
        let Self { scorer, options, .. } = self;
        let schema = batches.read_schema();
        let account = || schema.column_with_name("account").map(|_| "account".to_owned());
        let how = FrameSettings {
            settings: Settings { context: options.context(), columns: options.results(scorer)? },
            mapping: Mapping { measures: options.columns(), on: options.on() },
            keep: options.keep.clone().unwrap_or_else(|| account().into_iter().collect()),
            refuse_nan: options.refuses_nan(),
            raise: options.raises(),
        };
        Frame::new(scorer, schema, how)
    }
}

/// The next batches, each with the number of its first row, and how many rows they have.
fn ahead(batches: &mut Batches, start: usize) -> Result<(Vec<(usize, RecordBatch)>, usize), Error> {
    let (mut group, mut rows) = (Vec::new(), 0);
    while rows < AHEAD {
        let Some(batch) = batches.next_batch().map_err(wrong)? else { break };
        let first = start + rows;
        rows += batch.num_rows();
        group.push((first, batch));
    }
    Ok((group, rows))
}

/// Many small batches are scored side by side, one large one by pieces.
fn side_by_side(
    frame: &Frame,
    group: Vec<(usize, RecordBatch)>,
    keep_on: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<RecordBatch>, Error> {
    let one = |(start, batch): (usize, RecordBatch)| frame.score(&batch, start, keep_on);
    if group.len() < 2 {
        group.into_iter().map(one).collect()
    } else {
        group.into_par_iter().map(one).collect()
    }
}

fn wrong(problem: Problem) -> Error {
    problem.refusal(TABLE)
}

/// A column that is kept, of a type that the format does not have.
fn unwritten(error: &arrow_schema::ArrowError) -> Error {
    Error::Invalid { field: "keep".into(), reason: value_model::error::excerpt(&error.to_string()) }
}
