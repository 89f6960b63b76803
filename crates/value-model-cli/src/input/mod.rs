//! Accounts from files: tables in two layouts, as text or in columns, NDJSON and JSON, read one at a time.

#[cfg(test)]
mod against_csv;
pub(crate) mod cells;
pub(crate) mod columns;
pub(crate) mod decimal;
pub(crate) mod detect;
pub(crate) mod files;
pub(crate) mod json;
pub(crate) mod long;
pub(crate) mod ndjson;
pub(crate) mod opened;
pub(crate) mod pieces;
pub(crate) mod plain;
pub(crate) mod records;
pub(crate) mod source;
pub(crate) mod table;
pub(crate) mod texts;
pub(crate) mod wide;

use std::ops::ControlFlow;

use value_model::answer::{Record, Value};
use value_model::scorecard::Scorer;
use value_model::set::SetScorer;
use value_model::{Date, Error};

use crate::args::{InputArgs, InputFormat, Layout};
use crate::message::{Failure, Notes, Refused};
pub(crate) use opened::{Columnar, Opened};
use source::Source;
use table::Table;

/// What is done with each account, given its line. Breaking stops the reading.
pub(crate) type Visit<'a> = dyn FnMut(u64, Result<Record, Refused>) -> Result<ControlFlow<()>, Failure> + 'a;

/// How accounts are to be read.
#[derive(Clone, Copy)]
pub(crate) struct Plan<'a> {
    /// The flags.
    pub args: &'a InputArgs,
    /// The model whose measures are read.
    pub scorer: &'a Scorer,
    /// The set that chooses the model of each account, where there are several.
    pub set: Option<&'a SetScorer>,
    /// Columns that are read as attributes of the account.
    pub attributes: &'a [String],
    /// Where to say what was noticed.
    pub notes: Notes,
}

/// An opened input in its form.
pub(crate) enum Input {
    /// A table with one row per account.
    Wide(wide::Wide),
    /// A table with one row per answer.
    Long(long::Long),
    /// A columnar file with one row per account.
    Columns(Columnar),
    /// A columnar file with one row per answer.
    Answers(Columnar),
    /// One record per line.
    Ndjson(Source),
    /// A list of records, or one.
    Json(Source),
}

impl Input {
    /// Looks at the beginning of an input and prepares to read it.
    pub(crate) fn open(opened: Opened, plan: &Plan<'_>) -> Result<Self, Failure> {
        match opened {
            Opened::Text(source) => Self::text(source, plan),
            Opened::Columns(columnar) => {
                let find = |name: &str| columnar.table.schema().field_with_name(name).is_ok();
                match plan.layout(find("measure") && find("value"))? {
                    Layout::Wide => Ok(Self::Columns(columnar)),
                    Layout::Long => Ok(Self::Answers(columnar)),
                }
            }
        }
    }

    fn text(source: Source, plan: &Plan<'_>) -> Result<Self, Failure> {
        if plan.args.input_format.unwrap_or_else(|| format(&source)) != InputFormat::Csv {
            return Self::records(source, plan);
        }
        let table = Table::open(source, plan.args.delimiter)?;
        let long = table.find("measure").is_some() && table.find("value").is_some();
        match plan.layout(long)? {
            Layout::Wide => Ok(Self::Wide(wide::Wide::new(table, plan)?)),
            Layout::Long => Ok(Self::Long(long::Long::new(table, plan)?)),
        }
    }

    fn records(source: Source, plan: &Plan<'_>) -> Result<Self, Failure> {
        if !plan.args.map.is_empty() || plan.args.layout.is_some() || plan.args.on.is_some() {
            let message = "`--map`, `--layout` and `--on` are for tables; records name their measures";
            return Err(Failure::usage(message));
        }
        let list = source.beginning.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        match plan.args.input_format.unwrap_or_else(|| format(&source)) {
            InputFormat::Json => Ok(Self::Json(source)),
            // A list in a file for lines: the name is wrong, the content is clear.
            _ if list => Ok(Self::Json(source)),
            _ => Ok(Self::Ndjson(source)),
        }
    }

    /// Gives every account to `visit`, in the order of the file.
    ///
    /// # Errors
    /// What makes reading on impossible, `empty` for a file without accounts, and what `visit` gives.
    pub(crate) fn each(self, plan: &Plan<'_>, visit: &mut Visit<'_>) -> Result<(), Failure> {
        // In a columnar file rows are counted from the first one, in its text the header comes before them.
        let mut row = |line: u64, record: Result<Record, Refused>| {
            let record =
                record.map_err(|refused| Refused { line: refused.line.saturating_sub(1), ..refused });
            dated(plan, line.saturating_sub(1), record, visit)
        };
        match self {
            Self::Columns(columnar) => {
                let table = columnar.lines(|name| plan.reads(name, Layout::Wide))?;
                wide::Wide::new(table, plan)?.each(plan, &mut row)
            }
            Self::Answers(columnar) => {
                let table = columnar.lines(|name| plan.reads(name, Layout::Long))?;
                long::Long::new(table, plan)?.each(plan, &mut row)
            }
            Self::Wide(wide) => wide.each(plan, &mut |line, record| dated(plan, line, record, visit)),
            Self::Long(long) => long.each(plan, visit),
            Self::Ndjson(source) => ndjson::each(source, plan, visit),
            Self::Json(source) => json::each(source, plan, visit),
        }
    }
}

/// Gives an account on with the day of its answers, if a column holds it.
fn dated(
    plan: &Plan<'_>,
    line: u64,
    record: Result<Record, Refused>,
    visit: &mut Visit<'_>,
) -> Result<ControlFlow<()>, Failure> {
    visit(line, record.and_then(|record| with_day(plan, line, record)))
}

/// The account with the day of its answers, if a column holds it.
pub(crate) fn with_day(plan: &Plan<'_>, line: u64, mut record: Record) -> Result<Record, Refused> {
    let Some(column) = &plan.args.on else { return Ok(record) };
    let Some(found) = record.attributes.get(column) else { return Ok(record) };
    let text = found.to_string();
    let Some(day) = Date::parse(&text) else {
        let value = value_model::error::excerpt(&text);
        let error = Error::InvalidDate { field: column.clone().into(), value };
        return Err(Refused::by(&error, line, &record.account));
    };
    record.default_on = Some(day);
    Ok(record)
}

/// The columns to read as attributes: these, and the day of the answers.
pub(crate) fn attributes(args: &InputArgs, wanted: &[String]) -> Vec<String> {
    let day = args.on.iter().filter(|on| !wanted.contains(on));
    wanted.iter().chain(day).cloned().collect()
}

impl<'a> Plan<'a> {
    /// Every model whose measures are read.
    pub(crate) fn scorers(&self) -> impl Iterator<Item = &'a Scorer> + use<'a> {
        let several = self.set.into_iter().flat_map(SetScorer::models).map(|named| &named.scorer);
        let one = self.set.is_none().then_some(self.scorer);
        several.chain(one)
    }

    /// The text of a cell as an attribute; a set compares numbers, which are then read with the table's decimal sign.
    pub(crate) fn attribute(&self, name: &str, text: &str) -> Value {
        let value = cells::attribute(text);
        if !self.set.is_some_and(|set| set.attributes().iter().any(|asked| **asked == *name)) {
            return value;
        }
        match (&value, self.args.decimal) {
            (Value::Text(_), ',') => {
                cells::number(&value, ',').filter(|_| text.contains(',')).map_or(value, Value::Number)
            }
            _ => value,
        }
    }

    /// The layout as asked, or as the columns tell.
    fn layout(&self, long: bool) -> Result<Layout, Failure> {
        let layout = self.args.layout.unwrap_or(if long { Layout::Long } else { Layout::Wide });
        if layout == Layout::Long && self.args.on.is_some() {
            return Err(Failure::usage(
                "`--on` is for the wide layout; in the long one the column is called `on`",
            ));
        }
        Ok(layout)
    }

    /// Whether a column of this name is read.
    fn reads(&self, name: &str, layout: Layout) -> bool {
        const LONG: [&str; 8] = ["measure", "value", "source", "persona", "on", "before", "missing", "note"];
        name == self.args.account_column
            || self.attributes.iter().any(|attribute| attribute == name)
            || self.scorers().any(|scorer| scorer.measures().iter().any(|measure| &*measure.column == name))
            || self.args.map.iter().any(|(_, column)| column == name)
            || layout == Layout::Long && LONG.contains(&name)
    }
}

/// The form told by the name, else by the first byte.
fn format(source: &Source) -> InputFormat {
    let name = source.name.to_ascii_lowercase();
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("csv" | "tsv") => InputFormat::Csv,
        Some("ndjson" | "jsonl") => InputFormat::Ndjson,
        Some("json") => InputFormat::Json,
        _ => match source.beginning.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => InputFormat::Ndjson,
            Some(b'[') => InputFormat::Json,
            _ => InputFormat::Csv,
        },
    }
}

/// The refusal of a file that has a beginning but no account.
pub(crate) fn no_accounts(name: &str) -> Failure {
    Failure::new("empty", "the file holds no account").at(name)
}

/// Fills in what the flags say about answers that do not say it themselves.
pub(crate) fn with_defaults(mut record: Record, args: &InputArgs) -> Record {
    record.default_source = record.default_source.or(args.default_source);
    record.default_on = record.default_on.or(args.default_on);
    if record.default_persona.is_none() {
        record.default_persona.clone_from(&args.default_persona);
    }
    record
}
