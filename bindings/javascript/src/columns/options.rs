//! How a table is scored, as its caller says it.

use std::collections::BTreeMap;

use serde::Deserialize;
use value_model::answer::Source;
use value_model::block::{Column, Selection};
use value_model::scorecard::{Context, Scorer};
use value_model::{Date, Error};
use value_model_bridge::{Refusal, Tree};

use crate::packed::Packed;
use crate::reply::refused;

/// The options of `scoreColumns`, spelled as in every language.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Options {
    as_of: Date,
    /// Which column holds what, where it is not the one of that name.
    #[serde(default)]
    pub(super) columns: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) on: Option<String>,
    #[serde(default)]
    results: Option<Vec<String>>,
    #[serde(default)]
    contributions: bool,
    #[serde(default)]
    headroom: bool,
    #[serde(default)]
    flags: bool,
    #[serde(default)]
    default_source: Option<Source>,
    #[serde(default)]
    default_on: Option<Date>,
    #[serde(default)]
    pub(super) nan: Nan,
    #[serde(default)]
    pub(super) errors: Errors,
}

/// What a NaN is.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Nan {
    #[default]
    Missing,
    Refused,
}

/// What becomes of rows that cannot be scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Errors {
    #[default]
    Code,
    Raise,
}

impl Options {
    pub(super) fn read(given: &mut Packed<'_>) -> Result<Self, String> {
        let options = match given.tree().map_err(refused)? {
            Tree::Null => Tree::Record(Vec::new()),
            options => options,
        };
        Self::deserialize(options).map_err(|problem| refused(Refusal::from(problem)))
    }

    pub(super) fn context(&self) -> Context {
        let mut context = Context::new(self.as_of);
        context.default_source = self.default_source;
        context.default_on = self.default_on;
        context
    }

    /// The columns of results.
    pub(super) fn results(&self, scorer: &Scorer) -> Result<Vec<Column>, Error> {
        let Self { contributions, headroom, flags, .. } = *self;
        Selection { names: self.results.clone(), contributions, headroom, flags }.of(scorer)
    }
}

/// How a table of Arrow is scored.
#[derive(Debug)]
pub struct ArrowOptions {
    options: Options,
    /// Columns to carry along; none is said for `account`, where there is one.
    pub keep: Option<Vec<String>>,
}

/// What only tables of Arrow can do.
#[derive(serde::Deserialize)]
struct Kept {
    #[serde(default)]
    keep: Option<Vec<String>>,
}

impl ArrowOptions {
    /// Reads them, packed in front of an object with the columns to carry along.
    ///
    /// # Errors
    /// `!` and a refusal.
    pub fn new(mut given: Packed<'_>) -> Result<Self, String> {
        let options = Options::read(&mut given)?;
        let kept = given.tree().map_err(refused)?;
        let Kept { keep } = Kept::deserialize(kept).map_err(|problem| refused(Refusal::from(problem)))?;
        Ok(Self { options, keep })
    }

    /// The date of scoring, and what holds for answers that do not say it.
    pub fn context(&self) -> Context {
        self.options.context()
    }

    /// The columns of results.
    ///
    /// # Errors
    /// [`Error::UnknownId`] for one that the model does not have.
    pub fn results(&self, scorer: &Scorer) -> Result<Vec<Column>, Error> {
        self.options.results(scorer)
    }

    /// Pairs of measure and column, where the column is not the one that the model names.
    pub fn columns(&self) -> Vec<(String, String)> {
        self.options.columns.clone().into_iter().collect()
    }

    /// The column that holds the day of each row's answers.
    pub fn on(&self) -> Option<String> {
        self.options.on.clone()
    }

    /// Whether NaN is a mistake, instead of no answer.
    pub fn refuses_nan(&self) -> bool {
        self.options.nan == Nan::Refused
    }

    /// Whether a row that cannot be scored is thrown, instead of a code in its row.
    pub fn raises(&self) -> bool {
        self.options.errors == Errors::Raise
    }
}
