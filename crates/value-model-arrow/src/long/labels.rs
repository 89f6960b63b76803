//! The names of the accounts of a piece: where they are whole numbers, their type is looked at once.

use std::borrow::Cow;
use std::fmt::Write as _;

use arrow_array::{Array, ArrayRef, downcast_integer_array};
use num_traits::ToPrimitive;
use value_model::Error;

use crate::keys::{index, key_text};

/// Names, and the memory to write one.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// By the place of the account: whether its number is below 0, and how far it is from 0.
    numbers: Vec<(bool, u64)>,
    text: String,
    are_numbers: bool,
}

impl Labels {
    /// Reads the names that begin in these rows.
    pub(super) fn read(&mut self, names: &ArrayRef, starts: &[u32]) {
        self.numbers.clear();
        self.are_numbers = names.data_type().is_integer() && names.null_count() == 0;
        if self.are_numbers {
            let numbers = &mut self.numbers;
            let names: &dyn Array = names.as_ref();
            downcast_integer_array!(
                names => numbers.extend(starts.iter().filter_map(|row| names.values().get(index(*row))).map(parts)),
                _ => {}
            );
        }
    }

    /// Whether all are whole numbers: then each is a name, and those of neighbours differ.
    pub(super) const fn are_numbers(&self) -> bool {
        self.are_numbers
    }

    /// The name of an account by its place among those that begin in the piece, and by its row.
    pub(super) fn get<'a>(
        &'a mut self,
        names: &'a ArrayRef,
        place: usize,
        row: usize,
    ) -> Result<Cow<'a, str>, Error> {
        let Some((negative, number)) = self.numbers.get(place) else {
            return Ok(key_text(names, row)?.unwrap_or_default());
        };
        self.text.clear();
        if *negative {
            self.text.push('-');
        }
        // Writing to a text cannot fail.
        let _ = write!(self.text, "{number}");
        Ok(Cow::Borrowed(&self.text))
    }
}

fn parts<T: ToPrimitive>(number: &T) -> (bool, u64) {
    let below = || number.to_i64().map_or(0, i64::unsigned_abs);
    number.to_u64().map_or_else(|| (true, below()), |number| (false, number))
}
