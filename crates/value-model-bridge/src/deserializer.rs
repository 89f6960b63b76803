//! Reading the core's types from a [`Tree`]: every problem names the exact path.

use serde::de::{Deserializer, Error as _, Expected, IntoDeserializer, Unexpected, Visitor};
use value_model::Error;

use crate::Tree;
use crate::inside::{Entries, Fields, Variant};
use crate::problem::Problem;
use crate::tree::exact;

impl Tree {
    const fn unexpected(&self) -> Unexpected<'_> {
        match self {
            Self::Null => Unexpected::Unit,
            Self::Bool(flag) => Unexpected::Bool(*flag),
            Self::Number(number) => Unexpected::Float(*number),
            Self::Text(text) => Unexpected::Str(text.as_str()),
            Self::List(_) | Self::Column(_) => Unexpected::Seq,
            Self::Record(_) => Unexpected::Map,
        }
    }

    /// What to say of a value that is not what was expected.
    #[cold]
    #[inline(never)]
    fn refused(&self, expected: &dyn Expected) -> Problem {
        Problem::invalid_type(self.unexpected(), expected)
    }

    /// The fields of a record; a list holds them in the order in which the type has them.
    #[inline(never)]
    fn named(self, names: &[&str], expected: &dyn Expected) -> Result<Fields, Problem> {
        match self {
            Self::Record(fields) => Ok(Fields::of(fields)),
            Self::List(entries) if entries.len() <= names.len() => {
                Ok(Fields::of(names.iter().map(|name| (*name).to_owned()).zip(entries).collect()))
            }
            Self::List(entries) => Err(Problem::invalid_length(entries.len(), expected)),
            other => Err(other.refused(expected)),
        }
    }

    /// A whole number from `min` to `max`. Hosts have one kind of number, so 3.0 is 3; 3.5 is refused.
    fn whole(&self, min: i64, max: i64, expected: &dyn Expected) -> Result<i64, Problem> {
        let Self::Number(number) = self else { return Err(self.refused(expected)) };
        if !number.is_finite() {
            return Err(Problem::of(Error::NotFinite { field: "".into(), value: *number }));
        }
        if number.fract() != 0.0 {
            return Err(Problem::invalid(format!("expected a whole number, found {number}")));
        }
        match exact(*number).filter(|whole| (min..=max).contains(whole)) {
            Some(whole) => Ok(whole),
            None => Err(Problem::of(Error::OutOfRange {
                field: "".into(),
                value: *number,
                allowed: format!("a whole number between {min} and {max}").into(),
            })),
        }
    }
}

macro_rules! whole_numbers {
    ($($method:ident $visit:ident $min:expr, $max:expr;)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            let whole = if self == Tree::Number(0.0) { 0 } else { self.whole($min, $max, &visitor)? };
            visitor.$visit(whole)
        })+
    };
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(flag) => visitor.visit_bool(flag),
            // Whole numbers are shown as such, so that a type which asks for "anything" first may still take a count.
            Self::Number(number) => match exact(number) {
                Some(whole) => visitor.visit_i64(whole),
                None => visitor.visit_f64(number),
            },
            Self::Text(text) => visitor.visit_string(text),
            Self::List(_) | Self::Column(_) => visitor.visit_seq(Entries::of(self)),
            Self::Record(fields) => visitor.visit_map(Fields::of(fields)),
        }
    }

    // A type says what it expects, so that only this is compiled for it: whatever else is found is refused by functions
    // that all types share. That is a good part of the size of a program that reads many types.

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Self::Bool(flag) => visitor.visit_bool(flag),
            other => Err(other.refused(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Self::Text(text) => visitor.visit_string(text),
            other => Err(other.refused(&visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_string(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_string(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Self::List(_) | Self::Column(_) => visitor.visit_seq(Entries::of(self)),
            other => Err(other.refused(&visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Self::Record(fields) => visitor.visit_map(Fields::of(fields)),
            other => Err(other.refused(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match self.named(fields, &visitor) {
            Ok(fields) => visitor.visit_map(fields),
            Err(problem) => Err(problem),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Self::Number(number) => visitor.visit_f64(number),
            other => Err(other.refused(&visitor)),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_f64(visitor)
    }

    whole_numbers! {
        deserialize_i8 visit_i64 i8::MIN.into(), i8::MAX.into();
        deserialize_i16 visit_i64 i16::MIN.into(), i16::MAX.into();
        deserialize_i32 visit_i64 i32::MIN.into(), i32::MAX.into();
        deserialize_i64 visit_i64 -(1 << 53), 1 << 53;
        deserialize_u8 visit_i64 0, u8::MAX.into();
        deserialize_u16 visit_i64 0, u16::MAX.into();
        deserialize_u32 visit_i64 0, u32::MAX.into();
        deserialize_u64 visit_i64 0, 1 << 53;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Self::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match self {
            Self::Text(name) => visitor.visit_enum(Variant { name, content: None }),
            Self::Record(fields) => {
                let found = fields.len();
                let mut fields = fields.into_iter();
                match (fields.next(), fields.next()) {
                    (Some((name, content)), None) => {
                        visitor.visit_enum(Variant { name, content: Some(content) })
                    }
                    _ => Err(Problem::invalid(format!(
                        "expected a name, or an object with one field, found an object with {found}"
                    ))),
                }
            }
            other => Err(other.refused(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple_struct
    }
}

impl IntoDeserializer<'_, Problem> for Tree {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
