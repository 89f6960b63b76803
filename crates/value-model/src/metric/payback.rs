//! Payback: when the money has come back.

use super::discount::{Convention, checked_flows, checked_rate, present_values};
use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`payback`].
pub const FORMULA: Formula = Formula {
    id: "payback",
    version: 1,
    source: Source::Standard,
    expression: "first t at which the running sum of flows, once below 0, is back at 0; \
                 inside a period t - 1 + (-sum_{t-1}) / CF_t",
};

/// Flows at equal distances, the first one today, in one currency.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PaybackInput {
    /// Net flow of each period; what is paid is negative.
    pub flows: Vec<f64>,
    /// Discount rate per period for the discounted payback, as a fraction above -1; 0 by default.
    #[serde(default)]
    pub rate: f64,
}

/// Result of [`payback`], in periods from the first flow.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Payback {
    /// Periods until the flows have paid back.
    pub payback: Option<f64>,
    /// Why there is no `payback`.
    pub reason: Option<PaybackReason>,
    /// Periods until the discounted flows have paid back.
    pub discounted_payback: Option<f64>,
    /// Why there is no `discounted_payback`.
    pub discounted_reason: Option<PaybackReason>,
}

/// Why there is no payback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PaybackReason {
    /// The sum stays below 0 to the last flow.
    NotReached,
}

/// Periods until the flows have paid back, plain and discounted, in a straight line inside a period.
///
/// 0 when the sum is never below 0: there was nothing to pay back.
///
/// # Errors
/// [`Error::Empty`] without flows, [`Error::NotFinite`], [`Error::OutOfRange`] for a rate of -1 or below,
/// [`Error::Overflow`].
///
/// # Examples
/// ```
/// use value_model::metric::payback::{PaybackInput, payback};
/// let result = payback(&PaybackInput { flows: vec![-100.0, 60.0, 80.0], rate: 0.0 })?;
/// assert_eq!(result.payback, Some(1.5));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn payback(input: &PaybackInput) -> Result<Payback, Error> {
    let rate = checked_rate(input.rate)?;
    checked_flows("flows", &input.flows)?;
    let plain = reached(input.flows.iter().copied())?;
    let discounted = reached(present_values(&input.flows, rate, Convention::AtStart))?;
    let reason = |found: Option<f64>| found.is_none().then_some(PaybackReason::NotReached);
    Ok(Payback {
        payback: plain,
        reason: reason(plain),
        discounted_payback: discounted,
        discounted_reason: reason(discounted),
    })
}

// CHOICE: the first return to 0 counts, even if a later flow takes the sum below 0 again; flows before the first
// payment are no payback.
fn reached(flows: impl Iterator<Item = f64>) -> Result<Option<f64>, Error> {
    let (mut sum, mut owed) = (0.0, false);
    for (t, flow) in flows.enumerate() {
        let before = sum;
        sum = check::computed("flows", sum + flow)?;
        if owed && sum >= 0.0 {
            return Ok(Some(math::length(t) - 1.0 + -before / flow));
        }
        owed = sum < 0.0;
    }
    Ok((!owed).then_some(0.0))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{Payback, PaybackInput, PaybackReason, payback};

    fn of(flows: &[f64], rate: f64) -> Payback {
        payback(&PaybackInput { flows: flows.to_vec(), rate }).unwrap()
    }

    #[test]
    fn discounting_delays_the_payback() {
        let result = of(&[-100.0, 60.0, 80.0], 0.1);
        assert_relative_eq!(result.payback.unwrap(), 1.5);
        let after_one = -100.0 + 60.0 / 1.1;
        assert_relative_eq!(
            result.discounted_payback.unwrap(),
            1.0 - after_one / (80.0 / (1.1 * 1.1)),
            max_relative = 1e-12
        );
    }

    #[test]
    fn what_never_comes_back_has_a_reason_for_each_form() {
        let result = of(&[-100.0, 60.0, 45.0], 0.1);
        assert!(result.payback.is_some() && result.reason.is_none());
        assert_eq!(result.discounted_payback, None);
        assert_eq!(result.discounted_reason, Some(PaybackReason::NotReached));
    }

    #[test]
    fn payback_is_counted_from_the_first_flow_even_when_the_investment_comes_later() {
        assert_relative_eq!(of(&[0.0, -100.0, 50.0, 100.0], 0.0).payback.unwrap(), 2.5);
        assert_eq!(of(&[5.0, 1.0], 0.0).payback, Some(0.0));
    }

    #[test]
    fn exactly_zero_is_paid_back() {
        assert_eq!(of(&[-100.0, 100.0], 0.0).payback, Some(1.0));
    }

    #[test]
    fn no_flows_are_refused() {
        assert_eq!(payback(&PaybackInput { flows: vec![], rate: 0.0 }).unwrap_err().code(), "empty");
    }
}
