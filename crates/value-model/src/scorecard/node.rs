//! Reading a child of a group: one set of fields, told apart by `children` and `scale`.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::document::{Aggregator, Area, Group, Measure, MissingRule, Node, Polarity};
use crate::answer::{EvidenceRule, RecencyRule};
use crate::scale::Scale;

impl Node {
    /// The node's id.
    pub fn id(&self) -> &str {
        match self {
            Self::Group(group) => &group.id,
            Self::Measure(measure) => &measure.id,
        }
    }

    /// The node's weight in its group.
    pub const fn weight(&self) -> f64 {
        match self {
            Self::Group(group) => group.weight,
            Self::Measure(measure) => measure.weight,
        }
    }
}

impl From<Group> for Node {
    fn from(group: Group) -> Self {
        Self::Group(group)
    }
}

impl From<Measure> for Node {
    fn from(measure: Measure) -> Self {
        Self::Measure(measure)
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Group(group) => group.serialize(serializer),
            Self::Measure(measure) => measure.serialize(serializer),
        }
    }
}

/// Every field of a group and of a measure.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Node")]
struct Fields {
    id: String,
    title: Option<String>,
    weight: Option<f64>,
    // Of a group.
    aggregator: Option<Aggregator>,
    missing: Option<MissingRule>,
    min_coverage: Option<f64>,
    require: Option<Vec<String>>,
    polarity: Option<Polarity>,
    children: Option<Vec<Node>>,
    // Of a measure.
    question: Option<String>,
    scale: Option<Scale>,
    reverse: Option<bool>,
    column: Option<String>,
    evidence: Option<EvidenceRule>,
    recency: Option<RecencyRule>,
    area: Option<Area>,
    effort: Option<f64>,
}

impl Fields {
    fn into_node(self) -> Result<Node, String> {
        match (&self.children, &self.scale) {
            (Some(_), Some(_)) => Err(format!("`{}` has both `children` and `scale`", self.id)),
            (None, None) => Err(format!("`{}` needs `children` (a group) or a `scale` (a measure)", self.id)),
            (Some(_), None) => self.into_group().map(Node::Group),
            (None, Some(_)) => self.into_measure().map(Node::Measure),
        }
    }

    fn into_group(self) -> Result<Group, String> {
        let strangers = [
            ("question", self.question.is_some()),
            ("reverse", self.reverse.is_some()),
            ("column", self.column.is_some()),
            ("evidence", self.evidence.is_some()),
            ("recency", self.recency.is_some()),
            ("area", self.area.is_some()),
            ("effort", self.effort.is_some()),
        ];
        refuse(&self.id, "group", &strangers)?;
        let group = Group::new(self.id);
        Ok(Group {
            title: self.title.unwrap_or_default(),
            weight: self.weight.unwrap_or(group.weight),
            aggregator: self.aggregator.unwrap_or_default(),
            missing: self.missing.unwrap_or_default(),
            min_coverage: self.min_coverage.unwrap_or(group.min_coverage),
            require: self.require.unwrap_or_default(),
            polarity: self.polarity.unwrap_or_default(),
            children: self.children.unwrap_or_default(),
            ..group
        })
    }

    fn into_measure(self) -> Result<Measure, String> {
        let strangers = [
            ("aggregator", self.aggregator.is_some()),
            ("missing", self.missing.is_some()),
            ("min_coverage", self.min_coverage.is_some()),
            ("require", self.require.is_some()),
            ("polarity", self.polarity.is_some()),
        ];
        refuse(&self.id, "measure", &strangers)?;
        let measure = Measure::new(self.id, self.scale.unwrap_or(Scale::Unit));
        Ok(Measure {
            title: self.title.unwrap_or_default(),
            question: self.question.unwrap_or_default(),
            weight: self.weight.unwrap_or(measure.weight),
            reverse: self.reverse.unwrap_or_default(),
            column: self.column,
            evidence: self.evidence,
            recency: self.recency,
            area: self.area,
            effort: self.effort,
            ..measure
        })
    }
}

fn refuse(id: &str, kind: &str, strangers: &[(&str, bool)]) -> Result<(), String> {
    match strangers.iter().find(|(_, given)| *given) {
        Some((field, _)) => Err(format!("`{id}` is a {kind}, which has no field `{field}`")),
        None => Ok(()),
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Fields::deserialize(deserializer)?.into_node().map_err(D::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Node {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Node".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let group = generator.subschema_for::<Group>();
        let measure = generator.subschema_for::<Measure>();
        schemars::json_schema!({ "anyOf": [group, measure] })
    }
}
