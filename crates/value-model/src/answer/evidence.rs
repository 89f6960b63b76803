//! Who stands behind an answer, and which answers count for that reason.

use crate::{Error, check};

/// Who stands behind an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The vendor says so.
    VendorAsserted,
    /// The customer said so.
    CustomerProvided,
    /// A named persona at the customer confirmed it.
    ValidatedWithPersona,
    /// Telemetry or finance; counts like validated.
    Measured,
}

impl Source {
    /// Whether the customer, or a measurement, stands behind the answer.
    pub const fn is_customer_backed(self) -> bool {
        !matches!(self, Self::VendorAsserted)
    }
}

/// Which answers count, by source.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EvidenceRule {
    /// Every answer counts.
    #[default]
    Any,
    /// Only answers that are customer-provided, validated or measured; others are missing as `unvalidated`.
    CustomerBacked,
    /// Answers count with a weight by source. There are no default numbers: every source must be given one.
    Graded(Grades),
}

/// The weight of an answer by its source, 0..1. A weight of 0 makes the answer `unvalidated`.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Grades {
    /// Weight of an answer without a source.
    pub unstated: f64,
    /// Weight of what the vendor says.
    pub vendor_asserted: f64,
    /// Weight of what the customer says.
    pub customer_provided: f64,
    /// Weight of what a persona confirmed.
    pub validated_with_persona: f64,
    /// Weight of telemetry and finance.
    pub measured: f64,
}

impl EvidenceRule {
    /// The factor on an answer's weight: 1 counts fully, 0 not at all.
    pub fn factor(&self, source: Option<Source>) -> f64 {
        match self {
            Self::Any => 1.0,
            Self::CustomerBacked => f64::from(u8::from(source.is_some_and(Source::is_customer_backed))),
            Self::Graded(grades) => match source {
                None => grades.unstated,
                Some(Source::VendorAsserted) => grades.vendor_asserted,
                Some(Source::CustomerProvided) => grades.customer_provided,
                Some(Source::ValidatedWithPersona) => grades.validated_with_persona,
                Some(Source::Measured) => grades.measured,
            },
        }
    }

    /// Checks that every grade is a unit.
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::OutOfRange`].
    pub fn check(&self) -> Result<(), Error> {
        if let Self::Graded(grades) = self {
            check::unit("evidence.graded.unstated", grades.unstated)?;
            check::unit("evidence.graded.vendor_asserted", grades.vendor_asserted)?;
            check::unit("evidence.graded.customer_provided", grades.customer_provided)?;
            check::unit("evidence.graded.validated_with_persona", grades.validated_with_persona)?;
            check::unit("evidence.graded.measured", grades.measured)?;
        }
        Ok(())
    }
}
