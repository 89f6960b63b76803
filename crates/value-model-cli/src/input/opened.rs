//! An opened file of accounts, whatever its form.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arrow_schema::{DataType, Field, Schema};

use super::columns::{self, Form, text};
use super::plain;
use super::source::{Raw, Source};
use super::table::Table;
use crate::message::Failure;

/// A text, or columns.
pub(crate) enum Opened {
    /// CSV, NDJSON, JSON.
    Text(Source),
    /// Parquet, Arrow.
    Columns(Columnar),
}

/// A columnar file whose columns are known.
pub(crate) struct Columnar {
    /// How messages name it.
    pub name: String,
    /// The file.
    pub table: columns::Table,
}

impl Opened {
    /// Opens a file, or standard input for `-`; what is read of it is counted in `read`.
    ///
    /// # Errors
    /// `io`, and what is wrong with the beginning, or with the footer of a columnar file.
    pub(crate) fn open(path: &Path, read: &Arc<AtomicU64>) -> Result<Self, Failure> {
        let raw = Raw::open(path, read)?;
        let form = columns::form(&raw.beginning).or_else(|| promised(path, &raw));
        let Some(form) = form else { return raw.text().map(Self::Text) };
        let name = raw.name.clone();
        let table = columns::Table::open(form, raw.bytes(), &name, Arc::clone(read))?;
        Ok(Self::Columns(Columnar { name, table }))
    }

    /// How messages name it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Text(source) => &source.name,
            Self::Columns(columnar) => &columnar.name,
        }
    }

    /// The columns that are carried over, with their types; texts where the file does not say.
    pub(crate) fn kept(&self, keep: &[String]) -> Vec<Field> {
        let kind = |name: &str| match self {
            Self::Text(_) => DataType::Utf8,
            Self::Columns(columnar) => kept(columnar.table.schema(), name),
        };
        keep.iter().map(|name| Field::new(name, kind(name), true)).collect()
    }

    /// The file as a table of texts, of which only the columns that `wanted` names are read.
    ///
    /// # Errors
    /// As [`Table::open`]; `invalid_input` for a wanted column that no cell can hold.
    pub(crate) fn table(
        self,
        delimiter: Option<u8>,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Table, Failure> {
        match self {
            Self::Text(source) => Table::open(source, delimiter),
            Self::Columns(columnar) => columnar.lines(wanted),
        }
    }
}

impl Columnar {
    /// The rows as a table of texts.
    pub(crate) fn lines(self, wanted: impl Fn(&str) -> bool) -> Result<Table, Failure> {
        let lines = text::Lines::new(self.table, &self.name, wanted)?;
        table(self.name, Box::new(lines))
    }

    /// A table with the same columns and no rows.
    pub(crate) fn head(&self) -> Result<Table, Failure> {
        let head = std::io::Cursor::new(text::head(self.table.schema()));
        table(self.name.clone(), Box::new(head))
    }
}

fn table(name: String, reader: Box<dyn std::io::Read + Send>) -> Result<Table, Failure> {
    Table::open(Source { name, beginning: Vec::new(), reader, length: None }, Some(text::DELIMITER))
}

/// The type in which a column is carried over: texts are texts however they are stored.
fn kept(schema: &Schema, name: &str) -> DataType {
    match schema.field_with_name(name).map(Field::data_type) {
        Ok(DataType::Dictionary(_, values)) if plain::is_text(values) => DataType::Utf8,
        Ok(kind) if plain::is_text(kind) => DataType::Utf8,
        Ok(kind) => kind.clone(),
        Err(_) => DataType::Utf8,
    }
}

/// The form that the name of a file promises whose first bytes are of no known form: then it is damaged.
fn promised(path: &Path, raw: &Raw) -> Option<Form> {
    if raw.beginning.is_empty() {
        return None;
    }
    match path.extension()?.to_str()? {
        "parquet" => Some(Form::Parquet),
        "arrow" | "feather" | "ipc" if !raw.beginning.starts_with(b"FEA1") => Some(Form::Arrow),
        "arrows" => Some(Form::Arrows),
        _ => None,
    }
}
