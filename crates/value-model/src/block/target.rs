//! Where results go: slices that the caller owns.

use super::Column;

/// One column of results and the memory it is written to.
#[derive(Debug)]
pub struct Target<'a> {
    /// What is written.
    pub column: Column,
    /// One value per account; what stands under a missing one is 0.
    pub values: Values<'a>,
    /// One bit per account, least significant first: whether there is a value.
    pub valid: &'a mut [u8],
}

/// The values of a column.
#[derive(Debug)]
pub enum Values<'a> {
    /// Of columns that hold numbers.
    Numbers(&'a mut [f64]),
    /// Of columns that hold codes: see [`Column::is_code`].
    Codes(&'a mut [u8]),
}

impl Values<'_> {
    /// How many accounts there is room for.
    pub const fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Codes(values) => values.len(),
        }
    }

    /// Whether there is room for none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Target<'_> {
    /// The same column for the accounts before and from `row` on: a multiple of 8, or the end.
    pub fn split_at(self, row: usize) -> (Self, Self) {
        let (before, after) = match self.values {
            Values::Numbers(values) => {
                let (a, b) = values.split_at_mut(row.min(values.len()));
                (Values::Numbers(a), Values::Numbers(b))
            }
            Values::Codes(values) => {
                let (a, b) = values.split_at_mut(row.min(values.len()));
                (Values::Codes(a), Values::Codes(b))
            }
        };
        let (head, tail) = self.valid.split_at_mut(row.div_ceil(8).min(self.valid.len()));
        (
            Self { column: self.column, values: before, valid: head },
            Self { column: self.column, values: after, valid: tail },
        )
    }
}
