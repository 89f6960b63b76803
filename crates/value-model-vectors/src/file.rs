//! A vector file: reading, running and writing it.

use std::fmt::Write as _;

use serde_json::value::RawValue;
use value_model_bridge::{Limits, Refusal, Tree, call, read_json};

/// The vectors of one formula.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Catalog id.
    pub formula: String,
    /// Version of the formula that gave these results.
    pub version: u32,
    /// Where the formula comes from, as in the catalog.
    pub source: String,
    /// The cases, in the order of their writing.
    pub cases: Vec<Case>,
}

/// One case: an input, and a result or a refusal.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the case shows, as a sentence.
    pub name: String,
    /// The input; `{"$f64": "NaN"}` stands for a number that JSON cannot write.
    pub input: Box<RawValue>,
    /// The result.
    #[serde(default)]
    pub expect: Option<Box<RawValue>>,
    /// The refusal.
    #[serde(default)]
    pub error: Option<Fault>,
}

/// What of a refusal must agree between languages; messages may differ.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// One of `value_model::Error::CODES`.
    pub code: String,
    /// The field at fault, spelled as on the wire.
    pub field: String,
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code.to_owned(), field: refusal.field }
    }
}

/// Reads a vector file.
///
/// # Errors
/// What is wrong with the file, in serde's words.
pub fn parse(text: &str) -> Result<File, serde_json::Error> {
    serde_json::from_str(text)
}

impl Case {
    /// The input as every surface would hand it over.
    ///
    /// # Errors
    /// The refusal of an input that is no JSON within limits.
    pub fn tree(&self) -> Result<Tree, Refusal> {
        read_json(self.input.get(), &Limits::default()).map(with_special_numbers)
    }

    /// What the formula makes of the input: a result as JSON, or a refusal.
    ///
    /// # Errors
    /// The formula's refusal of the input.
    pub fn run(&self, formula: &str) -> Result<String, Fault> {
        let output = call(formula, self.tree()?)?;
        serde_json::to_string(&output)
            .map_err(|error| Fault { code: format!("not JSON: {error}"), field: String::new() })
    }
}

/// Numbers that JSON cannot write, from `{"$f64": "NaN" | "Infinity" | "-Infinity"}`.
fn with_special_numbers(tree: Tree) -> Tree {
    match tree {
        Tree::List(entries) => Tree::List(entries.into_iter().map(with_special_numbers).collect()),
        Tree::Record(fields) => match fields.as_slice() {
            [(key, Tree::Text(name))] if key == "$f64" => match name.as_str() {
                "NaN" => Tree::Number(f64::NAN),
                "Infinity" => Tree::Number(f64::INFINITY),
                "-Infinity" => Tree::Number(f64::NEG_INFINITY),
                _ => Tree::Record(fields),
            },
            _ => Tree::Record(
                fields.into_iter().map(|(name, value)| (name, with_special_numbers(value))).collect(),
            ),
        },
        other => other,
    }
}

impl File {
    /// The file as it is published: one line per input and result, so that a diff shows which case is new.
    pub fn render(&self) -> String {
        let mut out = format!(
            "{{\n  \"formula\": {:?},\n  \"version\": {},\n  \"source\": {:?},\n  \"cases\": [",
            self.formula, self.version, self.source
        );
        for (index, case) in self.cases.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            let _ = write!(out, "{comma}\n    {{\n      \"name\": {}", quoted(&case.name));
            let _ = write!(out, ",\n      \"input\": {}", case.input.get());
            if let Some(expect) = &case.expect {
                let _ = write!(out, ",\n      \"expect\": {}", expect.get());
            }
            if let Some(Fault { code, field }) = &case.error {
                let (code, field) = (quoted(code), quoted(field));
                let _ = write!(out, ",\n      \"error\": {{\"code\":{code},\"field\":{field}}}");
            }
            out.push_str("\n    }");
        }
        out.push_str("\n  ]\n}\n");
        out
    }
}
