//! Parents: accounts that are the weighted mean of their children, level by level.

use std::collections::BTreeMap;

use super::attribute::Attribute;
use super::compile::SetScorer;
use super::document::{Parents, RollBy};
use super::score::CardAssessment;
use crate::answer::Record;
use crate::scorecard::{Assessment, Id, Outcome};
use crate::{Date, Error, check, math};

/// An account that is the roll-up of its children.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ParentAssessment {
    /// The set's id.
    pub model: Id,
    /// The set's version.
    pub version: Id,
    /// The account's id.
    pub account: String,
    /// The date of scoring.
    pub as_of: Date,
    /// Whether there is a score.
    pub outcome: Outcome,
    /// The weighted mean of the scored children, 0..100.
    pub score: Option<f64>,
    /// The band of the score.
    pub band: Option<Id>,
    /// The band of `lower`.
    pub lower_band: Id,
    /// The weighted mean of the children's lower bounds, 0..100.
    pub lower: f64,
    /// The weighted mean of the children's upper bounds, 0..100.
    pub upper: f64,
    /// The weighted mean of the children's coverage, 0..1.
    pub coverage: f64,
    /// What a child weighs.
    pub by: RollBy,
    /// The children that count, in byte order.
    pub children: Vec<ChildPart>,
    /// Children whose revenue is not known, where children weigh by it: they count for nothing.
    pub without_revenue: u32,
}

/// One child of a parent.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChildPart {
    /// The child's id.
    pub account: String,
    /// Its score; none where too little is known.
    pub score: Option<f64>,
    /// What it weighs: 1, or its revenue.
    pub weight: f64,
    /// Points of the parent's score that come from it.
    pub contribution: f64,
}

/// Accounts of one scoring, gathered until all children are known.
#[derive(Clone, Debug)]
pub struct RollUp {
    set: SetScorer,
    accounts: BTreeMap<String, Account>,
}

/// What a parent needs to know of an account.
#[derive(Clone, Debug, Default)]
struct Account {
    parent: Option<String>,
    /// What its own model says; none where it is rolled up.
    own: Option<Headline>,
    revenue: Option<f64>,
}

/// What an account brings into its parent: the result of its headline, its first model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Headline {
    /// Whether there is a score.
    pub outcome: Outcome,
    /// The score, 0..100.
    pub score: Option<f64>,
    /// The least it can be, 0..100.
    pub lower: f64,
    /// The most it can be, 0..100.
    pub upper: f64,
    /// The share of the weight that is answered, 0..1.
    pub coverage: f64,
}

impl From<&Assessment> for Headline {
    fn from(found: &Assessment) -> Self {
        let Assessment { outcome, score, lower, upper, coverage, .. } = *found;
        Self { outcome, score, lower, upper, coverage }
    }
}

impl RollUp {
    /// No accounts yet.
    pub fn new(set: &SetScorer) -> Self {
        Self { set: set.clone(), accounts: BTreeMap::new() }
    }

    /// Adds an account with what the set says about it; a child counts by its headline, its first model.
    ///
    /// # Errors
    /// [`Error::Duplicate`] for an account that is already there, [`Error::Invalid`], [`Error::NotFinite`] and
    /// [`Error::OutOfRange`] (`attributes.NAME`) for revenue that is no amount. What is refused is not added.
    pub fn add(&mut self, record: &Record, found: &[CardAssessment]) -> Result<(), Error> {
        let set = self.set.clone();
        let own = found.first().map(|first| Headline::from(&first.assessment));
        self.add_by(&record.account, |place| set.attribute_of(record, place), own)
    }

    /// As [`RollUp::add`], for an account whose attributes stand elsewhere: `find` is asked for them by their places
    /// among [`SetScorer::attributes`]. An account that is the roll-up of its children has no headline of its own.
    ///
    /// # Errors
    /// As [`RollUp::add`].
    pub fn add_by<'v>(
        &mut self,
        account: &str,
        mut find: impl FnMut(usize) -> Option<Attribute<'v>>,
        own: Option<Headline>,
    ) -> Result<(), Error> {
        if self.set.0.set.parents.is_none() {
            return Ok(());
        }
        let revenue = self.set.revenue_by(&mut find)?;
        if self.accounts.contains_key(account) {
            return Err(Error::Duplicate { field: "records".into(), id: account.to_owned() });
        }
        let added = Account { parent: self.set.parent_by(find), own, revenue };
        self.accounts.insert(account.to_owned(), added);
        Ok(())
    }

    /// The parents, in byte order: accounts that others name and that have no model of their own.
    ///
    /// # Errors
    /// [`Error::Conflict`] for an account that is its own parent, directly or through others;
    /// [`Error::Overflow`] for revenue too large to add up.
    pub fn finish(mut self, as_of: Date) -> Result<Vec<ParentAssessment>, Error> {
        let Some(parents) = self.set.0.set.parents.clone() else { return Ok(Vec::new()) };
        let named: Vec<String> =
            self.accounts.values().filter_map(|account| account.parent.clone()).collect();
        for name in named {
            self.accounts.entry(name).or_default();
        }
        let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, account) in &self.accounts {
            if let Some(parent) = &account.parent {
                children.entry(parent.as_str()).or_default().push(id);
            }
        }
        let mut known: BTreeMap<&str, Known> = BTreeMap::new();
        let mut rolled: BTreeMap<&str, ParentAssessment> = BTreeMap::new();
        for id in self.order(&children)? {
            let Some(account) = self.accounts.get(id) else { continue };
            if let Some(child) = account.own {
                known.insert(id, Known { child, revenue: account.revenue });
                continue;
            }
            let below = children.get(id).into_iter().flatten();
            let below: Vec<Weighed<'_>> = below
                .filter_map(|child| known.get(child).map(|found| Weighed::of(child, *found, &parents)))
                .collect();
            let parent = self.set.parent(id, &below, as_of)?;
            let revenue = account.revenue.or_else(|| revenue_of(&below));
            known.insert(id, Known { child: Headline::of(&parent), revenue });
            rolled.insert(id, parent);
        }
        Ok(rolled.into_values().collect())
    }

    /// Every account after its children.
    fn order<'a>(&'a self, children: &BTreeMap<&'a str, Vec<&'a str>>) -> Result<Vec<&'a str>, Error> {
        let mut waiting: BTreeMap<&str, usize> =
            children.iter().map(|(parent, below)| (*parent, below.len())).collect();
        let mut order: Vec<&str> =
            self.accounts.keys().map(String::as_str).filter(|id| !waiting.contains_key(id)).collect();
        let mut next = 0;
        while let Some(id) = order.get(next).copied() {
            next += 1;
            let parent = self.accounts.get(id).and_then(|account| account.parent.as_deref());
            if let Some((parent, left)) = parent.and_then(|parent| waiting.get_key_value(parent))
                && let Some(left) = left.checked_sub(1)
            {
                let parent = *parent;
                waiting.insert(parent, left);
                if left == 0 {
                    waiting.remove(parent);
                    order.push(parent);
                }
            }
        }
        match waiting.keys().next() {
            None => Ok(order),
            Some(id) => Err(Error::Conflict {
                field: "parents".into(),
                reason: format!("go in a circle: `{}` is its own parent", crate::error::excerpt(id)).into(),
            }),
        }
    }
}

/// An account whose result is there.
#[derive(Clone, Copy)]
struct Known {
    child: Headline,
    revenue: Option<f64>,
}

/// The revenue of all children whose revenue is known; none where none is.
fn revenue_of(below: &[Weighed<'_>]) -> Option<f64> {
    let mut known = below.iter().filter_map(|child| child.revenue);
    let first = known.next()?;
    Some(known.fold(first, |sum, revenue| sum + revenue))
}

/// A child with its weight.
struct Weighed<'a> {
    account: &'a str,
    child: Headline,
    weight: f64,
    revenue: Option<f64>,
    unknown: bool,
}

impl<'a> Weighed<'a> {
    fn of(account: &'a str, Known { child, revenue }: Known, parents: &Parents) -> Self {
        let weight = match parents.by {
            RollBy::Count => 1.0,
            RollBy::Revenue => revenue.unwrap_or(0.0),
        };
        Self { account, child, weight, revenue, unknown: parents.by == RollBy::Revenue && revenue.is_none() }
    }
}

impl Headline {
    const fn of(parent: &ParentAssessment) -> Self {
        Self {
            outcome: parent.outcome,
            score: parent.score,
            lower: parent.lower,
            upper: parent.upper,
            coverage: parent.coverage,
        }
    }
}

impl SetScorer {
    /// The revenue of an account, where children weigh by it.
    fn revenue_by<'v>(
        &self,
        mut find: impl FnMut(usize) -> Option<Attribute<'v>>,
    ) -> Result<Option<f64>, Error> {
        let Some((place, name)) =
            self.0.revenue.and_then(|place| Some((place, self.0.attributes.get(place)?)))
        else {
            return Ok(None);
        };
        let Some(found) = find(place).filter(|found| !found.is_blank()) else { return Ok(None) };
        check::not_negative(format!("attributes.{name}"), found.number(name)?).map(Some)
    }

    /// The mean of children, as a group of a scorecard is the mean of its measures.
    fn parent(&self, id: &str, below: &[Weighed<'_>], as_of: Date) -> Result<ParentAssessment, Error> {
        let parents = self.0.set.parents.as_ref().ok_or(Error::Missing { field: "parents".into() })?;
        let all: Vec<&Weighed<'_>> =
            below.iter().filter(|child| child.child.outcome != Outcome::NotApplicable).collect();
        let sum = |term: &dyn Fn(&Weighed<'_>) -> f64| all.iter().fold(0.0, |sum, child| sum + term(child));
        let weight = check::computed("revenue", sum(&|child| child.weight))?;
        let scored = sum(&|child| if child.child.score.is_some() { child.weight } else { 0.0 });
        let points = sum(&|child| child.weight * child.child.score.unwrap_or(0.0));
        let points = check::computed("revenue", points)?;
        let mean = |total: f64| if weight > 0.0 { total / weight } else { 0.0 };
        let coverage = mean(sum(&|child| child.weight * child.child.coverage));
        let lower = mean(sum(&|child| child.weight * child.child.lower));
        let upper = if weight > 0.0 { mean(sum(&|child| child.weight * child.child.upper)) } else { 100.0 };
        let score = (scored > 0.0 && coverage >= parents.min_coverage).then(|| points / scored);
        let outcome = match score {
            Some(_) => Outcome::Scored,
            None if all.is_empty() && !below.is_empty() => Outcome::NotApplicable,
            None => Outcome::Insufficient,
        };
        let band = |score: f64| {
            let bands = self.0.bands.as_ref();
            bands.map_or_else(|| "".into(), |bands| bands.name(bands.index(score)))
        };
        let children = all.iter().map(|child| ChildPart {
            account: child.account.to_owned(),
            score: child.child.score,
            weight: child.weight,
            contribution: match (score, child.child.score) {
                (Some(_), Some(own)) => child.weight * own / scored,
                _ => 0.0,
            },
        });
        let without = all.iter().filter(|child| child.unknown).count();
        Ok(ParentAssessment {
            model: self.0.id.clone(),
            version: self.0.version.clone(),
            account: id.to_owned(),
            as_of,
            outcome,
            score: score.map(math::unsigned_zero),
            band: score.map(band),
            lower_band: band(lower),
            lower,
            upper,
            coverage,
            by: parents.by,
            children: children.collect(),
            without_revenue: u32::try_from(without).unwrap_or(u32::MAX),
        })
    }
}
