//! Gross and net value from the totals by kind, and the ratios that follow from them.

use super::lines::Totals;
use super::{AbsentReason, Alternative, Haircuts, Kind, RiskAdjusted};
use crate::{Error, check, math};

/// A number, or why there is none.
pub(super) type Found<T> = Result<T, AbsentReason>;

/// The terms of the formula and what they give.
#[derive(Clone, Copy)]
pub(super) struct Headline {
    benefits: f64,
    costs: f64,
    /// What the alternative takes away from the gross value.
    against: f64,
    pub(super) gross: f64,
    pub(super) net: f64,
}

impl Headline {
    /// Gross and net value.
    ///
    // CHOICE: one known kind on each side is enough, and the result says that it is partial; with nothing known on a side
    // there is no value, because benefits alone would always look like "more than I pay".
    pub(super) fn of(totals: &Totals, alternative: Alternative) -> Result<Found<Self>, Error> {
        let benefits = totals.both(Kind::TangibleBenefit, Kind::PerceivedBenefit)?;
        let costs = totals.both(Kind::TangibleCost, Kind::PerceivedCost)?;
        let (benefits, costs) = match (benefits, costs) {
            (Some(benefits), Some(costs)) => (benefits, costs),
            (None, Some(_)) => return Ok(Err(AbsentReason::BenefitsUnknown)),
            (Some(_), None) => return Ok(Err(AbsentReason::CostsUnknown)),
            (None, None) => return Ok(Err(AbsentReason::BothUnknown)),
        };
        let against = against(totals, alternative)?;
        let gross = check::computed("gross", benefits - costs)?;
        let net = check::computed("net", gross - against)?;
        let (gross, net) = (math::unsigned_zero(gross), math::unsigned_zero(net));
        Ok(Ok(Self { benefits, costs, against, gross, net }))
    }

    pub(super) fn benefit_cost_ratio(self) -> Result<Found<f64>, Error> {
        divide("benefit_cost_ratio", self.benefits, self.costs, AbsentReason::NoCosts)
    }

    pub(super) fn index(self) -> Result<Found<f64>, Error> {
        let both = check::computed("index", self.benefits + self.costs)?;
        let share = divide("index", self.benefits, both, AbsentReason::NoAmounts)?;
        Ok(share.map(|share| 100.0 * share))
    }

    pub(super) fn break_even_haircut(self) -> Result<Found<f64>, Error> {
        let needed = check::computed("break_even_haircut", self.costs + self.against)?;
        let share = divide("break_even_haircut", needed, self.benefits, AbsentReason::NoBenefits)?;
        Ok(share.map(|share| math::unsigned_zero(1.0 - share)))
    }

    pub(super) fn risk_adjusted(self, haircuts: Haircuts) -> Result<RiskAdjusted, Error> {
        let benefits = self.benefits * (1.0 - haircuts.benefits);
        let costs = check::computed("risk_adjusted.gross", self.costs * (1.0 + haircuts.costs))?;
        let gross = check::computed("risk_adjusted.gross", benefits - costs)?;
        let net = check::computed("risk_adjusted.net", gross - self.against)?;
        Ok(RiskAdjusted { gross: math::unsigned_zero(gross), net: math::unsigned_zero(net) })
    }
}

/// The part that the alternative takes away.
///
// CHOICE: without a known benefit the alternative takes nothing away, and its costs, which would raise our value, are not
// used either; the result names what is unknown.
fn against(totals: &Totals, alternative: Alternative) -> Result<f64, Error> {
    let Some(benefits) = totals.get(Kind::AlternativeBenefit) else { return Ok(0.0) };
    match alternative {
        Alternative::Literal => Ok(benefits),
        Alternative::Net => {
            let costs = totals.get(Kind::AlternativeCost).unwrap_or(0.0);
            check::computed("net", benefits - costs)
        }
    }
}

/// A quotient of amounts, or why there is none when the divisor is 0.
pub(super) fn divide(
    field: &'static str,
    part: f64,
    whole: f64,
    zero: AbsentReason,
) -> Result<Found<f64>, Error> {
    if whole > 0.0 {
        check::computed(field, math::unsigned_zero(part / whole)).map(Ok)
    } else {
        Ok(Err(zero))
    }
}
