//! NDJSON: one account per line in, one result per line out.

use serde::Serialize;
use value_model::Date;
use value_model::scorecard::{Assessment, Scorer};
use value_model_bridge::{Refusal, record_from_json, to_json};

/// A result without explanation.
#[derive(Serialize)]
struct Line<'a> {
    account: &'a str,
    outcome: &'static str,
    score: Option<f64>,
    raw: Option<f64>,
    band: Option<&'a str>,
    lower_band: &'a str,
    lower: f64,
    upper: f64,
    coverage: f64,
    validated_share: f64,
    fresh_share: f64,
}

/// A line that cannot be scored.
#[derive(Serialize)]
struct RefusedLine<'a> {
    line: u64,
    code: &'static str,
    field: &'a str,
    message: &'a str,
}

/// How lines are scored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines {
    pub(crate) as_of: Date,
    /// Whether each result explains itself.
    pub(crate) explain: bool,
    /// The number of the first line.
    pub(crate) first: u64,
}

/// Scores every line that is not empty; one that cannot be scored has its reason in its place.
pub(crate) fn score(scorer: &Scorer, text: &str, how: Lines) -> Result<String, Refusal> {
    let mut out = Vec::with_capacity(text.len());
    for (number, line) in (how.first..).zip(text.split('\n')) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let found = record_from_json(line).and_then(|record| Ok(scorer.assess(&record, how.as_of)?));
        match found {
            Ok(assessment) if how.explain => {
                to_json(&(&assessment as &dyn erased_serde::Serialize), &mut out)?;
            }
            Ok(assessment) => to_json(&short(&assessment), &mut out)?,
            Err(Refusal { code, field, message, .. }) => {
                to_json(&RefusedLine { line: number, code, field: &field, message: &message }, &mut out)?;
            }
        }
        out.push(b'\n');
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn short(found: &Assessment) -> Line<'_> {
    Line {
        account: &found.account,
        outcome: found.outcome.name(),
        score: found.score,
        raw: found.raw,
        band: found.band.as_deref(),
        lower_band: &found.lower_band,
        lower: found.lower,
        upper: found.upper,
        coverage: found.coverage,
        validated_share: found.validated_share,
        fresh_share: found.fresh_share,
    }
}
