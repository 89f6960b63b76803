//! `value-model describe`: what a formula, a model or a measure is.

use std::fmt::Write as _;
use std::path::Path;

use clap::Args;
use value_model::catalog::{self, Formula};
use value_model::presets;
use value_model::scorecard::{Group, Measure, Node, Scorecard};
use value_model::set::{Condition, ModelSet};
use value_model_bridge::Model;

use crate::message::{Done, Failure};
use crate::model;
use crate::output::Output;
use crate::output::table::printable;

/// Explain a formula, a model or a measure.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model describe customer_value
  value-model describe value-realization
  value-model describe goals_documented

Without a name it lists all formulas.")]
pub(crate) struct Describe {
    /// A formula, a preset, a model file, or a measure of a preset.
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// Writing to a `String` cannot fail.
macro_rules! line {
    ($out:expr, $($text:tt)*) => { let _ = writeln!($out, $($text)*); };
}

/// Runs the command.
pub(crate) fn run(args: &Describe) -> Result<Done, Failure> {
    let text = match &args.name {
        None => all(),
        Some(name) => named(name)?,
    };
    let mut output = Output::open(None)?;
    output.text.extend_from_slice(text.as_bytes());
    output.finish()?;
    Ok(Done::Fully)
}

fn all() -> String {
    let widest = catalog::ALL.iter().map(|formula| formula.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for Formula { id, expression, .. } in catalog::ALL {
        line!(out, "{id:<widest$}  {expression}");
    }
    out
}

fn named(name: &str) -> Result<String, Failure> {
    let file =
        Path::new(name).extension().is_some_and(|extension| extension == "toml" || extension == "json");
    if let Ok(formula) = catalog::find(name) {
        return Ok(of_formula(formula));
    }
    if file || presets::all().iter().any(|preset| preset.id == name) {
        return Ok(match model::read(name)? {
            Model::One(card) => of_model(&card),
            Model::Set(set) => of_set(&set),
        });
    }
    for preset in presets::all() {
        let card = presets::scorecard(preset.id)?;
        if let Some(measure) = find(&card.tree, name) {
            return Ok(of_measure(measure, preset.id));
        }
    }
    let cards: Vec<Scorecard> =
        presets::all().iter().filter_map(|preset| presets::scorecard(preset.id).ok()).collect();
    let scorers: Vec<_> = cards.iter().filter_map(|card| card.compile().ok()).collect();
    let measures = scorers.iter().flat_map(|scorer| scorer.measures().iter().map(|measure| &*measure.id));
    let formulas = catalog::ALL.iter().map(|formula| formula.id);
    let known = formulas.chain(presets::all().iter().map(|preset| preset.id)).chain(measures);
    Err(Failure::from(value_model::Error::UnknownId {
        field: "describe".into(),
        id: value_model::error::excerpt(name),
        suggestion: value_model::suggest::nearest(name, known),
    }))
}

fn of_formula(formula: &Formula) -> String {
    let mut out = String::new();
    line!(out, "{} (version {})", formula.id, formula.version);
    line!(out, "  {}", formula.expression);
    line!(out, "  source: {}", word(&formula.source));
    if let Some((input, _)) = value_model_bridge::schemas(formula.id) {
        fields(&mut out, input.as_value());
    }
    line!(out, "\nApply it: value-model call {} input.json", formula.id);
    line!(out, "Its whole input: value-model schema {}", formula.id);
    out
}

/// The fields of the input with what their documentation says first.
fn fields(out: &mut String, schema: &serde_json::Value) {
    let Some(properties) = schema.get("properties").and_then(serde_json::Value::as_object) else { return };
    let required: Vec<&str> = (schema.get("required").and_then(serde_json::Value::as_array))
        .map(|names| names.iter().filter_map(serde_json::Value::as_str).collect())
        .unwrap_or_default();
    let widest = properties.keys().map(String::len).max().unwrap_or(0);
    line!(out, "\nInput");
    for (name, property) in properties {
        let text = property.get("description").and_then(serde_json::Value::as_str).unwrap_or_default();
        let first = text.lines().next().unwrap_or_default();
        let optional = if required.contains(&name.as_str()) { "" } else { " (optional)" };
        line!(out, "  {name:<widest$}  {first}{optional}");
    }
}

fn of_set(set: &ModelSet) -> String {
    let mut out = String::new();
    line!(out, "{} {}: {}", printable(&set.id), printable(&set.version), printable(&set.title));
    if !set.description.is_empty() {
        line!(out, "  {}", printable(&set.description));
    }
    line!(out, "");
    for case in &set.cases {
        let when: Vec<String> = case.when.iter().map(condition).collect();
        let models =
            if case.roll_up { "the roll-up of its children".to_owned() } else { case.models.join(", ") };
        line!(out, "{}: {}", printable(&case.id), printable(&models));
        line!(out, "  when {}", printable(&when.join(" and ")));
    }
    line!(out, "default: {}", printable(&set.default.join(", ")));
    if let Some(parents) = &set.parents {
        let by = parents.revenue.as_deref().unwrap_or("count");
        line!(
            out,
            "Parents: named by {}, children weigh by {}",
            printable(&parents.attribute),
            printable(by)
        );
    }
    out
}

fn condition(condition: &Condition) -> String {
    let name = &condition.attribute;
    if condition.missing {
        return format!("there is no {name}");
    }
    let values: Vec<String> = condition.is.iter().map(ToString::to_string).collect();
    match (condition.from, condition.below) {
        (Some(from), Some(below)) => format!("{name} is from {from} to below {below}"),
        (Some(from), None) => format!("{name} is {from} or more"),
        (None, Some(below)) => format!("{name} is below {below}"),
        (None, None) => format!("{name} is {}", values.join(" or ")),
    }
}

fn of_model(card: &Scorecard) -> String {
    let mut out = String::new();
    line!(out, "{} {}: {}", printable(&card.id), printable(&card.version), printable(&card.title));
    if !card.description.is_empty() {
        line!(out, "  {}", printable(&card.description));
    }
    line!(out, "");
    group(&mut out, &card.tree, 0);
    let names = card.bands.names.iter().map(|name| printable(name)).collect::<Vec<_>>().join(", ");
    let cuts = card.bands.cuts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    line!(out, "\nBands: {names}, parted at {cuts}");
    for rule in &card.rules {
        let title = if rule.title.is_empty() { &rule.id } else { &rule.title };
        line!(out, "Rule: {}", printable(title));
    }
    out
}

/// A group and what is in it. The depth of a document is limited where it is read.
fn group(out: &mut String, group: &Group, depth: usize) {
    let indent = "  ".repeat(depth);
    let title = if group.title.is_empty() { &group.id } else { &group.title };
    line!(
        out,
        "{indent}{} [{}], {}, weight {}",
        printable(title),
        printable(&group.id),
        word(&group.aggregator),
        group.weight
    );
    for child in &group.children {
        match child {
            Node::Group(inner) => self::group(out, inner, depth + 1),
            Node::Measure(measure) => {
                let question = if measure.question.is_empty() { &measure.title } else { &measure.question };
                line!(
                    out,
                    "{indent}  {} [{}], weight {}",
                    printable(question),
                    printable(&measure.id),
                    measure.weight
                );
            }
        }
    }
}

fn find<'a>(group: &'a Group, id: &str) -> Option<&'a Measure> {
    group.children.iter().find_map(|child| match child {
        Node::Group(inner) => find(inner, id),
        Node::Measure(measure) => (measure.id == id).then_some(measure),
    })
}

fn of_measure(measure: &Measure, preset: &str) -> String {
    let mut out = String::new();
    line!(out, "{}: {}", measure.id, measure.title);
    line!(out, "  {}", measure.question);
    line!(out, "  scale: {}", word(&measure.scale));
    if measure.reverse {
        line!(out, "  reversed: the highest answer is the worst");
    }
    if let Some(area) = &measure.area {
        line!(out, "  area: {}", word(area));
    }
    line!(out, "  in the model {preset}, weight {}", measure.weight);
    out
}

/// A value as model files spell it.
fn word<T: serde::Serialize>(value: &T) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    text.trim_matches('"').to_owned()
}
