//! A portfolio over columns has the bits of one added up account by account, in any order and split.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float32Array, Float64Array, Int64Array,
    LargeStringArray, RecordBatch, StringArray, StringViewArray, UInt8Array,
};
use arrow_schema::{DataType, Field, Schema};
use proptest::collection::vec;
use proptest::prelude::*;
use value_model::compare::portfolio::{Line, Portfolio, PortfolioReport};
use value_model::scale::Scale;
use value_model::scorecard::{Bands, Edge, Group, Measure, Outcome, Scorecard, Scorer};
use value_model_arrow::{ColumnPortfolio, Path, PortfolioSettings};

#[derive(Clone, Debug)]
struct Account {
    csm: Option<String>,
    region: Option<i64>,
    outcome: Outcome,
    score: f64,
    lower: f64,
    upper: f64,
    coverage: f64,
    revenue: Option<f64>,
}

fn scorer(edge: Edge) -> Scorer {
    scorer_with(Bands { edge, ..Bands::default() })
}

fn scorer_with(bands: Bands) -> Scorer {
    let mut card = Scorecard::new("mine", "1", Group::new("root").child(Measure::new("m", Scale::Score)));
    card.bands = bands;
    card.compile().unwrap()
}

/// The account as the core knows it: scored from one answer that has its number.
fn line(account: &Account, scorer: &Scorer) -> Line {
    let mut score = {
        let mut workspace = scorer.workspace();
        let context = value_model::scorecard::Context::new("2026-11-01".parse().unwrap());
        scorer.score(&[value_model::scale::Cell::Number(50.0)], &context, &mut workspace).unwrap()
    };
    let has = account.outcome == Outcome::Scored;
    score.outcome = account.outcome;
    score.score = has.then_some(account.score);
    score.band = has.then(|| scorer.band_of(account.score));
    score.lower = account.lower;
    score.upper = account.upper;
    score.coverage = account.coverage;
    score.lower_band = scorer.band_of(account.lower);
    Line::from(&score)
}

fn one_by_one(accounts: &[Account], scorer: &Scorer, by: &[&str]) -> PortfolioReport {
    let mut portfolio = Portfolio::new(scorer);
    for account in accounts {
        let of = |name: &&str| match *name {
            "csm" => account.csm.clone(),
            _ => account.region.map(|region| region.to_string()),
        };
        portfolio.add(by.iter().map(of).collect(), account.revenue, &line(account, scorer)).unwrap();
    }
    portfolio.report(true)
}

fn texts(kind: u8, values: &[Option<&str>]) -> ArrayRef {
    match kind {
        0 => Arc::new(StringArray::from(values.to_vec())),
        1 => Arc::new(LargeStringArray::from(values.to_vec())),
        2 => Arc::new(StringViewArray::from(values.to_vec())),
        _ => Arc::new(values.iter().copied().collect::<DictionaryArray<Int32Type>>()),
    }
}

fn batch(accounts: &[Account], kind: u8) -> RecordBatch {
    let numbers = |number: &dyn Fn(&Account) -> Option<f64>| -> ArrayRef {
        Arc::new(accounts.iter().map(number).collect::<Float64Array>())
    };
    let csm: Vec<Option<&str>> = accounts.iter().map(|account| account.csm.as_deref()).collect();
    let code = |account: &Account| match account.outcome {
        Outcome::Scored => 0,
        Outcome::Insufficient => 1,
        Outcome::NotApplicable => 2,
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("csm", texts(kind, &csm)),
        ("region", Arc::new(accounts.iter().map(|account| account.region).collect::<Int64Array>())),
        ("score", numbers(&|a| (a.outcome == Outcome::Scored).then_some(a.score))),
        ("lower", numbers(&|a| Some(a.lower))),
        ("upper", numbers(&|a| Some(a.upper))),
        ("coverage", numbers(&|a| Some(a.coverage))),
        ("outcome", Arc::new(accounts.iter().map(|account| Some(code(account))).collect::<UInt8Array>())),
        ("arr", numbers(&|a| a.revenue)),
    ];
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn settings(by: &[&str]) -> PortfolioSettings {
    PortfolioSettings { by: by.iter().map(|&name| name.to_owned()).collect(), revenue: Some("arr".into()) }
}

fn score() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..=100.0_f64,
        2 => (0..=200_u32).prop_map(|half| f64::from(half) / 2.0),
        1 => Just(49.999_999_999_999_99),
        1 => Just(100.000_000_000_000_01),
        // Halves of a billionth, which round away from zero.
        1 => (0..100_000_u32).prop_map(|n| f64::from(n) / 1e3 + 0.5e-9),
    ]
}

fn account() -> impl Strategy<Value = Account> {
    let csm = prop_oneof![Just(None), "[a-c]{0,2}".prop_map(Some), Just(Some("zoë".to_owned()))];
    let revenue = prop_oneof![
        1 => Just(None),
        4 => (0.0..1e7_f64).prop_map(Some),
        1 => Just(Some(0.0)),
        1 => (0.0..=1e13_f64).prop_map(Some),
    ];
    let outcome = prop_oneof![
        6 => Just(Outcome::Scored),
        1 => Just(Outcome::Insufficient),
        1 => Just(Outcome::NotApplicable),
    ];
    (csm, prop::option::of(-2..3_i64), outcome, score(), score(), score(), 0.0..=1.0, revenue).prop_map(
        |(csm, region, outcome, score, lower, upper, coverage, revenue)| Account {
            csm,
            region,
            outcome,
            score,
            lower,
            upper,
            coverage,
            revenue,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn columns_have_the_bits_of_accounts(
        accounts in vec(account(), 0..700),
        by in prop::sample::select(vec![vec![], vec!["csm"], vec!["region"], vec!["csm", "region"]]),
        piece in 1..300_usize,
        gainsight in any::<bool>(),
        cuts in prop::sample::select(vec![vec![], vec![40.0, 75.0], vec![10.0, 20.0, 30.0, 40.5, 50.0, 99.0]]),
    ) {
        let edge = if gainsight { Edge::Gainsight } else { Edge::Above };
        let names = (0..=cuts.len()).map(|band| format!("band {band}")).collect();
        let scorer = scorer_with(Bands { cuts, names, edge });
        let expected = one_by_one(&accounts, &scorer, &by);
        let whole = batch(&accounts, 0);
        let mut portfolio = ColumnPortfolio::new(&scorer, &whole.schema(), &settings(&by)).unwrap();
        for path in Path::ALL.into_iter().filter(|path| path.is_available()) {
            portfolio = portfolio.empty().with_path(path);
            prop_assert!(portfolio.add(&whole).unwrap().is_empty());
            prop_assert_eq!(&portfolio.report(), &expected, "{:?}", path);
        }

        // The other way round, in pieces of several types of text, and put together from two.
        let mut backwards = accounts;
        backwards.reverse();
        let mut parts = [portfolio.empty(), portfolio.empty()];
        for (number, rows) in backwards.chunks(piece).enumerate() {
            let kind = u8::try_from(number % 4).unwrap();
            parts[number % 2].add(&batch(rows, kind)).unwrap();
        }
        let [mut first, second] = parts;
        first.merge(&second).unwrap();
        prop_assert_eq!(first.report(), expected);
    }
}

/// Pseudo-random accounts, always the same.
fn many(rows: u32) -> Vec<Account> {
    let mut state = 1_u64;
    let mut draw = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).unwrap()) / f64::from(u32::MAX)
    };
    (0..rows)
        .map(|row| Account {
            csm: (row % 31 != 0).then(|| format!("csm{}", row % 97)),
            region: Some(i64::from(row % 5)),
            outcome: if row % 11 == 0 { Outcome::Insufficient } else { Outcome::Scored },
            score: draw() * 100.0,
            lower: draw() * 50.0,
            upper: 50.0 + draw() * 50.0,
            coverage: draw(),
            revenue: (row % 7 != 0).then(|| draw() * 1e6),
        })
        .collect()
}

#[test]
fn the_number_of_threads_does_not_show() {
    let accounts = many(150_000);
    let scorer = scorer(Edge::Above);
    let batches: Vec<RecordBatch> = accounts.chunks(70_001).map(|rows| batch(rows, 3)).collect();
    let empty = ColumnPortfolio::new(&scorer, &batches[0].schema(), &settings(&["csm"])).unwrap();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut portfolio = empty.clone();
        pool.install(|| portfolio.add_all(&batches)).unwrap();
        portfolio.report()
    };
    let expected = one_by_one(&accounts, &scorer, &["csm"]);
    assert_eq!(expected.rows.len(), 98);
    for threads in [1, 2, 5] {
        assert_eq!(on(threads), expected);
    }
}

#[test]
fn slices_that_start_inside_a_byte_are_read_from_there() {
    let accounts = many(2_000);
    let scorer = scorer(Edge::Above);
    for (start, rows) in [(3, 1_000), (1_001, 700), (64, 0), (5, 1)] {
        let piece = batch(&accounts, 3).slice(start, rows);
        let mut portfolio = ColumnPortfolio::new(&scorer, &piece.schema(), &settings(&["csm"])).unwrap();
        portfolio.add(&piece).unwrap();
        assert_eq!(portfolio.report(), one_by_one(&accounts[start..start + rows], &scorer, &["csm"]));
    }
}

#[test]
fn a_row_that_cannot_be_added_is_refused_and_the_rest_counts() {
    let mut accounts = many(1_000);
    accounts[300].outcome = Outcome::Scored;
    accounts[300].score = f64::NAN;
    accounts[700].coverage = 1.5;
    accounts[701].revenue = Some(-1.0);
    let scorer = scorer(Edge::Above);
    let whole = batch(&accounts, 0);
    let mut portfolio = ColumnPortfolio::new(&scorer, &whole.schema(), &settings(&["csm"])).unwrap();
    let refused = portfolio.add(&whole).unwrap();
    let found: Vec<_> =
        refused.iter().map(|one| (one.row, one.error.code(), one.error.field().to_owned())).collect();
    let expected =
        [(300, "not_finite", "score"), (700, "out_of_range", "coverage"), (701, "out_of_range", "arr")];
    assert_eq!(found, expected.map(|(row, code, field)| (row, code, field.to_owned())));
    for row in [701, 700, 300] {
        accounts.remove(row);
    }
    assert_eq!(portfolio.report(), one_by_one(&accounts, &scorer, &["csm"]));
}

#[test]
fn rows_that_scoring_refused_are_no_accounts() {
    let scorer = scorer(Edge::Above);
    let score: ArrayRef = Arc::new(Float64Array::from(vec![Some(80.0), None, None]));
    let lower: ArrayRef = Arc::new(Float64Array::from(vec![Some(70.0), Some(10.0), None]));
    let csm: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
    let table = RecordBatch::try_from_iter([("csm", csm), ("score", score), ("lower", lower)]).unwrap();
    let by = PortfolioSettings { by: vec!["csm".into()], revenue: None };
    let mut portfolio = ColumnPortfolio::new(&scorer, &table.schema(), &by).unwrap();
    assert!(portfolio.add(&table).unwrap().is_empty());
    let report = portfolio.report();
    assert_eq!((report.total.accounts, report.total.scored, report.total.insufficient), (2, 1, 1));
    assert_eq!((report.total.lower, report.total.upper), (Some(40.0), None));
    assert_eq!(report.rows.len(), 2, "c has no account");
}

#[test]
fn keys_of_every_type_read_as_the_attribute_would() {
    let scorer = scorer(Edge::Above);
    let keys: Vec<(ArrayRef, &str)> = vec![
        (Arc::new(Int64Array::from(vec![-7])), "-7"),
        (Arc::new(Int64Array::from(vec![9_007_199_254_740_993])), "9007199254740993"),
        (Arc::new(arrow_array::UInt64Array::from(vec![u64::MAX])), "18446744073709551615"),
        (Arc::new(Float64Array::from(vec![3.0])), "3"),
        (Arc::new(Float32Array::from(vec![0.5])), "0.5"),
        (Arc::new(BooleanArray::from(vec![true])), "yes"),
        (Arc::new(Date32Array::from(vec![0])), "1970-01-01"),
        (Arc::new(StringArray::from(vec![""])), ""),
    ];
    for (key, expected) in keys {
        let score: ArrayRef = Arc::new(Float32Array::from(vec![80.0]));
        let table = RecordBatch::try_from_iter([("key", key), ("score", score)]).unwrap();
        let by = PortfolioSettings { by: vec!["key".into()], revenue: None };
        let mut portfolio = ColumnPortfolio::new(&scorer, &table.schema(), &by).unwrap();
        portfolio.add(&table).unwrap();
        assert_eq!(portfolio.report().rows[0].key, [Some(expected.to_owned())]);
    }
}

#[test]
fn columns_that_do_not_fit_are_named() {
    let scorer = scorer(Edge::Above);
    let field = |name: &str, kind: DataType| Field::new(name, kind, true);
    let list = DataType::List(Arc::new(field("item", DataType::Int8)));
    let code = |fields: Vec<Field>, by: &str| {
        let settings = PortfolioSettings { by: vec![by.into()], revenue: Some("arr".into()) };
        let error = ColumnPortfolio::new(&scorer, &Schema::new(fields), &settings).unwrap_err();
        format!("{} {error}", error.code())
    };
    let score = || field("score", DataType::Float64);
    let arr = || field("arr", DataType::Int64);
    assert!(code(vec![score(), arr(), field("csm", DataType::Utf8)], "cms").contains("csm"));
    assert!(code(vec![score(), arr(), field("tags", list)], "tags").starts_with("invalid_input"));
    assert!(code(vec![arr(), field("csm", DataType::Utf8)], "csm").contains("`score`"));
    assert!(code(vec![score(), arr(), arr(), field("csm", DataType::Utf8)], "csm").starts_with("duplicate"));
    let text = field("arr", DataType::Utf8);
    assert!(code(vec![score(), text, field("csm", DataType::Utf8)], "csm").contains("numbers are expected"));
}
