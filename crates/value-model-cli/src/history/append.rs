//! Adding assessments to a history: the file is written anew beside itself and then renamed, so it is never torn.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{Array, BooleanArray, RecordBatch, StringArray};
use arrow_schema::SchemaRef;
use arrow_select::filter::filter_record_batch;
use value_model::Date;
use value_model::answer::Record;
use value_model::error::excerpt;
use value_model::scorecard::{Assessment, Scorer};

use super::layout::{Rows, schema};
use super::read::{fingerprint, open, rows};
use super::{Key, file_of, is_folder};
use crate::message::{Failure, Refused};
use crate::output::sink::{Encoder, Sink};
use crate::output::{Format, json};

/// Rows of a row group: they hold documents, so few are much.
const ROWS: usize = 8192;

/// Assessments of one day on their way into a history.
pub(crate) struct Appender {
    file: PathBuf,
    schema: SchemaRef,
    sink: Sink,
    encoder: Encoder,
    /// What the file holds already, by fingerprint.
    old: BTreeMap<Key, u64>,
    /// What this run has added, by fingerprint.
    new: BTreeMap<Key, u64>,
    replaced: BTreeSet<Key>,
    replace: bool,
    rows: Rows,
    /// The models' documents, so that each is written as text once.
    documents: Vec<(Scorer, String)>,
    done: Appended,
}

/// What became of assessments.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Appended {
    pub(crate) added: u64,
    pub(crate) same: u64,
    pub(crate) replaced: u64,
}

impl Appended {
    /// Adds what became of others.
    pub(crate) fn add(&mut self, other: Self) {
        self.added += other.added;
        self.same += other.same;
        self.replaced += other.replaced;
    }

    /// What became of them, for people.
    pub(crate) fn told(self, path: &Path) -> String {
        let mut told = vec![format!("{} assessments added to {}", self.added, path.display())];
        if self.replaced > 0 {
            told.push(format!("{} replaced", self.replaced));
        }
        if self.same > 0 {
            told.push(format!("{} already there", self.same));
        }
        told.join(", ")
    }
}

impl Appender {
    /// Opens a history for the assessments of a day, or starts it.
    ///
    /// # Errors
    /// `io`, also when another run is writing it; what makes it no history.
    pub(crate) fn open(path: &Path, as_of: Date, replace: bool) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        if is_folder(path) {
            std::fs::create_dir_all(path).map_err(|error| Failure::io(&error, "write", &shown))?;
        }
        let file = file_of(path, as_of);
        let schema = schema();
        // The file that is being written is locked, so nobody else reads the old one to write it anew.
        let (sink, encoder) = Sink::open(Format::Parquet, &schema, Some(&file))?;
        let mut old = BTreeMap::new();
        if file.exists() {
            let columnar = open(&file)?;
            if *columnar.table.schema() != schema {
                let message = "the history has other columns than this release writes";
                return Err(Failure::new("schema_version", message).at(columnar.name));
            }
            rows(columnar.table, &columnar.name, &mut |raw| {
                old.insert(raw.key, fingerprint(raw.record, raw.document));
                Ok(())
            })?;
        }
        let (new, replaced, rows) = (BTreeMap::new(), BTreeSet::new(), Rows::new());
        let (documents, done) = (Vec::new(), Appended::default());
        Ok(Self { file, schema, sink, encoder, old, new, replaced, replace, rows, documents, done })
    }

    /// Adds an assessment and the answers that gave it, but notes, which change no score.
    ///
    /// The inner result is the refusal of an account that stands twice in the input.
    ///
    /// # Errors
    /// `conflict` for an assessment that is already there with other answers or another model of the same version.
    pub(crate) fn add(
        &mut self,
        record: &Record,
        found: &Assessment,
        (scorer, case, line): (&Scorer, Option<&str>, u64),
    ) -> Result<Result<(), Refused>, Failure> {
        let mut plain = record.clone();
        plain.answers.values_mut().flatten().for_each(|answer| answer.note = None);
        let (mut text, document) = (Vec::new(), self.document(scorer)?);
        json(&mut text, &plain, false)?;
        let text = String::from_utf8(text).map_err(|error| Failure::new("encoding", error.to_string()))?;
        let document = self.documents.get(document).map_or("", |(_, text)| text.as_str());
        let (model, version) = (found.model.to_string(), found.version.to_string());
        let key: Key = (found.account.clone(), found.as_of, model, version);
        let print = fingerprint(&text, document);
        if let Some(earlier) = self.new.get(&key) {
            let again = *earlier == print;
            return Ok(if again { Ok(()) } else { Err(twice(&found.account, found.as_of, line)) });
        }
        match self.old.get(&key) {
            Some(old) if *old == print => {
                self.done.same += 1;
                self.new.insert(key, print);
                return Ok(Ok(()));
            }
            Some(_) if !self.replace => return Err(self.conflict(&key)),
            Some(_) => {
                self.done.replaced += 1;
                self.replaced.insert(key.clone());
            }
            None => self.done.added += 1,
        }
        self.rows.push(found, case, [&text, document]);
        self.new.insert(key, print);
        if self.rows.len() >= ROWS {
            self.spill()?;
        }
        Ok(Ok(()))
    }

    /// The place of a model's document among those that were written before.
    fn document(&mut self, scorer: &Scorer) -> Result<usize, Failure> {
        let known = self.documents.iter().position(|(other, _)| other.scorecard() == scorer.scorecard());
        if let Some(place) = known {
            return Ok(place);
        }
        let mut text = Vec::new();
        json(&mut text, scorer.scorecard(), false)?;
        let text = String::from_utf8(text).map_err(|error| Failure::new("encoding", error.to_string()))?;
        self.documents.push((scorer.clone(), text));
        Ok(self.documents.len() - 1)
    }

    fn conflict(&self, (account, day, model, version): &Key) -> Failure {
        let account = excerpt(account);
        let message = format!(
            "`{account}` on {day} under {model} {version} is already there with other answers, or the model was changed \
             without a new version"
        );
        Failure::new("conflict", message)
            .at(self.file.display().to_string())
            .help("pass `--replace` to put the new assessments in the place of the old ones")
    }

    fn spill(&mut self) -> Result<(), Failure> {
        if self.rows.len() == 0 {
            return Ok(());
        }
        let batch = self.rows.take(&self.schema)?;
        self.sink.put(self.encoder.encode(vec![batch])?)
    }

    /// Puts the old rows behind the new ones and makes the file appear under its name. Where nothing is new the old
    /// file stays.
    pub(crate) fn finish(mut self) -> Result<Appended, Failure> {
        if self.done.added + self.done.replaced == 0 {
            return Ok(self.done);
        }
        self.spill()?;
        if !self.old.is_empty() {
            let all: Vec<usize> = (0..self.schema.fields().len()).collect();
            let columnar = open(&self.file)?;
            columnar.table.each(&all, ROWS, &mut |_, batch| {
                let kept = without(&batch, &self.replaced)?;
                if kept.num_rows() > 0 {
                    self.sink.put(self.encoder.encode(vec![kept])?)?;
                }
                Ok(true)
            })?;
        }
        self.sink.finish()?;
        Ok(self.done)
    }
}

/// The refusal of an account that stands twice in the input with different answers.
fn twice(account: &str, day: Date, line: u64) -> Refused {
    Refused {
        line,
        account: excerpt(account),
        field: "account".to_owned(),
        code: "duplicate".into(),
        message: format!("the account stands twice on {day} with different answers; the first ones are kept"),
    }
}

/// The rows of a batch but these.
fn without(batch: &RecordBatch, replaced: &BTreeSet<Key>) -> Result<RecordBatch, Failure> {
    if replaced.is_empty() {
        return Ok(batch.clone());
    }
    let text = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
    let days = batch.column_by_name("as_of").and_then(|column| column.as_primitive_opt::<Date32Type>());
    let value = |column: Option<&StringArray>, row: usize| {
        column.filter(|column| column.is_valid(row)).map(|column| column.value(row).to_owned())
    };
    let (accounts, models, versions) = (text("account"), text("model"), text("version"));
    let kept = |row: usize| {
        let day = days.and_then(|days| Date::from_days(days.values().get(row).copied()?));
        let key = (value(accounts, row), day, value(models, row), value(versions, row));
        match key {
            (Some(account), Some(day), Some(model), Some(version)) => {
                !replaced.contains(&(account, day, model, version))
            }
            _ => true,
        }
    };
    let kept: BooleanArray = (0..batch.num_rows()).map(|row| Some(kept(row))).collect();
    filter_record_batch(batch, &kept).map_err(|error| Failure::new("invalid_input", error.to_string()))
}
