//! Scores one account over and over and does nothing else: for counting instructions.
//!
//! `valgrind --tool=callgrind target/release/examples/repeat typed 100`, with `read`, `assess`, `write` and `json`, which is all three, for the other paths.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program")]

use std::hint::black_box;

use value_model::scorecard::Context;
use value_model_benches::{RECORD, as_of, many, scorer};

fn main() {
    let mut words = std::env::args().skip(1);
    let path = words.next().unwrap_or_else(|| "typed".to_owned());
    let rounds: usize = words.next().and_then(|text| text.parse().ok()).unwrap_or(10);
    let (scorer, as_of) = (scorer().unwrap(), as_of().unwrap());
    let context = Context::new(as_of);
    let accounts = many(1000).unwrap();
    let mut workspace = scorer.workspace();
    let record = value_model_bridge::record_from_json(RECORD).unwrap();
    let assessment = scorer.assess(&record, as_of).unwrap();
    let mut text = Vec::with_capacity(8192);
    let mut sum = 0.0;
    for _ in 0..rounds {
        match path.as_str() {
            "assess" => sum += scorer.assess(black_box(&record), as_of).unwrap().lower,
            "json" => {
                let record = value_model_bridge::record_from_json(black_box(RECORD)).unwrap();
                text.clear();
                value_model_bridge::to_json(&scorer.assess(&record, as_of).unwrap(), &mut text).unwrap();
                sum += f64::from(u32::try_from(text.len()).unwrap());
            }
            "read" => {
                let record = value_model_bridge::record_from_json(black_box(RECORD)).unwrap();
                sum += f64::from(u32::try_from(record.answers.len()).unwrap());
            }
            "write" => {
                text.clear();
                value_model_bridge::to_json(black_box(&assessment), &mut text).unwrap();
                sum += f64::from(u32::try_from(text.len()).unwrap());
            }
            _ => {
                for cells in &accounts {
                    sum += scorer.score(black_box(cells), &context, &mut workspace).unwrap().lower;
                }
            }
        }
    }
    println!("{sum}");
}
