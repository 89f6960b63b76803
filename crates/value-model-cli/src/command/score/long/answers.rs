//! Rows of answers in the columns that the engine takes, whatever file they come from.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use value_model_arrow::LongMapping;

use crate::input::long::Columns;
use crate::input::plain;
use crate::input::records::Row;
use crate::input::texts::Texts;

/// The number of the account, which stands in front of the other columns once rows are scored.
pub(super) const ACCOUNT: &str = "\0account";
/// The value one period earlier: an account that has one is looked at by itself.
const BEFORE: &str = "\0before";

/// The columns of a long table as they are held.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// `measure` and `value`, then those of the others that the file has, then what is kept.
    pub(super) schema: SchemaRef,
    /// Where each of them stands in the file.
    pub(super) places: Vec<usize>,
    pub(super) missing: Option<usize>,
    pub(super) before: Option<usize>,
    pub(super) kept: Range<usize>,
    /// The columns of the file.
    pub(super) columns: Columns,
}

impl Shape {
    /// The columns of a file, of which the first two hold these types and the others what `kind` says.
    pub(super) fn new(
        columns: &Columns,
        (measure, value): (DataType, DataType),
        kind: &dyn Fn(usize) -> DataType,
    ) -> Self {
        let mut places = vec![columns.measure, columns.value];
        let mut fields = vec![Field::new("measure", measure, true), Field::new("value", value, true)];
        let (mut missing, mut before) = (None, None);
        let others = [
            ("source", columns.source),
            ("persona", columns.persona),
            ("on", columns.on),
            ("missing", columns.missing),
            (BEFORE, columns.before),
        ];
        for (name, place) in others {
            let Some(place) = place else { continue };
            match name {
                "missing" => missing = Some(places.len()),
                BEFORE => before = Some(places.len()),
                _ => {}
            }
            places.push(place);
            fields.push(Field::new(name, kind(place), true));
        }
        let first = places.len();
        for (number, place) in columns.attributes.iter().enumerate() {
            places.push(*place);
            fields.push(Field::new(format!("\0{number}"), DataType::Utf8, true));
        }
        let (kept, schema) = (first..places.len(), Arc::new(Schema::new(fields)));
        Self { schema, places, missing, before, kept, columns: columns.clone() }
    }

    /// Which of them is what, for the engine.
    pub(super) fn mapping() -> LongMapping {
        LongMapping { account: ACCOUNT.to_owned(), ..LongMapping::default() }
    }
}

/// Rows of answers; those of one account may stand together.
#[derive(Debug)]
pub(super) struct Answers {
    pub(super) table: RecordBatch,
    /// The line of each row.
    pub(super) lines: Vec<u64>,
    /// Rows that no column can hold, as they stand in the file.
    pub(super) odd: BTreeMap<usize, Row>,
    /// Where another account begins than that of the row before.
    pub(super) starts: Vec<usize>,
    /// The names of those accounts.
    pub(super) names: Texts,
}

/// These columns with the number of the account in front.
pub(super) fn numbered(table: &Schema) -> SchemaRef {
    let account = Arc::new(Field::new(ACCOUNT, DataType::UInt32, false));
    let fields: Vec<_> = std::iter::once(account).chain(table.fields().iter().cloned()).collect();
    Arc::new(Schema::new(fields))
}

impl Answers {
    /// How many times another account begins.
    pub(super) const fn runs(&self) -> usize {
        self.starts.len()
    }

    /// The rows of an account.
    pub(super) fn rows(&self, run: usize) -> Range<usize> {
        let end = self.starts.get(run + 1).copied().unwrap_or(self.lines.len());
        self.starts.get(run).copied().unwrap_or(end)..end
    }

    /// The line of a row.
    pub(super) fn line(&self, row: usize) -> u64 {
        self.lines.get(row).copied().unwrap_or_default()
    }

    /// A row as a table of texts holds it.
    pub(super) fn row(&self, run: usize, row: usize, shape: &Shape) -> Row {
        if let Some(odd) = self.odd.get(&row) {
            return odd.clone();
        }
        let mut fields = vec![Vec::new(); shape.columns.width];
        if let Some(name) = fields.get_mut(shape.columns.account) {
            name.extend_from_slice(self.names.get(run));
        }
        for (place, column) in shape.places.iter().zip(self.table.columns()) {
            if let (Some(field), Some(text)) = (fields.get_mut(*place), plain::text(column.as_ref(), row)) {
                // A column that is read twice has the same text twice.
                *field = text.into_owned().into_bytes();
            }
        }
        Row::of(self.line(row), fields)
    }
}

/// Whether a row of a column holds something: neither null nor an empty text.
pub(super) fn is_filled(column: &ArrayRef, row: usize) -> bool {
    column.is_valid(row)
        && *column.data_type() != DataType::Null
        && (column.data_type().is_primitive()
            || plain::text(column.as_ref(), row).is_some_and(|text| !text.is_empty()))
}
