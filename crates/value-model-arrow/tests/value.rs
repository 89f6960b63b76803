//! The customer value formula over columns gives the bits, and the refusals, of one customer at a time, on every path.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Decimal128Array, Float32Array, Float64Array, Int64Array, NullArray,
    RecordBatch,
};
use proptest::prelude::*;
use value_model::Error;
use value_model::answer::Source;
use value_model::metric::money::Period;
use value_model::model::customer_value::columns::{Column, Target};
use value_model::model::customer_value::{
    Alternative, CustomerValueInput, Kind, Line, Method, customer_value,
};
use value_model_arrow::{Path, Scored, ValueScorer, ValueSettings};

const NAMES: [&str; 6] = [
    "tangible_benefits",
    "perceived_benefits",
    "tangible_costs",
    "perceived_costs",
    "alternative_benefits",
    "alternative_costs",
];

/// One customer: an amount of each kind, or none.
type Customer = [Option<f64>; 6];

/// A number or none for each column; or the code and the field of a refusal.
type Found = Result<Vec<Option<u64>>, (&'static str, String)>;

fn alone(customer: &Customer, alternative: Alternative) -> Found {
    let known = || Kind::ALL.into_iter().zip(customer).filter_map(|(kind, amount)| Some((kind, (*amount)?)));
    let lines = known().map(|(kind, amount)| {
        Line::new(format!("{kind:?}"), kind, amount, "USD".parse().unwrap(), Period::Month)
            .source(Source::CustomerProvided)
            .method(Method::Proxy)
    });
    let mut input = CustomerValueInput::new(lines.collect());
    input.alternative = alternative;
    let named = |error: &Error| {
        let kinds: Vec<Kind> = known().map(|(kind, _)| kind).collect();
        for (line, kind) in kinds.iter().enumerate() {
            if error.field() == format!("lines[{line}].amount") {
                return NAMES[Kind::ALL.iter().position(|known| known == kind).unwrap()].to_owned();
            }
        }
        error.field().replace("lines", "columns")
    };
    match customer_value(&input) {
        Ok(value) => Ok(Column::ALL.iter().map(|column| column.of(&value).map(f64::to_bits)).collect()),
        Err(error) => Err((error.code(), named(&error))),
    }
}

fn table(customers: &[Customer]) -> RecordBatch {
    let column = |kind: usize| -> ArrayRef {
        // What stands under a null must not matter.
        let (values, known): (Vec<f64>, Vec<bool>) =
            customers.iter().map(|c| (c[kind].unwrap_or(f64::NAN), c[kind].is_some())).unzip();
        Arc::new(Float64Array::new(values.into(), Some(known.into())))
    };
    RecordBatch::try_from_iter(NAMES.iter().enumerate().map(|(kind, name)| (*name, column(kind)))).unwrap()
}

fn settings(alternative: Alternative) -> ValueSettings {
    ValueSettings { alternative, columns: Column::ALL.to_vec(), ..ValueSettings::default() }
}

fn together(scored: &Scored) -> Vec<Found> {
    let columns: Vec<&Float64Array> =
        scored.results.columns().iter().map(AsArray::as_primitive::<Float64Type>).collect();
    let row = |row| columns.iter().map(|c| c.is_valid(row).then(|| c.value(row).to_bits())).collect();
    let mut out: Vec<Found> = (0..scored.results.num_rows()).map(|at| Ok(row(at))).collect();
    for refused in &scored.refused {
        assert!(out[refused.row].as_ref().unwrap().iter().all(Option::is_none), "{refused:?}");
        out[refused.row] = Err((refused.error.code(), refused.error.field().to_owned()));
    }
    out
}

fn check(customers: &[Customer], alternative: Alternative, slice: usize) {
    let every: Vec<Found> = customers[slice..].iter().map(|one| alone(one, alternative)).collect();
    // All results, the three usual ones, which have a walk of their own, and some others.
    for places in [&[0, 1, 2, 3, 4][..], &[0, 1, 2], &[4, 1], &[3, 2, 0, 1]] {
        check_columns(
            &customers[slice..],
            &table(customers).slice(slice, every.len()),
            alternative,
            (places, &every),
        );
    }
}

fn check_columns(
    customers: &[Customer],
    batch: &RecordBatch,
    alternative: Alternative,
    (places, every): (&[usize], &[Found]),
) {
    let columns = places.iter().map(|place| Column::ALL[*place]).collect();
    let settings = ValueSettings { alternative, columns, ..ValueSettings::default() };
    let scorer = ValueScorer::new(&batch.schema(), &settings).unwrap();
    let wanted = |all: &Vec<_>| places.iter().map(|place| all[*place]).collect();
    let expected: Vec<Found> =
        every.iter().map(|all| all.as_ref().map(wanted).map_err(Clone::clone)).collect();
    for path in Path::ALL.into_iter().filter(|path| path.is_available()) {
        let found = together(&scorer.clone().with_path(path).score(batch).unwrap());
        for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert_eq!(found, expected, "{path:?}, {places:?}, row {row}: {:?}", customers[row]);
        }
    }
}

/// Amounts of every size, and some that no customer can have.
fn amounts() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        12 => (0.0..1e7).prop_map(Some),
        4 => (0..1000_u32).prop_map(|n| Some(f64::from(n))),
        3 => Just(None),
        2 => Just(Some(0.0)),
        1 => Just(Some(-0.0)),
        1 => any::<f64>().prop_map(|x| Some(x.abs())),
        1 => prop::sample::select(vec![-1.0, -1e-300, f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY,
            f64::MAX, 1e308, 1e150, 1e-150, 5e-324, 1e-320, f64::MIN_POSITIVE]).prop_map(Some),
    ]
}

/// Mostly amounts that need no closer look.
fn present() -> impl Strategy<Value = Option<f64>> {
    let odd =
        prop::sample::select(vec![-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e200, 1e-200, -0.0]);
    prop_oneof![
        2000 => (0.0..1e6).prop_map(Some),
        300 => Just(Some(0.0)),
        1 => odd.prop_map(Some),
    ]
}

fn alternatives() -> impl Strategy<Value = Alternative> {
    prop_oneof![Just(Alternative::Literal), Just(Alternative::Net)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_table_gives_the_bits_of_its_customers(
        customers in prop::collection::vec(prop::array::uniform6(amounts()), 1..700),
        alternative in alternatives(),
        slice in 0..9_usize,
    ) {
        check(&customers, alternative, slice.min(customers.len() - 1));
    }

    #[test]
    fn a_table_without_nulls_gives_them_too(
        customers in prop::collection::vec(prop::array::uniform6(present()), 1..1200),
        alternative in alternatives(),
        costs: bool,
    ) {
        // The walk for plain tables has no costs of the alternative.
        let every = customers.iter().map(|one| alone(one, alternative)).collect::<Vec<_>>();
        check(&customers, alternative, 0);
        let without: Vec<Customer> = customers.iter().map(|&[a, b, c, d, e, _]| [a, b, c, d, e, None]).collect();
        let every = if costs { every } else { without.iter().map(|one| alone(one, alternative)).collect() };
        let table = table(&customers);
        let table = if costs { table } else { table.project(&[0, 1, 2, 3, 4]).unwrap() };
        for places in [&[0, 1, 2][..], &[0, 1, 2, 3, 4]] {
            check_columns(&customers, &table, alternative, (places, &every));
        }
    }
}

fn plain(row: usize) -> Customer {
    let number = |k: usize| Some(f64::from(u32::try_from((row * (k + 3)) % 1009).unwrap()) / 8.0);
    [number(0), number(1), number(2), number(3), number(4), number(5)]
}

#[test]
fn pieces_and_threads_do_not_show_and_bad_rows_are_found_where_they_are() {
    // Results of more than 16 MiB go past the caches.
    let mut customers: Vec<Customer> = (0..500_007).map(plain).collect();
    customers[65_536][2] = Some(f64::NAN);
    customers[400_001] = [None; 6];
    customers[500_006][0] = Some(-0.5);
    let batch = table(&customers);
    let scorer = ValueScorer::new(&batch.schema(), &settings(Alternative::Net)).unwrap();
    let expected: Vec<Found> = customers.iter().map(|one| alone(one, Alternative::Net)).collect();
    for path in Path::ALL.into_iter().filter(|path| path.is_available()) {
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        for pool in [one, three] {
            let scored = pool.install(|| scorer.clone().with_path(path).score(&batch).unwrap());
            let rows: Vec<usize> = scored.refused.iter().map(|refused| refused.row).collect();
            assert_eq!(rows, [65_536, 400_001, 500_006]);
            assert!(together(&scored) == expected, "{path:?}");
            assert_eq!(scored.codes().null_count(), customers.len() - 3);
        }
    }
}

#[test]
fn numbers_of_every_type_are_money() {
    let columns: [(&str, ArrayRef); 5] = [
        ("hours", Arc::new(Int64Array::from(vec![Some(120), None, Some(7)]))),
        ("perceived_benefits", Arc::new(Float32Array::from(vec![30.5, 0.0, 1.0]))),
        (
            "tangible_costs",
            Arc::new(Decimal128Array::from(vec![6012, 50, -1]).with_precision_and_scale(10, 2).unwrap()),
        ),
        ("perceived_costs", Arc::new(NullArray::new(3))),
        ("note", Arc::new(BooleanArray::from(vec![true; 3]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let settings = ValueSettings {
        kinds: vec![(Kind::TangibleBenefit, "hours".into())],
        columns: vec![Column::Net, Column::BenefitCostRatio],
        ..ValueSettings::default()
    };
    let scorer = ValueScorer::new(&batch.schema(), &settings).unwrap();
    assert_eq!(scorer.unmatched(), [Kind::AlternativeBenefit, Kind::AlternativeCost]);
    assert_eq!(scorer.reads(), [0, 1, 2, 3]);
    let scored = scorer.score(&batch).unwrap();
    let net = scored.results.column(0).as_primitive::<Float64Type>();
    assert_eq!((net.value(0), net.value(1), net.is_null(2)), (150.5 - 60.12, -0.5, true));
    let refused = &scored.refused[0].error;
    assert_eq!(
        (scored.refused[0].row, refused.code(), refused.field()),
        (2, "out_of_range", "tangible_costs")
    );
}

#[test]
fn tables_that_do_not_fit_are_refused() {
    let number = || Arc::new(Float64Array::from(vec![1.0])) as ArrayRef;
    let batch = |names: &[&str]| {
        let fields: Vec<_> = names
            .iter()
            .map(|name| arrow_schema::Field::new(*name, arrow_schema::DataType::Float64, true))
            .collect();
        RecordBatch::try_new(
            Arc::new(arrow_schema::Schema::new(fields)),
            names.iter().map(|_| number()).collect(),
        )
        .unwrap()
    };
    let refused = |batch: &RecordBatch, settings: &ValueSettings| {
        let error = ValueScorer::new(&batch.schema(), settings).unwrap_err();
        (error.code(), error.field().to_owned())
    };
    let plain = ValueSettings::default();
    assert_eq!(refused(&batch(&["net"]), &plain), ("missing", "columns".into()));
    let twice = batch(&["tangible_costs", "tangible_costs"]);
    assert_eq!(refused(&twice, &plain), ("duplicate", "columns".into()));
    let mapped = |kinds: &[(Kind, &str)]| ValueSettings {
        kinds: kinds.iter().map(|(kind, name)| (*kind, (*name).to_owned())).collect(),
        ..plain.clone()
    };
    let wrong = mapped(&[(Kind::TangibleCost, "fee")]);
    assert_eq!(refused(&batch(&["fees"]), &wrong), ("unknown_id", "columns".into()));
    let again = mapped(&[(Kind::TangibleCost, "fees"), (Kind::TangibleCost, "fees")]);
    assert_eq!(refused(&batch(&["fees"]), &again), ("duplicate", "kinds".into()));
    let flags = [("tangible_costs", Arc::new(BooleanArray::from(vec![true])) as ArrayRef)];
    let flags = RecordBatch::try_from_iter(flags).unwrap();
    assert_eq!(refused(&flags, &plain), ("invalid_input", "tangible_costs".into()));

    let good = batch(&["tangible_costs", "tangible_benefits"]);
    let scorer = ValueScorer::new(&good.schema(), &plain).unwrap();
    assert_eq!(scorer.score(&batch(&["tangible_costs"])).unwrap_err().code(), "conflict");
    let (mut values, mut valid) = (vec![0.0; 1], vec![0; 1]);
    let target = Target { column: Column::Index, values: &mut values, valid: &mut valid };
    assert_eq!(scorer.score_into(&good, vec![target]).unwrap_err().field(), "targets");
    let target = Target { column: Column::Net, values: &mut values[..0], valid: &mut valid };
    assert_eq!(scorer.score_into(&good, vec![target]).unwrap_err().field(), "targets");
    let (mut values, mut valid) = ([0.0; 2], [0; 2]);
    let (a, b) = values.split_at_mut(1);
    let (c, d) = valid.split_at_mut(1);
    let twice = [(a, c), (b, d)].map(|(values, valid)| Target { column: Column::Net, values, valid });
    assert_eq!(scorer.score_into(&good, twice.into()).unwrap_err().field(), "targets");
    let twice = ValueSettings { columns: vec![Column::Net; 2], ..plain };
    assert_eq!(refused(&good, &twice), ("duplicate", "columns".into()));
    let nobody = scorer.score(&good.slice(0, 0)).unwrap();
    assert_eq!((nobody.results.num_rows(), nobody.refused.len()), (0, 0));
}

#[test]
fn scoring_stops_when_it_is_told_to() {
    let batch = table(&(0..300_000).map(plain).collect::<Vec<_>>());
    let scorer = ValueScorer::new(&batch.schema(), &ValueSettings::default()).unwrap();
    let (mut values, mut valid) = (vec![0.0; 300_000], vec![0; 37_500]);
    let asked = AtomicUsize::new(0);
    let few = || asked.fetch_add(1, Ordering::Relaxed) < 5;
    let target = Target { column: Column::Net, values: &mut values, valid: &mut valid };
    assert!(scorer.score_while(&batch, vec![target], &few).unwrap().is_none());
    assert!(asked.load(Ordering::Relaxed) < 20);
    let target = Target { column: Column::Net, values: &mut values, valid: &mut valid };
    assert!(scorer.score_while(&batch, vec![target], &|| true).unwrap().unwrap().is_empty());
}
