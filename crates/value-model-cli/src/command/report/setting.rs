//! The models and days of the page. Under a set an account is judged by its headline, the first of its models.

use std::borrow::Cow;

use value_model::answer::Record;
use value_model::compare::State;
use value_model::compare::delta::{Delta, delta};
use value_model::scorecard::Scorer;
use value_model::{Date, Error};

use super::Report;
use crate::command::portfolio::same_bands;
use crate::message::{Failure, Notes};
use crate::model::{self, Model};

/// The models and days of the page.
pub(super) struct Setting {
    pub(super) model: Model,
    /// The model, or the first one of a set: all of them have its bands.
    pub(super) scorer: Scorer,
    pub(super) as_of: Date,
    pub(super) before: Option<Before>,
}

/// The model and the day of an earlier file.
pub(super) struct Before {
    pub(super) model: Model,
    pub(super) scorer: Scorer,
    pub(super) as_of: Date,
}

impl Setting {
    /// Reads the models.
    ///
    /// # Errors
    /// What is wrong with them; `conflict` for a set whose models have different bands, and for an earlier file that is
    /// later.
    pub(super) fn read(args: &Report, notes: Notes) -> Result<Self, Failure> {
        let model = model::any(&args.model)?;
        let scorer = with_bands(&model)?;
        let as_of = model::as_of(&args.model, notes)?;
        let mut before = None;
        if let Some(day) = args.as_of_before {
            if day > as_of {
                let message = format!("{day} lies after the day of scoring, {as_of}");
                return Err(Failure::new("conflict", message).at("--as-of-before"));
            }
            let old = match &args.model_before {
                Some(name) => model::any_named(name, &args.model.missing_code)?,
                None => model.clone(),
            };
            let scorer = with_bands(&old).map_err(|failure| failure.at("--model-before"))?;
            before = Some(Before { model: old, scorer, as_of: day });
        }
        Ok(Self { model, scorer, as_of, before })
    }

    /// The headline of an account with the answers that it asks for; none for the roll-up of other accounts.
    pub(super) fn headline<'a, 'r>(
        &'a self,
        record: &'r Record,
    ) -> Result<Option<(&'a Scorer, Cow<'r, Record>)>, Error> {
        self.model.headline(record)
    }

    /// What changed since an earlier file, each side under its headline.
    pub(super) fn change(&self, old: &Record, new: &Record) -> Result<Option<Delta>, Error> {
        let Some(before) = &self.before else { return Ok(None) };
        let (Some((old_scorer, old)), Some((scorer, new))) =
            (before.model.headline(old)?, self.headline(new)?)
        else {
            return Ok(None);
        };
        let old = State { scorer: old_scorer, record: &old, as_of: before.as_of };
        delta(&old, &State { scorer, record: &new, as_of: self.as_of }).map(Some)
    }

    /// The case and the models that a set chooses for an account, by their names; none without a set.
    pub(super) fn chosen(&self, record: &Record) -> Result<Option<(String, Vec<String>)>, Error> {
        let Some(set) = self.model.set() else { return Ok(None) };
        let choice = set.choose(record)?;
        let models = choice.models().map(|named| named.name.to_string());
        Ok(Some((choice.case().to_string(), models.collect())))
    }
}

/// The scorecard whose bands hold for all accounts.
fn with_bands(model: &Model) -> Result<Scorer, Failure> {
    same_bands(model, "report on the accounts of each model alone")?;
    model.first().cloned()
}
