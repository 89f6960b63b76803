//! Words that repeat, each held once, and days.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{ArrayRef, Date32Array, DictionaryArray, StringArray, UInt32Array};
use arrow_schema::{ArrowError, DataType};
use value_model::Date;

/// So many words are found by looking at each of them.
const FEW: usize = 16;

/// A column of words being filled.
#[derive(Default)]
pub(super) struct Words {
    /// The number of the word in each row; none where there is none.
    rows: Vec<Option<u32>>,
    known: Vec<String>,
    /// The numbers of the words after the first few.
    more: HashMap<String, u32>,
}

impl Words {
    /// The type of a finished column.
    pub(super) fn kind() -> DataType {
        DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8))
    }

    /// Appends a word; an empty one is none.
    #[inline]
    pub(super) fn push(&mut self, word: &str) {
        let number = if word.is_empty() { None } else { Some(self.number(word)) };
        self.rows.push(number);
    }

    #[inline]
    fn number(&mut self, word: &str) -> u32 {
        match self.known.iter().take(FEW).position(|known| known == word) {
            Some(place) => u32::try_from(place).unwrap_or(u32::MAX),
            None => self.rare(word),
        }
    }

    fn rare(&mut self, word: &str) -> u32 {
        if let Some(number) = self.more.get(word) {
            return *number;
        }
        let number = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        if self.known.len() >= FEW {
            self.more.insert(word.to_owned(), number);
        }
        self.known.push(word.to_owned());
        number
    }

    /// The column.
    ///
    /// # Errors
    /// None is expected.
    pub(super) fn finish(self) -> Result<ArrayRef, ArrowError> {
        let known: ArrayRef = Arc::new(self.known.iter().map(Some).collect::<StringArray>());
        let rows: UInt32Array = self.rows.into_iter().collect();
        Ok(Arc::new(DictionaryArray::<UInt32Type>::try_new(rows, known)?))
    }
}

/// A column of days being filled.
#[derive(Default)]
pub(super) struct Days {
    rows: Vec<Option<i32>>,
    /// The last text, and the day that it says: most rows stand beside some of the same day.
    last: (Vec<u8>, i32),
}

impl Days {
    /// The day that a text says, in days since 1970; none for an empty one.
    ///
    /// # Errors
    /// A text that says no day.
    #[inline]
    pub(super) fn read(&mut self, text: &str) -> Result<Option<i32>, ()> {
        if text.is_empty() {
            return Ok(None);
        }
        if self.last.0 != text.as_bytes() {
            let epoch = Date::from_days(0).ok_or(())?;
            let day = Date::parse(text).ok_or(())?.days_since(epoch);
            self.last.0.clear();
            self.last.0.extend_from_slice(text.as_bytes());
            self.last.1 = day;
        }
        Ok(Some(self.last.1))
    }

    /// Appends a day.
    pub(super) fn push(&mut self, day: Option<i32>) {
        self.rows.push(day);
    }

    /// The column.
    pub(super) fn finish(self) -> ArrayRef {
        Arc::new(self.rows.into_iter().collect::<Date32Array>())
    }
}

#[cfg(test)]
mod tests {
    use super::{Days, Words};
    use crate::input::plain;

    #[test]
    fn words_come_back_however_many_there_are() {
        let mut words = Words::default();
        let word = |row: usize| if row % 5 == 3 { String::new() } else { format!("w{}", row * 7 % 40) };
        (0..400).for_each(|row| words.push(&word(row)));
        let array = words.finish().unwrap();
        for row in 0..400 {
            assert_eq!(plain::text(array.as_ref(), row).unwrap_or_default(), word(row), "{row}");
        }
    }

    #[test]
    fn days_are_read_once_while_they_stay_the_same() {
        let mut days = Days::default();
        for text in ["2026-10-01", "2026-10-01", "", "1969-12-31"] {
            let day = days.read(text).unwrap();
            days.push(day);
        }
        assert!(days.read("soon").is_err() && days.read("2026-02-30").is_err());
        let array = days.finish();
        let texts: Vec<_> = (0..4).map(|row| plain::text(array.as_ref(), row).unwrap_or_default()).collect();
        assert_eq!(texts, ["2026-10-01", "2026-10-01", "", "1969-12-31"]);
    }
}
