//! Flags of measures and fired rules as columns, in every output and from every input.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

mod common;

use std::sync::Arc;

use arrow_array::{ArrayRef, Float32Array, Int16Array, StringArray};
use common::columnar::{batch, batches, csv, write};
use common::{Desk, column};

const FLAGGED: &str = r#"
schema = "value-model/1"
id = "flagged"
version = "1"
title = "Flagged"

[tree]
id = "health"

[[tree.children]]
id = "seats"
scale = { progress = { baseline = 10, target = 50 } }
recency = { window = { days = 90 } }

[[tree.children]]
id = "csat"
scale = "score"

[[rules]]
id = "unhappy"
when = { below = { measure = "csat", unit = 0.3 } }
then = { cap = 0.4 }
"#;

#[test]
fn flags_and_fired_rules_are_columns_of_true_and_false() {
    let desk = Desk::new();
    desk.write("flagged.toml", FLAGGED);
    desk.write("a.csv", "account,seats,csat\na,5,90\nb,9,20\nc,30,29\nd,,31\n");
    let run = |more: &[&str]| {
        desk.run(&[&["score"], more, &["--model", "flagged.toml", "--as-of", "2026-11-01"]].concat()).ok()
    };
    let found = run(&["a.csv", "--flags"]);
    for (name, expected) in [
        ("seats_undated", ["true", "true", "true", "false"]),
        ("seats_regressed", ["true", "true", "false", "false"]),
        ("unhappy_fired", ["false", "true", "true", "false"]),
    ] {
        assert_eq!(column(&found, name), expected, "{name}");
    }
    assert!(!run(&["a.csv"]).contains("_undated"));
    let dated = run(&["a.csv", "--flags", "--default-on", "2026-10-01"]);
    assert_eq!(column(&dated, "seats_undated"), ["false"; 4]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("account", Arc::new(StringArray::from(vec!["a", "b", "c", "d"]))),
        ("seats", Arc::new(Float32Array::from(vec![Some(5.0), Some(9.0), Some(30.0), None]))),
        ("csat", Arc::new(Int16Array::from(vec![90, 20, 29, 31]))),
    ];
    for more in [&["--flags"][..], &["--flags", "--contributions"]] {
        let expected = run(&[&["a.csv"], more].concat());
        run(&[&["a.csv", "-o", "out.parquet"], more].concat());
        assert_eq!(csv(&batches(&desk.path("out.parquet"))), expected, "{more:?}");
        write(&desk.path("b.parquet"), &[batch(columns.clone())], 2);
        assert_eq!(run(&[&["b.parquet"], more].concat()), expected, "{more:?}");
    }
    desk.write("long.csv", "account,measure,value\na,seats,5\na,csat,90\nb,seats,9\nb,csat,20\nc,seats,30\nc,csat,29\nd,csat,31\n");
    assert_eq!(run(&["long.csv", "--flags", "--layout", "long"]), found);
    desk.write("set.toml", "schema = \"value-model-set/1\"\nid = \"set\"\nversion = \"1\"\ndefault = [\"one\"]\n\n[models]\none = \"flagged.toml\"\n");
    let set = desk
        .run(&[
            "score",
            "a.csv",
            "--flags",
            "--model",
            "set.toml",
            "--as-of",
            "2026-11-01",
            "--format",
            "csv",
        ])
        .ok();
    for name in ["seats_undated", "seats_regressed", "unhappy_fired"] {
        assert_eq!(column(&set, name), column(&found, name), "{name}");
    }
}
