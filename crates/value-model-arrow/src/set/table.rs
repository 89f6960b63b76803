//! Results of several models as one table.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, UInt8Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, RecordBatch,
    RecordBatchOptions, StringArray, UInt8Array, UInt64Array,
};
use arrow_schema::{DataType, Field, Schema};
use value_model::Error;
use value_model::block::Column;
use value_model::scorecard::Outcome;
use value_model::set::{SetColumn, SetScorer};

use super::broken;
use super::rows::Layout;

/// The names behind the codes of every table of a set: the same ones for all batches.
#[derive(Clone, Debug)]
pub(super) struct Names {
    cases: Arc<StringArray>,
    models: Arc<StringArray>,
    bands: Arc<StringArray>,
    outcomes: Arc<StringArray>,
    /// Per model: the code here of each of its bands.
    band_codes: Vec<Vec<i32>>,
}

impl Names {
    pub(super) fn new(set: &SetScorer) -> Self {
        let texts = |names: Vec<&str>| Arc::new(StringArray::from(names));
        let mut bands: Vec<&str> = Vec::new();
        let mut band_codes = Vec::with_capacity(set.models().len());
        for named in set.models() {
            let mut codes = Vec::new();
            for band in named.scorer.band_names() {
                let found = bands.iter().position(|known| *known == &**band);
                let place = found.unwrap_or_else(|| {
                    bands.push(band);
                    bands.len() - 1
                });
                codes.push(i32::try_from(place).unwrap_or(i32::MAX));
            }
            band_codes.push(codes);
        }
        let outcomes = [Outcome::Scored, Outcome::Insufficient, Outcome::NotApplicable];
        Self {
            cases: texts(set.choices().map(|choice| &**choice.case()).collect()),
            models: texts(set.models().iter().map(|named| &*named.name).collect()),
            bands: texts(bands),
            outcomes: texts(outcomes.map(Outcome::name).to_vec()),
            band_codes,
        }
    }
}

/// What the columns hold: `row`, `case`, `model`, then these.
pub(super) fn schema(columns: &[SetColumn]) -> Schema {
    let names = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let mut fields = vec![Field::new("row", DataType::UInt64, false)];
    fields.extend(["case", "model"].map(|name| Field::new(name, names(), true)));
    fields.extend(columns.iter().map(|column| {
        let kind = match column.columns.iter().flatten().next() {
            Some(kind) if kind.is_flag() => DataType::Boolean,
            Some(kind) if kind.is_code() => names(),
            _ => DataType::Float64,
        };
        Field::new(&column.name, kind, true)
    }));
    Schema::new(fields)
}

/// The table: results of each model, in which `place` finds a column, put where the layout says.
pub(super) fn table(
    (schema, columns, names): (&Arc<Schema>, &[SetColumn], &Names),
    layout: &Layout,
    results: &[RecordBatch],
    place: &dyn Fn(usize, Column) -> Option<usize>,
) -> Result<RecordBatch, Error> {
    let code = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let keys = |of: fn((usize, usize)) -> usize| {
        layout.keys.iter().map(|key| key.map(|key| code(of(key)))).collect::<Int32Array>()
    };
    let rows = layout.rows.iter().map(|row| u64::try_from(*row).unwrap_or(u64::MAX));
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(UInt64Array::from_iter_values(rows)),
        named(keys(|(case, _)| case), &names.cases)?,
        named(keys(|(_, model)| model), &names.models)?,
    ];
    for column in columns {
        let parts = column.columns.iter().enumerate().filter_map(|(model, column)| {
            let array = results.get(model)?.columns().get(place(model, (*column)?)?)?;
            Some((model, layout.places.get(model)?.as_slice(), array))
        });
        let parts: Vec<Part<'_>> = parts.collect();
        let kind = column.columns.iter().flatten().next().copied();
        arrays.push(match kind {
            Some(Column::Outcome) => named(codes(&parts, layout, &|_, code| Some(code)), &names.outcomes)?,
            Some(kind) if kind.is_flag() => flags(&parts, layout),
            Some(kind) if kind.is_code() => {
                let code = |model: usize, code: i32| {
                    let codes = names.band_codes.get(model)?;
                    codes.get(usize::try_from(code).ok()?).copied()
                };
                named(codes(&parts, layout, &code), &names.bands)?
            }
            _ => numbers(&parts, layout),
        });
    }
    let options = RecordBatchOptions::new().with_row_count(Some(layout.rows.len()));
    RecordBatch::try_new_with_options(Arc::clone(schema), arrays, &options).map_err(|error| broken(&error))
}

/// The results of one model in one column: the model, where its rows go, and its values.
type Part<'a> = (usize, &'a [Option<usize>], &'a ArrayRef);

fn named(codes: Int32Array, names: &Arc<StringArray>) -> Result<ArrayRef, Error> {
    let made = DictionaryArray::<Int32Type>::try_new(codes, Arc::clone(names) as ArrayRef);
    made.map(|made| Arc::new(made) as ArrayRef).map_err(|error| broken(&error))
}

fn numbers(parts: &[Part<'_>], layout: &Layout) -> ArrayRef {
    let rows = layout.rows.len();
    if let Some((_, _, array)) = parts.iter().find(|(model, _, _)| layout.only == Some(*model)) {
        return Arc::clone(array);
    }
    let (mut values, mut valid) = (vec![0.0; rows], vec![false; rows]);
    for (_, places, array) in parts {
        let Some(found) = array.as_primitive_opt::<Float64Type>() else { continue };
        for (row, place) in places.iter().enumerate() {
            let (Some(place), true) = (place, found.is_valid(row)) else { continue };
            if let (Some(value), Some(valid)) = (values.get_mut(*place), valid.get_mut(*place)) {
                *value = found.value(row);
                *valid = true;
            }
        }
    }
    Arc::new(Float64Array::new(values.into(), Some(valid.into())))
}

fn flags(parts: &[Part<'_>], layout: &Layout) -> ArrayRef {
    if let Some((_, _, array)) = parts.iter().find(|(model, _, _)| layout.only == Some(*model)) {
        return Arc::clone(array);
    }
    let mut values = vec![None; layout.rows.len()];
    for (_, places, array) in parts {
        let Some(found) = array.as_boolean_opt() else { continue };
        for (place, flag) in places.iter().zip(found) {
            if let Some(value) = place.and_then(|place| values.get_mut(place)) {
                *value = flag;
            }
        }
    }
    Arc::new(BooleanArray::from(values))
}

/// Codes of one model's names as those of all models.
fn codes(parts: &[Part<'_>], layout: &Layout, code: &impl Fn(usize, i32) -> Option<i32>) -> Int32Array {
    let only = parts.iter().find(|(model, _, _)| layout.only == Some(*model));
    if let Some((model, found)) = only.and_then(|(model, _, array)| Some((*model, array.as_primitive_opt()?)))
    {
        let found: &UInt8Array = found;
        return found.unary(|found| code(model, found.into()).unwrap_or_default());
    }
    let (mut values, mut valid) = (vec![0; layout.rows.len()], vec![false; layout.rows.len()]);
    for (model, places, array) in parts {
        let Some(found) = array.as_primitive_opt::<UInt8Type>() else { continue };
        for (row, place) in places.iter().enumerate() {
            let (Some(place), true) = (place, found.is_valid(row)) else { continue };
            let (Some(value), Some(valid)) = (values.get_mut(*place), valid.get_mut(*place)) else {
                continue;
            };
            if let Some(code) = code(*model, found.value(row).into()) {
                (*value, *valid) = (code, true);
            }
        }
    }
    Int32Array::new(values.into(), Some(valid.into()))
}
