//! Distribution: how many scores lie in each step of the scale, and in which band.

use super::portfolio::Line;
use crate::math;
use crate::scorecard::{Outcome, Scorer};

/// Points of the scale that one step covers.
// CHOICE: 20 steps; coarse enough to read on a phone, and the default cuts of bands stand on edges of steps.
pub const STEP: u32 = 5;

/// Scores being counted, account by account, in any order.
#[derive(Clone, Debug)]
pub struct Distribution {
    steps: Vec<Vec<u64>>,
    scored: u64,
    insufficient: u64,
    not_applicable: u64,
}

/// One step of the scale: a score equal to its edge belongs to the step above, but 100 to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The least score in it.
    pub from: u32,
    /// Where the next step begins.
    pub to: u32,
    /// Accounts by band, from the lowest band up: a cut may lie inside of a step.
    pub bands: &'a [u64],
}

impl Distribution {
    /// Nothing counted yet, with the bands of a model.
    pub fn new(scorer: &Scorer) -> Self {
        let bands = vec![0; scorer.band_names().len()];
        let steps = std::iter::repeat_n(bands, usize::try_from(100 / STEP).unwrap_or_default()).collect();
        Self { steps, scored: 0, insufficient: 0, not_applicable: 0 }
    }

    /// Counts one account.
    pub fn add(&mut self, line: &Line) {
        match line.outcome {
            Outcome::Scored => self.scored += 1,
            Outcome::Insufficient => self.insufficient += 1,
            Outcome::NotApplicable => self.not_applicable += 1,
        }
        let (Some(score), Some(band)) = (line.score, line.band) else { return };
        let step = math::billionths(score) / (i64::from(STEP) * 1_000_000_000);
        let last = self.steps.len().saturating_sub(1);
        let step = usize::try_from(step).unwrap_or_default().min(last);
        let found = self.steps.get_mut(step).zip(usize::try_from(band).ok());
        if let Some(count) = found.and_then(|(bands, band)| bands.get_mut(band)) {
            *count += 1;
        }
    }

    /// The steps, from the lowest up.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        let starts = (0_u32..).step_by(usize::try_from(STEP).unwrap_or(1));
        self.steps.iter().zip(starts).map(|(bands, from)| Step { from, to: from + STEP, bands })
    }

    /// Accounts with a score.
    pub const fn scored(&self) -> u64 {
        self.scored
    }

    /// Accounts about which too little is known.
    pub const fn insufficient(&self) -> u64 {
        self.insufficient
    }

    /// Accounts to which nothing of the model applies.
    pub const fn not_applicable(&self) -> u64 {
        self.not_applicable
    }
}

#[cfg(test)]
mod tests {
    use super::{Distribution, Line, STEP};
    use crate::answer::Record;
    use crate::scale::Scale;
    use crate::scorecard::{Group, Measure, Scorecard};

    fn counted(scores: &[f64]) -> Distribution {
        let tree = Group::new("health").child(Measure::new("score", Scale::Score));
        let scorer = Scorecard::new("mine", "1", tree).compile().unwrap();
        let mut all = Distribution::new(&scorer);
        for (number, score) in scores.iter().enumerate() {
            let record = Record::new(format!("a{number}")).answer("score", *score);
            let assessment = scorer.assess(&record, "2026-11-01".parse().unwrap()).unwrap();
            all.add(&Line::of(&assessment, &scorer));
        }
        all
    }

    #[test]
    fn an_edge_belongs_to_the_step_above_and_100_to_the_last() {
        let all = counted(&[0.0, 4.999_999_999_9, 5.0, 49.9, 50.0, 100.0]);
        let found: Vec<(u32, Vec<u64>)> = (all.steps())
            .filter(|step| step.bands.iter().any(|count| *count > 0))
            .map(|step| (step.from, step.bands.to_vec()))
            .collect();
        // 4.9999999999 is 5 in nine decimals, as everywhere where scores are compared.
        let expected = [
            (0, vec![1, 0, 0]),
            (5, vec![2, 0, 0]),
            (45, vec![1, 0, 0]),
            (50, vec![0, 1, 0]),
            (95, vec![0, 0, 1]),
        ];
        assert_eq!(found, expected);
        assert_eq!((all.scored(), all.insufficient(), all.not_applicable()), (6, 0, 0));
        assert_eq!(all.steps().last().map(|step| step.to), Some(100));
        assert_eq!(all.steps().count() * usize::try_from(STEP).unwrap(), 100);
    }
}
