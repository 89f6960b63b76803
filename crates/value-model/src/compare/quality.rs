//! Quality of data: which measures are answered, and why the others are not.

use std::collections::BTreeSet;

use super::totals;
use crate::answer::Missing;
use crate::math;
use crate::scorecard::{Assessment, Flag, Id, Outcome, Scorer};

/// What is known about the accounts of a file, being counted account by account, in any order.
#[derive(Clone, Debug)]
pub struct Quality {
    measures: Vec<MeasureQuality>,
    accounts: u32,
    validated: i128,
    fresh: i128,
}

/// How well one measure is known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MeasureQuality {
    /// The measure's id.
    pub id: Id,
    /// The measure's title.
    pub title: Id,
    /// Accounts with an answer that counts.
    pub answered: u32,
    /// Accounts that nobody answered for.
    pub no_data: u32,
    /// Accounts whose answer is too old.
    pub stale: u32,
    /// Accounts whose answer only the vendor stands behind.
    pub unvalidated: u32,
    /// Accounts to which the measure does not apply.
    pub not_applicable: u32,
    /// Accounts whose answer has no date although age matters.
    pub undated: u32,
    /// Accounts on whose answer people of several roles differ.
    pub disagreed: u32,
}

impl MeasureQuality {
    /// Answered accounts as a share of those to which the measure applies, 0..1; none where it applies to none.
    pub fn answered_share(&self) -> Option<f64> {
        let applies = [self.answered, self.no_data, self.stale, self.unvalidated];
        let applies = applies.into_iter().fold(0.0, |sum, count| sum + math::count(count));
        (applies > 0.0).then(|| math::count(self.answered) / applies)
    }
}

impl Quality {
    /// Nothing counted yet, with the measures of a model.
    pub fn new(scorer: &Scorer) -> Self {
        Self::of_all(std::slice::from_ref(scorer))
    }

    /// Nothing counted yet, with the measures of several models, each id once: an account counts under those that its own
    /// model asks for.
    pub fn of_all(scorers: &[Scorer]) -> Self {
        let measure = |id: &Id, title: &Id| MeasureQuality {
            id: id.clone(),
            title: title.clone(),
            answered: 0,
            no_data: 0,
            stale: 0,
            unvalidated: 0,
            not_applicable: 0,
            undated: 0,
            disagreed: 0,
        };
        let mut measures: Vec<MeasureQuality> = Vec::new();
        let mut seen = BTreeSet::new();
        for found in scorers.iter().flat_map(Scorer::measures) {
            if seen.insert(found.id.clone()) {
                measures.push(measure(&found.id, &found.title));
            }
        }
        Self { measures, accounts: 0, validated: 0, fresh: 0 }
    }

    /// Counts one account of these models. An account to which nothing of the model applies is not counted.
    pub fn add(&mut self, assessment: &Assessment) {
        if assessment.outcome == Outcome::NotApplicable {
            return;
        }
        self.accounts = self.accounts.saturating_add(1);
        self.validated += i128::from(math::billionths(assessment.validated_share));
        self.fresh += i128::from(math::billionths(assessment.fresh_share));
        for (place, found) in assessment.measures.iter().enumerate() {
            let Some(sum) = self.measure_at(place, &found.id) else { continue };
            let count = match found.missing {
                None => &mut sum.answered,
                Some(Missing::NoData) => &mut sum.no_data,
                Some(Missing::Stale) => &mut sum.stale,
                Some(Missing::Unvalidated) => &mut sum.unvalidated,
                Some(Missing::NotApplicable) => &mut sum.not_applicable,
            };
            *count = count.saturating_add(1);
            sum.undated = sum.undated.saturating_add(u32::from(found.flags.contains(&Flag::Undated)));
            let differ = found.disagreement.is_some_and(|gap| math::billionths(gap) > 0);
            sum.disagreed = sum.disagreed.saturating_add(u32::from(differ));
        }
    }

    /// A measure of these models, which most often stands where its own model has it.
    fn measure_at(&mut self, place: usize, id: &Id) -> Option<&mut MeasureQuality> {
        let stands = self.measures.get(place).is_some_and(|measure| measure.id == *id);
        let place =
            if stands { Some(place) } else { self.measures.iter().position(|measure| measure.id == *id) };
        self.measures.get_mut(place?)
    }

    /// Every measure, in the order of the tree.
    pub fn measures(&self) -> &[MeasureQuality] {
        &self.measures
    }

    /// Accounts counted.
    pub const fn accounts(&self) -> u32 {
        self.accounts
    }

    /// Mean share of the weight that the customer or a measurement stands behind, 0..1.
    pub fn validated_share(&self) -> Option<f64> {
        totals::mean(self.validated, self.accounts)
    }

    /// Mean share of the weight that is fresh, 0..1.
    pub fn fresh_share(&self) -> Option<f64> {
        totals::mean(self.fresh, self.accounts)
    }
}

#[cfg(test)]
mod tests {
    use super::Quality;
    use crate::answer::{Answer, Missing, Record};
    use crate::scale::Scale;
    use crate::scorecard::{Group, Measure, Scorecard};

    #[test]
    fn every_account_is_counted_once_under_each_measure() {
        let tree = Group::new("health")
            .child(Measure::new("usage", Scale::Unit))
            .child(Measure::new("plan", Scale::YesNo));
        let scorer = Scorecard::new("mine", "1", tree).compile().unwrap();
        let mut quality = Quality::new(&scorer);
        let mut add = |record: &Record| {
            quality.add(&scorer.assess(record, "2026-11-01".parse().unwrap()).unwrap());
        };
        add(&Record::new("a").answer("usage", 0.5).answer("plan", true));
        add(&Record::new("b").answer("usage", 0.5));
        add(&Record::new("c").answer("usage", 0.5).answer("plan", Answer::missing(Missing::NotApplicable)));
        assert_eq!(quality.accounts(), 3);
        let plan = &quality.measures()[1];
        assert_eq!((plan.answered, plan.no_data, plan.not_applicable), (1, 1, 1));
        assert_eq!(plan.answered_share(), Some(0.5));
        assert_eq!(quality.measures()[0].answered_share(), Some(1.0));
        assert_eq!(quality.validated_share(), Some(0.0));
    }

    #[test]
    fn an_account_counts_under_the_measures_of_its_own_model() {
        let measure = |id: &str| Measure::new(id, Scale::Unit);
        let card = |tree: Group| Scorecard::new("mine", "1", tree).compile().unwrap();
        let models = [
            card(Group::new("a").child(measure("usage")).child(measure("plan"))),
            card(Group::new("b").child(measure("other")).child(measure("usage"))),
        ];
        let mut quality = Quality::of_all(&models);
        for (scorer, id) in [(&models[0], "plan"), (&models[1], "usage")] {
            let record = Record::new("x").answer(id, 0.5);
            quality.add(&scorer.assess(&record, "2026-11-01".parse().unwrap()).unwrap());
        }
        let found: Vec<_> =
            quality.measures().iter().map(|one| (&*one.id, one.answered, one.no_data)).collect();
        assert_eq!(found, [("usage", 1, 1), ("plan", 1, 0), ("other", 0, 1)]);
    }
}
