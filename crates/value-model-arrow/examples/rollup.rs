//! Times the roll-up of ten million accounts to 2,000 CSMs: `cargo run --release -p value-model-arrow --example rollup`.
#![allow(clippy::print_stdout, reason = "an example prints its result")]

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, StringArray};
use value_model_arrow::{ColumnPortfolio, PortfolioSettings};

const ROWS: u32 = 10_000_000;

/// Nanoseconds that this thread has had a processor for, as Linux counts them: other programs do not show.
fn cpu_time() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse().ok()).unwrap_or(f64::NAN)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut state = 1_u64;
    let mut draw = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(state >> 32).unwrap_or(0)
    };
    let share = |draw: u32| f64::from(draw) / f64::from(u32::MAX);
    let csm: Vec<i32> = (0..ROWS).map(|_| i32::try_from(draw() % 2_000).unwrap_or(0)).collect();
    let score: Vec<f64> = (0..ROWS).map(|_| 100.0 * share(draw())).collect();
    let lower: Vec<f64> = score.iter().map(|score| 0.9 * score).collect();
    let upper: Vec<f64> = score.iter().map(|score| 10.0 + 0.9 * score).collect();
    let coverage: Vec<f64> = (0..ROWS).map(|_| share(draw())).collect();
    let revenue: Vec<f64> = (0..ROWS).map(|_| (1e6 * share(draw())).round() / 100.0).collect();
    let names: StringArray = (0..2_000).map(|number| Some(format!("csm {number:04}"))).collect();
    let texts: StringArray = csm.iter().map(|csm| Some(format!("csm {csm:04}"))).collect();
    let dictionary = DictionaryArray::<Int32Type>::try_new(Int32Array::from(csm.clone()), Arc::new(names))?;
    let keys: [(&str, ArrayRef); 3] = [
        ("dictionary", Arc::new(dictionary)),
        ("int32", Arc::new(Int32Array::from(csm))),
        ("texts", Arc::new(texts)),
    ];
    let numbers = |values: &[f64]| -> ArrayRef { Arc::new(Float64Array::from(values.to_vec())) };
    let (score, revenue) = (numbers(&score), numbers(&revenue));
    let bounds = [("lower", numbers(&lower)), ("upper", numbers(&upper)), ("coverage", numbers(&coverage))];
    let scorer = value_model::presets::scorecard("value-realization")?.compile()?;
    for (kind, key) in keys {
        for with_bounds in [false, true] {
            let mut columns = vec![("csm", key.clone()), ("score", score.clone()), ("arr", revenue.clone())];
            columns.extend(bounds.iter().filter(|_| with_bounds).cloned());
            let table = RecordBatch::try_from_iter(columns)?;
            let settings = PortfolioSettings { by: vec!["csm".into()], revenue: Some("arr".into()) };
            let mut best = f64::MAX;
            for _ in 0..5 {
                let mut portfolio = ColumnPortfolio::new(&scorer, &table.schema(), &settings)?;
                let start = cpu_time();
                portfolio.add(&table)?;
                best = best.min(cpu_time() - start);
                assert_eq!(portfolio.report().rows.len(), 2_000);
            }
            let what = if with_bounds { "score, revenue, bounds, coverage" } else { "score, revenue" };
            println!("{kind:10} {what:33} {:6.2} ns/row", best / f64::from(ROWS));
        }
    }
    Ok(())
}
