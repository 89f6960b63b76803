//! Scores columns a few times and does nothing else: for counting instructions.
//!
//! `columns JOB TIMES` makes the same data whatever `TIMES` is, and scores all of it that often, so that two runs differ by
//! nothing but scoring. The environment variable `VALUE_MODEL_SIMD` forces the instructions.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program")]

use value_model_benches::{Results, jobs};

/// Rows that there are.
const ROWS: usize = 65_536;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [job, times] = words.as_slice() else { return println!("columns JOB TIMES") };
    let times: usize = times.parse().unwrap();
    let job = jobs().unwrap().into_iter().find(|known| known.id == *job).unwrap();
    let table = job.table().unwrap();
    let answers = job.answers(&table, ROWS).unwrap();
    let mut results = Results::new(&table, ROWS);
    for _ in 0..times {
        table.score(&answers, results.targets(&table)).unwrap();
    }
    println!("{}", results.checksum());
}
