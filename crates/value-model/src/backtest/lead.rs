//! The lead curve: how early does the score know?

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Formula, Source};
use crate::{Date, Error, check, math};

use super::auc::{Auc, auc};
use super::rankable;

/// Catalog entry of [`lead_curve`].
pub const FORMULA: Formula = Formula {
    id: "lead_curve",
    version: 1,
    source: Source::Standard,
    expression: "for each lead: the AUC of the newest score of each account at or before (outcome date - lead)",
};

/// Scores over time and what happened later.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LeadCurveInput {
    /// Scores, one for each account and day, in any order.
    pub scores: Vec<DatedScore>,
    /// Outcomes, one for each account and day, in any order.
    pub outcomes: Vec<DatedOutcome>,
    /// Days between what is known and the outcome.
    #[serde(default = "usual")]
    pub leads: Vec<u32>,
    /// Scores older than this many days before the day asked about do not count; without, the newest always does.
    #[serde(default)]
    pub max_age: Option<u32>,
    /// Whether only outcomes with a score at every lead count, so that all leads speak of the same accounts.
    #[serde(default)]
    pub same_accounts: bool,
    /// What to do with scores dated after the last outcome of their account.
    #[serde(default)]
    pub later_scores: LaterScores,
}

fn usual() -> Vec<u32> {
    vec![0, 30, 60, 90, 180]
}

/// What to do with scores that knew the outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LaterScores {
    /// Refuse them.
    #[default]
    Refuse,
    /// Leave them out, which changes no other number.
    Ignore,
}

/// The score of an account on a day.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DatedScore {
    /// The account's id.
    pub account: String,
    /// The day of scoring.
    pub as_of: Date,
    /// The score; null where there was none.
    #[serde(default)]
    pub score: Option<f64>,
    /// The newest date among its inputs. One after `as_of` is refused: that score knew the future.
    #[serde(default)]
    pub inputs_on: Option<Date>,
}

/// What happened to an account on a day.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DatedOutcome {
    /// The account's id.
    pub account: String,
    /// The day on which it was decided, such as the renewal date.
    pub on: Date,
    /// Whether the account was kept.
    pub kept: bool,
}

/// How early a score knows.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LeadCurve {
    /// One point per lead, the shortest first.
    pub points: Vec<LeadPoint>,
    /// Outcomes of accounts that have no row of scores at all.
    pub unknown_accounts: u32,
    /// The first of these accounts, by id, at most ten.
    pub unknown: Vec<String>,
    /// Accounts with scores and without an outcome.
    pub without_outcome: u32,
    /// Scores dated after the last outcome of their account, which were left out.
    pub later_scores: u32,
}

/// One point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LeadPoint {
    /// Days before the outcome.
    pub lead_days: u32,
    /// How well the scores of that time tell what happened.
    pub auc: Auc,
    /// Outcomes without a score of that time.
    pub without_score: u32,
    /// Mean days by which the scores are older than asked for; large means that the lead is really longer.
    pub mean_age_days: Option<f64>,
}

/// The AUC for each lead.
///
/// # Errors
/// [`Error::AfterAsOf`] for a score dated after the last outcome of its account, or with inputs newer than itself;
/// [`Error::Duplicate`] for two rows of one account and day or a lead given twice; [`Error::Empty`] without leads;
/// [`Error::Text`], [`Error::NotFinite`], [`Error::OutOfRange`].
///
/// # Examples
/// ```
/// use value_model::backtest::lead::{DatedOutcome, DatedScore, LaterScores, LeadCurveInput, lead_curve};
/// let row = |account: &str, as_of: &str, score| {
///     Ok(DatedScore { account: account.into(), as_of: as_of.parse()?, score: Some(score), inputs_on: None })
/// };
/// let outcome = |account: &str, kept| Ok(DatedOutcome { account: account.into(), on: "2026-11-01".parse()?, kept });
/// let curve = lead_curve(&LeadCurveInput {
///     scores: vec![row("a", "2026-10-31", 80.0)?, row("a", "2026-09-30", 60.0)?, row("b", "2026-09-30", 60.0)?],
///     outcomes: vec![outcome("a", true)?, outcome("b", false)?],
///     leads: vec![0, 30],
///     max_age: None,
///     same_accounts: false,
///     later_scores: LaterScores::Refuse,
/// })?;
/// let aucs: Vec<_> = curve.points.iter().map(|point| point.auc.auc).collect();
/// assert_eq!(aucs, [Some(1.0), Some(0.5)]); // a month before, both had the same score
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn lead_curve(input: &LeadCurveInput) -> Result<LeadCurve, Error> {
    let leads = leads(input)?;
    let outcomes = outcomes(input)?;
    let mut later_scores = 0_u32;
    let history = history(input, &outcomes, &mut later_scores)?;
    let unknown: BTreeSet<&str> =
        outcomes.keys().filter(|account| !history.contains_key(*account)).copied().collect();
    let found: Vec<Found> = outcomes
        .iter()
        .flat_map(|(account, days)| days.iter().map(move |(on, kept)| (*account, *on, *kept)))
        .map(|(account, on, kept)| Found::of(history.get(account), on, kept, &leads, input.max_age))
        .collect();
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let whole = |found: &&Found| !input.same_accounts || found.scores.iter().all(Option::is_some);
    let point = |(place, lead): (usize, &u32)| point(*lead, place, found.iter().filter(whole));
    Ok(LeadCurve {
        points: leads.iter().enumerate().map(point).collect::<Result<_, Error>>()?,
        unknown_accounts: count(unknown.len()),
        unknown: unknown.into_iter().take(10).map(str::to_owned).collect(),
        without_outcome: count(history.keys().filter(|account| !outcomes.contains_key(*account)).count()),
        later_scores,
    })
}

fn leads(input: &LeadCurveInput) -> Result<Vec<u32>, Error> {
    let mut leads = input.leads.clone();
    leads.sort_unstable();
    if leads.is_empty() {
        return Err(Error::Empty { field: "leads".into() });
    }
    match leads.windows(2).find_map(|pair| pair.first().filter(|lead| Some(*lead) == pair.last())) {
        Some(twice) => Err(Error::Duplicate { field: "leads".into(), id: twice.to_string() }),
        None => Ok(leads),
    }
}

/// Outcomes of each account by day.
type Outcomes<'a> = BTreeMap<&'a str, BTreeMap<Date, bool>>;

fn outcomes(input: &LeadCurveInput) -> Result<Outcomes<'_>, Error> {
    let mut outcomes = Outcomes::new();
    for (index, row) in input.outcomes.iter().enumerate() {
        check::name(format!("outcomes[{index}].account"), &row.account)?;
        if outcomes.entry(&row.account).or_default().insert(row.on, row.kept).is_some() {
            return Err(Error::Duplicate {
                field: "outcomes".into(),
                id: format!("{} {}", row.account, row.on),
            });
        }
    }
    Ok(outcomes)
}

/// Scores of each account by day.
type History<'a> = BTreeMap<&'a str, BTreeMap<Date, Option<f64>>>;

fn history<'a>(
    input: &'a LeadCurveInput,
    outcomes: &Outcomes<'_>,
    later: &mut u32,
) -> Result<History<'a>, Error> {
    let mut history = History::new();
    for (index, row) in input.scores.iter().enumerate() {
        let field = |name: &str| format!("scores[{index}].{name}");
        check::name(field("account"), &row.account)?;
        if let Some(score) = row.score {
            rankable("scores", index, score).map_err(|error| error.at(field("score")))?;
        }
        if let Some(date) = row.inputs_on {
            check::not_after(field("inputs_on"), date, row.as_of)?;
        }
        let days = history.entry(row.account.as_str()).or_default();
        let last = outcomes.get(row.account.as_str()).and_then(BTreeMap::last_key_value).map(|(on, _)| *on);
        if days.insert(row.as_of, row.score).is_some() {
            return Err(Error::Duplicate {
                field: "scores".into(),
                id: format!("{} {}", row.account, row.as_of),
            });
        }
        if let Some(last) = last.filter(|last| row.as_of > *last) {
            if input.later_scores == LaterScores::Refuse {
                check::not_after(field("as_of"), row.as_of, last)?;
            }
            *later = later.saturating_add(1);
        }
    }
    Ok(history)
}

/// One outcome with the score that was known at each lead, and how much older it is than asked for.
struct Found {
    kept: bool,
    scores: Vec<Option<(f64, i32)>>,
}

impl Found {
    fn of(
        days: Option<&BTreeMap<Date, Option<f64>>>,
        on: Date,
        kept: bool,
        leads: &[u32],
        max_age: Option<u32>,
    ) -> Self {
        let at = |lead: &u32| {
            let asked = on.plus_days(-i32::try_from(*lead).ok()?)?;
            let (day, score) = days?.range(..=asked).next_back()?;
            let age = asked.days_since(*day);
            let young = max_age.is_none_or(|most| u32::try_from(age).is_ok_and(|age| age <= most));
            Some(((*score)?, age)).filter(|_| young)
        };
        Self { kept, scores: leads.iter().map(at).collect() }
    }
}

fn point<'a>(lead: u32, place: usize, found: impl Iterator<Item = &'a Found>) -> Result<LeadPoint, Error> {
    let (mut scores, mut outcomes) = (Vec::new(), Vec::new());
    let (mut without_score, mut age) = (0_u32, 0_i128);
    for outcome in found {
        match outcome.scores.get(place).copied().flatten() {
            Some((score, days)) => {
                scores.push(score);
                outcomes.push(outcome.kept);
                age += i128::from(days);
            }
            None => without_score = without_score.saturating_add(1),
        }
    }
    let mean_age_days = (!scores.is_empty()).then(|| math::nearest(age) / math::length(scores.len()));
    Ok(LeadPoint { lead_days: lead, auc: auc(&scores, &outcomes)?, without_score, mean_age_days })
}
