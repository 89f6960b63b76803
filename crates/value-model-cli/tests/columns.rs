//! Parquet and Arrow files, in and out.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic, and counts are small"
)]

mod common;

use std::fs::{self, File};
use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float32Array, Float64Array, Int16Array,
    Int64Array, LargeStringArray, ListArray, NullArray, RecordBatch, StringArray, StringViewArray,
};
use arrow_schema::DataType;
use common::columnar::{batch, batches, csv, write};
use common::{AS_OF, Desk, SMALL, column};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("small.toml", SMALL);
    desk
}

fn score(desk: &Desk, more: &[&str]) -> String {
    desk.run(&[&["score"], more, &AS_OF[..]].concat()).ok()
}

const WIDE: &str = "account,csat,plan,csm\nacme,8,plus,ann\nzoo,,pro,\nnone,,,bob\n";

#[test]
fn columnar_outputs_hold_what_csv_holds() {
    let desk = desk();
    desk.write("a.csv", WIDE);
    for more in [&[][..], &["--keep", "csm"], &["--contributions"]] {
        let expected = score(&desk, &[&["a.csv"], more].concat());
        for name in ["out.parquet", "out.arrow", "out.feather", "out.arrows"] {
            score(&desk, &[&["a.csv", "-o", name], more].concat());
            assert_eq!(csv(&batches(&desk.path(name))), expected, "{name} {more:?}");
        }
    }
    assert_eq!(column(&score(&desk, &["a.csv"]), "outcome"), ["scored", "scored", "insufficient"]);
}

#[test]
fn the_metadata_names_the_model_and_the_day() {
    let desk = desk();
    desk.write("a.csv", WIDE);
    for name in ["out.arrow", "out.arrows"] {
        score(&desk, &["a.csv", "-o", name]);
        let batch = &batches(&desk.path(name))[0];
        let schema = batch.schema();
        let about = |key: &str| schema.metadata()[&format!("value-model.{key}")].clone();
        assert_eq!(
            [about("model"), about("version"), about("as_of")],
            ["small", "1", "2026-11-01"],
            "{name}"
        );
    }
    score(&desk, &["a.csv", "-o", "out.parquet"]);
    let file = File::open(desk.path("out.parquet")).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap().clone();
    assert!(
        pairs.iter().any(|pair| pair.key == "value-model.model" && pair.value.as_deref() == Some("small"))
    );
}

#[test]
fn the_extension_or_the_flag_tells_the_form() {
    let desk = desk();
    desk.write("a.csv", WIDE);
    score(&desk, &["a.csv", "-o", "out.bin", "--format", "parquet"]);
    assert!(std::fs::read(desk.path("out.bin")).unwrap().starts_with(b"PAR1"));
    let refused = desk.run(&[&["robustness", "a.csv", "-o", "out.parquet"], &AS_OF[..]].concat());
    refused.refused("usage");
}

/// Columns by name.
type Columns<'a> = Vec<(&'a str, ArrayRef)>;

const FORMS: [&str; 4] = ["parquet", "arrow", "feather", "arrows"];

/// Accounts `a0`, `a1`, ... with answers that repeat, some of them missing, as columns and as CSV.
fn accounts(from: usize, count: usize) -> (Vec<(&'static str, ArrayRef)>, String) {
    let csat = |row: usize| (row % 7 != 3).then_some([0.0, 2.5, 10.0, 7.25][row % 4]);
    let plan = |row: usize| (row % 5 != 2).then_some(["basic", "plus", "pro", "internal"][row % 4]);
    let rows = from..from + count;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("account", Arc::new(rows.clone().map(|row| Some(format!("a{row}"))).collect::<StringArray>())),
        ("csat", Arc::new(rows.clone().map(csat).collect::<Float64Array>())),
        ("plan", Arc::new(rows.clone().map(plan).collect::<StringArray>())),
    ];
    let mut text = String::from("account,csat,plan\n");
    for row in rows {
        let csat = csat(row).map_or_else(String::new, |number| number.to_string());
        text += &[&*format!("a{row}"), &*csat, plan(row).unwrap_or_default()].map(str::to_owned).join(",");
        text.push('\n');
    }
    (columns, text)
}

#[test]
fn columnar_inputs_give_what_csv_gives_in_the_order_of_the_file() {
    let desk = desk();
    let (columns, text) = accounts(0, 50_000);
    desk.write("a.csv", text);
    let expected = score(&desk, &["a.csv"]);
    let all = batch(columns);
    let parts: Vec<_> = (0..50_000).step_by(9_999).map(|at| all.slice(at, 9_999.min(50_000 - at))).collect();
    for form in FORMS {
        // Row groups smaller than a piece, and larger ones.
        for group in [100, 1_000, 50_000] {
            let name = format!("a.{form}");
            write(&desk.path(&name), &parts, group);
            assert!(score(&desk, &[&name]) == expected, "{name}, row groups of {group}");
            if form != "parquet" {
                break;
            }
        }
        let out = format!("out.{form}");
        score(&desk, &[&format!("a.{form}"), "-o", &out]);
        assert!(csv(&batches(&desk.path(&out))) == expected, "{form} to {form}");
        // Contributions come from another path in CSV: an assessment of each account.
        let explained = score(&desk, &["a.csv", "--contributions"]);
        score(&desk, &[&format!("a.{form}"), "-o", &out, "--contributions"]);
        assert!(csv(&batches(&desk.path(&out))) == explained, "{form} to {form} with contributions");
    }
}

#[test]
fn every_other_output_and_command_reads_columns_too() {
    let desk = desk();
    let (columns, text) = accounts(0, 12);
    desk.write("a.csv", text);
    for form in FORMS {
        let name = format!("a.{form}");
        write(&desk.path(&name), &[batch(columns.clone())], 5);
        for more in [
            &["score", "FILE", "--format", "ndjson"][..],
            &["score", "FILE", "--format", "json"],
            &["score", "FILE", "--format", "table"],
            &["score", "FILE", "--contributions"],
            &["score", "FILE", "--map", "csat=csat", "--default-source", "measured"],
            &["explain", "FILE", "--account", "a5"],
            &["portfolio", "FILE", "--by", "plan", "--revenue", "csat"],
            &["robustness", "FILE"],
            &["delta", "FILE", "FILE", "--as-of-before", "2026-10-01"],
        ] {
            let run = |file: &str| {
                let more: Vec<&str> =
                    more.iter().map(|part| if *part == "FILE" { file } else { part }).collect();
                desk.run(&[&more[..], &AS_OF[..]].concat()).ok()
            };
            assert_eq!(run(&name), run("a.csv"), "{name} {more:?}");
        }
    }
}

#[test]
fn every_type_that_can_hold_an_answer_is_read() {
    let desk = desk();
    desk.write("a.csv", "account,csat,plan\n1,8,plus\n2,,pro\n");
    let expected = score(&desk, &["a.csv"]);
    let names: [ArrayRef; 4] = [
        Arc::new(StringArray::from(vec!["1", "2"])),
        Arc::new(LargeStringArray::from(vec!["1", "2"])),
        Arc::new(StringViewArray::from(vec!["1", "2"])),
        Arc::new(Int64Array::from(vec![1, 2])),
    ];
    let numbers: [ArrayRef; 3] = [
        Arc::new(Float64Array::from(vec![Some(8.0), None])),
        Arc::new(Float32Array::from(vec![Some(8.0), None])),
        Arc::new(Int16Array::from(vec![Some(8), None])),
    ];
    let plans: [ArrayRef; 3] = [
        Arc::new(StringArray::from(vec!["plus", "pro"])),
        Arc::new(StringViewArray::from(vec!["plus", "pro"])),
        Arc::new(vec!["plus", "pro"].into_iter().collect::<DictionaryArray<Int8Type>>()),
    ];
    for name in &names {
        for number in &numbers {
            for plan in &plans {
                let columns =
                    vec![("account", name.clone()), ("csat", number.clone()), ("plan", plan.clone())];
                write(&desk.path("a.parquet"), &[batch(columns.clone())], 10);
                write(&desk.path("a.arrow"), &[batch(columns)], 10);
                let types = [name, number, plan].map(|array| array.data_type().clone());
                assert_eq!(score(&desk, &["a.parquet"]), expected, "{types:?}");
                assert_eq!(score(&desk, &["a.arrow"]), expected, "{types:?}");
            }
        }
    }
}

#[test]
fn refused_rows_are_named_by_number_and_the_others_are_scored() {
    let desk = desk();
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "account",
            Arc::new(StringArray::from(vec![Some("ok"), None, Some("a\tb"), Some("nan"), Some("level")])),
        ),
        ("csat", Arc::new(Float64Array::from(vec![Some(8.0), Some(1.0), Some(1.0), Some(f64::NAN), None]))),
        ("plan", Arc::new(StringArray::from(vec![Some("plus"), None, None, None, Some("gold")]))),
    ];
    for form in FORMS {
        let name = format!("a.{form}");
        write(&desk.path(&name), &[batch(columns.clone())], 2);
        let out = score(&desk, &[&name, "--rejects", "bad.csv"]);
        assert_eq!(column(&out, "account"), ["ok"], "{form}");
        let bad = desk.read("bad.csv");
        assert!(bad.starts_with("line,account,field,code,message,file\n"), "{bad}");
        let facts = |name: &str| column(&bad.replace(", ", "; ").replace('"', ""), name);
        assert_eq!(facts("line"), ["2", "3", "4", "5"], "{bad}");
        assert_eq!(facts("field"), ["account", "account", "csat", "plan"], "{bad}");
        assert_eq!(facts("code"), ["missing", "invalid_text", "not_finite", "outside_scale"], "{bad}");
        assert!(bad.lines().skip(1).all(|line| line.ends_with(&name)), "{bad}");
        let strict = desk.run(&[&["score", &name, "--strict"], &AS_OF[..]].concat());
        assert_eq!(strict.code, Some(1));
    }
}

#[test]
fn kept_columns_have_their_own_type() {
    let desk = desk();
    let (mut columns, _) = accounts(0, 4);
    columns.push(("arr", Arc::new(Int64Array::from(vec![Some(1), None, Some(3), Some(4)]))));
    columns.push(("since", Arc::new(Date32Array::from(vec![20_000, 20_001, 20_002, 20_003]))));
    columns.push(("vip", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), None]))));
    columns.push((
        "csm",
        Arc::new(vec!["ann", "bob", "ann", "bob"].into_iter().collect::<DictionaryArray<Int8Type>>()),
    ));
    write(&desk.path("a.arrow"), &[batch(columns)], 10);
    let keep = ["a.arrow", "--keep", "arr,since,vip,csm"];
    for out in ["out.parquet", "out.arrow"] {
        score(&desk, &[&keep[..], &["-o", out]].concat());
        let batch = &batches(&desk.path(out))[0];
        let kind = |name: &str| batch.column_by_name(name).unwrap().data_type().clone();
        assert_eq!(
            ["arr", "since", "vip", "csm"].map(kind),
            [DataType::Int64, DataType::Date32, DataType::Boolean, DataType::Utf8]
        );
        assert!(batch.column_by_name("arr").unwrap().is_null(1));
    }
    let text = score(&desk, &keep);
    assert_eq!(column(&text, "since"), ["2024-10-04", "2024-10-05", "2024-10-06", "2024-10-07"]);
    assert_eq!(column(&text, "vip"), ["true", "", "false", ""]);
}

#[test]
fn the_day_of_the_answers_comes_from_a_column() {
    let desk = desk();
    desk.write("aging.toml", format!("recency = {{ window = {{ days = 30 }} }}\n{SMALL}"));
    desk.write("a.csv", "account,csat,seen\nnew,8,2026-10-20\nold,8,2026-01-01\nbad,8,soon\nnone,8,\n");
    let seen = [Some(20_746), Some(20_454), None, None];
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("account", Arc::new(StringArray::from(vec!["new", "old", "bad", "none"]))),
        ("csat", Arc::new(Float64Array::from(vec![8.0; 4]))),
        ("seen", Arc::new(Date32Array::from(seen.to_vec()))),
    ];
    write(&desk.path("a.parquet"), &[batch(columns)], 10);
    let flags = ["--on", "seen", "--model", "aging.toml", "--as-of", "2026-11-01"];
    let run = |file: &str| desk.run(&[&["score", file], &flags[..]].concat()).ok();
    assert_eq!(column(&run("a.csv"), "score"), ["80.0", "", "80.0"]);
    assert_eq!(column(&run("a.parquet"), "score"), ["80.0", "", "80.0", "80.0"]);
    assert_eq!(column(&run("a.parquet"), "fresh_share"), ["0.5", "0.0", "0.0", "0.0"]);
    desk.write("a.ndjson", "{\"account\":\"a\"}\n");
    desk.run(&[&["score", "a.ndjson"], &flags[..]].concat()).refused("usage");
}

#[test]
fn the_long_layout_is_read_from_columns() {
    let desk = desk();
    desk.write(
        "long.csv",
        "account,measure,value\nacme,csat,8\nzoo,plan,pro\nacme,plan,plus\nbad,csat,\"x, y\"\n",
    );
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("account", Arc::new(StringArray::from(vec!["acme", "zoo", "acme", "bad"]))),
        (
            "measure",
            Arc::new(vec!["csat", "plan", "plan", "csat"].into_iter().collect::<DictionaryArray<Int8Type>>()),
        ),
        ("value", Arc::new(StringArray::from(vec!["8", "pro", "plus", "x, y"]))),
        ("source", Arc::new(NullArray::new(4))),
    ];
    let run = |file: &str| {
        let out = score(&desk, &[file, "--rejects", "bad.csv"]);
        (out, desk.read("bad.csv").lines().nth(1).unwrap().split(',').next().unwrap().to_owned())
    };
    let (expected, line) = run("long.csv");
    assert_eq!(line, "5");
    for form in FORMS {
        let name = format!("long.{form}");
        write(&desk.path(&name), &[batch(columns.clone())], 2);
        assert_eq!(run(&name), (expected.clone(), "4".to_owned()), "{form}");
    }
}

#[test]
fn only_the_columns_that_are_needed_are_read() {
    let desk = desk();
    let (mut columns, _) = accounts(0, 1_000);
    columns.push(("junk", Arc::new((0..1_000).map(|row| Some("x".repeat(row))).collect::<StringArray>())));
    write(&desk.path("a.parquet"), &[batch(columns)], 1_000);
    let expected = score(&desk, &["a.parquet"]);
    // The pages of the other column may hold anything: nobody looks at them.
    let mut bytes = fs::read(desk.path("a.parquet")).unwrap();
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(File::open(desk.path("a.parquet")).unwrap()).unwrap();
    let (start, length) = reader.metadata().row_group(0).column(3).byte_range();
    let start = usize::try_from(start).unwrap();
    bytes[start..start + usize::try_from(length).unwrap()].fill(0xAA);
    desk.write("broken.parquet", &bytes);
    assert_eq!(score(&desk, &["broken.parquet"]), expected);
    let kept = desk.run(&[&["score", "broken.parquet", "--keep", "junk"], &AS_OF[..]].concat());
    kept.refused("format");
}

#[test]
fn several_files_and_folders_are_one_input() {
    let desk = desk();
    fs::create_dir(desk.path("folder")).unwrap();
    let (a, first) = accounts(0, 10);
    let (b, _) = accounts(10, 10);
    desk.write("folder/2.csv", accounts(20, 10).1)
        .write("folder/.3.csv", "hidden")
        .write("folder/notes.md", "");
    desk.write("folder/10.ndjson", "{\"account\":\"last\",\"answers\":{\"csat\":8}}\n");
    write(&desk.path("a.parquet"), &[batch(a)], 10);
    write(&desk.path("folder/1.arrow"), &[batch(b)], 10);
    desk.write("all.csv", accounts(0, 30).1).write("first.csv", first);
    let out = score(&desk, &["a.parquet", "folder"]);
    let mut names = column(&out, "account");
    assert_eq!(names.remove(10), "a10", "{names:?}");
    assert_eq!(names.iter().filter(|name| *name == "last").count(), 1);
    assert_eq!(names.len(), 30);
    for out in ["out.parquet", "out.ndjson"] {
        score(&desk, &["a.parquet", "folder", "-o", out]);
    }
    assert_eq!(batches(&desk.path("out.parquet")).iter().map(RecordBatch::num_rows).sum::<usize>(), 31);
    assert_eq!(desk.read("out.ndjson").lines().count(), 31);
    let portfolio = |files: &[&str]| desk.run(&[&["portfolio"], files, &AS_OF[..]].concat()).ok();
    fs::remove_file(desk.path("folder/10.ndjson")).unwrap();
    assert_eq!(portfolio(&["first.csv", "folder"]), portfolio(&["all.csv"]));
}

#[test]
fn rejects_name_the_file_and_files_without_accounts_are_passed_over() {
    let desk = desk();
    desk.write("a.csv", "account,csat\nx,eighty\n")
        .write("b.csv", "account,csat\ny,8\nz,ninety\n")
        .write("c.csv", "account,csat\n");
    let (columns, _) = accounts(0, 0);
    write(&desk.path("d.parquet"), &[batch(columns)], 10);
    let out = score(&desk, &["a.csv", "b.csv", "c.csv", "d.parquet", "--rejects", "bad.csv"]);
    assert_eq!(column(&out, "account"), ["y"]);
    let bad = desk.read("bad.csv");
    let places: Vec<(&str, &str)> = bad
        .lines()
        .skip(1)
        .map(|line| (line.split(',').next().unwrap(), line.rsplit(',').next().unwrap()))
        .collect();
    assert_eq!(places, [("2", "a.csv"), ("3", "b.csv")]);
    desk.run(&[&["score", "c.csv", "d.parquet"], &AS_OF[..]].concat()).refused("empty");
    desk.run(&[&["score", "a.csv", "a.csv"], &AS_OF[..]].concat()).refused("usage");
    desk.run(&[&["score", "a.csv", "b.csv", "-o", "b.csv"], &AS_OF[..]].concat()).refused("usage");
    fs::create_dir(desk.path("none")).unwrap();
    desk.run(&[&["score", "none"], &AS_OF[..]].concat()).refused("empty");
}

#[test]
fn kept_columns_of_different_types_are_a_conflict_before_anything_is_scored() {
    let desk = desk();
    let (mut columns, _) = accounts(0, 2);
    columns.push(("arr", Arc::new(Int64Array::from(vec![1, 2]))));
    write(&desk.path("a.parquet"), &[batch(columns)], 10);
    desk.write("b.csv", "account,csat,plan,arr\nx,8,plus,7\n");
    let files = ["score", "a.parquet", "b.csv", "--keep", "arr"];
    let said = desk.run(&[&files[..], &["-o", "out.parquet"], &AS_OF[..]].concat()).refused("conflict");
    assert!(said.contains("b.csv") && said.contains("`arr` holds Utf8") && said.contains("Int64"), "{said}");
    let text = desk.run(&[&files[..], &AS_OF[..]].concat()).ok();
    assert_eq!(column(&text, "arr"), ["1", "2", "7"]);
}

#[test]
fn columns_come_through_pipes() {
    let desk = desk();
    let (columns, _) = accounts(0, 100);
    for form in FORMS {
        let name = format!("a.{form}");
        write(&desk.path(&name), &[batch(columns.clone())], 30);
        let expected = score(&desk, &[&name]);
        let bytes = fs::read(desk.path(&name)).unwrap();
        assert_eq!(desk.pipe(&[&["score", "-"], &AS_OF[..]].concat(), bytes).ok(), expected, "{form}");
    }
}

#[test]
fn files_that_hold_no_accounts_or_the_wrong_columns_are_named() {
    let desk = desk();
    let text = |values: Vec<&str>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    let numbers: ArrayRef = Arc::new(Float64Array::from(vec![8.0]));
    let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int8Type, _, _>([Some([Some(1)])]));
    let cases: [(Columns<'_>, &str, &str); 6] = [
        (
            vec![("account", text(vec![])), ("csat", Arc::new(Float64Array::from(Vec::<f64>::new())))],
            "empty",
            "",
        ),
        (vec![("name", text(vec!["a"])), ("csat", numbers.clone())], "unknown_id", "--account-column"),
        (
            vec![("account", text(vec!["a"])), ("cast", numbers.clone())],
            "missing",
            "no column holds a measure",
        ),
        (vec![("account", text(vec!["a"])), ("csat", lists)], "invalid_input", "numbers"),
        (
            vec![("account", numbers.clone()), ("csat", numbers.clone())],
            "invalid_input",
            "texts or whole numbers",
        ),
        (
            vec![("account", text(vec!["a"])), ("csat", numbers.clone()), ("csat", numbers)],
            "duplicate",
            "`csat` twice",
        ),
    ];
    for (columns, code, said) in cases {
        for form in FORMS {
            let name = format!("a.{form}");
            write(&desk.path(&name), &[batch(columns.clone())], 10);
            let message = desk.run(&[&["score", &name, "-o", "out.csv"], &AS_OF[..]].concat()).refused(code);
            assert!(message.contains(&name) && message.contains(said), "{form}: {message}");
            assert!(!desk.path("out.csv").exists());
        }
    }
    for form in FORMS {
        let name = format!("a.{form}");
        desk.write(&name, "");
        desk.run(&[&["score", &name], &AS_OF[..]].concat()).refused("empty");
        desk.write(&name, "account,csat\nacme,8\n");
        desk.run(&[&["score", &name], &AS_OF[..]].concat()).refused("format");
        desk.run(&["score", "x.csv", "--model", &name]).refused("unknown_id");
    }
}

#[test]
fn columns_of_nothing_are_no_data() {
    let desk = desk();
    desk.write("a.csv", "account,csat,plan\na,8,\nb,,\n");
    let expected = score(&desk, &["a.csv"]);
    let nothing: [ArrayRef; 3] = [
        Arc::new(NullArray::new(2)),
        Arc::new(StringArray::new_null(2)),
        Arc::new(Float64Array::new_null(2)),
    ];
    for plan in nothing {
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("account", Arc::new(StringArray::from(vec!["a", "b"]))),
            ("csat", Arc::new(Float64Array::from(vec![Some(8.0), None]))),
            ("plan", plan),
        ];
        for form in FORMS {
            let name = format!("a.{form}");
            write(&desk.path(&name), &[batch(columns.clone())], 10);
            assert_eq!(score(&desk, &[&name]), expected, "{form}");
        }
    }
}

#[test]
fn a_file_that_breaks_off_leaves_no_output() {
    let desk = desk();
    let (columns, _) = accounts(0, 20_000);
    write(&desk.path("a.parquet"), &[batch(columns)], 5_000);
    let mut bytes = fs::read(desk.path("a.parquet")).unwrap();
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(File::open(desk.path("a.parquet")).unwrap()).unwrap();
    let (start, _) = reader.metadata().row_group(3).column(1).byte_range();
    bytes[usize::try_from(start).unwrap()..][..20].fill(0xEE);
    desk.write("a.parquet", &bytes).write("out.parquet", "old");
    for out in ["out.parquet", "out.arrow", "out.csv"] {
        let message = desk.run(&[&["score", "a.parquet", "-o", out], &AS_OF[..]].concat()).refused("format");
        assert!(message.contains("a.parquet"), "{message}");
    }
    assert_eq!(desk.read("out.parquet"), "old");
    assert_eq!(desk.names(), ["a.parquet", "out.parquet", "small.toml"]);
}
