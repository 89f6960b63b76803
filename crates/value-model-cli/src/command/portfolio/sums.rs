//! Accounts added up, whether they come one at a time or in columns.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, StringBuilder, UInt8Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use value_model::Error;
use value_model::block::Column;
use value_model::compare::portfolio::{Line, Portfolio, PortfolioReport};
use value_model::scorecard::{Assessment, Scorer};
use value_model_arrow::{ColumnPortfolio, PortfolioSettings};

use crate::message::Failure;

/// The results that are added up, in this order; then come the keys, and revenue where it was asked for.
pub(super) const RESULTS: [Column; 5] =
    [Column::Score, Column::Lower, Column::Upper, Column::Coverage, Column::Outcome];

/// Accounts that wait to be added together.
const WAITING: usize = 4096;

/// One account as it is added up.
pub(super) struct Account {
    pub(super) key: Vec<Option<String>>,
    pub(super) revenue: Option<f64>,
    pub(super) result: Assessment,
}

impl Account {
    /// Refuses what no portfolio takes.
    ///
    /// # Errors
    /// [`Error::NotFinite`] or [`Error::OutOfRange`] (`revenue`).
    pub(super) fn check(&self, scorer: &Scorer) -> Result<(), Error> {
        match self.revenue {
            None => Ok(()),
            revenue => Portfolio::new(scorer).add(Vec::new(), revenue, &Line::of(&self.result, scorer)),
        }
    }
}

/// The columns of accounts that are added up.
#[derive(Clone)]
pub(super) struct Layout {
    schema: SchemaRef,
    keys: usize,
    revenue: bool,
}

impl Layout {
    /// Results, so many keys, and revenue if it was asked for.
    pub(super) fn new(scorer: &Scorer, keys: usize, revenue: bool) -> Self {
        let mut fields: Vec<Field> = (RESULTS.iter())
            .map(|column| {
                let kind = if column.is_code() { DataType::UInt8 } else { DataType::Float64 };
                Field::new(column.name(scorer), kind, true)
            })
            .collect();
        fields.extend((0..keys).map(|key| Field::new(key_name(key), DataType::Utf8, true)));
        fields.extend(revenue.then(|| Field::new(REVENUE, DataType::Float64, true)));
        Self { schema: Arc::new(Schema::new(fields)), keys, revenue }
    }

    /// An empty portfolio of such accounts.
    ///
    /// # Errors
    /// None is expected.
    pub(super) fn portfolio(&self, scorer: &Scorer) -> Result<ColumnPortfolio, Failure> {
        let by = (0..self.keys).map(key_name).collect();
        let settings = PortfolioSettings { by, revenue: self.revenue.then(|| REVENUE.to_owned()) };
        Ok(ColumnPortfolio::new(scorer, &self.schema, &settings)?)
    }

    /// Puts columns together; keys may be of any type that names a text.
    ///
    /// # Errors
    /// `invalid_input` for columns of several lengths.
    pub(super) fn batch(&self, columns: Vec<ArrayRef>) -> Result<RecordBatch, Failure> {
        let typed = self.schema.fields().iter().zip(&columns);
        let fields: Vec<Field> =
            typed.map(|(field, array)| Field::new(field.name(), array.data_type().clone(), true)).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
            .map_err(|error| Failure::new("invalid_input", error.to_string()))
    }
}

/// No column of a result is called so.
const REVENUE: &str = "\0revenue";

fn key_name(key: usize) -> String {
    format!("\0{key}")
}

/// Accounts that come one at a time, side by side.
pub(super) struct Lines {
    layout: Layout,
    numbers: [Float64Builder; 4],
    outcomes: UInt8Builder,
    keys: Vec<StringBuilder>,
    revenue: Float64Builder,
    rows: usize,
}

impl Lines {
    /// No accounts.
    pub(super) fn new(layout: &Layout) -> Self {
        Self {
            numbers: [(); 4].map(|()| Float64Builder::new()),
            outcomes: UInt8Builder::new(),
            keys: (0..layout.keys).map(|_| StringBuilder::new()).collect(),
            revenue: Float64Builder::new(),
            rows: 0,
            layout: layout.clone(),
        }
    }

    /// Adds an account that has been checked.
    pub(super) fn push(&mut self, account: &Account) {
        let found = &account.result;
        let numbers = [found.score, Some(found.lower), Some(found.upper), Some(found.coverage)];
        for (column, number) in self.numbers.iter_mut().zip(numbers) {
            column.append_option(number);
        }
        self.outcomes.append_value(found.outcome.code());
        for (column, key) in self.keys.iter_mut().zip(&account.key) {
            column.append_option(key.as_deref());
        }
        self.revenue.append_option(account.revenue);
        self.rows += 1;
    }

    /// Adds all of them to a portfolio; none are left.
    ///
    /// # Errors
    /// `limit` for more different keys than a portfolio has rows.
    pub(super) fn flush(&mut self, sums: &mut ColumnPortfolio) -> Result<(), Failure> {
        if self.rows == 0 {
            return Ok(());
        }
        self.rows = 0;
        let mut columns: Vec<ArrayRef> =
            self.numbers.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        columns.push(Arc::new(self.outcomes.finish()));
        columns.extend(self.keys.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        let revenue = self.revenue.finish();
        columns.extend(self.layout.revenue.then(|| Arc::new(revenue) as ArrayRef));
        match sums.add(&self.layout.batch(columns)?)?.into_iter().next() {
            // Each was checked before it came here.
            Some(refused) => Err(refused.error.into()),
            None => Ok(()),
        }
    }
}

/// A portfolio being added up.
pub(super) struct Sums {
    total: ColumnPortfolio,
    lines: Lines,
}

impl Sums {
    /// Nothing yet.
    ///
    /// # Errors
    /// None is expected.
    pub(super) fn new(layout: &Layout, scorer: &Scorer) -> Result<Self, Failure> {
        Ok(Self { total: layout.portfolio(scorer)?, lines: Lines::new(layout) })
    }

    /// Adds an account that has been checked.
    ///
    /// # Errors
    /// As [`Lines::flush`].
    pub(super) fn add(&mut self, account: &Account) -> Result<(), Failure> {
        self.lines.push(account);
        if self.lines.rows < WAITING { Ok(()) } else { self.lines.flush(&mut self.total) }
    }

    /// Adds all accounts of another portfolio.
    ///
    /// # Errors
    /// As [`Lines::flush`].
    pub(super) fn merge(&mut self, part: &ColumnPortfolio) -> Result<(), Failure> {
        Ok(self.total.merge(part)?)
    }

    /// The total and the rows of all keys.
    ///
    /// # Errors
    /// As [`Lines::flush`].
    pub(super) fn report(mut self) -> Result<PortfolioReport, Failure> {
        self.lines.flush(&mut self.total)?;
        Ok(self.total.report())
    }
}
