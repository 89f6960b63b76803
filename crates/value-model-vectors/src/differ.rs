//! Where two results differ, so that a message names the numbers and not the documents.

use std::fmt;

use value_model::error::excerpt;
use value_model_bridge::Tree;

use crate::same;

/// One place at which two results differ.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The JSON path, such as `accounts[2].score`; empty for the whole.
    pub path: String,
    /// What stood there, as JSON cut to an excerpt, or `absent`.
    pub before: String,
    /// What stands there now, likewise.
    pub after: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, before, after } = self;
        let colon = if path.is_empty() { "" } else { ": " };
        write!(f, "{path}{colon}{before} -> {after}")
    }
}

/// Every place at which two results differ, as deep as both have it, in the order of `a`; then what only `b` has.
pub fn differences(a: &Tree, b: &Tree) -> Vec<Difference> {
    let mut found = Vec::new();
    walk("", Some(a), Some(b), &mut found);
    found
}

fn walk(path: &str, a: Option<&Tree>, b: Option<&Tree>, found: &mut Vec<Difference>) {
    match (a, b) {
        (Some(a), Some(b)) if same(a, b) => {}
        (Some(Tree::List(a)), Some(Tree::List(b))) => {
            for index in 0..a.len().max(b.len()) {
                walk(&format!("{path}[{index}]"), a.get(index), b.get(index), found);
            }
        }
        (Some(one @ Tree::Record(fields)), Some(two @ Tree::Record(others))) => {
            let new = others.iter().filter(|(name, _)| one.get(name).is_none());
            for (name, _) in fields.iter().chain(new) {
                let dot = if path.is_empty() { "" } else { "." };
                walk(&format!("{path}{dot}{name}"), one.get(name), two.get(name), found);
            }
        }
        _ => found.push(Difference { path: path.to_owned(), before: shown(a), after: shown(b) }),
    }
}

fn shown(value: Option<&Tree>) -> String {
    let json = value.map(serde_json::to_string).and_then(Result::ok);
    json.map_or_else(|| "absent".to_owned(), |text| excerpt(&text))
}

#[cfg(test)]
mod tests {
    use super::differences;
    use value_model_bridge::Tree;

    #[test]
    fn only_what_differs_is_named_by_its_path() {
        let tree = |text: &str| serde_json::from_str::<Tree>(text).unwrap();
        let lines = |a: &str, b: &str| {
            differences(&tree(a), &tree(b)).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let found = lines(
            r#"{"id":"a","score":0.1,"parts":[{"unit":0.0},{"unit":1}],"gone":null}"#,
            r#"{"parts":[{"unit":-0.0},{"unit":1.0},2],"score":0.10000000000000002,"id":"a","new":"x"}"#,
        );
        assert_eq!(
            found,
            [
                "score: 0.1 -> 0.10000000000000002",
                "parts[0].unit: 0 -> -0.0",
                "parts[2]: absent -> 2",
                "gone: null -> absent",
                "new: absent -> \"x\"",
            ]
        );
        assert_eq!(lines("1", "[1]"), ["1 -> [1]"]);
        assert_eq!(lines(r#"{"a":1,"b":2}"#, r#"{"b":2.0,"a":1}"#), [""; 0]);
    }
}
