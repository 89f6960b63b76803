use approx::assert_relative_eq;

use super::*;
use crate::answer::{EvidenceRule, Grades, Source};
use crate::metric::money::Period;

fn line(id: &str, kind: Kind, amount: f64) -> Line {
    Line::new(id, kind, amount, "EUR".parse().unwrap(), Period::Year)
        .source(Source::CustomerProvided)
        .method(Method::Stated)
}

/// TB 120000, PB 30000, TC 60000, PC 15000, AB 40000.
fn golden() -> CustomerValueInput {
    CustomerValueInput::new(vec![
        line("a", Kind::TangibleBenefit, 120_000.0),
        line("b", Kind::PerceivedBenefit, 30_000.0),
        line("c", Kind::TangibleCost, 60_000.0),
        line("d", Kind::PerceivedCost, 15_000.0),
        line("e", Kind::AlternativeBenefit, 40_000.0),
    ])
}

fn with(line: Line) -> CustomerValueInput {
    let mut input = golden();
    input.lines.push(line);
    input
}

fn codes(value: &CustomerValue) -> Vec<WarningCode> {
    value.warnings.iter().map(|warning| warning.code).collect()
}

fn refused(input: &CustomerValueInput) -> (&'static str, String) {
    let error = customer_value(input).unwrap_err();
    (error.code(), error.field().to_owned())
}

#[test]
fn s4_1_gross_net_ratio_and_index() {
    // S4-1
    let value = customer_value(&golden()).unwrap();
    assert_eq!((value.gross, value.net), (Some(75_000.0), Some(35_000.0)));
    assert_eq!((value.benefit_cost_ratio, value.index), (Some(2.0), Some(66.666_666_666_666_66)));
    assert_eq!((value.more_value_than_paid, value.partial, value.documented), (Some(true), false, true));
    assert!(value.missing_kinds.is_empty() && value.warnings.is_empty() && !value.tangible_only);
    assert_eq!((value.reason, value.vendor_asserted.is_none()), (None, true));
}

#[test]
fn s4_2_the_alternative_net_of_its_costs() {
    // S4-2
    let mut input = with(line("f", Kind::AlternativeCost, 25_000.0));
    input.alternative = Alternative::Net;
    let value = customer_value(&input).unwrap();
    assert_eq!(value.net, Some(60_000.0));
    assert!(!value.partial && value.warnings.is_empty());
}

#[test]
fn s4_3_haircuts_on_benefits_and_costs() {
    // S4-3
    let risk = Some(Haircuts { benefits: 0.2, costs: 0.1 });
    let value = customer_value(&CustomerValueInput { risk, ..golden() }).unwrap();
    let adjusted = value.risk_adjusted.unwrap();
    assert_relative_eq!(adjusted.gross, 37_500.0, max_relative = 1e-12);
    assert_relative_eq!(adjusted.net, -2_500.0, max_relative = 1e-12);
    assert_eq!(value.net, Some(35_000.0));
}

#[test]
fn s4_4_the_haircut_that_leaves_no_net_value() {
    // S4-4
    let haircut = customer_value(&golden()).unwrap().break_even_haircut.unwrap();
    assert_relative_eq!(haircut, 0.233_333_333_333_333_3, max_relative = 1e-12);
}

#[test]
fn s4_9_without_perceived_benefits_the_value_is_partial() {
    // S4-9
    let mut input = golden();
    input.lines.remove(1);
    let value = customer_value(&input).unwrap();
    assert_eq!((value.gross, value.partial, value.documented), (Some(45_000.0), true, false));
    assert_eq!((value.missing_kinds, value.perceived_benefits), (vec![Kind::PerceivedBenefit], None));
}

#[test]
fn an_alternative_cost_is_not_used_unless_asked_for() {
    let value = customer_value(&with(line("f", Kind::AlternativeCost, 25_000.0))).unwrap();
    assert_eq!((value.net, codes(&value)), (Some(35_000.0), vec![WarningCode::AlternativeCostIgnored]));
    let mut input = with(line("f", Kind::AlternativeCost, 25_000.0));
    input.alternative = Alternative::Net;
    input.lines.remove(4);
    let value = customer_value(&input).unwrap();
    assert_eq!((value.net, codes(&value)), (Some(75_000.0), vec![WarningCode::AlternativeCostIgnored]));
    assert_eq!(value.missing_kinds, [Kind::AlternativeBenefit]);
}

#[test]
fn what_the_vendor_says_stands_beside_the_headline() {
    let value =
        customer_value(&with(line("f", Kind::TangibleBenefit, 10_000.0).source(Source::VendorAsserted)))
            .unwrap();
    assert_eq!((value.tangible_benefits, value.net), (Some(120_000.0), Some(35_000.0)));
    let asserted = value.vendor_asserted.unwrap();
    assert_eq!((asserted.tangible_benefits, asserted.tangible_costs), (Some(10_000.0), None));
    assert_eq!((asserted.gross, asserted.net), (Some(85_000.0), Some(45_000.0)));
    assert_eq!(asserted.lines, ["f"]);
}

#[test]
fn graded_evidence_counts_in_parts() {
    let grades = Grades {
        unstated: 0.0,
        vendor_asserted: 0.25,
        customer_provided: 1.0,
        validated_with_persona: 1.0,
        measured: 1.0,
    };
    let mut input = with(line("f", Kind::TangibleBenefit, 8_000.0).source(Source::VendorAsserted));
    input.evidence = EvidenceRule::Graded(grades);
    let value = customer_value(&input).unwrap();
    assert_eq!(value.tangible_benefits, Some(122_000.0));
    assert_eq!(value.vendor_asserted.unwrap().tangible_benefits, Some(6_000.0));
}

#[test]
fn a_cost_that_does_not_count_is_said_aloud_and_leaves_its_kind_unknown() {
    let mut input = golden();
    input.lines[2].source = None;
    let value = customer_value(&input).unwrap();
    assert_eq!((value.gross, value.partial), (Some(135_000.0), true));
    assert_eq!(value.missing_kinds, [Kind::TangibleCost]);
    assert_eq!(codes(&value), [WarningCode::CostNotCounted]);
    assert_eq!(value.warnings[0].lines, ["c"]);
}

#[test]
fn a_feeling_without_a_method_leaves_the_value_tangible() {
    let mut input = golden();
    input.lines[1].method = None;
    input.lines[3].method = None;
    let value = customer_value(&input).unwrap();
    assert_eq!((value.gross, value.tangible_only), (Some(60_000.0), true));
    assert_eq!(codes(&value), [WarningCode::PerceivedWithoutMethod, WarningCode::CostNotCounted]);
    assert!(value.vendor_asserted.is_none());
}

#[test]
fn a_price_per_point_gives_the_amount_itself() {
    let mut input = golden();
    input.lines[1] =
        line("b", Kind::PerceivedBenefit, 0.0).method(Method::PerPoint { rate: 1_500.0, points: 20.0 });
    assert_eq!(customer_value(&input).unwrap().perceived_benefits, Some(30_000.0));
    input.lines[1].amount = Some(30_000.0);
    assert_eq!(refused(&input), ("conflict", "lines[1].amount".into()));
}

#[test]
fn with_nothing_known_on_one_side_there_is_no_value() {
    let of = |lines| customer_value(&CustomerValueInput::new(lines)).unwrap();
    let benefit = || line("a", Kind::TangibleBenefit, 5.0);
    let only_benefits = of(vec![benefit()]);
    assert_eq!((only_benefits.net, only_benefits.reason), (None, Some(AbsentReason::CostsUnknown)));
    assert_eq!(only_benefits.more_value_than_paid, None);
    assert_eq!(of(vec![line("a", Kind::PerceivedCost, 5.0)]).reason, Some(AbsentReason::BenefitsUnknown));
    assert_eq!(
        of(vec![line("a", Kind::AlternativeBenefit, 5.0)]).index_reason,
        Some(AbsentReason::BothUnknown)
    );
}

#[test]
fn shares_of_nothing_have_a_reason() {
    let of = |benefit, cost| {
        let lines = vec![line("a", Kind::TangibleBenefit, benefit), line("b", Kind::TangibleCost, cost)];
        customer_value(&CustomerValueInput { arr: Some(0.0), ..CustomerValueInput::new(lines) }).unwrap()
    };
    let free = of(5.0, 0.0);
    assert_eq!((free.benefit_cost_ratio, free.index), (None, Some(100.0)));
    assert_eq!(free.benefit_cost_ratio_reason, Some(AbsentReason::NoCosts));
    assert_eq!(free.net_per_arr_reason, Some(AbsentReason::NoArr));
    let nothing = of(0.0, 0.0);
    assert_eq!(nothing.index_reason, Some(AbsentReason::NoAmounts));
    assert_eq!(nothing.break_even_haircut_reason, Some(AbsentReason::NoBenefits));
    assert_eq!(nothing.net.map(f64::to_bits), Some(0));
}

#[test]
fn revenue_is_compared_with_yearly_value_only() {
    let value = customer_value(&CustomerValueInput { arr: Some(70_000.0), ..golden() }).unwrap();
    assert_eq!(value.net_per_arr, Some(0.5));
    let mut input = CustomerValueInput { arr: Some(70_000.0), ..golden() };
    for line in &mut input.lines {
        line.period = Period::Month;
    }
    let monthly = customer_value(&input).unwrap();
    assert_eq!(monthly.net_per_arr_reason, Some(AbsentReason::NotPerYear));
    input.annualise = true;
    let yearly = customer_value(&input).unwrap();
    assert_eq!((yearly.period, yearly.net, yearly.net_per_arr), (Period::Year, Some(420_000.0), Some(6.0)));
}

#[test]
fn currencies_and_periods_must_agree_or_be_converted() {
    let mut input = golden();
    input.lines[2].currency = "USD".parse().unwrap();
    assert_eq!(refused(&input), ("currency", "lines[2].currency".into()));
    input.rates = [("USD".parse().unwrap(), 0.5)].into();
    assert_eq!(refused(&input), ("missing", "currency".into()));
    input.currency = Some("EUR".parse().unwrap());
    assert_eq!(customer_value(&input).unwrap().tangible_costs, Some(30_000.0));
    input.lines[0].period = Period::Quarter;
    // The line whose id comes first says the period, so the others differ from it.
    assert_eq!(refused(&input), ("period", "lines[1].period".into()));
    input.annualise = true;
    assert_eq!(customer_value(&input).unwrap().tangible_benefits, Some(480_000.0));
}

#[test]
fn only_the_part_owed_to_us_counts() {
    let mut input = golden();
    input.lines[0].share = 0.25;
    assert_eq!(customer_value(&input).unwrap().tangible_benefits, Some(30_000.0));
    input.lines[0].share = 1.5;
    assert_eq!(refused(&input), ("out_of_range", "lines[0].share".into()));
}

#[test]
fn bad_lines_are_refused_by_place() {
    let refuse = |change: fn(&mut Line)| {
        let mut input = golden();
        change(&mut input.lines[3]);
        refused(&input)
    };
    assert_eq!(refuse(|line| line.amount = Some(-1.0)), ("out_of_range", "lines[3].amount".into()));
    assert_eq!(refuse(|line| line.amount = Some(f64::NAN)), ("not_finite", "lines[3].amount".into()));
    assert_eq!(refuse(|line| line.amount = None), ("missing", "lines[3].amount".into()));
    assert_eq!(refuse(|line| line.id = "a".into()), ("duplicate", "lines".into()));
    assert_eq!(refuse(|line| line.id = String::new()), ("invalid_text", "lines[3].id".into()));
    assert_eq!(refused(&CustomerValueInput::new(vec![])), ("empty", "lines".into()));
    let mut input = CustomerValueInput { as_of: Some("2026-11-01".parse().unwrap()), ..golden() };
    input.lines[0].on = Some("2026-11-02".parse().unwrap());
    assert_eq!(refused(&input), ("after_as_of", "lines[0].on".into()));
    input = golden();
    input.lines[0].amount = Some(f64::MAX);
    assert!(customer_value(&input).is_ok());
    input.lines.push(line("z", Kind::TangibleBenefit, f64::MAX));
    assert_eq!(refused(&input), ("overflow", "tangible_benefits".into()));
}

#[test]
fn the_wire_form_has_defaults_and_refuses_typos() {
    let read = |text: &str| serde_json::from_str::<CustomerValueInput>(text);
    let text = r#"{"lines": [{"id": "a", "kind": "perceived_benefit", "currency": "EUR", "period": "year",
        "method": {"per_point": {"rate": 2, "points": 3}}}], "rates": {"USD": 0.9}}"#;
    let input = read(text).unwrap();
    assert_eq!((input.lines[0].share, input.evidence), (1.0, EvidenceRule::CustomerBacked));
    assert!(read(&text.replace("period\"", "perod\"")).is_err());
    assert!(read(&text.replace("{\"USD\": 0.9}", "{\"USD\": 0.9, \"USD\": 1}")).is_err());
    assert!(read(&text.replace("USD", "usd")).is_err());
    let value = customer_value(&golden()).unwrap();
    let back: CustomerValue = serde_json::from_str(&serde_json::to_string(&value).unwrap()).unwrap();
    assert_eq!(back, value);
}
