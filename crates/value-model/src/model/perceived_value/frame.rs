//! The model's tree as its preset declares it, compiled once for all customers: only lists and rules differ from one to
//! the next.

use std::sync::OnceLock;

use super::input::{Combine, PerceivedValueInput};
use crate::answer::{EvidenceRule, RecencyRule};
use crate::model::sheet::{change, replace};
use crate::presets::perceived_value::{ID, RBO, VE, VP, VU};
use crate::scale::Scale;
use crate::scorecard::{
    Aggregator, Codes, CompiledGroup, CompiledMeasure, Group, Measure, MissingRule, Node, Scorecard,
};
use crate::{Error, presets};

/// The tree with a single outcome and a single intended value, each standing for all of its list.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The root, whose children are outcomes, values, expansion and unknown value, in this order.
    pub(super) root: CompiledGroup,
    pub(super) outcomes: CompiledGroup,
    pub(super) values: CompiledGroup,
    pub(super) outcome: Question,
    pub(super) value: Question,
    pub(super) expansion: Question,
    pub(super) unknown: Question,
    pub(super) codes: Codes,
}

/// A measure, and where it has a rule of its own.
#[derive(Clone, Debug)]
pub(super) struct Question {
    compiled: CompiledMeasure,
    evidence: Option<EvidenceRule>,
    recency: Option<RecencyRule>,
}

impl Question {
    /// The measure under the rules of this customer.
    pub(super) fn under(&self, input: &PerceivedValueInput) -> CompiledMeasure {
        CompiledMeasure {
            evidence: self.evidence.as_ref().unwrap_or(&input.evidence).clone(),
            recency: self.recency.unwrap_or(input.recency),
            ..self.compiled.clone()
        }
    }
}

impl Frame {
    /// The tree for this way to combine its parts.
    pub(super) fn of(combine: Combine) -> Result<&'static Self, Error> {
        static HEADROOM: OnceLock<Result<Frame, Error>> = OnceLock::new();
        static MEAN: OnceLock<Result<Frame, Error>> = OnceLock::new();
        let once = match combine {
            Combine::Headroom => &HEADROOM,
            Combine::Mean => &MEAN,
        };
        once.get_or_init(|| Self::new(combine)).as_ref().map_err(Clone::clone)
    }

    fn new(combine: Combine) -> Result<Self, Error> {
        let scorer = card(combine)?.into_scorer()?;
        let (card, groups, measures) = (scorer.scorecard(), scorer.groups(), scorer.measures());
        let mut asked = Vec::new();
        collect(&card.tree, &mut asked);
        let mut questions = measures.iter().zip(asked).map(|(compiled, measure)| Question {
            compiled: compiled.clone(),
            evidence: measure.evidence.clone(),
            recency: measure.recency,
        });
        let mut question = || questions.next().ok_or_else(unlike);
        let [root, outcomes, values] = groups else { return Err(unlike()) };
        Ok(Self {
            root: root.clone(),
            outcomes: outcomes.clone(),
            values: values.clone(),
            outcome: question()?,
            value: question()?,
            expansion: question()?,
            unknown: question()?,
            codes: scorer.0.missing_codes.clone(),
        })
    }
}

fn unlike() -> Error {
    Error::Invalid { field: "preset".into(), reason: "does not have the parts of the model".into() }
}

/// Every measure, in the order of the tree.
fn collect<'a>(group: &'a Group, out: &mut Vec<&'a Measure>) {
    for child in &group.children {
        match child {
            Node::Group(inner) => collect(inner, out),
            Node::Measure(measure) => out.push(measure),
        }
    }
}

/// The preset with groups in the place of two of its leaves.
fn card(combine: Combine) -> Result<Scorecard, Error> {
    let mut card = presets::scorecard(ID)?;
    let outcome = Measure::new("outcome", Scale::Unit).recency(RecencyRule::None);
    // An outcome that nobody has shown is not realised: it stays in the weight at 0, so that any coverage will do.
    let outcomes = Group::new(RBO).missing(MissingRule::Zero).min_coverage(0.0).child(outcome);
    // The scale is that of the customer's ratings.
    let values = Group::new(VP).child(Measure::new("value", Scale::Unit));
    for (id, group) in [(RBO, outcomes), (VP, values)] {
        replace(&mut card.tree, id, &Node::Group(group));
    }
    for id in [VE, VU] {
        change(&mut card.tree, id, &mut |measure| measure.scale = Scale::Unit);
    }
    // Areas are judged one by one before they become one answer.
    change(&mut card.tree, VU, &mut |measure| measure.evidence = Some(EvidenceRule::Any));
    if combine == Combine::Mean {
        card.tree.aggregator = Aggregator::Mean;
        for id in [VE, VU] {
            change(&mut card.tree, id, &mut |measure| measure.weight = super::input::one());
        }
    }
    Ok(card)
}
