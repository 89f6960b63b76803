//! Scoring under a set of models: one row per account and model, then the parents.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use value_model::Date;
use value_model::answer::Record;
use value_model::scorecard::Assessment;
use value_model::set::{CardAssessment, ParentAssessment, RollUp, SetScorer};

use super::Score;
use super::full::kept;
use super::set_columns::Columns;
use crate::history::Appender;
use crate::input::files::Files;
use crate::input::{self, Input, Plan};
use crate::message::{Done, Failure, Notes, Refused};
use crate::model::{self, Model};
use crate::output::grid::Grid;
use crate::output::rejects::Rejects;

/// What stands under `case` for an account that is the roll-up of its children.
pub(super) const ROLL_UP: &str = "roll_up";

/// An account in a JSON form.
#[derive(serde::Serialize)]
struct Whole<'a> {
    case: &'a str,
    card: &'a str,
    #[serde(flatten)]
    assessment: &'a Assessment,
}

/// A parent in a JSON form.
#[derive(serde::Serialize)]
struct WholeParent<'a> {
    case: &'a str,
    #[serde(flatten)]
    assessment: &'a ParentAssessment,
}

/// What was seen while accounts were read.
#[derive(Default)]
struct Seen {
    accounts: u64,
    rows: u64,
    without: u64,
    attributes: BTreeSet<String>,
    /// Accounts by case, in the order in which cases were first met.
    cases: Vec<(String, u64)>,
    /// Rows that a table has shown.
    shown: u32,
}

/// Scores every account under its models.
pub(super) fn run(args: &Score, model: &Model, set: &SetScorer, notes: Notes) -> Result<Done, Failure> {
    let mut files = Files::list(&args.input.input, notes)?;
    files.differ(args.output.output.as_ref())?;
    files.differ(Rejects::path(&args.rejects))?;
    files.differ(args.history.append.as_ref())?;
    let as_of = model::as_of(&args.model, notes)?;
    let mut rejects = Rejects::open(&args.rejects, args.output.raw, notes)?;
    let progress = files.progress(notes);
    let attributes = model.attributes(&input::attributes(&args.input, &args.keep));
    let plan =
        Plan { args: &args.input, scorer: model.first()?, set: Some(set), attributes: &attributes, notes };
    let mut run = Run::open(args, set, as_of)?;
    files.each(notes, &mut |opened| {
        rejects.read_from(opened.name());
        Input::open(opened, &plan)?.each(&plan, &mut |line, record| {
            match record {
                Ok(record) => run.account(line, &record, &mut rejects)?,
                Err(refused) => rejects.add(&refused)?,
            }
            progress.tick();
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(true)
    })?;
    drop(progress);
    let seen = run.finish(notes)?;
    let refused = rejects.count();
    let done = rejects.finish()?;
    seen.tell(set, refused, (&args.model.model, as_of), notes);
    Ok(done)
}

/// One scoring.
struct Run<'a> {
    args: &'a Score,
    set: &'a SetScorer,
    as_of: Date,
    columns: Columns,
    /// Nowhere where assessments are kept in a history alone.
    grid: Option<Grid>,
    roll_up: RollUp,
    history: Option<Appender>,
    seen: Seen,
}

impl<'a> Run<'a> {
    fn open(args: &'a Score, set: &'a SetScorer, as_of: Date) -> Result<Self, Failure> {
        let columns = Columns::new(set, args)?;
        let header = columns.header(&args.keep);
        let grid = (!args.is_kept_alone()).then(|| Grid::open(&args.output, &header, columns.texts));
        let (grid, history) = (grid.transpose()?, args.history.open(as_of)?);
        Ok(Self {
            args,
            set,
            as_of,
            columns,
            grid,
            roll_up: RollUp::new(set),
            history,
            seen: Seen::default(),
        })
    }

    /// Scores one account under its models, or refuses it.
    fn account(&mut self, line: u64, record: &Record, rejects: &mut Rejects) -> Result<(), Failure> {
        let found = self.set.assess(record, self.as_of).and_then(|found| {
            self.roll_up.add(record, &found)?;
            Ok(found)
        });
        let found = match found {
            Ok(found) => found,
            Err(error) => return rejects.add(&Refused::by(&error, line, &record.account)),
        };
        for one in &found {
            if let Err(refused) = self.keep(line, record, one)? {
                return rejects.add(&refused);
            }
        }
        self.seen.account(record, &found, self.set);
        let keep = kept(record, &self.args.keep);
        for one in &found {
            if self.seen.shows(self.columns.table, self.args.rows)
                && let Some(grid) = &mut self.grid
            {
                grid.row(self.columns.account(one, &keep), &Whole::of(one))?;
            }
        }
        Ok(())
    }

    /// Keeps an assessment in the history, with the answers that its model asks for.
    fn keep(
        &mut self,
        line: u64,
        record: &Record,
        one: &CardAssessment,
    ) -> Result<Result<(), Refused>, Failure> {
        let Some(history) = &mut self.history else { return Ok(Ok(())) };
        let Some(named) = self.set.models().iter().find(|named| named.name == one.card) else {
            return Ok(Ok(()));
        };
        let known = self.set.known_to(&named.scorer, record)?;
        history.add(&known, &one.assessment, (&named.scorer, Some(&one.case), line))
    }

    /// Adds the parents and writes what is left.
    fn finish(mut self, notes: Notes) -> Result<Seen, Failure> {
        for parent in self.roll_up.finish(self.as_of)? {
            self.seen.parent(&parent);
            if self.seen.shows(self.columns.table, self.args.rows)
                && let Some(grid) = &mut self.grid
            {
                let whole = WholeParent { case: ROLL_UP, assessment: &parent };
                grid.row(self.columns.parent(&parent, self.args.keep.len()), &whole)?;
            }
        }
        self.grid.map_or(Ok(()), Grid::finish)?;
        self.args.history.finish(self.history, notes)?;
        Ok(self.seen)
    }
}

impl<'a> Whole<'a> {
    fn of(one: &'a CardAssessment) -> Self {
        Self { case: &one.case, card: &one.card, assessment: &one.assessment }
    }
}

impl Seen {
    fn account(&mut self, record: &Record, found: &[CardAssessment], set: &SetScorer) {
        self.accounts += 1;
        self.rows += found.len() as u64;
        self.without += found.iter().filter(|one| one.assessment.score.is_none()).count() as u64;
        for name in set.attributes().iter().filter(|name| record.attributes.contains_key(&***name)) {
            if !self.attributes.contains(&**name) {
                self.attributes.insert(name.to_string());
            }
        }
        let case = found.first().map_or(ROLL_UP, |one| &one.case);
        match self.cases.iter_mut().find(|(name, _)| name == case) {
            Some((_, count)) => *count += 1,
            None => self.cases.push((case.to_owned(), 1)),
        }
    }

    fn parent(&mut self, parent: &ParentAssessment) {
        self.rows += 1;
        self.without += u64::from(parent.score.is_none());
    }

    /// Whether the next row is written: a table shows the first ones.
    fn shows(&mut self, table: bool, most: u32) -> bool {
        self.shown = self.shown.saturating_add(1);
        !table || self.shown <= most
    }

    fn tell(&self, set: &SetScorer, refused: u64, (model, as_of): (&str, Date), notes: Notes) {
        for name in set.attributes().iter().filter(|name| !self.attributes.contains(&***name)) {
            notes.warn(&format!("no account has the attribute `{name}`, which the model set asks for"));
        }
        let cases: Vec<String> =
            self.cases.iter().map(|(name, count)| format!("{count} by `{name}`")).collect();
        let refused = if refused > 0 { format!(", {refused} refused") } else { String::new() };
        let without =
            if self.without > 0 { format!(", {} without a score", self.without) } else { String::new() };
        let (accounts, rows) = (self.accounts, self.rows);
        let cases = cases.join(", ");
        notes.note(&format!(
            "{accounts} accounts scored with {model} as of {as_of} ({cases}): {rows} results{without}{refused}"
        ));
    }
}
