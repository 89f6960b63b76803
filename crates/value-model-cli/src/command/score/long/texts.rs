//! Pieces of a long table of texts, read into columns.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow_array::types::UInt16Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, RecordBatch, StringArray, UInt16Array};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use value_model::scorecard::Scorer;

use super::answers::{Answers, Shape};
use super::words::{Days, Words};
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
    /// By measure: whether its answers are numbers.
    numbers: Vec<bool>,
    /// Whether values are texts in the pieces to come.
    texts: AtomicBool,
    /// The ids of the measures, in the order of the model and in their own.
    ids: ArrayRef,
    by_id: Vec<(&'a str, u16)>,
}

/// The values of a piece.
enum Values {
    /// NaN where there is none.
    Numbers(Vec<f64>),
    Texts(Texts),
}

/// A column beside the value.
enum Other {
    Words(Words),
    Days(Days),
    Texts(Texts),
}

/// What became of a row.
enum Seen {
    Read,
    /// It stands in the columns as far as its place goes.
    Odd,
    /// Values must be read as texts, from the first row of the piece on.
    Texts,
}

/// What a piece is read with.
struct Reader<'a> {
    reading: &'a Reading<'a>,
    cells: Cells,
    measures: Vec<u16>,
    values: Values,
    /// Every column but the first two.
    others: Vec<Other>,
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
    pub(super) fn new(
        scorer: &'a Scorer,
        columns: &Columns,
        (decimal, sorted): (char, bool),
    ) -> Option<Self> {
        let measures = scorer.measures();
        let number = |takes: bool| takes && !scorer.has_missing_codes();
        let numbers: Vec<bool> =
            measures.iter().map(|measure| number(measure.scale.takes_numbers())).collect();
        // Pieces that wait for each other must be alike; those of a sorted table need not be.
        let all = numbers.iter().all(|number| *number);
        let texts = if sorted { !numbers.contains(&true) } else { !all };
        let word = DataType::Dictionary(Box::new(DataType::UInt16), Box::new(DataType::Utf8));
        let value = if texts { DataType::Utf8 } else { DataType::Float64 };
        let shape = Shape::new(columns, (word, value), &|place| match Some(place) {
            on if on == columns.on => DataType::Date32,
            before if before == columns.before => DataType::Utf8,
            _ => Words::kind(),
        });
        let ids = measures.iter().map(|measure| &*measure.id);
        let mut by_id: Vec<(&str, u16)> = ids.clone().zip(0_u16..).collect();
        by_id.sort_unstable();
        let ids: ArrayRef = Arc::new(ids.map(Some).collect::<StringArray>());
        let texts = AtomicBool::new(texts);
        (by_id.len() == measures.len()).then_some(Self { scorer, shape, decimal, numbers, texts, ids, by_id })
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
        let mut reader = self.reader(self.texts.load(Ordering::Relaxed));
        let mut fields = Fields::default();
        while piece.read(&mut fields) {
            reader.begin(fields.get(&piece.bytes, self.shape.columns.account));
            match reader.row(&piece.bytes, &fields) {
                Seen::Read => {}
                Seen::Odd => {
                    let mut row = Row::default();
                    row.copy(&mut piece, &fields);
                    reader.blank(row);
                }
                Seen::Texts => {
                    // Where some answers are no numbers, those of the next pieces hardly are.
                    self.texts.store(true, Ordering::Relaxed);
                    reader = self.reader(true);
                    piece.rewind();
                    continue;
                }
            }
            reader.lines.push(piece.line(&fields));
        }
        reader.finish().map_err(|error| Failure::new("invalid_input", error.to_string()))
    }

    fn reader(&self, texts: bool) -> Reader<'_> {
        let other = |field: &Arc<Field>| match field.data_type() {
            DataType::Date32 => Other::Days(Days::default()),
            DataType::Utf8 => Other::Texts(Texts::new()),
            _ => Other::Words(Words::default()),
        };
        Reader {
            reading: self,
            cells: Cells::new(self.decimal),
            measures: Vec::new(),
            values: if texts { Values::Texts(Texts::new()) } else { Values::Numbers(Vec::new()) },
            others: self.shape.schema.fields().iter().skip(2).map(other).collect(),
            lines: Vec::new(),
            starts: Vec::new(),
            names: Texts::new(),
            odd: BTreeMap::new(),
            next: vec![0; self.by_id.len()],
            last: 0,
        }
    }

    /// The number of a measure.
    fn find(&self, id: &[u8]) -> Option<u16> {
        let found = self.by_id.binary_search_by(|(known, _)| known.as_bytes().cmp(id)).ok()?;
        self.by_id.get(found).map(|(_, number)| *number)
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

    /// Reads a row, unless columns cannot hold it.
    #[inline]
    fn row(&mut self, bytes: &[u8], fields: &Fields) -> Seen {
        let (shape, scorer) = (&self.reading.shape, self.reading.scorer);
        let columns = &shape.columns;
        let get = |place: usize| std::str::from_utf8(fields.get(bytes, place)).ok();
        // Beside a value before, yes is yes and not the number 1.
        let before = columns.before.is_some_and(|place| !fields.get(bytes, place).is_empty());
        if before
            || fields.len() != columns.width
            || columns.note.is_some_and(|place| get(place).is_none())
            || !self
                .others
                .iter_mut()
                .zip(shape.places.iter().skip(2))
                .all(|(other, place)| other.takes(get(*place)))
        {
            return Seen::Odd;
        }
        let Some(measure) = self.measure(fields.get(bytes, columns.measure)) else { return Seen::Odd };
        let value = fields.get(bytes, columns.value);
        match &mut self.values {
            Values::Numbers(numbers) => {
                let mut number_of = || {
                    let quick = self.cells.quick(bytes, fields.range(columns.value));
                    quick.or_else(|| self.cells.other(scorer, measure.into(), value)).and_then(number)
                };
                let is_number = self.reading.numbers.get(usize::from(measure)).is_some_and(|number| *number);
                match if is_number { number_of() } else { Some(f64::NAN).filter(|_| value.is_empty()) } {
                    Some(number) => numbers.push(number),
                    None if is_number => return Seen::Odd,
                    None => return Seen::Texts,
                }
            }
            Values::Texts(texts) => {
                let Ok(text) = std::str::from_utf8(value) else { return Seen::Odd };
                texts.push(self.cells.with_sign(text).as_bytes());
            }
        }
        self.measures.push(measure);
        for (other, place) in self.others.iter_mut().zip(shape.places.iter().skip(2)) {
            other.push(get(*place).unwrap_or_default());
        }
        Seen::Read
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
        self.others.iter_mut().for_each(|other| other.push(""));
    }

    fn finish(self) -> Result<Answers, ArrowError> {
        let Self { reading, mut measures, values, others, mut lines, starts, names, odd, .. } = self;
        // Pieces may wait for each other, and should take no more than they need.
        measures.shrink_to_fit();
        lines.shrink_to_fit();
        let words =
            DictionaryArray::<UInt16Type>::try_new(UInt16Array::from(measures), Arc::clone(&reading.ids))?;
        let values: ArrayRef = match values {
            Values::Texts(mut texts) => texts.take(true)?,
            Values::Numbers(mut numbers) => {
                numbers.shrink_to_fit();
                let is_some = |row: usize| numbers.get(row).is_some_and(|number| !number.is_nan());
                let valid = NullBuffer::new(BooleanBuffer::collect_bool(numbers.len(), is_some));
                Arc::new(Float64Array::new(numbers.into(), Some(valid)))
            }
        };
        let mut columns: Vec<ArrayRef> = vec![Arc::new(words), values];
        for other in others {
            columns.push(other.finish()?);
        }
        let mut fields = reading.shape.schema.fields().to_vec();
        if let (Some(field), Some(values)) = (fields.get_mut(1), columns.get(1)) {
            *field = Arc::new(Field::new(field.name(), values.data_type().clone(), true));
        }
        let table = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?;
        Ok(Answers { table, lines, odd, starts, names })
    }
}

impl Other {
    /// Whether a text can stand here, if it is one.
    #[inline]
    fn takes(&mut self, text: Option<&str>) -> bool {
        match (self, text) {
            (Self::Days(days), Some(text)) => days.read(text).is_ok(),
            (_, text) => text.is_some(),
        }
    }

    #[inline]
    fn push(&mut self, text: &str) {
        match self {
            Self::Words(words) => words.push(text),
            Self::Days(days) => {
                let day = days.read(text).unwrap_or_default();
                days.push(day);
            }
            Self::Texts(texts) => texts.push(text.as_bytes()),
        }
    }

    fn finish(self) -> Result<ArrayRef, ArrowError> {
        match self {
            Self::Words(words) => words.finish(),
            Self::Days(days) => Ok(days.finish()),
            Self::Texts(mut texts) => texts.take(true),
        }
    }
}
