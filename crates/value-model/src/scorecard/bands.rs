//! From a score to a band. Scores are compared in billionths of a point, so that equal scores share a band.

use super::compile::Id;
use super::document::{Bands, Edge};
use crate::math::{self, billionths};
use crate::{Error, check};

/// Bands with their cut points in billionths.
#[derive(Clone, Debug)]
pub(crate) struct CompiledBands {
    /// Where a score in billionths passes the cut: half a billionth off the cut point, so that comparing rounds.
    pub(crate) passes: Vec<f64>,
    /// The least unit that passes each cut.
    units: Vec<f64>,
    pub(crate) names: Vec<Id>,
}

impl CompiledBands {
    pub(crate) fn new(bands: &Bands) -> Result<Self, Error> {
        if bands.names.len() != bands.cuts.len() + 1 {
            return Err(Error::Conflict {
                field: "bands.names".into(),
                reason: format!("must hold one name more than there are cuts: {}", bands.cuts.len() + 1)
                    .into(),
            });
        }
        let mut cuts: Vec<i64> = Vec::with_capacity(bands.cuts.len());
        for (number, &cut) in bands.cuts.iter().enumerate() {
            let cut = billionths(check::between(format!("bands.cuts[{number}]"), cut, 0.0, 100.0)?);
            if cuts.last().is_some_and(|last| *last >= cut) {
                return Err(Error::Conflict {
                    field: format!("bands.cuts[{number}]").into(),
                    reason: "must rise strictly".into(),
                });
            }
            cuts.push(cut);
        }
        for (number, name) in bands.names.iter().enumerate() {
            check::name(format!("bands.names[{number}]"), name)?;
            if bands.names.iter().take(number).any(|earlier| earlier == name) {
                return Err(Error::Duplicate { field: "bands.names".into(), id: name.clone() });
            }
        }
        let off = if bands.edge == Edge::Above { -0.5 } else { 0.5 };
        let passes: Vec<f64> = cuts.iter().map(|&cut| math::nearest(cut.into()) + off).collect();
        let least = |cut: &f64| math::least_of(|unit| billionths_of(unit * 100.0) >= *cut);
        Ok(Self {
            units: passes.iter().map(least).collect(),
            passes,
            names: bands.names.iter().map(|name| name.as_str().into()).collect(),
        })
    }

    /// The index of the band, 0 for the lowest.
    pub(crate) fn index(&self, score: f64) -> u32 {
        let billionths = billionths_of(score);
        // A half rounds away from zero, so it passes: a cut with the edge above stands half a billionth below its
        // point, one with the edge below half a billionth above it.
        let passed = self.passes.iter().filter(|&&cut| billionths >= cut);
        u32::try_from(passed.count()).unwrap_or(u32::MAX)
    }

    /// The least units of each band but the lowest.
    pub(crate) fn units(&self) -> &[f64] {
        &self.units
    }

    pub(crate) fn name(&self, index: u32) -> Id {
        usize::try_from(index)
            .ok()
            .and_then(|index| self.names.get(index))
            .cloned()
            .unwrap_or_else(|| "".into())
    }

    /// Whether the band is the first or the last.
    pub(crate) fn is_outermost(&self, index: u32) -> bool {
        index == 0 || usize::try_from(index).is_ok_and(|index| index + 1 == self.names.len())
    }
}

/// A score in billionths of a point, not yet rounded.
fn billionths_of(score: f64) -> f64 {
    score * 1e9
}
