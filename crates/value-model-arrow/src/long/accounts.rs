//! Which rows belong to which account.

use std::cmp::Ordering;

use arrow_array::{Array, ArrayRef, RecordBatch};
use value_model::Error;
use value_model::error::excerpt;

use super::answers::Answers;
use super::{Account, LongScorer, Order};
use crate::keys::{changes, checked, index, key_text};
use crate::scorer::Refused;

impl LongScorer {
    /// Accounts whose rows stand together: each is scored when the next one begins.
    pub(super) fn walk(&mut self, piece: &RecordBatch, refused: &mut Vec<Refused>) -> Result<(), Error> {
        let answers = std::mem::take(&mut self.answers);
        let walked = self.walk_answers(piece.column(self.places.account), &answers, refused);
        self.answers = answers;
        walked
    }

    fn walk_answers(
        &mut self,
        names: &ArrayRef,
        answers: &Answers,
        refused: &mut Vec<Refused>,
    ) -> Result<(), Error> {
        let plain = answers.plain(self.wide.no_shares());
        let (mut starts, mut labels) = (std::mem::take(&mut self.room), std::mem::take(&mut self.labels));
        changes(names, &mut starts);
        labels.read(names, &starts);
        let numbers = labels.are_numbers();
        let ends = starts.iter().skip(1).copied().map(index).chain([names.len()]);
        let mut current = self.current.take();
        for (place, (start, end)) in starts.iter().copied().map(index).zip(ends).enumerate() {
            let name = labels.get(names, place, start)?;
            if !numbers && let Err(error) = checked(&name) {
                // Rows without an account belong to none, and the account before them is not over.
                refused
                    .extend((start..end).map(|row| Refused { row: self.rows + row, error: error.clone() }));
                continue;
            }
            let follows = current.is_some() || !self.last.is_empty();
            // Of numbers that follow each other in a piece it is known that they differ.
            let new = numbers && place > 0 && self.settings.order == Order::Grouped;
            let compare = || if new { Ordering::Less } else { self.last.as_str().cmp(&*name) };
            let order = follows.then(compare);
            if self.settings.order == Order::Sorted && order == Some(Ordering::Greater) {
                return Err(self.out_of_order(start, &name));
            }
            if order != Some(Ordering::Equal) || current.is_none() {
                if let Some(mut done) = current.take() {
                    self.score(&mut done, refused);
                    self.spare = done.answers;
                }
                self.last.clear();
                self.last.push_str(&name);
                // Only where another account follows is it sure that no row of this one does.
                if let Some(plain) = &plain
                    && (numbers && end < names.len() || is_followed(names, end, &name)?)
                    && self.wide.lay(plain, start, end, self.rows)
                {
                    self.results.name(&name);
                    self.count(refused);
                    continue;
                }
                let (name, first_row) = (name.into_owned(), self.rows + start);
                let spare = std::mem::take(&mut self.spare);
                current = Some(Account { name, first_row, answers: spare, ..Account::default() });
            }
            if let Some(account) = &mut current {
                for row in start..end {
                    if let Err(error) = account.add(answers, &self.pivot, row) {
                        refused.push(Refused { row: self.rows + row, error });
                    }
                }
            }
        }
        (self.current, self.room, self.labels) = (current, starts, labels);
        Ok(())
    }

    fn out_of_order(&self, row: usize, name: &str) -> Error {
        Error::Conflict {
            field: "account".into(),
            reason: format!("`{}` in row {} stands after a later one", excerpt(name), self.rows + row).into(),
        }
    }

    /// Accounts in any order: each keeps what its answers amount to so far.
    pub(super) fn gather(&mut self, piece: &RecordBatch, refused: &mut Vec<Refused>) -> Result<(), Error> {
        let mut numbers = std::mem::take(&mut self.room);
        self.numbers.number(piece.column(self.places.account), &mut numbers)?;
        for number in self.all.len()..self.numbers.len() {
            let name = self.numbers.text(number).unwrap_or_default();
            let no_name = checked(&name).is_err();
            self.all.push(Account { name, no_name, first_row: usize::MAX, ..Account::default() });
        }
        let Self { all, answers, pivot, rows, entries, .. } = self;
        for (row, number) in numbers.iter().enumerate() {
            let Some(account) = all.get_mut(index(*number)) else { continue };
            if account.no_name {
                refused.extend(checked(&account.name).err().map(|error| Refused { row: *rows + row, error }));
                continue;
            }
            account.first_row = account.first_row.min(*rows + row);
            *entries += account.add(answers, pivot, row).unwrap_or_else(|error| {
                refused.push(Refused { row: *rows + row, error });
                0
            });
            if *entries > self.settings.most_entries {
                return Err(limit(*entries, self.settings.most_entries));
            }
        }
        self.room = numbers;
        Ok(())
    }
}

/// Whether another account surely begins in this row.
fn is_followed(names: &ArrayRef, row: usize, name: &str) -> Result<bool, Error> {
    if row >= names.len() {
        return Ok(false);
    }
    if names.data_type().is_integer() {
        // Rows were told apart by their numbers, and two numbers are two names.
        return Ok(names.is_valid(row));
    }
    Ok(key_text(names, row)?.is_some_and(|next| *next != *name && checked(&next).is_ok()))
}

fn limit(found: usize, limit: usize) -> Error {
    let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let what = "combinations of account, measure and persona in no order";
    Error::Limit { field: "rows".into(), what, found: wide(found), limit: wide(limit) }
}
