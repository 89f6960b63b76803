//! Key columns: every distinct combination of their values gets a small number, in the order in which they appear.

mod column;
mod groups;
mod texts;

use arrow_array::ArrayRef;
use arrow_schema::DataType;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use value_model::Error;

pub(crate) use column::{KeyColumn, key_text};
pub(crate) use groups::{changes, checked};
use std::hash::BuildHasher;

/// The most rows that a portfolio can have beside its total.
pub const MAX_KEYS: usize = 1 << 20;

/// The keys seen so far.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    columns: Vec<KeyColumn>,
    /// With several columns: the number of each column's value, for each key.
    parts: Vec<Vec<u32>>,
    numbers: HashTable<u32>,
    hasher: RandomState,
    /// Room for the numbers of one column's values in a batch.
    room: Vec<Vec<u32>>,
}

impl Keys {
    /// No keys yet, of this many columns.
    pub(crate) fn new(columns: usize) -> Self {
        Self {
            columns: vec![KeyColumn::default(); columns],
            parts: Vec::new(),
            numbers: HashTable::new(),
            hasher: RandomState::default(),
            room: vec![Vec::new(); columns],
        }
    }

    /// Whether a column of this type can be a key.
    pub(crate) fn takes(kind: &DataType) -> bool {
        KeyColumn::takes(kind)
    }

    /// The key of every row of a batch, given its key columns.
    ///
    /// # Errors
    /// [`Error::Limit`] beyond [`MAX_KEYS`].
    pub(crate) fn number(&mut self, arrays: &[ArrayRef], out: &mut Vec<u32>) -> Result<(), Error> {
        let rows = arrays.first().map_or(0, |array| array.len());
        match (self.columns.as_mut_slice(), arrays) {
            ([], _) => {}
            ([column], [array]) => column.number(array, out)?,
            _ => {
                for ((column, room), array) in self.columns.iter_mut().zip(&mut self.room).zip(arrays) {
                    column.number(array, room)?;
                }
                self.combine(rows, out)?;
            }
        }
        Ok(())
    }

    /// One number for each combination of the columns' numbers.
    fn combine(&mut self, rows: usize, out: &mut Vec<u32>) -> Result<(), Error> {
        out.clear();
        out.reserve(rows);
        let mut last: (Vec<u32>, u32) = (Vec::new(), 0);
        let mut parts: Vec<u32> = Vec::with_capacity(self.room.len());
        for row in 0..rows {
            parts.clear();
            parts.extend(self.room.iter().map(|room| room.get(row).copied().unwrap_or(0)));
            if parts != last.0 {
                last.1 = self.find(&parts)?;
                last.0.clone_from(&parts);
            }
            out.push(last.1);
        }
        Ok(())
    }

    fn find(&mut self, parts: &[u32]) -> Result<u32, Error> {
        let (known, hasher) = (&mut self.parts, &self.hasher);
        let get =
            |known: &[Vec<u32>], number: u32| known.get(index(number)).map_or(0, |of| hasher.hash_one(of));
        let found = self.numbers.entry(
            hasher.hash_one(parts),
            |number| known.get(index(*number)).is_some_and(|of| of == parts),
            |number| get(known, *number),
        );
        match found {
            hashbrown::hash_table::Entry::Occupied(found) => Ok(*found.get()),
            hashbrown::hash_table::Entry::Vacant(place) => {
                let number = next(known.len(), MAX_KEYS)?;
                place.insert(number);
                known.push(parts.to_vec());
                Ok(number)
            }
        }
    }

    /// Every key with its number, in no order.
    pub(crate) fn all(&self) -> Vec<(usize, Vec<Option<String>>)> {
        match self.columns.as_slice() {
            [] => Vec::new(),
            [column] => (0..column.len()).map(|number| (number, vec![column.text(number)])).collect(),
            columns => {
                let of = |parts: &Vec<u32>| {
                    columns.iter().zip(parts).map(|(column, part)| column.text(index(*part))).collect()
                };
                self.parts.iter().map(of).enumerate().collect()
            }
        }
    }

    /// The number here of each key of other keys, in the order of its numbers there.
    pub(crate) fn join(&mut self, other: &Self) -> Result<Vec<u32>, Error> {
        let mut of_columns = Vec::with_capacity(self.columns.len());
        for (column, joined) in self.columns.iter_mut().zip(&other.columns) {
            of_columns.push(column.join(joined)?);
        }
        match of_columns.as_slice() {
            [] => Ok(vec![0]),
            [one] => Ok(one.clone()),
            many => {
                let mut out = Vec::with_capacity(other.parts.len());
                for parts in &other.parts {
                    let here = parts.iter().zip(many).map(|(part, map)| map.get(index(*part)).copied());
                    let here: Vec<u32> = here.map(Option::unwrap_or_default).collect();
                    out.push(self.find(&here)?);
                }
                Ok(out)
            }
        }
    }
}

/// The next number after `known` keys.
pub(crate) fn next(known: usize, limit: usize) -> Result<u32, Error> {
    let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    u32::try_from(known).ok().filter(|_| known <= limit).ok_or(Error::Limit {
        field: "keys".into(),
        what: "distinct values",
        found: wide(known),
        limit: wide(limit),
    })
}

pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
