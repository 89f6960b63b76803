//! Distinct texts, each with a small number.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use value_model::Error;

use super::{MAX_KEYS, index, next};

/// Distinct texts in one piece of memory, numbered as they come. Number 0 is the absence of a text.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    all: String,
    /// Where each text ends.
    ends: Vec<usize>,
    numbers: HashTable<u32>,
    hasher: RandomState,
    limit: usize,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            all: String::new(),
            ends: vec![0],
            numbers: HashTable::new(),
            hasher: RandomState::default(),
            limit: MAX_KEYS,
        }
    }
}

impl Texts {
    /// No texts, and not more than this many.
    pub(crate) fn with_limit(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// How many there are, with the absent one.
    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a number; none for 0.
    pub(crate) fn get(&self, number: usize) -> Option<&str> {
        let start = number.checked_sub(1)?;
        self.all.get(*self.ends.get(start)?..*self.ends.get(number)?)
    }

    /// The number of a text, a new one if it is new.
    pub(crate) fn number(&mut self, text: &str) -> Result<u32, Error> {
        let hash = self.hasher.hash_one(text);
        let (all, ends) = (&self.all, &self.ends);
        let get = |number: u32| {
            let at = index(number);
            all.get(*ends.get(at - 1)?..*ends.get(at)?)
        };
        let hasher = &self.hasher;
        let same = |number: &u32| get(*number) == Some(text);
        let rehash = |number: &u32| get(*number).map_or(0, |text| hasher.hash_one(text));
        match self.numbers.entry(hash, same, rehash) {
            Entry::Occupied(found) => Ok(*found.get()),
            Entry::Vacant(place) => {
                let number = next(self.ends.len(), self.limit)?;
                place.insert(number);
                self.all.push_str(text);
                self.ends.push(self.all.len());
                Ok(number)
            }
        }
    }
}
