//! Pieces of a long table of texts, read into columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::types::UInt16Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, RecordBatch, StringArray, UInt16Array};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType};
use value_model::scorecard::Scorer;

use super::answers::{Answers, Shape, all_numbers};
use crate::command::score::gathered::number;
use crate::input::cells::Cells;
use crate::input::long::Columns;
use crate::input::records::{Fields, Piece, Row};
use crate::input::texts::Texts;
use crate::message::Failure;

/// How a long table of texts is read, the same for every piece.
pub(super) struct Reading<'a> {
    scorer: &'a Scorer,
    shape: Shape,
    decimal: char,
    /// Whether values are numbers.
    numbers: bool,
    /// The ids of the measures, in the order of the model and in their own.
    ids: ArrayRef,
    sorted: Vec<(&'a str, u16)>,
}

/// The values of a piece.
enum Values {
    /// NaN where there is none.
    Numbers(Vec<f64>),
    Texts(Texts),
}

/// What a piece is read with.
struct Reader<'a> {
    reading: &'a Reading<'a>,
    cells: Cells,
    measures: Vec<u16>,
    values: Values,
    /// Every column but the first two.
    others: Vec<Texts>,
    lines: Vec<u64>,
    starts: Vec<usize>,
    names: Texts,
    odd: BTreeMap<usize, Row>,
    /// For each measure the one that came after it last time: most tables ask in the same order again and again.
    next: Vec<u16>,
    last: u16,
}

impl<'a> Reading<'a> {
    /// How a table with these columns is read; none for a model with more measures than there are small numbers.
    pub(super) fn new(scorer: &'a Scorer, columns: &Columns, decimal: char) -> Option<Self> {
        let numbers = all_numbers(scorer);
        let word = DataType::Dictionary(Box::new(DataType::UInt16), Box::new(DataType::Utf8));
        let value = if numbers { DataType::Float64 } else { DataType::Utf8 };
        let shape = Shape::new(columns, (word, value), &|_| DataType::Utf8);
        let ids = scorer.measures().iter().map(|measure| &*measure.id);
        let numbered = ids.clone().zip(0_u16..);
        let mut sorted: Vec<(&str, u16)> = numbered.collect();
        sorted.sort_unstable();
        let all: ArrayRef = Arc::new(ids.map(Some).collect::<StringArray>());
        (sorted.len() == scorer.measures().len()).then_some(Self {
            scorer,
            shape,
            decimal,
            numbers,
            ids: all,
            sorted,
        })
    }

    /// The columns that rows are read into.
    pub(super) const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Reads the rows of a piece.
    ///
    /// # Errors
    /// None is expected.
    pub(super) fn read(&self, mut piece: Piece) -> Result<Answers, Failure> {
        let mut reader = Reader {
            reading: self,
            cells: Cells::new(self.decimal),
            measures: Vec::new(),
            values: if self.numbers { Values::Numbers(Vec::new()) } else { Values::Texts(Texts::new()) },
            others: self.shape.places.iter().skip(2).map(|_| Texts::new()).collect(),
            lines: Vec::new(),
            starts: Vec::new(),
            names: Texts::new(),
            odd: BTreeMap::new(),
            next: vec![0; self.sorted.len()],
            last: 0,
        };
        let mut fields = Fields::default();
        while piece.read(&mut fields) {
            reader.begin(fields.get(&piece.bytes, self.shape.columns.account));
            if !reader.row(&piece.bytes, &fields) {
                let mut row = Row::default();
                row.copy(&mut piece, &fields);
                reader.blank(row);
            }
            reader.lines.push(piece.line(&fields));
        }
        reader.finish().map_err(|error| Failure::new("invalid_input", error.to_string()))
    }

    /// The number of a measure.
    fn find(&self, id: &[u8]) -> Option<u16> {
        let found = self.sorted.binary_search_by(|(known, _)| known.as_bytes().cmp(id)).ok()?;
        self.sorted.get(found).map(|(_, number)| *number)
    }

    fn id(&self, number: u16) -> Option<&str> {
        self.scorer.measures().get(usize::from(number)).map(|measure| &*measure.id)
    }
}

impl Reader<'_> {
    /// Notes whether another account begins here.
    #[inline]
    fn begin(&mut self, name: &[u8]) {
        let same = !self.starts.is_empty() && self.names.get(self.starts.len() - 1) == name;
        if !same {
            self.starts.push(self.lines.len());
            self.names.push(name);
        }
    }

    /// Reads a row; false for one that columns cannot hold.
    #[inline]
    fn row(&mut self, bytes: &[u8], fields: &Fields) -> bool {
        let (shape, scorer) = (&self.reading.shape, self.reading.scorer);
        let columns = &shape.columns;
        let is_text = |place: usize| std::str::from_utf8(fields.get(bytes, place)).is_ok();
        let others = shape.places.iter().skip(2).copied();
        // Beside a value before, yes is yes and not the number 1.
        let before = columns.before.is_some_and(|place| !fields.get(bytes, place).is_empty());
        if before || fields.len() != columns.width || !others.clone().chain(columns.note).all(is_text) {
            return false;
        }
        let Some(measure) = self.measure(fields.get(bytes, columns.measure)) else { return false };
        let value = fields.get(bytes, columns.value);
        match &mut self.values {
            Values::Numbers(numbers) => {
                let quick = self.cells.quick(bytes, fields.range(columns.value));
                let cell = quick.or_else(|| self.cells.other(scorer, measure.into(), value));
                let Some(number) = cell.and_then(number) else { return false };
                numbers.push(number);
            }
            Values::Texts(texts) => {
                let Ok(text) = std::str::from_utf8(value) else { return false };
                texts.push(self.cells.with_sign(text).as_bytes());
            }
        }
        self.measures.push(measure);
        for (texts, place) in self.others.iter_mut().zip(others) {
            texts.push(fields.get(bytes, place));
        }
        true
    }

    /// The number of a measure, which is probably the one that came after the last one before.
    #[inline]
    fn measure(&mut self, id: &[u8]) -> Option<u16> {
        let guess = self.next.get(usize::from(self.last)).copied().unwrap_or_default();
        let found = match self.reading.id(guess) {
            Some(known) if known.as_bytes() == id => guess,
            _ => self.reading.find(id)?,
        };
        if let Some(next) = self.next.get_mut(usize::from(self.last)) {
            *next = found;
        }
        self.last = found;
        Some(found)
    }

    /// Keeps the place of a row that columns cannot hold.
    #[cold]
    fn blank(&mut self, row: Row) {
        self.odd.insert(self.lines.len(), row);
        self.measures.push(0);
        match &mut self.values {
            Values::Numbers(numbers) => numbers.push(f64::NAN),
            Values::Texts(texts) => texts.push(b""),
        }
        self.others.iter_mut().for_each(|texts| texts.push(b""));
    }

    fn finish(self) -> Result<Answers, ArrowError> {
        let Self { reading, measures, values, others, lines, starts, names, odd, .. } = self;
        let words =
            DictionaryArray::<UInt16Type>::try_new(UInt16Array::from(measures), Arc::clone(&reading.ids))?;
        let values: ArrayRef = match values {
            Values::Texts(mut texts) => texts.take(true)?,
            Values::Numbers(numbers) => {
                let valid: NullBuffer = numbers.iter().map(|number| !number.is_nan()).collect();
                Arc::new(Float64Array::new(numbers.into(), Some(valid)))
            }
        };
        let mut columns: Vec<ArrayRef> = vec![Arc::new(words), values];
        for mut texts in others {
            columns.push(texts.take(true)?);
        }
        let table = RecordBatch::try_new(Arc::clone(&reading.shape.schema), columns)?;
        Ok(Answers { table, lines, odd, starts, names })
    }
}
