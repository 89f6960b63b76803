//! Portfolio: accounts rolled up by CSM, segment or any other attribute.

use std::collections::BTreeMap;

use super::rollup::{Known, Rollup};
use crate::answer::{Record, Value};
use crate::catalog::{Formula, Source};
use crate::compare::ModelRef;
use crate::scorecard::{Assessment, Id, Outcome, Score, Scorer};
use crate::{Date, Error};

/// Catalog entry of [`portfolio`].
pub const FORMULA: Formula = Formula {
    id: "portfolio",
    version: 1,
    source: Source::CustomerValue,
    expression: "mean = sum s / n, revenue_weighted_mean = sum r s / sum r, over scored accounts; \
                 scores add in billionths, money in ten-thousandths, so that order changes nothing",
};

/// Accounts to score and roll up.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PortfolioInput {
    /// The model.
    pub model: ModelRef,
    /// The accounts.
    pub records: Vec<Record>,
    /// The date of scoring.
    pub as_of: Date,
    /// The attributes to roll up by; none gives the total alone.
    #[serde(default)]
    pub by: Vec<String>,
    /// The attribute that holds revenue.
    #[serde(default)]
    pub revenue: Option<String>,
}

/// A portfolio: its total, and a row for each value of the attributes.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PortfolioReport {
    /// All accounts.
    pub total: PortfolioRow,
    /// One row for each combination of attribute values, in their order; accounts without come first.
    pub rows: Vec<PortfolioRow>,
}

/// One row of a portfolio.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PortfolioRow {
    /// The attributes' values, in the order asked for; `None` for accounts that have none.
    pub key: Vec<Option<String>>,
    /// Accounts to which the model applies.
    pub accounts: u32,
    /// Accounts with a score.
    pub scored: u32,
    /// Accounts about which too little is known for a score.
    pub insufficient: u32,
    /// Accounts to which nothing of the model applies.
    pub not_applicable: u32,
    /// Mean score of the scored accounts.
    pub mean: Option<f64>,
    /// Their mean score weighted by revenue.
    pub revenue_weighted_mean: Option<f64>,
    /// Their lowest score.
    pub min: Option<f64>,
    /// Mean lower bound of all accounts, scored or not: the least the mean can be once everything is answered.
    pub lower: Option<f64>,
    /// Mean upper bound of all accounts.
    pub upper: Option<f64>,
    /// Mean coverage of all accounts, 0..1.
    pub coverage: Option<f64>,
    /// Sum of revenue.
    pub revenue: f64,
    /// Accounts whose revenue is not known, where revenue was asked for.
    pub without_revenue: u32,
    /// Accounts and revenue by band, from the lowest up.
    pub bands: Vec<BandRow>,
}

impl PortfolioRow {
    /// A band's revenue as a share of the row's, 0..1; none where there is no revenue.
    pub fn revenue_share(&self, band: &BandRow) -> Option<f64> {
        (self.revenue > 0.0).then(|| band.revenue / self.revenue)
    }
}

/// One band of a row.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct BandRow {
    /// The band.
    pub band: Id,
    /// Scored accounts in it.
    pub accounts: u32,
    /// Their share of the scored accounts, 0..1; 0 without any.
    pub share: f64,
    /// Their revenue.
    pub revenue: f64,
    /// Accounts whose lower bound lies in it, scored or not.
    pub lower_accounts: u32,
}

/// Scores accounts and rolls them up.
///
/// # Errors
/// Those of [`Scorer::assess`], with the record's place; [`Error::Duplicate`] for two records of one account;
/// [`Error::Invalid`] and [`Error::OutOfRange`] for revenue that is no number or negative.
///
/// # Examples
/// ```
/// use value_model::answer::Record;
/// use value_model::compare::portfolio::{PortfolioInput, portfolio};
/// use value_model::scale::Scale;
/// use value_model::scorecard::{Group, Measure, Scorecard};
/// let tree = Group::new("health").child(Measure::new("score", Scale::Score));
/// let account = |id: &str, arr: f64, score: f64| Record::new(id).attribute("arr", arr).answer("score", score);
/// let report = portfolio(&PortfolioInput {
///     model: Scorecard::new("mine", "1", tree).into(),
///     records: vec![account("a", 120e3, 80.0), account("b", 30e3, 40.0), account("c", 50e3, 65.0)],
///     as_of: "2026-11-01".parse()?,
///     by: vec![],
///     revenue: Some("arr".to_owned()),
/// })?;
/// assert_eq!(report.total.revenue_weighted_mean, Some(70.25));
/// assert_eq!(report.total.min, Some(40.0));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn portfolio(input: &PortfolioInput) -> Result<PortfolioReport, Error> {
    let scorer = input.model.compile()?;
    let mut portfolio = Portfolio::new(&scorer);
    let mut seen = std::collections::BTreeSet::new();
    for (number, record) in input.records.iter().enumerate() {
        let add = |portfolio: &mut Portfolio| {
            let assessment = scorer.assess(record, input.as_of)?;
            let key = input.by.iter().map(|name| record.attributes.get(name).map(text)).collect();
            let name = input.revenue.as_deref().unwrap_or_default();
            let revenue = match record.attributes.get(name).filter(|_| input.revenue.is_some()) {
                None => None,
                Some(Value::Number(amount)) => Some(*amount),
                Some(other) => {
                    return Err(Error::Invalid {
                        field: format!("attributes.{name}").into(),
                        reason: format!("must be a number, got `{other}`"),
                    });
                }
            };
            let line = Line::of(&assessment, &scorer);
            portfolio.add(key, revenue, &line).map_err(|error| error.at(format!("attributes.{name}")))
        };
        add(&mut portfolio).map_err(|error| error.within(&format!("records[{number}]")))?;
        if !seen.insert(record.account.as_str()) {
            return Err(Error::Duplicate { field: "records".into(), id: record.account.clone() });
        }
    }
    Ok(portfolio.report(input.revenue.is_some()))
}

/// The whole value as a key; its display would cut a long text, and two keys could become one.
fn text(value: &Value) -> String {
    if let Value::Text(text) = value { text.clone() } else { value.to_string() }
}

/// What a portfolio needs to know of one account.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub(super) outcome: Outcome,
    pub(super) score: Option<f64>,
    pub(super) lower: f64,
    pub(super) upper: f64,
    pub(super) coverage: f64,
    pub(super) band: Option<u32>,
    pub(super) lower_band: u32,
}

impl Line {
    /// What a portfolio adds up of a full assessment by this scorer.
    pub fn of(assessment: &Assessment, scorer: &Scorer) -> Self {
        Self {
            outcome: assessment.outcome,
            score: assessment.score,
            lower: assessment.lower,
            upper: assessment.upper,
            coverage: assessment.coverage,
            band: assessment.score.map(|score| scorer.band_of(score)),
            lower_band: scorer.band_of(assessment.lower),
        }
    }
}

impl From<&Score> for Line {
    fn from(score: &Score) -> Self {
        Self {
            outcome: score.outcome,
            score: score.score,
            lower: score.lower,
            upper: score.upper,
            coverage: score.coverage,
            band: score.band,
            lower_band: score.lower_band,
        }
    }
}

/// A portfolio being added up, account by account, in any order; parts made side by side merge to the same result.
#[derive(Clone, Debug)]
pub struct Portfolio {
    sums: Rollup,
    rows: BTreeMap<Vec<Option<String>>, usize>,
}

impl Portfolio {
    /// An empty portfolio with the bands of a model.
    pub fn new(scorer: &Scorer) -> Self {
        Self { sums: Rollup::new(scorer), rows: BTreeMap::new() }
    }

    /// Adds one account under the values of its attributes.
    ///
    /// # Errors
    /// [`Error::NotFinite`] or [`Error::OutOfRange`] (`revenue`).
    pub fn add(&mut self, key: Vec<Option<String>>, revenue: Option<f64>, line: &Line) -> Result<(), Error> {
        let row = self.row(key);
        self.sums.add(row, revenue, line)
    }

    /// Adds all accounts of another portfolio of the same model.
    pub fn merge(&mut self, other: Self) {
        for (key, from) in other.rows {
            let row = self.row(key);
            self.sums.merge_row(row, &other.sums, from);
        }
    }

    /// The rows so far. `with_revenue` says whether revenue was asked for.
    pub fn report(&self, with_revenue: bool) -> PortfolioReport {
        let known = Known { revenue: with_revenue, lower: true, upper: true, coverage: true };
        let keyed = self.rows.iter().filter(|(key, _)| !key.is_empty());
        self.sums.report(keyed.map(|(key, row)| (*row, key.clone())), known)
    }

    /// The row of a key; accounts without any attribute share one that only the total shows.
    fn row(&mut self, key: Vec<Option<String>>) -> usize {
        let next = self.rows.len();
        *self.rows.entry(key).or_insert(next)
    }
}
