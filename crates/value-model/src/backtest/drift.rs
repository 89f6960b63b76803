//! Drift: are the scores of now distributed as those of then?

use crate::catalog::{Formula, Source};
use crate::{Error, math};

use super::rank::{limit, score_of};
use super::rankable;

/// Catalog entry of [`drift`].
pub const FORMULA: Formula = Formula {
    id: "drift",
    version: 1,
    source: Source::Standard,
    expression: "psi = sum over bins (after - before) * ln(after / before), shares of the accounts; \
                 an empty bin counts as half an account",
};

/// Scores of two periods.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DriftInput {
    /// The scores of the earlier period, at least one.
    pub before: Vec<f64>,
    /// The scores of the later period, at least one.
    pub after: Vec<f64>,
    /// Scores that part the bins, strictly rising; without, the tenths of `before`.
    #[serde(default)]
    pub cuts: Option<Vec<f64>>,
}

/// How far a distribution moved.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Drift {
    /// Population stability index: 0 when nothing moved.
    pub psi: f64,
    /// What that usually means.
    pub level: DriftLevel,
    /// The bins from the lowest scores up.
    pub bins: Vec<DriftBin>,
}

/// What an index usually means, by a rule of thumb of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DriftLevel {
    /// Below .1.
    Stable,
    /// From .1 to .25.
    Moving,
    /// Above .25: what was learnt from the earlier period may not hold.
    Shifted,
}

/// One bin of scores.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DriftBin {
    /// The least score that belongs here; none for the first.
    pub from: Option<f64>,
    /// Accounts of the earlier period.
    pub before: u32,
    /// Accounts of the later period.
    pub after: u32,
    /// What this bin adds to the index.
    pub psi: f64,
}

/// The population stability index of two periods.
///
/// # Errors
/// [`Error::Empty`] for a period without scores, [`Error::NotFinite`], [`Error::OutOfRange`], [`Error::Conflict`] for cuts
/// that do not rise.
///
/// # Examples
/// ```
/// use value_model::backtest::drift::{DriftInput, DriftLevel, drift};
/// let before = vec![20.0, 40.0, 60.0, 80.0];
/// let found = drift(&DriftInput { before: before.clone(), after: before, cuts: Some(vec![50.0]) })?;
/// assert_eq!((found.psi, found.level), (0.0, DriftLevel::Stable));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn drift(input: &DriftInput) -> Result<Drift, Error> {
    let (before, after) = (sorted("before", &input.before)?, sorted("after", &input.after)?);
    let cuts = match &input.cuts {
        Some(cuts) => rising(cuts)?,
        None => tenths(&before),
    };
    let edges: Vec<Option<i64>> = std::iter::once(None).chain(cuts.into_iter().map(Some)).collect();
    let ends = edges.iter().skip(1).copied().chain(std::iter::once(None));
    let bins: Vec<DriftBin> =
        edges.iter().zip(ends).map(|(&from, to)| bin(&before, &after, from, to)).collect();
    let psi = bins.iter().map(|bin| bin.psi).sum();
    // CHOICE: the usual rule of thumb.
    let level = match math::billionths(psi) {
        ..100_000_000 => DriftLevel::Stable,
        100_000_000..=250_000_000 => DriftLevel::Moving,
        _ => DriftLevel::Shifted,
    };
    Ok(Drift { psi, level, bins })
}

fn sorted(field: &'static str, scores: &[f64]) -> Result<Vec<i64>, Error> {
    if scores.is_empty() {
        return Err(Error::Empty { field: field.into() });
    }
    limit(scores.len())?;
    let key = |(index, score): (usize, &f64)| Ok(math::billionths(rankable(field, index, *score)?));
    let mut keys: Vec<i64> = scores.iter().enumerate().map(key).collect::<Result<_, Error>>()?;
    keys.sort_unstable();
    Ok(keys)
}

fn rising(cuts: &[f64]) -> Result<Vec<i64>, Error> {
    let mut keys: Vec<i64> = Vec::with_capacity(cuts.len());
    for (index, &cut) in cuts.iter().enumerate() {
        let key = math::billionths(rankable("cuts", index, cut)?);
        if keys.last().is_some_and(|last| *last >= key) {
            let field = format!("cuts[{index}]").into();
            return Err(Error::Conflict { field, reason: "must rise strictly".into() });
        }
        keys.push(key);
    }
    Ok(keys)
}

/// Where each further tenth of the accounts begins; a tie begins one bin at most.
fn tenths(sorted: &[i64]) -> Vec<i64> {
    let at = |part: usize| sorted.get(sorted.len() * part / 10).copied();
    let mut cuts: Vec<i64> = (1..10).filter_map(at).filter(|cut| Some(cut) > sorted.first()).collect();
    cuts.dedup();
    cuts
}

fn bin(before: &[i64], after: &[i64], from: Option<i64>, to: Option<i64>) -> DriftBin {
    let inside = |keys: &[i64]| {
        let below = |edge: i64| keys.partition_point(|key| *key < edge);
        to.map_or(keys.len(), below) - from.map_or(0, below)
    };
    let (old, new) = (inside(before), inside(after));
    let (p, q) = (share(old, before.len()), share(new, after.len()));
    let count = |accounts: usize| u32::try_from(accounts).unwrap_or(u32::MAX);
    let psi = (q - p) * math::ln(q / p);
    DriftBin { from: from.map(score_of), before: count(old), after: count(new), psi }
}

/// The share of a bin.
// CHOICE: an empty bin counts as half an account, because the logarithm of nothing is infinite.
fn share(inside: usize, all: usize) -> f64 {
    let inside = if inside == 0 { 0.5 } else { math::length(inside) };
    inside / math::length(all)
}
