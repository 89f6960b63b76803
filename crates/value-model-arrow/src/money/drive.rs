//! Scoring the rows of a batch: in blocks, on every thread, with a closer look at rows that need one.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use rayon::prelude::*;
use value_model::Error;
use value_model::answer::Source;
use value_model::block::{Bits, ROWS};
use value_model::metric::money::{Currency, Period};
use value_model::model::customer_value::columns::{Amounts, Block, Input, RUN, Run, Target, Three};
use value_model::model::customer_value::{
    CustomerValue, CustomerValueInput, Kind, Line, Method, customer_value,
};

use super::{ValueScorer, name};
use crate::dispatch::Path;
use crate::drive::{LARGE, PIECE, ones};
use crate::scorer::Refused;
use crate::source::valid;
use crate::tables::numbers;

/// A batch being scored.
pub(super) struct Drive<'a> {
    scorer: &'a ValueScorer,
    batch: &'a RecordBatch,
    path: Path,
    columns: [Option<Amount<'a>>; 6],
    /// The amounts of benefits, costs and alternative, if all are known; none of a column that the table does not have.
    plain: Option<[&'a [f64]; 5]>,
    /// Whether the results are too large for the caches.
    large: bool,
}

/// The amounts of one kind in the whole batch.
enum Amount<'a> {
    /// Read in place.
    Here(&'a [f64], Option<&'a NullBuffer>),
    /// Numbers of another type.
    Other(&'a ArrayRef),
}

/// What one thread works with.
#[derive(Default)]
struct Room {
    block: Block,
    columns: [Held; 6],
}

/// Amounts that are not read in place, and which are known.
#[derive(Default)]
struct Held {
    numbers: Vec<f64>,
    known: Bits,
}

/// A part of a batch: its rows, and where their results go.
type Piece<'a> = (Range<usize>, Vec<Target<'a>>);

impl<'a> Amount<'a> {
    fn new(column: &'a ArrayRef) -> Option<Self> {
        if matches!(column.data_type(), DataType::Null) {
            return None;
        }
        Some(match column.as_primitive_opt::<Float64Type>() {
            // A bitmap that holds no null is not looked at.
            Some(found) => Self::Here(found.values(), found.nulls().filter(|nulls| nulls.null_count() > 0)),
            None => Self::Other(column),
        })
    }

    /// The amounts in some rows.
    fn amounts<'r>(&'r self, start: usize, rows: usize, held: &'r mut Held) -> Amounts<'r> {
        let (values, nulls) = match self {
            Self::Here(values, nulls) => (values.get(start..start + rows).unwrap_or_default(), *nulls),
            Self::Other(column) => {
                // The column was found to hold numbers.
                held.numbers = numbers(&column.slice(start, rows)).unwrap_or_default();
                (held.numbers.as_slice(), column.nulls())
            }
        };
        let Some(nulls) = nulls else { return Amounts { values, valid: None } };
        valid(Some(nulls), start, rows, &mut held.known);
        Amounts { values, valid: Some(&held.known) }
    }

    fn amount(&self, row: usize) -> Option<f64> {
        let mut held = Held::default();
        let found = self.amounts(row, 1, &mut held);
        let known = found.valid.is_none_or(|bits| bits.first().is_some_and(|word| word & 1 != 0));
        found.values.first().copied().filter(|_| known)
    }
}

impl<'a> Drive<'a> {
    pub(super) fn new(scorer: &'a ValueScorer, batch: &'a RecordBatch, path: Path, targets: usize) -> Self {
        let column = |place: Option<usize>| place.and_then(|place| Amount::new(batch.column(place)));
        let large = batch.num_rows() * targets * size_of::<f64>() > LARGE;
        let columns = scorer.kinds.map(column);
        Self { scorer, batch, path, plain: plain(&columns), columns, large }
    }

    /// Scores every row, in pieces on all threads of the current pool, unless told to stop: then there is no result.
    pub(super) fn run(
        &self,
        targets: Vec<Target<'_>>,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Option<Vec<Refused>> {
        let pieces = cut(targets, self.batch.num_rows());
        let score = |(rows, targets): Piece<'_>| self.piece(rows, targets, keep_on);
        let done: Vec<Option<Vec<Refused>>> = if pieces.len() < 2 {
            pieces.into_iter().map(score).collect()
        } else {
            pieces.into_par_iter().map(score).collect()
        };
        let mut refused = Vec::new();
        for piece in done {
            refused.extend(piece?);
        }
        Some(refused)
    }

    fn piece(
        &self,
        rows: Range<usize>,
        mut targets: Vec<Target<'_>>,
        keep_on: &(dyn Fn() -> bool + Sync),
    ) -> Option<Vec<Refused>> {
        let mut room = Room::default();
        let mut refused = Vec::new();
        let mut start = rows.start;
        while start < rows.end {
            if !keep_on() {
                return None;
            }
            let end = rows.end.min(start + RUN);
            let at = start - rows.start;
            let done = self.long(start, end - start, &mut targets, at);
            let mut first = start + done;
            while first < end {
                let count = ROWS.min(end - first);
                let at = first - rows.start;
                let doubtful = self.block(first, count, &mut room, &mut targets, at);
                self.look(&doubtful, first, &mut targets, at, &mut refused);
                first += count;
            }
            start = end;
        }
        self.path.finish();
        Some(refused)
    }

    /// Scores rows by one long walk, if all amounts are known and fit, and says how many; block by block go the others.
    fn long(&self, start: usize, rows: usize, targets: &mut [Target<'_>], at: usize) -> usize {
        let whole = rows - rows % ROWS;
        let Some(columns) = &self.plain else { return 0 };
        let Some(mut three) = Three::of(targets, at, whole) else { return 0 };
        let amounts = columns
            .map(|column| column.get(start..start + whole).or(NOTHING.get(..whole)).unwrap_or_default());
        if self.path.run(&Run { amounts, stream: self.large }, &mut three) { whole } else { 0 }
    }

    /// Scores one by one the rows that need it.
    fn look(
        &self,
        doubtful: &Bits,
        start: usize,
        targets: &mut [Target<'_>],
        at: usize,
        refused: &mut Vec<Refused>,
    ) {
        for row in ones(doubtful) {
            let found = self.alone(start + row);
            for target in &mut *targets {
                let value = found.as_ref().ok().and_then(|value| target.column.of(value));
                put(target, at + row, value);
            }
            refused.extend(found.err().map(|error| Refused { row: start + row, error }));
        }
    }

    fn block(
        &self,
        start: usize,
        rows: usize,
        room: &mut Room,
        targets: &mut [Target<'_>],
        at: usize,
    ) -> Bits {
        let mut amounts = [None; 6];
        for ((place, column), room) in amounts.iter_mut().zip(&self.columns).zip(&mut room.columns) {
            *place = column.as_ref().map(|column| column.amounts(start, rows, room));
        }
        let alternative = self.scorer.settings.alternative;
        self.path.value(
            &mut room.block,
            &Input { rows, amounts, alternative, stream: self.large },
            targets,
            at,
        )
    }

    /// Scores one row as one customer is scored, and says exactly what is wrong with it.
    fn alone(&self, row: usize) -> Result<CustomerValue, Error> {
        // One currency and one period for all; which ones changes nothing.
        let Some(currency) = Currency::parse("XXX") else {
            return Err(Error::Missing { field: "currency".into() });
        };
        let mut kinds = Vec::new();
        let mut lines = Vec::new();
        for ((column, kind), place) in self.columns.iter().zip(Kind::ALL).zip(self.scorer.kinds) {
            let Some(amount) = column.as_ref().and_then(|column| column.amount(row)) else { continue };
            let line = Line::new(name(kind), kind, amount, currency, Period::Year);
            lines.push(line.source(Source::Measured).method(Method::Stated));
            kinds.push(place);
        }
        let mut input = CustomerValueInput::new(lines);
        input.alternative = self.scorer.settings.alternative;
        customer_value(&input).map_err(|error| {
            // The core names a line, the table a column.
            let line = (0..kinds.len()).find(|line| error.field() == format!("lines[{line}].amount"));
            let place = line.and_then(|line| kinds.get(line).copied().flatten());
            match place.and_then(|place| self.scorer.table.fields().get(place)) {
                Some(field) => error.at(field.name().clone()),
                None if error.field() == "lines" => error.at("columns"),
                None => error,
            }
        })
    }
}

/// The amounts of a run of an absent column.
static NOTHING: [f64; RUN] = [0.0; RUN];

/// The amounts of everybody, if they are known and read in place.
fn plain<'a>(columns: &[Option<Amount<'a>>; 6]) -> Option<[&'a [f64]; 5]> {
    let [tb, pb, tc, pc, ab, None] = columns else { return None };
    let known = |a: &Option<_>, b: &Option<_>| a.is_some() || b.is_some();
    let whole = |column: &Option<Amount<'a>>| match column {
        None => Some(&[][..]),
        Some(Amount::Here(values, None)) => Some(*values),
        Some(_) => None,
    };
    let columns = [whole(tb)?, whole(pb)?, whole(tc)?, whole(pc)?, whole(ab)?];
    (known(tb, pb) && known(tc, pc)).then_some(columns)
}

/// The targets of each piece.
fn cut(targets: Vec<Target<'_>>, rows: usize) -> Vec<Piece<'_>> {
    let pieces = rows.div_ceil(PIECE);
    let range = |piece: usize| piece * PIECE..rows.min((piece + 1) * PIECE);
    let mut out: Vec<Piece<'_>> = (0..pieces).map(|piece| (range(piece), Vec::new())).collect();
    for Target { column, values, valid } in targets {
        let parts = values.chunks_mut(PIECE).zip(valid.chunks_mut(PIECE / 8));
        for ((_, targets), (values, valid)) in out.iter_mut().zip(parts) {
            targets.push(Target { column, values, valid });
        }
    }
    out
}

/// Writes the value of one row, or that it has none.
fn put(target: &mut Target<'_>, row: usize, number: Option<f64>) {
    if let Some(value) = target.values.get_mut(row) {
        *value = number.unwrap_or(0.0);
    }
    if let Some(byte) = target.valid.get_mut(row / 8) {
        let bit = 1 << (row % 8);
        *byte = if number.is_some() { *byte | bit } else { *byte & !bit };
    }
}
