//! Preset `customers-metric`: guidance that was anticipated, in time and effective.

use crate::scale::Scale;
use crate::scorecard::{Area, Group, Measure, Scorecard};

pub(crate) const ID: &str = "customers-metric";
pub(crate) const TITLE: &str = "The customer's metric";

const DESCRIPTION: &str = "Did the customer get guidance that was anticipated, came in time and worked? Each need has these \
three factors, and the score is the mean of their products over all needs. A product of means is not a mean of products, so \
no tree over the three shares gives that score: it is computed by the typed function `customers_metric` and enters here as \
one number. The three shares stand beside it with weight 0, to show which factor holds the score down; they never change it.";

pub(super) fn scorecard() -> Scorecard {
    let root = Group::new("guidance")
        .titled("Guidance")
        .child(
            Measure::new("customers_metric", Scale::Score)
                .asked(
                    "Customer's metric",
                    "What is the mean over all needs of anticipated x in time x effective, 0 to 100?",
                )
                .area(Area::Operations),
        )
        .child(
            Group::new("factors")
                .titled("The three factors, for reading only")
                .weight(0.0)
                .child(factor(
                    "anticipated",
                    "Anticipated",
                    "Which share of needs was seen before the customer asked?",
                ))
                .child(factor(
                    "timeliness",
                    "Timeliness",
                    "How well did guidance meet the day it was needed, 0 to 1?",
                ))
                .child(factor(
                    "effectiveness",
                    "Effectiveness",
                    "How well did the guidance that was given work, 0 to 1?",
                )),
        );
    Scorecard::new(ID, "1", root).described(TITLE, DESCRIPTION)
}

fn factor(id: &str, title: &str, question: &str) -> Measure {
    Measure::new(id, Scale::Unit).asked(title, question).area(Area::Operations)
}
