//! The model named on the command line: a preset or a file, checked and compiled.

use std::borrow::Cow;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use value_model::answer::{Missing, Record};
use value_model::compare::ModelRef;
use value_model::scorecard::{Scorecard, Scorer};
use value_model::set::SetScorer;
use value_model::{Date, Error, presets};
use value_model_bridge::{
    Model as Document, Refusal, model_from_json, model_from_toml, scorecard_from_json, scorecard_from_toml,
};

use crate::args::ModelArgs;
use crate::input::source::Source;
use crate::message::{Failure, Notes};

/// A compiled model: one scorecard for every account, or a set that chooses.
#[derive(Clone, Debug)]
pub(crate) enum Model {
    /// One scorecard.
    One(Scorer),
    /// A set of them.
    Set(SetScorer),
}

/// Reads the document of one scorecard.
///
/// # Errors
/// `unknown_id` with the nearest preset, what is wrong with the file, with line and column, and `usage` for a set.
pub(crate) fn document(name: &str) -> Result<Scorecard, Failure> {
    match read(name)? {
        Document::One(card) => Ok(*card),
        Document::Set(_) => {
            let message = format!("`{name}` is a model set, and this takes one model; name a scorecard");
            Err(Failure::usage(message))
        }
    }
}

/// Reads the document of a scorecard or of a set. Files that a set names are read where it lies.
///
/// # Errors
/// `unknown_id` with the nearest preset, or what is wrong with the file, with line and column.
pub(crate) fn read(name: &str) -> Result<Document, Failure> {
    let path = Path::new(name);
    let json = is_json(path);
    if !json && !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        let found = presets::scorecard(name).map_err(|error| {
            let known: Vec<&str> = presets::all().iter().map(|preset| preset.id).collect();
            Failure::from(error).at("--model").help(format!(
                "the presets are {}; a model file ends in .toml or .json",
                crate::message::names(&known)
            ))
        });
        return found.map(|card| Document::One(Box::new(card)));
    }
    let text = Source::open(path)?.document()?;
    let mut unreadable = None;
    let beside = &mut |file: &str| -> Result<Scorecard, Refusal> {
        let path = path.with_file_name(file);
        let text = Source::open(&path).and_then(Source::document).map_err(|failure| {
            unreadable = Some(failure);
            Refusal::from(Error::Missing { field: "".into() })
        })?;
        let read = if is_json(&path) { scorecard_from_json(&text) } else { scorecard_from_toml(&text) };
        read.inspect_err(|refusal| {
            unreadable =
                Some(Failure::new(refusal.code, refusal.message.clone()).at(path.display().to_string()));
        })
    };
    let read = if json { model_from_json(&text, beside) } else { model_from_toml(&text, beside) };
    read.map_err(|refusal| unreadable.unwrap_or_else(|| Failure::new(refusal.code, refusal.message).at(name)))
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// Compiles the model or set with the missing codes of the command line.
pub(crate) fn any(args: &ModelArgs) -> Result<Model, Failure> {
    any_named(&args.model, &args.missing_code)
}

/// Compiles a model or set with more missing codes.
pub(crate) fn any_named(name: &str, missing_codes: &[(String, Missing)]) -> Result<Model, Failure> {
    let at = |error: Error| Failure::from(error).at(name);
    match read(name)? {
        Document::One(mut card) => {
            card.missing_codes.extend(missing_codes.iter().cloned());
            card.compile().map(Model::One).map_err(at)
        }
        Document::Set(mut set) => {
            for model in set.models.values_mut().filter(|_| !missing_codes.is_empty()) {
                let mut card = match model {
                    ModelRef::Preset(id) => presets::scorecard(id).map_err(at)?,
                    ModelRef::Scorecard(card) => (**card).clone(),
                };
                card.missing_codes.extend(missing_codes.iter().cloned());
                *model = card.into();
            }
            set.compile().map(Model::Set).map_err(at)
        }
    }
}

impl Model {
    /// The scorecard, or the first one of a set.
    pub(crate) fn first(&self) -> Result<&Scorer, Failure> {
        match self {
            Self::One(scorer) => Ok(scorer),
            Self::Set(set) => {
                let first = set.models().first().map(|named| &named.scorer);
                first.ok_or_else(|| Failure::usage("the set holds no model"))
            }
        }
    }

    /// Every scorecard.
    pub(crate) fn of_all(&self) -> Vec<Scorer> {
        match self {
            Self::One(scorer) => vec![scorer.clone()],
            Self::Set(set) => set.models().iter().map(|named| named.scorer.clone()).collect(),
        }
    }

    /// The set, if it is one.
    pub(crate) const fn set(&self) -> Option<&SetScorer> {
        match self {
            Self::One(_) => None,
            Self::Set(set) => Some(set),
        }
    }

    /// The attributes that decide which model is taken, beside these.
    pub(crate) fn attributes(&self, wanted: &[String]) -> Vec<String> {
        let mut all = wanted.to_vec();
        for name in self.set().into_iter().flat_map(SetScorer::attributes) {
            if !all.iter().any(|known| **known == **name) {
                all.push(name.to_string());
            }
        }
        all
    }

    /// The headline of an account, where a question takes one score; an account that is rolled up has none.
    pub(crate) fn headline<'a, 'r>(
        &'a self,
        record: &'r Record,
    ) -> Result<Option<(&'a Scorer, Cow<'r, Record>)>, Error> {
        Ok(self.of(record)?.into_iter().next())
    }

    /// The models for an account, the headline first, each with the record as that model knows it.
    pub(crate) fn of<'a, 'r>(
        &'a self,
        record: &'r Record,
    ) -> Result<Vec<(&'a Scorer, Cow<'r, Record>)>, Error> {
        match self {
            Self::One(scorer) => Ok(vec![(scorer, Cow::Borrowed(record))]),
            Self::Set(set) => {
                let models = set.choose(record)?.models();
                models.map(|named| Ok((&named.scorer, set.known_to(&named.scorer, record)?))).collect()
            }
        }
    }
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
    day(args.as_of, notes)
}

/// A day as asked, else today, which is then said.
pub(crate) fn day(asked: Option<Date>, notes: Notes) -> Result<Date, Failure> {
    if let Some(date) = asked {
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
