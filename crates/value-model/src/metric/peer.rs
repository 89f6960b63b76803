//! Standing among peers: the mid-rank share.

use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`peer`].
pub const FORMULA: Formula = Formula {
    id: "peer",
    version: 1,
    source: Source::Standard,
    expression: "unit = (below + equal / 2) / n; scores are compared at 9 decimals",
};

/// A value and the values of its peers.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PeerInput {
    /// The value to place.
    pub value: f64,
    /// The peers' values, at least one; the value itself counts only if it stands here too.
    pub cohort: Vec<f64>,
    /// Whether these are scores, which tie when they agree in 9 decimals. Other values tie only when equal.
    #[serde(default)]
    pub scores: bool,
}

/// Result of [`peer`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Peer {
    /// Share of peers below, with half of the equal ones: 0..1.
    pub unit: f64,
    /// Peers below the value.
    pub below: u32,
    /// Peers equal to the value.
    pub equal: u32,
}

/// The mid-rank share of a value among its peers.
///
/// # Errors
/// [`Error::Empty`] without peers, [`Error::NotFinite`].
///
/// # Examples
/// ```
/// use value_model::metric::peer::{PeerInput, peer};
/// let cohort = vec![10.0, 20.0, 30.0, 40.0];
/// assert_eq!(peer(&PeerInput { value: 30.0, cohort, scores: false })?.unit, 0.625);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn peer(input: &PeerInput) -> Result<Peer, Error> {
    check::finite("value", input.value)?;
    if input.cohort.is_empty() {
        return Err(Error::Empty { field: "cohort".into() });
    }
    for (index, &value) in input.cohort.iter().enumerate() {
        check::finite(format!("cohort[{index}]"), value)?;
    }
    Ok(among(input.value, &input.cohort, input.scores))
}

/// The standing of a finite value among at least one finite peer.
pub fn among(value: f64, cohort: &[f64], scores: bool) -> Peer {
    let (mut below, mut equal) = (0_u32, 0_u32);
    for &other in cohort {
        // -0.0 and 0.0 are one value, which `partial_cmp` knows and `total_cmp` does not.
        let order = if scores {
            Some(math::billionths(other).cmp(&math::billionths(value)))
        } else {
            other.partial_cmp(&value)
        };
        match order {
            Some(std::cmp::Ordering::Less) => below = below.saturating_add(1),
            Some(std::cmp::Ordering::Equal) => equal = equal.saturating_add(1),
            _ => {}
        }
    }
    let unit = (math::count(below) + math::count(equal) / 2.0) / math::length(cohort.len());
    Peer { unit, below, equal }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{PeerInput, among, peer};

    #[test]
    fn thirty_among_four_stands_at_five_eighths() {
        assert_relative_eq!(among(30.0, &[10.0, 20.0, 30.0, 40.0], false).unit, 0.625);
    }

    #[test]
    fn scores_tie_at_nine_decimals_and_other_values_do_not() {
        let cohort = [50.0, 49.999_999_999_999];
        assert_relative_eq!(among(50.0, &cohort, true).unit, 0.5);
        assert_relative_eq!(among(50.0, &cohort, false).unit, 0.75);
    }

    #[test]
    fn a_cohort_of_none_is_refused() {
        let error = peer(&PeerInput { value: 1.0, cohort: vec![], scores: false }).unwrap_err();
        assert_eq!((error.code(), error.field()), ("empty", "cohort"));
        let error = peer(&PeerInput { value: 1.0, cohort: vec![2.0, f64::NAN], scores: true }).unwrap_err();
        assert_eq!(error.field(), "cohort[1]");
    }
}
