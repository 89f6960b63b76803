//! One need: checked, and judged by the three questions of the customer's metric.

use super::{CustomersMetricInput, Need, NeedReason, NeedResult};
use crate::answer::{RecencyRule, age_days};
use crate::{Error, check, math};

/// A need with its three factors, all 0..1.
pub(super) struct Judged<'a> {
    pub(super) need: &'a Need,
    pub(super) in_window: bool,
    days_late: Option<i32>,
    pub(super) timeliness: f64,
    /// None when it was delivered and nobody knows how well it worked.
    pub(super) effect: Option<f64>,
}

impl<'a> Judged<'a> {
    /// The need at this place of the input.
    pub(super) fn new(index: usize, need: &'a Need, input: &CustomersMetricInput) -> Result<Self, Error> {
        let at = |error: Error| error.within(&format!("needs[{index}]"));
        check_need(need, input).map_err(at)?;
        let age = age_days(need.needed_on, input.as_of).map_err(|error| at(error.at("needed_on")))?;
        let window = RecencyRule::Window { days: input.window_days };
        let days_late = need.delivered_on.map(|on| on.days_since(need.needed_on));
        Ok(Self {
            need,
            in_window: window.factor(age) > 0.0,
            days_late,
            timeliness: days_late.map_or(0.0, |days| input.timeliness.timeliness(days)),
            // CHOICE: guidance that never arrived had no effect. That is known, so the need counts as 0 in every factor
            // but anticipation.
            effect: if need.delivered_on.is_some() {
                need.effective.map(math::unsigned_zero)
            } else {
                Some(0.0)
            },
        })
    }

    /// Anticipated times timely times effective.
    pub(super) fn unit(&self) -> Option<f64> {
        let anticipated = f64::from(u8::from(self.need.anticipated));
        self.effect.map(|effect| anticipated * self.timeliness * effect)
    }

    pub(super) fn result(&self) -> NeedResult {
        let reason = if !self.in_window {
            Some(NeedReason::Stale)
        } else if self.days_late.is_none() {
            Some(NeedReason::NotDelivered)
        } else if self.effect.is_none() {
            Some(NeedReason::UnknownEffect)
        } else {
            None
        };
        NeedResult {
            id: self.need.id.clone(),
            days_late: self.days_late,
            timeliness: self.timeliness,
            unit: self.unit(),
            counted: self.in_window && self.effect.is_some(),
            reason,
        }
    }
}

fn check_need(need: &Need, input: &CustomersMetricInput) -> Result<(), Error> {
    if let Some(on) = need.delivered_on {
        check::not_after("delivered_on", on, input.as_of)?;
    }
    if let Some(channel) = &need.channel {
        check::name("channel", channel)?;
    }
    if let Some(cost) = need.cost {
        check::not_negative("cost", cost)?;
    }
    if let Some(hours) = need.hours {
        check::not_negative("hours", hours)?;
    }
    if let Some(effective) = need.effective {
        let effective = check::unit("effective", effective)?;
        if effective > 0.0 && need.delivered_on.is_none() {
            let reason = "is above 0 for a need without `delivered_on`".into();
            return Err(Error::Conflict { field: "effective".into(), reason });
        }
    }
    Ok(())
}
