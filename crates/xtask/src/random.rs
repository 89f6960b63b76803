//! Scoring the oracle's random cases, so that it can compare.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use value_model::answer::Record;
use value_model::scorecard::Assessment;
use value_model::{Date, Error};
use value_model_bridge::{Refusal, Tree, record_from_tree, scorecard_from_tree};

/// One line of the results.
#[derive(serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Ok(Box<Assessment>),
    Error { code: &'static str, field: String },
}

/// Reads lines of `{model, record, as_of}` and writes `{"ok": assessment}` or `{"error": {code, field}}` for each.
pub(crate) fn score(cases: &Path, results: &Path) -> Result<()> {
    let input = File::open(cases).with_context(|| cases.display().to_string())?;
    let output = File::create(results).with_context(|| results.display().to_string())?;
    let mut output = BufWriter::new(output);
    for line in BufReader::new(input).lines() {
        let outcome = match assess(&line?) {
            Ok(assessment) => Outcome::Ok(Box::new(assessment)),
            Err(Refusal { code, field, .. }) => Outcome::Error { code, field },
        };
        serde_json::to_writer(&mut output, &outcome)?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(())
}

/// One case; fields at fault are named from the model's or the record's own root.
fn assess(line: &str) -> Result<Assessment, Refusal> {
    let mut case = value_model_bridge::read_json(line, &value_model_bridge::Limits::default())?;
    let mut take = |name: &'static str| match &mut case {
        Tree::Record(fields) => fields
            .iter_mut()
            .find(|(field, _)| field == name)
            .map(|(_, value)| std::mem::take(value))
            .ok_or(Error::Missing { field: name.into() }),
        _ => Err(Error::Missing { field: name.into() }),
    };
    let scorer = scorecard_from_tree(take("model")?)?.compile()?;
    let record: Record = record_from_tree(take("record")?)?;
    let as_of = match take("as_of")? {
        Tree::Text(text) => text.parse::<Date>().map_err(|error| error.at("as_of"))?,
        _ => return Err(Error::Missing { field: "as_of".into() }.into()),
    };
    Ok(scorer.assess(&record, as_of)?)
}
