//! Tables that do not fit the model: one clear error for the table, or a code for each row that is wrong.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, BinaryArray, Float64Array, NullArray, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use value_model::block::{Column, Target, Values};
use value_model::scale::Scale;
use value_model::scorecard::{Context, Group, Measure, Scorecard, Scorer};
use value_model::{Date, Error};
use value_model_arrow::{ColumnScorer, Mapping, Path, Settings};

fn scorer() -> Scorer {
    let tree = Group::new("health")
        .child(Measure::new("usage", Scale::Percent))
        .child(Measure::new("csat", Scale::Likert { min: 1, max: 5 }));
    Scorecard::new("mine", "1", tree).compile().unwrap()
}

fn settings() -> Settings {
    let as_of: Date = "2026-11-01".parse().unwrap();
    Settings { context: Context::new(as_of), columns: vec![Column::Score, Column::Coverage, Column::Band] }
}

fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .unwrap()
}

fn numbers(values: &[Option<f64>]) -> ArrayRef {
    Arc::new(values.iter().copied().collect::<Float64Array>())
}

fn matched(batch: &RecordBatch) -> Result<ColumnScorer, Error> {
    ColumnScorer::new(&scorer(), &batch.schema(), &Mapping::default(), settings())
}

#[test]
fn a_column_of_the_wrong_type_is_named_with_what_is_allowed() {
    let bytes: ArrayRef = Arc::new(BinaryArray::from(vec![b"x".as_ref()]));
    let error = matched(&table(vec![("usage", bytes)])).unwrap_err();
    assert_eq!((error.code(), error.field()), ("invalid_input", "usage"));
    let text = error.to_string();
    assert!(text.contains("Binary") && text.contains("numbers, booleans, dates or texts"), "{text}");
}

#[test]
fn a_table_without_any_measure_or_with_a_column_twice_is_refused() {
    let error = matched(&table(vec![("usge", numbers(&[Some(1.0)]))])).unwrap_err();
    assert_eq!(error.code(), "missing");
    let field = || Field::new("usage", DataType::Float64, true);
    let error =
        ColumnScorer::new(&scorer(), &Schema::new(vec![field(), field()]), &Mapping::default(), settings());
    assert_eq!(error.unwrap_err().code(), "duplicate");
}

#[test]
fn a_mapping_to_a_column_that_is_not_there_names_the_nearest() {
    let batch = table(vec![("use_percent", numbers(&[Some(1.0)]))]);
    let mapping = Mapping { measures: vec![("usage".into(), "use_prcent".into())], on: None };
    let error = ColumnScorer::new(&scorer(), &batch.schema(), &mapping, settings()).unwrap_err();
    assert!(error.to_string().contains("did you mean `use_percent`"), "{error}");
}

#[test]
fn a_column_that_the_table_lacks_or_that_is_null_throughout_counts_as_no_data() {
    let null: ArrayRef = Arc::new(NullArray::new(2));
    for batch in [
        table(vec![("usage", numbers(&[Some(50.0), Some(100.0)]))]),
        table(vec![("usage", numbers(&[Some(50.0), Some(100.0)])), ("csat", null)]),
        table(vec![("usage", numbers(&[Some(50.0), Some(100.0)])), ("csat", numbers(&[None, None]))]),
    ] {
        let scored = matched(&batch).unwrap().score(&batch).unwrap();
        let coverage = scored.results.column(1).as_primitive::<Float64Type>();
        assert_eq!(coverage.values()[..], [0.5, 0.5]);
        assert!(scored.refused.is_empty());
    }
}

#[test]
fn a_table_without_rows_has_no_results() {
    let batch = table(vec![("usage", numbers(&[]))]);
    let scored = matched(&batch).unwrap().score(&batch).unwrap();
    assert_eq!((scored.results.num_rows(), scored.refused.len()), (0, 0));
}

#[test]
fn a_wrong_row_has_a_code_and_the_others_their_scores_on_every_path() {
    let rows = 200_000;
    let mut values: Vec<Option<f64>> = (0..rows).map(|row| Some(f64::from(row % 101))).collect();
    let wrong = [(7, 100.5), (65_536, f64::NAN), (123_456, f64::NEG_INFINITY), (199_999, -1e-300)];
    for (row, value) in wrong {
        values[row] = Some(value);
    }
    values[8] = None;
    let batch = table(vec![("usage", numbers(&values))]);
    for path in Path::ALL.into_iter().filter(|path| path.is_available()) {
        let scored = matched(&batch).unwrap().with_path(path).score(&batch).unwrap();
        let found: Vec<_> =
            scored.refused.iter().map(|refused| (refused.row, refused.error.code())).collect();
        let codes = ["outside_scale", "not_finite", "not_finite", "outside_scale"];
        assert_eq!(found, wrong.map(|(row, _)| row).into_iter().zip(codes).collect::<Vec<_>>(), "{path:?}");
        assert!(scored.refused.iter().all(|refused| refused.error.field() == "usage"));
        let score = scored.results.column(0);
        assert_eq!(score.null_count(), wrong.len() + 1);
        let codes = scored.codes();
        assert_eq!(codes.null_count(), batch.num_rows() - wrong.len());
        assert_eq!(codes.as_string::<i32>().value(7), "outside_scale");
    }
}

#[test]
fn an_unknown_level_is_refused_with_the_levels_there_are() {
    let tree = Group::new("health").child(Measure::new(
        "stage",
        Scale::Levels([("low".to_owned(), value_model::scale::Level::Unit(0.0))].into()),
    ));
    let scorer = Scorecard::new("mine", "1", tree).compile().unwrap();
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("low"), Some("lwo"), None]));
    let batch = table(vec![("stage", texts)]);
    let matched = ColumnScorer::new(&scorer, &batch.schema(), &Mapping::default(), settings()).unwrap();
    let scored = matched.score(&batch).unwrap();
    assert_eq!(scored.refused.len(), 1);
    let text = scored.refused[0].error.to_string();
    assert!(scored.refused[0].row == 1 && text.contains("`lwo`") && text.contains("`low`"), "{text}");
}

#[test]
fn a_target_without_room_or_of_the_wrong_kind_is_refused_before_anything_is_written() {
    let batch = table(vec![("usage", numbers(&[Some(50.0), Some(100.0)]))]);
    let matched = matched(&batch).unwrap();
    let (mut values, mut codes, mut valid) = ([0.0; 1], [0_u8; 2], [0_u8; 1]);
    let short = Target { column: Column::Score, values: Values::Numbers(&mut values), valid: &mut valid };
    assert_eq!(matched.score_into(&batch, vec![short]).unwrap_err().code(), "conflict");
    let wrong = Target { column: Column::Score, values: Values::Codes(&mut codes), valid: &mut valid };
    assert_eq!(matched.score_into(&batch, vec![wrong]).unwrap_err().code(), "conflict");
}

#[test]
fn scoring_stops_when_it_is_told_to() {
    let batch = table(vec![("usage", numbers(&vec![Some(50.0); 300_000]))]);
    let asked = AtomicUsize::new(0);
    let keep_on = || asked.fetch_add(1, Ordering::Relaxed) < 3;
    let scored = matched(&batch).unwrap().score_while(&batch, Vec::new(), &keep_on).unwrap();
    assert!(scored.is_none());
}
