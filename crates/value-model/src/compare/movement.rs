//! Movement: what the changes of many accounts come to, each taken apart by [`delta`](super::delta::delta).

use std::collections::BTreeMap;

use super::delta::Delta;
use super::totals;
use crate::math;
use crate::scorecard::Scorer;

/// Changes being added up, account by account, in any order.
#[derive(Clone, Debug, Default)]
pub struct Movement {
    compared: u32,
    rose: u32,
    fell: u32,
    without_score: u32,
    explained: u32,
    sums: [i128; 5],
    bands: BTreeMap<(Option<u32>, Option<u32>), u32>,
}

/// What the mean change is made of, in points. The parts sum to the change, up to the nine decimals of a total.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct MeanChange {
    /// The mean change.
    pub change: f64,
    /// What customers did or said.
    pub behaviour: f64,
    /// Which answers are known.
    pub coverage: f64,
    /// The change of the model.
    pub model: f64,
    /// Overrides.
    pub override_: f64,
}

impl Movement {
    /// Nothing added yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the change of one account, of which the earlier score was made by `before`, the later by `after`.
    pub fn add(&mut self, delta: &Delta, before: &Scorer, after: &Scorer) {
        self.compared = self.compared.saturating_add(1);
        let from = delta.before.map(|score| before.band_of(score));
        let to = delta.after.map(|score| after.band_of(score));
        let count = self.bands.entry((from, to)).or_insert(0);
        *count = count.saturating_add(1);
        let Some(change) = delta.change else {
            self.without_score = self.without_score.saturating_add(1);
            return;
        };
        match math::billionths(change) {
            0 => {}
            change if change > 0 => self.rose = self.rose.saturating_add(1),
            _ => self.fell = self.fell.saturating_add(1),
        }
        let parts = [delta.behaviour, delta.coverage, delta.model, delta.override_];
        let [Some(behaviour), Some(coverage), Some(model), Some(override_)] = parts else { return };
        self.explained = self.explained.saturating_add(1);
        for (sum, part) in self.sums.iter_mut().zip([change, behaviour, coverage, model, override_]) {
            *sum += i128::from(math::billionths(part));
        }
    }

    /// Accounts compared.
    pub const fn compared(&self) -> u32 {
        self.compared
    }

    /// Accounts whose score rose.
    pub const fn rose(&self) -> u32 {
        self.rose
    }

    /// Accounts whose score fell.
    pub const fn fell(&self) -> u32 {
        self.fell
    }

    /// Accounts without a score on one of the two sides.
    pub const fn without_score(&self) -> u32 {
        self.without_score
    }

    /// The mean change of the accounts whose change could be taken apart; none without any.
    pub fn mean(&self) -> Option<MeanChange> {
        let [change, behaviour, coverage, model, override_] =
            self.sums.map(|sum| totals::mean(sum, self.explained).map(math::unsigned_zero));
        Some(MeanChange {
            change: change?,
            behaviour: behaviour?,
            coverage: coverage?,
            model: model?,
            override_: override_?,
        })
    }

    /// Accounts by band before and after, by their places from the lowest; `None` is no score.
    pub fn bands(&self) -> impl Iterator<Item = (Option<u32>, Option<u32>, u32)> {
        self.bands.iter().map(|((from, to), count)| (*from, *to, *count))
    }
}

#[cfg(test)]
mod tests {
    use super::Movement;
    use crate::answer::Record;
    use crate::compare::{State, delta::delta};
    use crate::scale::Scale;
    use crate::scorecard::{Group, Measure, Scorecard};

    #[test]
    fn parts_of_the_mean_change_sum_to_it() {
        let tree = Group::new("health")
            .child(Measure::new("usage", Scale::Unit))
            .child(Measure::new("goals", Scale::Unit));
        let scorer = Scorecard::new("mine", "1", tree).compile().unwrap();
        let (first, then) = ("2026-10-01".parse().unwrap(), "2026-11-01".parse().unwrap());
        let mut all = Movement::new();
        let mut add = |old: &Record, new: &Record| {
            let (before, after) = (
                State { scorer: &scorer, record: old, as_of: first },
                State { scorer: &scorer, record: new, as_of: then },
            );
            all.add(&delta(&before, &after).unwrap(), &scorer, &scorer);
        };
        let old = Record::new("a").answer("usage", 0.8).answer("goals", 0.2);
        add(&old, &Record::new("a").answer("usage", 0.8)); // rose, for a bad answer went missing
        add(&old, &Record::new("a").answer("usage", 0.4).answer("goals", 0.2)); // fell
        add(&old, &old);
        add(&Record::new("a"), &old);
        assert_eq!((all.compared(), all.rose(), all.fell(), all.without_score()), (4, 1, 1, 1));
        let mean = all.mean().unwrap();
        assert!((mean.coverage - 10.0).abs() < 1e-9, "{mean:?}");
        assert!((mean.behaviour + 20.0 / 3.0).abs() < 1e-9, "{mean:?}");
        let sum = mean.behaviour + mean.coverage + mean.model + mean.override_;
        assert!((sum - mean.change).abs() < 1e-8, "{mean:?}");
        let bands: Vec<_> = all.bands().collect();
        assert_eq!(
            bands,
            [(None, Some(1), 1), (Some(1), Some(0), 1), (Some(1), Some(1), 1), (Some(1), Some(2), 1)]
        );
    }
}
