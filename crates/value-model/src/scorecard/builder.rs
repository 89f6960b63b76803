//! Building a scorecard in code, with the same defaults as the document.

use std::collections::BTreeMap;

use super::document::{
    Action, Aggregator, Area, Bands, Group, Measure, MissingRule, Node, Polarity, Predicate, Rule, SCHEMA,
    Scorecard,
};
use crate::answer::{EvidenceRule, RecencyRule};
use crate::scale::Scale;

/// The coverage below which a group has no score, unless it says otherwise.
// CHOICE: half of the weight; no source names a number.
pub const MIN_COVERAGE: f64 = 0.5;

impl Scorecard {
    /// A scorecard of this tree, with default rules and bands.
    pub fn new(id: impl Into<String>, version: impl Into<String>, tree: Group) -> Self {
        let id = id.into();
        Self {
            schema: SCHEMA.to_owned(),
            title: id.clone(),
            id,
            version: version.into(),
            description: String::new(),
            evidence: EvidenceRule::Any,
            recency: RecencyRule::None,
            persona_weights: BTreeMap::new(),
            missing_codes: BTreeMap::new(),
            tree,
            rules: Vec::new(),
            bands: Bands::default(),
        }
    }

    /// The same scorecard with a title and a description.
    #[must_use]
    pub fn described(mut self, title: &str, description: &str) -> Self {
        title.clone_into(&mut self.title);
        description.clone_into(&mut self.description);
        self
    }

    /// The same scorecard with one more rule.
    #[must_use]
    pub fn rule(mut self, id: &str, when: Predicate, then: Action) -> Self {
        self.rules.push(Rule { id: id.to_owned(), title: String::new(), when, then });
        self
    }
}

impl Group {
    /// A group without children: a mean of equal weights.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: String::new(),
            weight: 1.0,
            aggregator: Aggregator::Mean,
            missing: MissingRule::Renormalise,
            min_coverage: MIN_COVERAGE,
            require: Vec::new(),
            polarity: Polarity::Value,
            children: Vec::new(),
        }
    }

    /// The same group with this title.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// The same group with this weight in its parent.
    #[must_use]
    pub const fn weight(mut self, weight: f64) -> Self {
        self.weight = weight;
        self
    }

    /// The same group with this aggregator.
    #[must_use]
    pub fn aggregator(mut self, aggregator: Aggregator) -> Self {
        self.aggregator = aggregator;
        self
    }

    /// The same group with this missing rule.
    #[must_use]
    pub const fn missing(mut self, rule: MissingRule) -> Self {
        self.missing = rule;
        self
    }

    /// The same group with another least coverage.
    #[must_use]
    pub const fn min_coverage(mut self, coverage: f64) -> Self {
        self.min_coverage = coverage;
        self
    }

    /// The same group, without a score unless these children have one.
    #[must_use]
    pub fn require(mut self, ids: &[&str]) -> Self {
        self.require = ids.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    /// The same group, reported as a cost.
    #[must_use]
    pub const fn cost(mut self) -> Self {
        self.polarity = Polarity::Cost;
        self
    }

    /// The same group with one more child.
    #[must_use]
    pub fn child(mut self, child: impl Into<Node>) -> Self {
        self.children.push(child.into());
        self
    }
}

impl Measure {
    /// A measure of weight 1 on this scale.
    pub fn new(id: impl Into<String>, scale: Scale) -> Self {
        Self {
            id: id.into(),
            title: String::new(),
            question: String::new(),
            weight: 1.0,
            scale,
            reverse: false,
            column: None,
            evidence: None,
            recency: None,
            area: None,
            effort: None,
        }
    }

    /// The same measure with a title and the question as it is asked.
    #[must_use]
    pub fn asked(mut self, title: &str, question: &str) -> Self {
        title.clone_into(&mut self.title);
        question.clone_into(&mut self.question);
        self
    }

    /// The same measure with this weight in its group.
    #[must_use]
    pub const fn weight(mut self, weight: f64) -> Self {
        self.weight = weight;
        self
    }

    /// The same measure with its unit turned: the highest raw value becomes the worst.
    #[must_use]
    pub const fn reversed(mut self) -> Self {
        self.reverse = true;
        self
    }

    /// The same measure with its own recency rule.
    #[must_use]
    pub const fn recency(mut self, rule: RecencyRule) -> Self {
        self.recency = Some(rule);
        self
    }

    /// The same measure, tagged with an area of impact.
    #[must_use]
    pub const fn area(mut self, area: Area) -> Self {
        self.area = Some(area);
        self
    }
}
