//! Where the columns of a long table stand, and whether they can hold what they should.

use arrow_schema::{DataType, Schema};
use value_model::Error;

use super::LongMapping;
use crate::keys::KeyColumn;
use crate::moments;
use crate::tables::{is_number, is_text, must, place_of};

/// The places of the columns.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub(super) account: usize,
    pub(super) measure: usize,
    pub(super) value: usize,
    pub(super) source: Option<usize>,
    pub(super) persona: Option<usize>,
    pub(super) on: Option<usize>,
    pub(super) before: Option<usize>,
    pub(super) missing: Option<usize>,
}

impl Places {
    pub(super) fn find(table: &Schema, names: &LongMapping) -> Result<Self, Error> {
        let fits = |place: usize, fits: fn(&DataType) -> bool, expected: &str| {
            let field = table.field(place);
            if fits(field.data_type()) {
                return Ok(place);
            }
            if let Some(error) = moments::zoned(field.name(), field.data_type()) {
                return Err(error);
            }
            Err(Error::Invalid {
                field: field.name().clone().into(),
                reason: format!("holds {}; {expected} are expected", field.data_type()),
            })
        };
        let word = |name: &str| place_of(table, name)?.map(|place| fits(place, is_word, "texts")).transpose();
        let day = |name: &str| place_of(table, name)?.map(|place| fits(place, is_day, "dates")).transpose();
        let number =
            |name: &str| place_of(table, name)?.map(|place| fits(place, is_number, "numbers")).transpose();
        let expected = "texts, whole numbers or dictionaries";
        Ok(Self {
            account: must(table, "columns", &names.account).and_then(|at| fits(at, is_account, expected))?,
            measure: must(table, "columns", &names.measure).and_then(|at| fits(at, is_word, "texts"))?,
            value: must(table, "columns", &names.value)
                .and_then(|at| fits(at, is_value, "numbers, booleans, dates or texts"))?,
            source: word(&names.source)?,
            persona: word(&names.persona)?,
            on: day(&names.on)?,
            before: number(&names.before)?,
            missing: word(&names.missing)?,
        })
    }

    pub(super) fn all(&self) -> Vec<usize> {
        let maybe = [self.source, self.persona, self.on, self.before, self.missing];
        let mut places = vec![self.account, self.measure, self.value];
        places.extend(maybe.into_iter().flatten());
        places.sort_unstable();
        places.dedup();
        places
    }
}

fn is_account(kind: &DataType) -> bool {
    KeyColumn::takes(kind)
}

fn is_word(kind: &DataType) -> bool {
    is_text(kind) || matches!(kind, DataType::Null)
}

fn is_day(kind: &DataType) -> bool {
    is_word(kind) || matches!(kind, DataType::Date32 | DataType::Date64) || moments::are_days(kind)
}

fn is_value(kind: &DataType) -> bool {
    is_day(kind) || is_number(kind) || matches!(kind, DataType::Boolean)
}
