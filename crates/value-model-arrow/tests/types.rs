//! Decimals and moments as tables of other programs hold them: read to the last bit, or refused by name.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at the first surprise, and cuts its numbers on purpose"
)]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{
    ArrayRef, Date32Array, Decimal32Array, Decimal64Array, Decimal128Array, Decimal256Array, DictionaryArray,
    Float64Array, Int32Array, Int64Array, NullArray, RecordBatch, StringArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray,
};
use arrow_buffer::i256;
use proptest::prelude::*;
use value_model::answer::RecencyRule;
use value_model::block::Column;
use value_model::model::customer_value::CustomerValueInput;
use value_model::scale::Scale;
use value_model::scorecard::{Context, Group, Measure, Scorecard, Scorer};
use value_model::{Date, Error};
use value_model_arrow::{
    ColumnScorer, EntryScorer, LongMapping, LongScorer, LongSettings, Mapping, MoneyLines, Order, Scored,
    Settings,
};

const DAY: i64 = 86_400;

fn as_of() -> Date {
    "2026-11-01".parse().unwrap()
}

fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .unwrap()
}

/// A number counts as it is, from 0 to 100; it is stale after 30 days.
fn scorer() -> Scorer {
    let mut usage = Measure::new("usage", Scale::Percent);
    usage.recency = Some(RecencyRule::Window { days: 30 });
    Scorecard::new("mine", "1", Group::new("health").child(usage)).compile().unwrap()
}

fn score(batch: &RecordBatch, on: bool) -> Result<Scored, Error> {
    let settings = Settings { context: Context::new(as_of()), columns: vec![Column::Score] };
    let mapping = Mapping { on: on.then(|| "on".into()), ..Mapping::default() };
    ColumnScorer::new(&scorer(), &batch.schema(), &mapping, settings)?.score(batch)
}

fn scores(scored: &Scored) -> Vec<Option<f64>> {
    scored.results.column(0).as_primitive::<Float64Type>().iter().collect()
}

fn codes(scored: &Scored) -> Vec<(usize, &'static str, &str)> {
    scored.refused.iter().map(|one| (one.row, one.error.code(), one.error.field())).collect()
}

#[test]
fn decimals_of_every_width_are_answers() {
    let wide: Vec<Option<i256>> = vec![Some(i256::from_i128(1235)), None, Some(i256::from_i128(10_001))];
    for column in [
        Arc::new(
            Decimal32Array::from(vec![Some(1235), None, Some(10_001)])
                .with_precision_and_scale(9, 2)
                .unwrap(),
        ) as ArrayRef,
        Arc::new(
            Decimal64Array::from(vec![Some(1235), None, Some(10_001)])
                .with_precision_and_scale(9, 2)
                .unwrap(),
        ),
        Arc::new(
            Decimal128Array::from(vec![Some(1235), None, Some(10_001)])
                .with_precision_and_scale(9, 2)
                .unwrap(),
        ),
        Arc::new(Decimal256Array::from(wide).with_precision_and_scale(9, 2).unwrap()),
    ] {
        let scored = score(&table(vec![("usage", column)]), false).unwrap();
        assert_eq!(scores(&scored), [Some(12.35), None, None]);
        assert_eq!(codes(&scored), [(2, "outside_scale", "usage")]);
    }
}

proptest! {
    #[test]
    fn decimals_are_the_nearest_numbers(values in proptest::collection::vec(any::<i128>(), 1..9), cut in 0..127_u32, scale in -30..38_i8) {
        // What a decimal of 38 digits can hold.
        let values: Vec<i128> = values.iter().map(|value| (value >> cut) % 10_i128.pow(38)).collect();
        let column = Decimal128Array::from(values.clone()).with_precision_and_scale(38, scale).unwrap();
        let batch = table(vec![("x", Arc::new(column) as ArrayRef)]);
        let tidy = value_model_arrow::tidy(&batch, &|_| true).unwrap();
        let found = tidy.column(0).as_primitive::<Float64Type>();
        for (value, found) in values.iter().zip(found.values()) {
            let expected: f64 = format!("{value}e{}", -i32::from(scale)).parse().unwrap();
            prop_assert_eq!(found.to_bits(), (expected + 0.0).to_bits(), "{} e-{}", value, scale);
        }
    }

    #[test]
    fn a_column_of_decimals_has_the_bits_of_its_numbers(values in proptest::collection::vec(prop::option::of(-10..1_010_000_000_i64), 1..300)) {
        let decimals = Decimal128Array::from(values.iter().map(|value| value.map(i128::from)).collect::<Vec<_>>());
        let decimals = decimals.with_precision_and_scale(12, 7).unwrap();
        let numbers: Float64Array = values.iter().map(|value| value.map(|value| format!("{value}e-7").parse::<f64>().unwrap())).collect();
        let found = score(&table(vec![("usage", Arc::new(decimals) as ArrayRef)]), false).unwrap();
        let expected = score(&table(vec![("usage", Arc::new(numbers) as ArrayRef)]), false).unwrap();
        prop_assert_eq!(found.results, expected.results);
        prop_assert_eq!(found.refused, expected.refused);
    }
}

/// Moments of every unit: that many days after 1970, and so many ticks more in some rows.
fn moments(days: &[Option<i64>], more: &[(usize, i64)]) -> [(i64, ArrayRef); 4] {
    let ticks = |second: i64| -> Vec<Option<i64>> {
        let mut ticks: Vec<_> = days.iter().map(|day| day.map(|day| day * DAY * second)).collect();
        for (row, tick) in more {
            ticks[*row] = ticks[*row].map(|moment| moment + tick);
        }
        ticks
    };
    [
        (1, Arc::new(TimestampSecondArray::from(ticks(1))) as ArrayRef),
        (1_000, Arc::new(TimestampMillisecondArray::from(ticks(1_000)))),
        (1_000_000, Arc::new(TimestampMicrosecondArray::from(ticks(1_000_000)))),
        (1_000_000_000, Arc::new(TimestampNanosecondArray::from(ticks(1_000_000_000)))),
    ]
}

#[test]
fn moments_at_midnight_are_the_days_of_answers() {
    let today = i64::from(as_of().days());
    let days = [Some(today), Some(today - 31), None, Some(today + 1), Some(today - 1)];
    let usage: ArrayRef = Arc::new(Float64Array::from(vec![50.0; 5]));
    let dates: ArrayRef = Arc::new(days.iter().map(|day| day.map(|day| day as i32)).collect::<Date32Array>());
    let expected = score(&table(vec![("usage", Arc::clone(&usage)), ("on", dates)]), true).unwrap();
    assert_eq!(scores(&expected), [Some(50.0), None, Some(50.0), None, Some(50.0)]);
    assert_eq!(codes(&expected), [(3, "after_as_of", "on")]);
    for (_, on) in moments(&days, &[]) {
        let found = score(&table(vec![("usage", Arc::clone(&usage)), ("on", on)]), true).unwrap();
        assert_eq!((found.results, found.refused), (expected.results.clone(), expected.refused.clone()));
    }
    // One tick later it is no day, and says so with the moment.
    for (second, on) in moments(&days, &[(0, 1), (4, 1)]) {
        let found = score(&table(vec![("usage", Arc::clone(&usage)), ("on", on)]), true).unwrap();
        assert_eq!(
            codes(&found),
            [(0, "invalid_date", "on"), (3, "after_as_of", "on"), (4, "invalid_date", "on")]
        );
        let fraction =
            if second == 1 { "01".into() } else { format!("00.{:0>1$}", 1, second.ilog10() as usize) };
        let text = found.refused[0].error.to_string();
        assert!(text.contains(&format!("`2026-11-01T00:00:{fraction}`")), "{text}");
    }
}

#[test]
fn moments_that_are_made_tidy_are_refused_alike() {
    // A tick past midnight, where the whole column becomes texts.
    for (_, on) in moments(&[Some(20_000), Some(20_001)], &[(1, 1)]) {
        let usage: ArrayRef = Arc::new(Float64Array::from(vec![50.0; 2]));
        let tidy = value_model_arrow::tidy(&table(vec![("usage", usage), ("on", on)]), &|_| true).unwrap();
        assert_eq!(codes(&score(&tidy, true).unwrap()), [(1, "invalid_date", "on")]);
    }
}

#[test]
fn columns_that_hold_no_days_are_refused_by_name() {
    let usage: ArrayRef = Arc::new(Float64Array::from(vec![50.0]));
    let zoned = TimestampSecondArray::from(vec![0]).with_timezone("Europe/Berlin");
    for (on, said) in [
        (Arc::new(zoned) as ArrayRef, "Europe/Berlin"),
        (Arc::new(Int64Array::from(vec![20_000])), "dates, texts or moments without a time zone"),
        (Arc::new(Float64Array::from(vec![0.5])), "holds Float64"),
    ] {
        let error = score(&table(vec![("usage", Arc::clone(&usage)), ("on", on)]), true).unwrap_err();
        assert_eq!((error.code(), error.field()), ("invalid_input", "on"));
        assert!(error.to_string().contains(said), "{error}");
    }
    let zoned: ArrayRef = Arc::new(TimestampSecondArray::from(vec![0]).with_timezone("UTC"));
    let error = score(&table(vec![("usage", zoned)]), false).unwrap_err();
    assert!(error.field() == "usage" && error.to_string().contains("time zone UTC"), "{error}");
    // Null throughout: no answer says its day.
    let null: ArrayRef = Arc::new(NullArray::new(1));
    assert_eq!(scores(&score(&table(vec![("usage", usage), ("on", null)]), true).unwrap()), [Some(50.0)]);
}

#[test]
fn the_null_of_a_dictionary_is_no_answer_beside_a_wrong_one() {
    let tree = Group::new("health")
        .child(Measure::new("usage", Scale::Percent))
        .child(Measure::new("goals", Scale::YesNo));
    let scorer = Scorecard::new("mine", "1", tree).compile().unwrap();
    let values = Arc::new(StringArray::from(vec![Some("yes"), None]));
    let goals = DictionaryArray::<Int32Type>::new(Int32Array::from(vec![1, 0, 1]), values);
    let usage: ArrayRef = Arc::new(Float64Array::from(vec![50.0, 700.0, 60.0]));
    let batch = table(vec![("usage", usage), ("goals", Arc::new(goals))]);
    let settings = Settings { context: Context::new(as_of()), columns: vec![Column::Score] };
    let columns = ColumnScorer::new(&scorer, &batch.schema(), &Mapping::default(), settings).unwrap();
    let scored = columns.score(&batch).unwrap();
    assert_eq!(scores(&scored), [Some(50.0), None, Some(60.0)]);
    assert_eq!(codes(&scored), [(1, "outside_scale", "usage")]);
}

#[test]
fn long_tables_and_money_lines_take_them_too() {
    let texts = |values: &[&str]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let decimals = |values: Vec<i128>| {
        Arc::new(Decimal128Array::from(values).with_precision_and_scale(9, 2).unwrap()) as ArrayRef
    };
    let today = i64::from(as_of().days());
    for (_, on) in moments(&[Some(today), Some(today - 31), Some(today)], &[(2, 7)]) {
        let batch = table(vec![
            ("account", texts(&["a", "b", "c"])),
            ("measure", texts(&["usage"; 3])),
            ("value", decimals(vec![1235, 5000, 5000])),
            ("on", on),
        ]);
        let settings = LongSettings::new(Context::new(as_of()), vec![Column::Score]);
        let mut long =
            LongScorer::new(&scorer(), &batch.schema(), &LongMapping::default(), settings).unwrap();
        let (first, last) = (long.push(&batch).unwrap(), long.finish().unwrap());
        let scores =
            |batch: &RecordBatch| batch.column(1).as_primitive::<Float64Type>().iter().collect::<Vec<_>>();
        assert_eq!([scores(&first.results), scores(&last.results)].concat(), [Some(12.35), None, None]);
        let refused: Vec<_> =
            first.refused.iter().map(|one| (one.row, one.error.code(), one.error.field())).collect();
        assert_eq!(refused, [(2, "invalid_date", "on")]);
    }
    let (_, on) = moments(&[Some(today)], &[])[0].clone();
    let batch = table(vec![
        ("account", texts(&["a"])),
        ("id", texts(&["hours"])),
        ("kind", texts(&["tangible_benefit"])),
        ("amount", decimals(vec![1235])),
        ("currency", texts(&["EUR"])),
        ("period", texts(&["year"])),
        ("source", texts(&["measured"])),
        ("on", on),
    ]);
    let model = MoneyLines(CustomerValueInput::new(vec![]));
    let mut entries = EntryScorer::new(model, &batch.schema(), "account", Order::Sorted).unwrap();
    entries.push(&batch).unwrap();
    let last = entries.finish().unwrap();
    let benefits =
        last.results.column_by_name("tangible_benefits").unwrap().as_primitive::<Float64Type>().clone();
    assert_eq!((last.refused.len(), benefits.value(0).to_bits()), (0, 12.35_f64.to_bits()));
}
