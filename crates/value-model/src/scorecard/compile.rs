//! Checking a document once, so that scoring need not check it again.

use crate::divisor::Divisor;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::bands::CompiledBands;
use super::children::{bounded, known, limited, of_child, set, uplift, weights};
use super::document::{
    Action, Aggregator, Group, Measure, MissingRule, Node, Polarity, Predicate, Rule, SCHEMA, Scorecard,
};
use super::kernel::{Fill, Kind};
use super::scorer::{Plan, Scorer};
use crate::answer::{EvidenceRule, Missing, RecencyRule};
use crate::scale::CompiledScale;
use crate::suggest::nearest;
use crate::{Error, check, math};

/// A shared, immutable name.
pub type Id = Arc<str>;

/// A measure, checked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CompiledMeasure {
    /// Its id.
    pub id: Id,
    /// Its title, or its id where it has none.
    pub title: Id,
    /// The column that holds its answers: the document's `column`, or the id.
    pub column: Id,
    /// What improving it costs, if the document says.
    pub effort: Option<f64>,
    /// Its scale.
    pub scale: CompiledScale,
    pub(crate) reverse: bool,
    pub(crate) evidence: EvidenceRule,
    pub(crate) recency: RecencyRule,
    pub(crate) parent: usize,
    /// Whether every answer counts fully, whoever gave it and whenever.
    pub(crate) plain: bool,
}

/// A group, checked. Groups stand in the order of the document, each before its children.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CompiledGroup {
    /// Its id.
    pub id: Id,
    /// Its title, or its id where it has none.
    pub title: Id,
    /// 0 for the root.
    pub depth: u32,
    /// Whether it is reported as a cost.
    pub polarity: Polarity,
    pub(crate) kind: Kind,
    pub(crate) rule: MissingRule,
    pub(crate) fill: Fill,
    /// The least coverage that is enough: see the kernel.
    pub(crate) least_coverage: f64,
    /// The weight of all children, where shares of it can be divided by it in the quick way.
    pub(crate) whole: Option<Divisor>,
    /// Whether any child is required.
    pub(crate) requires: bool,
    /// The leaves, when all children are leaves: they stand side by side.
    pub(crate) leaves: Option<std::ops::Range<usize>>,
    pub(crate) children: Vec<Slot>,
    pub(crate) parent: Option<usize>,
    /// Whether a mean in which missing weight does nothing but leave: what the split of a change can take apart.
    pub(crate) plain: bool,
}

/// Where a child of a group stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) weight: f64,
    pub(crate) place: Place,
    pub(crate) required: bool,
    pub(crate) uplift: bool,
}

/// A leaf or a group, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Leaf(usize),
    Group(usize),
}

/// A rule whose measure is an index.
#[derive(Clone, Debug)]
pub(crate) struct CompiledRule {
    pub(crate) id: Id,
    pub(crate) title: Id,
    pub(crate) measure: usize,
    pub(crate) test: Test,
    pub(crate) action: Action,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Test {
    Below(f64),
    Above(f64),
    Equals(f64),
    Missing,
}

impl Scorecard {
    /// Checks the document and makes it ready to score.
    ///
    /// # Errors
    /// [`Error::SchemaVersion`] for another schema, [`Error::Text`] and [`Error::Duplicate`] for ids,
    /// [`Error::Weight`], [`Error::ZeroWeight`] and [`Error::Overflow`] for weights, [`Error::Empty`] for a group
    /// without children, [`Error::UnknownId`] for a rule or requirement that names nothing, [`Error::Limit`] for a
    /// tree too deep or too large, and [`Error::OutOfRange`] or [`Error::Conflict`] for scales, bands and units.
    ///
    /// # Examples
    /// ```
    /// use value_model::scale::Scale;
    /// use value_model::scorecard::{Group, Measure, Scorecard};
    /// let tree = Group::new("health").child(Measure::new("csat", Scale::Likert { min: 1, max: 5 }));
    /// let scorer = Scorecard::new("mine", "1", tree).compile()?;
    /// assert_eq!(scorer.measures().len(), 1);
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn compile(&self) -> Result<Scorer, Error> {
        limited(&self.tree)?;
        self.clone().into_scorer()
    }

    /// As [`Scorecard::compile`], of a document that nobody else needs and whose tree is known not to be too large.
    pub(crate) fn into_scorer(self) -> Result<Scorer, Error> {
        if self.schema != SCHEMA {
            return Err(Error::SchemaVersion {
                field: "schema".into(),
                found: crate::error::excerpt(&self.schema),
                supported: SCHEMA,
            });
        }
        check::name("id", &self.id)?;
        check::name("version", &self.version)?;
        check_counting(&self.evidence, self.recency, &self.persona_weights)?;
        let mut build = Build { card: &self, measures: Vec::new(), groups: Vec::new(), ids: BTreeSet::new() };
        build.group(&self.tree, None, 0).map_err(|error| error.within("tree"))?;
        let by_id: BTreeMap<Id, usize> =
            build.measures.iter().enumerate().map(|(index, measure)| (measure.id.clone(), index)).collect();
        let rules = build.rules(&self.rules, &by_id)?;
        let Build { measures, groups, .. } = build;
        Ok(Scorer(Arc::new(Plan {
            model: self.id.as_str().into(),
            version: self.version.as_str().into(),
            missing_codes: self
                .missing_codes
                .iter()
                .map(|(code, reason)| (code.as_str().into(), *reason))
                .collect(),
            measures,
            groups,
            rules,
            bands: CompiledBands::new(&self.bands)?,
            by_id,
            card: self,
        })))
    }
}

/// Checks the rules by which a model counts answers.
pub(crate) fn check_counting(
    evidence: &EvidenceRule,
    recency: RecencyRule,
    persona_weights: &BTreeMap<String, f64>,
) -> Result<(), Error> {
    evidence.check()?;
    recency.check()?;
    for (persona, &weight) in persona_weights {
        check::positive("", weight)
            .and_then(|weight| bounded("", weight))
            .map_err(|error| error.at(format!("persona_weights.{persona}")))?;
    }
    Ok(())
}

/// Missing codes by text.
pub(crate) type Codes = Vec<(Id, Missing)>;

struct Build<'a> {
    card: &'a Scorecard,
    measures: Vec<CompiledMeasure>,
    groups: Vec<CompiledGroup>,
    ids: BTreeSet<&'a str>,
}

impl<'a> Build<'a> {
    fn claim(&mut self, id: &'a str) -> Result<(), Error> {
        check::name("id", id)?;
        if !self.ids.insert(id) {
            return Err(Error::Duplicate { field: "id".into(), id: id.to_owned() });
        }
        Ok(())
    }

    /// Errors name fields of the group; whoever has it as a child puts its place before them.
    fn group(&mut self, group: &'a Group, parent: Option<usize>, depth: u32) -> Result<usize, Error> {
        self.claim(&group.id)?;
        if group.children.is_empty() {
            return Err(Error::Empty { field: "children".into() });
        }
        check::unit("min_coverage", group.min_coverage)?;
        let fill = match group.missing {
            MissingRule::Renormalise | MissingRule::Fail => None,
            MissingRule::Zero => Some(0.0),
            MissingRule::Neutral(unit) => Some(math::unsigned_zero(check::unit("missing.neutral", unit)?)),
        };
        weights(group)?;
        let (index, id) = (self.groups.len(), Id::from(group.id.as_str()));
        self.groups.push(CompiledGroup {
            title: or(&group.title, &id),
            id,
            depth,
            polarity: group.polarity,
            kind: kind(&group.aggregator),
            rule: group.missing,
            fill,
            least_coverage: math::least_of(|coverage| {
                math::billionths(coverage) >= math::billionths(group.min_coverage)
            }),
            requires: !group.require.is_empty(),
            whole: None,
            leaves: None,
            children: Vec::new(),
            parent,
            plain: matches!(group.aggregator, Aggregator::Mean)
                && matches!(group.missing, MissingRule::Renormalise | MissingRule::Zero | MissingRule::Fail),
        });
        let start = self.measures.len();
        let slots = self.slots(group, index, depth)?;
        let end = self.measures.len();
        let whole = self.whole(&slots, depth);
        if let Some(compiled) = self.groups.get_mut(index) {
            // Counting would not do: a child group of one leaf adds one leaf too.
            let all = slots.iter().all(|slot| matches!(slot.place, Place::Leaf(_)));
            compiled.leaves = all.then_some(start..end);
            compiled.whole = whole.filter(|_| compiled.kind != Kind::Headroom);
            compiled.children = slots;
        }
        Ok(index)
    }

    /// The weight of all children where what is answered of it is a sum of weights, or of shares of such sums.
    fn whole(&self, slots: &[Slot], depth: u32) -> Option<Divisor> {
        let steady = |slot: &Slot| match slot.place {
            Place::Leaf(leaf) => self.measures.get(leaf).is_some_and(|measure| measure.plain),
            Place::Group(group) => self.groups.get(group).is_some_and(|group| group.whole.is_some()),
        };
        let weights = slots.iter().map(|slot| slot.weight);
        Divisor::new(weights, depth).filter(|_| slots.iter().all(steady))
    }

    fn slots(&mut self, group: &'a Group, index: usize, depth: u32) -> Result<Vec<Slot>, Error> {
        known(group, &group.require, "require")?;
        let (required, uplift) = (set(&group.require), uplift(group));
        let mut slots = Vec::with_capacity(group.children.len());
        for (number, child) in group.children.iter().enumerate() {
            let place = match child {
                Node::Group(inner) => self.group(inner, Some(index), depth + 1).map(Place::Group),
                Node::Measure(measure) => self.measure(measure, index).map(Place::Leaf),
            };
            let place = place.map_err(|error| of_child(number, error))?;
            slots.push(Slot {
                weight: child.weight(),
                place,
                required: required.contains(child.id()),
                uplift: uplift.contains(child.id()),
            });
        }
        Ok(slots)
    }

    fn measure(&mut self, measure: &'a Measure, parent: usize) -> Result<usize, Error> {
        self.claim(&measure.id)?;
        let evidence = measure.evidence.as_ref().unwrap_or(&self.card.evidence);
        let recency = measure.recency.unwrap_or(self.card.recency);
        evidence.check()?;
        recency.check()?;
        if let Some(effort) = measure.effort {
            check::positive("effort", effort)?;
        }
        let scale = CompiledScale::new(&measure.scale).map_err(|error| error.within("scale"))?;
        let id = Id::from(measure.id.as_str());
        self.measures.push(CompiledMeasure {
            title: or(&measure.title, &id),
            column: measure.column.as_deref().map_or_else(|| id.clone(), Id::from),
            id,
            effort: measure.effort,
            scale,
            reverse: measure.reverse,
            plain: *evidence == EvidenceRule::Any && recency == RecencyRule::None,
            evidence: evidence.clone(),
            recency,
            parent,
        });
        Ok(self.measures.len() - 1)
    }

    fn rules(&self, rules: &[Rule], by_id: &BTreeMap<Id, usize>) -> Result<Vec<CompiledRule>, Error> {
        let mut compiled: Vec<CompiledRule> = Vec::with_capacity(rules.len());
        let mut seen = BTreeSet::new();
        for (number, rule) in rules.iter().enumerate() {
            let path = format!("rules[{number}]");
            check::name(format!("{path}.id"), &rule.id)?;
            if !seen.insert(rule.id.as_str()) {
                return Err(Error::Duplicate { field: format!("{path}.id").into(), id: rule.id.clone() });
            }
            let (name, measure, test) = match &rule.when {
                Predicate::Below { measure, unit } => ("below", measure, Test::Below(*unit)),
                Predicate::Above { measure, unit } => ("above", measure, Test::Above(*unit)),
                Predicate::Equals { measure, unit } => ("equals", measure, Test::Equals(*unit)),
                Predicate::Missing { measure } => ("missing", measure, Test::Missing),
            };
            if let Test::Below(unit) | Test::Above(unit) | Test::Equals(unit) = test {
                check::unit(format!("{path}.when.{name}.unit"), unit)?;
            }
            let to = |to| check::unit(format!("{path}.then"), to).map(math::unsigned_zero);
            let action = match rule.then {
                Action::Cap(unit) => Action::Cap(to(unit)?),
                Action::Floor(unit) => Action::Floor(to(unit)?),
                Action::Set(unit) => Action::Set(to(unit)?),
            };
            let measure = by_id.get(measure.as_str()).copied().ok_or_else(|| Error::UnknownId {
                field: format!("{path}.when.{name}.measure").into(),
                id: crate::error::excerpt(measure),
                suggestion: nearest(measure, self.measures.iter().map(|known| &*known.id)),
            })?;
            compiled.push(CompiledRule {
                title: or(&rule.title, &rule.id.as_str().into()),
                id: rule.id.as_str().into(),
                measure,
                test,
                action,
            });
        }
        Ok(compiled)
    }
}

/// A title, or the id where there is none.
fn or(title: &str, id: &Id) -> Id {
    if title.is_empty() { id.clone() } else { title.into() }
}

const fn kind(aggregator: &Aggregator) -> Kind {
    match aggregator {
        Aggregator::Mean => Kind::Mean,
        Aggregator::Geometric => Kind::Geometric,
        Aggregator::Harmonic => Kind::Harmonic,
        Aggregator::Min => Kind::Min,
        Aggregator::Max => Kind::Max,
        Aggregator::Headroom { .. } => Kind::Headroom,
    }
}
