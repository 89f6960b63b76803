//! What is allowed in a set but probably not meant.

use super::compile::{CompiledCase, SetScorer};
use super::document::ModelSet;
use crate::Error;

/// Something in a set that compiles but is probably not meant.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SetWarning {
    /// `never_reached`, `unused_model`, or the code of a warning about one of the models.
    pub code: String,
    /// The field it is about.
    pub field: String,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub suggestion: String,
}

impl std::fmt::Display for SetWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` {}; {}", self.field, self.message, self.suggestion)
    }
}

impl From<crate::scorecard::Warning> for SetWarning {
    fn from(warning: crate::scorecard::Warning) -> Self {
        let code = warning.code.code().to_owned();
        Self { code, field: warning.field, message: warning.message, suggestion: warning.suggestion }
    }
}

/// Looks for cases that an earlier one always wins over, models that nothing names, and what
/// [`lint`](crate::scorecard::lint) says about the models.
///
/// # Errors
/// Those of [`ModelSet::compile`].
pub fn lint_set(set: &ModelSet) -> Result<Vec<SetWarning>, Error> {
    let scorer = set.compile()?;
    let mut warnings = covered(&scorer);
    warnings.extend(unused(&scorer));
    for named in scorer.models() {
        for warning in crate::scorecard::lint(named.scorer.scorecard())? {
            let field = format!("models.{}.{}", named.name, warning.field);
            warnings.push(SetWarning { field, ..warning.into() });
        }
    }
    Ok(warnings)
}

/// Cases that can never decide, because an earlier one holds wherever they do.
fn covered(scorer: &SetScorer) -> Vec<SetWarning> {
    let cases = scorer.0.cases.iter().enumerate();
    let found = cases.filter_map(|(number, case)| {
        let earlier = scorer.0.cases.iter().take(number).find(|earlier| covers(earlier, case))?;
        Some(SetWarning {
            code: "never_reached".to_owned(),
            field: format!("cases[{number}]"),
            message: format!(
                "(`{}`) is never reached: `{}` before it takes the same accounts",
                case.id, earlier.id
            ),
            suggestion: "put the narrower case first".to_owned(),
        })
    });
    found.collect()
}

/// Whether every condition of `wide` follows from one of `narrow`.
fn covers(wide: &CompiledCase, narrow: &CompiledCase) -> bool {
    wide.when.iter().all(|(attribute, test)| {
        narrow.when.iter().any(|(other, narrower)| other == attribute && test.covers(narrower))
    })
}

fn unused(scorer: &SetScorer) -> Vec<SetWarning> {
    let used: Vec<usize> =
        scorer.0.cases.iter().flat_map(|case| &case.models).chain(&scorer.0.default).copied().collect();
    let unused = scorer.models().iter().enumerate().filter(|(place, _)| !used.contains(place));
    let warnings = unused.map(|(_, named)| SetWarning {
        code: "unused_model".to_owned(),
        field: format!("models.{}", named.name),
        message: "is not used by any case or by the default".to_owned(),
        suggestion: "name it in a case, or leave it out".to_owned(),
    });
    warnings.collect()
}
