//! Which customers a report is about, and how they are grouped.

use crate::model::customer_value::{CustomerValue, CustomerValueInput};

/// Customers with their values, in one currency and period, and the groups to report.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomerValuePortfolioInput {
    /// The customers, in any order; at least one, each once.
    pub rows: Vec<CustomerValueRow>,
    /// The groups to report, in this order; by default `csm`, `segment` and `all`.
    #[serde(default = "PortfolioKey::default_list")]
    pub by: Vec<PortfolioKey>,
}

/// One customer: attributes, and either the lines or the computed value.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomerValueRow {
    /// The customer's id.
    pub customer: String,
    /// Who looks after the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csm: Option<String>,
    /// The market segment of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// Annual recurring revenue, 0 or more; by default that of `input` or `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arr: Option<f64>,
    /// The lines, from which the value is computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<CustomerValueInput>,
    /// The value as computed before; stands in place of `input`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CustomerValue>,
}

impl CustomerValueRow {
    /// A customer whose value is to be computed from these lines.
    pub fn new(customer: impl Into<String>, input: CustomerValueInput) -> Self {
        Self {
            customer: customer.into(),
            csm: None,
            segment: None,
            arr: None,
            input: Some(input),
            value: None,
        }
    }

    /// The same customer with who looks after them.
    #[must_use]
    pub fn csm(mut self, csm: impl Into<String>) -> Self {
        self.csm = Some(csm.into());
        self
    }

    /// The same customer with their segment.
    #[must_use]
    pub fn segment(mut self, segment: impl Into<String>) -> Self {
        self.segment = Some(segment.into());
        self
    }

    /// The same customer with their annual recurring revenue.
    #[must_use]
    pub fn arr(mut self, arr: f64) -> Self {
        self.arr = Some(arr);
        self
    }
}

/// What customers are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PortfolioKey {
    /// Each customer alone.
    Customer,
    /// Customers of one CSM.
    Csm,
    /// Customers of one segment.
    Segment,
    /// All customers together.
    All,
}

impl PortfolioKey {
    /// The groups that are reported when none are asked for.
    pub const DEFAULT: [Self; 3] = [Self::Csm, Self::Segment, Self::All];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Csm => "csm",
            Self::Segment => "segment",
            Self::All => "all",
        }
    }

    fn default_list() -> Vec<Self> {
        Self::DEFAULT.to_vec()
    }
}
