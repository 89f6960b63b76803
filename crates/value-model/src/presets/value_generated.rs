//! Preset `value-generated`: value from outside in, from inside out, and inside the company.

use crate::scale::Scale;
use crate::scorecard::{Area, Group, Measure, Scorecard};

pub(crate) const ID: &str = "value-generated";
pub(crate) const TITLE: &str = "Value generated";

/// The root.
pub(crate) const ROOT: &str = "value_generated";
/// The first step.
pub(crate) const OUTSIDE_IN: &str = "outside_in";
/// Its first half.
pub(crate) const BUSINESS_VALUE: &str = "business_value";
/// Its second half.
pub(crate) const EXPERIENCE_VALUE: &str = "experience_value";
/// The second step.
pub(crate) const PERFORMANCE_VALUE: &str = "performance_value";
/// The third step.
pub(crate) const BUSINESS_OUTCOMES: &str = "business_outcomes";

const DESCRIPTION: &str = "How much value is generated, in three equal steps: what the customer gains and experiences \
(`outside_in`), how products and services perform (`performance_value`), and what comes back to the vendor \
(`business_outcomes`). Without a score for each step there is none for the whole. `business_value` and \
`performance_value` are one number each here; the typed function `value_generated` derives them from cash flows and SMART \
KPIs. The source shows its 4 pillars of business value and its 4 key KPIs of customer experience as pictures that are \
lost: NPS, CSAT, effort and retention stand in for the KPIs, discounted benefits against costs for the pillars, and \
neither is claimed to be what the pictures held. The ranges of the business outcomes are examples to be replaced.";

pub(super) fn scorecard() -> Scorecard {
    let root = Group::new(ROOT)
        .titled("Value generated")
        .require(&[OUTSIDE_IN, PERFORMANCE_VALUE, BUSINESS_OUTCOMES])
        .child(
            Group::new(OUTSIDE_IN)
                .titled("Outside-in value")
                .child(business_value())
                .child(experience_value()),
        )
        .child(
            Measure::new(PERFORMANCE_VALUE, Scale::Score)
                .asked(
                    "Performance value",
                    "How far are the SMART KPIs of product and services on their way, 0 to 100?",
                )
                .area(Area::Product),
        )
        .child(business_outcomes());
    Scorecard::new(ID, "1", root).described(TITLE, DESCRIPTION)
}

fn business_value() -> Measure {
    Measure::new(BUSINESS_VALUE, Scale::Score)
        .asked(
            "Business value",
            "Which share do discounted benefits have in discounted benefits and costs together, 0 to 100?",
        )
        .area(Area::Product)
}

fn experience_value() -> Group {
    Group::new(EXPERIENCE_VALUE)
        .titled("Experience value")
        .child(
            Measure::new("nps", Scale::Linear { worst: -100.0, best: 100.0 })
                .asked("NPS", "What is the Net Promoter Score, -100 to 100?")
                .area(Area::Community),
        )
        .child(
            Measure::new("csat", Scale::Unit)
                .asked("CSAT", "Which share of answers is in the two top boxes of satisfaction?")
                .area(Area::Operations),
        )
        .child(
            Measure::new("ces", Scale::Linear { worst: 1.0, best: 7.0 })
                .asked(
                    "Effort",
                    "How easy is it to get things done, as the mean of answers from 1 (hard) to 7 (easy)?",
                )
                .area(Area::Operations),
        )
        .child(
            Measure::new("retention", Scale::Unit)
                .asked("Retention", "Which share of customers or revenue stayed over the last year?")
                .area(Area::GoToMarket),
        )
}

/// What comes back to the vendor.
// CHOICE: the ranges are examples; the source names the four outcomes without numbers.
fn business_outcomes() -> Group {
    Group::new(BUSINESS_OUTCOMES)
        .titled("Business outcomes")
        .child(
            Measure::new("revenue", Scale::Linear { worst: 0.9, best: 1.2 })
                .asked("Revenue", "What is the net revenue retention, as a ratio (1 when nothing changed)?")
                .area(Area::GoToMarket),
        )
        .child(
            Measure::new("tenure", Scale::Linear { worst: 0.0, best: 36.0 })
                .asked("Tenure", "For how many months has the customer stayed?")
                .area(Area::Operations),
        )
        .child(
            Measure::new("advocacy", Scale::Linear { worst: 0.0, best: 4.0 })
                .asked(
                    "Advocacy",
                    "How many references, referrals, reviews or talks did the customer give in a year?",
                )
                .area(Area::Community),
        )
        .child(
            Measure::new("cost_to_serve", Scale::Linear { worst: 0.25, best: 0.05 })
                .asked(
                    "Cost to serve",
                    "Which share of the customer's revenue does it cost to serve the customer?",
                )
                .area(Area::People),
        )
}
