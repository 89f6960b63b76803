//! What became of the accounts, for the back-test: gathered beside their scores.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use value_model::answer::Record;
use value_model::backtest::known::known_at;
use value_model::backtest::lead::{
    DatedOutcome, DatedScore, LaterScores, LeadCurve, LeadCurveInput, lead_curve,
};
use value_model::backtest::report::{Backtest, BacktestInput, backtest};
use value_model::scale::Scale;
use value_model::scorecard::{Group, Measure, Scorecard};
use value_model::{Date, Error};

use super::Report;
use super::setting::Setting;
use crate::args::{InputArgs, RejectArgs};
use crate::command::backtest::outcome::{OutcomeArgs, Outcomes};
use crate::command::each::{Refusal, each};
use crate::command::score::full::full_text;
use crate::message::{Failure, Notes};
use crate::model::Model;

/// Days before the outcome at which the lead curve looks.
const LEADS: [i32; 5] = [0, 30, 60, 90, 180];
/// The most accounts of which the scores of earlier days are made and held.
const LEAD_ACCOUNTS: usize = 200_000;

/// Scores and outcomes being gathered.
pub(super) struct Tested<'a> {
    column: Outcomes<'a>,
    /// What a table of outcomes says, by account; nothing where a column of the accounts says it.
    table: Option<BTreeMap<String, (Date, bool)>>,
    seen: BTreeSet<String>,
    scores: Vec<Option<f64>>,
    outcomes: Vec<Option<bool>>,
    revenue: Vec<Option<f64>>,
    dated: Vec<DatedScore>,
    decided: Vec<DatedOutcome>,
    no_lead: Option<NoLead>,
}

/// Why there is no lead curve.
#[derive(Clone, Copy)]
pub(super) enum NoLead {
    /// An answer without a date: nobody can say when it was known.
    Undated,
    /// More accounts than are held.
    TooMany,
}

/// Everything that the section tells.
pub(super) struct Test {
    pub(super) result: Backtest,
    pub(super) lead: Result<LeadCurve, NoLead>,
    /// Pairs of score and outcome, for the calibration.
    pub(super) pairs: (Vec<f64>, Vec<bool>),
    /// Accounts of the table of outcomes that are not in the file.
    pub(super) unknown: usize,
    /// Whether outcomes have dates; without, that they came later is taken on trust.
    pub(super) dated: bool,
}

/// What was asked for, if a back-test was.
pub(super) fn asked(args: &Report) -> Option<OutcomeArgs> {
    let outcome = args.outcome.clone().or_else(|| args.outcomes.is_some().then(|| "outcome".to_owned()))?;
    Some(OutcomeArgs { outcome, kept: args.kept.clone(), lost: args.lost.clone() })
}

impl<'a> Tested<'a> {
    /// Prepares to gather; reads the table of outcomes, if there is one.
    pub(super) fn new(
        args: &Report,
        asked: &'a OutcomeArgs,
        as_of: Date,
        notes: Notes,
    ) -> Result<Self, Failure> {
        let table = args.outcomes.as_deref().map(|path| read(args, asked, path, as_of, notes)).transpose()?;
        Ok(Self {
            column: Outcomes::new(asked)?,
            table,
            seen: BTreeSet::new(),
            scores: Vec::new(),
            outcomes: Vec::new(),
            revenue: Vec::new(),
            dated: Vec::new(),
            decided: Vec::new(),
            no_lead: None,
        })
    }

    /// The column of the accounts that is read, if none of a table.
    pub(super) fn attribute(&self, asked: &OutcomeArgs) -> Option<String> {
        self.table.is_none().then(|| asked.outcome.clone())
    }

    /// Takes one account with its score and revenue.
    pub(super) fn add(
        &mut self,
        setting: &Setting,
        record: &Record,
        score: Option<f64>,
        revenue: Option<f64>,
    ) -> Result<(), Failure> {
        let found = match &mut self.table {
            None => self.column.of(record)?.map(|kept| (setting.as_of, kept)),
            Some(table) => table.remove(&record.account),
        };
        if !self.seen.insert(record.account.clone()) {
            let error = Error::Duplicate { field: "account".into(), id: record.account.clone() };
            return Err(Failure::from(error).help("a back-test takes each account once"));
        }
        self.scores.push(score);
        self.outcomes.push(found.map(|(_, kept)| kept));
        self.revenue.push(revenue);
        if let (Some((on, kept)), None) = (found, self.no_lead) {
            self.lead(setting, record, on, kept)?;
        }
        Ok(())
    }

    /// Scores the account as it was known on earlier days.
    fn lead(&mut self, setting: &Setting, record: &Record, on: Date, kept: bool) -> Result<(), Failure> {
        let mut last = None;
        for lead in LEADS.iter().rev() {
            let Some(day) = on.plus_days(-lead).map(|day| day.min(setting.as_of)) else { continue };
            if last.replace(day) == Some(day) {
                continue;
            }
            let then = match known_at(record, day, setting.as_of) {
                Ok(then) => then,
                Err(error) if error.code() == "missing" => {
                    self.without_lead(NoLead::Undated);
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            };
            let Some((scorer, then)) = setting.headline(&then)? else { continue };
            let score = scorer.assess(&then, day)?.score;
            let account = record.account.clone();
            self.dated.push(DatedScore { account, as_of: day, score, inputs_on: None });
        }
        self.decided.push(DatedOutcome { account: record.account.clone(), on, kept });
        if self.decided.len() > LEAD_ACCOUNTS {
            self.without_lead(NoLead::TooMany);
        }
        Ok(())
    }

    fn without_lead(&mut self, why: NoLead) {
        (self.dated, self.decided, self.no_lead) = (Vec::new(), Vec::new(), Some(why));
    }

    /// Tests what was gathered.
    pub(super) fn finish(self, args: &Report, setting: &Setting, notes: Notes) -> Result<Test, Failure> {
        let unknown = self.table.as_ref().map_or(0, BTreeMap::len);
        if unknown > 0 {
            notes.warn(&format!("{unknown} accounts of the outcomes are not in the file"));
        }
        if self.table.is_none() {
            self.column.say(notes);
        }
        let lead = match self.no_lead {
            Some(why) => Err(why),
            None => Ok(lead_curve(&LeadCurveInput {
                scores: self.dated,
                outcomes: self.decided,
                leads: LEADS.iter().filter_map(|lead| u32::try_from(*lead).ok()).collect(),
                max_age: None,
                same_accounts: false,
                later_scores: LaterScores::Refuse,
            })?),
        };
        let both = self.scores.iter().zip(&self.outcomes);
        let pairs = both.filter_map(|(score, kept)| Some(((*score)?, (*kept)?))).unzip();
        let result = backtest(&BacktestInput {
            scores: self.scores,
            outcomes: self.outcomes,
            revenue: args.revenue.is_some().then_some(self.revenue),
            as_of: Some(setting.as_of),
            inputs_on: None,
            bands: Some(setting.scorer.scorecard().bands.clone()),
        })?;
        Ok(Test { result, lead, pairs, unknown, dated: self.table.is_some() })
    }
}

/// Reads a table of outcomes: account, `on` and the column asked for.
fn read(
    args: &Report,
    asked: &OutcomeArgs,
    path: &Path,
    as_of: Date,
    notes: Notes,
) -> Result<BTreeMap<String, (Date, bool)>, Failure> {
    let mut found = BTreeMap::new();
    let mut outcomes = Outcomes::new(asked)?;
    let mut day = Measure::new("on", Scale::Within { days: 0 });
    day.column = Some("on".to_owned());
    // The reader matches columns to measures; the day of the outcome is the one that every such table has.
    let model = Model::One(Scorecard::new("outcomes", "1", Group::new("outcomes").child(day)).compile()?);
    let input = InputArgs { input: vec![path.to_owned()], ..plain(&args.input) };
    let columns = ["on".to_owned(), asked.outcome.clone()];
    let name = path.display().to_string();
    let rejects = RejectArgs { rejects: None, strict: false };
    each((&input, &rejects, args.output.as_ref()), &model, &columns, notes, &mut |record| {
        let Some(kept) = outcomes.of(&record)? else { return Ok(Ok(())) };
        let text = record.attributes.get("on").map(full_text).unwrap_or_default();
        let on: Date = match text.parse() {
            Ok(on) => on,
            Err(error) => {
                let error: Error = error;
                return Ok(Err(Refusal { error: error.at("on"), account: record.account }));
            }
        };
        if on < as_of {
            let message =
                format!("the outcome of {on} came before the day of scoring, {as_of}: the score may know it");
            return Err(
                Failure::new("after_as_of", message).at(format!("{name}, account {}", record.account))
            );
        }
        if found.insert(record.account.clone(), (on, kept)).is_some() {
            let error = Error::Duplicate { field: "account".into(), id: record.account };
            return Err(Failure::from(error)
                .at(name.clone())
                .help("a back-test takes one outcome for each account"));
        }
        Ok(Ok(()))
    })?;
    outcomes.say(notes);
    Ok(found)
}

/// How a table of outcomes is read: as the accounts are, but for what concerns answers.
fn plain(args: &InputArgs) -> InputArgs {
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
