//! Scoring under a set of models: one row per account and model, then the parents.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use value_model::Date;
use value_model::scorecard::{Assessment, Polarity};
use value_model::set::{CardAssessment, ParentAssessment, RollUp, SetScorer};

use super::Score;
use super::full::kept;
use crate::input::files::Files;
use crate::input::{self, Input, Plan};
use crate::message::{Done, Failure, Notes, Refused};
use crate::model::{self, Model};
use crate::output::grid::Grid;
use crate::output::rejects::Rejects;
use crate::output::sheet::Field;

/// What stands under `case` for an account that is the roll-up of its children.
const ROLL_UP: &str = "roll_up";

/// The columns of results under a set: those of every model, one after the other, each name once.
struct Columns {
    groups: Vec<(String, bool)>,
    points: Vec<String>,
    texts: usize,
    table: bool,
}

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
    let as_of = model::as_of(&args.model, notes)?;
    let columns = Columns::new(set, args)?;
    let mut grid = Grid::open(&args.output, &columns.header(&args.keep), columns.texts)?;
    let mut rejects = Rejects::open(&args.rejects, args.output.raw, notes)?;
    let progress = files.progress(notes);
    let attributes = model.attributes(&input::attributes(&args.input, &args.keep));
    let plan =
        Plan { args: &args.input, scorer: model.first()?, set: Some(set), attributes: &attributes, notes };
    let mut roll_up = RollUp::new(set);
    let mut seen = Seen::default();
    files.each(notes, &mut |opened| {
        rejects.read_from(opened.name());
        Input::open(opened, &plan)?.each(&plan, &mut |line, record| {
            let found = record.and_then(|record| {
                let found = set.assess(&record, as_of).and_then(|found| {
                    roll_up.add(&record, &found)?;
                    Ok(found)
                });
                let found = found.map_err(|error| Refused::by(&error, line, &record.account))?;
                Ok((record, found))
            });
            match found {
                Err(refused) => rejects.add(&refused)?,
                Ok((record, found)) => {
                    seen.account(&record, &found, set);
                    let keep = kept(&record, &args.keep);
                    for one in &found {
                        if seen.shows(columns.table, args.rows) {
                            grid.row(columns.account(one, &keep), &Whole::of(one))?;
                        }
                    }
                }
            }
            progress.tick();
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(true)
    })?;
    for parent in roll_up.finish(as_of)? {
        seen.parent(&parent);
        if seen.shows(columns.table, args.rows) {
            grid.row(
                columns.parent(&parent, args.keep.len()),
                &WholeParent { case: ROLL_UP, assessment: &parent },
            )?;
        }
    }
    drop(progress);
    grid.finish()?;
    let refused = rejects.count();
    let done = rejects.finish()?;
    seen.tell(set, refused, (&args.model.model, as_of), notes);
    Ok(done)
}

impl<'a> Whole<'a> {
    fn of(one: &'a CardAssessment) -> Self {
        Self { case: &one.case, card: &one.card, assessment: &one.assessment }
    }
}

impl Columns {
    fn new(set: &SetScorer, args: &Score) -> Result<Self, Failure> {
        let mut columns =
            Self { groups: Vec::new(), points: Vec::new(), texts: 3, table: args.output.is_table() };
        for named in set.models() {
            for group in named.scorer.groups().iter().skip(1) {
                let cost = group.polarity == Polarity::Cost;
                if !columns.groups.iter().any(|(id, _)| **id == *group.id) {
                    columns.groups.push((group.id.to_string(), cost));
                }
            }
            for measure in named.scorer.measures().iter().filter(|_| args.contributions) {
                if !columns.points.iter().any(|id| **id == *measure.id) {
                    columns.points.push(measure.id.to_string());
                }
            }
        }
        if columns.table {
            columns.texts += args.keep.len();
        }
        let header = columns.header(&[]);
        if let Some(name) = args.keep.iter().find(|name| header.iter().any(|(column, _)| column == *name)) {
            let message = format!("`--keep {name}` would give a second column `{name}`");
            return Err(Failure::new("duplicate", message));
        }
        Ok(columns)
    }

    /// Names with an example of their kind. A table for people is shorter: no groups, kept columns first.
    fn header(&self, keep: &[String]) -> Vec<(String, Field)> {
        let text = |name: &str| (name.to_owned(), Field::Text(String::new()));
        let number = |name: &str| (name.to_owned(), Field::Number(None));
        let kept = keep.iter().map(|name| text(name));
        if self.table {
            let mut header = vec![text("account"), text("model"), text("band")];
            header.extend(kept);
            header.extend(["score", "lower", "upper", "coverage"].map(number));
            return header;
        }
        let mut header = vec![text("account"), text("model"), text("case"), number("score"), text("band")];
        header.extend(["coverage", "lower", "upper"].map(number));
        header.extend([
            text("lower_band"),
            number("validated_share"),
            number("fresh_share"),
            text("outcome"),
        ]);
        for (group, cost) in &self.groups {
            let taken = header.iter().any(|(name, _)| name == group);
            header.push(number(&if taken { format!("{group}_group") } else { group.clone() }));
            if *cost {
                header.push(number(&format!("{group}_cost")));
            }
        }
        header.extend(self.points.iter().map(|measure| number(&format!("{measure}_points"))));
        header.extend(kept);
        header
    }

    fn account(&self, one: &CardAssessment, keep: &[String]) -> Vec<Field> {
        let found = &one.assessment;
        let kept = keep.iter().map(|text| Field::Text(text.clone()));
        let band = found.band.as_deref();
        if self.table {
            let band = Field::name(band.or(Some(found.outcome.name())));
            let mut row = vec![Field::Text(found.account.clone()), Field::name(Some(&one.card)), band];
            row.extend(kept);
            row.extend([found.score, Some(found.lower), Some(found.upper)].map(Field::Number));
            row.push(Field::Share(Some(found.coverage)));
            return row;
        }
        let mut row = vec![Field::Text(found.account.clone()), Field::name(Some(&one.card))];
        row.extend([Field::name(Some(&one.case)), Field::Number(found.score), Field::name(band)]);
        row.extend([found.coverage, found.lower, found.upper].map(|number| Field::Number(Some(number))));
        row.push(Field::name(Some(&found.lower_band)));
        row.extend([found.validated_share, found.fresh_share].map(|share| Field::Number(Some(share))));
        row.push(Field::name(Some(found.outcome.name())));
        for (id, cost) in &self.groups {
            let group = found.group(id);
            row.push(Field::Number(group.and_then(|group| group.score)));
            if *cost {
                row.push(Field::Number(group.and_then(|group| group.cost_score)));
            }
        }
        row.extend(self.points.iter().map(|id| {
            let measure = found.raw.and_then(|_| found.measure(id));
            Field::Number(measure.map(|measure| measure.contribution))
        }));
        row.extend(kept);
        row
    }

    fn parent(&self, parent: &ParentAssessment, keep: usize) -> Vec<Field> {
        let band = parent.band.as_deref();
        let name = [Field::Text(parent.account.clone()), Field::name(Some(&parent.model))];
        let empty = |count: usize| std::iter::repeat_n(Field::Number(None), count);
        let kept = std::iter::repeat_n(Field::Text(String::new()), keep);
        let mut row = name.to_vec();
        if self.table {
            row.push(Field::name(band.or(Some(parent.outcome.name()))));
            row.extend(kept);
            row.extend([parent.score, Some(parent.lower), Some(parent.upper)].map(Field::Number));
            row.push(Field::Share(Some(parent.coverage)));
            return row;
        }
        row.extend([Field::name(Some(ROLL_UP)), Field::Number(parent.score), Field::name(band)]);
        row.extend([parent.coverage, parent.lower, parent.upper].map(|number| Field::Number(Some(number))));
        row.extend([Field::name(Some(&parent.lower_band)), Field::Number(None), Field::Number(None)]);
        row.push(Field::name(Some(parent.outcome.name())));
        let groups = self.groups.iter().map(|(_, cost)| 1 + usize::from(*cost)).sum::<usize>();
        row.extend(empty(groups + self.points.len()));
        row.extend(kept);
        row
    }
}

impl Seen {
    fn account(&mut self, record: &value_model::answer::Record, found: &[CardAssessment], set: &SetScorer) {
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
