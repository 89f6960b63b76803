//! The results of accounts, one row each.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use num_traits::AsPrimitive;
use value_model::Error;
use value_model::block::{Column, Target};
use value_model::scorecard::Scorer;

use super::wide::Alone;
use crate::made::{self, Store};

/// Results being written.
#[derive(Debug)]
pub(super) struct Results {
    accounts: StringBuilder,
    columns: Vec<Store>,
    rows: usize,
    /// Rows without a result, and why.
    codes: Vec<(usize, &'static str)>,
    schema: Arc<Schema>,
}

impl Results {
    pub(super) fn new(scorer: &Scorer, columns: &[Column]) -> Self {
        let mut fields = vec![Field::new("account", DataType::Utf8, false)];
        fields.extend(columns.iter().map(|column| made::field(scorer, *column)));
        fields.push(Field::new("code", DataType::Utf8, true));
        Self {
            accounts: StringBuilder::new(),
            columns: columns.iter().map(|column| Store::new(*column, 0)).collect(),
            rows: 0,
            codes: Vec::new(),
            schema: Arc::new(Schema::new(fields)),
        }
    }

    /// Names the next account.
    pub(super) fn name(&mut self, account: &str) {
        self.accounts.append_value(account);
    }

    /// Reserves room for so many accounts in all, so that their results need not move while they become more.
    pub(super) fn reserve(&mut self, accounts: usize) {
        for store in &mut self.columns {
            store.reserve(accounts);
        }
    }

    /// Makes room for accounts behind those so far, and says how many these are.
    pub(super) fn grow(&mut self, accounts: usize) -> usize {
        let at = self.rows;
        self.rows += accounts;
        for store in &mut self.columns {
            store.resize(self.rows);
        }
        at
    }

    /// Lends the columns to the kernel.
    pub(super) fn with_targets<T>(&mut self, write: impl FnOnce(&mut [Target<'_>]) -> T) -> T {
        let mut targets: Vec<Target<'_>> = self.columns.iter_mut().map(Store::target).collect();
        write(&mut targets)
    }

    /// Writes the result of one account, whatever stood there.
    pub(super) fn put(&mut self, row: usize, result: &Alone) {
        if let Err(code) = result {
            self.codes.push((row, code));
        }
        for (place, store) in self.columns.iter_mut().enumerate() {
            let value = result.as_ref().ok().and_then(|values| values.get(place).copied().flatten());
            if let Some(number) = store.numbers.get_mut(row) {
                *number = value.unwrap_or(0.0);
            }
            if let Some(code) = store.codes.get_mut(row) {
                *code = value.map_or(0, AsPrimitive::as_);
            }
            if let Some(byte) = store.valid.get_mut(row / 8) {
                let bit = 1 << (row % 8);
                *byte = if value.is_some() { *byte | bit } else { *byte & !bit };
            }
        }
    }

    /// The rows so far as a table, and none from here on.
    pub(super) fn take(&mut self) -> Result<RecordBatch, Error> {
        let rows = std::mem::take(&mut self.rows);
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(self.accounts.finish())];
        arrays.extend(self.columns.iter_mut().map(|store| store.take(rows)));
        let codes = if self.codes.is_empty() {
            StringArray::new_null(rows)
        } else {
            let mut codes = vec![None; rows];
            for (row, code) in self.codes.drain(..) {
                if let Some(place) = codes.get_mut(row) {
                    *place = Some(code);
                }
            }
            StringArray::from(codes)
        };
        arrays.push(Arc::new(codes));
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| Error::Invalid { field: "columns".into(), reason: error.to_string() })
    }
}
