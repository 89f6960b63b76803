//! Times one row per answer: `cargo run --release -p value-model-arrow --example pivot`.

#![allow(clippy::print_stdout, reason = "an example prints its result")]

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Date32Array, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray,
};
use value_model::block::Column;
use value_model::scale::Scale;
use value_model::scorecard::{Context, Group, Measure, Scorecard};
use value_model_arrow::{LongMapping, LongScorer, LongSettings, Order};

const ACCOUNTS: i32 = 200_000;
const MEASURES: i32 = 12;

/// Nanoseconds that this thread has had a processor for, as Linux counts them: other programs do not show.
fn cpu_time() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse().ok()).unwrap_or(f64::NAN)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut tree = Group::new("health");
    for measure in 0..MEASURES {
        tree = tree.child(Measure::new(format!("measure_{measure}"), Scale::Likert { min: 1, max: 5 }));
    }
    let scorer = Scorecard::new("twelve", "1", tree).compile()?;
    let rows = || (0..ACCOUNTS).flat_map(|account| (0..MEASURES).map(move |measure| (account, measure)));
    let name = |account: i32| format!("account {account:09}");
    let texts: StringArray = rows().map(|(account, _)| Some(name(account))).collect();
    let numbers: Int64Array = rows().map(|(account, _)| Some(i64::from(account))).collect();
    let ids: Vec<String> = rows().map(|(_, measure)| format!("measure_{measure}")).collect();
    let measures: DictionaryArray<Int32Type> = ids.iter().map(|id| Some(id.as_str())).collect();
    let plain: StringArray = ids.iter().map(Some).collect();
    let values: Float64Array =
        rows().map(|(account, measure)| Some(f64::from(1 + (account * 7 + measure * 3) % 5))).collect();
    let values: ArrayRef = Arc::new(values);
    let sources: DictionaryArray<Int32Type> = rows().map(|_| Some("measured")).collect();
    let days: Date32Array = rows().map(|(account, _)| Some(20_000 + account % 300)).collect();
    let details: [(&str, ArrayRef); 2] = [("source", Arc::new(sources)), ("on", Arc::new(days))];
    let (texts, numbers): (ArrayRef, ArrayRef) = (Arc::new(texts), Arc::new(numbers));
    let (measures, plain): (ArrayRef, ArrayRef) = (Arc::new(measures), Arc::new(plain));
    let jobs = [
        ("whole numbers, dictionary", &numbers, &measures, Order::Grouped, 0),
        ("texts, dictionary", &texts, &measures, Order::Sorted, 0),
        ("texts, texts", &texts, &plain, Order::Sorted, 0),
        ("texts, dictionary, source, on", &texts, &measures, Order::Sorted, 2),
        ("texts in any order, dictionary", &texts, &measures, Order::Any, 0),
    ];
    for (what, account, measure, order, more) in jobs {
        let mut columns =
            vec![("account", account.clone()), ("measure", measure.clone()), ("value", values.clone())];
        columns.extend(details.iter().take(more).cloned());
        let table = RecordBatch::try_from_iter(columns)?;
        let mut best = f64::MAX;
        for _ in 0..5 {
            let context = Context::new("2026-11-01".parse()?);
            let wanted = vec![Column::Score, Column::Coverage, Column::Lower, Column::Upper];
            let settings = LongSettings { order, ..LongSettings::new(context, wanted) };
            let mut long = LongScorer::new(&scorer, &table.schema(), &LongMapping::default(), settings)?;
            let start = cpu_time();
            let accounts = long.push(&table)?.results.num_rows() + long.finish()?.results.num_rows();
            best = best.min(cpu_time() - start);
            assert_eq!(Some(accounts), usize::try_from(ACCOUNTS).ok());
        }
        println!("{what:32} {:6.2} ns/row", best / f64::from(ACCOUNTS * MEASURES));
    }
    Ok(())
}
