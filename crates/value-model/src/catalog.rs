//! The catalog: every formula with its id, version, source and a one-line expression.
//!
//! Bindings export exactly these names; documentation pages and test vectors are checked against this list.

/// One published formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Formula {
    /// Its name everywhere: file, function, vector, command-line argument.
    pub id: &'static str,
    /// Raised whenever any result changes.
    pub version: u32,
    /// Where it comes from; `docs/sources.md` has one section per source.
    pub source: Source,
    /// What is computed, in one line.
    pub expression: &'static str,
}

/// Where a formula comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// "Value perceived is the CS metric we need": RBO, Value Perceived, Expansion, Unknown, Realized.
    PerceivedValue,
    /// "Customer Value Realization Scoring": value indicators against perceived costs.
    ValueRealization,
    /// "There's a New Way CS Leaders Should Measure Value Generated": three steps.
    ValueGenerated,
    /// "The Customer Value Formula": gross and net value in money.
    CustomerValue,
    /// "The Customer's Metric": anticipated, in time, effective; staffing.
    CustomersMetric,
    /// Standard practice of the field, named in `docs/sources.md`.
    Standard,
    /// A choice of this project, explained in `docs/sources.md`.
    Ours,
}

/// Every formula, in the order of the documentation.
pub const ALL: &[Formula] = &[
    crate::compare::score::FORMULA,
    crate::compare::delta::FORMULA,
    crate::compare::what_if::FORMULA,
    crate::compare::next_best::FORMULA,
    crate::compare::robustness::FORMULA,
    crate::compare::portfolio::FORMULA,
    crate::compare::transitions::FORMULA,
    crate::compare::trend::FORMULA,
    crate::compare::signals::FORMULA,
    crate::compare::model_change::FORMULA,
    crate::set::FORMULA,
    crate::metric::nps::FORMULA,
    crate::metric::csat::FORMULA,
    crate::metric::ces::FORMULA,
    crate::metric::interval::FORMULA,
    crate::metric::npv::FORMULA,
    crate::metric::xnpv::FORMULA,
    crate::metric::irr::FORMULA,
    crate::metric::xirr::FORMULA,
    crate::metric::payback::FORMULA,
    crate::metric::roi::FORMULA,
    crate::metric::progress::FORMULA,
    crate::metric::pace::FORMULA,
    crate::metric::growth::FORMULA,
    crate::metric::peer::FORMULA,
    crate::metric::opportunity::FORMULA,
    crate::metric::erlang::FORMULA,
    crate::metric::staffing::FORMULA,
    crate::metric::channel::FORMULA,
    crate::metric::convert::FORMULA,
    crate::model::perceived_value::FORMULA,
    crate::model::customer_value::FORMULA,
    crate::model::customer_value_portfolio::FORMULA,
    crate::model::customers_metric::FORMULA,
    crate::model::value_realization::FORMULA,
    crate::model::value_generated::FORMULA,
    crate::backtest::auc::FORMULA,
    crate::backtest::report::FORMULA,
    crate::backtest::lead::FORMULA,
    crate::backtest::concordance::FORMULA,
    crate::backtest::calibrate::FORMULA,
    crate::backtest::calibrate::LIKELIHOOD,
    crate::backtest::reliability::FORMULA,
    crate::backtest::weights::FORMULA,
    crate::backtest::alpha::FORMULA,
    crate::backtest::drift::FORMULA,
];

/// The formula with this id.
///
/// # Errors
/// [`Error::UnknownId`](crate::Error::UnknownId) with the nearest id.
pub fn find(id: &str) -> Result<&'static Formula, crate::Error> {
    ALL.iter().find(|formula| formula.id == id).ok_or_else(|| crate::Error::UnknownId {
        field: "formula".into(),
        id: crate::error::excerpt(id),
        suggestion: crate::suggest::nearest(id, ALL.iter().map(|formula| formula.id)),
    })
}
