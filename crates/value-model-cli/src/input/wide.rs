//! Tables with one row per account and one column per measure.

use std::borrow::Cow;

use value_model::answer::Missing;
use value_model::answer::Record;
use value_model::scale::Cell;
use value_model::scorecard::Scorer;
use value_model::set::SetScorer;
use value_model::{Error, suggest};

use super::cells::{self, Cells};
use super::records::{Fields, Row};
use super::table::Table;
use super::{Plan, Visit, detect, no_accounts, with_defaults};
use crate::message::{Failure, Refused, names};

/// A wide table with its columns matched to a model.
pub(crate) struct Wide {
    pub(crate) table: Table,
    pub(crate) columns: Columns,
    /// Of a set: the columns of each of its models.
    several: Vec<Columns>,
}

/// Which column holds what.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    account: usize,
    /// Per measure: its column, if the table has it.
    measures: Vec<Option<usize>>,
    /// Per measure: whether a decimal is the number it says, and an empty cell `no_data`.
    numbers: Vec<bool>,
    /// Per attribute: its column.
    pub(crate) attributes: Vec<usize>,
    header: Vec<String>,
}

impl Wide {
    /// Matches the columns and says what does not match.
    pub(crate) fn new(table: Table, plan: &Plan<'_>) -> Result<Self, Failure> {
        let account = table.require(&plan.args.account_column, "--account-column")?;
        let attributes = attributes(&table, plan.attributes)?;
        mapped(&table, plan)?;
        let matched = |scorer: &Scorer| {
            let codes = scorer.has_missing_codes();
            let numbers = scorer.measures().iter().map(|measure| !codes && measure.scale.takes_numbers());
            Columns {
                account,
                measures: measures(&table, plan, scorer),
                numbers: numbers.collect(),
                attributes: attributes.clone(),
                header: table.header.clone(),
            }
        };
        let columns = matched(plan.scorer);
        let models = plan.set.into_iter().flat_map(SetScorer::models);
        let several: Vec<Columns> = models.map(|named| matched(&named.scorer)).collect();
        let all = if several.is_empty() { std::slice::from_ref(&columns) } else { &several };
        notice(all, &table, plan)?;
        Ok(Self { table, columns, several })
    }

    /// Gives every row to `visit` as a typed record.
    pub(crate) fn each(mut self, plan: &Plan<'_>, visit: &mut Visit<'_>) -> Result<(), Failure> {
        let mut record = Row::default();
        let mut cells = Cells::new(plan.args.decimal);
        let mut rows = 0_u64;
        while self.table.read(&mut record)? {
            rows += 1;
            let line = record.line();
            let row = match plan.set {
                None => self.columns.record(&record, plan, &mut cells),
                Some(set) => self.of_set(&record, (plan, set), &mut cells),
            };
            if visit(line, row)?.is_break() {
                return Ok(());
            }
        }
        if rows == 0 { Err(no_accounts(&self.table.name)) } else { Ok(()) }
    }

    /// A row as a typed record, with the answers to the models that the set chooses for it.
    fn of_set(
        &self,
        row: &Row,
        (plan, set): (&Plan<'_>, &SetScorer),
        cells: &mut Cells,
    ) -> Result<Record, Refused> {
        let typed = Record::new(self.columns.account(row)?);
        let mut typed = self.columns.attributed(typed, row, plan)?;
        let choice = set.choose(&typed).map_err(|error| Refused::by(&error, row.line(), &typed.account))?;
        for (place, named) in choice.places().iter().zip(choice.models()) {
            if let Some(columns) = self.several.get(*place) {
                typed = columns.answers(typed, row, &named.scorer, cells)?;
            }
        }
        Ok(with_defaults(typed, plan.args))
    }
}

/// The columns read as attributes.
pub(crate) fn attributes(table: &Table, wanted: &[String]) -> Result<Vec<usize>, Failure> {
    let known = || table.header.iter().map(String::as_str);
    wanted
        .iter()
        .map(|name| {
            table.find(name).ok_or_else(|| {
                Failure::from(Error::UnknownId {
                    field: "column".into(),
                    id: value_model::error::excerpt(name),
                    suggestion: suggest::nearest(name, known()),
                })
                .at(format!("{}:1", table.name))
            })
        })
        .collect()
}

/// The column of each measure: by `--map`, else as the model says.
fn measures(table: &Table, plan: &Plan<'_>, scorer: &Scorer) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> =
        scorer.measures().iter().map(|measure| table.find(&measure.column)).collect();
    for (measure, column) in &plan.args.map {
        let slot = scorer.measure_index(measure).ok().and_then(|index| found.get_mut(index));
        if let (Some(slot), Some(place)) = (slot, table.find(column)) {
            *slot = Some(place);
        }
    }
    found
}

/// Looks at `--map`: its measures are those of the model, its columns those of the table.
fn mapped(table: &Table, plan: &Plan<'_>) -> Result<(), Failure> {
    for (measure, column) in &plan.args.map {
        if !plan.scorers().any(|scorer| scorer.measure_index(measure).is_ok()) {
            let index = plan.scorer.measure_index(measure);
            index.map_err(|error| Failure::from(error.at("--map")))?;
        }
        table.require(column, &format!("--map {measure}=..."))?;
    }
    Ok(())
}

/// Says once which measures have no column and which columns are not read.
fn notice(models: &[Columns], table: &Table, plan: &Plan<'_>) -> Result<(), Failure> {
    let mut without: Vec<&str> = Vec::new();
    let mut any = false;
    for (scorer, columns) in plan.scorers().zip(models) {
        for (measure, place) in scorer.measures().iter().zip(&columns.measures) {
            any |= place.is_some();
            if place.is_none() && !without.contains(&&*measure.column) {
                without.push(&measure.column);
            }
        }
    }
    if !any {
        return Err(Failure::new("missing", "no column holds a measure of the model")
            .at(format!("{}:1", table.name))
            .help(format!("the model reads {}; map them with `--map MEASURE=COLUMN`", names(&without))));
    }
    if !without.is_empty() {
        plan.notes.warn(&format!("no column {}: counted as `no_data`", names(&without)));
    }
    let used = |place: &usize| models.iter().any(|columns| columns.uses(*place));
    let unread: Vec<&String> =
        table.header.iter().enumerate().filter(|(place, _)| !used(place)).map(|(_, name)| name).collect();
    if !unread.is_empty() {
        let near: Vec<String> = unread
            .iter()
            .filter_map(|name| suggest::nearest(name, without.iter().copied()).0.map(|near| (name, near)))
            .map(|(name, near)| format!("; is `{name}` meant to be `{near}`?"))
            .collect();
        plan.notes.warn(&format!("columns not read: {}{}", names(&unread), near.concat()));
    }
    Ok(())
}

impl Columns {
    fn uses(&self, place: usize) -> bool {
        place == self.account || self.attributes.contains(&place) || self.measures.contains(&Some(place))
    }

    /// The name of the account where a record stands.
    #[inline]
    pub(crate) fn name<'a>(&self, bytes: &'a [u8], fields: &'a Fields) -> &'a [u8] {
        fields.get(bytes, self.account)
    }

    /// The measures that have a column, if all of those are numbers.
    pub(crate) fn numbers(&self) -> Option<impl Iterator<Item = usize>> {
        let mut with = self.measures.iter().zip(&self.numbers).filter(|(place, _)| place.is_some());
        let places =
            || self.measures.iter().enumerate().filter_map(|(measure, place)| place.map(|_| measure));
        with.all(|(_, number)| *number).then(places)
    }

    /// Per measure: the place of its column, and whether it holds numbers; nothing where the table has none.
    pub(crate) fn measures(&self) -> impl Iterator<Item = Option<(usize, bool)>> {
        self.measures.iter().zip(&self.numbers).map(|(place, number)| place.map(|place| (place, *number)))
    }

    /// The names of all columns.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// Reads the measures of a record where it stands; false for a row that needs a closer look.
    ///
    /// Each goes to `put`, in the order of the model; nothing for one that has no column. [`Columns::account`] and [`Columns::cells`] take that look and say what is wrong.
    #[inline]
    pub(crate) fn quick(
        &self,
        (bytes, fields): (&[u8], &Fields),
        scorer: &Scorer,
        cells: &mut Cells,
        mut put: impl FnMut(Option<Cell>),
    ) -> bool {
        if fields.len() != self.header.len() || !is_name(self.name(bytes, fields)) {
            return false;
        }
        for (measure, (place, number)) in self.measures.iter().zip(&self.numbers).enumerate() {
            let Some(place) = place else {
                put(None);
                continue;
            };
            let quick = number.then(|| cells.quick(bytes, fields.range(*place))).flatten();
            match quick.or_else(|| cells.other(scorer, measure, fields.get(bytes, *place))) {
                None => return false,
                cell => put(cell),
            }
        }
        true
    }

    /// The account of a row.
    ///
    /// # Errors
    /// The refusal of a row with another number of fields than the header, or without an account.
    pub(crate) fn account<'r>(&self, record: &'r Row) -> Result<&'r str, Refused> {
        let account = record.get(self.account).unwrap_or_default();
        let refuse = |field: &str, code: &'static str, message: String| Refused {
            line: record.line(),
            account: value_model::error::excerpt(&String::from_utf8_lossy(account)),
            field: field.to_owned(),
            code: Cow::Borrowed(code),
            message,
        };
        if record.len() != self.header.len() {
            let message =
                format!("the row has {} fields, the header has {}", record.len(), self.header.len());
            return Err(refuse("", "ragged_row", message));
        }
        let column = self.header.get(self.account).map_or("account", String::as_str);
        match detect::utf8(account) {
            Ok("") => Err(refuse(column, "missing", format!("`{column}` is required"))),
            Ok(text) => match value_model::check::name("account", text) {
                Ok(()) => Ok(text),
                Err(error) => Err(refuse(column, error.code(), error.at(column.to_owned()).to_string())),
            },
            Err(message) => Err(refuse(column, "encoding", message)),
        }
    }

    /// Reads the measures of a row into `out`, in the model's order.
    pub(crate) fn cells(
        &self,
        record: &Row,
        scorer: &Scorer,
        cells: &mut Cells,
        out: &mut Vec<Cell>,
    ) -> Result<(), Refused> {
        out.clear();
        // One check of the whole row is cheaper than one per cell.
        let whole = record.text();
        for (measure, place) in self.measures.iter().enumerate() {
            let cell = match place {
                None => Cell::Missing(Missing::NoData),
                Some(place) => {
                    let checked = whole.and_then(|whole| whole.get(record.range(*place)?));
                    let text = match checked {
                        Some(text) => text,
                        None => self.utf8(record, *place)?,
                    };
                    match cells.read(scorer, measure, text) {
                        Ok(cell) => cell,
                        Err(error) => {
                            let column = self.column(*place);
                            return Err(self.refuse(record, column, cells.explain(error, text, column)));
                        }
                    }
                }
            };
            out.push(cell);
        }
        Ok(())
    }

    fn column(&self, place: usize) -> &str {
        self.header.get(place).map_or("", String::as_str)
    }

    /// The text of one cell of a row that is not UTF-8 as a whole.
    #[cold]
    fn utf8<'r>(&self, record: &'r Row, place: usize) -> Result<&'r str, Refused> {
        detect::utf8(record.get(place).unwrap_or_default())
            .map_err(|message| self.refuse(record, self.column(place), ("encoding", message)))
    }

    #[cold]
    fn refuse(&self, record: &Row, column: &str, (code, message): cells::Reason) -> Refused {
        let account = String::from_utf8_lossy(record.get(self.account).unwrap_or_default()).into_owned();
        Refused {
            line: record.line(),
            account: value_model::error::excerpt(&account),
            field: column.to_owned(),
            code: Cow::Borrowed(code),
            message,
        }
    }

    /// A refusal by the engine, told in the table's own words: the column instead of the measure.
    #[cold]
    pub(crate) fn by(&self, error: Error, record: &Row, scorer: &Scorer) -> Refused {
        let measure =
            error.field().strip_prefix("answers.").map(|rest| rest.split(['[', '.']).next().unwrap_or(rest));
        let place = measure
            .and_then(|id| scorer.measures().iter().position(|measure| &*measure.id == id))
            .and_then(|index| self.measures.get(index).copied().flatten());
        let error = match place.and_then(|place| self.header.get(place)) {
            Some(column) => error.at(column.clone()),
            None => error,
        };
        let account = String::from_utf8_lossy(record.get(self.account).unwrap_or_default());
        Refused::by(&error, record.line(), &account)
    }

    /// The refusal of a row whose kept cell is not UTF-8.
    #[cold]
    pub(crate) fn not_utf8(&self, record: &Row, column: &str, bytes: &[u8]) -> Refused {
        self.refuse(record, column, ("encoding", detect::utf8(bytes).err().unwrap_or_default()))
    }

    /// A row as a typed record.
    pub(crate) fn record(&self, record: &Row, plan: &Plan<'_>, cells: &mut Cells) -> Result<Record, Refused> {
        let typed = Record::new(self.account(record)?);
        let typed = self.answers(typed, record, plan.scorer, cells)?;
        Ok(with_defaults(self.attributed(typed, record, plan)?, plan.args))
    }

    /// The record with the attributes of its row.
    fn attributed(&self, mut typed: Record, record: &Row, plan: &Plan<'_>) -> Result<Record, Refused> {
        for (name, place) in plan.attributes.iter().zip(&self.attributes) {
            let bytes = record.get(*place).unwrap_or_default();
            let text =
                detect::utf8(bytes).map_err(|message| self.refuse(record, name, ("encoding", message)))?;
            if !text.is_empty() {
                typed = typed.attribute(name, plan.attribute(name, text));
            }
        }
        Ok(typed)
    }

    /// The record with the answers of its row to the measures of a model.
    fn answers(
        &self,
        mut typed: Record,
        record: &Row,
        scorer: &Scorer,
        cells: &mut Cells,
    ) -> Result<Record, Refused> {
        let mut row = Vec::with_capacity(self.measures.len());
        self.cells(record, scorer, cells, &mut row)?;
        for (index, (measure, cell)) in scorer.measures().iter().zip(row).enumerate() {
            // Two models of a set may ask the same; an account has one answer.
            if cell != Cell::Missing(Missing::NoData) && !typed.answers.contains_key(&*measure.id) {
                typed = typed.answer(&*measure.id, cells::answer(scorer, index, cell));
            }
        }
        Ok(typed)
    }
}

/// Whether a cell can name an account.
#[inline]
fn is_name(bytes: &[u8]) -> bool {
    let plain = !bytes.is_empty() && bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
    plain || std::str::from_utf8(bytes).is_ok_and(|text| value_model::check::name("account", text).is_ok())
}
