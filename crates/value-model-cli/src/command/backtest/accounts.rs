//! Accounts with their scores and what became of them: what back-tests, calibrations and weights are made of.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use value_model::answer::{Missing, Record};
use value_model::scale::Scale;
use value_model::scorecard::{Group, Measure, Scorecard, Scorer};
use value_model::{Date, Error};

use super::outcome::{OutcomeArgs, Outcomes};
use crate::args::{InputArgs, ModelArgs, RejectArgs, parse_date, parse_missing_code};
use crate::command::each::{Refusal, each};
use crate::input::cells;
use crate::message::{Done, Failure, Notes};
use crate::model::{self, Model};

/// Where scores come from: a model, or a column.
#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    /// A preset (see `value-model presets`), or a model file ending in .toml or .json.
    #[arg(long, short, value_name = "PRESET|FILE", required_unless_present = "score")]
    pub model: Option<String>,
    /// The column that holds scores made before, 0 to 100, instead of a model.
    #[arg(long, value_name = "COLUMN", conflicts_with = "model")]
    pub score: Option<String>,
    /// The day of scoring, such as 2026-11-01. Answers dated after it are a leak and end the run.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub as_of: Option<Date>,
    /// A raw value that means "missing", with its reason: `-99=no_data`, `N/A=not_applicable`. May be repeated.
    #[arg(long, value_name = "CODE=REASON", value_parser = parse_missing_code, allow_hyphen_values = true)]
    pub missing_code: Vec<(String, Missing)>,
}

impl ScoreArgs {
    /// The scorer and the day. A column of scores is a model of one measure, for which no day matters.
    pub(crate) fn scorer(&self, notes: Notes) -> Result<(Scorer, Date), Failure> {
        match (&self.model, &self.score) {
            (Some(name), _) => {
                let args = ModelArgs {
                    model: name.clone(),
                    as_of: self.as_of,
                    missing_code: self.missing_code.clone(),
                };
                Ok((model::scorer(&args)?, model::as_of(&args, notes)?))
            }
            (None, column) => {
                let day =
                    self.as_of.or(Date::from_days(0)).ok_or_else(|| Failure::usage("a day is needed"))?;
                Ok((of_column(column.as_deref().unwrap_or("score"), Scale::Score)?, day))
            }
        }
    }
}

/// A model whose only measure is a column.
pub(super) fn of_column(column: &str, scale: Scale) -> Result<Scorer, Failure> {
    let mut measure = Measure::new("score", scale);
    measure.column = Some(column.to_owned());
    let card = Scorecard::new("column", "1", Group::new("column").child(measure));
    card.compile().map_err(Failure::from)
}

/// What is read, and where refused rows go.
pub(crate) struct From<'a> {
    pub(crate) input: &'a InputArgs,
    pub(crate) rejects: &'a RejectArgs,
    pub(crate) output: Option<&'a PathBuf>,
    pub(crate) outcome: &'a OutcomeArgs,
    pub(crate) revenue: Option<&'a str>,
}

/// The accounts of a file.
#[derive(Default)]
pub(crate) struct Accounts {
    pub(crate) scores: Vec<Option<f64>>,
    pub(crate) outcomes: Vec<Option<bool>>,
    pub(crate) revenue: Vec<Option<f64>>,
    /// Per measure of the model, its units.
    pub(crate) units: Vec<Vec<Option<f64>>>,
}

impl Accounts {
    /// Accounts with a score and an outcome.
    pub(crate) fn known(&self) -> (Vec<f64>, Vec<bool>) {
        let pairs = self.scores.iter().zip(&self.outcomes);
        pairs.filter_map(|(score, outcome)| Some(((*score)?, (*outcome)?))).unzip()
    }

    /// Reads and scores every account.
    pub(crate) fn read(
        from: &From<'_>,
        scorer: &Scorer,
        as_of: Date,
        notes: Notes,
    ) -> Result<(Self, Done), Failure> {
        let mut accounts = Self { units: vec![Vec::new(); scorer.measures().len()], ..Self::default() };
        let mut seen = BTreeSet::new();
        let mut outcomes = Outcomes::new(from.outcome)?;
        let done = visit(from, scorer, notes, &mut |record| {
            let outcome = outcomes.of(&record)?;
            if !seen.insert(record.account.clone()) {
                let error = Error::Duplicate { field: "account".into(), id: record.account };
                return Err(Failure::from(error).help("a back-test takes each account once"));
            }
            let judged =
                revenue(&record, from).and_then(|revenue| Ok((revenue, scorer.assess(&record, as_of)?)));
            match judged {
                Ok((revenue, assessment)) => {
                    accounts.scores.push(assessment.score);
                    accounts.outcomes.push(outcome);
                    accounts.revenue.push(revenue);
                    for (units, measure) in accounts.units.iter_mut().zip(&assessment.measures) {
                        units.push(measure.unit);
                    }
                    Ok(Ok(()))
                }
                Err(error) => refusal(error, record.account),
            }
        })?;
        outcomes.say(notes);
        Ok((accounts, done))
    }
}

/// Reads every account with the columns that a back-test needs.
pub(super) fn visit(
    from: &From<'_>,
    scorer: &Scorer,
    notes: Notes,
    step: &mut crate::command::each::Step<'_>,
) -> Result<Done, Failure> {
    let mut columns = vec![from.outcome.outcome.clone()];
    columns.extend(from.revenue.map(str::to_owned));
    each((from.input, from.rejects, from.output), &Model::One(scorer.clone()), &columns, notes, step)
}

/// What is wrong with an account is refused; a score that would know the future ends the run.
pub(super) fn refusal(error: Error, account: String) -> Result<Result<(), Refusal>, Failure> {
    if error.code() == "after_as_of" {
        return Err(Failure::from(error).at(account).help(
            "a score that knows the future always leads: take later answers out, or score on a later day",
        ));
    }
    Ok(Err(Refusal { error, account }))
}

fn revenue(record: &Record, from: &From<'_>) -> Result<Option<f64>, Error> {
    let Some((column, found)) = from.revenue.and_then(|name| Some((name, record.attributes.get(name)?)))
    else {
        return Ok(None);
    };
    match cells::number(found, from.input.decimal) {
        Some(amount) => Ok(Some(amount)),
        None => Err(Error::Invalid {
            field: column.to_owned().into(),
            reason: format!("the revenue must be a number, got `{found}`"),
        }),
    }
}
