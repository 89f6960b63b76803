//! The model named on the command line: a preset or a file, checked and compiled.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use value_model::answer::Missing;
use value_model::scorecard::{Scorecard, Scorer};
use value_model::{Date, presets};

use crate::args::ModelArgs;
use crate::input::source::Source;
use crate::message::{Failure, Notes};

/// Reads the model's document.
///
/// # Errors
/// `unknown_id` with the nearest preset, or what is wrong with the file, with line and column.
pub(crate) fn document(name: &str) -> Result<Scorecard, Failure> {
    let path = Path::new(name);
    let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    if !json && !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        return presets::scorecard(name).map_err(|error| {
            let known: Vec<&str> = presets::all().iter().map(|preset| preset.id).collect();
            Failure::from(error).at("--model").help(format!(
                "the presets are {}; a model file ends in .toml or .json",
                crate::message::names(&known)
            ))
        });
    }
    let source = Source::open(path)?;
    let text = source.document()?;
    let read = if json {
        value_model_bridge::scorecard_from_json(&text)
    } else {
        value_model_bridge::scorecard_from_toml(&text)
    };
    read.map_err(|refusal| Failure::new(refusal.code, refusal.message).at(name))
}

/// Compiles the model with the missing codes of the command line.
pub(crate) fn scorer(args: &ModelArgs) -> Result<Scorer, Failure> {
    named(&args.model, &args.missing_code)
}

/// Compiles a model with more missing codes.
pub(crate) fn named(name: &str, missing_codes: &[(String, Missing)]) -> Result<Scorer, Failure> {
    let mut card = document(name)?;
    card.missing_codes.extend(missing_codes.iter().cloned());
    card.compile().map_err(|error| Failure::from(error).at(name))
}

/// The day of scoring: as asked, else today, which is then said.
pub(crate) fn as_of(args: &ModelArgs, notes: Notes) -> Result<Date, Failure> {
    if let Some(date) = args.as_of {
        return Ok(date);
    }
    let today =
        today().ok_or_else(|| Failure::usage("the clock of this machine is wrong; pass `--as-of DATE`"))?;
    notes.note(&format!(
        "scored as of today, {today} (UTC); pass `--as-of {today}` to get the same result again"
    ));
    Ok(today)
}

fn today() -> Option<Date> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    Date::from_days(i32::try_from(seconds / 86_400).ok()?)
}
