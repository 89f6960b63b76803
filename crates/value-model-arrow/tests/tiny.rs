//! Answers at the ends of the range of numbers: so small that products lose bits, zeros with a sign, and ends of the scale.
#![cfg(target_arch = "x86_64")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch};
use value_model::answer::Missing;
use value_model::block::Column;
use value_model::scale::{Cell, Scale};
use value_model::scorecard::{Context, Group, Measure, Scorecard};
use value_model_arrow::{ColumnScorer, Mapping, Path, Settings};

const ROWS: usize = 4_096;

/// Numbers around 2^-900, the least that is divided by products, and others that are seldom met.
const UNITS: [Option<f64>; 12] = [
    Some(0.0),
    Some(-0.0),
    Some(5e-324),
    Some(1e-300),
    Some(1.1e-271),
    Some(1.2e-271),
    Some(1e-20),
    Some(0.3),
    Some(0.999_999_999_999_999_9),
    Some(1.0),
    None,
    None,
];

/// The answer to a measure in a row: in most rows numbers without their first bit, for which products would not do.
fn unit(row: usize, measure: usize) -> Option<f64> {
    let turn = (row as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ (measure as u64 + 1).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    let turn = (turn ^ turn >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 13;
    if row.is_multiple_of(3) {
        UNITS.get(turn as usize % UNITS.len()).copied().flatten()
    } else {
        Some(f64::from_bits(turn >> (row % 40)))
    }
}

#[test]
fn tiny_units_have_the_same_bits_alone_and_in_a_table() {
    let mut tree = Group::new("all");
    for place in 0..3 {
        let mut group = Group::new(format!("g{place}")).weight(0.7 + f64::from(place));
        for measure in 0..3 {
            let weight = [0.1, 3.0, 0.7][measure];
            let measure = Measure::new(format!("m{place}{measure}"), Scale::Unit).weight(weight);
            group = group.child(measure);
        }
        tree = tree.child(group);
    }
    let scorer = Scorecard::new("tiny", "1", tree).compile().unwrap();
    let mut columns = vec![Column::Score, Column::Lower, Column::Upper, Column::Coverage];
    columns.extend(Column::groups(&scorer));
    let without = columns.len();
    columns.extend(Column::contributions(&scorer));

    let arrays = scorer.measures().iter().enumerate().map(|(measure, compiled)| {
        let values: Float64Array = (0..ROWS).map(|row| unit(row, measure)).collect();
        (compiled.id.to_string(), Arc::new(values) as ArrayRef)
    });
    let batch = RecordBatch::try_from_iter(arrays).unwrap();

    let context = Context::new("2026-11-01".parse().unwrap());
    let mut workspace = scorer.workspace();
    for asked in [&columns[..], &columns[..without], &columns[..1]] {
        let settings = Settings { context, columns: asked.to_vec() };
        for path in Path::ALL.into_iter().filter(|path| path.is_available()) {
            let matched = ColumnScorer::new(&scorer, &batch.schema(), &Mapping::default(), settings.clone());
            let scored = matched.unwrap().with_path(path).score(&batch).unwrap();
            assert!(scored.refused.is_empty(), "{path:?}: {:?}", scored.refused.first());
            for row in 0..ROWS {
                let cell = |measure| unit(row, measure).map_or(Cell::Missing(Missing::NoData), Cell::Number);
                let cells: Vec<Cell> = (0..scorer.measures().len()).map(cell).collect();
                let score = scorer.score(&cells, &context, &mut workspace).unwrap();
                let expected = scorer.values(asked, &score, &mut workspace);
                for ((found, expected), column) in scored.results.columns().iter().zip(expected).zip(asked) {
                    let numbers = found.as_primitive::<Float64Type>();
                    let found = numbers.is_valid(row).then(|| numbers.value(row).to_bits());
                    assert_eq!(
                        found,
                        expected.map(f64::to_bits),
                        "{path:?}, row {row}, {column:?}: {cells:?}"
                    );
                }
            }
        }
    }
}
