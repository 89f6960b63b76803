//! How a table is scored, as its caller says it.

use std::collections::{BTreeMap, BTreeSet};

use value_model::answer::Source;
use value_model::block::{Column, Selection};
use value_model::scorecard::{Context, Scorer};
use value_model::set::SetScorer;
use value_model::{Date, Error, suggest};
use value_model_arrow::{LongMapping, LongSettings, Mapping, Order, Settings};

/// The keyword arguments of `score_frame`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Options {
    pub(super) as_of: Date,
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
    flags: bool,
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
    /// The column that names accounts, under a set with parents.
    #[serde(default)]
    account: Option<String>,
}

/// What scores a table.
pub(crate) enum Model<'a> {
    One(&'a Scorer),
    Set(&'a SetScorer),
}

impl<'a> Model<'a> {
    /// Every scorecard.
    pub(super) fn scorers(&self) -> Vec<&'a Scorer> {
        match self {
            Self::One(scorer) => vec![scorer],
            Self::Set(set) => set.models().iter().map(|named| &named.scorer).collect(),
        }
    }

    /// The columns that must exist because the set asks for them.
    fn asked(&self, account: &str) -> Vec<String> {
        let Self::Set(set) = self else { return Vec::new() };
        let account = set.set().parents.as_ref().map(|_| account.to_owned());
        set.attributes().iter().map(ToString::to_string).chain(account).collect()
    }
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
    pub(super) fn context(&self) -> Context {
        let mut context = Context::new(self.as_of);
        context.default_source = self.default_source;
        context.default_on = self.default_on;
        context
    }

    /// The column that names accounts.
    pub(super) fn account(&self) -> &str {
        self.account.as_deref().unwrap_or("account")
    }

    /// The columns of results as they are asked for.
    pub(super) fn selection(&self) -> Selection {
        let Self { contributions, headroom, flags, .. } = *self;
        Selection { names: self.results.clone(), contributions, headroom, flags }
    }

    /// The columns of results of a model.
    fn results(&self, scorer: &Scorer) -> Result<Vec<Column>, Error> {
        self.selection().of(scorer)
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
            None if self.layout == Layout::Wide && known(self.account()) => vec![self.account().to_owned()],
            None => Vec::new(),
        }
    }

    /// The columns that must exist, each with the argument that names it.
    pub(super) fn meant(
        &self,
        model: &Model<'_>,
        keep: &[String],
    ) -> Result<Vec<(&'static str, String)>, Error> {
        let kept = keep.iter().map(|name| ("keep", name.clone()));
        if self.layout == Layout::Long {
            let LongMapping { account, measure, value, .. } = self.long_mapping()?;
            return Ok(kept.chain([account, measure, value].map(|name| ("columns", name))).collect());
        }
        let named = self.columns.values().chain(&self.on).cloned();
        let named = named.chain(model.asked(self.account())).map(|name| ("columns", name));
        Ok(kept.chain(named).collect())
    }

    /// The columns that scoring may read.
    pub(super) fn names(&self, model: &Model<'_>) -> Result<BTreeSet<String>, Error> {
        if self.layout == Layout::Long {
            let LongMapping { account, measure, value, source, persona, on, before, missing } =
                self.long_mapping()?;
            return Ok([account, measure, value, source, persona, on, before, missing].into());
        }
        let scorers = model.scorers();
        let own =
            scorers.iter().flat_map(|scorer| scorer.measures()).map(|measure| measure.column.to_string());
        let own = own.chain(self.columns.values().cloned()).chain(self.on.clone());
        Ok(own.chain(model.asked(self.account())).collect())
    }
}
