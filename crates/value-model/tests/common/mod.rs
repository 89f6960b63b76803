//! Random scorecards with random records, shared by the property tests.
#![allow(dead_code, reason = "each test file is a crate of its own and uses a part of this")]
#![allow(unreachable_pub, reason = "a shared module of test files")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]
#![allow(clippy::struct_excessive_bools, reason = "independent switches of a generator")]

pub mod plan;
pub mod strategy;

use proptest::test_runner::Config as ProptestConfig;
use value_model::Date;
use value_model::answer::Record;
use value_model::scorecard::{Assessment, Group, Measure, Node, Scorecard};

pub use strategy::{Knobs, cases};

/// As many cases as `PROPTEST_CASES` says, 256 unless it does; a failing case is printed and not kept in a file.
pub fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// The day of scoring.
pub fn as_of() -> Date {
    "2026-11-01".parse().unwrap()
}

pub fn assess(card: &Scorecard, record: &Record) -> Assessment {
    card.compile().unwrap().assess(record, as_of()).unwrap()
}

/// The bits of everything numeric that an account's result shows first.
pub fn bits(assessment: &Assessment) -> (Option<u64>, Option<u64>, [u64; 5]) {
    let a = assessment;
    let rest = [a.lower, a.upper, a.coverage, a.validated_share, a.fresh_share];
    (a.score.map(f64::to_bits), a.raw.map(f64::to_bits), rest.map(f64::to_bits))
}

/// Every group of a tree, the root first.
pub fn each_group(group: &mut Group, visit: &mut impl FnMut(&mut Group)) {
    visit(group);
    for child in &mut group.children {
        if let Node::Group(inner) = child {
            each_group(inner, visit);
        }
    }
}

/// Every measure of a tree, in its order.
pub fn each_measure(group: &mut Group, visit: &mut impl FnMut(&mut Measure)) {
    for child in &mut group.children {
        match child {
            Node::Group(inner) => each_measure(inner, visit),
            Node::Measure(measure) => visit(measure),
        }
    }
}
