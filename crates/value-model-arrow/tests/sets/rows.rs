//! A row of results, from a table and from a record.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use value_model::block::Column;
use value_model::scorecard::{Assessment, Flag, Scorer};
use value_model_arrow::SetScored;

/// A row of results: the row of the batch, case, model and every column, or why it was refused.
#[derive(Debug, PartialEq)]
pub struct Row {
    pub at: u64,
    pub keys: Option<(String, String)>,
    pub values: Vec<Option<Shown>>,
    pub code: Option<String>,
}

#[derive(Debug, PartialEq)]
pub enum Shown {
    Bits(u64),
    Name(String),
    Flag(bool),
}

/// What a record gives in a column of results.
pub fn shown(scorer: &Scorer, found: &Assessment, column: Column) -> Option<Shown> {
    let bits = |number: f64| Some(Shown::Bits(number.to_bits()));
    let name = |name: &str| Some(Shown::Name(name.to_owned()));
    match column {
        Column::Score => bits(found.score?),
        Column::Raw => bits(found.raw?),
        Column::Band => name(found.band.as_deref()?),
        Column::Coverage => bits(found.coverage),
        Column::Lower => bits(found.lower),
        Column::Upper => bits(found.upper),
        Column::LowerBand => name(&found.lower_band),
        Column::ValidatedShare => bits(found.validated_share),
        Column::FreshShare => bits(found.fresh_share),
        Column::Outcome => name(found.outcome.name()),
        Column::Group(place) => bits(found.groups[place].score?),
        Column::GroupCost(place) => bits(found.groups[place].cost_score?),
        Column::Contribution(place) => found.raw.and_then(|_| bits(found.measures[place].contribution)),
        Column::Headroom(place) => bits(found.measures[place].headroom?),
        Column::Undated(place) => Some(Shown::Flag(found.measures[place].flags.contains(&Flag::Undated))),
        Column::Regressed(place) => Some(Shown::Flag(found.measures[place].flags.contains(&Flag::Regressed))),
        Column::Fired(place) => {
            let id = &scorer.scorecard().rules[place].id;
            Some(Shown::Flag(found.rules.iter().any(|rule| *rule.id == **id)))
        }
        _ => panic!("a column that this test does not know"),
    }
}

/// What the table gave.
pub fn table_rows(scored: &SetScored) -> Vec<Row> {
    let results = &scored.results;
    let name = |array: &ArrayRef, row: usize| {
        let array = array.as_dictionary::<Int32Type>();
        array.key(row).map(|key| array.values().as_string::<i32>().value(key).to_owned())
    };
    let codes = scored.codes();
    let codes = codes.as_string::<i32>();
    let rows = results.column(0).as_primitive::<UInt64Type>();
    let one = |row: usize| Row {
        at: rows.value(row),
        keys: name(results.column(1), row).zip(name(results.column(2), row)),
        values: (results.columns().iter().skip(3))
            .map(|array| match (array.as_primitive_opt::<Float64Type>(), array.as_boolean_opt()) {
                (_, Some(flags)) => flags.is_valid(row).then(|| Shown::Flag(flags.value(row))),
                (Some(numbers), _) => {
                    numbers.is_valid(row).then(|| Shown::Bits(numbers.value(row).to_bits()))
                }
                _ => name(array, row).map(Shown::Name),
            })
            .collect(),
        code: codes.is_valid(row).then(|| codes.value(row).to_owned()),
    };
    (0..results.num_rows()).map(one).collect()
}
