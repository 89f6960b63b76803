//! Tables of money lines, needs and outcomes have the bits of the typed functions.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt32Type};
use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};
use value_model::Date;
use value_model::answer::{Answer, Source};
use value_model::metric::money::Period;
use value_model::model::customer_value::{CustomerValueInput, Kind, Line, Method, customer_value};
use value_model::model::customers_metric::{CustomersMetricInput, Need, customers_metric};
use value_model::model::perceived_value::{
    BusinessOutcome, ExpansionAnswer, IntendedValue, PerceivedValueInput, ValueArea, perceived_value,
};
use value_model_arrow::{EntryModel, EntryScorer, MoneyLines, Needs, Order, Outcomes};

type Columns = Vec<(&'static str, ArrayRef)>;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(values.iter().map(|text| Some(*text).filter(|text| *text != "-")).collect::<StringArray>())
}

fn numbers(values: &[f64]) -> ArrayRef {
    Arc::new(
        values.iter().map(|number| Some(*number).filter(|number| !number.is_nan())).collect::<Float64Array>(),
    )
}

fn flags(values: &[bool]) -> ArrayRef {
    Arc::new(BooleanArray::from(values.to_vec()))
}

fn table(columns: Columns) -> RecordBatch {
    let field = |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, array)| array).collect()).unwrap()
}

/// The results in pieces of this many rows, as one table, and the rows and codes of what was refused.
fn run<M: EntryModel>(
    model: M,
    table: &RecordBatch,
    order: Order,
    piece: usize,
) -> (Vec<RecordBatch>, Vec<(usize, &'static str)>) {
    let mut scorer = EntryScorer::new(model, &table.schema(), "account", order).unwrap();
    let (mut results, mut refused) = (Vec::new(), Vec::new());
    for start in (0..table.num_rows()).step_by(piece) {
        let part = table.slice(start, piece.min(table.num_rows() - start));
        let scored = scorer.push(&part).unwrap();
        refused.extend(scored.refused.iter().map(|one| (one.row, one.error.code())));
        results.push(scored.results);
    }
    let last = scorer.finish().unwrap();
    refused.extend(last.refused.iter().map(|one| (one.row, one.error.code())));
    results.push(last.results);
    (results, refused)
}

/// One column of one account's result, as text with all its digits; `null` for none.
fn cell(results: &[RecordBatch], account: &str, name: &str) -> String {
    for batch in results {
        let names = batch.column(0).as_string::<i32>();
        let Some(row) = (0..batch.num_rows()).find(|row| names.value(*row) == account) else { continue };
        let column = batch.column_by_name(name).unwrap();
        if column.is_null(row) {
            return "null".into();
        }
        if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
            return format!("{:?}", numbers.value(row));
        }
        if let Some(counts) = column.as_primitive_opt::<UInt32Type>() {
            return counts.value(row).to_string();
        }
        if let Some(flags) = column.as_boolean_opt() {
            return flags.value(row).to_string();
        }
        return column.as_string::<i32>().value(row).to_owned();
    }
    "no such account".into()
}

fn shown(number: Option<f64>) -> String {
    number.map_or("null".into(), |number| format!("{number:?}"))
}

fn word<T: serde::Serialize>(word: &T) -> String {
    serde_json::to_value(word).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn money_lines_are_a_customers_value() {
    let eur = "EUR".parse().unwrap();
    let kinds =
        ["tangible_benefit", "perceived_benefit", "tangible_cost", "perceived_cost", "alternative_benefit"];
    let names = ["a", "a", "a", "a", "a", "b", "c", "c"];
    let columns: Columns = vec![
        ("account", texts(&names)),
        ("id", texts(&["1", "2", "3", "4", "5", "1", "1", "2"])),
        ("kind", texts(&[kinds[0], kinds[1], kinds[2], kinds[3], kinds[4], kinds[2], kinds[0], "gift"])),
        ("amount", numbers(&[120e3, f64::NAN, 60e3, 15e3, 40e3, 9e3, 1e3, 1e3])),
        ("currency", texts(&["EUR"; 8])),
        ("period", texts(&["year"; 8])),
        (
            "source",
            texts(&["measured", "measured", "measured", "measured", "measured", "-", "measured", "measured"]),
        ),
        ("share", numbers(&[0.1, 1.0, f64::NAN, 1.0, 1.0, 1.0, 1.0, 1.0])),
        ("method", texts(&["-", "per_point", "-", "stated", "-", "-", "-", "-"])),
        ("rate", numbers(&[f64::NAN, 1500.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
        ("points", numbers(&[f64::NAN, 7.3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
        ("arr", numbers(&[f64::NAN, 50e3, f64::NAN, f64::NAN, f64::NAN, f64::NAN, 1.0, 1.0])),
    ];
    let line =
        |id: &str, kind, amount| Line::new(id, kind, amount, eur, Period::Year).source(Source::Measured);
    let mut input = CustomerValueInput::new(vec![
        line("1", Kind::TangibleBenefit, 120e3).share(0.1),
        line("2", Kind::PerceivedBenefit, 0.0).method(Method::PerPoint { rate: 1500.0, points: 7.3 }),
        line("3", Kind::TangibleCost, 60e3),
        line("4", Kind::PerceivedCost, 15e3).method(Method::Stated),
        line("5", Kind::AlternativeBenefit, 40e3),
    ]);
    input.arr = Some(50e3);
    let expected = customer_value(&input).unwrap();
    let whole = table(columns);
    for order in [Order::Sorted, Order::Grouped, Order::Any] {
        for piece in [1, 3, 8] {
            let model = MoneyLines(CustomerValueInput::new(vec![]));
            let (results, refused) = run(model, &whole, order, piece);
            let cell = |account: &str, name: &str| cell(&results, account, name);
            assert_eq!(cell("a", "gross"), shown(expected.gross));
            assert_eq!(cell("a", "net"), shown(expected.net));
            assert_eq!(cell("a", "perceived_benefits"), shown(expected.perceived_benefits));
            assert_eq!(cell("a", "net_per_arr"), shown(expected.net_per_arr));
            assert_eq!(cell("a", "index"), shown(expected.index));
            assert_eq!(cell("a", "more_value_than_paid"), "false");
            assert_eq!((cell("a", "currency"), cell("a", "period")), ("EUR".into(), "year".into()));
            assert_eq!((cell("b", "gross"), cell("b", "reason")), ("null".into(), "both_unknown".into()));
            assert_eq!((cell("c", "code"), cell("c", "currency")), ("invalid_input".into(), "null".into()));
            assert_eq!(refused, [(7, "invalid_input")]);
        }
    }
}

#[test]
fn needs_are_the_customers_metric() {
    let as_of = day("2026-11-01");
    let (needed, late, never) = ("2026-10-01", "2026-10-06", "-");
    let columns: Columns = vec![
        ("account", texts(&["a", "b", "a", "b", "a", "-"])),
        ("id", texts(&["1", "1", "2", "1", "3", "1"])),
        ("anticipated", texts(&["yes", "no", "1", "TRUE", "false", "no"])),
        ("needed_on", texts(&[needed; 6])),
        ("delivered_on", texts(&[needed, needed, late, needed, never, never])),
        ("cost", numbers(&[10.5, f64::NAN, 20.25, 0.0, f64::NAN, 0.0])),
        ("effective", numbers(&[1.0, 0.5, 0.7, 0.5, f64::NAN, f64::NAN])),
    ];
    let first = Need::new("1", true, day(needed)).delivered(day(needed), Some(1.0));
    let second = Need::new("2", true, day(needed)).delivered(day(late), Some(0.7));
    let mut needs = vec![first, second, Need::new("3", false, day(needed))];
    (needs[0].cost, needs[1].cost) = (Some(10.5), Some(20.25));
    let expected = customers_metric(&CustomersMetricInput::new(as_of, needs)).unwrap();
    let model = Needs(CustomersMetricInput::new(as_of, vec![]));
    let (results, refused) = run(model, &table(columns), Order::Any, 4);
    let cell = |account: &str, name: &str| cell(&results, account, name);
    assert_eq!(cell("a", "score"), shown(expected.score));
    assert_eq!(cell("a", "outcome"), word(&expected.outcome));
    assert_eq!(cell("a", "timeliness"), shown(expected.timeliness));
    assert_eq!(cell("a", "anticipated"), shown(expected.anticipated.map(|share| share.share)));
    assert_eq!((cell("a", "cost"), cell("a", "needs_in_window")), ("30.75".into(), "3".into()));
    assert_eq!(cell("b", "code"), "duplicate");
    assert_eq!(refused, [(5, "invalid_text"), (1, "duplicate")]);
}

#[test]
fn outcomes_and_answers_are_perceived_value() {
    let as_of = day("2026-11-01");
    let columns: Columns = vec![
        ("account", texts(&["a"; 8])),
        (
            "entry",
            texts(&[
                "-",
                "outcome",
                "intended_value",
                "intended_value",
                "expansion",
                "planned_area",
                "new_area",
                "intended_value",
            ]),
        ),
        ("id", texts(&["tickets", "speed", "support", "support", "-", "area", "-", "trust"])),
        ("weight", numbers(&[3.0, f64::NAN, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
        ("baseline", numbers(&[400.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
        ("target", numbers(&[300.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
        ("current", numbers(&[321.0, f64::NAN, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
        ("tangible", flags(&[true; 8])),
        ("explainable", flags(&[true; 8])),
        ("importance", numbers(&[f64::NAN, f64::NAN, 2.0, f64::NAN, 0.0, 0.0, 0.0, f64::NAN])),
        ("value", numbers(&[0.0, 0.0, 4.0, 2.0, 0.0, 0.6, 0.0, 5.0])),
        ("persona", texts(&["-", "-", "executive", "user", "user", "-", "-", "-"])),
        ("potential", numbers(&[0.0, 0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0])),
        ("openness", numbers(&[0.0, 0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0])),
        ("source", texts(&["customer_provided"; 8])),
        ("on", texts(&["2026-10-01"; 8])),
    ];
    let said = Source::CustomerProvided;
    let on = day("2026-10-01");
    let mut input = PerceivedValueInput::new(as_of);
    input.outcomes = vec![
        BusinessOutcome::new("tickets", 400.0, 300.0).weight(3.0).at(321.0, said),
        BusinessOutcome { source: Some(said), ..BusinessOutcome::new("speed", 10.0, 20.0) },
    ];
    for outcome in &mut input.outcomes {
        outcome.on = Some(on);
    }
    let answer = |value: f64| Answer::new(value).source(said).on(on);
    let responses = vec![answer(4.0).persona("executive"), answer(2.0).persona("user")];
    input.intended_values = vec![
        IntendedValue::new("support", responses).importance(2.0),
        IntendedValue::new("trust", vec![answer(5.0)]),
    ];
    let (persona, potential, openness) = (Some("user".to_owned()), Some(4.0), Some(3.0));
    input.expansion =
        vec![ExpansionAnswer { persona, potential, openness, source: Some(said), on: Some(on) }];
    input.planned_areas = Some(vec![ValueArea { on: Some(on), ..ValueArea::new("area", 0.6, said) }]);
    input.new_areas = Some(Vec::new());
    let expected = perceived_value(&input).unwrap();
    assert!(expected.score.is_some() && expected.disagreement.is_some());
    let (results, refused) =
        run(Outcomes(PerceivedValueInput::new(as_of)), &table(columns), Order::Sorted, 3);
    assert_eq!(refused, []);
    let cell = |name: &str| cell(&results, "a", name);
    for (name, expected) in [
        ("score", expected.score),
        ("lower", Some(expected.lower)),
        ("upper", Some(expected.upper)),
        ("coverage", Some(expected.coverage)),
        ("rbo", expected.rbo.score),
        ("vp", expected.vp.score),
        ("ve", expected.ve.score),
        ("vu", expected.vu.score),
        ("gap", expected.gap),
        ("disagreement", expected.disagreement),
        ("unplanned_share", expected.unplanned_share),
    ] {
        assert_eq!(cell(name), shown(expected), "{name}");
    }
}

#[test]
fn words_of_results_are_those_of_the_wire() {
    let columns: Columns = vec![
        ("account", texts(&["a", "b"])),
        ("id", texts(&["1", "1"])),
        ("entry", texts(&["outcome", "novelty"])),
        ("baseline", numbers(&[0.0; 2])),
        ("target", numbers(&[1.0; 2])),
        ("tangible", flags(&[true; 2])),
        ("explainable", flags(&[true; 2])),
    ];
    let (results, refused) =
        run(Outcomes(PerceivedValueInput::new(day("2026-11-01"))), &table(columns), Order::Sorted, 2);
    let mut input = PerceivedValueInput::new(day("2026-11-01"));
    input.outcomes = vec![BusinessOutcome::new("1", 0.0, 1.0)];
    let expected = perceived_value(&input).unwrap();
    assert_eq!(cell(&results, "a", "reason"), word(&expected.reason.unwrap()));
    assert_eq!((refused, cell(&results, "b", "code")), (vec![(1, "invalid_input")], "invalid_input".into()));
}
