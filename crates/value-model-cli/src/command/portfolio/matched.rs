//! A table in columns, scored and added up; rows that this refuses are looked at one by one.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Float32Type, Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Schema};
use arrow_select::filter::filter_record_batch;
use value_model::scorecard::{Context, Scorer};
use value_model::{Date, check, math};
use value_model_arrow::{ColumnPortfolio, ColumnScorer, Mapping, Settings};

use super::sums::{Account, Layout, Lines, RESULTS};
use super::{Asked, account_of};
use crate::input::cells::{self, Cells};
use crate::input::records::Row;
use crate::input::wide::Columns;
use crate::input::{Plan, plain, with_day};
use crate::message::{Failure, Refused};

/// Where what is added up stands in a table.
#[derive(Default)]
pub(super) struct Places {
    /// The names of the accounts, where they have not been looked at yet.
    pub(super) account: Option<usize>,
    pub(super) by: Vec<usize>,
    pub(super) revenue: Option<usize>,
}

/// A model matched to the columns of a table.
pub(super) struct Matched<'a> {
    plan: &'a Plan<'a>,
    asked: &'a Asked<'a>,
    as_of: Date,
    columns: &'a Columns,
    scorer: ColumnScorer,
    places: Places,
    layout: Layout,
    empty: ColumnPortfolio,
}

/// What became of the rows of a piece.
pub(super) struct Part {
    pub(super) sums: ColumnPortfolio,
    pub(super) refused: Vec<Refused>,
    pub(super) rows: u64,
}

/// A row as it would stand in a table of texts, with its line.
pub(super) type Again<'r> = dyn FnMut(usize) -> Row + 'r;

impl<'a> Matched<'a> {
    /// Matches a table of these columns.
    ///
    /// # Errors
    /// What one account at a time may well read: a column of a type that the engine does not take.
    pub(super) fn new(
        plan: &'a Plan<'a>,
        (asked, as_of): (&'a Asked<'a>, Date),
        columns: &'a Columns,
        (table, mapping): (&Schema, &Mapping),
        places: Places,
    ) -> Result<Self, Failure> {
        let args = plan.args;
        let context = Context { as_of, default_source: args.default_source, default_on: args.default_on };
        let settings = Settings { context, columns: RESULTS.to_vec() };
        let scorer = ColumnScorer::new(plan.scorer, table, mapping, settings)?;
        let layout = asked.layout(plan.scorer);
        let empty = layout.portfolio(plan.scorer)?;
        Ok(Self { plan, asked, as_of, columns, scorer, places, layout, empty })
    }

    /// No rows yet.
    pub(super) fn part(&self) -> Part {
        Part { sums: self.empty.empty(), refused: Vec::new(), rows: 0 }
    }

    /// Adds up the rows of a batch.
    ///
    /// # Errors
    /// `limit` for more different keys than a portfolio has rows.
    pub(super) fn add(
        &self,
        batch: &RecordBatch,
        again: &mut Again<'_>,
        part: &mut Part,
    ) -> Result<(), Failure> {
        let scored = self.scorer.score(batch)?;
        let mut doubtful: BTreeSet<usize> = scored.refused.into_iter().map(|refused| refused.row).collect();
        if let Some(place) = self.places.account {
            unnamed(batch.column(place), &mut doubtful);
        }
        let mut columns = scored.results.columns().to_vec();
        columns.extend(self.places.by.iter().map(|place| keys(batch.column(*place))));
        if let Some(place) = self.places.revenue {
            columns.push(revenue(batch.column(place), self.plan.args.decimal, &mut doubtful));
        }
        let mut all = self.layout.batch(columns)?;
        let mut left: Vec<usize> = Vec::new();
        if !doubtful.is_empty() {
            left = (0..all.num_rows()).filter(|row| !doubtful.contains(row)).collect();
            let good: BooleanArray = (0..all.num_rows()).map(|row| Some(!doubtful.contains(&row))).collect();
            all = filter_record_batch(&all, &good)
                .map_err(|error| Failure::new("invalid_input", error.to_string()))?;
        }
        for refused in part.sums.add(&all)? {
            doubtful.insert(left.get(refused.row).copied().unwrap_or(refused.row));
        }
        part.rows += batch.num_rows() as u64;
        self.look(doubtful.into_iter().map(again), part)
    }

    /// Looks at rows one by one: adds those that can be read after all, and says what is wrong with the others.
    ///
    /// # Errors
    /// As [`Matched::add`].
    pub(super) fn look(&self, rows: impl Iterator<Item = Row>, part: &mut Part) -> Result<(), Failure> {
        let mut cells = Cells::new(self.plan.args.decimal);
        let mut lines = Lines::new(&self.layout);
        for row in rows {
            match self.alone(&row, &mut cells) {
                Ok(account) => lines.push(&account),
                Err(refused) => part.refused.push(refused),
            }
        }
        lines.flush(&mut part.sums)
    }

    fn alone(&self, row: &Row, cells: &mut Cells) -> Result<Account, Refused> {
        let line = row.line();
        let record = self.columns.record(row, self.plan, cells)?;
        let record = with_day(self.plan, line, record)?;
        let scorer = self.plan.scorer;
        let account = account_of(&record, (scorer, self.as_of), self.asked)
            .and_then(|account| account.check(scorer).map(|()| account));
        account.map_err(|error| Refused::by(&error, line, &record.account))
    }
}

/// Rows without a proper name.
fn unnamed(names: &ArrayRef, doubtful: &mut BTreeSet<usize>) {
    for row in 0..names.len() {
        let name = plain::text(names.as_ref(), row).unwrap_or_default();
        if check::name("account", &name).is_err() {
            doubtful.insert(row);
        }
    }
}

/// A column as keys: the texts that a table of texts would hold, of which an empty one is none.
fn keys(column: &ArrayRef) -> ArrayRef {
    let kind = column.data_type();
    if kind.is_integer() || has_no_empty_text(column) {
        return Arc::clone(column);
    }
    let text = |row| plain::text(column.as_ref(), row).filter(|text| !text.is_empty());
    Arc::new((0..column.len()).map(text).collect::<StringArray>())
}

/// Whether a column holds texts, none of which is empty.
fn has_no_empty_text(column: &ArrayRef) -> bool {
    if let Some(dictionary) = column.as_any_dictionary_opt() {
        return plain::is_text(dictionary.values().data_type()) && has_no_empty_text(dictionary.values());
    }
    plain::is_text(column.data_type())
        && (0..column.len()).all(|row| plain::str(column.as_ref(), row).is_none_or(|text| !text.is_empty()))
}

/// A column as revenue; a row whose revenue is no number needs a look.
fn revenue(column: &ArrayRef, decimal: char, doubtful: &mut BTreeSet<usize>) -> ArrayRef {
    fn of<T: ArrowPrimitiveType>(column: &ArrayRef, number: fn(T::Native) -> f64) -> Option<Float64Array> {
        column.as_primitive_opt::<T>().map(|values| values.unary(number))
    }
    let numbers = of::<Float64Type>(column, |number| number)
        .or_else(|| of::<Float32Type>(column, f64::from))
        .or_else(|| of::<Int64Type>(column, |whole| math::nearest(whole.into())));
    let Some(numbers) = numbers else { return texts(column, decimal, doubtful) };
    for (row, number) in numbers.values().iter().enumerate() {
        if !number.is_finite() && numbers.is_valid(row) {
            doubtful.insert(row);
        }
    }
    Arc::new(numbers)
}

/// Revenue as it would be read from a text.
fn texts(column: &ArrayRef, decimal: char, doubtful: &mut BTreeSet<usize>) -> ArrayRef {
    let number = |row| {
        let text = plain::text(column.as_ref(), row).filter(|text| !text.is_empty())?;
        let number = cells::number(&cells::attribute(&text), decimal);
        if number.is_none() {
            doubtful.insert(row);
        }
        number
    };
    Arc::new((0..column.len()).map(number).collect::<Float64Array>())
}

/// Whether the engine reads every column of measures as its texts would be read.
pub(super) fn reads_alike(scorer: &Scorer, table: &Schema, places: &[usize]) -> bool {
    let float = |place: &usize| {
        table.fields().get(*place).is_some_and(|field| {
            matches!(field.data_type(), DataType::Float16 | DataType::Float32 | DataType::Float64)
        })
    };
    // A code such as `-99` is a number in a column, but not the text `-99.0`.
    !(scorer.has_missing_codes() && places.iter().any(float))
}
