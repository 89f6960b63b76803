//! Columns that fit into the caches: every job of the manifest, 8,192 accounts at a time.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops at the first surprise and has no callers"
)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use value_model_benches::{Results, jobs};

const ROWS: usize = 8192;

fn columns(c: &mut Criterion) {
    let mut group = c.benchmark_group("columns");
    group.throughput(Throughput::Elements(ROWS as u64));
    for job in jobs().unwrap() {
        let table = job.table().unwrap();
        let answers = job.answers(&table, ROWS).unwrap();
        let mut results = Results::new(&table, ROWS);
        group.bench_function(&job.id, |b| {
            b.iter(|| table.score(black_box(&answers), results.targets(&table)).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, columns);
criterion_main!(benches);
