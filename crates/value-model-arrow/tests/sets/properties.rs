//! Random sets over random tables.

use arrow_array::StringArray;
use arrow_array::cast::AsArray;
use proptest::prelude::*;
use value_model::block::Selection;
use value_model::scale::Scale;
use value_model::scorecard::{Bands, Context, Group, Measure, Scorecard, Scorer};
use value_model::set::{Case, Condition, ModelSet, Parents, RollUp, SetScorer};
use value_model_arrow::{ColumnSetScorer, Mapping, SetSettings, parents_table};

use crate::attributes::Attributes;
use crate::common::{Knobs, as_of, cases};
use crate::records::{Table, alone};
use crate::rows::{Row, table_rows};
use crate::table::{Accounts, Random};

/// The same card whose measures are called otherwise, so that two cards ask for different things.
pub fn renamed(card: &Scorecard, prefix: &str) -> Scorecard {
    fn walk(value: &mut serde_json::Value, ids: &[String], prefix: &str) {
        match value {
            serde_json::Value::String(text) if ids.contains(text) => *text = format!("{prefix}{text}"),
            serde_json::Value::Array(values) => values.iter_mut().for_each(|value| walk(value, ids, prefix)),
            serde_json::Value::Object(fields) => {
                fields.values_mut().for_each(|value| walk(value, ids, prefix));
            }
            _ => {}
        }
    }
    let scorer = card.compile().unwrap();
    let ids: Vec<String> = scorer.measures().iter().map(|measure| measure.id.to_string()).collect();
    let mut value = serde_json::to_value(card).unwrap();
    walk(&mut value, &ids, prefix);
    serde_json::from_value(value).unwrap()
}

/// Four models: two that ask for different things, one that asks as the first does, one that the table knows nothing of.
pub fn set(a: &Scorecard, b: &Scorecard, random: &mut Random) -> SetScorer {
    let mut c = a.clone();
    c.tree.title = "another".into();
    c.bands = Bands { cuts: vec![40.0], names: vec!["low".into(), "fine".into()], ..Bands::default() };
    let z = Scorecard::new("z", "1", Group::new("case").child(Measure::new("elsewhere", Scale::Unit)));
    let parents = match random.below(3) {
        0 => None,
        1 => Some(Parents::by_count("parent")),
        _ => Some(Parents::by_revenue("parent", "arr")),
    };
    let mut set = ModelSet::new("random", "1", ["a"])
        .model("a", a.clone())
        .model("b", b.clone())
        .model("c", c)
        .model("z", z)
        .case(Case::new("paying", ["b"]).when(Condition::is("paying", [true])))
        .case(Case::new("both", ["c", "a", "b"]).when(Condition::is("segment", ["big", "7"])))
        .case(
            Case::new("large", ["b", "c"])
                .when(Condition::from("arr", 900.0))
                .when(Condition::below("arr", 1e6)),
        )
        .case(Case::new("none", ["z", "a"]).when(Condition::missing("segment")));
    if let Some(parents) = parents {
        set = set.parents(parents).case(Case::roll_up("rolled").when(Condition::is("segment", ["group"])));
    }
    set.compile().unwrap()
}

fn check(a: &Scorecard, b: &Scorecard, seed: u64, count: usize) {
    let mut random = Random(seed);
    let set = set(a, b, &mut random);
    let [a, b] = [0, 1].map(|place| set.models()[place].scorer.clone());
    let of = |scorer: &Scorer, random: &mut Random| Accounts::new(scorer, random, count);
    // Models 0 and 2 read the same columns.
    let accounts = vec![(0b101, of(&a, &mut random)), (0b010, of(&b, &mut random))];
    let on = accounts[0].1.on.clone();
    let attributes = Attributes::new(&mut random, count, set.set().parents.is_some());
    let table = Table { accounts, attributes, on };
    let selection = Selection { names: None, contributions: true, headroom: true, flags: true };
    let columns = selection.of_set(&set).unwrap();
    let (expected, roll_up) = alone(&set, &table, &columns);
    let batch = table.batch(&set, &mut random);
    let settings = SetSettings { context: Context::new(as_of()), columns, account: "account".into() };
    let mapping = Mapping { on: Some("on".into()), ..Mapping::default() };
    let matched = ColumnSetScorer::new(&set, &batch.schema(), &mapping, settings).unwrap();
    let (mut found, mut sums) = (Vec::new(), RollUp::new(&set));
    let mut start = 0;
    while start < count {
        let rows = (1 + random.below(count as u64) as usize).min(count - start);
        let scored = matched.score(&batch.slice(start, rows), &mut sums).unwrap();
        let accounts = scored.carry(&batch.slice(start, rows).column_by_name("account").unwrap().clone());
        assert_eq!(accounts.unwrap().len(), scored.results.num_rows());
        found.extend(table_rows(&scored).into_iter().map(|row| Row { at: row.at + start as u64, ..row }));
        start += rows;
    }
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    match (sums.finish(as_of()), roll_up.finish(as_of())) {
        (Ok(found), Ok(expected)) => {
            assert_eq!(found, expected);
            let made = parents_table(&found).unwrap();
            let names = found.iter().map(|parent| Some(parent.account.as_str()));
            assert_eq!(made.column(0).as_string::<i32>(), &names.collect::<StringArray>());
        }
        (found, expected) => assert_eq!(found.unwrap_err(), expected.unwrap_err()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn a_table_under_a_set_gives_the_bits_of_its_accounts(
        a in cases(Knobs::ALL),
        b in cases(Knobs::ALL),
        seed: u64,
    ) {
        check(&renamed(&a.card, "a_"), &renamed(&b.card, "b_"), seed, 120);
    }
}

#[test]
fn tables_of_several_pieces_are_the_same() {
    let card = |id: &str, column: &str| {
        Scorecard::new(id, "1", Group::new("g").child(Measure::new(column, Scale::Score)))
    };
    check(&card("a", "first"), &card("b", "second"), 11, 70_000);
}
