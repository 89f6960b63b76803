//! Scoring the rows of a table block by block, with a closer look at rows that need one.

use value_model::answer::Missing;
use value_model::block::{Answers, Bits, Block, Input, NONE, ROWS, Target, Values};
use value_model::scale::Cell;
use value_model::scorecard::Workspace;
use value_model::{Date, Error};

use super::source::{Entry, Source, Span, cell, day, number_cell, present};
use super::{Kernel, NO_CODE, Sheet};

/// Why a row has no result.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The row, from 0 at the start of the table.
    pub row: usize,
    /// What is wrong with it.
    pub error: Error,
}

/// What one thread works with.
#[derive(Debug)]
pub struct Bench {
    block: Block,
    cells: Vec<Vec<Cell>>,
    valid: Vec<Bits>,
    ages: Vec<Option<u32>>,
    workspace: Workspace,
}

/// The columns of numbers, and which row of the table their first one is.
#[derive(Clone, Copy, Debug)]
struct Numbers<'a> {
    columns: &'a [&'a [f64]],
    offset: usize,
}

impl Bench {
    /// Room to work in. `large` says that the results do not fit into the caches.
    pub fn new(sheet: &Sheet, large: bool) -> Self {
        Self {
            block: Block::new(&sheet.scorer, &sheet.results).streaming(large),
            cells: sheet.sources.iter().map(|_| Vec::new()).collect(),
            valid: vec![NONE; sheet.sources.len()],
            ages: Vec::new(),
            workspace: sheet.scorer.workspace(),
        }
    }
}

impl Sheet {
    /// Scores as many rows as the targets have room for, from `start` on; the first row of the columns of numbers is the
    /// row `offset` of the table. Says nothing when told to stop.
    pub fn score(
        &self,
        bench: &mut Bench,
        kernel: &impl Kernel,
        (columns, offset): (&[&[f64]], usize),
        (start, rows): (usize, usize),
        targets: &mut [Target<'_>],
        keep_on: &dyn Fn() -> bool,
    ) -> Option<Vec<Refused>> {
        let numbers = Numbers { columns, offset };
        let mut refused = Vec::new();
        let mut at = 0;
        while at < rows {
            if !keep_on() {
                return None;
            }
            let count = ROWS.min(rows - at);
            let doubtful = self.block(bench, kernel, numbers, (start + at, count), targets, at);
            for row in ones(&doubtful) {
                let (row, at) = (start + at + row, at + row);
                if let Err(error) = self.row(bench, numbers, row, targets, at) {
                    refused.push(Refused { row, error });
                }
            }
            for target in &mut *targets {
                mark_missing(target, at, count);
            }
            at += count;
        }
        Some(refused)
    }

    /// Scores a block and says which rows need a closer look.
    fn block(
        &self,
        bench: &mut Bench,
        kernel: &impl Kernel,
        numbers: Numbers<'_>,
        (start, rows): (usize, usize),
        targets: &mut [Target<'_>],
        at: usize,
    ) -> Bits {
        let mut doubtful = NONE;
        let span = Span { start: start - numbers.offset, rows, nan: self.nan };
        let mut in_place: Vec<Option<&[f64]>> = Vec::with_capacity(self.sources.len());
        let rooms = bench.cells.iter_mut().zip(&mut bench.valid);
        for (measure, (source, (cells, valid))) in self.sources.iter().zip(rooms).enumerate() {
            cells.clear();
            in_place.push(self.in_place(measure, source, numbers, span));
            if let Some(Some(values)) = in_place.last() {
                *valid = present(kernel, values, span.nan);
                continue;
            }
            if matches!(source, Source::None) {
                continue;
            }
            for row in 0..rows {
                cells.push(self.cell(numbers, measure, start + row).unwrap_or_else(|_| {
                    mark(&mut doubtful, row);
                    Cell::Missing(Missing::NoData)
                }));
            }
        }
        let rooms = bench.cells.iter().zip(&bench.valid);
        let answers = self.sources.iter().zip(in_place).zip(rooms).map(|room| match room {
            ((Source::None, _), _) => Answers::None,
            ((_, Some(values)), (_, valid)) => Answers::Numbers { values, valid },
            (_, (cells, _)) => Answers::Cells(cells),
        });
        let answers: Vec<Answers<'_>> = answers.collect();
        bench.ages.clear();
        if self.on.is_some() {
            for row in 0..rows {
                bench.ages.push(self.age(start + row).unwrap_or_else(|_| {
                    mark(&mut doubtful, row);
                    None
                }));
            }
        }
        let ages = self.on.as_ref().map(|_| bench.ages.as_slice());
        let input = Input { rows, answers: &answers, ages, context: self.context };
        let more = kernel.score(&mut bench.block, &self.scorer, &input, targets, at);
        for (all, more) in doubtful.iter_mut().zip(more) {
            *all |= more;
        }
        doubtful
    }

    /// The numbers of a column that are answers as they stand: the scale is one of numbers, and none means "missing".
    fn in_place<'a>(
        &self,
        measure: usize,
        source: &Source,
        numbers: Numbers<'a>,
        span: Span,
    ) -> Option<&'a [f64]> {
        let Source::Numbers(place) = source else { return None };
        let measure = self.scorer.measures().get(measure)?;
        let reads = !self.scorer.has_missing_codes() && measure.scale.takes_numbers();
        let column = numbers.columns.get(*place).copied().unwrap_or_default();
        reads.then(|| column.get(span.start..span.start + span.rows).unwrap_or_default())
    }

    /// The answer to a measure in one row, with the error in the table's words.
    fn cell(&self, numbers: Numbers<'_>, measure: usize, row: usize) -> Result<Cell, Error> {
        let read = match self.sources.get(measure) {
            Some(Source::Numbers(place)) => {
                let column = numbers.columns.get(*place);
                let number = column.and_then(|column| column.get(row - numbers.offset)).copied();
                number_cell(&self.scorer, measure, number.unwrap_or(f64::NAN), self.nan)
            }
            Some(Source::Values(place)) => {
                let entry = self.values.get(*place).and_then(|column| column.get(row));
                cell(&self.scorer, measure, entry.unwrap_or(&Entry::Nothing), self.nan)
            }
            Some(Source::None) | None => Ok(Cell::Missing(Missing::NoData)),
        };
        read.map_err(|error| error.at(self.names.get(measure).cloned().unwrap_or_default()))
    }

    /// The day of a row's answers, with the error in the table's words.
    fn day(&self, row: usize) -> Result<Option<Date>, Error> {
        let Some((place, name)) = &self.on else { return Ok(self.context.default_on) };
        let entry = self.values.get(*place).and_then(|column| column.get(row)).unwrap_or(&Entry::Nothing);
        let found = day(entry).map_err(|error| error.at(name.clone()))?;
        Ok(found.or(self.context.default_on))
    }

    fn age(&self, row: usize) -> Result<Option<u32>, Error> {
        let Some(day) = self.day(row)? else { return Ok(None) };
        let named =
            |error: Error| error.at(self.on.as_ref().map_or_else(String::new, |(_, name)| name.clone()));
        value_model::answer::age_days(day, self.context.as_of).map(Some).map_err(named)
    }

    /// Scores one row as one account is scored, and says exactly what is wrong with it.
    fn row(
        &self,
        bench: &mut Bench,
        numbers: Numbers<'_>,
        row: usize,
        targets: &mut [Target<'_>],
        at: usize,
    ) -> Result<(), Error> {
        for target in &mut *targets {
            put(target, at, None);
        }
        let mut cells = Vec::with_capacity(self.sources.len());
        for measure in 0..self.sources.len() {
            cells.push(self.cell(numbers, measure, row)?);
        }
        let mut context = self.context;
        if self.on.is_some() {
            self.age(row)?;
            context.default_on = self.day(row)?;
        }
        let score = self.scorer.score(&cells, &context, &mut bench.workspace);
        let score = score.map_err(|error| self.in_columns(error))?;
        let found = self.scorer.values(&self.results, &score, &mut bench.workspace);
        for (target, value) in targets.iter_mut().zip(found) {
            put(target, at, value);
        }
        Ok(())
    }

    /// An error of the engine in the table's words: the column instead of the measure.
    fn in_columns(&self, error: Error) -> Error {
        let measure = error.field().strip_prefix("answers.").and_then(|rest| {
            let id = rest.split(['[', '.']).next().unwrap_or(rest);
            self.scorer.measure_index(id).ok()
        });
        let reads =
            measure.filter(|measure| !matches!(self.sources.get(*measure), Some(Source::None) | None));
        match reads.and_then(|measure| self.names.get(measure)) {
            Some(name) => error.at(name.clone()),
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
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a code from 0 to 254"
                )]
                let code = number.unwrap_or(0.0) as u8;
                *value = code;
            }
        }
    }
    if let Some(byte) = target.valid.get_mut(row / 8) {
        let bit = 1 << (row % 8);
        *byte = if number.is_some() { *byte | bit } else { *byte & !bit };
    }
}

/// Arrays of JavaScript have no "missing": NaN stands for it among numbers, [`NO_CODE`] among codes.
fn mark_missing(target: &mut Target<'_>, at: usize, rows: usize) {
    let bytes = target.valid.get(at / 8..(at + rows).div_ceil(8)).unwrap_or_default();
    for (place, byte) in bytes.iter().enumerate().filter(|(_, byte)| **byte != u8::MAX) {
        for bit in (0..8).filter(|bit| byte >> bit & 1 == 0) {
            let row = at + place * 8 + bit;
            if row >= at + rows {
                break;
            }
            match &mut target.values {
                Values::Numbers(values) => {
                    if let Some(value) = values.get_mut(row) {
                        *value = f64::NAN;
                    }
                }
                Values::Codes(values) => {
                    if let Some(value) = values.get_mut(row) {
                        *value = NO_CODE;
                    }
                }
            }
        }
    }
}

fn mark(bits: &mut Bits, row: usize) {
    if let Some(word) = bits.get_mut(row / 64) {
        *word |= 1 << (row % 64);
    }
}

/// The rows whose bit is set.
fn ones(bits: &Bits) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(index, &word)| {
        // Each step takes away the lowest bit.
        std::iter::successors(Some(word), |word| Some(word & word.wrapping_sub(1)))
            .take_while(|word| *word != 0)
            .map(move |word| index * 64 + usize::try_from(word.trailing_zeros()).unwrap_or(0))
    })
}
