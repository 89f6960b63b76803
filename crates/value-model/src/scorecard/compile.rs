//! Checking a document once, so that scoring need not check it again.

use crate::divisor::Divisor;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::bands::CompiledBands;
use super::children::{bounded, known, set, uplift, weights};
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

/// The deepest tree that compiles. Deeper ones are mistakes or attacks; recursion never meets them.
pub const MAX_DEPTH: u32 = 64;
/// The most measures and groups that compile.
pub const MAX_NODES: u32 = 1_000_000;

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
        if self.schema != SCHEMA {
            return Err(Error::SchemaVersion {
                field: "schema".into(),
                found: crate::error::excerpt(&self.schema),
                supported: SCHEMA,
            });
        }
        check::name("id", &self.id)?;
        check::name("version", &self.version)?;
        self.evidence.check()?;
        self.recency.check()?;
        for (persona, &weight) in &self.persona_weights {
            let field = format!("persona_weights.{persona}");
            bounded(field.clone(), check::positive(field, weight)?)?;
        }
        let mut build = Build { card: self, measures: Vec::new(), groups: Vec::new(), ids: BTreeSet::new() };
        build.group(&self.tree, None, 0, "tree")?;
        let by_id: BTreeMap<Id, usize> =
            build.measures.iter().enumerate().map(|(index, measure)| (measure.id.clone(), index)).collect();
        let rules = build.rules(&self.rules, &by_id)?;
        let bands = CompiledBands::new(&self.bands)?;
        Ok(Scorer(Arc::new(Plan {
            card: self.clone(),
            model: self.id.as_str().into(),
            version: self.version.as_str().into(),
            missing_codes: self
                .missing_codes
                .iter()
                .map(|(code, reason)| (code.as_str().into(), *reason))
                .collect(),
            measures: build.measures,
            groups: build.groups,
            rules,
            bands,
            by_id,
        })))
    }
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
    fn claim(&mut self, id: &'a str, path: &str) -> Result<(), Error> {
        check::name(format!("{path}.id"), id)?;
        if !self.ids.insert(id) {
            return Err(Error::Duplicate { field: format!("{path}.id").into(), id: id.to_owned() });
        }
        Ok(())
    }

    /// Refuses a tree that is too large before anything is made of its children.
    fn room_for(&self, children: usize) -> Result<(), Error> {
        let found = u64::try_from(self.ids.len() + children).unwrap_or(u64::MAX);
        if found > u64::from(MAX_NODES) {
            let (what, limit) = ("measures and groups", MAX_NODES.into());
            return Err(Error::Limit { field: "tree".into(), what, found, limit });
        }
        Ok(())
    }

    fn group(
        &mut self,
        group: &'a Group,
        parent: Option<usize>,
        depth: u32,
        path: &str,
    ) -> Result<usize, Error> {
        if depth >= MAX_DEPTH {
            let found = u64::from(depth) + 1;
            return Err(Error::Limit {
                field: "tree".into(),
                what: "levels of groups",
                found,
                limit: MAX_DEPTH.into(),
            });
        }
        self.claim(&group.id, path)?;
        if group.children.is_empty() {
            return Err(Error::Empty { field: format!("{path}.children").into() });
        }
        self.room_for(group.children.len())?;
        check::unit(format!("{path}.min_coverage"), group.min_coverage)?;
        let fill = match group.missing {
            MissingRule::Renormalise | MissingRule::Fail => None,
            MissingRule::Zero => Some(0.0),
            MissingRule::Neutral(unit) => {
                Some(math::unsigned_zero(check::unit(format!("{path}.missing.neutral"), unit)?))
            }
        };
        weights(group, path)?;
        let index = self.groups.len();
        self.groups.push(CompiledGroup {
            id: group.id.as_str().into(),
            title: title(&group.title, &group.id),
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
        let slots = self.slots(group, index, depth, path)?;
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

    fn slots(&mut self, group: &'a Group, index: usize, depth: u32, path: &str) -> Result<Vec<Slot>, Error> {
        known(group, &group.require, &format!("{path}.require"))?;
        let (required, uplift) = (set(&group.require), uplift(group));
        let mut slots = Vec::with_capacity(group.children.len());
        for (number, child) in group.children.iter().enumerate() {
            let path = format!("{path}.children[{number}]");
            let place = match child {
                Node::Group(inner) => Place::Group(self.group(inner, Some(index), depth + 1, &path)?),
                Node::Measure(measure) => Place::Leaf(self.measure(measure, index, &path)?),
            };
            slots.push(Slot {
                weight: child.weight(),
                place,
                required: required.contains(child.id()),
                uplift: uplift.contains(child.id()),
            });
        }
        Ok(slots)
    }

    fn measure(&mut self, measure: &'a Measure, parent: usize, path: &str) -> Result<usize, Error> {
        self.claim(&measure.id, path)?;
        let evidence = measure.evidence.as_ref().unwrap_or(&self.card.evidence);
        let recency = measure.recency.unwrap_or(self.card.recency);
        evidence.check().map_err(|error| error.within(path))?;
        recency.check().map_err(|error| error.within(path))?;
        if let Some(effort) = measure.effort {
            check::positive(format!("{path}.effort"), effort)?;
        }
        let scale =
            CompiledScale::new(&measure.scale).map_err(|error| error.within(&format!("{path}.scale")))?;
        self.measures.push(CompiledMeasure {
            id: measure.id.as_str().into(),
            title: title(&measure.title, &measure.id),
            column: measure.column.as_deref().unwrap_or(&measure.id).into(),
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
                id: rule.id.as_str().into(),
                title: title(&rule.title, &rule.id),
                measure,
                test,
                action,
            });
        }
        Ok(compiled)
    }
}

fn title(title: &str, id: &str) -> Id {
    if title.is_empty() { id.into() } else { title.into() }
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
