//! A table gives the bits that its accounts give one by one, on every path, for random models and accounts.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::from_iter_instead_of_collect,
    unreachable_pub,
    reason = "random numbers are small, and some are cut on purpose; the type of an array is best named in front"
)]

#[path = "../../value-model/tests/common/mod.rs"]
mod common;
mod table;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt8Type};
use proptest::prelude::*;
use value_model::answer::{Source, age_days};
use value_model::block::{Column, FIXED};
use value_model::scale::Cell;
use value_model::scorecard::{Context, Details, Gathering, Pivot, Score, Scorer};
use value_model::{Date, Error};
use value_model_arrow::{ColumnScorer, Mapping, Path, Scored, Settings};

use common::{Knobs, as_of, cases};
use table::{Accounts, Random};

/// What one account has, scored alone: a value or none per column, or the code of its refusal.
type Alone = Result<Vec<Option<u64>>, &'static str>;

/// What one account's answers are flagged with and which rules they fire, gathered one at a time as a record's are.
fn flags(
    pivot: &mut Pivot,
    cells: &[Cell],
    on: Option<Date>,
    columns: &[Column],
) -> Result<Vec<Option<f64>>, Error> {
    let mut answers = Gathering::default();
    for (measure, cell) in cells.iter().enumerate() {
        pivot.add(&mut answers, measure, *cell, &Details { on, ..Details::default() })?;
    }
    let score = pivot.score(&mut answers)?;
    Ok(pivot.values(columns, &score))
}

/// Scores the accounts one by one.
fn alone(scorer: &Scorer, accounts: &Accounts, columns: &[Column], context: Context) -> Vec<Alone> {
    let mut workspace = scorer.workspace();
    let mut pivot = Pivot::new(scorer, context, None).unwrap();
    let flagged: Vec<Column> = columns.iter().copied().filter(|column| column.is_flag()).collect();
    let mut each = |row: &Vec<Result<Cell, Error>>, on: Option<Date>| -> Result<Vec<Option<u64>>, Error> {
        let cells = row.iter().cloned().collect::<Result<Vec<_>, _>>()?;
        if let Some(on) = on {
            age_days(on, context.as_of)?;
        }
        let context = Context { default_on: on.or(context.default_on), ..context };
        let score = scorer.score(&cells, &context, &mut workspace)?;
        let groups: Vec<Option<f64>> =
            (0..scorer.groups().len()).map(|place| workspace.group(place).score).collect();
        let points = scorer.measure_points(&workspace);
        let mut flags = flags(&mut pivot, &cells, on, &flagged)?.into_iter();
        let value = |column: &Column| {
            if column.is_flag() { flags.next().flatten() } else { number(*column, &score, &groups, &points) }
        };
        Ok(columns.iter().map(value).map(|value| value.map(f64::to_bits)).collect())
    };
    accounts
        .rows
        .iter()
        .zip(&accounts.on)
        .map(|(row, on)| each(row, *on).map_err(|error| error.code()))
        .collect()
}

fn number(
    column: Column,
    score: &Score,
    groups: &[Option<f64>],
    points: &[(Option<f64>, Option<f64>)],
) -> Option<f64> {
    match column {
        Column::Score => score.score,
        Column::Raw => score.raw,
        Column::Band => score.band.map(f64::from),
        Column::Coverage => Some(score.coverage),
        Column::Lower => Some(score.lower),
        Column::Upper => Some(score.upper),
        Column::LowerBand => Some(f64::from(score.lower_band)),
        Column::ValidatedShare => Some(score.validated_share),
        Column::FreshShare => Some(score.fresh_share),
        Column::Outcome => Some(f64::from(score.outcome.code())),
        Column::Group(place) => groups[place],
        Column::GroupCost(place) => groups[place].map(|score| 100.0 - score),
        Column::Contribution(place) => points[place].0,
        Column::Headroom(place) => points[place].1,
        _ => panic!("a column that this test does not know"),
    }
}

/// What a table gave, in the same form.
fn together(scored: &Scored) -> Vec<Alone> {
    let rows = scored.results.num_rows();
    let mut out: Vec<Alone> = (0..rows).map(|_| Ok(Vec::new())).collect();
    for column in scored.results.columns() {
        for (row, out) in out.iter_mut().enumerate() {
            let value = column.is_valid(row).then(|| {
                match (column.as_primitive_opt::<Float64Type>(), column.as_boolean_opt()) {
                    (Some(numbers), _) => numbers.value(row).to_bits(),
                    (None, Some(flags)) => f64::from(u8::from(flags.value(row))).to_bits(),
                    (None, None) => f64::from(column.as_primitive::<UInt8Type>().value(row)).to_bits(),
                }
            });
            out.as_mut().unwrap().push(value);
        }
    }
    for refused in &scored.refused {
        let nothing = out[refused.row].as_ref().unwrap().iter().all(Option::is_none);
        assert!(nothing, "a refused row holds a result: {refused:?}");
        out[refused.row] = Err(refused.error.code());
    }
    out
}

fn check(case: &common::plan::Case, seed: u64, rows: usize, columns: &[Column], source: Option<Source>) {
    let scorer = case.card.compile().unwrap();
    let mut random = Random(seed);
    let accounts = Accounts::new(&scorer, &mut random, rows);
    let batch = accounts.batch(&scorer, &mut random);
    let context = Context { default_source: source, ..Context::new(as_of()) };
    let mapping = Mapping { on: Some("on".into()), ..Mapping::default() };
    let settings = Settings { context, columns: columns.to_vec() };
    let expected = alone(&scorer, &accounts, columns, context);
    for path in Path::ALL.into_iter().filter(|path| path.is_available()) {
        let matched = ColumnScorer::new(&scorer, &batch.schema(), &mapping, settings.clone()).unwrap();
        let found = together(&matched.with_path(path).score(&batch).unwrap());
        for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let named: Vec<_> = match (found, expected) {
                (Ok(found), Ok(expected)) => (found.iter().zip(expected).zip(columns))
                    .filter(|((found, expected), _)| found != expected)
                    .map(|((f, e), column)| (column, f.map(f64::from_bits), e.map(f64::from_bits)))
                    .collect(),
                _ => Vec::new(),
            };
            assert_eq!(found, expected, "{path:?}, row {row}: {named:?} of {:?}", accounts.rows[row]);
        }
    }
}

fn every_column(scorer: &Scorer) -> Vec<Column> {
    let mut columns = vec![Column::Raw];
    columns.extend(FIXED);
    columns.extend(Column::groups(scorer));
    columns.extend(Column::contributions(scorer));
    columns.extend(Column::headroom(scorer));
    columns.extend(Column::flags(scorer));
    columns
}

proptest! {
    #![proptest_config(common::config())]

    #[test]
    fn a_table_gives_the_bits_of_its_accounts(case in cases(Knobs::ALL), seed: u64) {
        let scorer = case.card.compile().unwrap();
        check(&case, seed, 700, &every_column(&scorer), Some(Source::Measured));
    }

    #[test]
    fn scores_alone_have_the_same_bits(case in cases(Knobs { decay: false, rules: false, ..Knobs::ALL }), seed: u64) {
        let columns = [Column::Score, Column::Coverage, Column::Band, Column::Group(0)];
        check(&case, seed, 1600, &columns, None);
    }

    #[test]
    fn bounds_have_the_same_bits(case in cases(Knobs { decay: false, ..Knobs::ALL }), seed: u64) {
        let columns = [Column::Score, Column::Lower, Column::Upper, Column::LowerBand, Column::Outcome];
        check(&case, seed, 1600, &columns, None);
    }
}

#[test]
fn wide_groups_are_summed_in_the_same_order() {
    use value_model::scale::Scale;
    use value_model::scorecard::{Group, Measure, Scorecard};
    for count in [15, 16, 17, 40, 200] {
        let mut tree = Group::new("wide");
        for number in 0..count {
            let scale = [Scale::Unit, Scale::Score, Scale::Likert { min: 1, max: 7 }][number % 3].clone();
            tree = tree.child(Measure::new(format!("m{number}"), scale).weight(0.1 + number as f64 / 7.0));
        }
        let card = Scorecard::new("wide", "1", tree);
        let case = common::plan::Case { card, leaves: Vec::new() };
        let scorer = case.card.compile().unwrap();
        check(&case, 7, 1300, &every_column(&scorer)[..12.min(count)], None);
        check(&case, 8, 600, &[Column::Score, Column::Coverage], None);
    }
}

#[test]
fn flags_and_rules_are_columns_on_request() {
    use arrow_array::{Date32Array, Float64Array, RecordBatch};
    use value_model::answer::RecencyRule;
    use value_model::block::Selection;
    use value_model::scale::Scale;
    use value_model::scorecard::{Action, Group, Measure, Predicate, Rule, Scorecard};
    let progress = Scale::Progress { baseline: 10.0, target: 50.0, tolerance: None };
    let mut seats = Measure::new("seats", progress);
    seats.recency = Some(RecencyRule::Window { days: 90 });
    let mut card = Scorecard::new(
        "mine",
        "1",
        Group::new("health").child(seats).child(Measure::new("csat", Scale::Score)),
    );
    card.rules.push(Rule {
        id: "unhappy".into(),
        title: String::new(),
        when: Predicate::Below { measure: "csat".into(), unit: 0.3 },
        then: Action::Cap(0.4),
    });
    let scorer = card.compile().unwrap();
    let on = Date32Array::from(vec![None, Some(as_of().days()), Some(as_of().days() - 91), None, None]);
    let batch = RecordBatch::try_from_iter_with_nullable([
        (
            "seats",
            std::sync::Arc::new(Float64Array::from(vec![Some(5.0), Some(9.0), Some(5.0), None, Some(30.0)]))
                as _,
            true,
        ),
        ("csat", std::sync::Arc::new(Float64Array::from(vec![90.0, 20.0, 10.0, 30.1, 700.0])) as _, true),
        ("on", std::sync::Arc::new(on) as _, true),
    ])
    .unwrap();
    let columns = Selection { flags: true, ..Selection::default() }.of(&scorer).unwrap();
    let mapping = Mapping { on: Some("on".into()), ..Mapping::default() };
    let settings = Settings { context: Context::new(as_of()), columns };
    let found =
        ColumnScorer::new(&scorer, &batch.schema(), &mapping, settings).unwrap().score(&batch).unwrap();
    let flags = |name: &str| -> Vec<Option<bool>> {
        found.results.column_by_name(name).unwrap().as_boolean().iter().collect()
    };
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(flags("seats_undated"), [yes, no, no, no, None]);
    // An answer that no longer counts is no step back.
    assert_eq!(flags("seats_regressed"), [yes, yes, no, no, None]);
    assert_eq!(flags("unhappy_fired"), [no, yes, yes, no, None]);
    assert!(found.results.column_by_name("csat_undated").is_none());
}
