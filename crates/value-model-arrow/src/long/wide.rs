//! Accounts whose answers are plain numbers, laid out wide for the kernel of blocks.
//!
//! One answer to each measure, of which source, persona and day change nothing: that is most accounts of most tables.
//! All others are scored one by one and wait here for their place among the results.

use value_model::block::{Answers as Wanted, Bits, Block, Column, Input, NONE, ROWS};
use value_model::scale::Cell;
use value_model::scorecard::{Context, Details, Gathering, Pivot};
use value_model::{Date, Error};

use super::answers::Plain;
use super::results::Results;
use crate::dispatch::Path;
use crate::scorer::Refused;

/// What became of an account that was scored by itself: a value for each column, or a code.
pub(super) type Alone = Result<Vec<Option<f64>>, &'static str>;

/// From the numbers of one measure to those of the next: not a power of two, or the answers of an account would all fall
/// on the same few lines of the nearest cache.
const PITCH: usize = ROWS + 8;

/// A block of accounts being laid out.
#[derive(Debug)]
pub(super) struct Wide {
    path: Path,
    block: Block,
    context: Context,
    columns: Vec<Column>,
    /// Days since 1970 of the date of scoring.
    as_of: i32,
    /// Whether nobody asks for shares, so that source and day of a plain answer change nothing.
    no_shares: bool,
    /// By measure: the numbers of the block's accounts, who answered, and how many rows behind its first.
    values: Vec<f64>,
    valid: Vec<Bits>,
    offsets: Vec<u16>,
    /// By account: its first row.
    first_rows: Vec<usize>,
    accounts: usize,
    alone: Vec<(usize, Alone)>,
    spare: Gathering,
}

impl Wide {
    pub(super) fn new(pivot: &Pivot, context: Context, columns: &[Column]) -> Result<Self, Error> {
        let measures = pivot.scorer().measures().len();
        let shares = |column: &Column| matches!(column, Column::ValidatedShare | Column::FreshShare);
        Ok(Self {
            path: Path::best()?,
            block: Block::new(pivot.scorer(), columns),
            context,
            columns: columns.to_vec(),
            as_of: Date::from_days(0).map_or(0, |epoch| context.as_of.days_since(epoch)),
            no_shares: !columns.iter().any(shares),
            values: vec![0.0; measures * PITCH],
            valid: vec![NONE; measures],
            offsets: vec![0; measures * PITCH],
            first_rows: vec![0; ROWS],
            accounts: 0,
            alone: Vec::new(),
            spare: Gathering::default(),
        })
    }

    /// Whether nobody asks for shares, so that source and day of a plain answer change nothing.
    pub(super) const fn no_shares(&self) -> bool {
        self.no_shares
    }

    /// Lays out an account whose answers stand in these rows; false, and nothing is laid out, if it must be scored by
    /// itself.
    pub(super) fn lay(&mut self, plain: &Plain<'_>, start: usize, end: usize, before: usize) -> bool {
        if let Some(first) = self.first_rows.get_mut(self.accounts) {
            *first = before + start;
        }
        self.lay_rows(plain, start, end) || self.undo()
    }

    fn lay_rows(&mut self, plain: &Plain<'_>, start: usize, end: usize) -> bool {
        let (word, bit) = (self.accounts / 64, 1_u64 << (self.accounts % 64));
        // Slices, so that the loop holds them in registers.
        let (valid, values) = (self.valid.as_mut_slice(), self.values.as_mut_slice());
        let offsets = self.offsets.as_mut_slice();
        for (offset, answer) in plain.rows(start, end, self.as_of).enumerate() {
            let (Some((measure, number)), Ok(offset)) = (answer, u16::try_from(offset)) else { return false };
            let at = measure.wrapping_mul(PITCH).wrapping_add(self.accounts);
            let bits = valid.get_mut(measure).and_then(|bits| bits.get_mut(word));
            let (Some(bits), Some(value), Some(from)) = (bits, values.get_mut(at), offsets.get_mut(at))
            else {
                return false;
            };
            if *bits & bit != 0 {
                return false;
            }
            *bits |= bit;
            *value = number;
            *from = offset;
        }
        true
    }

    #[cold]
    fn undo(&mut self) -> bool {
        let (word, bit) = (self.accounts / 64, 1_u64 << (self.accounts % 64));
        for bits in self.valid.iter_mut().filter_map(|bits| bits.get_mut(word)) {
            *bits &= !bit;
        }
        false
    }

    /// Keeps the place of an account that was scored by itself.
    pub(super) fn stand_alone(&mut self, result: Alone) {
        self.alone.push((self.accounts, result));
    }

    /// Counts the account that was laid out or stands alone. Says whether the block is full.
    pub(super) fn next(&mut self) -> bool {
        self.accounts += 1;
        self.accounts == ROWS
    }

    /// Scores the block and writes its results.
    pub(super) fn flush(&mut self, pivot: &mut Pivot, results: &mut Results, refused: &mut Vec<Refused>) {
        if self.accounts == 0 {
            return;
        }
        let values = self.values.chunks_exact(PITCH).filter_map(|values| values.get(..ROWS));
        let lists = self.valid.iter().zip(values);
        let answers: Vec<Wanted<'_>> = lists
            .map(
                |(valid, values)| {
                    if *valid == NONE { Wanted::None } else { Wanted::Numbers { values, valid } }
                },
            )
            .collect();
        let input = Input { rows: self.accounts, answers: &answers, ages: None, context: self.context };
        let at = results.grow(self.accounts);
        let scorer = pivot.scorer().clone();
        let mut doubtful =
            results.with_targets(|targets| self.path.score(&mut self.block, &scorer, &input, targets, at));
        self.path.finish();
        for (place, result) in std::mem::take(&mut self.alone) {
            results.put(at + place, &result);
            if let Some(word) = doubtful.get_mut(place / 64) {
                *word &= !(1 << (place % 64));
            }
        }
        for place in (0..self.accounts).filter(|place| has(&doubtful, *place)) {
            let result = self.look(place, pivot, refused);
            results.put(at + place, &result);
        }
        self.valid.fill(NONE);
        self.accounts = 0;
    }

    /// Scores one account by itself, to say exactly what is wrong with it.
    fn look(&mut self, place: usize, pivot: &mut Pivot, refused: &mut Vec<Refused>) -> Alone {
        let (mut first_row, mut code) = (usize::MAX, None);
        for (measure, _) in self.valid.iter().enumerate().filter(|(_, valid)| has(valid, place)) {
            let at = measure * PITCH + place;
            let found = self.values.get(at).zip(self.offsets.get(at)).zip(self.first_rows.get(place));
            let Some(((value, offset), first)) = found else { continue };
            let row = first + usize::from(*offset);
            first_row = first_row.min(row);
            let added = pivot.add(&mut self.spare, measure, Cell::Number(*value), &Details::default());
            if let Err(error) = added {
                code = code.or(Some((row, error.code()))).min(Some((row, error.code())));
                refused.push(Refused { row, error });
            }
        }
        if let Some((_, code)) = code {
            self.spare.clear();
            return Err(code);
        }
        let score = pivot.score(&mut self.spare).map_err(|error| {
            let code = error.code();
            refused.push(Refused { row: first_row, error });
            code
        })?;
        Ok(pivot.values(&self.columns, &score))
    }
}

fn has(bits: &Bits, place: usize) -> bool {
    bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 != 0)
}
