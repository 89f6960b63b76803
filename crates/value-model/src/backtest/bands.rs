//! What became of the accounts of each band: renewal and revenue.

use crate::metric::interval::{self, Interval};
use crate::scorecard::{Bands, CompiledBands, Id};
use crate::{Error, math};

use super::auc::money;

/// What became of the accounts of one band.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct BandOutcome {
    /// The band.
    pub band: Id,
    /// Accounts in it.
    pub accounts: u32,
    /// Accounts in it that were kept.
    pub kept: u32,
    /// Their share, 0..1; none without accounts.
    pub kept_rate: Option<f64>,
    /// The share's 95% interval (Wilson).
    pub interval: Option<Interval>,
    /// Revenue of its accounts.
    pub revenue: f64,
    /// Revenue of those that were kept.
    pub revenue_kept: f64,
}

/// The accounts of each band, the lowest band first. Without revenue its columns are 0.
///
/// # Errors
/// Those of the bands; [`Error::NotFinite`] or [`Error::OutOfRange`] (`revenue[i]`) unless 0 to 10^13.
///
/// # Examples
/// ```
/// use value_model::backtest::bands::by_band;
/// let rows = by_band(&[90.0, 80.0, 20.0], &[true, false, false], &[100.0, 50.0, 200.0], &Default::default())?;
/// assert_eq!((&*rows[2].band, rows[2].kept_rate, rows[2].revenue_kept), ("healthy", Some(0.5), 100.0));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn by_band(
    scores: &[f64],
    outcomes: &[bool],
    revenue: &[f64],
    bands: &Bands,
) -> Result<Vec<BandOutcome>, Error> {
    let bands = CompiledBands::new(bands)?;
    let mut sums = vec![Sums::default(); bands.names.len()];
    let revenue = revenue.iter().copied().chain(std::iter::repeat(0.0));
    for (index, ((&score, &kept), amount)) in scores.iter().zip(outcomes).zip(revenue).enumerate() {
        let band = usize::try_from(bands.index(score)).unwrap_or(usize::MAX);
        if let Some(sums) = sums.get_mut(band) {
            sums.add(kept, money(index, amount)?);
        }
    }
    let rows = bands.names.iter().zip(sums).map(|(name, sums)| sums.row(name.clone()));
    rows.collect()
}

#[derive(Clone, Default)]
struct Sums {
    accounts: u32,
    kept: u32,
    revenue: i128,
    revenue_kept: i128,
}

impl Sums {
    fn add(&mut self, kept: bool, amount: i64) {
        self.accounts = self.accounts.saturating_add(1);
        self.revenue += i128::from(amount);
        if kept {
            self.kept = self.kept.saturating_add(1);
            self.revenue_kept += i128::from(amount);
        }
    }

    fn row(self, band: Id) -> Result<BandOutcome, Error> {
        let share = match self.accounts {
            0 => None,
            accounts => Some(interval::share("kept", self.kept, "accounts", accounts)?),
        };
        Ok(BandOutcome {
            band,
            accounts: self.accounts,
            kept: self.kept,
            kept_rate: share.map(|share| share.share),
            interval: share.map(interval::Wilson::interval),
            revenue: math::nearest(self.revenue) / 1e4,
            revenue_kept: math::nearest(self.revenue_kept) / 1e4,
        })
    }
}
