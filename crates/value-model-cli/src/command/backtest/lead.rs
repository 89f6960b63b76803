//! The lead curve, from scores of many days or from answers with dates.

use std::path::Path;

use value_model::answer::Record;
use value_model::backtest::known::known_at;
use value_model::backtest::lead::{
    DatedOutcome, DatedScore, LaterScores, LeadCurve, LeadCurveInput, lead_curve,
};
use value_model::scale::Scale;
use value_model::scorecard::Scorer;
use value_model::{Date, Error};

use super::accounts::{From, of_column, refusal, visit};
use super::outcome::Outcomes;
use super::{Backtest, text};
use crate::args::{InputArgs, RejectArgs};
use crate::command::each::{Refusal, each};
use crate::command::score::full::full_text;
use crate::message::{Done, Failure, Notes};
use crate::model::Model;

/// Scores every account as it was known each lead before `as_of`.
pub(super) fn of_answers(
    args: &Backtest,
    from: &From<'_>,
    (scorer, as_of): (&Scorer, Date),
    notes: Notes,
) -> Result<Done, Failure> {
    let (mut scores, mut found) = (Vec::new(), Vec::new());
    let mut outcomes = Outcomes::new(&args.outcome)?;
    let done = visit(from, scorer, notes, &mut |record| {
        let Some(kept) = outcomes.of(&record)? else { return Ok(Ok(())) };
        match rows(&record, scorer, as_of, &args.leads) {
            Ok(rows) => {
                scores.extend(rows);
                found.push(DatedOutcome { account: record.account, on: as_of, kept });
                Ok(Ok(()))
            }
            Err(error) => refusal(error, record.account),
        }
    })?;
    outcomes.say(notes);
    curve(args, scores, found)?;
    Ok(done)
}

fn rows(record: &Record, scorer: &Scorer, as_of: Date, leads: &[u32]) -> Result<Vec<DatedScore>, Error> {
    let row = |lead: &u32| {
        let too_far = Error::OutOfRange {
            field: "--leads".into(),
            value: (*lead).into(),
            allowed: "a number of days that the calendar has".into(),
        };
        let days = i32::try_from(*lead).ok();
        let day = days.and_then(|days| as_of.plus_days(-days)).ok_or(too_far)?;
        let score = scorer.assess(&known_at(record, day, as_of)?, day)?.score;
        Ok(DatedScore { account: record.account.clone(), as_of: day, score, inputs_on: None })
    };
    leads.iter().map(row).collect()
}

/// Reads scores of many days and a table of outcomes.
pub(super) fn of_scores(args: &Backtest, outcomes: &Path, notes: Notes) -> Result<Done, Failure> {
    let mut scores = Vec::new();
    let column = args.scores.score.as_deref().unwrap_or("score");
    let scorer = of_column(column, Scale::Score)?;
    let day = Date::from_days(0).ok_or_else(|| Failure::usage("a day is needed"))?;
    let asked = (&args.input, &args.rejects, None);
    let done = each(asked, &Model::One(scorer.clone()), &["as_of".to_owned()], notes, &mut |record| {
        let read = date(&record, "as_of").and_then(|as_of| Ok((as_of, scorer.assess(&record, day)?.score)));
        match read {
            Ok((as_of, score)) => {
                scores.push(DatedScore { account: record.account, as_of, score, inputs_on: None });
                Ok(Ok(()))
            }
            Err(error) => Ok(Err(Refusal { error, account: record.account })),
        }
    })?;
    curve(args, scores, read_outcomes(args, outcomes, notes)?)?;
    Ok(done)
}

fn read_outcomes(args: &Backtest, path: &Path, notes: Notes) -> Result<Vec<DatedOutcome>, Failure> {
    let mut found = Vec::new();
    let mut outcomes = Outcomes::new(&args.outcome)?;
    // The reader matches columns to measures; the day of the outcome is the one that every such table has.
    let scorer = of_column("on", Scale::Within { days: 0 })?;
    let input = InputArgs { input: vec![path.to_owned()], map: Vec::new(), ..copy(&args.input) };
    let rejects = RejectArgs { rejects: None, strict: false };
    let columns = ["on".to_owned(), args.outcome.outcome.clone()];
    each((&input, &rejects, None), &Model::One(scorer), &columns, notes, &mut |record| {
        let Some(kept) = outcomes.of(&record)? else { return Ok(Ok(())) };
        match date(&record, "on") {
            Ok(on) => found.push(DatedOutcome { account: record.account, on, kept }),
            Err(error) => return Ok(Err(Refusal { error, account: record.account })),
        }
        Ok(Ok(()))
    })?;
    outcomes.say(notes);
    Ok(found)
}

fn copy(args: &InputArgs) -> InputArgs {
    InputArgs {
        input: Vec::new(),
        input_format: None,
        layout: None,
        map: Vec::new(),
        account_column: args.account_column.clone(),
        on: None,
        delimiter: args.delimiter,
        decimal: args.decimal,
        default_source: None,
        default_persona: None,
        default_on: None,
        sorted: false,
    }
}

fn date(record: &Record, column: &'static str) -> Result<Date, Error> {
    let text = record.attributes.get(column).map(full_text).unwrap_or_default();
    text.parse().map_err(|error: Error| error.at(column))
}

fn curve(args: &Backtest, scores: Vec<DatedScore>, outcomes: Vec<DatedOutcome>) -> Result<(), Failure> {
    let leads = if args.leads.is_empty() { vec![0, 30, 60, 90, 180] } else { args.leads.clone() };
    let later_scores = if args.ignore_later { LaterScores::Ignore } else { LaterScores::Refuse };
    let input = LeadCurveInput { scores, outcomes, leads, max_age: None, same_accounts: false, later_scores };
    let found: LeadCurve = lead_curve(&input).map_err(|error| leaked(error, &input))?;
    args.result.print(&found, text::lead)
}

/// A leak by the name of its account: people do not count rows.
fn leaked(error: Error, input: &LeadCurveInput) -> Failure {
    let place =
        error.field().strip_prefix("scores[").and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
    let row = place.and_then(|place| input.scores.get(place));
    let failure = Failure::from(error);
    match row {
        Some(row) => failure
            .at(format!("{} on {}", row.account, row.as_of))
            .help("this score knew the outcome; `--ignore-later` leaves such rows out"),
        None => failure,
    }
}
