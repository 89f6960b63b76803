//! What is known about a customer's gains and efforts, line by line.

use std::collections::BTreeMap;

use crate::Date;
use crate::answer::{EvidenceRule, Source};
use crate::metric::money::{Currency, Period};

/// One customer's benefits and costs, with ours and with the alternative.
///
/// Expected and realised amounts are two calculations; they are never added.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomerValueInput {
    /// The customer's id or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Benefits and costs, in any order; ids are unique, at least one line.
    pub lines: Vec<Line>,
    /// Which lines count, by source; `customer_backed` by default.
    #[serde(default = "customer_backed")]
    pub evidence: EvidenceRule,
    /// How the alternative counts; its benefits alone by default.
    #[serde(default)]
    pub alternative: Alternative,
    /// The currency of the result; by default that of the lines, which must then agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The period of the result; by default that of the lines, which must then agree, or `year` under `annualise`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// What one unit of another currency is worth in `currency`, above 0. Needs `currency`.
    #[serde(default, deserialize_with = "crate::answer::unique", skip_serializing_if = "BTreeMap::is_empty")]
    pub rates: BTreeMap<Currency, f64>,
    /// Whether amounts per month, quarter and year may be turned into each other.
    #[serde(default)]
    pub annualise: bool,
    /// Haircuts for a second, risk-adjusted result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<Haircuts>,
    /// Annual recurring revenue, 0 or more, in the currency of the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arr: Option<f64>,
    /// With it, a line dated later is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
}

const fn customer_backed() -> EvidenceRule {
    EvidenceRule::CustomerBacked
}

impl CustomerValueInput {
    /// These lines, counted by the default rules.
    pub fn new(lines: Vec<Line>) -> Self {
        Self {
            customer: None,
            lines,
            evidence: customer_backed(),
            alternative: Alternative::default(),
            currency: None,
            period: None,
            rates: BTreeMap::new(),
            annualise: false,
            risk: None,
            arr: None,
            as_of: None,
        }
    }
}

/// How the alternative, such as the solution before ours, enters the net value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Alternative {
    /// Its benefits are subtracted; what it costs is not looked at.
    #[default]
    Literal,
    /// Its benefits less its costs are subtracted.
    Net,
}

/// How much is taken off benefits and put on costs, as fractions.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Haircuts {
    /// Taken off the benefits, 0..1; `.2` leaves four fifths.
    pub benefits: f64,
    /// Put on the costs, 0 or more; `.1` adds a tenth.
    pub costs: f64,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A gain that can be measured, such as hours saved.
    TangibleBenefit,
    /// A gain that the customer feels, such as trust in the figures.
    PerceivedBenefit,
    /// What the customer pays, in fees and in work.
    TangibleCost,
    /// An effort that the customer feels, such as tiring change.
    PerceivedCost,
    /// What the alternative would bring.
    AlternativeBenefit,
    /// What the alternative would cost.
    AlternativeCost,
}

impl Kind {
    /// Every kind, in the order of the formula.
    pub const ALL: [Self; 6] = [
        Self::TangibleBenefit,
        Self::PerceivedBenefit,
        Self::TangibleCost,
        Self::PerceivedCost,
        Self::AlternativeBenefit,
        Self::AlternativeCost,
    ];

    /// The kinds of a documented formula: benefits and costs, measured and felt.
    pub const DOCUMENTED: [Self; 4] =
        [Self::TangibleBenefit, Self::PerceivedBenefit, Self::TangibleCost, Self::PerceivedCost];

    /// Whether amounts of this kind are felt rather than measured, and so need a method.
    pub const fn is_perceived(self) -> bool {
        matches!(self, Self::PerceivedBenefit | Self::PerceivedCost)
    }
}

/// One benefit or cost, in one currency over one period.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The line's id.
    pub id: String,
    /// What it is about.
    pub kind: Kind,
    /// How much, 0 or more. Required, but for the method `per_point`, which gives the amount itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// The currency.
    pub currency: Currency,
    /// The period in which the amount falls due or comes in.
    pub period: Period,
    /// Who stands behind the amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The day on which it was stated or measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// The part of the amount that is owed to us, 0..1; all of it by default.
    #[serde(default = "whole")]
    pub share: f64,
    /// How a feeling became an amount. A perceived line without a method does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
}

const fn whole() -> f64 {
    1.0
}

impl Line {
    /// An amount of which nobody has said yet who stands behind it.
    pub fn new(id: impl Into<String>, kind: Kind, amount: f64, currency: Currency, period: Period) -> Self {
        Self {
            id: id.into(),
            kind,
            amount: Some(amount),
            currency,
            period,
            source: None,
            on: None,
            share: whole(),
            method: None,
        }
    }

    /// The same line with who stands behind it.
    #[must_use]
    pub fn source(mut self, source: Source) -> Self {
        self.source = Some(source);
        self
    }

    /// The same line with the part of it that is owed to us, 0..1.
    #[must_use]
    pub fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// The same line with how its amount was found. `per_point` takes the place of the amount.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        if matches!(method, Method::PerPoint { .. }) {
            self.amount = None;
        }
        self.method = Some(method);
        self
    }
}

/// How an amount was found for something that has no price of its own.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Method {
    /// The customer named the amount.
    Stated,
    /// The price of something comparable.
    Proxy,
    /// An agreed price for each point, such as a point of satisfaction.
    PerPoint {
        /// Money per point, 0 or more.
        rate: f64,
        /// Points, 0 or more.
        points: f64,
    },
}
