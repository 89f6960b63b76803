//! Long tables, what comes out of them, and what must.

use std::sync::Arc;

use crate::common::plan::Case;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, UInt8Type};
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, Float64Array, LargeStringArray, RecordBatch, StringArray,
    StringViewArray,
};
use arrow_schema::{Field, Schema};
use value_model::Date;
use value_model::answer::{Answer, Missing, Record, Source, Value};
use value_model::block::Column;
use value_model::scorecard::{Flag, Outcome, Scorer};
use value_model_arrow::{LongMapping, LongScorer, LongSettings};

/// One row of a long table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) account: String,
    pub(crate) measure: String,
    pub(crate) answer: Answer,
}

pub(crate) fn rows(records: &[Record]) -> Vec<Row> {
    let mut rows = Vec::new();
    for record in records {
        for (measure, answers) in &record.answers {
            let row = |answer: &Answer| Row {
                account: record.account.clone(),
                measure: measure.clone(),
                answer: answer.clone(),
            };
            rows.extend(answers.iter().map(row));
        }
    }
    rows
}

pub(crate) fn texts(kind: usize, values: &[Option<String>]) -> ArrayRef {
    let values = || values.iter().map(Option::as_deref);
    match kind % 4 {
        0 => Arc::new(values().collect::<StringArray>()),
        1 => Arc::new(values().collect::<LargeStringArray>()),
        2 => Arc::new(values().collect::<StringViewArray>()),
        _ => Arc::new(values().collect::<DictionaryArray<Int32Type>>()),
    }
}

pub(crate) fn source(source: Source) -> String {
    serde_json::to_value(source).unwrap().as_str().unwrap().to_owned()
}

pub(crate) fn reason(missing: Missing) -> String {
    serde_json::to_value(missing).unwrap().as_str().unwrap().to_owned()
}

pub(crate) fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let field = |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, array)| array).collect()).unwrap()
}

/// Rows as a batch; every number as text where any value is one.
pub(crate) fn batch(rows: &[Row], kind: usize, numbers: bool) -> RecordBatch {
    let column = |value: &dyn Fn(&Row) -> Option<String>| rows.iter().map(value).collect::<Vec<_>>();
    let value: ArrayRef = if numbers {
        let number = |row: &Row| match row.answer.value {
            Some(Value::Number(number)) => Some(number),
            Some(Value::YesNo(yes)) => Some(f64::from(u8::from(yes))),
            _ => None,
        };
        Arc::new(rows.iter().map(number).collect::<Float64Array>())
    } else {
        texts(kind, &column(&|row| row.answer.value.as_ref().map(ToString::to_string)))
    };
    let epoch = Date::from_days(0).unwrap();
    let on: ArrayRef = if kind.is_multiple_of(2) {
        texts(kind, &column(&|row| row.answer.on.map(|on| on.to_string())))
    } else {
        Arc::new(rows.iter().map(|row| row.answer.on.map(|on| on.days_since(epoch))).collect::<Date32Array>())
    };
    table(vec![
        ("note", texts(0, &column(&|_| Some("not read".into())))),
        ("value", value),
        ("account", texts(kind + 1, &column(&|row| Some(row.account.clone())))),
        ("measure", texts(kind + 2, &column(&|row| Some(row.measure.clone())))),
        ("source", texts(kind + 3, &column(&|row| row.answer.source.map(source)))),
        ("persona", texts(kind, &column(&|row| row.answer.persona.clone()))),
        ("on", on),
        ("missing", texts(kind, &column(&|row| row.answer.missing.map(reason)))),
    ])
}

pub(crate) fn all_columns(scorer: &Scorer) -> Vec<Column> {
    let mut columns = value_model::block::FIXED.to_vec();
    columns.push(Column::Raw);
    columns.extend(Column::groups(scorer));
    columns.extend(Column::contributions(scorer));
    columns.extend(Column::headroom(scorer));
    columns.extend(Column::flags(scorer));
    columns
}

/// What the columns must hold for an account.
pub(crate) fn expected(
    scorer: &Scorer,
    record: &Record,
    as_of: Date,
) -> Result<Vec<Option<f64>>, &'static str> {
    let found = scorer.assess(record, as_of).map_err(|error| error.code())?;
    let band = |name: &str| {
        let place = scorer.band_names().iter().position(|band| &**band == name).unwrap();
        f64::from(u32::try_from(place).unwrap())
    };
    let outcome = match found.outcome {
        Outcome::Scored => 0.0,
        Outcome::Insufficient => 1.0,
        Outcome::NotApplicable => 2.0,
    };
    let flag = |set: bool| Some(f64::from(u8::from(set)));
    let of = |column: Column| match column {
        Column::Score => found.score,
        Column::Raw => found.raw,
        Column::Band => found.band.as_deref().map(band),
        Column::Coverage => Some(found.coverage),
        Column::Lower => Some(found.lower),
        Column::Upper => Some(found.upper),
        Column::LowerBand => Some(band(&found.lower_band)),
        Column::ValidatedShare => Some(found.validated_share),
        Column::FreshShare => Some(found.fresh_share),
        Column::Outcome => Some(outcome),
        Column::Group(place) => found.groups[place].score,
        Column::GroupCost(place) => found.groups[place].cost_score,
        Column::Contribution(place) => found.raw.map(|_| found.measures[place].contribution),
        Column::Headroom(place) => found.measures[place].headroom,
        Column::Undated(place) => flag(found.measures[place].flags.contains(&Flag::Undated)),
        Column::Regressed(place) => flag(found.measures[place].flags.contains(&Flag::Regressed)),
        Column::Fired(place) => {
            let id = &scorer.scorecard().rules[place].id;
            flag(found.rules.iter().any(|rule| *rule.id == **id))
        }
        _ => panic!("a column that this test does not know"),
    };
    Ok(all_columns(scorer).into_iter().map(of).collect())
}

/// Each account's columns, or the code for which it was refused, in the order of the results.
pub(crate) type Found = Vec<(String, Result<Vec<Option<f64>>, String>)>;

pub(crate) fn read(results: &RecordBatch, found: &mut Found) {
    let names = results.column(0).as_string::<i32>();
    let codes = results.column(results.num_columns() - 1).as_string::<i32>();
    for row in 0..results.num_rows() {
        let value = |column: &ArrayRef| {
            column.is_valid(row).then(|| {
                match (column.as_primitive_opt::<UInt8Type>(), column.as_boolean_opt()) {
                    (Some(codes), _) => f64::from(codes.value(row)),
                    (None, Some(flags)) => f64::from(u8::from(flags.value(row))),
                    (None, None) => column.as_primitive::<Float64Type>().value(row),
                }
            })
        };
        let columns = &results.columns()[1..results.num_columns() - 1];
        let values = if codes.is_valid(row) {
            assert!(columns.iter().all(|column| column.is_null(row)));
            Err(codes.value(row).to_owned())
        } else {
            Ok(columns.iter().map(value).collect())
        };
        found.push((names.value(row).to_owned(), values));
    }
}

pub(crate) fn score(scorer: &Scorer, batches: &[RecordBatch], settings: LongSettings) -> Found {
    let mut long = LongScorer::new(scorer, &batches[0].schema(), &LongMapping::default(), settings).unwrap();
    let mut found = Vec::new();
    for batch in batches {
        read(&long.push(batch).unwrap().results, &mut found);
    }
    read(&long.finish().unwrap().results, &mut found);
    found
}

/// The same bits; the test of equality alone would let -0 pass for 0.
pub(crate) fn bits(values: &[Option<f64>]) -> Vec<Option<u64>> {
    values.iter().map(|value| value.map(f64::to_bits)).collect()
}

/// Accounts that gave some of the answers of a case.
pub(crate) fn accounts(case: &Case, masks: &[u64]) -> Vec<Record> {
    let whole = case.record();
    let mut accounts = Vec::new();
    for (number, mask) in masks.iter().enumerate() {
        let mut record = Record { account: format!("account {number:02}"), ..whole.clone() };
        let mut bit = 0;
        record.answers.retain(|_, answers| {
            answers.retain(|_| {
                bit += 1;
                mask >> (bit % 64) & 1 == 1
            });
            !answers.is_empty()
        });
        if !record.answers.is_empty() {
            accounts.push(record);
        }
    }
    accounts
}
