//! Which rows belong to which account, and the accounts that are complete.

use std::cmp::Ordering;

use arrow_array::RecordBatch;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use value_model::Error;
use value_model::error::excerpt;

use super::cells::Cells;
use super::results::Value;
use super::{Account, EntryModel, EntryScorer, MAX_ROWS};
use crate::keys::{changes, checked, index, key_text};
use crate::long::Order;
use crate::scorer::Refused;
use crate::stop::KeepOn;

/// An account with its values, or why it has none.
type Scored = (String, usize, Result<Vec<Value>, Result<Error, &'static str>>);

impl<E> Account<E> {
    fn new(name: String, first_row: usize) -> Self {
        let no_name = checked(&name).is_err();
        Self { name, first_row, entries: Vec::new(), refused: None, no_name }
    }

    fn add(&mut self, row: usize, entry: Result<E, Error>, refused: &mut Vec<Refused>) {
        match entry {
            Ok(entry) => self.entries.push(entry),
            Err(error) => {
                self.refused = self.refused.or(Some(error.code()));
                refused.push(Refused { row, error });
            }
        }
    }
}

impl<M: EntryModel> EntryScorer<M> {
    /// Accounts whose rows stand together: each is complete when the next one begins.
    pub(super) fn walk(
        &mut self,
        batch: &RecordBatch,
        done: &mut Vec<Account<M::Entry>>,
        refused: &mut Vec<Refused>,
    ) -> Result<(), Error> {
        let names = batch.column(self.account);
        let mut starts = Vec::new();
        changes(names, &mut starts);
        let ends = starts.iter().skip(1).copied().map(index).chain([names.len()]);
        let mut cells = Cells::new(self.model.columns(), &self.places, batch);
        for (start, end) in starts.iter().copied().map(index).zip(ends) {
            let name = key_text(names, start)?.unwrap_or_default();
            if let Err(error) = checked(&name) {
                refused
                    .extend((start..end).map(|row| Refused { row: self.rows + row, error: error.clone() }));
                continue;
            }
            let order = self.current.as_ref().map(|account| account.name.as_str().cmp(&*name));
            if self.order == Order::Sorted && order == Some(Ordering::Greater) {
                let (name, row) = (excerpt(&name), self.rows + start);
                let reason = format!("`{name}` in row {row} stands after a later one").into();
                return Err(Error::Conflict { field: "account".into(), reason });
            }
            if order != Some(Ordering::Equal) {
                done.extend(self.current.replace(Account::new(name.into_owned(), self.rows + start)));
            }
            if let Some(account) = &mut self.current {
                for row in start..end {
                    cells.row = row;
                    account.add(self.rows + row, self.model.entry(&cells), refused);
                }
            }
        }
        Ok(())
    }

    /// Accounts in any order: all rows are kept.
    pub(super) fn gather(&mut self, batch: &RecordBatch, refused: &mut Vec<Refused>) -> Result<(), Error> {
        let mut numbers = Vec::new();
        self.numbers.number(batch.column(self.account), &mut numbers)?;
        for number in self.all.len()..self.numbers.len() {
            self.all.push(Account::new(self.numbers.text(number).unwrap_or_default(), usize::MAX));
        }
        self.kept += numbers.len();
        if self.kept > MAX_ROWS {
            let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
            let (found, limit) = (wide(self.kept), wide(MAX_ROWS));
            return Err(Error::Limit { field: "rows".into(), what: "rows in no order", found, limit });
        }
        let mut cells = Cells::new(self.model.columns(), &self.places, batch);
        for (row, number) in numbers.iter().enumerate() {
            let Some(account) = self.all.get_mut(index(*number)) else { continue };
            if account.no_name {
                let error = checked(&account.name).err();
                refused.extend(error.map(|error| Refused { row: self.rows + row, error }));
                continue;
            }
            cells.row = row;
            account.first_row = account.first_row.min(self.rows + row);
            account.add(self.rows + row, self.model.entry(&cells), refused);
        }
        Ok(())
    }

    /// Scores accounts side by side and writes their results in order; none, if told to stop.
    pub(super) fn score(
        &mut self,
        accounts: Vec<Account<M::Entry>>,
        refused: &mut Vec<Refused>,
        keep_on: KeepOn<'_>,
    ) -> Option<()> {
        let model = &self.model;
        let score = |account: Account<M::Entry>| -> Option<Scored> {
            if !keep_on() {
                return None;
            }
            let found = match account.refused {
                Some(code) => Err(Err(code)),
                None => model.score(&account.name, account.entries).map_err(Ok),
            };
            Some((account.name, account.first_row, found))
        };
        let scored: Vec<Scored> = accounts.into_par_iter().map(score).collect::<Option<_>>()?;
        for (name, row, found) in scored {
            match found {
                Ok(values) => self.results.add(&name, &values),
                Err(Err(code)) => self.results.refuse(&name, code),
                Err(Ok(error)) => {
                    self.results.refuse(&name, error.code());
                    refused.push(Refused { row, error });
                }
            }
        }
        Some(())
    }
}
