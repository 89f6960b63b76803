//! What a reader should know beside the numbers, for a block of accounts: flags of measures, and rules that fired.

use super::Column;
use super::bits::{self, Bits, EVERY, NONE};
use super::room::{Answers, Block, Input};
use super::stage;
use crate::scorecard::Plan;

impl Block {
    /// Who has a flag, or for whom a rule fired; nobody, if the column holds neither.
    pub(super) fn flag(&self, plan: &Plan, input: &Input<'_>, column: Column) -> Bits {
        match column {
            Column::Undated(index) => self.undated(plan, input, index),
            Column::Regressed(index) => self.regressed(plan, input, index),
            Column::Fired(place) => self.fired.get(place).copied().unwrap_or(NONE),
            _ => NONE,
        }
    }

    /// Whose answer counts and has no date although age matters.
    fn undated(&self, plan: &Plan, input: &Input<'_>, index: usize) -> Bits {
        let ages = plan.measures.get(index).is_some_and(|measure| measure.recency.ages());
        let Some(Some(leaves)) = self.leaves.get(index).filter(|_| ages) else { return NONE };
        let mut dateless = if input.ages.is_none() && stage::age(input, 0).is_none() { EVERY } else { NONE };
        if input.ages.is_some() {
            for row in (0..input.rows).filter(|row| stage::age(input, *row).is_none()) {
                bits::put(&mut dateless, row, 1);
            }
        }
        bits::zip(&leaves.present, &dateless, |present, dateless| present & dateless)
    }

    /// Whose answer counts and moved away from its target.
    fn regressed(&self, plan: &Plan, input: &Input<'_>, index: usize) -> Bits {
        let mut out = NONE;
        let found = plan.measures.get(index).filter(|measure| measure.scale.can_regress());
        let Some(measure) = found else { return out };
        let answers = input.answers.get(index).copied().unwrap_or(Answers::None);
        for row in 0..input.rows {
            let worse = measure.scale.regressed(stage::cell(answers, row));
            if worse && self.leaf(plan, input, index, row).is_present() {
                bits::put(&mut out, row, 1);
            }
        }
        out
    }
}
