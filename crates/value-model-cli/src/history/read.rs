//! Reading a history: its rows become the accounts, models and days that the core compares.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Schema};
use value_model::Date;
use value_model::answer::Record;
use value_model::compare::State;
use value_model::error::excerpt;
use value_model::scorecard::Scorer;
use value_model_bridge::{record_from_json, scorecard_from_json};

use super::{FORMAT, KEY, Key};
use crate::input::columns::Table;
use crate::input::{Columnar, Opened};
use crate::message::Failure;

/// The columns that are read: what tells rows apart, and the documents.
const COLUMNS: [&str; 7] = ["account", "as_of", "model", "version", "score", "record", "model_document"];
/// Rows that are decoded in one go.
const ROWS: usize = 4096;
/// The most assessments that are held in memory.
const IN_MEMORY: usize = 2_000_000;

/// Which assessments are wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Of this account.
    pub(crate) account: Option<String>,
    /// Under the model of this id.
    pub(crate) model: Option<String>,
    /// Of this day or later.
    pub(crate) since: Option<Date>,
    /// Of this day or earlier.
    pub(crate) until: Option<Date>,
}

/// A history in memory.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// The models that stand in it, each once.
    scorers: Vec<Scorer>,
    rows: Vec<Row>,
    /// Rows of which the score is another than this release gives.
    pub(crate) differ: u64,
}

#[derive(Debug)]
struct Row {
    record: Record,
    as_of: Date,
    scorer: usize,
}

/// One row as it stands in a file.
pub(super) struct Raw<'a> {
    pub(super) key: Key,
    pub(super) score: Option<f64>,
    pub(super) record: &'a str,
    pub(super) document: &'a str,
}

impl History {
    /// Reads the assessments that are wanted.
    ///
    /// # Errors
    /// `io`, `format` for a file that is no history or is damaged, `schema_version` for one of a newer release, `empty`
    /// when nothing is wanted of it, `conflict` for a row that stands twice and differs.
    pub(crate) fn read(path: &Path, wanted: &Wanted) -> Result<Self, Failure> {
        let mut history = Self::default();
        let mut documents: BTreeMap<String, usize> = BTreeMap::new();
        let mut seen: BTreeMap<Key, u64> = BTreeMap::new();
        for file in files(path)? {
            let name = file.display().to_string();
            each(&file, &mut |raw| {
                if !wanted.holds(&raw.key)
                    || is_again(&mut seen, &raw).map_err(|failure| failure.at(&name))?
                {
                    return Ok(());
                }
                if history.rows.len() >= IN_MEMORY {
                    let message = format!("more than {IN_MEMORY} assessments do not fit in memory");
                    return Err(Failure::new("limit", message).at(&name).help(
                        "look at one account, one model or fewer days: `--account`, `--of`, `--since`",
                    ));
                }
                history.add(&raw, &mut documents).map_err(|failure| failure.at(&name))
            })?;
        }
        if history.rows.is_empty() {
            let message = "the history holds none of the assessments that were asked for";
            return Err(Failure::new("empty", message).at(path.display().to_string()));
        }
        Ok(history)
    }

    fn add(&mut self, raw: &Raw<'_>, documents: &mut BTreeMap<String, usize>) -> Result<(), Failure> {
        let scorer = if let Some(place) = documents.get(raw.document) {
            *place
        } else {
            let card = scorecard_from_json(raw.document)
                .map_err(|refusal| Failure::new(refusal.code, refusal.message))?;
            self.scorers.push(card.compile()?);
            documents.insert(raw.document.to_owned(), self.scorers.len() - 1);
            self.scorers.len() - 1
        };
        let record =
            record_from_json(raw.record).map_err(|refusal| Failure::new(refusal.code, refusal.message))?;
        if let Some(found) = self.scorers.get(scorer) {
            let score = found.assess(&record, raw.key.1)?.score;
            self.differ += u64::from(score.map(f64::to_bits) != raw.score.map(f64::to_bits));
        }
        self.rows.push(Row { record, as_of: raw.key.1, scorer });
        Ok(())
    }

    /// Every assessment as the core compares them.
    pub(crate) fn states(&self) -> Vec<State<'_>> {
        let states = self.rows.iter().filter_map(|row| {
            let scorer = self.scorers.get(row.scorer)?;
            Some(State { scorer, record: &row.record, as_of: row.as_of })
        });
        states.collect()
    }
}

impl Wanted {
    fn holds(&self, (account, day, model, _): &Key) -> bool {
        self.account.as_ref().is_none_or(|wanted| wanted == account)
            && self.model.as_ref().is_none_or(|wanted| wanted == model)
            && self.since.is_none_or(|since| *day >= since)
            && self.until.is_none_or(|until| *day <= until)
    }
}

/// Whether the same row was read before.
fn is_again(seen: &mut BTreeMap<Key, u64>, raw: &Raw<'_>) -> Result<bool, Failure> {
    match seen.entry(raw.key.clone()) {
        Entry::Vacant(entry) => {
            entry.insert(fingerprint(raw.record, raw.document));
            Ok(false)
        }
        Entry::Occupied(entry) if *entry.get() == fingerprint(raw.record, raw.document) => Ok(true),
        Entry::Occupied(_) => {
            let (account, day, model, version) = &raw.key;
            let account = excerpt(account);
            let message =
                format!("`{account}` stands twice on {day} under {model} {version}, with other answers");
            Err(Failure::new("conflict", message))
        }
    }
}

/// Tells documents apart within one run.
pub(super) fn fingerprint(record: &str, document: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (record, document).hash(&mut hasher);
    hasher.finish()
}

/// The files of a history: itself, or those of the folder in byte order.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let name = path.display().to_string();
    let cannot = |error: std::io::Error| Failure::io(&error, "read", &name);
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden && path.extension().is_some_and(|end| end.eq_ignore_ascii_case("parquet")) {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        let help = "`value-model score ... --append FOLDER` starts one";
        return Err(Failure::new("empty", "the folder holds no history").at(name).help(help));
    }
    Ok(found)
}

/// Opens one file of a history and looks at what it says about itself.
pub(super) fn open(path: &Path) -> Result<Columnar, Failure> {
    let name = path.display().to_string();
    let other = |found: &str| {
        Failure::new("format", format!("this is no history, {found}"))
            .at(&name)
            .help("a history is what `value-model score ... --append FILE` writes")
    };
    let columnar = match Opened::open(path, &Arc::default())? {
        Opened::Columns(columnar) => columnar,
        Opened::Text(_) => return Err(other("it is a text")),
    };
    match columnar.table.schema().metadata().get(KEY).map(String::as_str) {
        Some(FORMAT) => {}
        Some(found) => {
            let message =
                format!("the history is of form `{}`, this release reads `{FORMAT}`", excerpt(found));
            return Err(Failure::new("schema_version", message).at(&name).help("a newer release wrote it"));
        }
        None => return Err(other(&format!("its metadata does not name `{KEY}`"))),
    }
    for (name, kind) in COLUMNS.iter().map(|name| (*name, kind_of(name))) {
        match columnar.table.schema().field_with_name(name) {
            Ok(field) if *field.data_type() == kind => {}
            _ => return Err(other(&format!("it has no column `{name}` of type {kind}"))),
        }
    }
    Ok(columnar)
}

fn kind_of(column: &str) -> DataType {
    match column {
        "as_of" => DataType::Date32,
        "score" => DataType::Float64,
        _ => DataType::Utf8,
    }
}

/// Gives every row of a file to `visit`.
fn each(path: &Path, visit: &mut dyn FnMut(Raw<'_>) -> Result<(), Failure>) -> Result<(), Failure> {
    let columnar = open(path)?;
    rows(columnar.table, &columnar.name, visit)
}

/// Gives every row of an opened file to `visit`.
pub(super) fn rows(
    table: Table,
    name: &str,
    visit: &mut dyn FnMut(Raw<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let schema = Arc::clone(table.schema());
    let mut places: Vec<usize> = COLUMNS.iter().filter_map(|name| schema.index_of(name).ok()).collect();
    places.sort_unstable();
    let read = schema.project(&places).map_err(|error| Failure::new("format", error.to_string()).at(name))?;
    table.each(&places, ROWS, &mut |_, batch| {
        for row in 0..batch.num_rows() {
            let raw = raw(&batch, &read, row);
            visit(raw.ok_or_else(|| Failure::new("format", "a row of the history is not whole").at(name))?)?;
        }
        Ok(true)
    })
}

fn raw<'a>(batch: &'a RecordBatch, schema: &Schema, row: usize) -> Option<Raw<'a>> {
    let column = |name: &str| batch.columns().get(schema.index_of(name).ok()?);
    let text = |name: &str| -> Option<&'a str> {
        let texts: &StringArray = column(name)?.as_string_opt()?;
        texts.is_valid(row).then(|| texts.value(row))
    };
    let days = column("as_of")?.as_primitive_opt::<Date32Type>()?;
    let as_of = Date::from_days(days.values().get(row).copied().filter(|_| days.is_valid(row))?)?;
    let scores = column("score")?.as_primitive_opt::<arrow_array::types::Float64Type>()?;
    let score = scores.values().get(row).copied().filter(|_| scores.is_valid(row));
    let key = (text("account")?.to_owned(), as_of, text("model")?.to_owned(), text("version")?.to_owned());
    Some(Raw { key, score, record: text("record")?, document: text("model_document")? })
}
