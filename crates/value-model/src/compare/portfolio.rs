//! Portfolio: accounts rolled up by CSM, segment or any other attribute.

use std::collections::BTreeMap;

use super::totals::{Total, Weighted, amount, money};
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
    outcome: Outcome,
    score: Option<f64>,
    lower: f64,
    upper: f64,
    coverage: f64,
    band: Option<u32>,
    lower_band: u32,
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
    bands: Vec<Id>,
    total: Sum,
    rows: BTreeMap<Vec<Option<String>>, Sum>,
}

#[derive(Clone, Debug, Default)]
struct Sum {
    scored: u32,
    insufficient: u32,
    not_applicable: u32,
    score: Total,
    weighted: Weighted,
    least: Option<i64>,
    lower: Total,
    upper: Total,
    coverage: Total,
    revenue: i128,
    without_revenue: u32,
    bands: BTreeMap<u32, (u32, i128)>,
    lower_bands: BTreeMap<u32, u32>,
}

impl Portfolio {
    /// An empty portfolio with the bands of a model.
    pub fn new(scorer: &Scorer) -> Self {
        Self { bands: scorer.band_names().to_vec(), total: Sum::default(), rows: BTreeMap::new() }
    }

    /// Adds one account under the values of its attributes.
    ///
    /// # Errors
    /// [`Error::NotFinite`] or [`Error::OutOfRange`] (`revenue`).
    pub fn add(&mut self, key: Vec<Option<String>>, revenue: Option<f64>, line: &Line) -> Result<(), Error> {
        let revenue = revenue.map(|amount| money("revenue", amount)).transpose()?;
        self.total.add(revenue, line);
        if !key.is_empty() {
            self.rows.entry(key).or_default().add(revenue, line);
        }
        Ok(())
    }

    /// Adds all accounts of another portfolio of the same model.
    pub fn merge(&mut self, other: Self) {
        self.total.merge(&other.total);
        for (key, sum) in other.rows {
            self.rows.entry(key).or_default().merge(&sum);
        }
    }

    /// The rows so far. `with_revenue` says whether revenue was asked for.
    pub fn report(&self, with_revenue: bool) -> PortfolioReport {
        let row = |key: &[Option<String>], sum: &Sum| sum.row(key, &self.bands, with_revenue);
        PortfolioReport {
            total: row(&[], &self.total),
            rows: self.rows.iter().map(|(key, sum)| row(key, sum)).collect(),
        }
    }
}

impl Sum {
    fn add(&mut self, revenue: Option<i64>, line: &Line) {
        let count = match line.outcome {
            Outcome::Scored => &mut self.scored,
            Outcome::Insufficient => &mut self.insufficient,
            Outcome::NotApplicable => &mut self.not_applicable,
        };
        *count = count.saturating_add(1);
        if line.outcome == Outcome::NotApplicable {
            return;
        }
        self.lower.add(line.lower);
        self.upper.add(line.upper);
        self.coverage.add(line.coverage);
        *self.lower_bands.entry(line.lower_band).or_default() += 1;
        match revenue {
            Some(revenue) => self.revenue += i128::from(revenue),
            None => self.without_revenue = self.without_revenue.saturating_add(1),
        }
        let (Some(score), Some(band)) = (line.score, line.band) else { return };
        let exact = crate::math::billionths(score);
        self.score.add(score);
        self.least = Some(self.least.map_or(exact, |least| least.min(exact)));
        let entry = self.bands.entry(band).or_default();
        entry.0 += 1;
        if let Some(revenue) = revenue {
            self.weighted.add(revenue, score);
            entry.1 += i128::from(revenue);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.scored = self.scored.saturating_add(other.scored);
        self.insufficient = self.insufficient.saturating_add(other.insufficient);
        self.not_applicable = self.not_applicable.saturating_add(other.not_applicable);
        self.without_revenue = self.without_revenue.saturating_add(other.without_revenue);
        self.score.merge(other.score);
        self.weighted.merge(other.weighted);
        self.lower.merge(other.lower);
        self.upper.merge(other.upper);
        self.coverage.merge(other.coverage);
        self.revenue += other.revenue;
        self.least = self.least.into_iter().chain(other.least).min();
        for (band, (accounts, revenue)) in &other.bands {
            let entry = self.bands.entry(*band).or_default();
            entry.0 += accounts;
            entry.1 += revenue;
        }
        for (band, accounts) in &other.lower_bands {
            *self.lower_bands.entry(*band).or_default() += accounts;
        }
    }

    fn row(&self, key: &[Option<String>], names: &[Id], with_revenue: bool) -> PortfolioRow {
        let accounts = self.scored.saturating_add(self.insufficient);
        let band = |(index, name): (u32, &Id)| {
            let (accounts, revenue) = self.bands.get(&index).copied().unwrap_or_default();
            BandRow {
                band: name.clone(),
                accounts,
                share: if self.scored == 0 { 0.0 } else { f64::from(accounts) / f64::from(self.scored) },
                revenue: amount(revenue),
                lower_accounts: self.lower_bands.get(&index).copied().unwrap_or(0),
            }
        };
        PortfolioRow {
            key: key.to_vec(),
            accounts,
            scored: self.scored,
            insufficient: self.insufficient,
            not_applicable: self.not_applicable,
            mean: self.score.mean(self.scored),
            revenue_weighted_mean: self.weighted.mean(),
            min: self.least.map(|least| crate::math::nearest(i128::from(least)) / 1e9),
            lower: self.lower.mean(accounts),
            upper: self.upper.mean(accounts),
            coverage: self.coverage.mean(accounts),
            revenue: amount(self.revenue),
            without_revenue: if with_revenue { self.without_revenue } else { 0 },
            bands: (0..).zip(names).map(band).collect(),
        }
    }
}
