//! Tables that do not fit, and rows that cannot be scored.

use std::sync::Arc;

use arrow_array::types::UInt8Type;
use arrow_array::{ArrayRef, BooleanArray, ListArray, RecordBatch, StringArray};
use value_model::block::Selection;
use value_model::scale::Scale;
use value_model::scorecard::{Context, Group, Measure, Scorecard};
use value_model::set::RollUp;
use value_model_arrow::{ColumnSetScorer, Mapping, SetSettings};

use crate::common::as_of;
use crate::properties::{renamed, set};
use crate::rows::table_rows;
use crate::table::Random;

#[test]
fn tables_that_do_not_fit_are_refused() {
    let card = Scorecard::new("a", "1", Group::new("g").child(Measure::new("first", Scale::Score)));
    let set = set(&card, &renamed(&card, "b_"), &mut Random(1));
    let texts = |values: [&str; 2]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let flags = || Arc::new(BooleanArray::from(vec![true, false])) as ArrayRef;
    let lists = || {
        let values = [Some([Some(1_u8)]), None];
        Arc::new(ListArray::from_iter_primitive::<UInt8Type, _, _>(values)) as ArrayRef
    };
    let all = || {
        vec![
            ("account", texts(["x", "y"])),
            ("arr", texts(["1000", "5"])),
            ("parent", texts(["", "x"])),
            ("paying", flags()),
            ("segment", texts(["big", "small"])),
            ("first", texts(["80", "x"])),
        ]
    };
    let matched = |columns: Vec<(&'static str, ArrayRef)>, mapping: &Mapping| {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let columns = Selection::default().of_set(&set).unwrap();
        let settings = SetSettings { context: Context::new(as_of()), columns, account: "account".into() };
        ColumnSetScorer::new(&set, &batch.schema(), mapping, settings).map(|matched| (matched, batch))
    };
    let plain = Mapping::default();
    let refused = |columns, mapping: &Mapping| {
        let error = matched(columns, mapping).unwrap_err();
        (error.code(), error.field().to_owned())
    };
    let without = |name: &str| all().into_iter().filter(|(known, _)| *known != name).collect::<Vec<_>>();
    let with =
        |name: &'static str, array| without(name).into_iter().chain([(name, array)]).collect::<Vec<_>>();
    assert_eq!(refused(without("segment"), &plain), ("unknown_id", "columns".into()));
    assert_eq!(refused(without("first"), &plain), ("missing", "measures".into()));
    assert_eq!(refused(with("segment", lists()), &plain), ("invalid_input", "segment".into()));
    let mapping = |measure: &str, column: &str| Mapping {
        measures: vec![(measure.to_owned(), column.to_owned())],
        on: None,
    };
    assert_eq!(refused(all(), &mapping("frist", "arr")), ("unknown_id", "measures".into()));
    assert_eq!(refused(all(), &mapping("first", "nowhere")), ("unknown_id", "columns".into()));

    // A mapping of one model's measure leaves the others alone.
    let (scorer, batch) = matched(all(), &mapping("b_first", "arr")).unwrap();
    let scored = scorer.score(&batch, &mut RollUp::new(&set)).unwrap();
    let rows = table_rows(&scored);
    let found: Vec<_> = rows.iter().map(|row| (row.at, row.keys.clone(), row.code.as_deref())).collect();
    let key = |case: &str, model: &str| Some((case.to_owned(), model.to_owned()));
    // 1000 is no score: the account is refused under all of its models. So is a text, under the default.
    assert_eq!(found, [(0, None, Some("outside_scale")), (1, None, Some("outside_scale"))]);
    let (scorer, batch) = matched(with("first", texts(["80", "50"])), &plain).unwrap();
    let rows = table_rows(&scorer.score(&batch, &mut RollUp::new(&set)).unwrap());
    let found: Vec<_> = rows.iter().map(|row| (row.at, row.keys.clone())).collect();
    assert_eq!(found, [(0, key("paying", "b")), (1, key("default", "a"))]);
    let other = batch.project(&[0, 1]).unwrap();
    assert_eq!(scorer.score(&other, &mut RollUp::new(&set)).unwrap_err().code(), "conflict");
}
