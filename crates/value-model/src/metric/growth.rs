//! Growth: a value against the same value before.

use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`growth`].
pub const FORMULA: Formula = Formula {
    id: "growth",
    version: 1,
    source: Source::Standard,
    expression: "unit = clamp(50 * now / before / 100)",
};

/// A value now and one period before.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GrowthInput {
    /// The value now.
    pub now: f64,
    /// The value before, above 0.
    pub before: f64,
}

/// Result of [`growth`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Growth {
    /// 0.5 when nothing changed, 1 when the value doubled or more, 0 when it fell to 0 or below.
    pub unit: f64,
}

/// Growth as a unit: 0.5 is standing still, 1 is twice as much.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::OutOfRange`] when `before` is 0 or below.
///
/// # Examples
/// ```
/// use value_model::metric::growth::{GrowthInput, growth};
/// assert_eq!(growth(&GrowthInput { now: 120.0, before: 100.0 })?.unit, 0.6);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn growth(input: &GrowthInput) -> Result<Growth, Error> {
    let (now, before) = (check::finite("now", input.now)?, check::positive("before", input.before)?);
    Ok(Growth { unit: unit(now, before) })
}

/// The unit of checked values: `now` finite, `before` above 0.
pub fn unit(now: f64, before: f64) -> f64 {
    // An overflow of the product or ratio has the right sign, and the clamp gives it the right unit.
    math::clamp_unit(50.0 * now / before / 100.0)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{GrowthInput, growth, unit};

    #[test]
    fn standing_still_is_a_half_and_doubling_is_one() {
        assert_relative_eq!(unit(7.0, 7.0), 0.5);
        assert_relative_eq!(unit(14.0, 7.0), 1.0);
        assert_relative_eq!(unit(21.0, 7.0), 1.0);
        assert_relative_eq!(unit(-1.0, 7.0), 0.0);
        assert_relative_eq!(unit(f64::MAX, 0.5), 1.0);
    }

    #[test]
    fn growth_from_nothing_is_refused() {
        let error = growth(&GrowthInput { now: 1.0, before: 0.0 }).unwrap_err();
        assert_eq!((error.code(), error.field()), ("out_of_range", "before"));
    }
}
