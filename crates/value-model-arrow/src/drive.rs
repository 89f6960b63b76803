//! Scoring the rows of a batch: in blocks, on every thread, with a closer look at rows that need one.

use std::ops::Range;

use arrow_array::{ArrayRef, RecordBatch};
use rayon::prelude::*;
use value_model::answer::Missing;
use value_model::block::{Answers, Bits, Block, Column, Input, NONE, ROWS, Target, Values};
use value_model::scale::Cell;
use value_model::scorecard::Workspace;
use value_model::{Date, Error};

use crate::dispatch::Path;
use crate::read;
use crate::scorer::{ColumnScorer, Refused};
use crate::source::{LOOK, Room, Source};

/// Rows that one thread scores at a time: fixed, so that nothing depends on how many threads there are.
pub(crate) const PIECE: usize = 64 * 1024;

/// Results of this many bytes do not fit into the caches: they are written past them.
pub(crate) const LARGE: usize = 16 * 1024 * 1024;

/// The most measures whose answers are looked up without asking for memory.
const FEW: usize = 32;

/// A batch being scored.
pub(crate) struct Drive<'a> {
    pub(crate) columns: &'a ColumnScorer,
    pub(crate) batch: &'a RecordBatch,
    pub(crate) path: Path,
    sources: Vec<Source<'a>>,
    /// Whether the results are too large for the caches.
    large: bool,
}

/// What one thread works with.
pub(crate) struct Bench {
    block: Block,
    rooms: Vec<Room>,
    ages: Vec<Option<u32>>,
    workspace: Workspace,
}

impl<'a> Drive<'a> {
    pub(crate) fn new(columns: &'a ColumnScorer, batch: &'a RecordBatch, path: Path) -> Self {
        let scorer = columns.scorer();
        let sources = scorer.measures().iter().enumerate().map(|(measure, compiled)| {
            let column = columns.measure_column(measure).map(|place| batch.column(place));
            let numeric = compiled.scale.takes_numbers() && !scorer.has_missing_codes();
            Source::new(scorer, measure, column, numeric)
        });
        let numbers = columns.settings().columns.iter().filter(|column| !column.is_code()).count();
        let large = batch.num_rows() * numbers * size_of::<f64>() > LARGE;
        Self { columns, batch, path, sources: sources.collect(), large }
    }

    /// Scores every row, in pieces on all threads of the current pool, unless told to stop: then there is no result.
    pub(crate) fn run(
        &self,
        targets: Vec<Target<'_>>,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Option<Vec<Refused>> {
        let rows = self.batch.num_rows();
        let mut pieces: Vec<(Range<usize>, Vec<Target<'_>>)> = Vec::with_capacity(rows.div_ceil(PIECE));
        let mut rest = targets;
        let mut start = 0;
        while start < rows {
            let end = rows.min(start + PIECE);
            let (piece, after) = rest.into_iter().map(|target| target.split_at(end - start)).unzip();
            pieces.push((start..end, piece));
            rest = after;
            start = end;
        }
        let done: Vec<Option<Vec<Refused>>> = if pieces.len() < 2 {
            let mut bench = self.bench();
            pieces.into_iter().map(|(rows, targets)| self.piece(&mut bench, rows, targets, keep_on)).collect()
        } else {
            pieces
                .into_par_iter()
                .map_init(|| self.bench(), |bench, (rows, targets)| self.piece(bench, rows, targets, keep_on))
                .collect()
        };
        let mut refused = Vec::new();
        for piece in done {
            refused.extend(piece?);
        }
        Some(refused)
    }

    /// The same, for results that are taken from the caches before they leave them.
    pub(crate) fn in_caches(self) -> Self {
        Self { large: false, ..self }
    }

    pub(crate) fn bench(&self) -> Bench {
        let scorer = self.columns.scorer();
        let block = Block::new(scorer, &self.columns.settings().columns);
        Bench {
            block: block.streaming(self.large),
            rooms: self.sources.iter().map(|_| Room::default()).collect(),
            ages: Vec::new(),
            workspace: scorer.workspace(),
        }
    }

    /// Scores these rows of the batch; none, if told to stop. The targets begin with the first of them.
    pub(crate) fn piece(
        &self,
        bench: &mut Bench,
        rows: Range<usize>,
        mut targets: Vec<Target<'_>>,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Option<Vec<Refused>> {
        let mut refused = Vec::new();
        let mut start = rows.start;
        while start < rows.end {
            if !keep_on() {
                return None;
            }
            let count = ROWS.min(rows.end - start);
            if (start - rows.start).is_multiple_of(LOOK * ROWS) {
                let span = (start, (rows.end - start).min(LOOK * ROWS));
                self.sources.iter().zip(&mut bench.rooms).for_each(|(source, room)| source.look(span, room));
            }
            let doubtful = self.block(bench, start..start + count, &mut targets, start - rows.start);
            for row in ones(&doubtful) {
                let at = start - rows.start + row;
                if let Err(error) = self.row(start + row, &mut bench.workspace, &mut targets, at) {
                    refused.push(Refused { row: start + row, error });
                }
            }
            start += count;
        }
        self.path.finish();
        Some(refused)
    }

    /// Scores a block and says which rows need a closer look.
    fn block(&self, bench: &mut Bench, rows: Range<usize>, targets: &mut [Target<'_>], at: usize) -> Bits {
        let scorer = self.columns.scorer();
        let mut doubtful = NONE;
        let (mut few, mut many) = ([Answers::None; FEW], Vec::new());
        let answers = few.get_mut(..self.sources.len()).unwrap_or_else(|| {
            many.resize(self.sources.len(), Answers::None);
            &mut many
        });
        let rooms = bench.rooms.iter_mut().zip(&mut *answers);
        for (measure, (source, (room, answers))) in self.sources.iter().zip(rooms).enumerate() {
            let span = (rows.start, rows.len(), at / ROWS);
            *answers = source.answers((scorer, measure), span, room, &mut doubtful);
        }
        bench.ages.clear();
        if let Some(place) = self.columns.on() {
            let column = self.batch.column(place);
            for row in rows.clone() {
                let age = self.age(column, row);
                bench.ages.push(age.unwrap_or_else(|_| {
                    mark(&mut doubtful, row - rows.start);
                    None
                }));
            }
        }
        let input = Input {
            rows: rows.len(),
            answers,
            ages: self.columns.on().map(|_| bench.ages.as_slice()),
            context: self.columns.settings().context,
        };
        let more = self.path.score(&mut bench.block, scorer, &input, targets, at);
        for (all, more) in doubtful.iter_mut().zip(more) {
            *all |= more;
        }
        doubtful
    }

    /// How old the answers of a row are.
    fn age(&self, column: &ArrayRef, row: usize) -> Result<Option<u32>, Error> {
        let as_of = self.columns.settings().context.as_of;
        match self.day(column, row)? {
            Some(day) => value_model::answer::age_days(day, as_of).map(Some),
            None => Ok(None),
        }
    }

    /// The day of a row's answers.
    fn day(&self, column: &ArrayRef, row: usize) -> Result<Option<Date>, Error> {
        let default = self.columns.settings().context.default_on;
        if read::is_absent(column, row) {
            return Ok(default);
        }
        match (read::day(column, row), read::text(column, row)) {
            (Some(day), _) => day.map(Some),
            (None, Some("")) => Ok(default),
            (None, Some(text)) => Date::parse(text).map(Some).ok_or_else(|| Error::InvalidDate {
                field: "".into(),
                value: value_model::error::excerpt(text),
            }),
            (None, None) => Err(read::unreadable(column)),
        }
    }

    /// Scores one row as one account is scored, and says exactly what is wrong with it.
    fn row(
        &self,
        row: usize,
        workspace: &mut Workspace,
        targets: &mut [Target<'_>],
        at: usize,
    ) -> Result<(), Error> {
        for target in &mut *targets {
            put(target, at, None);
        }
        let scorer = self.columns.scorer();
        let mut cells = Vec::with_capacity(scorer.measures().len());
        for measure in 0..scorer.measures().len() {
            cells.push(match self.columns.measure_column(measure) {
                Some(place) => read::cell(scorer, measure, self.batch.column(place), row)
                    .map_err(|error| error.at(self.columns.name(place).to_owned()))?,
                None => Cell::Missing(Missing::NoData),
            });
        }
        let mut context = self.columns.settings().context;
        if let Some(place) = self.columns.on() {
            let named = |error: Error| error.at(self.columns.name(place).to_owned());
            context.default_on = self.day(self.batch.column(place), row).map_err(named)?;
            if let Some(day) = context.default_on {
                value_model::answer::age_days(day, context.as_of).map_err(named)?;
            }
        }
        let score = scorer.score(&cells, &context, workspace).map_err(|error| self.in_columns(error))?;
        let columns: Vec<Column> = targets.iter().map(|target| target.column).collect();
        for (target, value) in targets.iter_mut().zip(scorer.values(&columns, &score, workspace)) {
            put(target, at, value);
        }
        Ok(())
    }

    /// An error of the engine in the table's words: the column instead of the measure.
    fn in_columns(&self, error: Error) -> Error {
        let measure = error.field().strip_prefix("answers.").and_then(|rest| {
            let id = rest.split(['[', '.']).next().unwrap_or(rest);
            self.columns.scorer().measure_index(id).ok()
        });
        match measure.and_then(|measure| self.columns.measure_column(measure)) {
            Some(place) => error.at(self.columns.name(place).to_owned()),
            None => error,
        }
    }
}

/// Writes the value of one row, or that it has none.
fn put(target: &mut Target<'_>, row: usize, number: Option<f64>) {
    match &mut target.values {
        Values::Numbers(values) => {
            if let Some(value) = values.get_mut(row) {
                *value = number.unwrap_or(0.0);
            }
        }
        Values::Codes(values) => {
            if let Some(value) = values.get_mut(row) {
                *value = number.map_or(0, num_traits::AsPrimitive::as_);
            }
        }
    }
    if let Some(byte) = target.valid.get_mut(row / 8) {
        let bit = 1 << (row % 8);
        *byte = if number.is_some() { *byte | bit } else { *byte & !bit };
    }
}

fn mark(bits: &mut Bits, row: usize) {
    if let Some(word) = bits.get_mut(row / 64) {
        *word |= 1 << (row % 64);
    }
}

/// The rows whose bit is set.
pub(crate) fn ones(bits: &Bits) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(index, &word)| {
        // Each step takes away the lowest bit.
        std::iter::successors(Some(word), |word| Some(word & word.wrapping_sub(1)))
            .take_while(|word| *word != 0)
            .map(move |word| index * 64 + usize::try_from(word.trailing_zeros()).unwrap_or(0))
    })
}
