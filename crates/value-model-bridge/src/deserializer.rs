//! Reading the core's types from a [`Tree`]: every problem names the exact path.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use value_model::Error;

use crate::Tree;
use crate::column::Cells;
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

    /// A whole number from `min` to `max`. Hosts have one kind of number, so 3.0 is 3; 3.5 is refused.
    fn whole<'de, V: Visitor<'de>>(&self, min: i64, max: i64, visitor: &V) -> Result<i64, Problem> {
        let Self::Number(number) = self else {
            return Err(Problem::invalid_type(self.unexpected(), visitor));
        };
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
            Self::List(entries) => visitor.visit_seq(Entries { entries: entries.into_iter(), index: 0 }),
            Self::Column(column) => visitor.visit_seq(Cells::new(column)),
            Self::Record(fields) => {
                visitor.visit_map(Fields { rest: fields.into_iter(), name: String::new(), value: Self::Null })
            }
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Self::Number(number) => visitor.visit_f64(number),
            other => Err(Problem::invalid_type(other.unexpected(), &visitor)),
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
            other => Err(Problem::invalid_type(other.unexpected(), &visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
    }
}

impl IntoDeserializer<'_, Problem> for Tree {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The entries of a list.
///
/// What does not depend on the type that is read stands in functions of its own, here and below: everything else is
/// compiled once for every type.
struct Entries {
    entries: std::vec::IntoIter<Tree>,
    index: usize,
}

impl Entries {
    #[inline(never)]
    fn advance(&mut self) -> Option<Tree> {
        self.index += 1;
        self.entries.next()
    }

    #[cold]
    #[inline(never)]
    fn here(&self, problem: Problem) -> Problem {
        problem.within(&format!("[{}]", self.index.saturating_sub(1)))
    }
}

impl<'de> SeqAccess<'de> for Entries {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Problem> {
        let Some(entry) = self.advance() else { return Ok(None) };
        match seed.deserialize(entry) {
            Ok(value) => Ok(Some(value)),
            Err(problem) => Err(self.here(problem)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// The fields of a record.
struct Fields {
    rest: std::vec::IntoIter<(String, Tree)>,
    name: String,
    value: Tree,
}

impl Fields {
    #[inline(never)]
    fn advance(&mut self) -> bool {
        match self.rest.next() {
            Some((name, value)) => {
                (self.name, self.value) = (name, value);
                true
            }
            None => false,
        }
    }

    #[inline(never)]
    fn take(&mut self) -> Tree {
        std::mem::take(&mut self.value)
    }

    #[cold]
    #[inline(never)]
    fn here(&self, problem: Problem) -> Problem {
        problem.within(&self.name)
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Problem> {
        if !self.advance() {
            return Ok(None);
        }
        seed.deserialize(StrDeserializer::<Problem>::new(&self.name)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Problem> {
        match seed.deserialize(self.take()) {
            Ok(value) => Ok(value),
            Err(problem) => Err(self.here(problem)),
        }
    }
}

/// A name with what belongs to it: `"yes_no"` or `{"likert": {"min": 1, "max": 5}}`.
struct Variant {
    name: String,
    content: Option<Tree>,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Problem;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Problem> {
        Ok((seed.deserialize(StrDeserializer::<Problem>::new(&self.name))?, self))
    }
}

impl Variant {
    fn content(self) -> Result<(String, Tree), Problem> {
        match self.content {
            Some(content) => Ok((self.name, content)),
            None => Err(Problem::invalid(format!(
                "`{name}` needs its values: {{\"{name}\": ...}} instead of \"{name}\"",
                name = self.name
            ))),
        }
    }
}

impl<'de> VariantAccess<'de> for Variant {
    type Error = Problem;

    fn unit_variant(self) -> Result<(), Problem> {
        match self.content {
            None | Some(Tree::Null) => Ok(()),
            Some(_) => Err(Problem::invalid(format!("`{0}` has no values: write \"{0}\"", self.name))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Problem> {
        let (name, content) = self.content()?;
        seed.deserialize(content).map_err(|problem| problem.within(&name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Problem> {
        let (name, content) = self.content()?;
        content.deserialize_any(visitor).map_err(|problem| problem.within(&name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let (name, content) = self.content()?;
        content.deserialize_any(visitor).map_err(|problem| problem.within(&name))
    }
}
