//! Bad rows, orders, types and threads.

use std::sync::Arc;

use crate::common;
use crate::tables::*;
use arrow_array::{Float64Array, Int64Array, RecordBatch};
use value_model::answer::{Answer, Missing, Value};
use value_model::block::Column;
use value_model::scale::Scale;
use value_model::scorecard::{Context, Group, Measure, Scorecard, Scorer};
use value_model_arrow::{LongMapping, LongScorer, LongSettings, Order};

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

#[test]
fn whole_numbers_that_only_stand_together_are_cut_between_threads_too() {
    // Falling and rising, below 0 and above, one to three rows each, and one with more rows than a part.
    let mut accounts: Vec<i64> = Vec::new();
    for account in (-70_000..70_000_i64).rev().chain([900_000]).chain(70_000..140_000) {
        let rows = if account == 900_000 { 140_000 } else { account.unsigned_abs() % 3 + 1 };
        accounts.extend((0..rows).map(|_| account));
    }
    let (rows, measures) = (accounts.len(), ["csat", "usage"]);
    let small = |row: usize, by: usize| f64::from(u8::try_from(row % by).unwrap());
    let value = |row: usize| if row.is_multiple_of(2) { 1.0 + small(row, 5) } else { small(row, 7) / 6.0 };
    let measure = (0..rows).map(|row| Some(measures[row % 2].to_owned())).collect::<Vec<_>>();
    let whole = table(vec![
        ("account", Arc::new(Int64Array::from(accounts))),
        ("measure", texts(3, &measure)),
        ("value", Arc::new((0..rows).map(|row| Some(value(row))).collect::<Float64Array>())),
    ]);
    let scorer = card();
    let run = |push: &dyn Fn(&mut LongScorer) -> Vec<value_model_arrow::LongScored>| {
        let mapping = LongMapping::default();
        let mut long = LongScorer::new(&scorer, &whole.schema(), &mapping, settings(Order::Grouped)).unwrap();
        let (mut found, mut refused) = (Found::new(), Vec::new());
        let done = push(&mut long);
        for part in done.iter().chain([&long.finish().unwrap()]) {
            read(&part.results, &mut found);
            refused.extend(part.refused.iter().map(|one| (one.row, one.error.code())));
        }
        refused.sort_unstable();
        (found, refused)
    };
    let expected = run(&|long| vec![long.push(&whole).unwrap()]);
    assert_eq!((expected.0.len(), expected.0[0].0.as_str()), (210_001, "69999"));
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let found = run(&|long| {
            let parts = pool.install(|| long.push_parallel(&whole)).unwrap();
            assert!(parts.len() > 4, "several parts, each with two tables");
            parts
        });
        assert!(found == expected);
    }
}
