//! Where in a text a field stands: read again, up to that field, and stop there.
//!
//! Only refusals pay for this; a tree that carried places would cost every reader memory.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::refusal::Place;

/// The place of the value at `path` in JSON.
pub(crate) fn in_json(text: &str, path: &str) -> Option<Place> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let error = Seek { path }.deserialize(&mut reader).err()?;
    Some(Place { line: error.line(), column: error.column() }).filter(|place| place.line > 0)
}

/// The place of the value at `path` in TOML.
pub(crate) fn in_toml(text: &str, path: &str) -> Option<Place> {
    let reader = toml::Deserializer::parse(text).ok()?;
    let error = Seek { path }.deserialize(reader).err()?;
    error.span().map(|span| Place::of(text.as_bytes(), span.start))
}

/// Walks down `path` and fails on purpose at its end: the format's own error then holds the place.
#[derive(Clone, Copy)]
struct Seek<'a> {
    path: &'a str,
}

impl<'a> Seek<'a> {
    /// What remains of the path inside this field or entry, if the path leads there.
    fn enter(self, step: &str) -> Option<Seek<'a>> {
        let rest = self.path.strip_prefix(step)?;
        match rest.strip_prefix('.') {
            Some(path) => Some(Seek { path }),
            None if rest.is_empty() || rest.starts_with('[') => Some(Seek { path: rest }),
            None => None,
        }
    }

    fn found<E: Error>(self) -> Result<(), E> {
        if self.path.is_empty() { Err(E::custom("found")) } else { Ok(()) }
    }
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! scalars {
    ($($visit:ident $type:ty;)+) => {
        $(fn $visit<E: Error>(self, _: $type) -> Result<(), E> {
            self.found()
        })+
    };
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.found()
    }
    scalars! { visit_bool bool; visit_i64 i64; visit_u64 u64; visit_f64 f64; visit_str &str; }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.found()?;
        for index in 0_u64.. {
            let more = match self.enter(&format!("[{index}]")) {
                Some(inside) => list.next_element_seed(inside)?.is_some(),
                None => list.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.found()?;
        while let Some(name) = map.next_key::<String>()? {
            match self.enter(&name) {
                Some(inside) => map.next_value_seed(inside)?,
                None => map.next_value::<IgnoredAny>().map(drop)?,
            }
        }
        Ok(())
    }
}
