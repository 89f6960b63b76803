//! The model set as a document: models by name, the cases that choose among them, and parents.

use std::collections::BTreeMap;

use crate::answer::Value;
use crate::compare::ModelRef;
use crate::scorecard::Bands;

/// The schema of model sets that this release writes, and the newest it reads.
pub const SET_SCHEMA: &str = "value-model-set/1";

/// Several models, and which accounts each is for: the first case whose conditions all hold decides, else the default.
///
/// # Examples
/// ```
/// use value_model::compare::ModelRef;
/// use value_model::set::{Case, Condition, ModelSet};
/// let set = ModelSet::new("ours", "1", ["standard"])
///     .model("standard", ModelRef::Preset("value-realization".into()))
///     .model("strategic", ModelRef::Preset("perceived-value".into()))
///     .case(Case::new("large", ["strategic", "standard"]).when(Condition::from("arr", 100e3)));
/// assert_eq!(set.compile()?.models().len(), 2);
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ModelSet {
    /// The document format; always `value-model-set/1`.
    pub schema: String,
    /// The set's name.
    pub id: String,
    /// The set's own version; raise it whenever an account may get another model.
    pub version: String,
    /// A short name for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What the set is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Names of the models for accounts that no case takes; the first one is the headline.
    pub default: Vec<String>,
    /// Every model by the name that this document gives it: a scorecard, or the id of one that comes with this crate.
    #[serde(deserialize_with = "crate::answer::unique")]
    pub models: BTreeMap<String, ModelRef>,
    /// Which accounts get which models; the first case that holds decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
    /// How accounts that have children are judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parents: Option<Parents>,
}

/// Accounts with something in common, and the models for them.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique among the cases; results name it.
    pub id: String,
    /// All of these must hold.
    pub when: Vec<Condition>,
    /// Names of the models; the first one is the headline. Left out where children are rolled up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// Whether these accounts are the roll-up of their children instead of having a model of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub roll_up: bool,
}

/// A condition on one attribute of an account: its value, a range, or that there is none.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The attribute's name.
    pub attribute: String,
    /// Its value is one of these. Texts are compared letter by letter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub is: Vec<Value>,
    /// Its value is this number or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// Its value is below this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// The account does not have it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
}

/// How accounts that others name as their parent are judged.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Parents {
    /// The attribute in which a child names its parent.
    pub attribute: String,
    /// What a child weighs.
    #[serde(default)]
    pub by: RollBy,
    /// The attribute that holds revenue, where children weigh by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revenue: Option<String>,
    /// The coverage below which a parent has no score, 0..1.
    #[serde(default = "half")]
    pub min_coverage: f64,
    /// Cut points with names, for parents alone: their children may have bands of several models.
    #[serde(default)]
    pub bands: Bands,
}

/// What a child weighs in its parent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RollBy {
    /// Every child the same.
    #[default]
    Count,
    /// By its revenue.
    Revenue,
}

// CHOICE: as a group of a scorecard.
const fn half() -> f64 {
    crate::scorecard::MIN_COVERAGE
}

impl ModelSet {
    /// A set without models yet, whose default are the models of these names.
    pub fn new<S: Into<String>>(
        id: impl Into<String>,
        version: impl Into<String>,
        default: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            schema: SET_SCHEMA.to_owned(),
            id: id.into(),
            version: version.into(),
            title: String::new(),
            description: String::new(),
            default: default.into_iter().map(Into::into).collect(),
            models: BTreeMap::new(),
            cases: Vec::new(),
            parents: None,
        }
    }

    /// The same set with one more model.
    #[must_use]
    pub fn model(mut self, name: impl Into<String>, model: impl Into<ModelRef>) -> Self {
        self.models.insert(name.into(), model.into());
        self
    }

    /// The same set with one more case, behind the others.
    #[must_use]
    pub fn case(mut self, case: Case) -> Self {
        self.cases.push(case);
        self
    }

    /// The same set with parents.
    #[must_use]
    pub fn parents(mut self, parents: Parents) -> Self {
        self.parents = Some(parents);
        self
    }
}

impl Case {
    /// A case without conditions yet, for the models of these names.
    pub fn new<S: Into<String>>(id: impl Into<String>, models: impl IntoIterator<Item = S>) -> Self {
        let models = models.into_iter().map(Into::into).collect();
        Self { id: id.into(), when: Vec::new(), models, roll_up: false }
    }

    /// A case without conditions yet, whose accounts are the roll-up of their children.
    pub fn roll_up(id: impl Into<String>) -> Self {
        Self { id: id.into(), roll_up: true, ..Self::default() }
    }

    /// The same case with one more condition.
    #[must_use]
    pub fn when(mut self, condition: Condition) -> Self {
        self.when.push(condition);
        self
    }
}

impl Condition {
    /// The attribute has one of these values.
    pub fn is<V: Into<Value>>(attribute: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        let is = values.into_iter().map(Into::into).collect();
        Self { attribute: attribute.into(), is, ..Self::default() }
    }

    /// The attribute is this number or more.
    pub fn from(attribute: impl Into<String>, from: f64) -> Self {
        Self { attribute: attribute.into(), from: Some(from), ..Self::default() }
    }

    /// The attribute is a number below this one.
    pub fn below(attribute: impl Into<String>, below: f64) -> Self {
        Self { attribute: attribute.into(), below: Some(below), ..Self::default() }
    }

    /// The account does not have the attribute.
    pub fn missing(attribute: impl Into<String>) -> Self {
        Self { attribute: attribute.into(), missing: true, ..Self::default() }
    }
}

impl Parents {
    /// Parents named by this attribute, whose children weigh the same.
    pub fn by_count(attribute: impl Into<String>) -> Self {
        Self {
            attribute: attribute.into(),
            by: RollBy::Count,
            revenue: None,
            min_coverage: half(),
            bands: Bands::default(),
        }
    }

    /// Parents named by this attribute, whose children weigh by the revenue that another one holds.
    pub fn by_revenue(attribute: impl Into<String>, revenue: impl Into<String>) -> Self {
        Self { by: RollBy::Revenue, revenue: Some(revenue.into()), ..Self::by_count(attribute) }
    }
}
