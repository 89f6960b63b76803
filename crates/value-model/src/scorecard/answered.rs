//! The mean of a group that is all leaves, all answered, without a document around it.

use super::kernel::{self, Child, Children, Demands, Kind};

/// The weighted mean of units, 0..1, of leaves by name, weight and unit; none where nothing weighs.
pub(crate) fn answered_mean<N: Copy>(leaves: &[(N, f64, f64)]) -> Option<f64> {
    let demands = Demands { fill: None, least_coverage: 0.0, permits: true, whole: None };
    let state = kernel::group::<f64>(Kind::Mean, true, demands, Answered(leaves));
    state.scored.then_some(state.unit)
}

#[derive(Clone, Copy)]
struct Answered<'a, N>(&'a [(N, f64, f64)]);

impl<N: Copy> Children<f64> for Answered<'_, N> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn child(&self, place: usize) -> Child<f64> {
        let leaf = self.0.get(place);
        leaf.map_or_else(Child::nothing, |(_, weight, unit)| {
            Child::of_answer(*weight, false, *unit, true, true)
        })
    }
}
