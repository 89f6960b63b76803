//! Reading JSON into a type in one pass: for text that is right. What is wrong with other text is for slower readers to say.

mod number;
#[cfg(test)]
mod tests;
mod variant;

use serde::de::value::BorrowedBytesDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

use self::number::Number;
use self::variant::{Bare, Variant};
use crate::escape::{HIGHEST, escapes};

/// Something is wrong or unusual. It holds nothing, so that results stay small.
#[derive(Debug)]
pub(crate) struct Unread;

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not read")
    }
}

impl std::error::Error for Unread {}

impl serde::de::Error for Unread {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Reads a value whose type bounds how deep it nests, as `serde_json` would.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    whole(Quick { text, rest: text.as_bytes(), exact: false })
}

/// The same, of a text without whole numbers that an `f64` may not hold.
pub(crate) fn read_exact<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    whole(Quick { text, rest: text.as_bytes(), exact: true })
}

fn whole<T: DeserializeOwned>(mut quick: Quick<'_>) -> Result<T, Unread> {
    let value = T::deserialize(&mut quick)?;
    if quick.next().is_some() { Err(Unread) } else { Ok(value) }
}

/// The first number of so many digits that an `f64` may not hold it.
const LONG: u64 = 1_000_000_000_000_000;

struct Quick<'de> {
    text: &'de str,
    /// The end of the text that has not been read.
    rest: &'de [u8],
    /// Whole numbers that an `f64` may not hold are left to slower readers.
    exact: bool,
}

impl<'de> Quick<'de> {
    /// The next byte that is no white space; the reader stays on it.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.rest {
                [byte, ..] if *byte > b' ' => return Some(*byte),
                [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] => self.rest = rest,
                rest => return rest.first().copied(),
            }
        }
    }

    /// Goes past the byte on which the reader stands.
    #[inline]
    fn skip(&mut self) {
        self.rest = self.rest.split_first().map_or(&[], |(_, rest)| rest);
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Unread> {
        if self.next() == Some(byte) {
            self.skip();
            return Ok(());
        }
        Err(Unread)
    }

    fn word(&mut self, word: &str) -> Result<(), Unread> {
        self.rest = self.rest.strip_prefix(word.as_bytes()).ok_or(Unread)?;
        Ok(())
    }

    /// The text between two ends of the whole.
    #[inline]
    fn between(&self, from: &[u8], to: &[u8]) -> Result<&'de str, Unread> {
        let place = |rest: &[u8]| self.text.len().wrapping_sub(rest.len());
        self.text.get(place(from)..place(to)).ok_or(Unread)
    }

    /// Goes to the closing quote of a text, from behind the opening one, and gives the bytes between; none if it holds
    /// an escape, before which the reader stands then.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "nearly all that a text of JSON holds passes through it")]
    fn plain(&mut self) -> Result<Option<&'de [u8]>, Unread> {
        let start = self.rest;
        let mut rest = start;
        loop {
            let Some((word, more)) = rest.split_first_chunk::<8>() else {
                let end = rest.iter().position(|byte| matches!(byte, 0..0x20 | b'"' | b'\\'));
                rest = rest.get(end.ok_or(Unread)?..).unwrap_or_default();
                break;
            };
            let found = escapes(u64::from_le_bytes(*word)) & HIGHEST;
            if found != 0 {
                // The first one is always right.
                let place = usize::try_from(found.trailing_zeros() / 8).unwrap_or_default();
                rest = rest.get(place..).unwrap_or_default();
                break;
            }
            rest = more;
        }
        match rest {
            [b'"', after @ ..] => {
                self.rest = after;
                Ok(start.get(..start.len().wrapping_sub(rest.len())))
            }
            [b'\\', ..] => {
                self.rest = rest;
                Ok(None)
            }
            _ => Err(Unread),
        }
    }

    /// The whole of a text that began here, at a quote, and holds an escape, before which the reader stands.
    #[cold]
    fn escaped(&mut self, quote: &[u8]) -> Result<String, Unread> {
        loop {
            match self.rest {
                [b'"', ..] => break,
                [b'\\', _, rest @ ..] | [_, rest @ ..] => self.rest = rest,
                [] => return Err(Unread),
            }
        }
        self.skip();
        let text = self.between(quote, self.rest)?;
        serde_json::from_str(text).map_err(|_| Unread)
    }

    /// A text, on whose opening quote the reader stands.
    #[inline]
    fn text<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unread> {
        let quote = self.rest;
        self.skip();
        let start = self.rest;
        match self.plain()? {
            Some(bytes) => {
                let end = start.get(bytes.len()..).unwrap_or_default();
                visitor.visit_borrowed_str(self.between(start, end)?)
            }
            None => visitor.visit_string(self.escaped(quote)?),
        }
    }

    /// A number, on whose first byte the reader stands.
    #[inline]
    fn number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unread> {
        // A single digit, as ratings and weights are.
        if let [digit @ b'0'..=b'9', b',' | b'}' | b']', ..] = self.rest {
            self.skip();
            return visitor.visit_u64(u64::from(*digit - b'0'));
        }
        let (number, rest) = Number::read(self.rest)?;
        self.rest = rest;
        match number {
            Number::Whole(number) if self.exact && number >= LONG => Err(Unread),
            Number::Negative(number) if self.exact && number.unsigned_abs() >= LONG => Err(Unread),
            // It may have been written as a whole number that is longer still.
            Number::Float(number) if self.exact && number.abs() >= 1e15 => Err(Unread),
            Number::Whole(number) => visitor.visit_u64(number),
            Number::Negative(number) => visitor.visit_i64(number),
            Number::Float(number) => visitor.visit_f64(number),
        }
    }

    /// What stands between two brackets, on the first of which the reader stands.
    #[inline]
    fn inside<T>(
        &mut self,
        close: u8,
        visit: impl FnOnce(&mut Entries<'_, 'de>) -> Result<T, Unread>,
    ) -> Result<T, Unread> {
        self.skip();
        let mut entries = Entries { quick: self, first: true, ended: false, close };
        let value = visit(&mut entries)?;
        // A type that has all it wants does not ask for the end.
        if !entries.ended {
            self.expect(close)?;
        }
        Ok(value)
    }
}

impl<'de> Deserializer<'de> for &mut Quick<'de> {
    type Error = Unread;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.next() {
            Some(b'"') => self.text(visitor),
            Some(b'-' | b'0'..=b'9') => self.number(visitor),
            Some(b'{') => self.inside(b'}', |entries| visitor.visit_map(entries)),
            Some(b'[') => self.inside(b']', |entries| visitor.visit_seq(entries)),
            Some(b't') => self.word("true").and_then(|()| visitor.visit_bool(true)),
            Some(b'f') => self.word("false").and_then(|()| visitor.visit_bool(false)),
            Some(b'n') => self.word("null").and_then(|()| visitor.visit_unit()),
            _ => Err(Unread),
        }
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        if self.next() == Some(b'n') {
            return self.word("null").and_then(|()| visitor.visit_none());
        }
        visitor.visit_some(self)
    }

    // Types say what they want; most often it is what stands there.

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        if self.next() == Some(b'"') { self.text(visitor) } else { self.deserialize_any(visitor) }
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.next() {
            Some(b'-' | b'0'..=b'9') => self.number(visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        match self.next() {
            Some(b'{') => self.inside(b'}', |entries| visitor.visit_map(entries)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        match self.next() {
            Some(b'"') => {
                let quote = self.rest;
                self.skip();
                match self.plain()? {
                    Some(name) => visitor.visit_enum(Bare(name)),
                    None => visitor.visit_enum(Bare(self.escaped(quote)?.as_bytes())),
                }
            }
            Some(b'{') => {
                self.skip();
                let value = visitor.visit_enum(Variant(self))?;
                self.expect(b'}').map(|()| value)
            }
            _ => Err(Unread),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 char bytes byte_buf unit unit_struct seq tuple tuple_struct map
        identifier ignored_any
    }
}

/// What stands between two brackets.
struct Entries<'a, 'de> {
    quick: &'a mut Quick<'de>,
    first: bool,
    ended: bool,
    close: u8,
}

impl Entries<'_, '_> {
    /// Whether another entry follows; the reader stands on it.
    #[inline]
    fn more(&mut self) -> Result<bool, Unread> {
        // A type may ask again for each of its fields that the list is too short for.
        if self.ended {
            return Ok(false);
        }
        match self.quick.next() {
            Some(b',') if !self.first => {
                self.quick.skip();
                Ok(true)
            }
            Some(byte) if byte == self.close => {
                self.quick.skip();
                self.ended = true;
                Ok(false)
            }
            Some(_) if self.first => {
                self.first = false;
                Ok(true)
            }
            _ => Err(Unread),
        }
    }
}

impl<'de> Quick<'de> {
    /// The name of a field, or of a variant with content.
    #[inline]
    fn key<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<K::Value, Unread> {
        if self.next() != Some(b'"') {
            return Err(Unread);
        }
        let quote = self.rest;
        self.skip();
        match self.plain()? {
            Some(key) => seed.deserialize(BorrowedBytesDeserializer::new(key)),
            None => seed.deserialize(self.escaped(quote)?.into_deserializer()),
        }
    }
}

impl<'de> MapAccess<'de> for &mut Entries<'_, 'de> {
    type Error = Unread;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unread> {
        if !self.more()? {
            return Ok(None);
        }
        self.quick.key(seed).map(Some)
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unread> {
        self.quick.expect(b':')?;
        seed.deserialize(&mut *self.quick)
    }
}

impl<'de> SeqAccess<'de> for &mut Entries<'_, 'de> {
    type Error = Unread;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unread> {
        if self.more()? { seed.deserialize(&mut *self.quick).map(Some) } else { Ok(None) }
    }
}
