//! Reading JSON into a type in one pass: for text that is right. What is wrong with other text is for slower readers to say.

mod number;
#[cfg(test)]
mod tests;
mod variant;

use std::borrow::Cow;

use serde::de::value::BorrowedStrDeserializer;
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
    let mut quick = Quick { text, at: 0 };
    let value = T::deserialize(&mut quick)?;
    if quick.next().is_some() { Err(Unread) } else { Ok(value) }
}

struct Quick<'de> {
    text: &'de str,
    at: usize,
}

impl<'de> Quick<'de> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space; the reader stays on it.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                byte => return byte,
            }
        }
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Unread> {
        if self.next() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(Unread)
    }

    fn word(&mut self, word: &str) -> Result<(), Unread> {
        let end = self.at + word.len();
        if self.text.get(self.at..end) == Some(word) {
            self.at = end;
            return Ok(());
        }
        Err(Unread)
    }

    /// The text up to the closing quote, from behind the opening one; none if it holds an escape.
    #[inline]
    fn plain(&mut self) -> Result<Option<&'de str>, Unread> {
        let start = self.at;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            if let Some(word) = rest.first_chunk::<8>() {
                let found = escapes(u64::from_le_bytes(*word)) & HIGHEST;
                if found == 0 {
                    self.at += 8;
                    continue;
                }
                // The first one is always right.
                self.at += usize::try_from(found.trailing_zeros() / 8).unwrap_or_default();
            } else {
                let end = rest.iter().position(|byte| matches!(byte, 0..0x20 | b'"' | b'\\'));
                self.at += end.ok_or(Unread)?;
            }
            return match self.peek() {
                Some(b'"') => {
                    let text = self.text.get(start..self.at);
                    self.at += 1;
                    text.map(Some).ok_or(Unread)
                }
                Some(b'\\') => Ok(None),
                _ => Err(Unread),
            };
        }
    }

    /// The rest of a text that began at a quote and holds an escape.
    #[cold]
    fn escaped(&mut self, quote: usize) -> Result<String, Unread> {
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
                None => return Err(Unread),
            }
        }
        self.at += 1;
        let text = self.text.get(quote..self.at).ok_or(Unread)?;
        serde_json::from_str(text).map_err(|_| Unread)
    }

    /// A text, on whose opening quote the reader stands.
    #[inline]
    fn text(&mut self) -> Result<Cow<'de, str>, Unread> {
        let quote = self.at;
        self.at += 1;
        match self.plain()? {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.escaped(quote).map(Cow::Owned),
        }
    }

    /// What stands between two brackets, on the first of which the reader stands.
    #[inline]
    fn inside<T>(
        &mut self,
        close: u8,
        visit: impl FnOnce(&mut Entries<'_, 'de>) -> Result<T, Unread>,
    ) -> Result<T, Unread> {
        self.at += 1;
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
            Some(b'"') => match self.text()? {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
            Some(b'-' | b'0'..=b'9') => {
                let (number, length) = Number::read(self.text.get(self.at..).unwrap_or_default())?;
                self.at += length;
                match number {
                    Number::Whole(number) => visitor.visit_u64(number),
                    Number::Negative(number) => visitor.visit_i64(number),
                    Number::Float(number) => visitor.visit_f64(number),
                }
            }
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
            Some(b'"') => visitor.visit_enum(Bare(self.text()?)),
            Some(b'{') => {
                self.at += 1;
                let value = visitor.visit_enum(Variant(self))?;
                self.expect(b'}').map(|()| value)
            }
            _ => Err(Unread),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
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
        if self.quick.next() == Some(self.close) {
            self.quick.at += 1;
            self.ended = true;
            return Ok(false);
        }
        if !std::mem::take(&mut self.first) {
            self.quick.expect(b',')?;
        }
        Ok(true)
    }
}

impl<'de> Quick<'de> {
    /// The name of a field, or of a variant with content.
    #[inline]
    fn key<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<K::Value, Unread> {
        if self.next() != Some(b'"') {
            return Err(Unread);
        }
        match self.text()? {
            Cow::Borrowed(key) => seed.deserialize(BorrowedStrDeserializer::new(key)),
            Cow::Owned(key) => seed.deserialize(key.into_deserializer()),
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
