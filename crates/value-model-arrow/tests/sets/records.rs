//! The same accounts as records, scored one by one.

use std::collections::BTreeMap;

use arrow_array::{ArrayRef, RecordBatch};
use value_model::answer::{Answer, Missing, Record, age_days};
use value_model::scale::Cell;
use value_model::scorecard::Scorer;
use value_model::set::{RollUp, SetColumn, SetScorer};
use value_model::{Date, Error};

use crate::attributes::Attributes;
use crate::common::as_of;
use crate::rows::{Row, shown};
use crate::table::{Accounts, Random};

/// A cell as the answer of a record.
pub fn answer(scorer: &Scorer, measure: usize, cell: &Cell) -> Answer {
    match cell {
        Cell::Missing(reason) => Answer::missing(*reason),
        Cell::Number(number) => Answer::new(*number),
        Cell::YesNo(flag) => Answer::new(*flag),
        Cell::Date(date) => Answer::new(*date),
        Cell::Level(level) => {
            let levels: Vec<&str> = scorer.measures()[measure].scale.levels().map(|(name, _)| name).collect();
            Answer::new(levels[*level as usize])
        }
        Cell::Change { .. } => panic!("a column holds no change"),
    }
}

/// Random accounts with what they answer to each model.
pub struct Table {
    pub accounts: Vec<(usize, Accounts)>,
    pub attributes: Attributes,
    pub on: Vec<Option<Date>>,
}

impl Table {
    /// The record of a row, with the answers that the models which the set chooses can read.
    pub fn record(&self, set: &SetScorer, row: usize) -> Result<Record, Error> {
        let mut record = Record::new(self.attributes.names[row].clone());
        record.attributes.extend(self.attributes.of(row));
        record.default_on = self.on[row];
        let choice = set.choose(&record)?;
        if set.set().parents.is_some() && record.account.is_empty() {
            // In a table, where no name stands it is missing.
            return Err(Error::Missing { field: "account".into() });
        }
        for (place, named) in choice.places().iter().zip(choice.models()) {
            let accounts = self.accounts.iter().find(|(models, _)| models >> place & 1 == 1);
            // A model that the table knows nothing of still reads the day.
            let cells = accounts.map_or(&[][..], |(_, accounts)| &accounts.rows[row]);
            let mut wrong = None;
            for (measure, cell) in cells.iter().enumerate() {
                match cell {
                    Ok(Cell::Missing(Missing::NoData)) => {}
                    Ok(cell) => {
                        let id = named.scorer.measures()[measure].id.to_string();
                        // Two models that ask for the same get the same answer, once.
                        record.answers.remove(&id);
                        record = record.answer(id, answer(&named.scorer, measure, cell));
                    }
                    Err(error) => wrong = wrong.or_else(|| Some(error.clone())),
                }
            }
            // What cannot be read comes before anything else that is wrong with the model's answers.
            if let Some(error) = wrong {
                return Err(error);
            }
            if let Some(on) = record.default_on {
                age_days(on, as_of())?;
            }
            named.scorer.assess(set.known_to(&named.scorer, &record)?.as_ref(), as_of())?;
        }
        Ok(record)
    }

    pub fn batch(&self, set: &SetScorer, random: &mut Random) -> RecordBatch {
        let mut columns: BTreeMap<String, ArrayRef> = BTreeMap::new();
        for (models, accounts) in &self.accounts {
            let scorer = &set.models()[models.trailing_zeros() as usize].scorer;
            let batch = accounts.batch(scorer, random);
            for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
                columns.entry(field.name().clone()).or_insert_with(|| ArrayRef::clone(column));
            }
        }
        columns.extend(self.attributes.columns(random));
        let columns = columns.into_iter().map(|(name, array)| (name, array, true));
        RecordBatch::try_from_iter_with_nullable(columns).unwrap()
    }
}

/// What the records give: rows, and the parents.
pub fn alone(set: &SetScorer, table: &Table, columns: &[SetColumn]) -> (Vec<Row>, RollUp) {
    let mut roll_up = RollUp::new(set);
    let mut rows = Vec::new();
    for row in 0..table.on.len() {
        let number = row as u64;
        let found = table.record(set, row).and_then(|record| {
            let found = set.assess(&record, as_of())?;
            roll_up.add(&record, &found)?;
            Ok(found)
        });
        match found {
            Err(error) => {
                let values = columns.iter().map(|_| None).collect();
                rows.push(Row { at: number, keys: None, values, code: Some(error.code().to_owned()) });
            }
            Ok(found) => rows.extend(found.iter().map(|one| {
                let model = set.models().iter().position(|named| named.name == one.card).unwrap();
                let value = |column: &SetColumn| {
                    shown(&set.models()[model].scorer, &one.assessment, column.columns[model]?)
                };
                Row {
                    at: number,
                    keys: Some((one.case.to_string(), one.card.to_string())),
                    values: columns.iter().map(value).collect(),
                    code: None,
                }
            })),
        }
    }
    (rows, roll_up)
}
