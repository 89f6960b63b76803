//! Every build of the kernel gives the same bits: this processor's instructions here, the module for browsers and the addon
//! for Node in `bindings/javascript/tests/kernel.test.mjs`, over tables that both make from the same numbers.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a test stops at the first surprise, and its numbers are small"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt8Type};
use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, RecordBatch};
use value_model::Date;
use value_model::answer::Source;
use value_model::block::Selection;
use value_model::scorecard::{Context, Scorecard};
use value_model_arrow::{ColumnScorer, Mapping, Path, Scored, Settings};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bindings/javascript/tests/kernel.json");

#[derive(serde::Deserialize)]
struct Tables {
    as_of: Date,
    rows: usize,
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    card: Scorecard,
    /// Per measure: the least value, the step from one to the next, and how many there are.
    values: Vec<(String, f64, f64, u64)>,
    /// Whether the answers of each row have a day of their own.
    on: bool,
    /// By column of results.
    digests: BTreeMap<String, String>,
}

/// Numbers that look random: Lehmer's, with products that fit into the 53 bits of JavaScript.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self.0 * 48_271 % 2_147_483_647;
        self.0
    }
}

fn table(case: &Case, as_of: Date, rows: usize) -> RecordBatch {
    let mut noise = Noise(7);
    let mut columns: Vec<Vec<Option<f64>>> = case.values.iter().map(|_| Vec::new()).collect();
    let mut days = Vec::new();
    for _ in 0..rows {
        for ((_, from, step, count), column) in case.values.iter().zip(&mut columns) {
            let drawn = noise.next();
            column.push(match drawn {
                drawn if drawn % 11 == 0 => None,
                // No scale but the clamped ones has it.
                drawn if drawn % 2_003 == 0 => Some(1e9),
                drawn => Some(from + step * ((drawn / 16) % count) as f64),
            });
        }
        let drawn = noise.next();
        days.push((!drawn.is_multiple_of(5)).then(|| as_of.days() - ((drawn / 16) % 300) as i32));
    }
    let mut all: Vec<(&str, ArrayRef, bool)> = Vec::new();
    for ((id, ..), column) in case.values.iter().zip(columns) {
        all.push((id, Arc::new(Float64Array::from(column)), true));
    }
    if case.on {
        all.push(("on", Arc::new(Date32Array::from(days)), true));
    }
    RecordBatch::try_from_iter_with_nullable(all).unwrap()
}

/// FNV-1a over the eight bytes of each number, or one that says that there is none.
fn digest(column: &ArrayRef) -> String {
    let mut sum = 0x811C_9DC5_u32;
    let mut add = |byte: u8| sum = (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    for row in 0..column.len() {
        let number = match (column.as_primitive_opt::<Float64Type>(), column.as_boolean_opt()) {
            _ if column.is_null(row) => {
                add(0xFF);
                continue;
            }
            (Some(numbers), _) => numbers.value(row),
            (None, Some(flags)) => f64::from(u8::from(flags.value(row))),
            (None, None) => column.as_primitive::<UInt8Type>().value(row).into(),
        };
        number.to_le_bytes().into_iter().for_each(&mut add);
    }
    format!("{sum:08x}")
}

/// Everything, or few enough columns that numbers are summed where they stand.
const ASKED: [Option<&[&str]>; 3] =
    [None, Some(&["score", "band", "coverage", "lower", "upper"]), Some(&["score"])];

fn score(case: &Case, tables: &Tables, path: Path, asked: Option<&[&str]>) -> Scored {
    let scorer = case.card.compile().unwrap();
    let batch = table(case, tables.as_of, tables.rows);
    let names = asked.map(|names| names.iter().map(ToString::to_string).collect());
    let selection = Selection { contributions: true, headroom: true, flags: true, names };
    let context = Context { default_source: Some(Source::CustomerProvided), ..Context::new(tables.as_of) };
    let settings = Settings { context, columns: selection.of(&scorer).unwrap() };
    let mapping = Mapping { on: case.on.then(|| "on".into()), ..Mapping::default() };
    let columns = ColumnScorer::new(&scorer, &batch.schema(), &mapping, settings).unwrap();
    columns.with_path(path).score(&batch).unwrap()
}

/// The digest of each column of results.
fn digests(scored: &Scored) -> BTreeMap<String, String> {
    let names = scored.results.schema();
    let names = names.fields().iter().map(|field| field.name().clone());
    names.zip(scored.results.columns().iter().map(digest)).collect()
}

#[test]
fn every_instruction_set_gives_the_bits_that_are_written_down() {
    let tables: Tables = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for case in &tables.cases {
        for path in Path::ALL.into_iter().filter(|path| path.is_available()) {
            for asked in ASKED {
                let scored = score(case, &tables, path, asked);
                // Rows with a score, without one, and refused: the tables have them all.
                let scores = scored.results.column_by_name("score").unwrap();
                assert!(
                    scores.null_count() < tables.rows / 2 && scored.refused.len() > 3,
                    "{}",
                    case.card.id
                );
                let found = digests(&scored);
                let mut expected = case.digests.clone();
                expected.retain(|name, _| asked.is_none_or(|asked| asked.contains(&name.as_str())));
                if found != expected {
                    wrong.push(format!(
                        "{} on {path:?}, {asked:?}: {}",
                        case.card.id,
                        serde_json::to_string(&found).unwrap()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
