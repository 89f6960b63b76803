//! Writing results as JSON text: what `serde_json` writes, byte for byte, in a third of the time.
//!
//! A result is mostly names that its type declares, and numbers. Those are put into a buffer here; what is rare is left
//! to `serde_json`.

#![expect(
    clippy::inline_always,
    reason = "the name of a field is then a constant, and putting it into the buffer two or three stores"
)]

mod memo;
mod open;
mod page;

use serde::ser::{Serialize, Serializer};
use serde_json::Error;

use self::memo::Memo;
use self::open::Open;
use self::page::{Page, Sheet};
use crate::refusal::Refusal;

/// Appends a value as JSON, without spaces and line breaks.
///
/// The bytes are those of `serde_json::to_writer`; a NaN or infinity becomes `null`. Names of fields and variants, which
/// types declare, are written as they are: they must hold no character that JSON escapes.
///
/// # Errors
/// `invalid_input` for what JSON cannot hold, such as a map whose keys are lists. Nothing is appended then.
///
/// # Examples
/// ```
/// let mut text = b"score: ".to_vec();
/// value_model_bridge::to_json(&Some(0.5), &mut text)?;
/// assert_eq!(text, b"score: 0.5");
/// # Ok::<(), value_model_bridge::Refusal>(())
/// ```
pub fn to_json<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), Refusal> {
    let start = out.len();
    let mut sheet = Sheet { out: std::mem::take(out), memo: Memo::new() };
    let written = value.serialize(Page { at: start, sheet: &mut sheet });
    *out = sheet.out;
    out.truncate(*written.as_ref().unwrap_or(&start));
    written.map(|_| ()).map_err(|error| {
        let reason = format!("cannot be written as JSON: {error}");
        value_model::Error::Invalid { field: "".into(), reason }.into()
    })
}

/// Puts a text that holds something to escape.
#[cold]
#[inline(never)]
fn escaped(mut page: Page<'_>, text: &str) -> Result<usize, Error> {
    page.put(serde_json::to_string(text)?.as_bytes());
    Ok(page.at)
}

macro_rules! left_to_serde_json {
    ($($method:ident $type:ty;)+) => {
        $(fn $method(mut self, value: $type) -> Result<usize, Error> {
            // None of these is longer.
            let mut text = [0; 40];
            let mut rest = text.as_mut_slice();
            serde_json::to_writer(&mut rest, &value)?;
            let length = 40 - rest.len();
            self.put(text.get(..length).unwrap_or_default());
            Ok(self.at)
        })+
    };
}

impl<'a> Serializer for Page<'a> {
    /// The place after what was written.
    type Ok = usize;
    type Error = Error;
    type SerializeSeq = Open<'a>;
    type SerializeTuple = Open<'a>;
    type SerializeTupleStruct = Open<'a>;
    type SerializeTupleVariant = Open<'a>;
    type SerializeMap = Open<'a>;
    type SerializeStruct = Open<'a>;
    type SerializeStructVariant = Open<'a>;

    left_to_serde_json! {
        serialize_i8 i8; serialize_i16 i16; serialize_i32 i32; serialize_i64 i64; serialize_i128 i128;
        serialize_u8 u8; serialize_u16 u16; serialize_u32 u32; serialize_u64 u64; serialize_u128 u128;
        serialize_f32 f32; serialize_char char;
    }

    #[inline(always)]
    fn serialize_bool(mut self, flag: bool) -> Result<usize, Error> {
        if flag {
            self.put(b"true");
        } else {
            self.put(b"false");
        }
        Ok(self.at)
    }

    #[inline]
    fn serialize_f64(mut self, number: f64) -> Result<usize, Error> {
        const ONE: u64 = 1.0_f64.to_bits();
        // Half of a result's numbers are these two.
        match number.to_bits() {
            0 => self.put(b"0.0"),
            ONE => self.put(b"1.0"),
            _ if number.is_finite() => self.number(number),
            _ => self.put(b"null"),
        }
        Ok(self.at)
    }

    #[inline]
    fn serialize_str(mut self, text: &str) -> Result<usize, Error> {
        if self.plain(text) { Ok(self.at) } else { escaped(self, text) }
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<usize, Error> {
        self.collect_seq(bytes)
    }

    #[inline(always)]
    fn serialize_unit(mut self) -> Result<usize, Error> {
        self.put(b"null");
        Ok(self.at)
    }

    #[inline(always)]
    fn serialize_none(self) -> Result<usize, Error> {
        self.serialize_unit()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<usize, Error> {
        self.serialize_unit()
    }

    #[inline(always)]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<usize, Error> {
        value.serialize(self)
    }

    #[inline(always)]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<usize, Error> {
        value.serialize(self)
    }

    #[inline(always)]
    fn serialize_unit_variant(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<usize, Error> {
        self.name(variant);
        Ok(self.at)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<usize, Error> {
        let mut only = self.open(b'{', b"}");
        only.field(variant, value)?;
        Ok(only.close())
    }

    #[inline(always)]
    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'a>, Error> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'a>, Error> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Open<'a>, Error> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'a>, Error> {
        Ok(self.open_variant(variant, b'[', b"]}"))
    }

    #[inline(always)]
    fn serialize_map(self, _: Option<usize>) -> Result<Open<'a>, Error> {
        Ok(self.open(b'{', b"}"))
    }

    #[inline(always)]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'a>, Error> {
        Ok(self.open(b'{', b"}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'a>, Error> {
        Ok(self.open_variant(variant, b'{', b"}}"))
    }
}
