//! A batch of scored accounts: what every reader of accounts gives and every columnar output takes.
//!
//! The columns are those of CSV, in the same order: `account`, the fixed ones, groups, contributions, flags, kept columns. Names
//! of bands and outcomes are dictionaries, which cost one byte per account; what does not exist is null.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::types::UInt8Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch, StringArray, UInt8Array};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use value_model::Date;
use value_model::block::{Column, FIXED};
use value_model::scorecard::{Outcome, Scorer};

use super::flat::More;
use crate::message::{Failure, Refused};

/// The most bands whose places fit into the codes of a dictionary.
const MAX_BANDS: usize = 256;

/// Accounts scored in one go, and the rows among them that were not.
#[derive(Debug)]
pub(crate) struct Scored {
    /// One row per scored account in the order of the input, with the columns of [`Layout::schema`].
    pub accounts: RecordBatch,
    /// Rows that were refused, in the order of the input.
    pub refused: Vec<Refused>,
}

/// The columns of results for one model.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    columns: Vec<Column>,
    bands: ArrayRef,
    outcomes: ArrayRef,
    schema: SchemaRef,
}

impl Layout {
    /// The columns for this model; `kept` are the columns carried over, with their types.
    ///
    /// # Errors
    /// `limit` for a model with more bands than codes.
    pub(crate) fn new(scorer: &Scorer, as_of: Date, kept: &[Field], more: More) -> Result<Self, Failure> {
        if scorer.band_names().len() > MAX_BANDS {
            let message = format!("a columnar file holds at most {MAX_BANDS} bands");
            return Err(Failure::new("limit", message).at(scorer.model().to_string()));
        }
        let mut columns = FIXED.to_vec();
        columns.extend(Column::groups(scorer));
        if more.contributions {
            columns.extend(Column::contributions(scorer));
        }
        if more.flags {
            columns.extend(Column::flags(scorer));
        }
        let mut fields = vec![Field::new("account", DataType::Utf8, false)];
        for column in &columns {
            let kind = match column {
                column if column.is_flag() => DataType::Boolean,
                column if column.is_code() => word(),
                _ => DataType::Float64,
            };
            fields.push(Field::new(column.name(scorer), kind, true));
        }
        fields.extend(kept.iter().map(|field| field.clone().with_nullable(true)));
        let about = [
            ("value-model.model", scorer.model().to_string()),
            ("value-model.version", scorer.version().to_string()),
            ("value-model.as_of", as_of.to_string()),
        ];
        let about: HashMap<String, String> =
            about.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let outcomes = [Outcome::Scored, Outcome::Insufficient, Outcome::NotApplicable].map(Outcome::name);
        Ok(Self {
            columns,
            bands: Arc::new(StringArray::from_iter_values(scorer.band_names())),
            outcomes: Arc::new(StringArray::from_iter_values(outcomes)),
            schema: Arc::new(Schema::new_with_metadata(fields, about)),
        })
    }

    /// What is computed per account, in order: the settings of a [`value_model_arrow::ColumnScorer`].
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Names, types and metadata of the columns.
    pub(crate) const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Puts together the names of accounts, the results for [`Layout::columns`] and the kept columns, row by row the same.
    ///
    /// # Errors
    /// `invalid_input` when lengths or types are not those of the layout.
    pub(crate) fn batch(
        &self,
        accounts: ArrayRef,
        results: &[ArrayRef],
        kept: Vec<ArrayRef>,
    ) -> Result<RecordBatch, Failure> {
        let mut arrays = Vec::with_capacity(1 + results.len() + kept.len());
        arrays.push(accounts);
        for (column, result) in self.columns.iter().zip(results) {
            arrays.push(self.named(*column, result).map_err(|error| wrong(&error))?);
        }
        arrays.extend(kept);
        RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(|error| wrong(&error))
    }

    /// Codes with their names; numbers as they are.
    fn named(&self, column: Column, result: &ArrayRef) -> Result<ArrayRef, ArrowError> {
        let Some(codes) = result.as_any().downcast_ref::<UInt8Array>() else { return Ok(Arc::clone(result)) };
        let names = if column == Column::Outcome { &self.outcomes } else { &self.bands };
        Ok(Arc::new(DictionaryArray::<UInt8Type>::try_new(codes.clone(), Arc::clone(names))?))
    }
}

/// The type of names that repeat.
fn word() -> DataType {
    DataType::Dictionary(Box::new(DataType::UInt8), Box::new(DataType::Utf8))
}

/// Columns that do not fit together.
fn wrong(error: &ArrowError) -> Failure {
    Failure::new("invalid_input", error.to_string())
}
