//! Preset `value-realization`: six indicators of value against six costs.

use crate::answer::QUARTER_DAYS;
use crate::scale::Scale;
use crate::scorecard::{Area, Group, Measure, Scorecard};

pub(crate) const ID: &str = "value-realization";
pub(crate) const TITLE: &str = "Value realization";

/// The root.
pub(crate) const ROOT: &str = "final";
/// The indicators.
pub(crate) const VALUE: &str = "value";
/// The costs.
pub(crate) const COSTS: &str = "costs";

/// The weight of the indicators against the costs.
// CHOICE: both sides weigh the same; the source says "weight the scores" without a number.
pub(crate) const A: f64 = 0.5;

const DESCRIPTION: &str = "Does the value that customers see outweigh what it costs them to work with the vendor? `value` \
is the Perceived Value Score, the mean of six indicators. `costs` is the mean of six burdens, each answered 0 (none) to 1 \
(severe); its cost score is the Perceived Costs Score, where higher is worse. 50 is break-even. `experience` is answered as \
a burden too: somebody who likes the experience fully answers 0.";

pub(super) fn scorecard() -> Scorecard {
    let root = Group::new(ROOT)
        .titled("Value against costs")
        .require(&[VALUE, COSTS])
        .child(value().weight(A))
        .child(costs().weight(1.0 - A));
    Scorecard::new(ID, "1", root).described(TITLE, DESCRIPTION)
}

fn value() -> Group {
    Group::new(VALUE)
        .titled("Perceived value")
        .child(
            Measure::new("executive_confirmation", Scale::Within { days: QUARTER_DAYS })
                .asked(
                    "Executive confirmation",
                    "On which day did an executive last say that the goals behind the purchase are being met?",
                )
                .area(Area::People),
        )
        .child(
            Measure::new("full_usage", Scale::Unit)
                .asked("Full usage", "Which share of the intended users works with all they need of the product?")
                .area(Area::Product),
        )
        .child(
            Measure::new("goals_documented", Scale::YesNo)
                .asked("Goals documented", "Is every business goal written down where others can see it (no if there are none)?")
                .area(Area::Operations),
        )
        .child(
            Measure::new("metrics_documented", Scale::Unit)
                .asked("Metrics documented", "Which share of the business goals has a written metric?")
                .area(Area::Operations),
        )
        .child(
            Measure::new("metrics_progressing", Scale::Unit)
                .asked("Metrics progressing", "Which share of these metrics moves towards its target (0 without a metric)?")
                .area(Area::Product),
        )
        .child(
            Measure::new("reviewed_internally", Scale::Within { days: QUARTER_DAYS })
                .asked("Reviewed internally", "On which day were goals and metrics last reviewed with a colleague?")
                .area(Area::Operations),
        )
}

fn costs() -> Group {
    Group::new(COSTS)
        .titled("Perceived costs")
        .cost()
        .child(
            burden("experience", "Experience", "How unpleasant is it overall to work with us?")
                .area(Area::Operations),
        )
        .child(
            burden(
                "financial",
                "Financial",
                "How heavy is the price against the yearly benefit that is documented?",
            )
            .area(Area::GoToMarket),
        )
        .child(
            burden(
                "change_management",
                "Change management",
                "How much effort does it take to change how people work?",
            )
            .area(Area::People),
        )
        .child(
            burden("emotional", "Emotional", "How much worry, frustration or conflict comes with it?")
                .area(Area::People),
        )
        .child(
            burden("learning", "Learning", "How much time and effort does learning it take?")
                .area(Area::Product),
        )
        .child(
            burden(
                "opportunity",
                "Opportunity",
                "How much is given up by not choosing a competitor, or not doing anything at all?",
            )
            .area(Area::Competition),
        )
}

/// A burden, 0 none .. 1 severe: reversed, because higher is better everywhere in a tree.
fn burden(id: &str, title: &str, question: &str) -> Measure {
    Measure::new(id, Scale::Unit).asked(title, question).reversed()
}
