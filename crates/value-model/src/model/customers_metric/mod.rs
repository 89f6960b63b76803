//! The customer's metric: were needs for guidance anticipated, met just in time, and met effectively?

mod channels;
mod input;
mod judge;
mod result;
#[cfg(test)]
mod tests;
mod timeliness;

pub use input::{CustomersMetricInput, Need};
pub use result::{CustomersMetric, CustomersMetricOutcome, Effectiveness, NeedReason, NeedResult};
pub use timeliness::TimelinessRule;

use crate::catalog::{Formula, Source};
use crate::metric::interval::{Wilson, WilsonInput, wilson};
use crate::{Error, check, math};
use judge::Judged;

/// Catalog entry of [`customers_metric`].
pub const FORMULA: Formula = Formula {
    id: "customers_metric",
    version: 1,
    source: Source::CustomersMetric,
    expression: "score = 100 * mean over needs of anticipated * timeliness * effective; \
                 timeliness = 1 from early_full days early to late_full days late, \
                 falling in straight lines to 0 at early_zero and late_zero",
};

/// The customer's metric, 0..100, with its three factors, its bounds, and every need with its reason.
///
/// A need that was never met counts as 0. A need whose effect nobody knows counts in the bounds only. Below the asked
/// coverage there is no score. Needs older than the window are listed and do not count.
///
/// # Errors
/// [`Error::AfterAsOf`] for a date after the day of judgement, [`Error::Conflict`] for an effect without a delivery and for
/// a timeliness rule that ends before it begins, [`Error::OutOfRange`], [`Error::NotFinite`], [`Error::Text`],
/// [`Error::Duplicate`], [`Error::Overflow`].
///
/// # Examples
/// ```
/// use value_model::Date;
/// use value_model::model::customers_metric::{CustomersMetricInput, Need, customers_metric};
/// let needed: Date = "2026-10-01".parse()?;
/// let in_time = Need::new("first_report", true, needed).delivered("2026-10-01".parse()?, Some(1.0));
/// let late = Need::new("new_admin", true, needed).delivered("2026-10-06".parse()?, Some(1.0));
/// let result = customers_metric(&CustomersMetricInput::new("2026-11-01".parse()?, vec![in_time, late]))?;
/// assert_eq!((result.score, result.timeliness), (Some(75.0), Some(0.75)));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn customers_metric(input: &CustomersMetricInput) -> Result<CustomersMetric, Error> {
    check_rules(input)?;
    let judged = judged(input)?;
    let counted: Vec<&Judged> = judged.iter().filter(|need| need.in_window).collect();
    let needs_in_window = count(counted.iter())?;
    let n = math::count(needs_in_window);
    let scored = Scored::of(&counted, n, input.min_coverage);
    let mean_timeliness = sum(counted.iter().map(|need| need.timeliness)) / n;
    let (channels, channel_needs_left_out) = channels::compare(&counted, input)?;
    Ok(CustomersMetric {
        outcome: scored.outcome,
        score: scored.score,
        lower: scored.lower,
        upper: scored.upper,
        coverage: scored.coverage,
        needs_in_window,
        anticipated: anticipated(&counted, needs_in_window)?,
        timeliness: (needs_in_window > 0).then_some(mean_timeliness),
        effectiveness: effectiveness(&counted, n)?,
        hours: stated("hours", counted.iter().filter_map(|judged| judged.need.hours))?,
        cost: stated("cost", counted.iter().filter_map(|judged| judged.need.cost))?,
        channels,
        channel_needs_left_out,
        needs: judged.iter().map(Judged::result).collect(),
        outside_window: judged.iter().filter(|j| !j.in_window).map(|j| j.need.id.clone()).collect(),
    })
}

fn check_rules(input: &CustomersMetricInput) -> Result<(), Error> {
    input.timeliness.check()?;
    check::unit("min_coverage", input.min_coverage)?;
    check::unit("effective_from", input.effective_from)?;
    if let Some(required) = input.required_effectiveness {
        check::unit("required_effectiveness", required)?;
    }
    Ok(())
}

/// Every need, checked and judged, in byte order of the ids.
fn judged(input: &CustomersMetricInput) -> Result<Vec<Judged<'_>>, Error> {
    let placed: Vec<(usize, &Need)> = input.needs.iter().enumerate().collect();
    let sorted = check::by_id("needs", &placed, |(_, need)| &need.id)?;
    sorted.into_iter().map(|&(index, need)| Judged::new(index, need, input)).collect()
}

struct Scored {
    outcome: CustomersMetricOutcome,
    score: Option<f64>,
    lower: f64,
    upper: f64,
    coverage: f64,
}

impl Scored {
    fn of(counted: &[&Judged], n: f64, min_coverage: f64) -> Self {
        let units: Vec<f64> = counted.iter().filter_map(|need| need.unit()).collect();
        let (known, sum) = (math::length(units.len()), sum(units.iter().copied()));
        if counted.is_empty() {
            let outcome = CustomersMetricOutcome::NoNeeds;
            return Self { outcome, score: None, lower: 0.0, upper: 100.0, coverage: 0.0 };
        }
        let coverage = known / n;
        let enough = known > 0.0 && math::billionths(coverage) >= math::billionths(min_coverage);
        Self {
            outcome: if enough {
                CustomersMetricOutcome::Scored
            } else {
                CustomersMetricOutcome::Insufficient
            },
            score: enough.then(|| 100.0 * (sum / known)),
            lower: 100.0 * (sum / n),
            upper: 100.0 * ((sum + (n - known)) / n),
            coverage,
        }
    }
}

fn anticipated(counted: &[&Judged], trials: u32) -> Result<Option<Wilson>, Error> {
    if trials == 0 {
        return Ok(None);
    }
    let successes = count(counted.iter().filter(|judged| judged.need.anticipated))?;
    wilson(&WilsonInput { successes, trials }).map(Some)
}

fn effectiveness(counted: &[&Judged], n: f64) -> Result<Effectiveness, Error> {
    let effects: Vec<f64> = counted.iter().filter_map(|need| need.effect).collect();
    let trials = count(effects.iter())?;
    let (known, sum) = (math::count(trials), sum(effects.iter().copied()));
    let successes = count(effects.iter().filter(|&&effect| effect >= 1.0))?;
    let is_share = trials > 0 && effects.iter().all(|&effect| effect <= 0.0 || effect >= 1.0);
    Ok(Effectiveness {
        mean: (trials > 0).then_some(sum / known),
        lower: if n > 0.0 { sum / n } else { 0.0 },
        upper: if n > 0.0 { (sum + (n - known)) / n } else { 1.0 },
        known: trials,
        interval: if is_share { Some(wilson(&WilsonInput { successes, trials })?.interval()) } else { None },
    })
}

/// The sum of what is stated; none when nothing is.
fn stated(field: &'static str, amounts: impl Iterator<Item = f64>) -> Result<Option<f64>, Error> {
    let mut sum: Option<f64> = None;
    for amount in amounts {
        sum = Some(check::computed(field, sum.unwrap_or(0.0) + amount)?);
    }
    Ok(sum)
}

/// The sum from 0.0 on; `Iterator::sum` starts at -0.0, which an empty list would show.
fn sum(units: impl Iterator<Item = f64>) -> f64 {
    units.fold(0.0, |sum, unit| sum + unit)
}

fn count(list: impl Iterator) -> Result<u32, Error> {
    u32::try_from(list.count()).map_err(|_| Error::Overflow { field: "needs".into() })
}
