//! One account at a time: the fast path, the full assessment, and JSON in and out.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops at the first surprise and has no callers"
)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use value_model::scorecard::Context;
use value_model_benches::{RECORD, as_of, full, many, scorer};

fn one_account(c: &mut Criterion) {
    let (scorer, as_of) = (scorer().unwrap(), as_of().unwrap());
    let context = Context::new(as_of);
    let mut workspace = scorer.workspace();
    let mut group = c.benchmark_group("one_account");

    let cells = full().unwrap();
    group.bench_function("typed", |b| b.iter(|| scorer.score(black_box(&cells), &context, &mut workspace)));

    let accounts = many(1000).unwrap();
    group.throughput(Throughput::Elements(1000));
    group.bench_function("typed_1000_with_gaps", |b| {
        b.iter(|| {
            for cells in &accounts {
                let _ = black_box(scorer.score(black_box(cells), &context, &mut workspace));
            }
        });
    });
    group.throughput(Throughput::Elements(1));

    let record = value_model_bridge::record_from_json(RECORD.as_bytes()).unwrap();
    group.bench_function("assessment", |b| b.iter(|| scorer.assess(black_box(&record), as_of)));

    // As a server does it: the answer goes into a buffer that is kept for the next one.
    let mut text = Vec::with_capacity(8192);
    group.bench_function("json_to_json", |b| {
        b.iter(|| {
            text.clear();
            let record = value_model_bridge::record_from_json(black_box(RECORD).as_bytes()).unwrap();
            value_model_bridge::to_json(&scorer.assess(&record, as_of).unwrap(), &mut text).unwrap();
        });
    });
    group.bench_function("compile", |b| b.iter(|| scorer.scorecard().compile()));
    group.finish();
}

criterion_group!(benches, one_account);
criterion_main!(benches);
