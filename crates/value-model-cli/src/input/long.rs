//! Tables with one row per answer: account, measure, value, and optionally source, persona, on, before, missing, note.
//!
//! The rows of one account may stand anywhere, so they are gathered in memory, up to a stated number of answers. A
//! table that is sorted by account needs no such memory: `--sorted` says so, and a row out of order is then an error,
//! because the account before it has already been scored. Here accounts are read one by one; `score` reads most tables in
//! columns and comes here for what it could not read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use value_model::answer::{Answer, Missing, Record};
use value_model::error::excerpt;
use value_model::scorecard::Scorer;
use value_model::{Date, Error};

use super::cells::{self, Cells};
use super::records::Row;
use super::table::Table;
use super::wide::attributes;
use super::{Plan, Visit, detect, no_accounts, with_defaults};
use crate::args::word;
use crate::message::{Failure, Refused};

/// The most answers that are gathered in memory.
const IN_MEMORY: usize = 500_000;

/// A long table with its columns found.
pub(crate) struct Long {
    pub(crate) table: Table,
    pub(crate) columns: Columns,
}

/// Which column holds what.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) account: usize,
    pub(crate) measure: usize,
    pub(crate) value: usize,
    pub(crate) source: Option<usize>,
    pub(crate) persona: Option<usize>,
    pub(crate) on: Option<usize>,
    pub(crate) before: Option<usize>,
    pub(crate) missing: Option<usize>,
    pub(crate) note: Option<usize>,
    pub(crate) attributes: Vec<usize>,
    /// The number of columns.
    pub(crate) width: usize,
    /// How messages name the table.
    pub(crate) name: String,
}

/// One account being gathered; refused as a whole when one of its answers is, for half of it would be another score.
pub(crate) struct Gathered {
    pub(crate) line: u64,
    pub(crate) record: Result<Record, Refused>,
}

/// What of a row was wrong: field, code, message.
type Wrong = (String, Cow<'static, str>, String);

impl Long {
    /// Finds the columns and says which are not read.
    pub(crate) fn new(table: Table, plan: &Plan<'_>) -> Result<Self, Failure> {
        if let Some((measure, _)) = plan.args.map.first() {
            return Err(Failure::usage(format!("`--map {measure}=...` is for the wide layout")));
        }
        let columns = Columns {
            account: table.require(&plan.args.account_column, "--account-column")?,
            measure: table.require("measure", "--layout wide, or a column")?,
            value: table.require("value", "--layout wide, or a column")?,
            source: table.find("source"),
            persona: table.find("persona"),
            on: table.find("on"),
            before: table.find("before"),
            missing: table.find("missing"),
            note: table.find("note"),
            attributes: attributes(&table, plan.attributes)?,
            width: table.header.len(),
            name: table.name.clone(),
        };
        let known = ["measure", "value", "source", "persona", "on", "before", "missing", "note"];
        let unread: Vec<&String> = (table.header.iter().enumerate())
            .filter(|(place, name)| {
                *place != columns.account
                    && !columns.attributes.contains(place)
                    && !known.contains(&name.as_str())
            })
            .map(|(_, name)| name)
            .collect();
        if !unread.is_empty() {
            plan.notes.warn(&format!("columns not read: {}", crate::message::names(&unread)));
        }
        Ok(Self { table, columns })
    }

    /// Gives every account to `visit`.
    pub(crate) fn each(self, plan: &Plan<'_>, visit: &mut Visit<'_>) -> Result<(), Failure> {
        if plan.args.sorted { self.sorted(plan, visit) } else { self.gathered(plan, visit) }
    }

    fn sorted(self, plan: &Plan<'_>, visit: &mut Visit<'_>) -> Result<(), Failure> {
        let Self { mut table, columns } = self;
        let (mut row, mut cells) = (Row::default(), Cells::new(plan.args.decimal));
        let mut current: Option<(Vec<u8>, Gathered)> = None;
        while table.read(&mut row)? {
            let account = row.get(columns.account).unwrap_or_default();
            match &mut current {
                Some((name, gathered)) if name == account => columns.add(gathered, &row, plan, &mut cells),
                Some((name, _)) if account < name.as_slice() => {
                    return Err(columns.not_sorted(account, row.line()));
                }
                _ => {
                    let mut next = columns.begin(&row, plan);
                    columns.add(&mut next, &row, plan, &mut cells);
                    let before = current.replace((account.to_vec(), next));
                    if let Some((_, done)) = before
                        && visit(done.line, done.record)?.is_break()
                    {
                        return Ok(());
                    }
                }
            }
        }
        match current {
            None => Err(no_accounts(&table.name)),
            Some((_, done)) => visit(done.line, done.record).map(|_| ()),
        }
    }

    fn gathered(self, plan: &Plan<'_>, visit: &mut Visit<'_>) -> Result<(), Failure> {
        let Self { mut table, columns } = self;
        let (mut row, mut cells) = (Row::default(), Cells::new(plan.args.decimal));
        let mut places: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
        let mut all: Vec<Gathered> = Vec::new();
        let mut answers = 0_usize;
        while table.read(&mut row)? {
            answers += 1;
            if answers > IN_MEMORY {
                return Err(columns.too_many(IN_MEMORY, row.line()));
            }
            let account = row.get(columns.account).unwrap_or_default();
            let place = places.get(account).copied().unwrap_or_else(|| {
                places.insert(account.to_vec(), all.len());
                all.push(columns.begin(&row, plan));
                all.len() - 1
            });
            if let Some(gathered) = all.get_mut(place) {
                columns.add(gathered, &row, plan, &mut cells);
            }
        }
        if all.is_empty() {
            return Err(no_accounts(&table.name));
        }
        for done in all {
            if visit(done.line, done.record)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl Columns {
    /// The failure of a row out of order.
    pub(crate) fn not_sorted(&self, account: &[u8], line: u64) -> Failure {
        let shown = excerpt(&String::from_utf8_lossy(account));
        Failure::new("not_sorted", format!("account `{shown}` stands after a later one"))
            .at(format!("{}:{line}", self.name))
            .help("sort by account in byte order (`LC_ALL=C sort`), or leave out `--sorted`")
    }

    /// The failure of a row that is one too many.
    pub(crate) fn too_many(&self, most: usize, line: u64) -> Failure {
        Failure::new("limit", format!("more than {most} answers do not fit in memory"))
            .at(format!("{}:{line}", self.name))
            .help("sort the file by account in byte order (`LC_ALL=C sort`) and pass `--sorted`")
    }

    /// An account that begins with this row.
    pub(crate) fn begin(&self, row: &Row, plan: &Plan<'_>) -> Gathered {
        let name = row.get(self.account).unwrap_or_default();
        let record = match detect::utf8(name) {
            Ok("") => Err((
                plan.args.account_column.clone(),
                "missing",
                format!("`{}` is required", plan.args.account_column),
            )),
            Ok(text) => Ok(with_defaults(Record::new(text), plan.args)),
            Err(message) => Err((plan.args.account_column.clone(), "encoding", message)),
        };
        let record =
            record.map_err(|(field, code, message)| self.refused(row, (field, code.into(), message)));
        Gathered { line: row.line(), record }
    }

    fn refused(&self, row: &Row, (field, code, message): Wrong) -> Refused {
        let account = String::from_utf8_lossy(row.get(self.account).unwrap_or_default());
        Refused { line: row.line(), account: excerpt(&account), field, code, message }
    }

    /// Adds the answer of a row to its account.
    pub(crate) fn add(&self, gathered: &mut Gathered, row: &Row, plan: &Plan<'_>, cells: &mut Cells) {
        let Ok(record) = &mut gathered.record else { return };
        match self.answer(row, plan, cells) {
            Ok((measure, answer)) => {
                record.answers.entry(measure).or_default().push(answer);
                self.attributes(record, row, plan);
            }
            Err(wrong) => gathered.record = Err(self.refused(row, wrong)),
        }
    }

    /// The first text found for each attribute holds for the account.
    fn attributes(&self, record: &mut Record, row: &Row, plan: &Plan<'_>) {
        for (name, place) in plan.attributes.iter().zip(&self.attributes) {
            let text = row.get(*place).map(String::from_utf8_lossy).unwrap_or_default();
            if !text.is_empty() && !record.attributes.contains_key(name) {
                record.attributes.insert(name.clone(), plan.attribute(name, &text));
            }
        }
    }

    fn answer(&self, row: &Row, plan: &Plan<'_>, cells: &mut Cells) -> Result<(String, Answer), Wrong> {
        let (found, expected) = (row.len(), self.width);
        if found != expected {
            return Err((
                String::new(),
                "ragged_row".into(),
                format!("the row has {found} fields, the header has {expected}"),
            ));
        }
        let by = |field: &str, error: Error| {
            (field.to_owned(), error.code().into(), error.at(field.to_owned()).to_string())
        };
        let measure = text(row, Some(self.measure), "measure")?.unwrap_or_default();
        let value = text(row, Some(self.value), "value")?.unwrap_or_default();
        let scorer = reader(plan, measure, value, cells);
        let index = scorer.measure_index(measure).map_err(|error| by("measure", error))?;
        let cell = cells.read(scorer, index, value).map_err(|error| {
            let (code, message) = cells.explain(error, value, "value");
            ("value".to_owned(), code.into(), format!("{message} (measure `{measure}`)"))
        })?;
        let mut answer = cells::answer(scorer, index, cell);
        if let Some(reason) = text(row, self.missing, "missing")? {
            let reason: Missing =
                word(reason).map_err(|message| ("missing".to_owned(), "unknown_id".into(), message))?;
            if !value.is_empty() {
                let message = "an answer has either `value` or `missing`, not both".to_owned();
                return Err(("missing".to_owned(), "conflict".into(), message));
            }
            answer = Answer::missing(reason);
        }
        if let Some(before) = text(row, self.before, "before")? {
            let wrong = || {
                (
                    "before".to_owned(),
                    "invalid_input".into(),
                    format!("`before` must be a number, got `{}`", excerpt(before)),
                )
            };
            answer.before = Some(before.parse().map_err(|_| wrong())?);
        }
        if let Some(source) = text(row, self.source, "source")? {
            answer.source =
                Some(word(source).map_err(|message| ("source".to_owned(), "unknown_id".into(), message))?);
        }
        if let Some(on) = text(row, self.on, "on")? {
            let wrong = || by("on", Error::InvalidDate { field: "on".into(), value: excerpt(on) });
            answer.on = Some(Date::parse(on).ok_or_else(wrong)?);
        }
        answer.persona = text(row, self.persona, "persona")?.map(str::to_owned);
        answer.note = text(row, self.note, "note")?.map(str::to_owned);
        Ok((measure.to_owned(), answer))
    }
}

/// The model that reads the value: of a set the first one that has the measure and can, and the one chosen reads it once more.
fn reader<'a>(plan: &Plan<'a>, measure: &str, value: &str, cells: &mut Cells) -> &'a Scorer {
    if plan.set.is_none() {
        return plan.scorer;
    }
    let has = |scorer: &&Scorer| scorer.measure_index(measure).is_ok();
    let mut models = plan.scorers().filter(has);
    let first = models.next().unwrap_or(plan.scorer);
    let mut reads = |scorer: &&Scorer| {
        scorer.measure_index(measure).is_ok_and(|index| cells.read(scorer, index, value).is_ok())
    };
    if reads(&first) { first } else { models.find(|scorer| reads(scorer)).unwrap_or(first) }
}

/// The text of an optional column; an empty cell is none.
fn text<'r>(row: &'r Row, place: Option<usize>, column: &str) -> Result<Option<&'r str>, Wrong> {
    let bytes = place.and_then(|place| row.get(place)).unwrap_or_default();
    match detect::utf8(bytes) {
        Ok(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        Err(message) => Err((column.to_owned(), "encoding".into(), message)),
    }
}
