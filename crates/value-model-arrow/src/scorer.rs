//! A model matched to the columns of a table.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, UInt8Array};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow_schema::{Field, Schema};
use value_model::block::{Column, Target, Values};
use value_model::scorecard::{Context, Scorer, Workspace};
use value_model::{Date, Error, check};

use crate::{kinds, read};

/// Which column of a table holds what.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// Pairs of measure and column, where the column is not the one that the model names.
    pub measures: Vec<(String, String)>,
    /// The column that holds the day of each row's answers.
    pub on: Option<String>,
}

/// How columns are scored.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The date of scoring, and what holds for answers that do not say it themselves.
    pub context: Context,
    /// The columns of results, in this order.
    pub columns: Vec<Column>,
}

/// Why a row has no result.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The row, from 0 at the start of the batch.
    pub row: usize,
    /// What is wrong with it.
    pub error: Error,
}

/// The results of a batch: one row per account, in the same order.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The columns that were asked for. In a refused row all of them are null.
    pub results: RecordBatch,
    /// Refused rows, in order.
    pub refused: Vec<Refused>,
}

/// A model matched to the columns of a table: immutable, shared between threads.
#[derive(Clone, Debug)]
pub struct ColumnScorer {
    scorer: Scorer,
    settings: Settings,
    /// Per measure: the place of its column, if the table has it.
    measures: Vec<Option<usize>>,
    on: Option<usize>,
    names: Vec<String>,
    schema: Arc<Schema>,
}

impl ColumnScorer {
    /// Matches a model to the columns of a table.
    ///
    /// A measure without a column counts as `no_data`; [`ColumnScorer::unmatched`] lists them.
    ///
    /// # Errors
    /// [`Error::UnknownId`] for a mapping of a measure or column that does not exist, [`Error::Duplicate`] for a column
    /// that the table holds twice, [`Error::Invalid`] for a column whose type cannot hold answers,
    /// [`Error::Missing`] when no measure has a column, [`Error::AfterAsOf`] for answers from the future.
    pub fn new(
        scorer: &Scorer,
        table: &Schema,
        mapping: &Mapping,
        settings: Settings,
    ) -> Result<Self, Error> {
        let find = |name: &str| place_of(table, name);
        let mut measures = Vec::with_capacity(scorer.measures().len());
        for measure in scorer.measures() {
            measures.push(find(&measure.column)?);
        }
        let must = |name: &str| {
            let known = table.fields().iter().map(|field| field.name().as_str());
            find(name)?.ok_or_else(|| kinds::no_such_column(name, known))
        };
        for (measure, column) in &mapping.measures {
            let index = kinds::measure_index(scorer, measure)?;
            let place = must(column)?;
            if let Some(slot) = measures.get_mut(index) {
                *slot = Some(place);
            }
        }
        for (measure, place) in scorer.measures().iter().zip(&measures) {
            if let Some(field) = place.and_then(|place| table.fields().get(place)) {
                kinds::check(measure, field.name(), field.data_type())?;
            }
        }
        if measures.iter().all(Option::is_none) {
            return Err(Error::Missing { field: "measures".into() });
        }
        let on = mapping.on.as_deref().map(must).transpose()?;
        if let Some(day) = settings.context.default_on {
            check::not_after("default_on", day, settings.context.as_of)?;
        }
        let names = table.fields().iter().map(|field| field.name().clone()).collect();
        let fields: Vec<Field> = settings
            .columns
            .iter()
            .map(|column| {
                let kind = if column.is_code() {
                    arrow_schema::DataType::UInt8
                } else {
                    arrow_schema::DataType::Float64
                };
                Field::new(column.name(scorer), kind, true)
            })
            .collect();
        let schema = Arc::new(Schema::new(fields));
        Ok(Self { scorer: scorer.clone(), settings, measures, on, names, schema })
    }

    /// The model.
    pub const fn scorer(&self) -> &Scorer {
        &self.scorer
    }

    /// The names and types of the columns of results.
    pub const fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The measures that have no column, by their place among [`Scorer::measures`].
    pub fn unmatched(&self) -> Vec<usize> {
        let places = self.measures.iter().enumerate();
        places.filter_map(|(measure, place)| place.is_none().then_some(measure)).collect()
    }

    /// The places of the columns that are read, rising: all that a file needs to give.
    pub fn reads(&self) -> Vec<usize> {
        let mut places: Vec<usize> = self.measures.iter().flatten().copied().chain(self.on).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Scores a batch into fresh arrays.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the batch does not have the columns this was made for. A row that cannot be scored is
    /// no error: it stands in [`Scored::refused`].
    pub fn score(&self, batch: &RecordBatch) -> Result<Scored, Error> {
        let rows = batch.num_rows();
        let wanted = &self.settings.columns;
        let mut numbers: Vec<Vec<f64>> =
            wanted.iter().map(|column| vec![0.0; if column.is_code() { 0 } else { rows }]).collect();
        let mut codes: Vec<Vec<u8>> =
            wanted.iter().map(|column| vec![0; if column.is_code() { rows } else { 0 }]).collect();
        let mut valid: Vec<Vec<u8>> = wanted.iter().map(|_| vec![0; rows.div_ceil(8)]).collect();
        let targets = wanted.iter().zip(&mut numbers).zip(&mut codes).zip(&mut valid).map(
            |(((&column, numbers), codes), valid)| {
                let values = if column.is_code() { Values::Codes(codes) } else { Values::Numbers(numbers) };
                Target { column, values, valid }
            },
        );
        let refused = self.score_into(batch, targets.collect())?;
        let arrays = wanted.iter().zip(numbers).zip(codes).zip(valid).map(
            |(((column, numbers), codes), valid)| -> ArrayRef {
                let bits = BooleanBuffer::new(Buffer::from_vec(valid), 0, rows);
                let nulls = Some(NullBuffer::new(bits)).filter(|nulls| nulls.null_count() > 0);
                if column.is_code() {
                    Arc::new(UInt8Array::new(codes.into(), nulls))
                } else {
                    Arc::new(Float64Array::new(numbers.into(), nulls))
                }
            },
        );
        let results = RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect())
            .map_err(|error| Error::Invalid { field: "columns".into(), reason: error.to_string() })?;
        Ok(Scored { results, refused })
    }

    /// Scores a batch into memory that the caller owns.
    ///
    /// # Errors
    /// As [`ColumnScorer::score`]; [`Error::Conflict`] for a target without room for the rows.
    pub fn score_into(
        &self,
        batch: &RecordBatch,
        mut targets: Vec<Target<'_>>,
    ) -> Result<Vec<Refused>, Error> {
        self.fits(batch)?;
        let mut workspace = self.scorer.workspace();
        let mut refused = Vec::new();
        for row in 0..batch.num_rows() {
            if let Err(error) = self.score_row(batch, row, &mut workspace, &mut targets) {
                refused.push(Refused { row, error });
            }
        }
        Ok(refused)
    }

    fn fits(&self, batch: &RecordBatch) -> Result<(), Error> {
        let schema = batch.schema();
        let same = schema.fields().iter().map(|field| field.name()).eq(&self.names);
        if same {
            return Ok(());
        }
        Err(Error::Conflict {
            field: "columns".into(),
            reason: "are not those that the model was matched to".into(),
        })
    }

    /// One row, as the core scores one account.
    fn score_row(
        &self,
        batch: &RecordBatch,
        row: usize,
        workspace: &mut Workspace,
        targets: &mut [Target<'_>],
    ) -> Result<(), Error> {
        let mut cells = Vec::with_capacity(self.measures.len());
        for (measure, place) in self.measures.iter().enumerate() {
            cells.push(match place {
                Some(place) => read::cell(&self.scorer, measure, batch.column(*place), row)
                    .map_err(|error| error.at(self.names.get(*place).cloned().unwrap_or_default()))?,
                None => value_model::scale::Cell::Missing(value_model::answer::Missing::NoData),
            });
        }
        let mut context = self.settings.context;
        if let Some(place) = self.on {
            context.default_on = self.day(batch.column(place), row)?;
        }
        let score = self.scorer.score(&cells, &context, workspace)?;
        for target in targets {
            let number = match target.column {
                Column::Score => score.score,
                Column::Raw => score.raw,
                Column::Band => score.band.map(f64::from),
                Column::Coverage => Some(score.coverage),
                Column::Lower => Some(score.lower),
                Column::Upper => Some(score.upper),
                Column::LowerBand => Some(f64::from(score.lower_band)),
                Column::ValidatedShare => Some(score.validated_share),
                Column::FreshShare => Some(score.fresh_share),
                Column::Group(place) => workspace.group(place).score,
                _ => None,
            };
            let Some(number) = number else { continue };
            match &mut target.values {
                Values::Numbers(values) => {
                    if let Some(value) = values.get_mut(row) {
                        *value = number;
                    }
                }
                Values::Codes(values) => {
                    if let Some(value) = values.get_mut(row) {
                        *value = num_traits::AsPrimitive::as_(number);
                    }
                }
            }
            if let Some(byte) = target.valid.get_mut(row / 8) {
                *byte |= 1 << (row % 8);
            }
        }
        Ok(())
    }

    fn day(&self, column: &ArrayRef, row: usize) -> Result<Option<Date>, Error> {
        if column.is_null(row) {
            return Ok(self.settings.context.default_on);
        }
        match read::days(column, row) {
            Some(days) => read::date(days).map(Some).map_err(|error| error.at("on")),
            None => match read::text(column, row) {
                Some(text) => Date::parse(text).map(Some).ok_or_else(|| Error::InvalidDate {
                    field: "on".into(),
                    value: value_model::error::excerpt(text),
                }),
                None => Ok(None),
            },
        }
    }
}

impl Scored {
    /// The code of each refused row, null where the row was scored.
    pub fn codes(&self) -> ArrayRef {
        let rows = self.results.num_rows();
        let mut codes = StringBuilder::with_capacity(rows, self.refused.len() * 16);
        let mut next = self.refused.iter().peekable();
        for row in 0..rows {
            codes.append_option(
                next.next_if(|refused| refused.row == row).map(|refused| refused.error.code()),
            );
        }
        Arc::new(codes.finish())
    }
}

/// Where a column stands.
fn place_of(table: &Schema, name: &str) -> Result<Option<usize>, Error> {
    let mut places = table.fields().iter().enumerate().filter(|(_, field)| field.name() == name);
    let first = places.next().map(|(place, _)| place);
    match places.next() {
        Some(_) => Err(Error::Duplicate { field: "columns".into(), id: name.to_owned() }),
        None => Ok(first),
    }
}
