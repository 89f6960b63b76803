//! Lists and objects: brackets, commas and the names of fields.

use serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
};
use serde_json::Error;

use super::memo::Memo;
use super::page::Page;

/// A list or object whose entries are being written.
pub(super) struct Open<'a> {
    page: Page<'a>,
    /// What stands before the next entry: the bracket before the first, then commas.
    lead: u8,
    close: &'static [u8],
}

impl<'a> Page<'a> {
    #[inline(always)]
    pub(super) fn open(self, lead: u8, close: &'static [u8]) -> Open<'a> {
        Open { page: self, lead, close }
    }

    /// Opens what belongs to a variant, inside an object whose one field the variant is.
    pub(super) fn open_variant(mut self, variant: &'static str, lead: u8, close: &'static [u8]) -> Open<'a> {
        self.key(b'{', variant);
        self.open(lead, close)
    }
}

impl Open<'_> {
    #[inline(always)]
    fn lead(&mut self) -> u8 {
        std::mem::replace(&mut self.lead, b',')
    }

    #[inline(always)]
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.page.at = value.serialize(Page { sheet: self.page.sheet, at: self.page.at })?;
        Ok(())
    }

    #[inline(always)]
    fn entry<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let lead = self.lead();
        self.page.put(&[lead]);
        self.value(value)
    }

    #[inline(always)]
    pub(super) fn field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let lead = self.lead();
        self.page.key(lead, name);
        self.value(value)
    }

    #[inline(always)]
    pub(super) fn close(mut self) -> usize {
        let lead = self.lead();
        if lead != b',' {
            self.page.put(&[lead]);
        }
        self.page.put(self.close);
        self.page.at
    }
}

macro_rules! entries {
    ($($trait:ident: $method:ident($($name:ident)?) = $via:ident;)+) => {
        $(impl $trait for Open<'_> {
            type Ok = usize;
            type Error = Error;

            #[inline(always)]
            fn $method<T: Serialize + ?Sized>(&mut self, $($name: &'static str,)? value: &T) -> Result<(), Error> {
                self.$via($($name,)? value)
            }

            #[inline(always)]
            fn end(self) -> Result<usize, Error> {
                Ok(self.close())
            }
        })+
    };
}

entries! {
    SerializeSeq: serialize_element() = entry;
    SerializeTuple: serialize_element() = entry;
    SerializeTupleStruct: serialize_field() = entry;
    SerializeTupleVariant: serialize_field() = entry;
    SerializeStruct: serialize_field(name) = field;
    SerializeStructVariant: serialize_field(name) = field;
}

impl SerializeMap for Open<'_> {
    type Ok = usize;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let start = self.page.at + 1;
        self.entry(key)?;
        match self.page.sheet.out.get(start) {
            Some(b'"') => Ok(()),
            // Numbers and truth values become texts.
            Some(b'-' | b'0'..=b'9' | b't' | b'f') => {
                self.page.sheet.out.insert(start, b'"');
                // The number moved.
                self.page.sheet.memo = Memo::new();
                self.page.at += 1;
                self.page.put(b"\"");
                Ok(())
            }
            _ => Err(Error::custom("a key must be a text")),
        }
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.page.put(b":");
        self.value(value)
    }

    fn end(self) -> Result<usize, Error> {
        Ok(self.close())
    }
}
