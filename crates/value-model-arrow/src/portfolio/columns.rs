//! The columns of results that are added up, as slices that the core reads.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt8Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Schema};
use value_model::Error;
use value_model::compare::rollup::{Codes, Known, Lines, Numbers, Rollup};

use crate::dispatch::Path;
use crate::scorer::Refused;
use crate::tables::{is_number, must, numbers, place_of};

/// Where each column stands.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    score: usize,
    lower: Option<usize>,
    upper: Option<usize>,
    coverage: Option<usize>,
    outcome: Option<usize>,
    revenue: Option<usize>,
    revenue_name: Option<String>,
}

/// One column of a batch: its values, read in place where their type allows, and which are there.
#[derive(Debug)]
struct Held<'a, V: Clone> {
    values: Cow<'a, [V]>,
    valid: Option<Vec<u64>>,
}

impl Columns {
    pub(super) fn find(table: &Schema, revenue: Option<&str>) -> Result<Self, Error> {
        let number = |place: usize| {
            let field = table.field(place);
            if is_number(field.data_type()) {
                return Ok(place);
            }
            Err(Error::Invalid {
                field: field.name().clone().into(),
                reason: format!("holds {}; numbers are expected", field.data_type()),
            })
        };
        let maybe = |name: &str| place_of(table, name)?.map(number).transpose();
        Ok(Self {
            score: must(table, "columns", "score").and_then(number)?,
            lower: maybe("lower")?,
            upper: maybe("upper")?,
            coverage: maybe("coverage")?,
            outcome: maybe("outcome")?,
            revenue: revenue.map(|name| must(table, "revenue", name).and_then(number)).transpose()?,
            revenue_name: revenue.map(str::to_owned),
        })
    }

    /// The same columns where each stands at another place.
    pub(super) fn map(self, place: impl Fn(usize) -> usize) -> Self {
        Self {
            score: place(self.score),
            lower: self.lower.map(&place),
            upper: self.upper.map(&place),
            coverage: self.coverage.map(&place),
            outcome: self.outcome.map(&place),
            revenue: self.revenue.map(&place),
            ..self
        }
    }

    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        let maybe = [self.lower, self.upper, self.coverage, self.outcome, self.revenue];
        std::iter::once(self.score).chain(maybe.into_iter().flatten())
    }

    pub(super) const fn known(&self) -> Known {
        Known {
            revenue: self.revenue.is_some(),
            lower: self.lower.is_some(),
            upper: self.upper.is_some(),
            coverage: self.coverage.is_some(),
        }
    }

    /// Adds a batch, each row to the row of the portfolio that `rows` says.
    pub(super) fn add(
        &self,
        path: Path,
        batch: &RecordBatch,
        rows: &[u32],
        sums: &mut Rollup,
        refused: &mut Vec<Refused>,
    ) -> Result<(), Error> {
        let held = |place: Option<usize>| place.map(|place| Held::numbers(batch.column(place))).transpose();
        let score = Held::numbers(batch.column(self.score))?;
        let (lower, upper, coverage) = (held(self.lower)?, held(self.upper)?, held(self.coverage)?);
        let revenue = held(self.revenue)?;
        let outcome = self.outcome.map(|place| Held::codes(batch.column(place))).transpose()?;
        let lines = Lines {
            lower: lower.as_ref().map(Held::lend),
            upper: upper.as_ref().map(Held::lend),
            coverage: coverage.as_ref().map(Held::lend),
            revenue: revenue.as_ref().map(Held::lend),
            outcome: outcome.as_ref().map(Held::lend_codes),
            ..Lines::new(score.lend())
        };
        path.add(sums, rows, &lines, &mut |row, error| {
            // The core calls it `revenue`; the table may not.
            let name = self.revenue_name.clone().filter(|_| error.field() == "revenue");
            refused.push(Refused { row, error: if let Some(name) = name { error.at(name) } else { error } });
        })
    }
}

impl<'a> Held<'a, f64> {
    fn numbers(array: &'a ArrayRef) -> Result<Self, Error> {
        let values = match array.as_primitive_opt::<Float64Type>() {
            Some(numbers) => Cow::Borrowed(&**numbers.values()),
            None => Cow::Owned(numbers(array)?),
        };
        Ok(Self { values, valid: bits(array) })
    }

    fn lend(&self) -> Numbers<'_> {
        Numbers { values: &self.values, valid: self.valid.as_deref() }
    }
}

impl<'a> Held<'a, u8> {
    fn codes(array: &'a ArrayRef) -> Result<Self, Error> {
        let values = match array.as_primitive_opt::<UInt8Type>() {
            Some(codes) => Cow::Borrowed(&**codes.values()),
            None => Cow::Owned(numbers(array)?.into_iter().map(code).collect()),
        };
        Ok(Self { values, valid: bits(array) })
    }

    fn lend_codes(&self) -> Codes<'_> {
        Codes { values: &self.values, valid: self.valid.as_deref() }
    }
}

/// A code that some writer has turned into a wider number; what is none becomes one that nothing has.
fn code(number: f64) -> u8 {
    [0_u8, 1, 2].into_iter().find(|code| f64::from(*code).total_cmp(&number).is_eq()).unwrap_or(u8::MAX)
}

/// The bits of a column that say which values are there, from the first bit of a word on.
fn bits(array: &ArrayRef) -> Option<Vec<u64>> {
    if matches!(array.data_type(), DataType::Null) {
        return Some(vec![0; array.len().div_ceil(64)]);
    }
    let nulls: Option<&NullBuffer> = array.nulls().filter(|nulls| nulls.null_count() > 0);
    nulls.map(|nulls| nulls.inner().bit_chunks().iter_padded().collect())
}
