//! Filling in what a case lacks, and refusing to touch what is published.

use serde_json::value::RawValue;
use value_model::catalog::Formula;
use value_model_bridge::Tree;

use crate::{Case, Difference, Fault, File, differences, same};

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
    /// Where the result differs; one difference of the whole when either side is a refusal.
    pub differences: Vec<Difference>,
}

/// As many differences as a person reads before looking for the cause.
const SHOWN: usize = 5;

impl std::fmt::Display for Moved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { formula, case, differences } = self;
        writeln!(f, "`{formula}`: the result of \"{case}\" moved (published -> now)")?;
        for difference in differences.iter().take(SHOWN) {
            writeln!(f, "  {difference}")?;
        }
        if differences.len() > SHOWN {
            writeln!(f, "  and {} more", differences.len() - SHOWN)?;
        }
        f.write_str(
            "Published vectors are never edited: undo the change, or raise `version` in the formula's catalog entry \
             and say in docs/CHANGELOG.md which results move.",
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
    let tree = |text: &str| serde_json::from_str::<Tree>(text).ok();
    let before = case.expect.as_ref().and_then(|expect| tree(expect.get()));
    let after = now.as_ref().ok().and_then(|result| tree(result));
    let differences = match (before, after) {
        (Some(before), Some(after)) => differences(&before, &after),
        _ => vec![Difference {
            path: String::new(),
            before: outcome(case.error.as_ref()),
            after: outcome(now.as_ref().err()),
        }],
    };
    Moved { formula: formula.to_owned(), case: case.name.clone(), differences }
}

/// How a case ended, when there are no two results to compare.
fn outcome(fault: Option<&Fault>) -> String {
    fault.map_or_else(
        || "a result".to_owned(),
        |fault| format!("refused: {} at `{}`", fault.code, fault.field),
    )
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
        let message = moved.to_string();
        let start =
            "`growth`: the result of \"half more\" moved (published -> now)\n  unit: 0.8 -> 0.75\nPublished";
        assert!(message.starts_with(start), "{message}");
        let raised = fill(parse(&text).unwrap(), &formula(2)).unwrap();
        assert!(raised.raised && raised.file.version == 2 && raised.file.render().contains("0.75"));
    }
    #[test]
    fn a_message_names_refusals_and_at_most_five_differences() {
        let text = fill(parse(TEXT).unwrap(), &formula(1)).unwrap().file.render();
        let lost = text.replace(r#""expect": {"unit":0.75}"#, r#""error": {"code":"zero","field":"now"}"#);
        let message = fill(parse(&lost).unwrap(), &formula(1)).unwrap_err().to_string();
        assert!(message.contains("\n  refused: zero at `now` -> a result\n"), "{message}");
        let old = r#"{"unit":0.75,"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}"#;
        let long = text.replace(r#"{"unit":0.75}"#, old);
        let message = fill(parse(&long).unwrap(), &formula(1)).unwrap_err().to_string();
        assert!(message.contains("\n  e: 5 -> absent\n  and 1 more\nPublished"), "{message}");
        assert!(!message.contains("unit"), "{message}");
    }
}
