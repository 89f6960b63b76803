//! Preset `customer-value`: the Customer Value Formula as a score beside other scores.

use crate::answer::EvidenceRule;
use crate::scale::Scale;
use crate::scorecard::{Action, Area, Group, Measure, Predicate, Scorecard};

pub(crate) const ID: &str = "customer-value";
pub(crate) const TITLE: &str = "Customer value";

const DESCRIPTION: &str = "Does the customer gain more than they pay, and more than their next best option would give? The \
answer is an amount of money, and a tree of scores cannot hold it: the model is the typed function `customer_value`, which \
adds up lines of benefits and costs. This document scores its index, 100 * benefits / (benefits + costs), where 50 is \
break-even, so that customer value can stand beside other scorecards. A customer whose net value is not above 0 is held at \
break-even, however good the index looks, because the alternative would serve them as well.";

/// Break-even of the index, as a unit.
const BREAK_EVEN: f64 = 0.5;

pub(super) fn scorecard() -> Scorecard {
    let root = Group::new("customer_value")
        .titled("Customer value")
        .child(
            Measure::new("value_index", Scale::Score)
                .asked(
                    "Value index",
                    "Which share do benefits have in benefits and costs together, tangible and perceived, 0 to 100?",
                )
                .area(Area::Product),
        )
        .child(
            // Weight 0: it decides the rule below and is reported, but a yes is no amount of value.
            Measure::new("net_value_positive", Scale::YesNo)
                .asked("More value than paid", "Is the net customer value, beyond the next best option, above 0?")
                .weight(0.0)
                .area(Area::Competition),
        );
    let no_better = Predicate::Equals { measure: "net_value_positive".into(), unit: 0.0 };
    let mut card = Scorecard::new(ID, "1", root).described(TITLE, DESCRIPTION).rule(
        "alternative_is_as_good",
        no_better,
        // CHOICE: break-even; the source asks for net value above 0 and has no score.
        Action::Cap(BREAK_EVEN),
    );
    if let Some(rule) = card.rules.first_mut() {
        "The net value is not above 0: at most break-even".clone_into(&mut rule.title);
    }
    card.evidence = EvidenceRule::Any;
    card
}
