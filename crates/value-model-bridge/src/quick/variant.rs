//! Variants: a name, or an object whose one field is the name and holds the content.

use serde::Deserialize;
use serde::de::value::BytesDeserializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor};

use super::{Quick, Unread};

/// A variant without content.
pub(super) struct Bare<'a>(pub(super) &'a [u8]);

impl<'de> EnumAccess<'de> for Bare<'_> {
    type Error = Unread;
    type Variant = Nothing;

    #[inline]
    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Nothing), Unread> {
        let value = seed.deserialize(BytesDeserializer::<Unread>::new(self.0))?;
        Ok((value, Nothing))
    }
}

/// No content.
pub(super) struct Nothing;

impl<'de> VariantAccess<'de> for Nothing {
    type Error = Unread;

    #[inline]
    fn unit_variant(self) -> Result<(), Unread> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, _: S) -> Result<S::Value, Unread> {
        Err(Unread)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Unread> {
        Err(Unread)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Unread> {
        Err(Unread)
    }
}

/// A variant with content, before whose name the reader stands; afterwards it stands before the closing bracket.
pub(super) struct Variant<'a, 'de>(pub(super) &'a mut Quick<'de>);

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Unread;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Unread> {
        let name = self.0.key(seed)?;
        self.0.expect(b':')?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Unread;

    fn unit_variant(self) -> Result<(), Unread> {
        Deserialize::deserialize(self.0)
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Unread> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        self.0.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.0.deserialize_any(visitor)
    }
}
