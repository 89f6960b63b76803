//! The linter: what compiles but is probably not meant.

mod direction;
mod reach;
mod words;

use std::collections::BTreeMap;

use super::document::{Aggregator, Group, Measure, Node, Scorecard};
use crate::Error;
use crate::scale::Scale;

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LintCode {
    /// A child of weight 0 is asked and shown but never counts.
    ZeroWeight,
    /// Weights that look like percentages do not sum to 100.
    WeightsNotHundred,
    /// A group has a score however little is answered.
    NoMinCoverage,
    /// A scale's direction contradicts what its label says.
    ScaleDirection,
    /// A yes or no question about "all" of something is true where there is nothing.
    VacuouslyTrue,
    /// Two measures read the same column.
    SharedColumn,
    /// No score can reach a band.
    UnreachableBand,
}

impl LintCode {
    /// The stable, `snake_case` name; the same in every language.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ZeroWeight => "zero_weight",
            Self::WeightsNotHundred => "weights_not_hundred",
            Self::NoMinCoverage => "no_min_coverage",
            Self::ScaleDirection => "scale_direction",
            Self::VacuouslyTrue => "vacuously_true",
            Self::SharedColumn => "shared_column",
            Self::UnreachableBand => "unreachable_band",
        }
    }
}

/// Something that compiles but is probably not meant.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Warning {
    /// What it is about.
    pub code: LintCode,
    /// The field it is about, spelled as errors spell it: `tree.children[2].weight`.
    pub field: String,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub suggestion: String,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` {}; {}", self.field, self.message, self.suggestion)
    }
}

/// Looks for what compiles but is probably not meant: warnings in the order of the tree, then of columns and bands.
///
/// A warning changes no score. An empty list says that nothing was found, not that the model is right.
///
/// # Errors
/// As [`Scorecard::compile`]: a document with an error has no warnings yet.
///
/// # Examples
/// ```
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, LintCode, Measure, Scorecard, lint};
/// let tree = Group::new("health")
///     .child(Measure::new("csat", Scale::Likert { min: 1, max: 5 }))
///     .child(Measure::new("open_tickets", Scale::Linear { worst: 0.0, best: 20.0 }));
/// let warnings = lint(&Scorecard::new("mine", "1", tree))?;
/// assert_eq!(warnings[0].code, LintCode::ScaleDirection);
/// assert_eq!(warnings[0].field, "tree.children[1].scale");
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn lint(card: &Scorecard) -> Result<Vec<Warning>, Error> {
    // Compiling first bounds the depth of the tree, so that the walk below cannot exhaust the stack.
    let scorer = card.compile()?;
    let mut lint = Lint::default();
    lint.group(&card.tree, "tree");
    let mut warnings = lint.warnings;
    warnings.append(&mut lint.columns);
    warnings.extend(reach::unreachable_bands(card, &scorer));
    Ok(warnings)
}

#[derive(Default)]
struct Lint<'a> {
    warnings: Vec<Warning>,
    /// Warnings about columns, which stand after the others.
    columns: Vec<Warning>,
    /// The measure that reads a column first.
    readers: BTreeMap<&'a str, &'a str>,
}

impl<'a> Lint<'a> {
    fn warn(
        &mut self,
        code: LintCode,
        field: String,
        message: impl Into<String>,
        suggestion: impl Into<String>,
    ) {
        self.warnings.push(Warning { code, field, message: message.into(), suggestion: suggestion.into() });
    }

    fn group(&mut self, group: &'a Group, path: &str) {
        if group.min_coverage <= 0.0 {
            self.warn(
                LintCode::NoMinCoverage,
                format!("{path}.min_coverage"),
                format!("is 0: `{}` has a score as soon as one answer is known", group.id),
                "leave it out for the default of 0.5, or say how much must be answered",
            );
        }
        self.percentages(group, path);
        for (number, child) in group.children.iter().enumerate() {
            let path = format!("{path}.children[{number}]");
            if child.weight() <= 0.0 {
                self.warn(
                    LintCode::ZeroWeight,
                    format!("{path}.weight"),
                    format!("is 0: `{}` is shown but never counts in `{}`", child.id(), group.id),
                    "give it a weight, unless it is there for reading or for a rule only",
                );
            }
            match child {
                Node::Group(inner) => self.group(inner, &path),
                Node::Measure(measure) => self.measure(measure, &path),
            }
        }
    }

    // CHOICE: weights look like percentages when each is above 1 and their sum is within 10 of 100; thirds written as
    // 33.33 count as 100.
    fn percentages(&mut self, group: &Group, path: &str) {
        let uplift = match &group.aggregator {
            Aggregator::Headroom { uplift } => uplift.as_slice(),
            _ => &[],
        };
        let counted = group.children.iter().filter(|child| !uplift.iter().any(|id| id == child.id()));
        let weights: Vec<f64> = counted.map(Node::weight).filter(|weight| *weight > 0.0).collect();
        let sum: f64 = weights.iter().sum();
        let alike = weights.len() > 1 && weights.iter().all(|weight| *weight > 1.0);
        if alike && (90.0..=110.0).contains(&sum) && (sum - 100.0).abs() > 0.05 {
            self.warn(
                LintCode::WeightsNotHundred,
                format!("{path}.children"),
                format!("have weights that look like percentages but sum to {sum}"),
                "weights are ratios and any sum works; make them sum to 100 if they are read as percentages",
            );
        }
    }

    fn measure(&mut self, measure: &'a Measure, path: &str) {
        if let Some((message, suggestion)) = direction::contradiction(measure) {
            self.warn(LintCode::ScaleDirection, format!("{path}.scale"), message, suggestion);
        }
        if measure.scale == Scale::YesNo && words::asks_for_all(measure) {
            self.warn(
                LintCode::VacuouslyTrue,
                format!("{path}.scale"),
                format!(
                    "asks in `{}` about all of something with yes or no: where there is nothing, yes is true",
                    measure.id
                ),
                "ask for the share (`unit`), or say in the question what to answer when there are none",
            );
        }
        let column = measure.column.as_deref().unwrap_or(&measure.id);
        if let Some(first) = self.readers.get(column) {
            let field = if measure.column.is_some() { "column" } else { "id" };
            self.columns.push(Warning {
                code: LintCode::SharedColumn,
                field: format!("{path}.{field}"),
                message: format!(
                    "reads column `{column}`, which `{first}` reads too: the answer counts twice"
                ),
                suggestion: "give each measure a column of its own, or keep one of the two".into(),
            });
        } else {
            self.readers.insert(column, &measure.id);
        }
    }
}
