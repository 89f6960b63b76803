//! Computes the Customer Value Formula over columns and does nothing else: for counting instructions.
//!
//! `formula ROWS TIMES` makes the same data whatever `ROWS` and `TIMES` are. The environment variable
//! `VALUE_MODEL_SIMD` forces the instructions.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program")]

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use value_model::model::customer_value::columns::{Column, Target};
use value_model_arrow::{ValueScorer, ValueSettings};
use value_model_benches::{Filling, fill};

/// Rows that there are.
const ALL: usize = 65_536;

fn main() {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<usize>().unwrap());
    let (Some(rows), Some(times)) = (words.next(), words.next()) else {
        return println!("formula ROWS TIMES");
    };
    let names = [
        "tangible_benefits",
        "perceived_benefits",
        "tangible_costs",
        "perceived_costs",
        "alternative_benefits",
    ];
    let columns = names.into_iter().zip(0..).map(|(name, column)| {
        let (mut values, mut validity) = (vec![0.0; ALL], vec![0; ALL / 8]);
        let filling =
            Filling { seed: (5, column), null_share: 0.0, steps: 1_000_000, divisor: 8.0, garbage: false };
        fill(&mut values, &mut validity, filling);
        (name, Arc::new(Float64Array::from(values)) as ArrayRef)
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap().slice(0, rows);
    let scorer = ValueScorer::new(&batch.schema(), &ValueSettings::default()).unwrap();
    let mut values = vec![vec![0.0; ALL]; 3];
    let mut valid = vec![vec![0; ALL / 8]; 3];
    let wanted = [Column::Gross, Column::Net, Column::BenefitCostRatio];
    for _ in 0..times {
        let places = wanted.iter().zip(values.iter_mut().zip(&mut valid));
        let target = places.map(|(&column, (values, valid))| Target { column, values, valid });
        assert!(scorer.score_into(&batch, target.collect()).unwrap().is_empty());
    }
    println!("{}", values.iter().flatten().sum::<f64>());
}
