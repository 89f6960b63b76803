//! What lies inside a [`Tree`]: the entries of a list, the fields of a record, the content of a variant.

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use crate::Tree;
use crate::column::Column;
use crate::problem::Problem;

/// The entries of a list.
///
/// What does not depend on the type that is read stands in functions of its own, here and below: everything else is
/// compiled once for every type.
pub(crate) struct Entries {
    list: List,
    index: usize,
}

enum List {
    Trees(std::vec::IntoIter<Tree>),
    Column(Column),
}

impl Entries {
    #[inline(never)]
    pub(crate) fn of(list: Tree) -> Self {
        let list = match list {
            Tree::Column(column) => List::Column(column),
            Tree::List(entries) => List::Trees(entries.into_iter()),
            _ => List::Trees(Vec::new().into_iter()),
        };
        Self { list, index: 0 }
    }

    #[inline(never)]
    fn advance(&mut self) -> Option<Tree> {
        let here = self.index;
        self.index += 1;
        match &mut self.list {
            List::Trees(entries) => entries.next(),
            List::Column(column) => column.get(here),
        }
    }

    #[cold]
    #[inline(never)]
    fn here(&self, problem: Problem) -> Problem {
        problem.within(&format!("[{}]", self.index.saturating_sub(1)))
    }

    #[inline(never)]
    fn left(&self) -> usize {
        match &self.list {
            List::Trees(entries) => entries.len(),
            List::Column(column) => column.len().saturating_sub(self.index),
        }
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
        Some(self.left())
    }
}

/// The fields of a record.
pub(crate) struct Fields {
    rest: std::vec::IntoIter<(String, Tree)>,
    name: String,
    value: Tree,
}

impl Fields {
    #[inline(never)]
    pub(crate) fn of(fields: Vec<(String, Tree)>) -> Self {
        Self { rest: fields.into_iter(), name: String::new(), value: Tree::Null }
    }

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
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) content: Option<Tree>,
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
        content.deserialize_seq(visitor).map_err(|problem| problem.within(&name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let (name, content) = self.content()?;
        content.deserialize_struct("", fields, visitor).map_err(|problem| problem.within(&name))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Tree, call};

    fn counts(entries: &[f64]) -> Tree {
        Tree::List(entries.iter().copied().map(Tree::Number).collect())
    }

    #[test]
    fn a_list_stands_for_an_object_whose_fields_it_holds_in_order() {
        let named = ["promoters", "passives", "detractors"].map(str::to_owned).into_iter();
        let object =
            Tree::Record(named.zip([55.0, 30.0, 15.0]).map(|(name, n)| (name, Tree::Number(n))).collect());
        let (list, object) = (call("nps", counts(&[55.0, 30.0, 15.0])), call("nps", object));
        assert_eq!(format!("{:?}", list.unwrap()), format!("{:?}", object.unwrap()));
    }

    #[test]
    fn a_list_with_more_entries_than_fields_is_refused_and_one_with_fewer_says_what_is_missing() {
        let more = call("nps", counts(&[55.0, 30.0, 15.0, 1.0, 2.0, 3.0, 4.0])).unwrap_err();
        assert_eq!(more.code, "invalid_input");
        assert_eq!(more.message, "expected an object, found 7 entries");
        let fewer = call("nps", counts(&[55.0])).unwrap_err();
        assert_eq!((fewer.code, fewer.field.as_str()), ("missing", "passives"));
    }
}
