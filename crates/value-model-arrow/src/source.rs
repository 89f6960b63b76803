//! The answers of one measure in an Arrow column, block by block.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType};
use arrow_buffer::NullBuffer;
use arrow_buffer::bit_chunk_iterator::BitChunks;
use arrow_schema::DataType;
use num_traits::AsPrimitive;
use value_model::Error;
use value_model::answer::Missing;
use value_model::block::{Answers, Bits, NONE, ROWS};
use value_model::scale::Cell;
use value_model::scorecard::Scorer;

use crate::dispatch::fetch;
use crate::{decimals, read};

/// A column resolved once, so that its rows need no more questions.
pub(crate) enum Source<'a> {
    /// The table has no such column, or it is null throughout.
    None,
    /// Numbers that are read in place.
    InPlace(&'a [f64], Option<&'a NullBuffer>),
    /// Numbers of another type.
    Numbers(&'a ArrayRef, Fill),
    /// Texts by dictionary: each distinct text is read once.
    Dictionary(&'a ArrayRef, Vec<Result<Cell, Error>>),
    /// Everything else, read row by row.
    Rows(&'a ArrayRef),
}

/// Turns rows of a column into numbers.
type Fill = fn(&ArrayRef, usize, &mut [f64]);

/// Room for the answers of one measure in a block.
#[derive(Default)]
pub(crate) struct Room {
    numbers: Vec<f64>,
    cells: Vec<Cell>,
    /// Who answered, for the blocks that were looked at together.
    valid: [Bits; LOOK],
}

/// Blocks whose bitmaps are looked at together. A processor that reads long columns side by side loses its place in them
/// when it has to go and look at a dozen bitmaps; so it goes seldom.
pub(crate) const LOOK: usize = 16;

impl<'a> Source<'a> {
    /// Looks at the type of a column. `numeric` says that a number is read as it stands: the scale is one of numbers,
    /// and no number means "missing".
    pub(crate) fn new(scorer: &Scorer, measure: usize, column: Option<&'a ArrayRef>, numeric: bool) -> Self {
        let Some(column) = column else { return Self::None };
        match column.data_type() {
            DataType::Null => Self::None,
            DataType::Dictionary(_, _) => Self::Dictionary(column, dictionary(scorer, measure, column)),
            DataType::Float64 if numeric => match column.as_primitive_opt::<Float64Type>() {
                Some(values) => Self::InPlace(values.values(), values.nulls()),
                None => Self::Rows(column),
            },
            other => match filler(other).filter(|_| numeric) {
                Some(fill) => Self::Numbers(column, fill),
                None => Self::Rows(column),
            },
        }
    }

    /// Looks who answered in the next rows: at most [`LOOK`] blocks.
    pub(crate) fn look(&self, (start, rows): (usize, usize), room: &mut Room) {
        let nulls = match self {
            Self::None | Self::Rows(_) => return,
            Self::InPlace(_, nulls) => *nulls,
            Self::Numbers(column, _) | Self::Dictionary(column, _) => column.nulls(),
        };
        for (block, out) in (0..rows.div_ceil(ROWS)).zip(&mut room.valid) {
            let from = block * ROWS;
            valid(nulls, start + from, ROWS.min(rows - from), out);
        }
    }

    /// The answers in `rows` rows from `start` on. A row that cannot be read is marked in `refused`.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a copy of what it gives would wait for what was written just before"
    )]
    pub(crate) fn answers<'r>(
        &'r self,
        (scorer, measure): (&Scorer, usize),
        (start, rows, block): (usize, usize, usize),
        room: &'r mut Room,
        refused: &mut Bits,
    ) -> Answers<'r> {
        let known = room.valid.get(block % LOOK).unwrap_or(&NONE);
        match self {
            Self::None => Answers::None,
            Self::InPlace(values, _) => {
                let values = values.get(start..start + rows).unwrap_or_default();
                Answers::Numbers { values, valid: known }
            }
            Self::Numbers(column, fill) => {
                room.numbers.resize(ROWS, 0.0);
                fill(column, start, room.numbers.get_mut(..rows).unwrap_or_default());
                Answers::Numbers { values: &room.numbers, valid: known }
            }
            Self::Dictionary(column, cells) => {
                room.cells.clear();
                for row in 0..rows {
                    let key = has(known, row).then(|| read::key(column, start + row));
                    room.cells.push(match key.map(|key| key.and_then(|key| cells.get(key))) {
                        None => Cell::Missing(Missing::NoData),
                        Some(Some(Ok(cell))) => *cell,
                        Some(None | Some(Err(_))) => mark(refused, row),
                    });
                }
                Answers::Cells(&room.cells)
            }
            Self::Rows(column) => {
                room.cells.clear();
                for row in 0..rows {
                    let cell = read::cell(scorer, measure, column, start + row);
                    room.cells.push(cell.unwrap_or_else(|_| mark(refused, row)));
                }
                Answers::Cells(&room.cells)
            }
        }
    }
}

/// Marks a row and stands in for its answer.
fn mark(refused: &mut Bits, row: usize) -> Cell {
    if let Some(word) = refused.get_mut(row / 64) {
        *word |= 1 << (row % 64);
    }
    Cell::Missing(Missing::NoData)
}

fn has(bits: &Bits, row: usize) -> bool {
    bits.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 != 0)
}

/// One bit per row that holds a value, written in place: a copy would wait for what was written just before.
pub(crate) fn valid(nulls: Option<&NullBuffer>, start: usize, rows: usize, out: &mut Bits) {
    match nulls {
        None => {
            for (index, word) in out.iter_mut().enumerate() {
                let left = rows.saturating_sub(index * 64);
                *word = if left >= 64 { u64::MAX } else { (1 << left) - 1 };
            }
        }
        Some(nulls) => {
            let first = nulls.offset() + start;
            // A block reads two lines of a bitmap, which no processor expects: a sixth of the time was waiting for them.
            fetch(nulls.validity(), (first + ROWS) / 8, ROWS / 8 + 63);
            let whole =
                nulls.validity().get(first / 8..first / 8 + ROWS / 8).filter(|_| first.is_multiple_of(8));
            if let Some(bytes) = whole.filter(|_| rows == ROWS) {
                for (word, bytes) in out.iter_mut().zip(bytes.chunks_exact(8)) {
                    *word = bytes.try_into().map_or(0, u64::from_le_bytes);
                }
                return;
            }
            *out = NONE;
            let chunks = BitChunks::new(nulls.validity(), first, rows);
            for (word, bits) in out.iter_mut().zip(chunks.iter_padded()) {
                *word = bits;
            }
        }
    }
}

/// Every distinct text of a dictionary as an answer.
fn dictionary(scorer: &Scorer, measure: usize, column: &ArrayRef) -> Vec<Result<Cell, Error>> {
    let Some(dictionary) = column.as_any_dictionary_opt() else { return Vec::new() };
    let values = dictionary.values();
    (0..values.len()).map(|row| read::cell(scorer, measure, values, row)).collect()
}

fn filler(found: &DataType) -> Option<Fill> {
    fn fill<T: ArrowPrimitiveType>(column: &ArrayRef, start: usize, out: &mut [f64])
    where
        T::Native: AsPrimitive<f64>,
    {
        let Some(values) = column.as_primitive_opt::<T>() else { return };
        let rows = values.values().get(start..start + out.len()).unwrap_or_default();
        for (out, value) in out.iter_mut().zip(rows) {
            *out = value.as_();
        }
    }
    Some(match found {
        DataType::Float64 => fill::<Float64Type>,
        DataType::Float32 => fill::<Float32Type>,
        DataType::Float16 => fill::<Float16Type>,
        DataType::Int8 => fill::<Int8Type>,
        DataType::Int16 => fill::<Int16Type>,
        DataType::Int32 => fill::<Int32Type>,
        DataType::Int64 => fill::<Int64Type>,
        DataType::UInt8 => fill::<UInt8Type>,
        DataType::UInt16 => fill::<UInt16Type>,
        DataType::UInt32 => fill::<UInt32Type>,
        DataType::UInt64 => fill::<UInt64Type>,
        kind if decimals::are(kind) => decimals::fill,
        _ => return None,
    })
}
