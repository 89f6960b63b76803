//! JSON and TOML text to a [`Tree`], within limits and with places in messages.

use std::cell::RefCell;

use serde::de::DeserializeSeed;
use value_model::Error;
use value_model::error::excerpt;

use crate::refusal::{Place, Refusal};
use crate::tree::{Trace, Tree, TreeSeed};

/// How much a text may hold. The defaults suit a server that reads other people's models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text; checked before anything is read. 64 MiB.
    pub bytes: usize,
    /// Lists and objects inside each other; at most 100 has an effect, because the readers stop there. 64.
    pub depth: u32,
    /// Values and list entries; each takes some 50 bytes of memory. 16 million.
    pub values: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, depth: 64, values: 16_000_000 }
    }
}

/// Reads JSON.
///
/// # Errors
/// `limit`, `duplicate` for a repeated key, `not_finite` for a number such as 1e400, and `invalid_input` for broken
/// syntax, whole numbers above 2^53 and texts that are not UTF-8. Messages end with line and column.
///
/// # Examples
/// ```
/// use value_model_bridge::{Limits, read_json};
/// let refusal = read_json(r#"{"a": {"b": 1, "b": 2}}"#, &Limits::default()).unwrap_err();
/// assert_eq!((refusal.code, refusal.field.as_str()), ("duplicate", "a"));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn read_json(text: impl AsRef<[u8]>, limits: &Limits) -> Result<Tree, Refusal> {
    let text = decode(text.as_ref(), limits)?;
    let trace = RefCell::new(Trace::default());
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = TreeSeed::new(&trace, limits).deserialize(&mut reader);
    let read = read.and_then(|tree| reader.end().map(|()| tree));
    read.map_err(|error| {
        let place = Place { line: error.line(), column: error.column() };
        let refusal: Refusal = trace.into_inner().into_error(|| json_error(&error)).into();
        refusal.at_place(Some(place).filter(|place| place.line > 0))
    })
}

/// Reads TOML.
///
/// # Errors
/// As [`read_json`].
///
/// # Examples
/// ```
/// use value_model_bridge::{Limits, Tree, read_toml};
/// let tree = read_toml("due = 2026-11-01", &Limits::default())?;
/// assert_eq!(tree.get("due"), Some(&Tree::Text("2026-11-01".to_owned())));
/// # Ok::<(), value_model_bridge::Refusal>(())
/// ```
pub fn read_toml(text: impl AsRef<[u8]>, limits: &Limits) -> Result<Tree, Refusal> {
    let text = decode(text.as_ref(), limits)?;
    let trace = RefCell::new(Trace::default());
    let read =
        toml::Deserializer::parse(text).and_then(|reader| TreeSeed::new(&trace, limits).deserialize(reader));
    read.map_err(|error| {
        let place = error.span().map(|span| Place::of(text.as_bytes(), span.start));
        let refusal: Refusal = trace.into_inner().into_error(|| toml_error(text, &error, limits)).into();
        refusal.at_place(place)
    })
}

/// The text of a file: UTF-8, with or without a byte order mark, and not too long.
pub(crate) fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Result<&'a str, Refusal> {
    if bytes.len() > limits.bytes {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        return Err(Refusal::from(Error::Limit {
            field: "".into(),
            what: "bytes",
            found: count(bytes.len()),
            limit: count(limits.bytes),
        }));
    }
    let wrong = |reason: String| Refusal::from(Error::Invalid { field: "".into(), reason });
    // Text in UTF-16 that starts with an ASCII sign has a zero byte among its first two, mark or no mark.
    if matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..]) {
        return Err(wrong("the text is UTF-16; save it as UTF-8".to_owned()));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let place = Place::of(bytes, error.valid_up_to());
        wrong("the text is not UTF-8 (perhaps Latin-1 or Windows-1252); save it as UTF-8".to_owned())
            .at_place(Some(place))
    })
}

fn json_error(error: &serde_json::Error) -> Error {
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    match reason {
        "number out of range" => Error::NotFinite { field: "".into(), value: f64::INFINITY },
        "EOF while parsing a value" => invalid("the text ends where a value is expected"),
        _ => invalid(&format!("this is not JSON: {reason}")),
    }
}

fn toml_error(text: &str, error: &toml::de::Error, limits: &Limits) -> Error {
    let at_fault = error.span().and_then(|span| text.get(span)).unwrap_or_default();
    match error.message() {
        "duplicate key" => Error::Duplicate { field: "".into(), id: excerpt(at_fault) },
        "floating-point number overflowed" => Error::NotFinite { field: "".into(), value: f64::INFINITY },
        "recursion limit" | "cannot recurse further; max recursion depth met" => Error::Limit {
            field: "".into(),
            what: "levels of nesting",
            found: u64::from(limits.depth) + 1,
            limit: limits.depth.into(),
        },
        message => invalid(&format!("this is not TOML: {message}")),
    }
}

fn invalid(reason: &str) -> Error {
    Error::Invalid { field: "".into(), reason: reason.to_owned() }
}
