//! Values of JavaScript as they cross the border: numbers that say what comes next, and all texts in one.
//!
//! `js/pack.js` writes what is read here. A value is one number that says its kind, and what belongs to it: for a number
//! itself, for a text its length in UTF-16 units, for a list or record its count and then its entries.

use value_model::Error;
use value_model::error::excerpt;
use value_model_bridge::{Limits, Tree};

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const NUMBER: u8 = 3;
const TEXT: u8 = 4;
const LIST: u8 = 5;
const RECORD: u8 = 6;
/// A text with half of a surrogate pair, which was replaced.
const BROKEN_TEXT: u8 = 7;
/// A whole number above 2^53.
const HUGE: u8 = 8;
/// Something that is no value; the text says what.
const STRANGE: u8 = 9;
/// Numbers that were given away to another thread.
const DETACHED: u8 = 10;
/// A name that is no text, as a `Map` can have.
const NAMELESS: u8 = 11;

/// One or more packed values, read from the front.
#[derive(Clone, Copy, Debug)]
pub struct Packed<'a> {
    numbers: &'a [f64],
    texts: &'a str,
}

/// One step of a packed value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step<'a> {
    Null,
    Bool(bool),
    Number(f64),
    Text(&'a str),
    /// So many entries follow.
    List(usize),
    /// So many pairs of a text and a value follow.
    Record(usize),
    /// No value.
    Bad(Bad<'a>),
}

/// What JavaScript can hold and a value cannot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bad<'a> {
    BrokenText(&'a str),
    Huge,
    Strange(&'a str),
    Detached,
    Nameless,
    /// Not written by `js/pack.js`.
    Garbled,
}

impl Bad<'_> {
    fn error(self) -> Error {
        let reason = match self {
            Self::BrokenText(text) => return Error::Text { field: "".into(), value: excerpt(text) },
            Self::Huge => "a whole number above 2^53 cannot be held exactly; write ids as texts".to_owned(),
            Self::Strange(kind) => format!("cannot read a value of the type `{}`", excerpt(kind)),
            Self::Detached => "the memory of these numbers was given away to another thread".to_owned(),
            Self::Nameless => "names are texts".to_owned(),
            Self::Garbled => "this is no value of JavaScript".to_owned(),
        };
        Error::Invalid { field: "".into(), reason }
    }
}

impl<'a> Packed<'a> {
    /// Values that `js/pack.js` has packed.
    pub const fn new(numbers: &'a [f64], texts: &'a str) -> Self {
        Self { numbers, texts }
    }

    /// The next step; garbled at the end.
    pub(crate) fn step(&mut self) -> Step<'a> {
        match self.code() {
            Some(NULL) => Step::Null,
            Some(FALSE) => Step::Bool(false),
            Some(TRUE) => Step::Bool(true),
            Some(NUMBER) => self.number().map_or(Step::Bad(Bad::Garbled), Step::Number),
            Some(TEXT) => self.text().map_or_else(Step::Bad, Step::Text),
            Some(LIST) => self.count().map_or(Step::Bad(Bad::Garbled), Step::List),
            Some(RECORD) => self.count().map_or(Step::Bad(Bad::Garbled), Step::Record),
            Some(BROKEN_TEXT) => Step::Bad(self.text().map_or_else(|bad| bad, Bad::BrokenText)),
            Some(HUGE) => Step::Bad(Bad::Huge),
            Some(STRANGE) => Step::Bad(self.text().map_or_else(|bad| bad, Bad::Strange)),
            Some(DETACHED) => Step::Bad(Bad::Detached),
            Some(NAMELESS) => Step::Bad(Bad::Nameless),
            _ => Step::Bad(Bad::Garbled),
        }
    }

    fn number(&mut self) -> Option<f64> {
        let (first, rest) = self.numbers.split_first()?;
        self.numbers = rest;
        Some(*first)
    }

    fn code(&mut self) -> Option<u8> {
        self.count().and_then(|code| u8::try_from(code).ok())
    }

    fn count(&mut self) -> Option<usize> {
        let number = self.number()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "compared right after")]
        let whole = number as u32;
        // Not by its fraction: for that, processors without newer instructions call a function.
        let same = f64::from(whole).to_bits() == number.to_bits();
        usize::try_from(whole).ok().filter(|_| same)
    }

    fn text(&mut self) -> Result<&'a str, Bad<'a>> {
        let units = self.count().ok_or(Bad::Garbled)?;
        let bytes = match self.texts.as_bytes().get(..units) {
            Some(bytes) if bytes.is_ascii() => units,
            _ => bytes_of(self.texts, units).ok_or(Bad::Garbled)?,
        };
        let (text, rest) = self.texts.split_at_checked(bytes).ok_or(Bad::Garbled)?;
        self.texts = rest;
        Ok(text)
    }

    /// Reads one value as a tree, within the default limits.
    ///
    /// # Errors
    /// For what JavaScript can hold and a tree cannot, by path; and for too much of it.
    pub(crate) fn tree(&mut self) -> Result<Tree, Error> {
        Reader { packed: self, limits: Limits::default(), depth: 0, values: 0 }.read()
    }
}

/// How many bytes so many UTF-16 units are, if the text has so many.
fn bytes_of(text: &str, units: usize) -> Option<usize> {
    let mut left = units;
    for (at, sign) in text.char_indices() {
        if left == 0 {
            return Some(at);
        }
        left = left.checked_sub(sign.len_utf16())?;
    }
    (left == 0).then_some(text.len())
}

/// What has been read so far, within limits.
struct Reader<'p, 'a> {
    packed: &'p mut Packed<'a>,
    limits: Limits,
    depth: u32,
    values: u64,
}

impl Reader<'_, '_> {
    fn read(&mut self) -> Result<Tree, Error> {
        self.values += 1;
        let (found, limit) = (self.values, self.limits.values);
        if found > limit {
            return Err(Error::Limit { field: "".into(), what: "values", found, limit });
        }
        match self.packed.step() {
            Step::Null => Ok(Tree::Null),
            Step::Bool(flag) => Ok(Tree::Bool(flag)),
            Step::Number(number) => Ok(Tree::Number(number)),
            Step::Text(text) => Ok(Tree::Text(text.to_owned())),
            Step::List(count) => self.inside(|reader| reader.list(count)),
            Step::Record(count) => self.inside(|reader| reader.record(count)),
            Step::Bad(bad) => Err(bad.error()),
        }
    }

    fn list(&mut self, count: usize) -> Result<Tree, Error> {
        let mut entries = Vec::new();
        for index in 0..count {
            entries.push(self.read().map_err(|error| within(error, || format!("[{index}]")))?);
        }
        Ok(Tree::List(entries))
    }

    fn record(&mut self, count: usize) -> Result<Tree, Error> {
        let mut fields = Vec::new();
        for _ in 0..count {
            let name = match self.packed.step() {
                Step::Text(name) => name.to_owned(),
                Step::Bad(bad) => return Err(bad.error()),
                _ => return Err(Bad::Nameless.error()),
            };
            let value = self.read().map_err(|error| within(error, || name.clone()))?;
            fields.push((name, value));
        }
        Ok(Tree::Record(fields))
    }

    /// Reads what lies inside of a value: one that holds itself ends here.
    fn inside(&mut self, read: impl FnOnce(&mut Self) -> Result<Tree, Error>) -> Result<Tree, Error> {
        let limit = self.limits.depth;
        if self.depth >= limit {
            let (found, limit) = (u64::from(self.depth) + 1, limit.into());
            return Err(Error::Limit { field: "".into(), what: "levels of nesting", found, limit });
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }
}

/// A limit is a matter of the whole; a path of a hundred steps would only bury it.
fn within(error: Error, step: impl FnOnce() -> String) -> Error {
    match error {
        error @ Error::Limit { .. } => error,
        error => error.within(&step()),
    }
}

#[cfg(test)]
mod tests {
    use value_model_bridge::Tree;

    use super::Packed;

    #[test]
    fn texts_are_counted_as_javascript_counts() {
        // ["é", "😀", "ab"]
        let numbers = [5.0, 3.0, 4.0, 1.0, 4.0, 2.0, 4.0, 2.0];
        let texts = |list: [&str; 3]| Tree::List(list.map(|text| Tree::Text(text.to_owned())).to_vec());
        assert_eq!(Packed::new(&numbers, "é😀ab").tree().unwrap(), texts(["é", "😀", "ab"]));
    }

    #[test]
    fn what_nobody_packed_is_refused() {
        for numbers in
            [&[][..], &[3.0], &[4.0, 9.0], &[5.0, 1e300], &[0.5], &[-1.0], &[f64::NAN], &[6.0, 2.0]]
        {
            assert_eq!(
                Packed::new(numbers, "short").tree().unwrap_err().code(),
                "invalid_input",
                "{numbers:?}"
            );
        }
    }

    #[test]
    fn a_list_in_itself_ends_at_the_limit() {
        let numbers: Vec<f64> = [5.0, 1.0].repeat(200);
        let error = Packed::new(&numbers, "").tree().unwrap_err();
        assert_eq!((error.code(), error.field()), ("limit", ""));
    }
}
