//! Filling in what a case lacks, and refusing to touch what is published.

use serde_json::value::RawValue;
use value_model::catalog::Formula;
use value_model_bridge::Tree;

use crate::{Case, Fault, File, same};

/// A file after [`fill`].
#[derive(Debug)]
pub struct Filled {
    /// The file with every case complete.
    pub file: File,
    /// The formula's version was raised since the file was written: the old file is history and must be kept.
    pub raised: bool,
}

/// A published case whose result is no longer the same although the formula's version is.
#[derive(Debug)]
pub struct Moved {
    /// The formula.
    pub formula: String,
    /// The case.
    pub case: String,
    /// What is published.
    pub published: String,
    /// What the formula says now.
    pub now: String,
}

impl std::fmt::Display for Moved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { formula, case, published, now } = self;
        write!(
            f,
            "`{formula}`: the result of \"{case}\" moved\n  published {published}\n  now       {now}\n\
             Published vectors are never edited: undo the change, or raise `version` in the formula's catalog entry \
             and say in docs/CHANGELOG.md which results move."
        )
    }
}

impl std::error::Error for Moved {}

/// Completes the cases that have neither result nor refusal.
///
/// # Errors
/// The first published case that moved without a new version of its formula.
pub fn fill(mut file: File, formula: &Formula) -> Result<Filled, Box<Moved>> {
    let raised = file.version < formula.version;
    for case in &mut file.cases {
        let now = case.run(formula.id);
        let published = case.expect.is_some() || case.error.is_some();
        if published && !raised && !agrees(case, &now) {
            return Err(Box::new(moved(formula.id, case, &now)));
        }
        if !published || (raised && !agrees(case, &now)) {
            (case.expect, case.error) = match now {
                Ok(result) => (RawValue::from_string(result).ok(), None),
                Err(fault) => (None, Some(fault)),
            };
        }
    }
    file.version = formula.version;
    Ok(Filled { file, raised })
}

/// Whether a case says what the formula says: numbers bit for bit, refusals by code and field.
pub fn agrees(case: &Case, now: &Result<String, Fault>) -> bool {
    match (&case.expect, &case.error, now) {
        (Some(expect), None, Ok(result)) => {
            match (serde_json::from_str::<Tree>(expect.get()), serde_json::from_str::<Tree>(result)) {
                (Ok(expect), Ok(result)) => same(&expect, &result),
                _ => false,
            }
        }
        (None, Some(error), Err(fault)) => error == fault,
        _ => false,
    }
}

fn moved(formula: &str, case: &Case, now: &Result<String, Fault>) -> Moved {
    let fault = |fault: &Fault| format!("refused: {} at `{}`", fault.code, fault.field);
    Moved {
        formula: formula.to_owned(),
        case: case.name.clone(),
        published: match (&case.expect, &case.error) {
            (Some(expect), _) => expect.get().to_owned(),
            (None, Some(error)) => fault(error),
            (None, None) => String::new(),
        },
        now: now.as_ref().map_or_else(fault, Clone::clone),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;
    use crate::parse;
    use value_model::catalog::{Formula, Source};

    const TEXT: &str = r#"{"formula": "growth", "version": 1, "source": "standard", "cases": [
        {"name": "half more", "input": {"now": 3, "before": 2.0}},
        {"name": "from nothing", "input": {"now": 3, "before": {"$f64": "NaN"}}}]}"#;

    const fn formula(version: u32) -> Formula {
        Formula { id: "growth", version, source: Source::Standard, expression: "" }
    }

    #[test]
    fn cases_are_filled_once_and_then_left_alone() {
        let filled = fill(parse(TEXT).unwrap(), &formula(1)).unwrap();
        let text = filled.file.render();
        assert!(
            text.contains("\"input\": {\"now\": 3, \"before\": 2.0},\n      \"expect\": {\"unit\":0.75}"),
            "{text}"
        );
        assert!(text.contains(r#""error": {"code":"not_finite","field":"before"}"#), "{text}");
        let again = fill(parse(&text).unwrap(), &formula(1)).unwrap();
        assert_eq!(again.file.render(), text);
        assert!(!again.raised);
    }

    #[test]
    fn a_published_result_only_moves_with_a_new_version() {
        let text = fill(parse(TEXT).unwrap(), &formula(1)).unwrap().file.render().replace("0.75", "0.8");
        let moved = fill(parse(&text).unwrap(), &formula(1)).unwrap_err();
        assert_eq!((moved.case.as_str(), moved.now.as_str()), ("half more", r#"{"unit":0.75}"#));
        let raised = fill(parse(&text).unwrap(), &formula(2)).unwrap();
        assert!(raised.raised && raised.file.version == 2 && raised.file.render().contains("0.75"));
    }
}
