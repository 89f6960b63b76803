//! How a table is scored, as its caller says it.

use std::collections::{BTreeMap, BTreeSet};

use value_model::answer::Source;
use value_model::block::{Column, FIXED};
use value_model::scorecard::{Context, Scorer};
use value_model::{Date, Error, suggest};
use value_model_arrow::{LongMapping, LongSettings, Mapping, Order, Settings};

/// The keyword arguments of `score_frame`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Options {
    as_of: Date,
    #[serde(default)]
    pub(super) layout: Layout,
    /// Which column holds what, where it is not the one of that name.
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    on: Option<String>,
    #[serde(default)]
    keep: Option<Vec<String>>,
    #[serde(default)]
    results: Option<Vec<String>>,
    #[serde(default)]
    contributions: bool,
    #[serde(default)]
    headroom: bool,
    #[serde(default)]
    default_source: Option<Source>,
    #[serde(default)]
    default_persona: Option<String>,
    #[serde(default)]
    default_on: Option<Date>,
    #[serde(default)]
    pub(super) nan: Nan,
    #[serde(default)]
    pub(super) errors: Errors,
    #[serde(default)]
    order: OrderOf,
}

/// One row per account or one row per answer.
#[derive(Clone, Copy, Default, PartialEq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Layout {
    #[default]
    Wide,
    Long,
}

/// What a NaN is.
#[derive(Clone, Copy, Default, PartialEq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Nan {
    #[default]
    Missing,
    Refused,
}

/// What becomes of rows that cannot be scored.
#[derive(Clone, Copy, Default, PartialEq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Errors {
    #[default]
    Code,
    Raise,
}

/// In which order the accounts of a long table stand.
#[derive(Clone, Copy, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum OrderOf {
    #[default]
    Any,
    Grouped,
    Sorted,
}

impl Options {
    fn context(&self) -> Context {
        let mut context = Context::new(self.as_of);
        context.default_source = self.default_source;
        context.default_on = self.default_on;
        context
    }

    /// The columns of results.
    fn results(&self, scorer: &Scorer) -> Result<Vec<Column>, Error> {
        let (contributions, headroom) = (Column::contributions(scorer), Column::headroom(scorer));
        let shown = || FIXED.iter().copied().chain(Column::groups(scorer));
        let Some(names) = &self.results else {
            let mut all: Vec<Column> = shown().collect();
            all.extend(contributions.into_iter().filter(|_| self.contributions));
            all.extend(headroom.into_iter().filter(|_| self.headroom));
            return Ok(all);
        };
        let every: Vec<(String, Column)> = shown()
            .chain([Column::Raw])
            .chain(contributions)
            .chain(headroom)
            .map(|column| (column.name(scorer), column))
            .collect();
        let find = |name: &String| {
            let found = every.iter().find(|(known, _)| known == name).map(|(_, column)| *column);
            found.ok_or_else(|| Error::UnknownId {
                field: "results".into(),
                id: value_model::error::excerpt(name),
                suggestion: suggest::nearest(name, every.iter().map(|(known, _)| known.as_str())),
            })
        };
        names.iter().map(find).collect()
    }

    pub(super) fn settings(&self, scorer: &Scorer) -> Result<Settings, Error> {
        Ok(Settings { context: self.context(), columns: self.results(scorer)? })
    }

    pub(super) fn mapping(&self) -> Mapping {
        let measures = self.columns.iter().map(|(measure, column)| (measure.clone(), column.clone()));
        Mapping { measures: measures.collect(), on: self.on.clone() }
    }

    pub(super) fn long_settings(&self, scorer: &Scorer) -> Result<LongSettings, Error> {
        let mut settings = LongSettings::new(self.context(), self.results(scorer)?);
        settings.persona.clone_from(&self.default_persona);
        settings.order = match self.order {
            OrderOf::Any => Order::Any,
            OrderOf::Grouped => Order::Grouped,
            OrderOf::Sorted => Order::Sorted,
        };
        Ok(settings)
    }

    pub(super) fn long_mapping(&self) -> Result<LongMapping, Error> {
        let mut mapping = LongMapping::default();
        for (role, column) in &self.columns {
            let place = match role.as_str() {
                "account" => &mut mapping.account,
                "measure" => &mut mapping.measure,
                "value" => &mut mapping.value,
                "source" => &mut mapping.source,
                "persona" => &mut mapping.persona,
                "on" => &mut mapping.on,
                "before" => &mut mapping.before,
                "missing" => &mut mapping.missing,
                other => {
                    let roles =
                        ["account", "measure", "value", "source", "persona", "on", "before", "missing"];
                    return Err(Error::UnknownId {
                        field: "columns".into(),
                        id: value_model::error::excerpt(other),
                        suggestion: suggest::nearest(other, roles),
                    });
                }
            };
            place.clone_from(column);
        }
        if let Some(on) = &self.on {
            mapping.on.clone_from(on);
        }
        Ok(mapping)
    }

    /// The columns of a wide table that results carry along: those asked for, else `account` where there is one.
    pub(super) fn keep(&self, known: &dyn Fn(&str) -> bool) -> Vec<String> {
        match &self.keep {
            Some(names) => names.clone(),
            None if self.layout == Layout::Wide && known("account") => vec!["account".to_owned()],
            None => Vec::new(),
        }
    }

    /// The columns that must exist, each with the argument that names it.
    pub(super) fn meant(&self, keep: &[String]) -> Result<Vec<(&'static str, String)>, Error> {
        let kept = keep.iter().map(|name| ("keep", name.clone()));
        if self.layout == Layout::Long {
            let LongMapping { account, measure, value, .. } = self.long_mapping()?;
            return Ok(kept.chain([account, measure, value].map(|name| ("columns", name))).collect());
        }
        let named = self.columns.values().chain(&self.on).map(|name| ("columns", name.clone()));
        Ok(kept.chain(named).collect())
    }

    /// The columns that scoring may read.
    pub(super) fn names(&self, scorer: &Scorer) -> Result<BTreeSet<String>, Error> {
        if self.layout == Layout::Long {
            let LongMapping { account, measure, value, source, persona, on, before, missing } =
                self.long_mapping()?;
            return Ok([account, measure, value, source, persona, on, before, missing].into());
        }
        let own = scorer.measures().iter().map(|measure| measure.column.to_string());
        Ok(own.chain(self.columns.values().cloned()).chain(self.on.clone()).collect())
    }
}
