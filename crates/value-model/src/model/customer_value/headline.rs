//! Gross and net value from the totals by kind, and the ratios that follow from them.

use super::lines::Totals;
use super::terms::{Terms, quotient};
use super::{AbsentReason, Alternative, Haircuts, Kind, RiskAdjusted};
use crate::{Error, check, math};

/// A number, or why there is none.
pub(super) type Found<T> = Result<T, AbsentReason>;

/// The terms of one customer, none of which left the range of an `f64`.
#[derive(Clone, Copy)]
pub(super) struct Headline {
    terms: Terms<f64>,
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
        let terms = Terms::of(benefits, costs, against(totals, alternative)?);
        let gross = check::computed("gross", terms.gross)?;
        let net = check::computed("net", terms.net)?;
        Ok(Ok(Self { terms, gross, net }))
    }

    pub(super) fn benefit_cost_ratio(self) -> Result<Found<f64>, Error> {
        let ratio = self.terms.benefit_cost_ratio();
        defined("benefit_cost_ratio", self.terms.costs, ratio, AbsentReason::NoCosts)
    }

    pub(super) fn index(self) -> Result<Found<f64>, Error> {
        let both = check::computed("index", self.terms.both())?;
        defined("index", both, self.terms.index(), AbsentReason::NoAmounts)
    }

    pub(super) fn break_even_haircut(self) -> Result<Found<f64>, Error> {
        check::computed("break_even_haircut", self.terms.needed())?;
        let haircut = self.terms.break_even_haircut();
        defined("break_even_haircut", self.terms.benefits, haircut, AbsentReason::NoBenefits)
    }

    pub(super) fn risk_adjusted(self, haircuts: Haircuts) -> Result<RiskAdjusted, Error> {
        let benefits = self.terms.benefits * (1.0 - haircuts.benefits);
        let costs = check::computed("risk_adjusted.gross", self.terms.costs * (1.0 + haircuts.costs))?;
        let gross = check::computed("risk_adjusted.gross", benefits - costs)?;
        let net = check::computed("risk_adjusted.net", gross - self.terms.against)?;
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
    defined(field, whole, quotient(part, whole), zero)
}

/// What follows from dividing by an amount, or why there is nothing when that is 0.
fn defined(field: &'static str, divisor: f64, found: f64, zero: AbsentReason) -> Result<Found<f64>, Error> {
    if divisor > 0.0 { check::computed(field, found).map(Ok) } else { Ok(Err(zero)) }
}
