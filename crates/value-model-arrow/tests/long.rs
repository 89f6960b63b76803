//! One row per answer has the bits of a record with the same answers.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

#[path = "../../value-model/tests/common/mod.rs"]
mod common;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, UInt8Type};
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, Float64Array, Int64Array, LargeStringArray, RecordBatch,
    StringArray, StringViewArray,
};
use arrow_schema::{Field, Schema};
use common::plan::Case;
use common::{Knobs, cases};
use proptest::prelude::*;
use value_model::Date;
use value_model::answer::{Answer, Missing, Record, Source, Value};
use value_model::block::Column;
use value_model::scale::Scale;
use value_model::scorecard::{Context, Group, Measure, Outcome, Scorecard, Scorer};
use value_model_arrow::{LongMapping, LongScorer, LongSettings, Order};

/// One row of a long table.
#[derive(Clone, Debug)]
struct Row {
    account: String,
    measure: String,
    answer: Answer,
}

fn rows(records: &[Record]) -> Vec<Row> {
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

fn texts(kind: usize, values: &[Option<String>]) -> ArrayRef {
    let values = || values.iter().map(Option::as_deref);
    match kind % 4 {
        0 => Arc::new(values().collect::<StringArray>()),
        1 => Arc::new(values().collect::<LargeStringArray>()),
        2 => Arc::new(values().collect::<StringViewArray>()),
        _ => Arc::new(values().collect::<DictionaryArray<Int32Type>>()),
    }
}

fn source(source: Source) -> String {
    serde_json::to_value(source).unwrap().as_str().unwrap().to_owned()
}

fn reason(missing: Missing) -> String {
    serde_json::to_value(missing).unwrap().as_str().unwrap().to_owned()
}

fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let field = |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, array)| array).collect()).unwrap()
}

/// Rows as a batch; every number as text where any value is one.
fn batch(rows: &[Row], kind: usize, numbers: bool) -> RecordBatch {
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

fn all_columns(scorer: &Scorer) -> Vec<Column> {
    let mut columns = value_model::block::FIXED.to_vec();
    columns.push(Column::Raw);
    columns.extend(Column::groups(scorer));
    columns.extend(Column::contributions(scorer));
    columns.extend(Column::headroom(scorer));
    columns
}

/// What the columns must hold for an account.
fn expected(scorer: &Scorer, record: &Record, as_of: Date) -> Result<Vec<Option<f64>>, &'static str> {
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
        _ => None,
    };
    Ok(all_columns(scorer).into_iter().map(of).collect())
}

/// Each account's columns, or the code for which it was refused, in the order of the results.
type Found = Vec<(String, Result<Vec<Option<f64>>, String>)>;

fn read(results: &RecordBatch, found: &mut Found) {
    let names = results.column(0).as_string::<i32>();
    let codes = results.column(results.num_columns() - 1).as_string::<i32>();
    for row in 0..results.num_rows() {
        let value = |column: &ArrayRef| {
            column.is_valid(row).then(|| match column.as_primitive_opt::<UInt8Type>() {
                Some(codes) => f64::from(codes.value(row)),
                None => column.as_primitive::<Float64Type>().value(row),
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

fn score(scorer: &Scorer, batches: &[RecordBatch], settings: LongSettings) -> Found {
    let mut long = LongScorer::new(scorer, &batches[0].schema(), &LongMapping::default(), settings).unwrap();
    let mut found = Vec::new();
    for batch in batches {
        read(&long.push(batch).unwrap().results, &mut found);
    }
    read(&long.finish().unwrap().results, &mut found);
    found
}

/// The same bits; the test of equality alone would let -0 pass for 0.
fn bits(values: &[Option<f64>]) -> Vec<Option<u64>> {
    values.iter().map(|value| value.map(f64::to_bits)).collect()
}

/// Accounts that gave some of the answers of a case.
fn accounts(case: &Case, masks: &[u64]) -> Vec<Record> {
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

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(160) })]

    #[test]
    fn answers_in_rows_have_the_bits_of_answers_in_records(
        case in cases(Knobs::ALL),
        masks in proptest::collection::vec(any::<u64>(), 1..6),
        source in prop::option::of(Just(Source::CustomerProvided)),
        age in prop::option::of(0..200_i32),
        persona in prop::option::of(Just("cfo")),
        piece in 1..40_usize,
    ) {
        let as_of = common::as_of();
        let scorer = case.card.compile().unwrap();
        let mut records = accounts(&case, &masks);
        prop_assume!(!records.is_empty());
        for record in &mut records {
            record.default_source = source;
            record.default_on = age.map(|age| as_of.plus_days(-age).unwrap());
            record.default_persona = persona.map(str::to_owned);
        }
        let mut context = Context::new(as_of);
        context.default_source = source;
        context.default_on = records[0].default_on;
        let settings = |order| LongSettings {
            persona: persona.map(str::to_owned),
            order,
            ..LongSettings::new(context, all_columns(&scorer))
        };
        let sorted = rows(&records);
        let batches: Vec<_> = sorted.chunks(piece).map(|rows| batch(rows, piece, false)).collect();
        // In any order: a row of each account in turn.
        let mut turns: Vec<_> = records.iter().map(|record| rows(std::slice::from_ref(record)).into_iter()).collect();
        let longest = turns.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
        let mixed: Vec<Row> =
            (0..longest).flat_map(|_| turns.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>()).collect();
        let mixed: Vec<_> = mixed.chunks(piece).map(|rows| batch(rows, piece + 1, false)).collect();
        for (order, batches) in
            [(Order::Sorted, &batches), (Order::Grouped, &batches), (Order::Any, &batches), (Order::Any, &mixed)]
        {
            let found = score(&scorer, batches, settings(order));
            prop_assert_eq!(found.len(), records.len());
            for ((name, found), record) in found.iter().zip(&records) {
                prop_assert_eq!(name, &record.account);
                match (found, expected(&scorer, record, as_of)) {
                    (Ok(found), Ok(expected)) => prop_assert_eq!(bits(found), bits(&expected)),
                    (found, expected) => prop_assert_eq!(found.clone(), expected.map_err(str::to_owned)),
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(160) })]

    #[test]
    fn plain_numbers_are_laid_out_wide_with_the_same_bits(
        case in cases(Knobs { scales: false, ..Knobs::ALL }),
        masks in proptest::collection::vec(any::<u64>(), 1..60),
        bad in 0..400_usize,
        shares in any::<bool>(),
        dated in any::<bool>(),
        piece in 1..200_usize,
    ) {
        let as_of = common::as_of();
        let scorer = case.card.compile().unwrap();
        let mut records = accounts(&case, &masks);
        prop_assume!(!records.is_empty());
        let mut count = 0;
        for record in &mut records {
            for answer in record.answers.values_mut().flatten() {
                *answer = Answer { on: answer.on.filter(|_| dated), value: answer.value.clone(), ..Answer::default() };
                count += 1;
                if count == bad {
                    answer.value = Some(Value::Number(1.5));
                }
            }
        }
        let mut columns = all_columns(&scorer);
        let is_share = |column: &Column| matches!(column, Column::ValidatedShare | Column::FreshShare);
        columns.retain(|column| shares || !is_share(column));
        let rows = rows(&records);
        let epoch = Date::from_days(0).unwrap();
        let batches: Vec<_> = rows
            .chunks(piece)
            .map(|rows| {
                let text = |value: &dyn Fn(&Row) -> String| rows.iter().map(|row| Some(value(row))).collect::<Vec<_>>();
                let number = |row: &Row| match row.answer.value {
                    Some(Value::Number(number)) => Some(number),
                    _ => None,
                };
                let day = |row: &Row| row.answer.on.map(|on| on.days_since(epoch));
                let mut columns: Vec<(&str, ArrayRef)> = vec![
                    ("account", texts(piece, &text(&|row| row.account.clone()))),
                    ("measure", texts(piece + 1, &text(&|row| row.measure.clone()))),
                    ("value", Arc::new(rows.iter().map(number).collect::<Float64Array>())),
                ];
                if dated {
                    columns.push(("on", Arc::new(rows.iter().map(day).collect::<Date32Array>())));
                }
                table(columns)
            })
            .collect();
        for order in [Order::Sorted, Order::Any] {
            let settings = LongSettings { order, ..LongSettings::new(Context::new(as_of), columns.clone()) };
            let found = score(&scorer, &batches, settings);
            prop_assert_eq!(found.len(), records.len());
            for ((name, found), record) in found.iter().zip(&records) {
                prop_assert_eq!(name, &record.account);
                match (found, expected(&scorer, record, as_of)) {
                    (Ok(found), Ok(expected)) => {
                        let all = all_columns(&scorer);
                        let wanted = all.iter().zip(expected).filter(|(column, _)| shares || !is_share(column));
                        prop_assert_eq!(bits(found), bits(&wanted.map(|(_, value)| value).collect::<Vec<_>>()));
                    }
                    (found, expected) => prop_assert_eq!(found.clone(), expected.map_err(str::to_owned)),
                }
            }
        }
    }
}

fn card() -> Scorer {
    let tree = Group::new("health")
        .child(Measure::new("csat", Scale::Likert { min: 1, max: 5 }))
        .child(Measure::new("usage", Scale::Unit));
    Scorecard::new("mine", "1", tree).compile().unwrap()
}

fn settings(order: Order) -> LongSettings {
    LongSettings { order, ..LongSettings::new(Context::new(common::as_of()), vec![Column::Score]) }
}

fn row(account: &str, measure: &str, value: f64) -> Row {
    Row { account: account.into(), measure: measure.into(), answer: Answer::new(value) }
}

#[test]
fn a_bad_row_is_named_and_takes_its_account_alone() {
    let mut rows = vec![
        row("a", "csat", 5.0),
        row("a", "usage", 0.5),
        row("b", "csat", 7.0),
        row("b", "usage", 0.5),
        row("b", "usag", 0.5),
        row("", "csat", 5.0),
        row("c", "csat", 1.0),
        row("d", "usage", f64::NAN),
        row("e", "usage", 1.0),
        row("f", "usage", 1.0),
    ];
    rows[6].answer.on = common::as_of().plus_days(1);
    rows[8].answer.missing = Some(Missing::NoData);
    for order in [Order::Sorted, Order::Grouped, Order::Any] {
        let mut rows = rows.clone();
        if order == Order::Sorted {
            rows.remove(5);
            rows.insert(0, row("", "csat", 5.0));
        }
        let whole = batch(&rows, 1, true);
        let mut long =
            LongScorer::new(&card(), &whole.schema(), &LongMapping::default(), settings(order)).unwrap();
        let first = long.push(&whole).unwrap();
        let last = long.finish().unwrap();
        let mut found = Vec::new();
        read(&first.results, &mut found);
        read(&last.results, &mut found);
        let refused = |code: &str| Err(code.to_owned());
        let expected = [
            ("a", Ok(vec![Some(75.0)])),
            ("b", refused("outside_scale")),
            ("c", refused("after_as_of")),
            ("d", refused("not_finite")),
            ("e", refused("conflict")),
            ("f", Ok(vec![Some(100.0)])),
        ];
        assert_eq!(found, expected.map(|(name, result)| (name.to_owned(), result)));
        let shift = usize::from(order == Order::Sorted);
        let mut wrong: Vec<_> = first.refused.iter().map(|one| (one.row, one.error.code())).collect();
        wrong.retain(|(_, code)| *code != "invalid_text");
        let rows = [
            (2 + shift, "outside_scale"),
            (4 + shift, "unknown_id"),
            (6, "after_as_of"),
            (7, "not_finite"),
            (8, "conflict"),
        ];
        assert_eq!(wrong, rows);
        let message =
            first.refused.iter().find(|one| one.error.code() == "unknown_id").unwrap().error.to_string();
        assert!(message.contains("did you mean `usage`"), "{message}");
        assert_eq!(first.refused.iter().filter(|one| one.error.code() == "invalid_text").count(), 1);
    }
}

#[test]
fn accounts_out_of_order_and_too_many_of_them_are_errors() {
    let rows = [row("b", "csat", 5.0), row("a", "csat", 5.0), row("b", "usage", 1.0)];
    let whole = batch(&rows, 0, true);
    let long =
        |settings| LongScorer::new(&card(), &whole.schema(), &LongMapping::default(), settings).unwrap();
    let error = long(settings(Order::Sorted)).push(&whole).unwrap_err();
    assert_eq!(error.code(), "conflict");
    assert!(error.to_string().contains("row 1"), "{error}");
    let few = LongSettings { most_entries: 2, ..settings(Order::Any) };
    assert_eq!(long(few).push(&whole).unwrap_err().code(), "limit");
    let enough = LongSettings { most_entries: 3, ..settings(Order::Any) };
    assert!(long(enough).push(&whole).is_ok());
}

#[test]
fn accounts_are_numbers_too_and_an_account_may_span_batches() {
    let column = |accounts: Vec<i64>, measure: &str, values: Vec<f64>| {
        let measures = vec![Some(measure.to_owned()); accounts.len()];
        table(vec![
            ("id", Arc::new(Int64Array::from(accounts))),
            ("measure", texts(3, &measures)),
            ("value", Arc::new(Float64Array::from(values))),
        ])
    };
    let batches = [
        column(vec![7, 7], "csat", vec![5.0, 3.0]),
        column(vec![7, 12], "usage", vec![1.0, 0.25]),
        column(vec![], "usage", vec![]),
    ];
    let mapping = LongMapping { account: "id".into(), ..LongMapping::default() };
    let scorer = card();
    let mut long =
        LongScorer::new(&scorer, &batches[0].schema(), &mapping, settings(Order::Grouped)).unwrap();
    let mut found = Vec::new();
    for batch in &batches {
        read(&long.push(batch).unwrap().results, &mut found);
    }
    read(&long.finish().unwrap().results, &mut found);
    let expected = [("7", 87.5), ("12", 25.0)];
    assert_eq!(found, expected.map(|(name, score)| (name.to_owned(), Ok(vec![Some(score)]))));
}

#[test]
fn columns_that_do_not_fit_are_named() {
    let rows = [row("a", "csat", 5.0)];
    let whole = batch(&rows, 0, true);
    let find = |mapping: LongMapping| {
        LongScorer::new(&card(), &whole.schema(), &mapping, settings(Order::Any)).unwrap_err().to_string()
    };
    let mapping = LongMapping::default;
    assert!(find(LongMapping { account: "acount".into(), ..mapping() }).contains("did you mean `account`"));
    assert!(find(LongMapping { measure: "value".into(), ..mapping() }).contains("texts are expected"));
    assert!(find(LongMapping { before: "note".into(), ..mapping() }).contains("numbers are expected"));
    assert!(find(LongMapping { on: "value".into(), ..mapping() }).contains("dates are expected"));
}

#[test]
fn threads_change_neither_results_nor_their_order() {
    let scorer = card();
    let mut rows = Vec::new();
    for account in 0..220_000_u32 {
        let name = format!("account {account:06}");
        for (measure, value) in
            [("csat", f64::from(1 + account % 5)), ("usage", f64::from(account % 7) / 6.0)]
        {
            // Some answer twice, some out of the scale, and some rows have no account.
            for _ in 0..=usize::from(account % 11 == 0) {
                let value = if account % 997 == 0 { 9.0 } else { value };
                rows.push(row(if account % 5_003 == 1 { "" } else { &name }, measure, value));
            }
        }
    }
    let names = |rows: &[Row]| rows.iter().map(|row| Some(row.account.clone())).collect::<Vec<_>>();
    let measures = |rows: &[Row]| rows.iter().map(|row| Some(row.measure.clone())).collect::<Vec<_>>();
    let number =
        |row: &Row| if let Some(Value::Number(number)) = row.answer.value { Some(number) } else { None };
    for kind in [0, 3] {
        // Accounts that span batches too.
        let batches: Vec<RecordBatch> = rows
            .chunks(420_000 - kind)
            .map(|rows| {
                table(vec![
                    ("account", texts(kind, &names(rows))),
                    ("measure", texts(3, &measures(rows))),
                    ("value", Arc::new(rows.iter().map(number).collect::<Float64Array>())),
                ])
            })
            .collect();
        let run = |threads: Option<usize>| {
            let mut long = LongScorer::new(
                &scorer,
                &batches[0].schema(),
                &LongMapping::default(),
                settings(Order::Sorted),
            )
            .unwrap();
            let (mut found, mut refused) = (Found::new(), Vec::new());
            for batch in &batches {
                let scored = match threads {
                    None => vec![long.push(batch).unwrap()],
                    Some(threads) => {
                        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                        pool.install(|| long.push_parallel(batch)).unwrap()
                    }
                };
                for part in scored {
                    read(&part.results, &mut found);
                    refused.extend(part.refused.iter().map(|one| (one.row, one.error.code())));
                }
            }
            let last = long.finish().unwrap();
            read(&last.results, &mut found);
            refused.extend(last.refused.iter().map(|one| (one.row, one.error.code())));
            refused.sort_unstable();
            (found, refused)
        };
        let expected = run(None);
        assert!(expected.0.len() > 219_000 && expected.1.len() > 100);
        assert!(run(Some(1)) == expected && run(Some(3)) == expected);
    }
}
