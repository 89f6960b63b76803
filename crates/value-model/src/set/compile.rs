//! Checking a set once, so that choosing need not check it again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::DEFAULT_CASE;
use super::condition::Test;
use super::document::{Case, ModelSet, Parents, RollBy, SET_SCHEMA};
use crate::error::excerpt;
use crate::scorecard::{CompiledBands, Id, Scorer};
use crate::suggest::nearest;
use crate::{Error, check};

/// The most cases, and the most models, that compile.
pub const MAX_CASES: usize = 1000;

/// A model set that has been checked: immutable, shared between threads; cloning it shares it.
#[derive(Clone, Debug)]
pub struct SetScorer(pub(super) Arc<SetPlan>);

#[derive(Debug)]
pub(super) struct SetPlan {
    pub(super) set: ModelSet,
    pub(super) id: Id,
    pub(super) version: Id,
    pub(super) models: Vec<NamedScorer>,
    pub(super) cases: Vec<CompiledCase>,
    pub(super) default: Vec<usize>,
    pub(super) default_id: Id,
    pub(super) bands: Option<CompiledBands>,
    /// Every attribute that conditions and parents ask for.
    pub(super) attributes: Vec<Id>,
    /// Of a child's parent and of its revenue: their places among the attributes.
    pub(super) parent: Option<usize>,
    pub(super) revenue: Option<usize>,
}

/// A model of a set.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NamedScorer {
    /// The name that the set gives it.
    pub name: Id,
    /// The compiled model.
    pub scorer: Scorer,
}

#[derive(Debug)]
pub(super) struct CompiledCase {
    pub(super) id: Id,
    /// Each attribute by its place.
    pub(super) when: Vec<(usize, Test)>,
    pub(super) models: Vec<usize>,
    pub(super) roll_up: bool,
}

impl ModelSet {
    /// Checks the set and compiles its models.
    ///
    /// # Errors
    /// [`Error::SchemaVersion`], [`Error::Text`], [`Error::Empty`] for a set without models or default,
    /// [`Error::Duplicate`] and [`Error::UnknownId`] for names of cases and models, [`Error::Conflict`] for a condition
    /// that asks for nothing or cannot hold, and those of [`Scorecard::compile`](crate::scorecard::Scorecard::compile)
    /// under the model's name.
    pub fn compile(&self) -> Result<SetScorer, Error> {
        if self.schema != SET_SCHEMA {
            let found = excerpt(&self.schema);
            return Err(Error::SchemaVersion { field: "schema".into(), found, supported: SET_SCHEMA });
        }
        check::name("id", &self.id)?;
        check::name("version", &self.version)?;
        for (field, found) in [("cases", self.cases.len()), ("models", self.models.len())] {
            if found > MAX_CASES {
                let (found, limit) = (found as u64, MAX_CASES as u64);
                return Err(Error::Limit { field: field.into(), what: "entries", found, limit });
            }
        }
        let models = self.scorers()?;
        let places: BTreeMap<&str, usize> =
            self.models.keys().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        let default = named(&self.default, &places, "default")?;
        let attributes = self.asked();
        let mut cases: Vec<CompiledCase> = Vec::with_capacity(self.cases.len());
        for (number, case) in self.cases.iter().enumerate() {
            let path = format!("cases[{number}]");
            if case.id == DEFAULT_CASE || cases.iter().any(|earlier| *earlier.id == *case.id) {
                return Err(Error::Duplicate { field: "cases".into(), id: case.id.clone() });
            }
            let compiled = case.compile(&places, &attributes, self.parents.as_ref());
            cases.push(compiled.map_err(|error| error.within(&path))?);
        }
        let bands = self.parents.as_ref().map(Parents::check).transpose();
        let bands = bands.map_err(|error| error.within("parents"))?;
        let parents = self.parents.as_ref();
        let revenue = parents.filter(|parents| parents.by == RollBy::Revenue);
        Ok(SetScorer(Arc::new(SetPlan {
            id: self.id.as_str().into(),
            version: self.version.as_str().into(),
            set: self.clone(),
            models,
            cases,
            default,
            default_id: DEFAULT_CASE.into(),
            bands,
            parent: parents.and_then(|parents| place_of(&attributes, &parents.attribute)),
            revenue: revenue.and_then(|parents| place_of(&attributes, parents.revenue.as_ref()?)),
            attributes,
        })))
    }

    fn scorers(&self) -> Result<Vec<NamedScorer>, Error> {
        if self.models.is_empty() {
            return Err(Error::Empty { field: "models".into() });
        }
        let compiled = self.models.iter().map(|(name, model)| {
            check::name("models", name)?;
            let scorer = model.compile().map_err(|error| {
                let path = format!("models.{name}");
                let rest = error.field().strip_prefix("model").map(str::to_owned);
                match rest {
                    Some(rest) => error.at(format!("{path}{rest}")),
                    None => error.within(&path),
                }
            })?;
            Ok(NamedScorer { name: name.as_str().into(), scorer })
        });
        compiled.collect()
    }

    /// Every attribute that conditions and parents ask for, once, in the order of the document.
    fn asked(&self) -> Vec<Id> {
        let cases = self.cases.iter().flat_map(|case| case.when.iter().map(|when| when.attribute.as_str()));
        let parents = self.parents.iter().flat_map(|parents| {
            std::iter::once(parents.attribute.as_str())
                .chain(parents.revenue.as_deref().filter(|_| parents.by == RollBy::Revenue))
        });
        let mut asked: Vec<Id> = Vec::new();
        for name in cases.chain(parents) {
            if !asked.iter().any(|earlier| **earlier == *name) {
                asked.push(name.into());
            }
        }
        asked
    }
}

impl Case {
    fn compile(
        &self,
        places: &BTreeMap<&str, usize>,
        attributes: &[Id],
        parents: Option<&Parents>,
    ) -> Result<CompiledCase, Error> {
        check::name("id", &self.id)?;
        if self.when.is_empty() {
            return Err(Error::Empty { field: "when".into() });
        }
        let when = self.when.iter().enumerate().map(|(number, condition)| {
            let test = condition.test().map_err(|error| error.within(&format!("when[{number}]")))?;
            Ok((place_of(attributes, &condition.attribute).unwrap_or(usize::MAX), test))
        });
        let when = when.collect::<Result<_, Error>>()?;
        if self.roll_up {
            let reason = match (parents, self.models.is_empty()) {
                (None, _) => "needs `parents`, which says how children name their parent",
                (_, false) => "and `models` exclude each other",
                (Some(_), true) => {
                    let id = self.id.as_str().into();
                    return Ok(CompiledCase { id, when, models: Vec::new(), roll_up: true });
                }
            };
            return Err(Error::Conflict { field: "roll_up".into(), reason: reason.into() });
        }
        let models = named(&self.models, places, "models")?;
        Ok(CompiledCase { id: self.id.as_str().into(), when, models, roll_up: false })
    }
}

impl Parents {
    fn check(&self) -> Result<CompiledBands, Error> {
        check::name("attribute", &self.attribute)?;
        check::unit("min_coverage", self.min_coverage)?;
        match (self.by, &self.revenue) {
            (RollBy::Revenue, None) => return Err(Error::Missing { field: "revenue".into() }),
            (RollBy::Count, Some(_)) => {
                let reason = "is not read where children weigh by `count`".into();
                return Err(Error::Conflict { field: "revenue".into(), reason });
            }
            (_, revenue) => revenue.iter().try_for_each(|name| check::name("revenue", name))?,
        }
        CompiledBands::new(&self.bands)
    }
}

/// The place of an attribute.
fn place_of(attributes: &[Id], name: &str) -> Option<usize> {
    attributes.iter().position(|known| **known == *name)
}

/// The places of models by their names.
fn named(names: &[String], places: &BTreeMap<&str, usize>, field: &'static str) -> Result<Vec<usize>, Error> {
    if names.is_empty() {
        return Err(Error::Empty { field: field.into() });
    }
    let mut found = Vec::with_capacity(names.len());
    for (number, name) in names.iter().enumerate() {
        let place = places.get(name.as_str()).copied().ok_or_else(|| Error::UnknownId {
            field: format!("{field}[{number}]").into(),
            id: excerpt(name),
            suggestion: nearest(name, places.keys().copied()),
        })?;
        if found.contains(&place) {
            return Err(Error::Duplicate { field: field.into(), id: name.clone() });
        }
        found.push(place);
    }
    Ok(found)
}

impl SetScorer {
    /// The set's id.
    pub fn id(&self) -> &Id {
        &self.0.id
    }

    /// The set's version.
    pub fn version(&self) -> &Id {
        &self.0.version
    }

    /// The document this was compiled from.
    pub fn set(&self) -> &ModelSet {
        &self.0.set
    }

    /// The models, in byte order of their names.
    pub fn models(&self) -> &[NamedScorer] {
        &self.0.models
    }

    /// The attributes that decide about an account.
    pub fn attributes(&self) -> &[Id] {
        &self.0.attributes
    }
}
