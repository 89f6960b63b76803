//! Fifteen cash flows whose values and roots were computed with 40 digits by another library.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a reader of test data may fail by panicking"
)]

use approx::assert_relative_eq;
use value_model::metric::discount::{Convention, DatedFlow};
use value_model::metric::irr::{IrrInput, IrrReason, irr};
use value_model::metric::npv::{NpvInput, npv};
use value_model::metric::xirr::{XirrInput, xirr};

struct Case {
    name: String,
    rate: f64,
    flows: Vec<f64>,
    npv: f64,
    spreadsheet: f64,
    roots: Vec<f64>,
}

fn cases() -> Vec<Case> {
    let list = |text: &str| -> Vec<f64> {
        text.split(';').filter(|part| !part.is_empty()).map(|part| part.parse().unwrap()).collect()
    };
    let text = include_str!("data/cashflows.csv");
    let cases: Vec<Case> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            Case {
                name: cells[0].to_owned(),
                rate: cells[1].parse().unwrap(),
                flows: list(cells[2]),
                npv: cells[3].parse().unwrap(),
                spreadsheet: cells[4].parse().unwrap(),
                roots: list(cells[5]),
            }
        })
        .collect();
    assert_eq!(cases.len(), 15);
    cases
}

#[test]
fn both_conventions_of_the_npv_agree_with_the_reference() {
    for case in cases() {
        for (convention, expected) in
            [(Convention::AtStart, case.npv), (Convention::Spreadsheet, case.spreadsheet)]
        {
            let input = NpvInput { rate: case.rate, flows: case.flows.clone(), convention };
            // The flows of one case cancel to 0, so the error is measured against what was added up.
            let size: f64 = case.flows.iter().map(|flow| flow.abs()).sum();
            assert_relative_eq!(
                npv(&input).unwrap().npv,
                expected,
                epsilon = 1e-15 * size,
                max_relative = 1e-12
            );
        }
    }
}

#[test]
fn every_root_of_the_reference_is_found_and_no_other() {
    for case in cases() {
        let found = irr(&IrrInput { flows: case.flows.clone() }).unwrap();
        assert_eq!(found.roots.len(), case.roots.len(), "{}", case.name);
        for (root, expected) in found.roots.iter().zip(&case.roots) {
            assert_relative_eq!(*root, *expected, max_relative = 1e-12);
        }
        let reason = match case.roots.len() {
            0 => Some(IrrReason::NoSignChange),
            1 => None,
            _ => Some(IrrReason::SeveralRoots),
        };
        assert_eq!(found.reason, reason, "{}", case.name);
    }
}

#[test]
fn dated_flows_365_days_apart_have_the_same_roots() {
    for case in cases() {
        let first = "1990-01-01".parse::<value_model::Date>().unwrap();
        let flows: Vec<DatedFlow> = case
            .flows
            .iter()
            .zip(0..)
            .map(|(&amount, t)| DatedFlow { on: first.plus_days(365 * t).unwrap(), amount })
            .collect();
        let found = xirr(&XirrInput { flows }).unwrap();
        assert_eq!(found.roots.len(), case.roots.len(), "{}", case.name);
        for (root, expected) in found.roots.iter().zip(&case.roots) {
            assert_relative_eq!(*root, *expected, max_relative = 1e-12);
        }
    }
}
