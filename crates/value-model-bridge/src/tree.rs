//! The neutral tree between a host's values and the core's types, and how it is read.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use value_model::Error;
use value_model::error::excerpt;

use crate::column::Column;
use crate::text::Limits;

/// A value as any host can say it.
///
/// # Examples
/// ```
/// use value_model_bridge::Tree;
/// let tree: Tree = serde_json::from_str(r#"{"promoters": 55}"#).unwrap();
/// assert_eq!(tree, Tree::Record(vec![("promoters".to_owned(), Tree::Number(55.0))]));
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Tree {
    /// Nothing: `null`, `None`, `undefined`.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// Any number; hosts give whole numbers here too. May be NaN or infinite: the formulas refuse those by field.
    Number(f64),
    /// A text or a date.
    Text(String),
    /// Entries in order.
    List(Vec<Tree>),
    /// Entries in order, all numbers or all flags, that a host held as one array.
    Column(Column),
    /// Fields in order.
    Record(Vec<(String, Tree)>),
}

impl Tree {
    /// The field of a record.
    pub fn get(&self, field: &str) -> Option<&Self> {
        match self {
            Self::Record(fields) => fields.iter().find(|(name, _)| name == field).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// The largest whole number up to which each has an `f64` of its own.
pub(crate) const EXACT: u64 = 1 << 53;

/// A whole `f64` as an integer, if every integer up to it has an `f64` of its own. -0.0 is none: it has a sign to lose.
pub(crate) fn exact(number: f64) -> Option<i64> {
    let limit = value_model::math::nearest(EXACT.into());
    let whole =
        number.fract() == 0.0 && number.abs() <= limit && !(number == 0.0 && number.is_sign_negative());
    #[expect(clippy::cast_possible_truncation, reason = "whole and at most 2^53")]
    whole.then_some(number as i64)
}

/// The key under which the `toml` crate hands over a date.
const TOML_DATE: &str = "$__toml_private_datetime";

/// What reading has met so far: serde's errors cannot carry a code, so it is kept here.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    /// Steps to the value at fault, innermost first.
    pub(crate) path: Vec<String>,
    /// What was wrong, when it is not a matter of syntax.
    pub(crate) problem: Option<Error>,
    values: u64,
}

impl Trace {
    /// The error to report: the problem found here, else `other`, with the path at which reading stopped.
    pub(crate) fn into_error(self, other: impl FnOnce() -> Error) -> Error {
        let syntax = self.problem.is_none();
        match self.problem.unwrap_or_else(other) {
            // Broken syntax and sizes are a matter of the text, told by line and column; a path of a hundred steps
            // would only bury them.
            problem @ Error::Limit { .. } => problem,
            problem @ Error::Invalid { .. } if syntax => problem,
            problem => self.path.iter().fold(problem, |problem, step| problem.within(step)),
        }
    }
}

/// Reads a [`Tree`], counting depth and values against limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TreeSeed<'a> {
    trace: &'a RefCell<Trace>,
    limits: &'a Limits,
    depth: u32,
}

impl<'a> TreeSeed<'a> {
    pub(crate) const fn new(trace: &'a RefCell<Trace>, limits: &'a Limits) -> Self {
        Self { trace, limits, depth: 0 }
    }

    /// The reader of what lies inside this value.
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        if depth <= self.limits.depth {
            return Ok(Self { depth, ..self });
        }
        self.refuse(Error::Limit {
            field: "".into(),
            what: "levels of nesting",
            found: depth.into(),
            limit: self.limits.depth.into(),
        })
    }

    fn count<E: de::Error>(self) -> Result<(), E> {
        let found = {
            let mut trace = self.trace.borrow_mut();
            trace.values += 1;
            trace.values
        };
        let limit = self.limits.values;
        if found <= limit {
            return Ok(());
        }
        self.refuse(Error::Limit { field: "".into(), what: "values", found, limit })
    }

    fn refuse<T, E: de::Error>(self, problem: Error) -> Result<T, E> {
        let message = E::custom(&problem);
        self.trace.borrow_mut().problem = Some(problem);
        Err(message)
    }

    fn whole<E: de::Error>(self, magnitude: u64, negative: bool) -> Result<Tree, E> {
        if magnitude > EXACT {
            return self.refuse(Error::Invalid {
                field: "".into(),
                reason: "a whole number above 2^53 cannot be held exactly; write ids as texts".into(),
            });
        }
        let number = value_model::math::nearest(magnitude.into());
        Ok(Tree::Number(if negative { -number } else { number }))
    }

    fn step<T, E>(self, result: Result<T, E>, step: impl FnOnce() -> String) -> Result<T, E> {
        if result.is_err() {
            self.trace.borrow_mut().path.push(step());
        }
        result
    }
}

impl<'de> DeserializeSeed<'de> for TreeSeed<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TreeSeed<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }
    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(flag))
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Tree, E> {
        self.whole(number.unsigned_abs(), number < 0)
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Tree, E> {
        self.whole(number, false)
    }
    fn visit_i128<E: de::Error>(self, number: i128) -> Result<Tree, E> {
        self.whole(u64::try_from(number.unsigned_abs()).unwrap_or(u64::MAX), number < 0)
    }
    fn visit_u128<E: de::Error>(self, number: u128) -> Result<Tree, E> {
        self.whole(u64::try_from(number).unwrap_or(u64::MAX), false)
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Tree, E> {
        if number.is_finite() {
            Ok(Tree::Number(number))
        } else {
            self.refuse(Error::NotFinite { field: "".into(), value: number })
        }
    }
    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Tree, E> {
        Ok(Tree::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let inside = self.deeper()?;
        let mut entries = Vec::new();
        while let Some(entry) =
            self.step(list.next_element_seed(inside), || format!("[{}]", entries.len()))?
        {
            self.count()?;
            entries.push(entry);
        }
        Ok(Tree::List(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let inside = self.deeper()?;
        let mut fields: Vec<(String, Tree)> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            self.count()?;
            let value = self.step(map.next_value_seed(inside), || name.clone())?;
            if name == TOML_DATE && fields.is_empty() {
                return Ok(value);
            }
            fields.push((name, value));
        }
        match repeated(&fields) {
            Some(id) => self.refuse(Error::Duplicate { field: "".into(), id: excerpt(id) }),
            None => Ok(Tree::Record(fields)),
        }
    }
}

/// A name that stands twice. Sorting keeps this cheap for an object of a million fields.
fn repeated(fields: &[(String, Tree)]) -> Option<&str> {
    let mut names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.windows(2).find_map(|pair| match pair {
        [a, b] if a == b => Some(*a),
        _ => None,
    })
}

impl Serialize for Tree {
    /// Whole numbers are written without a fraction.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => match exact(*number) {
                Some(whole) => serializer.serialize_i64(whole),
                None => serializer.serialize_f64(*number),
            },
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(entries) => serializer.collect_seq(entries),
            Self::Column(column) => column.serialize(serializer),
            Self::Record(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    /// Reads any self-describing format within the default [`Limits`]; [`read_json`](crate::read_json) says more about
    /// what went wrong.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (trace, limits) = (RefCell::default(), Limits::default());
        TreeSeed::new(&trace, &limits).deserialize(deserializer)
    }
}
