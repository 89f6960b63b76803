//! Waterfall: the contributions of an assessment one after the other, from nothing to the score.

use super::assessment::{Assessment, Contribution, ContributionKind};
use super::compile::Id;

/// One step of a waterfall, in points of the score.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WaterfallStep {
    /// The measure, group or rule; `override` for an override.
    pub id: Id,
    /// What people call it.
    pub title: Id,
    /// What it is.
    pub kind: ContributionKind,
    /// Where the step begins: the sum of the points before it.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// What it adds or takes away.
    pub points: f64,
}

impl Assessment {
    /// The steps from nothing to the score, in the order of the contributions. Empty without a score.
    ///
    /// # Examples
    /// ```
    /// use value_model::answer::Record;
    /// use value_model::scale::Scale;
    /// use value_model::scorecard::{Group, Measure, Scorecard};
    /// let tree = Group::new("health").child(Measure::new("usage", Scale::Unit)).child(Measure::new("goals", Scale::Unit));
    /// let scorer = Scorecard::new("mine", "1", tree).compile()?;
    /// let record = Record::new("acme").answer("usage", 0.75).answer("goals", 0.25);
    /// let steps = scorer.assess(&record, "2026-11-01".parse()?)?.waterfall();
    /// let ends: Vec<(f64, f64)> = steps.iter().map(|step| (step.from, step.to)).collect();
    /// assert_eq!(ends, [(0.0, 37.5), (37.5, 50.0)]);
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn waterfall(&self) -> Vec<WaterfallStep> {
        if self.score.is_none() {
            return Vec::new();
        }
        let mut reached = 0.0;
        let steps = self.contributions.iter().map(|part| {
            let from = reached;
            reached = from + part.points;
            let title = self.title(part);
            WaterfallStep {
                id: part.id.clone(),
                title,
                kind: part.kind,
                from,
                to: reached,
                points: part.points,
            }
        });
        steps.collect()
    }

    /// What people call the part of a score.
    fn title(&self, part: &Contribution) -> Id {
        let found = match part.kind {
            ContributionKind::Measure => self.measure(&part.id).map(|measure| &measure.title),
            ContributionKind::Group => self.group(&part.id).map(|group| &group.title),
            ContributionKind::Rule => {
                self.rules.iter().find(|rule| rule.id == part.id).map(|rule| &rule.title)
            }
            ContributionKind::Override => None,
        };
        found.cloned().unwrap_or_else(|| part.id.clone())
    }
}
