use approx::assert_relative_eq;

use super::*;
use crate::answer::Source;
use crate::metric::money::Period;
use crate::model::customer_value::{CustomerValueInput, Kind, Line};

/// A customer whose net value is this, from one benefit and one cost.
fn row(customer: &str, net: f64) -> CustomerValueRow {
    let line = |id: &str, kind, amount| {
        Line::new(id, kind, amount, "EUR".parse().unwrap(), Period::Year).source(Source::Measured)
    };
    CustomerValueRow::new(
        customer,
        CustomerValueInput::new(vec![
            line("b", Kind::TangibleBenefit, net.max(0.0)),
            line("c", Kind::TangibleCost, (-net).max(0.0)),
        ]),
    )
}

fn golden() -> Vec<CustomerValueRow> {
    vec![
        row("acme", 35_000.0).csm("x").arr(120_000.0),
        row("umbra", -5_000.0).csm("x").arr(30_000.0),
        row("zeta", 12_000.0).csm("y").arr(50_000.0),
    ]
}

fn report(rows: Vec<CustomerValueRow>, by: &[PortfolioKey]) -> Result<CustomerValuePortfolio, Error> {
    customer_value_portfolio(&CustomerValuePortfolioInput { rows, by: by.to_vec() })
}

fn refused(rows: Vec<CustomerValueRow>) -> (&'static str, String) {
    let error = report(rows, &PortfolioKey::DEFAULT).unwrap_err();
    (error.code(), error.field().to_owned())
}

#[test]
fn s4_5_net_value_by_csm_and_over_all() {
    // S4-5
    let report = report(golden(), &[PortfolioKey::Csm, PortfolioKey::All]).unwrap();
    let of = |index: usize| {
        let row: &PortfolioRow = &report.rows[index];
        (row.key.as_deref(), row.sum, row.net_per_arr.unwrap())
    };
    let (x, y, all) = (of(0), of(1), of(2));
    assert_eq!((x.0, x.1), (Some("x"), Some(30_000.0)));
    assert_eq!((y.0, y.1), (Some("y"), Some(12_000.0)));
    assert_eq!((all.0, all.1), (None, Some(42_000.0)));
    assert_relative_eq!(x.2, 0.20, max_relative = 1e-12);
    assert_relative_eq!(y.2, 0.24, max_relative = 1e-12);
    assert_relative_eq!(all.2, 0.21, max_relative = 1e-12);
}

#[test]
fn a_group_shows_mean_median_and_shares() {
    let report = report(golden(), &[PortfolioKey::All]).unwrap();
    let all = &report.rows[0];
    assert_eq!((all.customers, all.with_value, all.partial), (3, 3, 3));
    assert_eq!((all.mean, all.median), (Some(14_000.0), Some(12_000.0)));
    assert_relative_eq!(all.positive_share.unwrap(), 2.0 / 3.0);
    assert_eq!((all.documented_share, all.arr, all.arr_with_value), (0.0, Some(200_000.0), Some(200_000.0)));
    let two = super::customer_value_portfolio(&CustomerValuePortfolioInput {
        rows: golden().into_iter().take(2).collect(),
        by: vec![PortfolioKey::All],
    });
    assert_eq!(two.unwrap().rows[0].median, Some(15_000.0));
}

#[test]
fn customers_without_the_attribute_form_a_row_of_their_own_at_the_end() {
    let mut rows = golden();
    rows[0].csm = None;
    let report = report(rows, &PortfolioKey::DEFAULT).unwrap();
    let keys: Vec<_> = report.rows.iter().map(|row| (row.by, row.key.as_deref(), row.customers)).collect();
    assert_eq!(
        keys,
        [
            (PortfolioKey::Csm, Some("x"), 1),
            (PortfolioKey::Csm, Some("y"), 1),
            (PortfolioKey::Csm, None, 1),
            (PortfolioKey::Segment, None, 3),
            (PortfolioKey::All, None, 3),
        ]
    );
}

#[test]
fn a_customer_without_value_counts_as_a_customer_and_not_as_zero() {
    let mut rows = golden();
    let mut unknown = row("new", 0.0).arr(99.0);
    unknown.input.as_mut().unwrap().lines.pop();
    rows.push(unknown);
    let report = report(rows, &[PortfolioKey::All, PortfolioKey::Customer]).unwrap();
    let all = &report.rows[0];
    assert_eq!((all.customers, all.with_value, all.median), (4, 3, Some(12_000.0)));
    assert_eq!((all.arr, all.arr_with_value), (Some(200_099.0), Some(200_000.0)));
    let new = report.rows.iter().find(|row| row.key.as_deref() == Some("new")).unwrap();
    assert_eq!((new.sum, new.reason), (None, Some(PortfolioReason::NoValues)));
    assert_eq!(new.net_per_arr_reason, Some(PortfolioReason::NoValues));
}

#[test]
fn revenue_that_is_unknown_or_zero_gives_a_reason() {
    let reason = |rows| report(rows, &[PortfolioKey::All]).unwrap().rows[0].net_per_arr_reason;
    assert_eq!(reason(vec![row("a", 1.0)]), Some(PortfolioReason::ArrUnknown));
    assert_eq!(reason(vec![row("a", 1.0).arr(0.0)]), Some(PortfolioReason::NoArr));
    let mut monthly = row("a", 1.0).arr(1.0);
    for line in &mut monthly.input.as_mut().unwrap().lines {
        line.period = Period::Month;
    }
    assert_eq!(reason(vec![monthly]), Some(PortfolioReason::NotPerYear));
}

#[test]
fn a_computed_value_stands_for_its_lines() {
    let rows = golden();
    let computed = rows
        .iter()
        .cloned()
        .map(|mut row| {
            row.value = row.input.take().map(|input| customer_value(&input).unwrap());
            row
        })
        .collect();
    let both = [PortfolioKey::Csm, PortfolioKey::All];
    assert_eq!(report(rows, &both).unwrap(), report(computed, &both).unwrap());
}

#[test]
fn totals_in_parts_are_the_totals_of_the_whole() {
    let values: Vec<(String, CustomerValue)> = golden()
        .into_iter()
        .map(|row| (row.customer, customer_value(&row.input.unwrap()).unwrap()))
        .collect();
    let totals = |part: &[(String, CustomerValue)]| {
        let mut totals = CustomerValueTotals::new(&PortfolioKey::DEFAULT).unwrap();
        for (customer, value) in part {
            totals.add(&ValueAccount { customer, csm: None, segment: None, arr: None, value }).unwrap();
        }
        totals
    };
    let mut parts = totals(&values[2..]);
    parts.merge(totals(&values[..2])).unwrap();
    assert_eq!(parts.rows(), totals(&values).rows());
    let other = CustomerValueTotals::new(&[PortfolioKey::All]).unwrap();
    assert_eq!(parts.merge(other).unwrap_err().code(), "conflict");
}

#[test]
fn a_refused_customer_adds_nothing() {
    let value = customer_value(&row("a", 1.0).input.unwrap()).unwrap();
    let mut totals = CustomerValueTotals::new(&[PortfolioKey::All]).unwrap();
    let account = ValueAccount { customer: "a", csm: None, segment: None, arr: Some(-1.0), value: &value };
    assert_eq!(totals.add(&account).unwrap_err().field(), "arr");
    assert!(totals.rows().is_empty() && totals.money().is_none());
}

#[test]
fn rows_that_do_not_fit_together_are_refused_by_place() {
    let change = |change: fn(&mut CustomerValueRow)| {
        let mut rows = golden();
        change(&mut rows[1]);
        refused(rows)
    };
    let other = |row: &mut CustomerValueRow| {
        for line in &mut row.input.as_mut().unwrap().lines {
            line.currency = "USD".parse().unwrap();
        }
    };
    assert_eq!(change(other), ("currency", "rows[1].currency".into()));
    assert_eq!(change(|row| row.customer = "acme".into()), ("duplicate", "rows".into()));
    assert_eq!(change(|row| row.input = None), ("missing", "rows[1].input".into()));
    assert_eq!(change(|row| row.csm = Some(String::new())), ("invalid_text", "rows[1].csm".into()));
    let named = |row: &mut CustomerValueRow| row.input.as_mut().unwrap().customer = Some("acme".into());
    assert_eq!(change(named), ("conflict", "rows[1].customer".into()));
    let priced = |row: &mut CustomerValueRow| row.input.as_mut().unwrap().arr = Some(1.0);
    assert_eq!(change(priced), ("conflict", "rows[1].arr".into()));
    let negative = |row: &mut CustomerValueRow| row.input.as_mut().unwrap().lines[0].amount = Some(-1.0);
    assert_eq!(change(negative), ("out_of_range", "rows[1].input.lines[0].amount".into()));
    assert_eq!(refused(vec![]), ("empty", "rows".into()));
    let twice = report(golden(), &[PortfolioKey::All, PortfolioKey::All]).unwrap_err();
    assert_eq!((twice.code(), twice.field()), ("duplicate", "by"));
    assert_eq!(report(golden(), &[]).unwrap_err().field(), "by");
}
