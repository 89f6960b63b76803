//! Opportunity: what matters and is not yet satisfied.

use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`opportunity`].
pub const FORMULA: Formula = Formula {
    id: "opportunity",
    version: 1,
    source: Source::Standard,
    expression: "opportunity = I + max(I - S, 0); underserved above 10",
};

/// The opportunity above which a need is underserved.
pub const UNDERSERVED_ABOVE: f64 = 10.0;

/// How much something matters to a customer, and how well it is served today.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OpportunityInput {
    /// Importance, 0..10.
    pub importance: f64,
    /// Satisfaction, 0..10.
    pub satisfaction: f64,
}

/// Result of [`opportunity`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Opportunity {
    /// 0..20.
    pub opportunity: f64,
    /// Whether it is above 10, compared at 9 decimals.
    pub underserved: bool,
}

/// The opportunity in serving a need better.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::OutOfRange`].
///
/// # Examples
/// ```
/// use value_model::metric::opportunity::{OpportunityInput, opportunity};
/// let need = opportunity(&OpportunityInput { importance: 9.0, satisfaction: 4.0 })?;
/// assert_eq!((need.opportunity, need.underserved), (14.0, true));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn opportunity(input: &OpportunityInput) -> Result<Opportunity, Error> {
    let importance = check::between("importance", input.importance, 0.0, 10.0)?;
    let satisfaction = check::between("satisfaction", input.satisfaction, 0.0, 10.0)?;
    let gap = importance - satisfaction;
    let opportunity = math::unsigned_zero(importance + if gap > 0.0 { gap } else { 0.0 });
    let underserved = math::billionths(opportunity) > math::billionths(UNDERSERVED_ABOVE);
    Ok(Opportunity { opportunity, underserved })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{OpportunityInput, opportunity};

    #[test]
    fn s1_8_three_needs() {
        // S1-8
        for (importance, satisfaction, expected, underserved) in
            [(9.0, 4.0, 14.0, true), (8.0, 9.0, 8.0, false), (6.0, 2.0, 10.0, false)]
        {
            let need = opportunity(&OpportunityInput { importance, satisfaction }).unwrap();
            assert_relative_eq!(need.opportunity, expected, max_relative = 1e-12);
            assert_eq!(need.underserved, underserved);
        }
    }

    #[test]
    fn answers_beyond_ten_are_out_of_range() {
        let error = opportunity(&OpportunityInput { importance: 11.0, satisfaction: 1.0 }).unwrap_err();
        assert_eq!((error.code(), error.field()), ("out_of_range", "importance"));
    }
}
