//! Preset `perceived-value`: what is realised and what the customer perceives.

use crate::answer::{EvidenceRule, QUARTER_DAYS, RecencyRule};
use crate::scale::Scale;
use crate::scorecard::{Aggregator, Area, Group, Measure, Scorecard};

pub(crate) const ID: &str = "perceived-value";
pub(crate) const TITLE: &str = "Perceived value";

/// The root.
pub(crate) const ROOT: &str = "value_realized";
/// Realized business outcomes.
pub(crate) const RBO: &str = "rbo";
/// Value perceived.
pub(crate) const VP: &str = "vp";
/// Value expansion.
pub(crate) const VE: &str = "ve";
/// Value unknown.
pub(crate) const VU: &str = "vu";

const DESCRIPTION: &str = "Are business outcomes realised, and does the customer perceive the value that was intended? \
Expansion and value nobody had planned can only add to that: they fill a quarter each of the room that is left. Only \
answers that the customer gave, confirmed or that were measured count. In this document each of the four is one number, \
0..100; the typed function `perceived_value` derives them from outcomes, responses and value areas. The source shows two \
pictures whose content is lost; nothing here is taken from them.";

/// The share of the remaining room that each uplift can fill.
// CHOICE: a quarter each; the source names the four scores but not how they join.
const UPLIFT: f64 = 0.25;

pub(super) fn scorecard() -> Scorecard {
    let root = Group::new(ROOT)
        .titled("Value realized")
        .aggregator(Aggregator::Headroom { uplift: vec![VE.into(), VU.into()] })
        .require(&[RBO, VP])
        .child(outcomes())
        .child(perceived())
        .child(expansion())
        .child(unknown());
    let mut card = Scorecard::new(ID, "1", root).described(TITLE, DESCRIPTION);
    card.evidence = EvidenceRule::CustomerBacked;
    // Perception fades; an outcome that was shown stays shown (its own rule below), and so does an area once found.
    card.recency = RecencyRule::Window { days: QUARTER_DAYS };
    card
}

fn outcomes() -> Measure {
    Measure::new(RBO, Scale::Score)
        .asked(
            "Realized business outcomes",
            "How much of the agreed business outcomes has been reached and can be shown, 0 to 100?",
        )
        .recency(RecencyRule::None)
        .area(Area::Product)
}

fn perceived() -> Measure {
    Measure::new(VP, Scale::Score)
        .asked("Value perceived", "How far do you get the value you bought this for, 0 to 100?")
        .area(Area::Operations)
}

fn expansion() -> Measure {
    Measure::new(VE, Scale::Score)
        .asked(
            "Value expansion",
            "How much more value do you see within reach, and how open are you to buying it, 0 to 100?",
        )
        .weight(UPLIFT)
        .area(Area::GoToMarket)
}

fn unknown() -> Measure {
    Measure::new(VU, Scale::Score)
        .asked("Value unknown", "How much value do you get in places that nobody had planned for, 0 to 100?")
        .weight(UPLIFT)
        .recency(RecencyRule::None)
        .area(Area::Community)
}
