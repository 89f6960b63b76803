//! Scores columns once and does nothing else: for counting instructions.
//!
//! `columns JOB ROWS` makes the same data whatever `ROWS` is, and scores that many of its rows, so that two runs differ by
//! nothing but scoring. The environment variable `VALUE_MODEL_SIMD` forces the instructions.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program")]

use value_model_benches::{Results, jobs};

/// Rows that there are.
const ALL: usize = 65_536;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [job, rows] = words.as_slice() else { return println!("columns JOB ROWS") };
    let rows: usize = rows.parse().unwrap();
    let job = jobs().unwrap().into_iter().find(|known| known.id == *job).unwrap();
    let table = job.table().unwrap();
    let answers = job.answers(&table, ALL).unwrap();
    let mut results = Results::new(&table, ALL);
    table.score(&answers.slice(0, rows), results.targets(&table)).unwrap();
    println!("{}", results.checksum());
}
