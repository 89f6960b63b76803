//! Results chunk by chunk: the bits of the whole, in order, until somebody has had enough.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test stops at the first surprise, and its numbers are small"
)]

use std::ops::ControlFlow;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt8Type};
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use value_model::block::Selection;
use value_model::scorecard::Context;
use value_model::{Error, presets};
use value_model_arrow::{CHUNK, ColumnScorer, Mapping, Settings};

/// Answers of which some are missing and, in odd places, wrong.
fn batch(rows: usize) -> RecordBatch {
    let numbers = |step: usize| -> ArrayRef {
        let number = |row: usize| match row {
            row if row % 30_011 == 7 => Some(7.0),
            row if row % (step + 3) == 0 => None,
            row => Some(((row * step) % 101) as f64 / 100.0),
        };
        Arc::new((0..rows).map(number).collect::<Float64Array>())
    };
    let words = ["yes", "no", "perhaps"];
    let documented = (0..rows).map(|row| Some(words[if row % 50_021 == 3 { 2 } else { row % 2 }]));
    let columns = [
        ("full_usage", numbers(17)),
        ("experience", numbers(29)),
        ("financial", numbers(31)),
        ("goals_documented", Arc::new(documented.collect::<StringArray>()) as ArrayRef),
    ];
    // Sliced, so that no bitmap begins with a byte.
    let whole =
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap();
    whole.slice(rows.min(3), rows - rows.min(3))
}

fn matched(batch: &RecordBatch) -> ColumnScorer {
    let scorer = presets::scorecard("value-realization").unwrap().compile().unwrap();
    let selection = Selection { contributions: true, headroom: true, flags: true, names: None };
    let settings = Settings {
        context: Context::new("2026-11-01".parse().unwrap()),
        columns: selection.of(&scorer).unwrap(),
    };
    ColumnScorer::new(&scorer, &batch.schema(), &Mapping::default(), settings).unwrap()
}

/// What a column holds, as bits: -0 is not 0.
fn bits(column: &ArrayRef) -> Vec<Option<u64>> {
    let bits = |row: usize| match (column.as_primitive_opt::<Float64Type>(), column.as_boolean_opt()) {
        (Some(numbers), _) => numbers.value(row).to_bits(),
        (None, Some(flags)) => u64::from(flags.value(row)),
        (None, None) => u64::from(column.as_primitive::<UInt8Type>().value(row)),
    };
    (0..column.len()).map(|row| column.is_valid(row).then(|| bits(row))).collect()
}

#[test]
fn chunks_are_the_whole_on_any_number_of_threads() {
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(1 << 23).build().unwrap();
        for rows in [1, CHUNK - 1, CHUNK + 3, CHUNK + 4, 5 * CHUNK + 77] {
            let batch = batch(rows);
            let scorer = matched(&batch);
            pool.install(|| {
                let whole = scorer.score(&batch).unwrap();
                let (mut refused, mut results, mut codes, mut rows) = (Vec::new(), Vec::new(), Vec::new(), 0);
                let told = scorer.score_chunks(&batch, |chunk| {
                    assert_eq!(chunk.start, rows);
                    let last = chunk.start + chunk.scored.results.num_rows() == batch.num_rows();
                    assert!(last || chunk.scored.results.num_rows() == CHUNK);
                    rows += chunk.scored.results.num_rows();
                    codes.extend(chunk.codes().as_string::<i32>().iter().map(|code| code.map(str::to_owned)));
                    refused.extend(chunk.scored.refused);
                    results.push(chunk.scored.results);
                    Ok::<_, Error>(ControlFlow::Continue(()))
                });
                assert_eq!(told, Ok(ControlFlow::Continue(())));
                assert_eq!(refused, whole.refused);
                assert!(rows < 40_000 || !refused.is_empty());
                let expected: Vec<_> =
                    whole.codes().as_string::<i32>().iter().map(|code| code.map(str::to_owned)).collect();
                assert_eq!(codes, expected);
                for (place, expected) in whole.results.columns().iter().enumerate() {
                    let found: Vec<_> =
                        results.iter().flat_map(|part: &RecordBatch| bits(part.column(place))).collect();
                    assert_eq!(found, bits(expected));
                }
            });
        }
    }
}

#[test]
fn whoever_takes_chunks_may_stop_or_fail() {
    #[derive(Debug, PartialEq)]
    enum Mine {
        Full,
        Score(Error),
    }
    impl From<Error> for Mine {
        fn from(error: Error) -> Self {
            Self::Score(error)
        }
    }
    let batch = batch(9 * CHUNK);
    let scorer = matched(&batch);
    let mut seen = 0;
    let told = scorer.score_chunks(&batch, |chunk| {
        seen += 1;
        Ok::<_, Mine>(if chunk.start == 2 * CHUNK {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    });
    assert_eq!((told, seen), (Ok(ControlFlow::Break(())), 3));
    let mut seen = 0;
    let told = scorer.score_chunks(&batch, |_| {
        seen += 1;
        Err(Mine::Full)
    });
    assert_eq!((told, seen), (Err(Mine::Full), 1));
    // Another table than the one it was made for.
    let told = scorer.score_chunks(&batch.project(&[0]).unwrap(), |_| Err(Mine::Full));
    assert!(matches!(told, Err(Mine::Score(Error::Conflict { .. }))), "{told:?}");
    // And it may be used again.
    assert_eq!(
        scorer.score_chunks(&batch, |_| Ok::<_, Error>(ControlFlow::Continue(()))),
        Ok(ControlFlow::Continue(()))
    );
}

#[test]
fn no_rows_have_no_chunks() {
    let batch = batch(0);
    let told = matched(&batch).score_chunks(&batch, |_| Err(Error::Missing { field: "rows".into() }));
    assert_eq!(told, Ok(ControlFlow::Continue(())));
}
