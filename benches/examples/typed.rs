//! Scores typed accounts and nothing else: for counting instructions.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program")]

use std::hint::black_box;

use value_model::scorecard::Context;
use value_model_benches::{as_of, many, scorer};

fn main() {
    let rounds: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10);
    let scorer = scorer().unwrap();
    let context = Context::new(as_of().unwrap());
    let accounts = many(1000).unwrap();
    let mut workspace = scorer.workspace();
    let mut sum = 0.0;
    for _ in 0..rounds {
        for cells in &accounts {
            sum += scorer.score(black_box(cells), &context, &mut workspace).unwrap().lower;
        }
    }
    println!("{sum}");
}
