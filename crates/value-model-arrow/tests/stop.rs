//! Work that is told to stop stops within a piece, and what it leaves behind is what its documentation says.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test stops at the first surprise, and its numbers are small"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use value_model::block::Column;
use value_model::model::customer_value::CustomerValueInput;
use value_model::scorecard::{Context, Scorer};
use value_model::{Error, presets};
use value_model_arrow::{
    ColumnPortfolio, EntryScorer, LongMapping, LongScorer, LongSettings, MoneyLines, Order, PortfolioSettings,
};

/// More than two parts of a long table, and than two pieces of everything else.
const ROWS: usize = 300_000;
/// No scorer reads more rows than this between two questions.
const PIECE: usize = 1 << 14;

/// Says yes so many times, and counts how often it was asked.
struct Patience {
    asked: AtomicUsize,
    end: usize,
}

impl Patience {
    fn of(end: usize) -> Self {
        Self { asked: AtomicUsize::new(0), end }
    }

    fn lasts(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed) < self.end
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn texts(text: impl Fn(usize) -> String) -> ArrayRef {
    Arc::new((0..ROWS).map(|row| Some(text(row))).collect::<StringArray>())
}

fn numbers(number: impl Fn(usize) -> f64) -> ArrayRef {
    Arc::new((0..ROWS).map(|row| Some(number(row))).collect::<Float64Array>())
}

fn scorer() -> Scorer {
    presets::scorecard("value-realization").unwrap().compile().unwrap()
}

/// Four answers of each account.
fn answers() -> RecordBatch {
    let measures = ["full_usage", "experience", "learning", "financial"];
    let columns = [
        ("account", texts(|row| format!("{:07}", row / 4))),
        ("measure", texts(|row| measures[row % 4].into())),
        ("value", numbers(|row| (row % 101) as f64 / 100.0)),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn long(order: Order) -> LongScorer {
    let context = Context::new("2026-11-01".parse().unwrap());
    let settings = LongSettings { order, ..LongSettings::new(context, vec![Column::Score]) };
    LongScorer::new(&scorer(), &answers().schema(), &LongMapping::default(), settings).unwrap()
}

fn is_spent<T: std::fmt::Debug>(done: Result<T, Error>) {
    let error = done.unwrap_err();
    assert_eq!((error.code(), error.field()), ("conflict", "rows"));
}

#[test]
fn a_long_table_stops_within_a_piece_and_is_spent() {
    let batch = answers();
    for order in [Order::Sorted, Order::Grouped, Order::Any] {
        let (patience, mut scorer) = (Patience::of(7), long(order));
        assert!(scorer.push_while(&batch, &|| patience.lasts()).unwrap().is_none());
        assert_eq!(patience.asked(), 8);
        is_spent(scorer.push(&batch));
        is_spent(scorer.push_parallel(&batch));
        is_spent(scorer.finish());
        let patience = Patience::of(usize::MAX);
        let mut scorer = long(order);
        assert!(scorer.push_while(&batch, &|| patience.lasts()).unwrap().is_some());
        assert!(patience.asked() >= ROWS / PIECE, "{}", patience.asked());
    }
}

#[test]
fn every_thread_of_a_long_table_stops() {
    let batch = answers();
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(1 << 23).build().unwrap();
        pool.install(|| {
            // In the middle of the parts, and among the accounts that begin before them.
            for end in [0, 3, 19] {
                let (patience, mut scorer) = (Patience::of(end), long(Order::Sorted));
                assert!(scorer.push_parallel_while(&batch, &|| patience.lasts()).unwrap().is_none());
                assert!(patience.asked() <= end + 1 + threads, "{threads}: {}", patience.asked());
                is_spent(scorer.push_parallel(&batch));
                is_spent(scorer.finish());
            }
            let (patience, mut scorer) = (Patience::of(usize::MAX), long(Order::Sorted));
            let done = scorer.push_parallel_while(&batch, &|| patience.lasts()).unwrap().unwrap();
            let accounts: usize = done.iter().map(|done| done.results.num_rows()).sum();
            assert_eq!(accounts + scorer.finish().unwrap().results.num_rows(), ROWS / 4);
            assert!(patience.asked() >= ROWS / PIECE, "{}", patience.asked());
        });
    }
}

#[test]
fn accounts_that_are_left_stop_too() {
    let mut scorer = long(Order::Any);
    scorer.push(&answers()).unwrap();
    let patience = Patience::of(2);
    assert!(scorer.finish_while(&|| patience.lasts()).unwrap().is_none());
    assert_eq!(patience.asked(), 3);
    let mut scorer = long(Order::Any);
    scorer.push(&answers()).unwrap();
    assert_eq!(scorer.finish_while(&|| true).unwrap().unwrap().results.num_rows(), ROWS / 4);
}

#[test]
fn money_lines_stop_within_a_piece_and_are_spent() {
    let columns = [
        ("account", texts(|row| format!("{:07}", row / 4))),
        ("id", texts(|row| row.to_string())),
        ("kind", texts(|_| "tangible_benefit".into())),
        ("amount", numbers(|row| row as f64)),
        ("currency", texts(|_| "EUR".into())),
        ("period", texts(|_| "year".into())),
        ("source", texts(|_| "measured".into())),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let made = |order| {
        EntryScorer::new(MoneyLines(CustomerValueInput::new(vec![])), &batch.schema(), "account", order)
            .unwrap()
    };
    for order in [Order::Sorted, Order::Any] {
        // While rows are read.
        let (patience, mut scorer) = (Patience::of(5), made(order));
        assert!(scorer.push_while(&batch, &|| patience.lasts()).unwrap().is_none());
        assert_eq!(patience.asked(), 6);
        is_spent(scorer.push(&batch));
        is_spent(scorer.finish());
    }
    // While accounts are scored.
    let (patience, mut scorer) = (Patience::of(1000), made(Order::Sorted));
    assert!(scorer.push_while(&batch, &|| patience.lasts()).unwrap().is_none());
    assert!(patience.asked() < 1100, "{}", patience.asked());
    is_spent(scorer.finish());
    let mut scorer = made(Order::Any);
    scorer.push(&batch).unwrap();
    let patience = Patience::of(10);
    assert!(scorer.finish_while(&|| patience.lasts()).unwrap().is_none());
    assert!(patience.asked() < 110, "{}", patience.asked());
}

#[test]
fn a_portfolio_that_is_stopped_is_what_it_was() {
    let columns =
        [("csm", texts(|row| format!("c{}", row % 97))), ("score", numbers(|row| (row % 101) as f64))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let settings = PortfolioSettings { by: vec!["csm".into()], revenue: None };
    let mut portfolio = ColumnPortfolio::new(&scorer(), &batch.schema(), &settings).unwrap();
    let mut expected = portfolio.clone();
    portfolio.add(&batch.slice(0, 1000)).unwrap();
    let before = portfolio.report();
    let patience = Patience::of(4);
    assert!(portfolio.add_while(&batch, &|| patience.lasts()).unwrap().is_none());
    assert_eq!(patience.asked(), 5);
    assert_eq!(portfolio.report(), before);
    let patience = Patience::of(4);
    let batches = [batch.clone(), batch.slice(9, 70_000)];
    assert!(portfolio.add_all_while(&batches, &|| patience.lasts()).unwrap().is_none());
    assert!(patience.asked() <= 5 + rayon::current_num_threads(), "{}", patience.asked());
    assert_eq!(portfolio.report(), before);
    // It goes on as if nothing had happened, and whether it may be stopped changes no bit.
    let patience = Patience::of(usize::MAX);
    portfolio.add_while(&batch, &|| patience.lasts()).unwrap().unwrap();
    portfolio.add_all_while(&batches, &|| patience.lasts()).unwrap().unwrap();
    assert!(patience.asked() >= 2 * ROWS / PIECE, "{}", patience.asked());
    for part in [&batch.slice(0, 1000), &batch, &batches[0], &batches[1]] {
        expected.add(part).unwrap();
    }
    assert_eq!(portfolio.report(), expected.report());
}
