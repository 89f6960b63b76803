//! Bad input to the core: each is refused with a code and the field at fault, never a panic, never a guess.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod answers;
mod models;

use value_model::answer::{Answer, Record};
use value_model::scale::Scale;
use value_model::scorecard::{Group, Measure, Scorecard, lint};
use value_model::{Date, Error};

pub(crate) const NOT_FINITE: [f64; 3] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

pub(crate) fn as_of() -> Date {
    "2026-11-01".parse().unwrap()
}

pub(crate) fn card(tree: Group) -> Scorecard {
    Scorecard::new("bad", "1", tree)
}

pub(crate) fn leaf(id: &str) -> Measure {
    Measure::new(id, Scale::Unit)
}

/// `a` and `b`, one unit each.
pub(crate) fn pair() -> Group {
    Group::new("root").child(leaf("a")).child(leaf("b"))
}

pub(crate) fn weighted(a: f64, b: f64) -> Group {
    Group::new("root").child(leaf("a").weight(a)).child(leaf("b").weight(b))
}

/// One measure of this scale.
pub(crate) fn scaled(scale: Scale) -> Scorecard {
    card(Group::new("root").child(Measure::new("m", scale)))
}

#[track_caller]
pub(crate) fn is(error: &Error, code: &str, field: &str) {
    assert_eq!((error.code(), error.field()), (code, field), "{error}");
}

#[track_caller]
pub(crate) fn refused(card: &Scorecard, code: &str, field: &str) {
    is(&card.compile().unwrap_err(), code, field);
    is(&lint(card).unwrap_err(), code, field);
}

#[track_caller]
pub(crate) fn answer_refused(card: &Scorecard, answer: impl Into<Answer>, code: &str, field: &str) {
    let error = card.compile().unwrap().assess(&Record::new("acme").answer("m", answer), as_of());
    is(&error.unwrap_err(), code, field);
}
