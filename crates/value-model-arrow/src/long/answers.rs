//! The answers of a piece of a long table: everything that repeats is looked up once.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type};
use arrow_array::{Array, ArrayRef, Date32Array, RecordBatch};
use arrow_buffer::NullBuffer;
use value_model::answer::{Missing, Source, Value};
use value_model::error::excerpt;
use value_model::scale::Cell;
use value_model::scorecard::{Details, Gathering, Persona, Pivot};
use value_model::{Date, Error, suggest};

use super::columns::Places;
use crate::keys::{KeyColumn, index};
use crate::read;
use crate::tables::{is_text, text};

const SOURCES: [(&str, Source); 4] = [
    ("vendor_asserted", Source::VendorAsserted),
    ("customer_provided", Source::CustomerProvided),
    ("validated_with_persona", Source::ValidatedWithPersona),
    ("measured", Source::Measured),
];
const REASONS: [(&str, Missing); 4] = [
    ("not_applicable", Missing::NotApplicable),
    ("no_data", Missing::NoData),
    ("stale", Missing::Stale),
    ("unvalidated", Missing::Unvalidated),
];

/// A column of words: what each distinct one stands for, found once.
#[derive(Debug)]
struct Words<T> {
    keys: KeyColumn,
    /// By the number of the word.
    meaning: Vec<Result<Option<T>, Error>>,
    /// The number of the word in each row; empty where the table has no such column.
    rows: Vec<u32>,
}

/// The answers of the current piece.
#[derive(Debug, Default)]
pub(super) struct Answers {
    measures: Words<usize>,
    /// By the number of its word: the measure, if its numbers count as they stand.
    plain: Vec<Option<usize>>,
    sources: Words<Source>,
    personas: Words<Persona>,
    missing: Words<Missing>,
    numbers: Option<ArrayRef>,
    values: Option<ArrayRef>,
    on: Option<ArrayRef>,
    before: Option<ArrayRef>,
}

/// A piece in which rows may be plain numbers.
pub(super) struct Plain<'a> {
    numbers: &'a [f64],
    nulls: Option<&'a NullBuffer>,
    /// The number of the word in each row.
    words: &'a [u32],
    /// By the number of a word: the measure, if its numbers count as they stand.
    known: &'a [Option<usize>],
    details: Option<(&'a Words<Source>, Option<&'a Date32Array>)>,
}

impl Plain<'_> {
    /// The measures that these rows answer with numbers that count as they stand, and the numbers; none for any other row.
    #[inline]
    pub(super) fn rows(
        &self,
        start: usize,
        end: usize,
        as_of: i32,
    ) -> impl Iterator<Item = Option<(usize, f64)>> {
        let words = self.words.get(start..end).unwrap_or_default();
        let numbers = self.numbers.get(start..end).unwrap_or_default();
        words.iter().zip(numbers).enumerate().map(move |(offset, (word, number))| {
            let row = start + offset;
            if self.nulls.is_some_and(|nulls| nulls.is_null(row)) || !self.is_clear(row, as_of) {
                return None;
            }
            (*self.known.get(index(*word))?).map(|measure| (measure, *number))
        })
    }

    /// Whether what is said about the answer of a row is understood, and known on the day of scoring.
    #[inline]
    fn is_clear(&self, row: usize, as_of: i32) -> bool {
        let Some((sources, days)) = self.details else { return true };
        let later = |days: &Date32Array| days.is_valid(row) && days.value(row) > as_of;
        sources.is_known(row) && !days.is_some_and(later)
    }
}

impl Answers {
    /// The piece, if its rows may be plain numbers.
    pub(super) fn plain(&self, no_shares: bool) -> Option<Plain<'_>> {
        let numbers = self.numbers.as_ref()?.as_primitive_opt::<Float64Type>()?;
        let detailed = !self.sources.rows.is_empty() || self.on.is_some();
        if self.before.is_some() || !self.missing.rows.is_empty() || (detailed && !no_shares) {
            return None;
        }
        let days = match &self.on {
            None => None,
            Some(days) => Some(days.as_primitive_opt::<Date32Type>()?),
        };
        Some(Plain {
            numbers: numbers.values(),
            nulls: numbers.nulls().filter(|nulls| nulls.null_count() > 0),
            words: &self.measures.rows,
            known: &self.plain,
            details: detailed.then_some((&self.sources, days)),
        })
    }

    /// Looks up the words of a piece.
    pub(super) fn read(
        &mut self,
        piece: &RecordBatch,
        places: &Places,
        pivot: &mut Pivot,
    ) -> Result<(), Error> {
        let scorer = pivot.scorer().clone();
        let column = |place: Option<usize>| place.map(|place| piece.column(place));
        let measure = |word: &str| scorer.measure_index(word).map_err(|error| error.at("measure"));
        self.measures.read(column(Some(places.measure)), measure)?;
        for known in self.measures.meaning.iter().skip(self.plain.len()) {
            let measure = known.as_ref().ok().copied().flatten();
            self.plain.push(measure.filter(|measure| pivot.is_plain(*measure)));
        }
        self.sources.read(column(places.source), |word| named("source", word, &SOURCES))?;
        self.missing.read(column(places.missing), |word| named("missing", word, &REASONS))?;
        self.personas.read(column(places.persona), |word| Ok(pivot.persona(word)))?;
        let values = piece.column(places.value);
        let number = values.as_primitive_opt::<Float64Type>().is_some();
        self.numbers = number.then(|| values.clone());
        self.values = Some(values.clone());
        self.on = column(places.on).cloned();
        self.before = column(places.before).cloned();
        Ok(())
    }

    /// Adds the answer of a row to its account.
    #[inline]
    pub(super) fn add(&self, row: usize, pivot: &Pivot, account: &mut Gathering) -> Result<usize, Error> {
        let Some(measure) = self.measures.get(row)? else {
            return Err(Error::Missing { field: "measure".into() });
        };
        let cell = self.cell(row, measure, pivot)?;
        let details = Details {
            source: self.sources.get(row)?,
            persona: self.personas.get(row)?,
            on: self.on.as_ref().map_or(Ok(None), |column| day(column, row))?,
            before: self.before.as_ref().map_or(Ok(None), |column| number(column, row))?,
        };
        pivot.add(account, measure, cell, &details)
    }

    #[inline]
    fn cell(&self, row: usize, measure: usize, pivot: &Pivot) -> Result<Cell, Error> {
        let said = self.missing.get(row)?;
        let cell = if let Some(numbers) = &self.numbers {
            let numbers = numbers.as_primitive::<Float64Type>();
            match numbers.values().get(row) {
                Some(number) if numbers.is_valid(row) => {
                    pivot.scorer().read(measure, &Value::Number(*number))?
                }
                _ => Cell::Missing(Missing::NoData),
            }
        } else if let Some(values) = &self.values {
            if is_text(values.data_type()) {
                pivot.scorer().read_text(measure, text(values, row).unwrap_or_default())?
            } else {
                read::cell(pivot.scorer(), measure, values, row)?
            }
        } else {
            Cell::Missing(Missing::NoData)
        };
        match said {
            None => Ok(cell),
            Some(reason) if matches!(cell, Cell::Missing(Missing::NoData)) => Ok(Cell::Missing(reason)),
            Some(_) => Err(Error::Conflict {
                field: "missing".into(),
                reason: "stands beside a value; an answer has one of them".into(),
            }),
        }
    }
}

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self { keys: KeyColumn::default(), meaning: vec![Ok(None)], rows: Vec::new() }
    }
}

impl<T: Copy> Words<T> {
    fn read(
        &mut self,
        column: Option<&ArrayRef>,
        mut meaning: impl FnMut(&str) -> Result<T, Error>,
    ) -> Result<(), Error> {
        let Some(column) = column else { return Ok(()) };
        self.keys.number(column, &mut self.rows)?;
        for number in self.meaning.len()..self.keys.len() {
            let word = self.keys.text(number).unwrap_or_default();
            // An empty cell of a table says nothing.
            self.meaning.push(if word.is_empty() { Ok(None) } else { meaning(&word).map(Some) });
        }
        Ok(())
    }

    /// Whether a row says nothing, or something that is understood.
    #[inline]
    fn is_known(&self, row: usize) -> bool {
        let number = self.rows.get(row).map_or(0, |number| index(*number));
        self.meaning.get(number).is_none_or(Result::is_ok)
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<T>, Error> {
        match self.rows.get(row).and_then(|number| self.meaning.get(index(*number))) {
            None => Ok(None),
            Some(Ok(found)) => Ok(*found),
            Some(Err(error)) => Err(error.clone()),
        }
    }
}

fn named<T: Copy>(field: &'static str, word: &str, known: &[(&str, T)]) -> Result<T, Error> {
    let found = known.iter().find(|(name, _)| *name == word);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| Error::UnknownId {
        field: field.into(),
        id: excerpt(word),
        suggestion: suggest::nearest(word, known.iter().map(|(name, _)| *name)),
    })
}

/// The day in a row; none where it is null or empty.
pub(super) fn day(column: &ArrayRef, row: usize) -> Result<Option<Date>, Error> {
    if column.is_null(row) {
        return Ok(None);
    }
    if let Some(day) = read::day(column, row) {
        return day.map(Some).map_err(|error| error.at("on"));
    }
    match text(column, row) {
        None | Some("") => Ok(None),
        Some(text) => match Date::parse(text) {
            Some(date) => Ok(Some(date)),
            None => Err(Error::InvalidDate { field: "on".into(), value: excerpt(text) }),
        },
    }
}

fn number(column: &ArrayRef, row: usize) -> Result<Option<f64>, Error> {
    if column.is_null(row) {
        return Ok(None);
    }
    let numbers = crate::tables::numbers(&column.slice(row, 1)).map_err(|error| error.at("before"))?;
    Ok(numbers.first().copied())
}
