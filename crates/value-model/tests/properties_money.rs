//! Laws of customer value in money and of the customer's metric, on random input.
#![expect(clippy::unwrap_used, reason = "a refused input fails the property")]

use approx::assert_relative_eq;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use value_model::answer::{EvidenceRule, Source};
use value_model::metric::money::Period;
use value_model::model::customer_value::{
    Alternative, CustomerValue, CustomerValueInput, Haircuts, Kind, Line, Method, customer_value,
};
use value_model::model::customer_value_portfolio::{
    CustomerValuePortfolioInput, CustomerValueRow, CustomerValueTotals, PortfolioKey, ValueAccount,
    customer_value_portfolio,
};
use value_model::model::customers_metric::{
    CustomersMetric, CustomersMetricInput, Need, TimelinessRule, customers_metric,
};
use value_model::{Date, math};

const SOURCES: [Option<Source>; 5] = [
    None,
    Some(Source::VendorAsserted),
    Some(Source::CustomerProvided),
    Some(Source::ValidatedWithPersona),
    Some(Source::Measured),
];

/// Amounts of whole cents, which is how money comes.
fn amount() -> impl Strategy<Value = f64> {
    (0_i32..1_000_000_000).prop_map(|cents| f64::from(cents) / 100.0)
}

fn line(index: usize, kind: Kind, amount: f64, source: Option<Source>) -> Line {
    let mut line = Line::new(format!("line_{index}"), kind, amount, "EUR".parse().unwrap(), Period::Year);
    line.source = source;
    line.method(Method::Stated)
}

/// A benefit and a cost from the customer, so that there is a value, and up to eight lines of any kind and source.
fn input() -> impl Strategy<Value = CustomerValueInput> {
    let other = (select(&Kind::ALL[..]), amount(), select(&SOURCES[..]), 0_u32..=4);
    (amount(), amount(), vec(other, 0..8), any::<bool>()).prop_map(|(benefit, cost, rest, net)| {
        let measured = Some(Source::Measured);
        let mut lines = vec![
            line(0, Kind::TangibleBenefit, benefit, measured),
            line(1, Kind::TangibleCost, cost, measured),
        ];
        lines.extend(rest.into_iter().zip(2..).map(|((kind, amount, source, quarters), index)| {
            line(index, kind, amount, source).share(f64::from(quarters) / 4.0)
        }));
        let alternative = if net { Alternative::Net } else { Alternative::Literal };
        CustomerValueInput { alternative, ..CustomerValueInput::new(lines) }
    })
}

fn shuffled() -> impl Strategy<Value = (CustomerValueInput, CustomerValueInput)> {
    input().prop_flat_map(|input| {
        let lines = Just(input.lines.clone()).prop_shuffle();
        (Just(input.clone()), lines.prop_map(move |lines| CustomerValueInput { lines, ..input.clone() }))
    })
}

fn portfolio() -> impl Strategy<Value = Vec<CustomerValueRow>> {
    let csm = option::of(select(vec!["kim", "lee", "ada"]));
    vec((input(), csm, option::of(amount())), 1..12).prop_map(|rows| {
        let row = |(index, (input, csm, arr)): (usize, (CustomerValueInput, Option<&str>, Option<f64>))| {
            let mut row = CustomerValueRow::new(format!("customer_{index}"), input);
            row.csm = csm.map(str::to_owned);
            row.arr = arr;
            row
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

fn as_of() -> Date {
    Date::new(2026, 11, 1).unwrap()
}

/// Needs of the last 120 days, some stale, some never met, some of unknown effect.
fn needs() -> impl Strategy<Value = Vec<Need>> {
    let effect = option::of((0_u32..=10).prop_map(|tenths| f64::from(tenths) / 10.0));
    let need = (any::<bool>(), 0_i32..120, option::of(-20_i32..20), effect);
    vec(need, 0..15).prop_map(|needs| {
        let need =
            |(index, (anticipated, age, late, effect)): (usize, (bool, i32, Option<i32>, Option<f64>))| {
                let need = Need::new(format!("need_{index}"), anticipated, as_of().plus_days(-age).unwrap());
                match late {
                    Some(late) => need.delivered(as_of().plus_days((late - age).min(0)).unwrap(), effect),
                    None => need,
                }
            };
        needs.into_iter().enumerate().map(need).collect()
    })
}

fn metric(needs: Vec<Need>) -> CustomersMetric {
    customers_metric(&CustomersMetricInput::new(as_of(), needs)).unwrap()
}

fn value(input: &CustomerValueInput) -> CustomerValue {
    customer_value(input).unwrap()
}

/// Every bit of a result, as text that also tells 0 from -0.
fn bits(result: &impl serde::Serialize) -> String {
    serde_json::to_string(result).unwrap()
}

proptest! {
    #[test]
    fn more_benefit_never_lowers_net_value(input in input(), more in amount()) {
        let before = value(&input);
        let mut input = input;
        input.lines.push(line(99, Kind::TangibleBenefit, more, Some(Source::Measured)));
        prop_assert!(value(&input).net.unwrap() >= before.net.unwrap());
    }

    #[test]
    fn more_cost_never_raises_net_value(input in input(), more in amount()) {
        let before = value(&input);
        let mut input = input;
        input.lines.push(line(99, Kind::TangibleCost, more, Some(Source::CustomerProvided)));
        prop_assert!(value(&input).net.unwrap() <= before.net.unwrap());
    }

    #[test]
    fn what_the_vendor_asserts_never_moves_the_headline(
        input in input(), more in amount(), kind in select(&Kind::ALL[..])
    ) {
        let before = value(&input);
        let mut input = input;
        input.lines.push(line(99, kind, more, Some(Source::VendorAsserted)));
        let after = value(&input);
        prop_assert_eq!((before.gross, before.net), (after.gross, after.net));
        prop_assert_eq!(before.missing_kinds, after.missing_kinds);
    }

    #[test]
    fn the_asserted_value_is_the_value_when_every_source_counts(input in input()) {
        let all = value(&CustomerValueInput { evidence: EvidenceRule::Any, ..input.clone() });
        if let Some(asserted) = value(&input).vendor_asserted {
            prop_assert_eq!((asserted.gross, asserted.net), (all.gross, all.net));
        }
        prop_assert!(all.vendor_asserted.is_none());
    }

    #[test]
    fn scaling_all_money_by_a_power_of_two_scales_values_exactly_and_no_ratio(input in input(), power in -8_i32..8) {
        let factor = math::exp2(f64::from(power));
        let mut scaled = input.clone();
        for line in &mut scaled.lines {
            line.amount = line.amount.map(|amount| amount * factor);
        }
        let (before, after) = (value(&input), value(&scaled));
        prop_assert_eq!(before.gross.map(|gross| gross * factor), after.gross);
        prop_assert_eq!(before.net.map(|net| net * factor), after.net);
        prop_assert_eq!(before.index, after.index);
        prop_assert_eq!(before.benefit_cost_ratio, after.benefit_cost_ratio);
        prop_assert_eq!(before.break_even_haircut, after.break_even_haircut);
    }

    #[test]
    fn the_order_of_lines_changes_no_bit((input, shuffled) in shuffled()) {
        prop_assert_eq!(bits(&value(&input)), bits(&value(&shuffled)));
    }

    #[test]
    fn literal_net_value_is_gross_value_less_the_benefits_of_the_alternative(input in input()) {
        let value = value(&CustomerValueInput { alternative: Alternative::Literal, ..input });
        let less = value.gross.unwrap() - value.alternative_benefits.unwrap_or(0.0);
        prop_assert_eq!(value.net, Some(less));
    }

    #[test]
    fn the_break_even_haircut_leaves_no_net_value(input in input()) {
        let Some(benefits) = value(&input).break_even_haircut.filter(|cut| (0.0..=1.0).contains(cut)) else {
            return Ok(());
        };
        let risk = Some(Haircuts { benefits, costs: 0.0 });
        let adjusted = value(&CustomerValueInput { risk, ..input.clone() }).risk_adjusted.unwrap();
        // Rounding is measured by what is added, not by the 0 that comes out.
        let size: f64 = input.lines.iter().filter_map(|line| line.amount).sum();
        prop_assert!(adjusted.net.abs() <= 1e-12 * size, "{} of {size}", adjusted.net);
    }

    #[test]
    fn no_amount_makes_a_result_that_is_not_a_number(
        input in input(), odd in select(vec![f64::NAN, f64::INFINITY, f64::MAX, -1.0, -0.0, 5e-324]), place in 0_usize..2
    ) {
        let mut input = CustomerValueInput { risk: Some(Haircuts { benefits: 0.5, costs: 1.0 }), arr: Some(1e-9), ..input };
        input.lines.get_mut(place).unwrap().amount = Some(odd);
        if let Ok(value) = customer_value(&input) {
            let numbers = [value.gross, value.net, value.index, value.benefit_cost_ratio, value.net_per_arr];
            prop_assert!(numbers.iter().flatten().all(|number| number.is_finite()));
            prop_assert!(!bits(&value).contains("-0.0,"), "a zero has a sign");
        }
    }

    #[test]
    fn portfolio_totals_do_not_depend_on_the_order(rows in portfolio(), by in 0_usize..50) {
        let report = |rows| {
            let by = vec![PortfolioKey::Csm, PortfolioKey::Customer, PortfolioKey::All];
            bits(&customer_value_portfolio(&CustomerValuePortfolioInput { rows, by }).unwrap())
        };
        let mut turned = rows.clone();
        turned.rotate_left(by % rows.len());
        prop_assert_eq!(report(rows.clone()), report(turned));
        prop_assert_eq!(report(rows.clone()), report(rows.into_iter().rev().collect()));
    }

    #[test]
    fn portfolio_totals_in_parts_are_the_totals_of_the_whole(rows in portfolio(), cut in 0_usize..12) {
        let totals = |rows: &[CustomerValueRow]| {
            let mut totals = CustomerValueTotals::new(&PortfolioKey::DEFAULT).unwrap();
            for row in rows {
                let value = &value(row.input.as_ref().unwrap());
                let (customer, csm) = (row.customer.as_str(), row.csm.as_deref());
                totals.add(&ValueAccount { customer, csm, segment: None, arr: row.arr, value }).unwrap();
            }
            totals
        };
        let (first, last) = rows.split_at(cut.min(rows.len()));
        let mut parts = totals(last);
        parts.merge(totals(first)).unwrap();
        prop_assert_eq!(bits(&parts.rows()), bits(&totals(&rows).rows()));
    }

    #[test]
    fn groups_of_a_portfolio_add_up_to_all(rows in portfolio()) {
        let by = vec![PortfolioKey::Csm, PortfolioKey::All];
        let report = customer_value_portfolio(&CustomerValuePortfolioInput { rows, by }).unwrap();
        let (all, groups) = report.rows.split_last().unwrap();
        prop_assert_eq!(groups.iter().map(|row| row.customers).sum::<u32>(), all.customers);
        let sum: f64 = groups.iter().filter_map(|row| row.sum).sum();
        // To the cent: each sum is rounded once when it becomes a number again.
        prop_assert!((sum - all.sum.unwrap()).abs() < 0.01);
    }

    #[test]
    fn a_need_that_is_never_met_never_raises_the_customers_metric(needs in needs(), age in 0_i32..=90, anticipated: bool) {
        let before = metric(needs.clone());
        let mut needs = needs;
        needs.push(Need::new("z", anticipated, as_of().plus_days(-age).unwrap()));
        let after = metric(needs);
        prop_assert!(after.lower <= before.lower && after.upper <= before.upper);
        if let (Some(before), Some(after)) = (before.score, after.score) {
            prop_assert!(after <= before);
        }
    }

    #[test]
    fn bounds_contain_the_score_and_meet_at_full_coverage(needs in needs()) {
        let metric = metric(needs);
        let [lower, upper] = [metric.lower, metric.upper].map(math::billionths);
        prop_assert!(0 <= lower && lower <= upper && upper <= math::billionths(100.0));
        if let Some(score) = metric.score {
            prop_assert!((lower..=upper).contains(&math::billionths(score)));
            if metric.coverage >= 1.0 {
                prop_assert_eq!((score, score), (metric.lower, metric.upper));
            }
        }
    }

    #[test]
    fn learning_an_unknown_effect_stays_inside_the_bounds(needs in needs(), tenths in 0_u32..=10) {
        let before = metric(needs.clone());
        let mut needs = needs;
        for need in needs.iter_mut().filter(|need| need.delivered_on.is_some()) {
            need.effective.get_or_insert(f64::from(tenths) / 10.0);
        }
        let after = metric(needs);
        if let Some(score) = after.score.map(math::billionths) {
            prop_assert!((math::billionths(before.lower)..=math::billionths(before.upper)).contains(&score));
        }
        prop_assert!(before.needs_in_window == 0 || after.score.is_some());
    }

    #[test]
    fn the_order_of_needs_changes_no_bit((needs, shuffled) in needs().prop_flat_map(|needs| {
        (Just(needs.clone()), Just(needs).prop_shuffle())
    })) {
        prop_assert_eq!(bits(&metric(needs)), bits(&metric(shuffled)));
    }

    #[test]
    fn the_score_is_at_most_each_of_its_factors(needs in needs()) {
        let known = needs.into_iter().filter(|need| need.delivered_on.is_none() || need.effective.is_some());
        let metric = metric(known.collect());
        if let Some(score) = metric.score {
            let factors = [Some(metric.anticipated.unwrap().share), metric.timeliness, metric.effectiveness.mean];
            prop_assert!(factors.iter().flatten().all(|factor| score <= 100.0 * factor + 1e-9));
        }
    }

    #[test]
    fn a_later_delivery_is_never_timelier_once_the_full_span_is_reached(
        full in 0_u32..20, more in 0_u32..20, late in -5_i32..60, later in 0_i32..60
    ) {
        let rule = TimelinessRule { early_full: 5, early_zero: 9, late_full: full, late_zero: full + more };
        let (now, then) = (rule.timeliness(late), rule.timeliness(late + later));
        prop_assert!(then <= now && (0.0..=1.0).contains(&then));
    }

    #[test]
    fn early_and_late_are_alike_when_their_spans_are(full in 0_u32..20, more in 0_u32..20, days in 0_i32..60) {
        let zero = full + more;
        let rule = TimelinessRule { early_full: full, early_zero: zero, late_full: full, late_zero: zero };
        prop_assert_eq!(rule.timeliness(days).to_bits(), rule.timeliness(-days).to_bits());
    }
}

#[test]
fn a_portfolio_of_one_shows_the_value_of_that_one() {
    let lines = vec![
        line(0, Kind::TangibleBenefit, 500.25, Some(Source::Measured)),
        line(1, Kind::TangibleCost, 200.0, Some(Source::Measured)),
    ];
    let input = CustomerValueInput { arr: Some(120.1), ..CustomerValueInput::new(lines) };
    let alone = value(&input);
    let rows = vec![CustomerValueRow::new("acme", input)];
    let report =
        customer_value_portfolio(&CustomerValuePortfolioInput { rows, by: vec![PortfolioKey::Customer] })
            .unwrap();
    let row = report.rows.first().unwrap();
    assert_eq!((row.sum, row.mean, row.median), (alone.net, alone.net, alone.net));
    assert_relative_eq!(row.net_per_arr.unwrap(), alone.net_per_arr.unwrap(), max_relative = 1e-12);
}
