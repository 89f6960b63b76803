//! The same columns, of one account that was scored alone.

use super::Column;
use crate::scorecard::{Assessment, Flag, Score, Scorer, Workspace};

impl Scorer {
    /// What columns hold for the account that has just been scored in this workspace, in their order. Codes are whole
    /// numbers.
    pub fn values(&self, columns: &[Column], score: &Score, workspace: &mut Workspace) -> Vec<Option<f64>> {
        let explains = |column: &Column| matches!(column, Column::Contribution(_) | Column::Headroom(_));
        let points = if columns.iter().any(explains) { self.measure_points(workspace) } else { Vec::new() };
        let rules = columns.iter().any(|column| matches!(column, Column::Fired(_)));
        let fired = if rules { self.fired(workspace) } else { Vec::new() };
        let flag = |set: bool| Some(f64::from(u8::from(set)));
        let value = |column: &Column| match *column {
            Column::Score => score.score,
            Column::Raw => score.raw,
            Column::Band => score.band.map(f64::from),
            Column::Coverage => Some(score.coverage),
            Column::Lower => Some(score.lower),
            Column::Upper => Some(score.upper),
            Column::LowerBand => Some(f64::from(score.lower_band)),
            Column::ValidatedShare => Some(score.validated_share),
            Column::FreshShare => Some(score.fresh_share),
            Column::Outcome => Some(f64::from(score.outcome.code())),
            Column::Group(place) => workspace.group(place).score,
            Column::GroupCost(place) => self.groups().get(place)?.cost_score(workspace.group(place).score),
            Column::Contribution(place) => points.get(place)?.0,
            Column::Headroom(place) => points.get(place)?.1,
            Column::Undated(place) => flag(workspace.leaf(place).undated),
            Column::Regressed(place) => flag(workspace.leaf(place).regressed),
            Column::Fired(place) => flag(fired.get(place).copied().unwrap_or(false)),
        };
        columns.iter().map(value).collect()
    }

    /// What a column of flags holds for an account that was assessed; none for a column of another kind.
    pub fn flag(&self, column: Column, found: &Assessment) -> Option<bool> {
        let flagged = |place: usize, flag: Flag| found.measures.get(place).map(|of| of.flags.contains(&flag));
        match column {
            Column::Undated(place) => flagged(place, Flag::Undated),
            Column::Regressed(place) => flagged(place, Flag::Regressed),
            Column::Fired(place) => {
                let rule = self.0.rules.get(place)?;
                Some(found.rules.iter().any(|fired| fired.id == rule.id))
            }
            _ => None,
        }
    }

    /// Which rules fired, in their order.
    fn fired(&self, workspace: &Workspace) -> Vec<bool> {
        let plan = &*self.0;
        let mut fired = vec![false; plan.rules.len()];
        plan.apply_rules(
            workspace.root(),
            |measure| workspace.leaf(measure),
            |place, _, _| {
                if let Some(fired) = fired.get_mut(place) {
                    *fired = true;
                }
            },
        );
        fired
    }
}
