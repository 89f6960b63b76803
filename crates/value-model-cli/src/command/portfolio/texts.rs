//! Pieces of a table of texts, read into the columns that the engine takes.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use value_model_arrow::Mapping;

use super::matched::{Matched, Part, Places};
use crate::command::score::gathered::number;
use crate::input::Plan;
use crate::input::cells::Cells;
use crate::input::records::{Fields, Piece, Row};
use crate::input::texts::Texts;
use crate::input::wide::Columns;
use crate::message::Failure;

/// The columns that a table of texts is read into: measures, then attributes.
pub(super) struct Shape {
    pub(super) schema: SchemaRef,
    pub(super) mapping: Mapping,
    pub(super) places: Places,
    /// Per measure: where it stands in the text, and whether it holds numbers.
    measures: Vec<Option<(usize, bool)>>,
    /// Where each attribute stands in the text.
    attributes: Vec<usize>,
}

/// A column being filled.
enum Column {
    /// Of numbers; NaN where there is none.
    Numbers(Vec<f64>),
    Texts(Texts),
}

impl Shape {
    /// The columns for a table that has been matched to the model.
    pub(super) fn new(
        plan: &Plan<'_>,
        columns: &Columns,
        (by, revenue): (&[String], Option<&String>),
    ) -> Self {
        let (mut fields, mut mapping) = (Vec::new(), Mapping::default());
        let measures: Vec<_> = columns.measures().collect();
        for (measure, found) in plan.scorer.measures().iter().zip(&measures) {
            let Some((_, number)) = found else { continue };
            // No column of a model is called so: it is matched by the mapping alone.
            let name = format!("\0{}", measure.id);
            mapping.measures.push((measure.id.to_string(), name.clone()));
            fields.push(Field::new(name, if *number { DataType::Float64 } else { DataType::Utf8 }, true));
        }
        let first = fields.len();
        let attribute = |name: &String| {
            let place = plan.attributes.iter().position(|attribute| attribute == name);
            first + place.unwrap_or_default()
        };
        fields.extend(
            (0..plan.attributes.len()).map(|place| Field::new(attribute_name(place), DataType::Utf8, true)),
        );
        mapping.on = plan.args.on.as_ref().map(|on| attribute_name(attribute(on) - first));
        let places =
            Places { account: None, by: by.iter().map(attribute).collect(), revenue: revenue.map(attribute) };
        let schema = Arc::new(Schema::new(fields));
        Self { schema, mapping, places, measures, attributes: columns.attributes.clone() }
    }

    fn columns(&self) -> Vec<Column> {
        let measures = self.measures.iter().flatten().map(|(_, number)| {
            if *number { Column::Numbers(Vec::new()) } else { Column::Texts(Texts::new()) }
        });
        measures.chain(self.attributes.iter().map(|_| Column::Texts(Texts::new()))).collect()
    }
}

fn attribute_name(place: usize) -> String {
    format!("\0\0{place}")
}

impl Column {
    fn take(self) -> Result<ArrayRef, Failure> {
        match self {
            Self::Numbers(numbers) => {
                let is_some = |row: usize| numbers.get(row).is_some_and(|number| !number.is_nan());
                let valid = NullBuffer::new(BooleanBuffer::collect_bool(numbers.len(), is_some));
                Ok(Arc::new(Float64Array::new(numbers.into(), Some(valid))))
            }
            Self::Texts(mut texts) => {
                texts.take(true).map_err(|error| Failure::new("invalid_input", error.to_string()))
            }
        }
    }
}

/// What a piece is read with.
struct Reader<'a> {
    shape: &'a Shape,
    columns: &'a Columns,
    filled: Vec<Column>,
    /// Where each row that has been read starts in the piece.
    starts: Vec<usize>,
    cells: Cells,
    numbers: Vec<f64>,
}

impl Reader<'_> {
    /// Reads a record into the columns; false for one that needs a look.
    fn read(&mut self, plan: &Plan<'_>, bytes: &[u8], fields: &Fields) -> bool {
        let numbers = &mut self.numbers;
        numbers.clear();
        let quick = self.columns.quick((bytes, fields), plan.scorer, &mut self.cells, |cell| {
            numbers.push(cell.and_then(number).unwrap_or(f64::NAN));
        });
        let attributes = self.shape.attributes.iter().map(|place| fields.get(bytes, *place));
        if !quick || attributes.clone().any(|text| std::str::from_utf8(text).is_err()) {
            return false;
        }
        let mut filled = self.filled.iter_mut();
        for (found, number) in self.shape.measures.iter().zip(numbers) {
            let Some((place, _)) = found else { continue };
            match filled.next() {
                Some(Column::Numbers(numbers)) => numbers.push(*number),
                Some(Column::Texts(texts)) => {
                    let text = std::str::from_utf8(fields.get(bytes, *place)).unwrap_or_default();
                    texts.push(self.cells.with_sign(text).as_bytes());
                }
                None => {}
            }
        }
        for (column, text) in filled.zip(attributes) {
            if let Column::Texts(texts) = column {
                texts.push(text);
            }
        }
        self.starts.push(fields.start());
        true
    }
}

/// Adds up the records of a piece.
///
/// # Errors
/// As [`Matched::add`].
pub(super) fn add(
    matched: &Matched<'_>,
    (plan, shape, columns): (&Plan<'_>, &Shape, &Columns),
    mut piece: Piece,
) -> Result<Part, Failure> {
    let (starts, cells, numbers) = (Vec::new(), Cells::new(plan.args.decimal), Vec::new());
    let mut reader = Reader { shape, columns, filled: shape.columns(), starts, cells, numbers };
    let (mut fields, mut odd) = (Fields::default(), Vec::new());
    while piece.read(&mut fields) {
        if !reader.read(plan, &piece.bytes, &fields) {
            odd.push(fields.start());
        }
    }
    let mut part = matched.part();
    part.rows += odd.len() as u64;
    let Reader { filled, starts, .. } = reader;
    let mut again = |start: usize| {
        let mut row = Row::default();
        piece.read_from(start, &mut fields);
        row.copy(&mut piece, &fields);
        row
    };
    matched.look(odd.into_iter().map(&mut again), &mut part)?;
    if !starts.is_empty() {
        let filled = filled.into_iter().map(Column::take).collect::<Result<_, _>>()?;
        let batch = RecordBatch::try_new(Arc::clone(&shape.schema), filled)
            .map_err(|error| Failure::new("invalid_input", error.to_string()))?;
        let mut again = |row: usize| again(starts.get(row).copied().unwrap_or_default());
        matched.add(&batch, &mut again, &mut part)?;
    }
    part.refused.sort_by_key(|refused| refused.line);
    Ok(part)
}
