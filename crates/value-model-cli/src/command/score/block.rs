//! A piece of a wide table scored by columns: for models whose answers are all numbers.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt8Type};
use arrow_array::{Array, Float64Array, RecordBatch, UInt8Array};
use arrow_schema::ArrowError;
use value_model::Error;
use value_model::block::{Column, FIXED};
use value_model::scorecard::{Outcome, Score};
use value_model_arrow::{ColumnScorer, Settings};

use super::gathered;
use super::row::{Batch, Job, Room};
use super::sheet::{self, Sheet};
use crate::input::records::{Piece, Row};
use crate::message::{Failure, Refused};
use crate::output::flat::Line;

/// The model matched to the numbers of a wide table; none when one at a time is the way.
pub(super) fn by_columns(job: &Job<'_>) -> Option<ColumnScorer> {
    let (table, mapping) = gathered::table(job.scorer, job.matched.numbers()?);
    let mut columns = FIXED.to_vec();
    columns.extend(Column::groups(job.scorer));
    ColumnScorer::new(job.scorer, &table, &mapping, Settings { context: job.context, columns }).ok()
}

impl Job<'_> {
    /// Scores the records of a piece by columns.
    ///
    /// # Errors
    /// What the form of the output says.
    pub(super) fn score_columns(
        &self,
        columns: &ColumnScorer,
        batch: &mut Batch,
        room: &mut Room<'_>,
    ) -> Result<(), Failure> {
        self.gather(batch, room);
        let table = room.gathered.take().map_err(|error| unfit(&error))?;
        let scored = columns.score(&table)?;
        let mut without: Vec<usize> = Vec::new();
        for refused in scored.refused {
            without.push(refused.row);
            again(&mut batch.piece, room, refused.row);
            batch.refused.push(self.refusal(refused.error, room));
        }
        for row in std::mem::take(&mut room.gathered.unreadable) {
            if without.binary_search(&row).is_err() {
                let line = again(&mut batch.piece, room, row);
                batch.refused.extend(self.not_utf8(line));
                without.push(row);
            }
        }
        without.sort_unstable();
        batch.refused.sort_by_key(|refused| refused.line);
        put(&scored.results, &without, batch, room)
    }

    /// Why the record that was read again is refused, told as if it had been scored alone.
    fn refusal(&self, error: Error, room: &mut Room<'_>) -> Refused {
        let Room { row, reader, cells, workspace, .. } = room;
        if let Err(refused) = self.matched.cells(row, self.scorer, reader, cells) {
            return refused;
        }
        let alone = self.scorer.score(cells, &self.context, workspace).err();
        self.matched.by(alone.unwrap_or(error), row, self.scorer)
    }

    /// Reads the records of a piece into columns; rows that cannot be read are refused.
    fn gather(&self, batch: &mut Batch, room: &mut Room<'_>) {
        let Room { reader, fields, row, gathered, cells, .. } = room;
        gathered.clear();
        while batch.piece.read(fields) {
            batch.rows += 1;
            gathered.row.clear();
            let quick = self.matched.quick((&batch.piece.bytes, fields), self.scorer, reader, |cell| {
                gathered.row.extend(cell.and_then(gathered::number));
            });
            if !quick {
                row.copy(&mut batch.piece, fields);
                let named = self.matched.account(row).map(|_| ());
                let read = named.and_then(|()| self.matched.cells(row, self.scorer, reader, cells));
                if let Err(refused) = read {
                    batch.refused.push(refused);
                    continue;
                }
                let all = self.matched.numbers().into_iter().flatten();
                gathered.row.clear();
                gathered.row.extend(all.filter_map(|measure| gathered::number(*cells.get(measure)?)));
            }
            let texts = self.matched.attributes.iter().map(|place| fields.get(&batch.piece.bytes, *place));
            gathered.push(fields.start(), self.matched.name(&batch.piece.bytes, fields), texts);
        }
    }
}

/// A record that was read before.
fn again<'r>(piece: &mut Piece, room: &'r mut Room<'_>, row: usize) -> &'r Row {
    let start = room.gathered.starts.get(row).copied().unwrap_or_default();
    piece.read_from(start, &mut room.fields);
    room.row.copy(piece, &room.fields);
    &room.row
}

/// Writes the rows of a piece but these.
fn put(
    results: &RecordBatch,
    without: &[usize],
    batch: &mut Batch,
    room: &mut Room<'_>,
) -> Result<(), Failure> {
    let results = Results::of(results);
    let mut next = without.iter().peekable();
    let rows = (0..results.rows).filter(|row| next.next_if(|skipped| *skipped == row).is_none());
    let texts = &mut room.gathered.texts;
    match &mut room.sheet {
        Sheet::Lines(columns, numbers) => {
            for row in rows {
                let score = results.score(row);
                batch.tally.count(score.score);
                let mut texts = texts.iter().map(|texts| texts.get(row));
                let name = texts.next().unwrap_or_default();
                let line = Line::of_score(name, &score, columns);
                sheet::line((columns, numbers), &line, results.more(row), texts, &mut batch.made.text);
            }
        }
        Sheet::Rows(_, layout, encoder) => {
            rows.for_each(|row| batch.tally.count(results.score(row).score));
            let mut texts = texts.iter_mut().enumerate().map(|(place, texts)| texts.take(place > 0));
            let names = texts.next().transpose().map_err(|error| unfit(&error))?;
            let kept = texts.collect::<Result<_, _>>().map_err(|error| unfit(&error))?;
            let names = names.ok_or_else(|| Failure::new("invalid_input", "accounts without names"))?;
            let all = layout.batch(names, results.batch.columns(), kept)?;
            let parts = between(&all, without);
            if !parts.is_empty() {
                batch.made.group = Some(encoder.encode(parts)?);
            }
        }
    }
    Ok(())
}

/// The rows of a batch but these, which rise.
fn between(batch: &RecordBatch, without: &[usize]) -> Vec<RecordBatch> {
    let (mut parts, mut start) = (Vec::new(), 0);
    for end in without.iter().copied().chain([batch.num_rows()]) {
        if end > start {
            parts.push(batch.slice(start, end - start));
        }
        start = end + 1;
    }
    parts
}

/// The results of a batch, in the order of [`FIXED`], then the groups.
struct Results<'a> {
    batch: &'a RecordBatch,
    rows: usize,
    numbers: Vec<Option<&'a Float64Array>>,
    codes: Vec<Option<&'a UInt8Array>>,
}

impl<'a> Results<'a> {
    fn of(batch: &'a RecordBatch) -> Self {
        let columns = batch.columns();
        Self {
            batch,
            rows: batch.num_rows(),
            numbers: columns.iter().map(|column| column.as_primitive_opt::<Float64Type>()).collect(),
            codes: columns.iter().map(|column| column.as_primitive_opt::<UInt8Type>()).collect(),
        }
    }

    #[inline]
    fn number(&self, column: usize, row: usize) -> Option<f64> {
        let numbers = self.numbers.get(column).copied().flatten()?;
        numbers.is_valid(row).then(|| numbers.values().get(row).copied()).flatten()
    }

    #[inline]
    fn code(&self, column: usize, row: usize) -> Option<u8> {
        let codes = self.codes.get(column).copied().flatten()?;
        codes.is_valid(row).then(|| codes.values().get(row).copied()).flatten()
    }

    /// What every account has.
    #[inline]
    fn score(&self, row: usize) -> Score {
        let number = |column| self.number(column, row);
        Score {
            outcome: match self.code(8, row) {
                Some(0) => Outcome::Scored,
                Some(1) => Outcome::Insufficient,
                _ => Outcome::NotApplicable,
            },
            score: number(0),
            raw: None,
            band: self.code(1, row).map(u32::from),
            coverage: number(2).unwrap_or_default(),
            lower: number(3).unwrap_or_default(),
            upper: number(4).unwrap_or_default(),
            lower_band: self.code(5, row).map_or(u32::MAX, u32::from),
            validated_share: number(6).unwrap_or_default(),
            fresh_share: number(7).unwrap_or_default(),
        }
    }

    /// The scores and costs of groups.
    #[inline]
    fn more(&self, row: usize) -> impl Iterator<Item = Option<f64>> {
        (FIXED.len()..self.numbers.len()).map(move |column| self.number(column, row))
    }
}

/// Columns that do not fit together.
fn unfit(error: &ArrowError) -> Failure {
    Failure::new("invalid_input", error.to_string())
}
